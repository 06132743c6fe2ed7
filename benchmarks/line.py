"""A line of limited speed, shared by all its connections, before a server on this machine.

A server's own limit counts for each connection and lets the first second pass freely, which is all a small
file takes.
"""

import asyncio
import sys

_PIECE_BYTES = 16 * 1024


class Line:
    """Passes connections on to ``port``, and answers back at ``bytes_s`` in all."""

    def __init__(self, port: int, bytes_s: int) -> None:
        self._port = port
        self._bytes_s = bytes_s
        self._free_at_s = 0.0

    async def serve(self) -> None:
        """Print the port it listens on, and serve until it is killed."""
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        print(server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            await asyncio.gather(self._up(reader, to_writer), self._down(to_reader, writer))
        except ConnectionError:
            pass  # one end hung up
        finally:
            writer.close()
            to_writer.close()

    async def _up(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
        writer.close()

    async def _down(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE_BYTES):
            await self._take_turn(len(piece))
            writer.write(piece)
            await writer.drain()
        writer.close()

    async def _take_turn(self, size_bytes: int) -> None:
        now_s = asyncio.get_running_loop().time()
        begins_at_s = max(now_s, self._free_at_s)
        self._free_at_s = begins_at_s + size_bytes / self._bytes_s
        await asyncio.sleep(max(0.0, begins_at_s - now_s))


if __name__ == "__main__":
    asyncio.run(Line(int(sys.argv[1]), int(sys.argv[2])).serve())
