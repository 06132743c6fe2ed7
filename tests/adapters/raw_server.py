"""A server on a real loopback port that says exactly what a test wants said, byte by byte."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

Reply = Callable[[bytes, asyncio.StreamWriter], Awaitable[None]]
"""Gets the head of a request, and writes whatever it likes."""


class RawServer:
    """Remembers the head of every request, and hangs up after each reply."""

    def __init__(self, reply: Reply | bytes) -> None:
        self.heads: list[str] = []
        self.connections = 0
        self.port = 0
        self.scheme = "http"
        self._reply = reply

    @property
    def url(self) -> str:
        """The base address."""
        return f"{self.scheme}://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        self.connections += 1
        try:
            with suppress(OSError, asyncio.IncompleteReadError):
                await self._answer(reader, writer)
        finally:
            writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readexactly(4)
        if head == b"GET ":  # otherwise it is no HTTP, and will have no end that we know
            head += await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head.decode("latin-1"))
        if isinstance(self._reply, bytes):
            writer.write(self._reply)
        else:
            await self._reply(head, writer)
        await writer.drain()


@asynccontextmanager
async def raw_server(
    reply: Reply | bytes, *, certificates: ssl.SSLContext | None = None
) -> AsyncIterator[RawServer]:
    """Serve ``reply`` on a free port until the end of the block."""
    raw = RawServer(reply)
    running: set[asyncio.Task[None]] = set()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(raw.serve(reader, writer))
        running.add(task)
        task.add_done_callback(running.discard)

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=certificates)
    raw.port = server.sockets[0].getsockname()[1]
    raw.scheme = "https" if certificates else "http"
    try:
        yield raw
    finally:
        server.close()
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        await server.wait_closed()


def http(body: bytes = b"", status: int = 200, *headers: str, length: int | None = None) -> bytes:
    """Write a whole HTTP answer, with its true length unless told otherwise."""
    lines = [
        f"HTTP/1.1 {status} Whatever",
        *headers,
        f"Content-Length: {len(body) if length is None else length}",
    ]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode() + body
