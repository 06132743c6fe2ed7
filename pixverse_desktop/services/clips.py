"""Bringing a clip to disk, whole, once: for saving and for playing alike."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

from pixverse_desktop.core.errors import ClipAddressGone, ClipCutShort, SaveFailed
from pixverse_desktop.core.names import CLIP_SUFFIX
from pixverse_desktop.core.ports import ClipFolders, ClipSource, Clock, PartFile
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.library import Library

CACHE_LIMIT_BYTES = 1024**3
_RETRY_PAUSES_S = (1.0, 3.0, 9.0)
_GONE_PAUSES_S = (2.0, 6.0)
_REFRESH_LIMIT_S = 60.0
_PACE_WINDOW_S = 60.0
_LEAST_BYTES_A_WINDOW = 64 * 1024

ClipSources = Callable[[str], ClipSource]
"""Where the clips of an account, by its name, may come from."""

OnProgress = Callable[[int, int], None]
"""Called with the bytes received and the bytes expected (0 while unknown)."""

Refresh = Callable[[VideoRef], Awaitable[None]]
"""Asks the service anew about a row, whose address may have run out."""


class Clips:
    """Fetches clips. One download a clip at a time: whoever comes second gets a copy of the first one's.

    Raises the ``SaveFailed`` family.
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
    ) -> None:
        self._library = library
        self._sources = sources
        self._folders = folders
        self._clock = clock
        self._cache = cache
        self._refresh = refresh
        self._locks: dict[VideoRef, asyncio.Lock] = {}
        self._brought: dict[VideoRef, Path] = {}

    async def local_copy(self, video: Video) -> Path | None:
        """A whole copy that is on this machine already, or None."""
        return await asyncio.to_thread(self._find, video)

    async def open(self, ref: VideoRef, on_progress: OnProgress) -> Path:
        """A local copy to play, fetched into the cache if there is none."""
        async with self._lock(ref):
            if (found := await self.local_copy(self._current(ref))) is not None:
                return found
            path = await self._download(ref, self._cache, _cache_name(ref), on_progress)
        await asyncio.to_thread(self._folders.trim, self._cache, CACHE_LIMIT_BYTES)
        return path

    async def bring(self, ref: VideoRef, folder: Path, name: str, on_progress: OnProgress) -> Path:
        """A whole copy in ``folder``: copied if one is on this machine already, fetched otherwise."""
        async with self._lock(ref):
            found = await self.local_copy(self._current(ref))
            if found is not None and found.parent == folder:
                return found
            if found is not None:
                path = await asyncio.to_thread(self._folders.copy, found, folder, name)
            else:
                path = await self._download(ref, folder, name, on_progress)
            self._brought[ref] = path  # who waits for the lock must find it before the list knows
            return path

    async def forget_cached(self, ref: VideoRef) -> None:
        """Remove the copy that was fetched for playing, which turned out not to play."""
        await asyncio.to_thread(self._folders.discard, self._cache / _cache_name(ref))

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

    async def _download(self, ref: VideoRef, folder: Path, name: str, on_progress: OnProgress) -> Path:
        """Fetch with a few tries; an address that has run out is renewed once."""
        is_renewed, pauses, gone_pauses = False, iter(_RETRY_PAUSES_S), iter(_GONE_PAUSES_S)
        while True:
            try:
                return await self._attempt(ref, folder, name, on_progress)
            except ClipAddressGone:
                if not is_renewed:
                    is_renewed = True
                    await self._renew(ref)
                elif (pause_s := next(gone_pauses, None)) is not None:
                    await self._clock.sleep(pause_s)  # a fresh file may take a moment to be everywhere
                else:
                    raise
            except ClipCutShort:
                if (pause_s := next(pauses, None)) is None:
                    raise
                await self._clock.sleep(pause_s)

    def _address(self, ref: VideoRef) -> str:
        video = self._current(ref)
        if not video.is_fetchable:
            raise SaveFailed("There is no clip to fetch.")
        return video.url

    async def _renew(self, ref: VideoRef) -> None:
        asking = asyncio.ensure_future(self._refresh(ref))
        limit = asyncio.ensure_future(self._clock.sleep(_REFRESH_LIMIT_S))
        try:
            await asyncio.wait((asking, limit), return_when=asyncio.FIRST_COMPLETED)
        finally:
            asking.cancel()
            limit.cancel()
            await asyncio.gather(asking, limit, return_exceptions=True)

    async def _attempt(self, ref: VideoRef, folder: Path, name: str, on_progress: OnProgress) -> Path:
        async with self._sources(ref.account).open(self._address(ref)) as stream:
            total_bytes, received_bytes = stream.total_bytes, 0
            part = await self._begin(folder, name)
            try:
                pace = _Pace(self._clock)
                async for chunk in stream.chunks():
                    await asyncio.to_thread(part.write, chunk)
                    received_bytes += len(chunk)
                    pace.check(received_bytes)
                    on_progress(received_bytes, total_bytes or 0)
                return await asyncio.to_thread(part.finish, total_bytes)
            finally:
                await asyncio.shield(asyncio.to_thread(part.abandon))

    async def _begin(self, folder: Path, name: str) -> PartFile:
        """Open the partial file; one that is open only after a cancel is abandoned, not left behind."""
        opening = asyncio.ensure_future(asyncio.to_thread(self._folders.begin, folder, name))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            with suppress(SaveFailed):
                (await opening).abandon()
            raise


class _Pace:
    """Ends a transfer that drips: a server that sends a byte now and then would hold it for ever."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._since_s = clock.monotonic_s()
        self._since_bytes = 0

    def check(self, received_bytes: int) -> None:
        """Raise ``ClipCutShort`` if too little came in the last minute."""
        now_s = self._clock.monotonic_s()
        if now_s - self._since_s < _PACE_WINDOW_S:
            return
        if received_bytes - self._since_bytes < _LEAST_BYTES_A_WINDOW:
            raise ClipCutShort("The clip’s server sends far too slowly.")
        self._since_s, self._since_bytes = now_s, received_bytes


def _cache_name(ref: VideoRef) -> str:
    """A name no other row has: account names are free text, ids are digits."""
    return f"{ref.account.encode().hex()}-{ref.video_id}{CLIP_SUFFIX}"
