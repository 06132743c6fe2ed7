"""Downloads out of memory, in small pieces, with every way to go wrong."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pixverse_desktop.core.errors import ClipAddressGone, ClipCutShort, PixverseError
from pixverse_desktop.core.ports import ClipStream

_PIECE_BYTES = 4096


class FakeClipStream:
    """The ``ClipStream`` port: these bytes, or as many as come before ``breaks_after``."""

    def __init__(self, data: bytes, total_bytes: int | None, gate: asyncio.Event | None) -> None:
        self._data = data
        self._total_bytes = total_bytes
        self._gate = gate

    @property
    def total_bytes(self) -> int | None:
        return self._total_bytes

    async def chunks(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self._data), _PIECE_BYTES):
            yield self._data[at : at + _PIECE_BYTES]
            if self._gate is not None:
                await self._gate.wait()
        if self._total_bytes is not None and len(self._data) < self._total_bytes:
            raise ClipCutShort("The transfer of the clip broke off.")


class FakeClipSource:
    """The ``ClipSource`` port. An address without a clip is gone.

    Attributes:
        opened: every address a download was begun of.
        gate: while closed, a download stays where it is after its first piece.
        cuts: how many of the next downloads break off halfway.
        trouble: what every download fails with at its beginning, while set.
        names_length: whether a download tells its length.
    """

    def __init__(self) -> None:
        self.clips: dict[str, bytes] = {}
        self.opened: list[str] = []
        self.gate: asyncio.Event | None = None
        self.cuts = 0
        self.trouble: PixverseError | None = None
        self.names_length = True
        self.running = 0
        self.most_running = 0

    @asynccontextmanager
    async def open(self, url: str) -> AsyncIterator[ClipStream]:
        self.opened.append(url)
        if self.trouble is not None:
            raise self.trouble
        if url not in self.clips:
            raise ClipAddressGone("The clip is not (any more) at its address (HTTP 404).")
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            yield self._stream(self.clips[url])
        finally:
            self.running -= 1

    def _stream(self, clip: bytes) -> FakeClipStream:
        total_bytes = len(clip) if self.names_length else None
        if self.cuts > 0:
            self.cuts -= 1
            return FakeClipStream(clip[: len(clip) // 2], len(clip), self.gate)
        return FakeClipStream(clip, total_bytes, self.gate)
