"""Bringing a clip to disk, whole, once: for saving and for playing alike."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pixverse_desktop.core.bandwidth import Bandwidth
from pixverse_desktop.core.errors import SaveFailed
from pixverse_desktop.core.names import CLIP_SUFFIX
from pixverse_desktop.core.ports import ClipFolders, Clock
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.fetching import MAX_CLIP_BYTES, ClipSources, Fetcher, OnProgress, Refresh
from pixverse_desktop.services.growing import GrowingClip
from pixverse_desktop.services.library import Library

CACHE_LIMIT_BYTES = 1024**3

OnGrowing = Callable[[GrowingClip], None]
"""Called with a clip when it begins to be fetched."""


@dataclass(frozen=True, slots=True, eq=False)
class _Onlooker:
    on_progress: OnProgress
    on_growing: OnGrowing


class Clips:
    """Fetches clips. One download a clip at a time: whoever comes second gets a copy of the first one's.

    What breaks off or is cancelled is kept for the next try, in this run or a later one, until
    ``drop_parts``. What is no clip is removed. Raises the ``SaveFailed`` family.

    Attributes:
        bandwidth: how fast all downloads together may go.
    """

    def __init__(
        self,
        *,
        library: Library,
        sources: ClipSources,
        folders: ClipFolders,
        clock: Clock,
        cache: Path,
        refresh: Refresh,
        max_bytes: int = MAX_CLIP_BYTES,
    ) -> None:
        self.bandwidth = Bandwidth()
        self._library = library
        self._folders = folders
        self._cache = cache
        self._fetcher = Fetcher(
            address=self._address,
            sources=sources,
            folders=folders,
            clock=clock,
            refresh=refresh,
            bandwidth=self.bandwidth,
            max_bytes=max_bytes,
        )
        self._locks: dict[VideoRef, asyncio.Lock] = {}
        self._brought: dict[VideoRef, Path] = {}
        self._disowned: set[VideoRef] = set()
        self._growing: dict[VideoRef, GrowingClip] = {}
        self._onlookers: dict[VideoRef, list[_Onlooker]] = {}

    async def local_copy(self, video: Video) -> Path | None:
        """A whole copy that is on this machine already, or None."""
        return await asyncio.to_thread(self._find, video)

    async def open(
        self, ref: VideoRef, on_progress: OnProgress, on_growing: OnGrowing = lambda _: None
    ) -> Path:
        """A local copy to play, fetched into the cache if there is none.

        Whoever fetches it, ``on_progress`` hears of it, and ``on_growing`` is given what there is until then.
        """
        with self._watching(ref, _Onlooker(on_progress, on_growing)):
            async with self._lock(ref):
                if (found := await self.local_copy(self._current(ref))) is not None:
                    return found
                path = await self._fetch(ref, self._cache, _cache_name(ref))
        await asyncio.to_thread(self._folders.trim, self._cache, CACHE_LIMIT_BYTES)
        return path

    async def bring(self, ref: VideoRef, folder: Path, name: str, on_progress: OnProgress) -> Path:
        """A whole copy in ``folder``: copied if one is on this machine already, fetched otherwise.

        A copy that is there already stays, whatever its name; ``name`` may begin with folders. One that is
        there under its name is taken: a run may have ended before the list knew of it.
        """
        with self._watching(ref, _Onlooker(on_progress, lambda _: None)):
            async with self._lock(ref):
                return await self._bring(ref, folder, name)

    async def _bring(self, ref: VideoRef, folder: Path, name: str) -> Path:
        place = folder / name
        found = await self.local_copy(self._current(ref))
        if ref not in self._disowned and (found is None or found.parent != place.parent):
            found = await self._find_unlisted(ref, place.parent, place.name) or found
        if found is not None and found.parent == place.parent:
            return found
        if found is not None:
            path = await asyncio.to_thread(self._folders.copy, found, folder, name, ref)
        else:
            path = await self._fetch(ref, folder, name)
        self._disowned.discard(ref)
        self._brought[ref] = path  # who waits for the lock must find it before the list knows
        return path

    async def forget_cached(self, ref: VideoRef) -> None:
        """Remove the copy that was fetched for playing, which turned out not to play."""
        await asyncio.to_thread(self._folders.discard, self._cache / _cache_name(ref))

    def disown(self, refs: Iterable[VideoRef]) -> None:
        """Take no file that is there for a copy of these rows, until one is brought anew; the files stay."""
        for ref in refs:
            self._brought.pop(ref, None)
            self._disowned.add(ref)

    async def drop_parts(self, refs: Iterable[VideoRef], folder: Path) -> None:
        """Remove what was kept of these clips in ``folder``; nobody wants them any more."""
        await asyncio.to_thread(self._folders.drop_parts, folder, refs)

    async def _fetch(self, ref: VideoRef, folder: Path, name: str) -> Path:
        """Fetch it, and tell all who wait for it."""
        growing = self._growing[ref] = GrowingClip()

        def tell(done_bytes: int, total_bytes: int) -> None:
            for onlooker in self._onlookers.get(ref, ()):
                onlooker.on_progress(done_bytes, total_bytes)

        for onlooker in self._onlookers.get(ref, ()):
            onlooker.on_growing(growing)
        try:
            return await self._fetcher.fetch(ref, folder, name, tell, growing)
        finally:
            growing.end()
            del self._growing[ref]

    @contextmanager
    def _watching(self, ref: VideoRef, onlooker: "_Onlooker") -> Iterator[None]:
        onlookers = self._onlookers.setdefault(ref, [])
        onlookers.append(onlooker)
        if ref in self._growing:
            onlooker.on_growing(self._growing[ref])
        try:
            yield
        finally:
            onlookers.remove(onlooker)
            if not onlookers:
                self._onlookers.pop(ref, None)

    def _lock(self, ref: VideoRef) -> asyncio.Lock:
        return self._locks.setdefault(ref, asyncio.Lock())

    def _current(self, ref: VideoRef) -> Video:
        video = self._library.get(ref)
        if video is None:
            raise SaveFailed("The video is no longer in the list.")
        return video

    def _find(self, video: Video) -> Path | None:
        if video.saved_path and self._folders.is_whole(Path(video.saved_path), video.saved_bytes):
            return Path(video.saved_path)
        brought = self._brought.get(video.ref)
        if brought is not None and self._folders.is_whole(brought, 0):
            return brought
        cached = self._cache / _cache_name(video.ref)
        return cached if self._folders.is_whole(cached, 0) else None

    async def _find_unlisted(self, ref: VideoRef, folder: Path, name: str) -> Path | None:
        """A clip in ``folder`` that bears the name of ``ref``'s; the id in it tells whose it is.

        Not where two accounts have the same id.
        """
        clips = await asyncio.to_thread(self._folders.whole_clips, folder, name)
        is_certain = clips and not any(
            each.video_id == ref.video_id and each.ref != ref for each in self._library
        )
        if not is_certain:
            return None
        await self.drop_parts(
            [ref], folder
        )  # of a run that ended between the new name and the end of the old
        return clips[0]

    def _address(self, ref: VideoRef) -> str:
        video = self._current(ref)
        if not video.is_fetchable:
            raise SaveFailed("There is no clip to fetch.")
        return video.url


def _cache_name(ref: VideoRef) -> str:
    """A name no other row has: account names are free text, ids are digits."""
    return f"{ref.account.encode().hex()}-{ref.video_id}{CLIP_SUFFIX}"
