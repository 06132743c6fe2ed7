"""Looking after what was saved: which files are not what they were, and where they may have gone."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from pathlib import Path

from pixverse_desktop.core.copies import Finding, LostCopies
from pixverse_desktop.core.ports import ClipFolders
from pixverse_desktop.core.video import SavedCopy, Video, VideoRef
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.saving import Saver

OnProgress = Callable[[int, int], None]
"""Called with how many files were looked at, and how many there are (0 while unknown)."""

_AT_ONCE = 25

_Candidates = Mapping[VideoRef, list[tuple[int, Path, int]]]


class SavedFiles:
    """Checks saved copies and finds those that were moved. It reads the disk and changes nothing there."""

    def __init__(self, *, library: Library, folders: ClipFolders, clips: Clips, saver: Saver) -> None:
        self._library = library
        self._folders = folders
        self._clips = clips
        self._saver = saver

    async def check(self, on_progress: OnProgress) -> list[Finding]:
        """The rows whose copy is gone, of another size, or no whole clip. Cancel it to end it."""
        saved = [video for video in self._library if video.is_saved]
        found: list[Finding] = []
        for begin in range(0, len(saved), _AT_ONCE):
            on_progress(begin, len(saved))
            found += await asyncio.to_thread(self._check, saved[begin : begin + _AT_ONCE])
        on_progress(len(saved), len(saved))
        return found

    async def look_for(
        self, videos: Iterable[Video], folder: Path, on_progress: OnProgress
    ) -> dict[VideoRef, SavedCopy]:
        """The whole copies of these rows in a folder or below it. Cancel it to end it."""
        candidates = await self._gather(LostCopies(videos), folder, on_progress)
        found: dict[VideoRef, SavedCopy] = {}
        for ref in candidates:
            copy = await asyncio.to_thread(self._best, candidates[ref])
            if copy is not None:
                found[ref] = copy
        return found

    async def fetch_again(self, videos: Sequence[Video], folder: Path) -> list[VideoRef]:
        """Save the clips of these rows anew into ``folder``; those that PixVerse still has, by what is known.

        What is on disk stays as it is, and is no copy of theirs any more. Raises ``StoreFailed``.
        """
        refs = [video.ref for video in videos if video.is_fetchable]
        await self._library.note_copies(dict.fromkeys(refs, SavedCopy()))
        self._clips.disown(refs)
        self._saver.save(refs, folder)
        return refs

    def _check(self, videos: Iterable[Video]) -> list[Finding]:
        faults = [
            (video, self._folders.fault_of(Path(video.saved_path), video.saved_bytes)) for video in videos
        ]
        return [Finding(video, fault) for video, fault in faults if fault is not None]

    async def _gather(self, lost: LostCopies, folder: Path, on_progress: OnProgress) -> _Candidates:
        """Every file that may be a copy, the likeliest first."""
        candidates: dict[VideoRef, list[tuple[int, Path, int]]] = defaultdict(list)
        files, seen = self._folders.files_below(folder), 0
        while some := await asyncio.to_thread(lambda: list(islice(files, _AT_ONCE))):
            for path, size_bytes in some:
                for ref, likeness in lost.owners(path, size_bytes):
                    candidates[ref].append((-likeness, path, size_bytes))
            on_progress(seen := seen + len(some), 0)
        return {ref: sorted(each) for ref, each in candidates.items()}

    def _best(self, candidates: Iterable[tuple[int, Path, int]]) -> SavedCopy | None:
        for _, path, size_bytes in candidates:
            if size_bytes and self._folders.fault_of(path, size_bytes) is None:
                return SavedCopy(str(path), size_bytes)
        return None
