"""Bringing one clip over the network into a file: with a few tries, each from where the last one ended."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from pixverse_desktop.core.bandwidth import Bandwidth
from pixverse_desktop.core.errors import (
    ClipAddressGone,
    ClipCutShort,
    ClipRefused,
    ClipServerBusy,
    FolderUnusable,
    PixverseError,
    SaveFailed,
)
from pixverse_desktop.core.ports import ClipFolders, ClipSource, ClipStream, Clock, PartFile
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.growing import GrowingClip

MAX_CLIP_BYTES = 4 * 1024**3
UNSYNCED_BYTES = 4 * 1024**2
"""What a kill or a power cut may cost: this much, or what came in the last two seconds if that is less."""

_RETRY_PAUSES_S = (1.0, 3.0, 9.0)
_GONE_PAUSES_S = (2.0, 6.0)
_LONGEST_ASKED_PAUSE_S = 300.0
_REFRESH_LIMIT_S = 60.0
_PACE_WINDOW_S = 60.0
_LEAST_BYTES_A_WINDOW = 64 * 1024
# A block is made safe while the next one comes, and each ends with a piece that is too much for it. One hop
# to a thread for each piece costs more than writing it.
_BLOCK_BYTES = UNSYNCED_BYTES * 3 // 8
_SYNC_EVERY_S = 2.0
_LONGEST_NAP_S = 1.0

_Pause = TypeVar("_Pause", float, float | None)

ClipSources = Callable[[str], ClipSource]
"""Where the clips of an account, by its name, may come from."""

OnProgress = Callable[[int, int], None]
"""Called with the bytes received and the bytes expected (0 while unknown)."""

Refresh = Callable[[VideoRef], Awaitable[None]]
"""Asks the service anew about a row, whose address may have run out."""


class Fetcher:
    """Fetches clips, many at once if asked to. What breaks off or is cancelled is kept for the next try.

    ``address`` tells where a row's clip is now, and raises ``SaveFailed`` if it has none.
    """

    def __init__(
        self,
        *,
        address: Callable[[VideoRef], str],
        sources: ClipSources,
        folders: ClipFolders,
        clock: Clock,
        refresh: Refresh,
        bandwidth: Bandwidth,
        max_bytes: int,
    ) -> None:
        self._address = address
        self._sources = sources
        self._folders = folders
        self._clock = clock
        self._refresh = refresh
        self._bandwidth = bandwidth
        self._max_bytes = max_bytes

    async def fetch(
        self, ref: VideoRef, folder: Path, name: str, on_progress: OnProgress, growing: GrowingClip
    ) -> Path:
        """Bring ``ref``'s clip into ``folder``, and what comes into ``growing``.

        Raises the ``SaveFailed`` family.
        """
        part = await self._begin(ref, folder, name)
        end: Callable[[], None] | None = part.abandon
        try:
            path = await self._fetch_into(part, ref, on_progress, growing)
            end = None  # it ended itself
            return path
        except (ClipCutShort, ClipAddressGone, FolderUnusable, asyncio.CancelledError):
            end = part.keep
            raise
        finally:
            if end is not None:
                await _despite_cancels(asyncio.to_thread(end))

    async def _begin(self, ref: VideoRef, folder: Path, name: str) -> PartFile:
        """Open the partial file; one that is open only after a cancel is not left open."""
        opening = asyncio.ensure_future(asyncio.to_thread(self._folders.begin, folder, name, ref))
        try:
            return await asyncio.shield(opening)
        except asyncio.CancelledError:
            await _despite_cancels(_keep_once_open(opening))
            raise

    async def _fetch_into(
        self, part: PartFile, ref: VideoRef, on_progress: OnProgress, growing: GrowingClip
    ) -> Path:
        """Fetch with a few tries; an address that has run out is renewed once."""
        pauses, gone_pauses, most_held_bytes = iter(_RETRY_PAUSES_S), iter((None, *_GONE_PAUSES_S)), 0
        while True:
            try:
                if part.half is not None and part.half.is_complete:
                    return await asyncio.to_thread(part.finish)
                return await self._receive(part, ref, on_progress, growing)
            except ClipAddressGone as error:
                pause_s = _next_or_raise(gone_pauses, error)
            except ClipCutShort as error:
                held_bytes = part.half.held_bytes if part.half else 0
                if held_bytes >= most_held_bytes + _LEAST_BYTES_A_WINDOW:  # it gets on, if in pieces
                    most_held_bytes, pauses = held_bytes, iter(_RETRY_PAUSES_S)
                pause_s = _asked_pause_s(error, _next_or_raise(pauses, error))
            if pause_s is None:
                await self._renew(ref)
            else:  # also a fresh file may take a moment to be everywhere
                await self._clock.sleep(pause_s)

    async def _renew(self, ref: VideoRef) -> None:
        asking = asyncio.ensure_future(self._refresh(ref))
        limit = asyncio.ensure_future(self._clock.sleep(_REFRESH_LIMIT_S))
        try:
            await asyncio.wait((asking, limit), return_when=asyncio.FIRST_COMPLETED)
        finally:
            asking.cancel()
            limit.cancel()
            await asyncio.gather(asking, limit, return_exceptions=True)
        if not asking.cancelled():
            with suppress(PixverseError):  # the address is tried all the same; a defect is told
                asking.result()

    async def _receive(
        self, part: PartFile, ref: VideoRef, on_progress: OnProgress, growing: GrowingClip
    ) -> Path:
        async with self._sources(ref.account).open(self._address(ref), part.half) as stream:
            self._refuse_if_too_long(stream.version.total_bytes or 0)
            await asyncio.to_thread(part.start, stream.version, stream.begins_at)
            growing.begin(stream.version, stream.begins_at)
            block = _Block(part, self._clock, growing)
            try:
                await self._pour(stream, block, on_progress)
            except (SaveFailed, asyncio.CancelledError):
                with suppress(FolderUnusable):
                    await asyncio.shield(block.end())
                raise
            return await block.finish()

    async def _pour(self, stream: ClipStream, block: "_Block", on_progress: OnProgress) -> None:
        total_bytes, received_bytes = stream.version.total_bytes, stream.begins_at
        pace = _Pace(self._clock, received_bytes)
        async for chunk in stream.chunks():
            received_bytes += len(chunk)
            if total_bytes is not None and received_bytes > total_bytes:
                raise ClipCutShort("The clip’s server sent more than it had said.")
            self._refuse_if_too_long(received_bytes)
            await block.add(chunk)
            pace.check(received_bytes)
            on_progress(received_bytes, total_bytes or 0)
            pace.forgive(await self._wait_for_bandwidth(len(chunk)))

    async def _wait_for_bandwidth(self, size_bytes: int) -> float:
        """Let other downloads have their share; the seconds that took."""
        began_s = now_s = self._clock.monotonic_s()
        self._bandwidth.spend(size_bytes, now_s)
        while (wait_s := self._bandwidth.wait_s(now_s)) > 0:
            await self._clock.sleep(min(wait_s, _LONGEST_NAP_S))  # the limit may change meanwhile
            now_s = self._clock.monotonic_s()
        return now_s - began_s

    def _refuse_if_too_long(self, size_bytes: int) -> None:
        if size_bytes > self._max_bytes:
            raise ClipRefused(
                f"The clip is longer than {_gigabytes(self._max_bytes)}, which no clip should be."
            )


class _Block:
    """Gathers small pieces, and has every few of them written and flushed while the next ones come."""

    def __init__(self, part: PartFile, clock: Clock, growing: GrowingClip) -> None:
        self._part = part
        self._clock = clock
        self._growing = growing
        self._pieces: list[bytes] = []
        self._size_bytes = 0
        self._writing: asyncio.Future[None] | None = None
        self._begun_at_s = clock.monotonic_s()

    async def add(self, piece: bytes) -> None:
        """Take a piece; pass on what there is if that is enough, or if it has waited long."""
        self._growing.add(piece)
        self._pieces.append(piece)
        self._size_bytes += len(piece)
        is_late = self._clock.monotonic_s() - self._begun_at_s >= _SYNC_EVERY_S
        if is_late or self._size_bytes >= _BLOCK_BYTES:
            await self._written()
            self._writing = asyncio.ensure_future(asyncio.to_thread(self._make_safe, self._take()))
            self._begun_at_s = self._clock.monotonic_s()

    async def end(self) -> None:
        """Write what is left. Raises ``FolderUnusable``, also for what was passed on before."""
        await self._written()
        if self._pieces:
            await asyncio.to_thread(self._write, self._take())

    async def finish(self) -> Path:
        """Write what is left, and finish the file. Raises what ``PartFile.finish`` raises."""
        await self._written()
        return await asyncio.to_thread(self._finish, self._take())

    async def _written(self) -> None:
        if self._writing is not None:
            await asyncio.shield(self._writing)  # to leave out a block would put the next in its place
            self._writing = None

    def _write(self, pieces: list[bytes]) -> None:
        for piece in pieces:  # to put them together takes longer than to write them one by one
            self._part.write(piece)

    def _make_safe(self, pieces: list[bytes]) -> None:
        self._write(pieces)
        self._part.sync()

    def _finish(self, pieces: list[bytes]) -> Path:
        self._write(pieces)
        return self._part.finish()

    def _take(self) -> list[bytes]:
        pieces, self._pieces, self._size_bytes = self._pieces, [], 0
        return pieces


class _Pace:
    """Ends a transfer that drips: a server that sends a byte now and then would hold it for ever."""

    def __init__(self, clock: Clock, received_bytes: int) -> None:
        self._clock = clock
        self._since_s = clock.monotonic_s()
        self._since_bytes = received_bytes

    def check(self, received_bytes: int) -> None:
        """Raise ``ClipCutShort`` if too little came in the last minute."""
        now_s = self._clock.monotonic_s()
        if now_s - self._since_s < _PACE_WINDOW_S:
            return
        if received_bytes - self._since_bytes < _LEAST_BYTES_A_WINDOW:
            raise ClipCutShort("The clip’s server sends far too slowly.")
        self._since_s, self._since_bytes = now_s, received_bytes

    def forgive(self, waited_s: float) -> None:
        """Leave out time in which we ourselves did not want any more."""
        self._since_s += waited_s


async def _keep_once_open(opening: asyncio.Future[PartFile]) -> None:
    with suppress(SaveFailed):
        part = await opening
        await asyncio.to_thread(part.keep)


async def _despite_cancels(work: Coroutine[object, object, None]) -> None:
    """See short work through: a window that closes cancels, and so does the end of the program after it."""
    task = asyncio.ensure_future(work)
    was_cancelled = False
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError:
            was_cancelled = True
    task.result()
    if was_cancelled:
        raise asyncio.CancelledError


def _next_or_raise(pauses: Iterator[_Pause], error: SaveFailed) -> _Pause:
    """The next pause before another try, or ``error`` if there is to be none."""
    for pause_s in pauses:
        return pause_s
    raise error


def _asked_pause_s(error: ClipCutShort, pause_s: float) -> float:
    """``pause_s``, or the longer one that the clip's server asked for, within reason."""
    asked_s = error.retry_after_s if isinstance(error, ClipServerBusy) else None
    return max(pause_s, min(asked_s or 0.0, _LONGEST_ASKED_PAUSE_S))


def _gigabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1024**3:.3g} GB"
