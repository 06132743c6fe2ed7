"""Clips on their way, over HTTP on this machine alone: the player reads nothing but files and addresses.

Each has a port and a name of its own that nobody can guess. Qt's player reads it in threads of its own, which
its ``stop()`` waits for: so a broadcast can be cut off at once, without a turn of the loop.
"""

import asyncio
import re
import secrets
import socket
from contextlib import suppress

from pixverse_desktop.core.stream_ports import GrowingBytes

_HOST = "127.0.0.1"
_PIECE_BYTES = 256 * 1024
_REQUEST_S = 10.0
_MOST_REQUEST_BYTES = 16 * 1024
_RANGE = re.compile(rb"^range:[ \t]*bytes=(\d{1,15})-(\d{0,15})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)


class LoopbackBroadcaster:
    """The ``Broadcaster`` port."""

    async def begin(self, clip: GrowingBytes) -> "LoopbackBroadcast":
        """Serve ``clip`` until it is closed."""
        broadcast = LoopbackBroadcast(clip)
        try:
            await broadcast.start()
        except asyncio.CancelledError:
            broadcast.close()
            raise
        return broadcast


class LoopbackBroadcast:
    """The ``Broadcast`` port."""

    def __init__(self, clip: GrowingBytes) -> None:
        self._clip = clip
        self._name = f"{secrets.token_urlsafe(24)}.mp4"
        self._server: asyncio.Server | None = None
        self._address = ""
        self._readers: dict[asyncio.Task[None], socket.socket] = {}
        self._is_closed = False

    @property
    def address(self) -> str:
        """Where; nobody can guess it."""
        return self._address

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(
            self._serve, _HOST, 0, limit=_MOST_REQUEST_BYTES, start_serving=False
        )
        await self._server.start_serving()
        port = self._server.sockets[0].getsockname()[1]
        self._address = f"http://{_HOST}:{port}/{self._name}"

    def close(self) -> None:
        """Cut off whoever reads, at once."""
        self._is_closed = True
        if self._server is not None:
            self._server.close()
        for task, reader in self._readers.items():
            with suppress(OSError):
                reader.shutdown(socket.SHUT_RDWR)
            task.cancel()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._is_closed:  # it came in just before
            writer.close()
            return
        self._readers[task] = writer.get_extra_info("socket")
        try:
            async with asyncio.timeout(_REQUEST_S):
                request = await reader.readuntil(b"\r\n\r\n")
            await self._answer(request, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass  # who asked in no known way, or hung up, gets nothing
        except asyncio.CancelledError:
            pass  # by ``close``; asyncio would tell of it as of a failure
        finally:
            del self._readers[task]
            writer.close()

    async def _answer(self, request: bytes, writer: asyncio.StreamWriter) -> None:
        total_bytes = self._clip.total_bytes
        found = _RANGE.search(request)
        first = int(found[1]) if found else 0
        last = min(int(found[2] or total_bytes) if found else total_bytes, total_bytes - 1)
        if not secrets.compare_digest(request.split(b" HTTP/", 1)[0], f"GET /{self._name}".encode()):
            writer.write(b"HTTP/1.1 404 Not Found\r\nConnection: close\r\n\r\n")
        elif first > last:
            writer.write(b"HTTP/1.1 416 Range Not Satisfiable\r\nConnection: close\r\n\r\n")
        else:
            writer.write(_head(first, last, total_bytes, is_part=found is not None))
            await self._send(first, last, writer)
        await writer.drain()

    async def _send(self, first: int, last: int, writer: asyncio.StreamWriter) -> None:
        offset = first
        while offset <= last and await self._clip.wait_for(offset):
            piece = self._clip.read(offset, min(_PIECE_BYTES, last + 1 - offset))
            writer.write(piece)
            await writer.drain()
            offset += len(piece)


def _head(first: int, last: int, total_bytes: int, *, is_part: bool) -> bytes:
    lines = [
        "HTTP/1.1 206 Partial Content" if is_part else "HTTP/1.1 200 OK",
        "Content-Type: video/mp4",
        "Accept-Ranges: bytes",
        f"Content-Length: {last + 1 - first}",
        *([f"Content-Range: bytes {first}-{last}/{total_bytes}"] if is_part else []),
        "Connection: close",
    ]
    return "\r\n".join([*lines, "", ""]).encode()
