"""Downloads out of memory, in small pieces, with every way to go wrong."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from pixverse_desktop.core.errors import ClipAddressGone, ClipCutShort, PixverseError
from pixverse_desktop.core.half_clips import UNKNOWN_VERSION, ClipVersion, HalfClip
from pixverse_desktop.core.ports import ClipStream


class FakeClipStream:
    """The ``ClipStream`` port: these bytes, of which as many come as there are before ``ends_at``."""

    def __init__(
        self,
        data: bytes,
        version: ClipVersion,
        *,
        begins_at: int,
        ends_at: int,
        piece_bytes: int,
        gate: asyncio.Event | None,
    ) -> None:
        self.version = version
        self.begins_at = begins_at
        self._data = data
        self._ends_at = ends_at
        self._piece_bytes = piece_bytes
        self._gate = gate

    async def chunks(self) -> AsyncIterator[bytes]:
        for at in range(self.begins_at, self._ends_at, self._piece_bytes):
            yield self._data[at : min(at + self._piece_bytes, self._ends_at)]
            if self._gate is not None:
                await self._gate.wait()
        if self._ends_at < len(self._data):
            raise ClipCutShort("The transfer of the clip broke off.")


class FakeClipSource:
    """The ``ClipSource`` port. An address without a clip is gone; other bytes are another version.

    Attributes:
        opened: every address a download was begun of.
        begun_at: the byte each of them began at.
        gate: while closed, a download stays where it is after its first piece.
        cuts: how many of the next downloads break off in the middle of the clip.
        trouble: what every download fails with at its beginning, while set.
        piece_bytes: how much comes at a time.
        names_version: whether a download tells its length, and anything to know the file by.
    """

    def __init__(self) -> None:
        self.clips: dict[str, bytes] = {}
        self.opened: list[str] = []
        self.begun_at: list[int] = []
        self.gate: asyncio.Event | None = None
        self.cuts = 0
        self.trouble: PixverseError | None = None
        self.piece_bytes = 4096
        self.names_version = True
        self.running = 0
        self.most_running = 0

    @asynccontextmanager
    async def open(self, url: str, half: HalfClip | None = None) -> AsyncIterator[ClipStream]:
        self.opened.append(url)
        if self.trouble is not None:
            raise self.trouble
        if url not in self.clips:
            raise ClipAddressGone("The clip is not (any more) at its address (HTTP 404).")
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            yield self._stream(self.clips[url], half)
        finally:
            self.running -= 1

    def _stream(self, clip: bytes, half: HalfClip | None) -> FakeClipStream:
        version = ClipVersion(f'"{hashlib.sha256(clip).hexdigest()}"', len(clip))
        begins_at = half.held_bytes if half is not None and half.version == version else 0
        ends_at = len(clip)
        if self.cuts > 0:
            self.cuts -= 1
            ends_at = max(begins_at, len(clip) // 2)
        self.begun_at.append(begins_at)
        return FakeClipStream(
            clip,
            version if self.names_version else UNKNOWN_VERSION,
            begins_at=begins_at,
            ends_at=ends_at,
            piece_bytes=self.piece_bytes,
            gate=self.gate,
        )
