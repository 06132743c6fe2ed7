"""The one owner of the list of videos: on disk first, then in memory, then told."""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pixverse_desktop.core.answers import reopen
from pixverse_desktop.core.events import VideosAdded, VideosChanged, VideosRemoved
from pixverse_desktop.core.ports import Clock, VideoStore
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.announcer import Announcer


@dataclass(frozen=True, slots=True)
class AddOutcome:
    """What became of ids that were to be added, each in the order given."""

    added: tuple[Video, ...]
    already: tuple[Video, ...]


class Library:
    """The list. Changes are made one after another, each in one transaction.

    Raises ``StoreFailed`` from every change that could not be written; the list in memory is then
    as before.
    """

    def __init__(self, store: VideoStore, clock: Clock, announcer: Announcer) -> None:
        self._store = store
        self._clock = clock
        self._announcer = announcer
        self._videos: dict[VideoRef, Video] = {}
        self._writing = asyncio.Lock()

    def __iter__(self) -> Iterator[Video]:
        return iter(tuple(self._videos.values()))

    def __len__(self) -> int:
        return len(self._videos)

    def get(self, ref: VideoRef) -> Video | None:
        """The row, or None if it is not (any more) in the list."""
        return self._videos.get(ref)

    async def open(self) -> None:
        """Read the list from disk."""
        self._videos = {video.ref: video for video in await self._store.load()}

    async def add(self, video_ids: Iterable[str], *, account: str) -> AddOutcome:
        """Add ids to the list; one that was removed before comes back with all that was known of it."""
        refs = list(dict.fromkeys(VideoRef(account, video_id) for video_id in video_ids))
        async with self._writing:
            already = tuple(self._videos[ref] for ref in refs if ref in self._videos)
            missing = [ref for ref in refs if ref not in self._videos]
            added = await self._as_new(missing)
            await self._put(added)
            self._videos.update((video.ref, video) for video in added)
        if added:
            self._announcer.announce(VideosAdded(added))
        return AddOutcome(added, already)

    async def put_back(self, videos: Sequence[Video]) -> None:
        """Undo a removal: these rows return as they were."""
        async with self._writing:
            back = tuple(video for video in videos if video.ref not in self._videos)
            await self._put(back)
            self._videos.update((video.ref, video) for video in back)
        if back:
            self._announcer.announce(VideosAdded(back))

    async def update(self, ref: VideoRef, change: Callable[[Video], Video]) -> Video | None:
        """Replace a row by ``change(row)``; None for a row that left the list meanwhile.

        No difference, no writing and no announcement.
        """
        async with self._writing:
            before = self._videos.get(ref)
            if before is None:
                return None
            after = change(before)
            if after == before:
                return before
            await self._store.put([after])
            self._videos[ref] = after
        self._announcer.announce(VideosChanged(((before, after),)))
        return after

    async def remove(self, refs: Iterable[VideoRef]) -> tuple[Video, ...]:
        """Take rows off the list; what was removed, for undoing."""
        async with self._writing:
            removed = tuple(self._videos[ref] for ref in dict.fromkeys(refs) if ref in self._videos)
            if removed:
                await self._store.remove([video.ref for video in removed], at_s=self._clock.now_s())
            for video in removed:
                del self._videos[video.ref]
        if removed:
            self._announcer.announce(VideosRemoved(removed))
        return removed

    async def _as_new(self, refs: Sequence[VideoRef]) -> tuple[Video, ...]:
        if not refs:
            return ()
        now_s = self._clock.now_s()
        removed = {video.ref: video for video in await self._store.find_removed(refs)}
        return tuple(
            _brought_back(removed[ref], now_s)
            if ref in removed
            else Video(account=ref.account, video_id=ref.video_id, added_at_s=now_s)
            for ref in refs
        )

    async def _put(self, videos: Sequence[Video]) -> None:
        if videos:
            await self._store.put(videos)


def _brought_back(video: Video, now_s: float) -> Video:
    """A removed row added again: its facts stay, a verdict that may have been a slip is asked for anew."""
    return replace(reopen(video), added_at_s=now_s, no_file_since_s=None)
