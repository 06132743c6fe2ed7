"""A clip on its way, kept in memory as far as it came, so that it can be watched before it is whole."""

import asyncio

from pixverse_desktop.core.half_clips import UNKNOWN_VERSION, ClipVersion

_MOST_BYTES = 16 * 1024**2  # of a clip; PixVerse's have 3 to 10 MB


class GrowingClip:
    """The ``GrowingBytes`` port, filled by a download: its beginning grows, its end may come before.

    Only of a clip of usual length, whose server proves what its bytes belong to: else nothing is kept.
    """

    def __init__(self) -> None:
        self._version = UNKNOWN_VERSION
        self._front = bytearray()
        self._end = b""
        self._is_over = False
        self._changed = asyncio.Event()

    @property
    def version(self) -> ClipVersion:
        """What the server said of the file; nothing before it began."""
        return self._version

    @property
    def total_bytes(self) -> int:
        """How long the whole file is; 0 before it began."""
        return self._version.total_bytes or 0

    @property
    def front_bytes(self) -> int:
        """How much is here from the beginning on."""
        return len(self._front)

    @property
    def is_over(self) -> bool:
        """Whether no more comes, be it that all is here, or that it goes on in another way."""
        return self._is_over

    def begin(self, version: ClipVersion, begins_at: int) -> None:
        """An answer comes, from this byte of the file on. What does not fit what is here ends it."""
        is_usual = version.can_be_resumed and (version.total_bytes or 0) <= _MOST_BYTES
        is_other = bool(self._front) and version != self._version
        if not is_usual or is_other or begins_at != len(self._front):
            self.end()
        else:
            self._version = version
            self._tell()

    def add(self, chunk: bytes) -> None:
        """More of the beginning came."""
        if not self._is_over:
            self._front += chunk
            self._tell()

    def put_end(self, data: bytes) -> None:
        """The end of the file came before what is in front of it."""
        self._end = data

    def end(self) -> None:
        """No more comes."""
        self._is_over = True
        self._tell()

    def read(self, offset: int, most_bytes: int) -> bytes:
        """What is here from ``offset`` on, without a gap; empty if that byte is not."""
        if offset < len(self._front):
            return bytes(memoryview(self._front)[offset : offset + most_bytes])
        into_end = offset - (self.total_bytes - len(self._end))
        return self._end[into_end : into_end + most_bytes] if into_end >= 0 else b""

    async def wait_for(self, offset: int) -> bool:
        """Wait until the byte at ``offset`` is here; False if it never will be."""
        while not self.read(offset, 1):
            if self._is_over:
                return False
            await self._changed.wait()
        return True

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
