"""A server of clips on a loopback port that can resume, and remembers what it sent of each."""

import socket
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

_PIECE_BYTES = 32 * 1024
_SEND_BUFFER_BYTES = 64 * 1024  # what was sent and never came is small, then


@dataclass
class Sending:
    """One answer: from which byte it began and how many were handed to the system."""

    begins_at: int
    sent_bytes: int = 0


@dataclass
class ClipServer:
    """Serves ``clips`` by the last part of their path, each with a strong ETag, until the end of the block.

    Attributes:
        sendings: for each clip what was sent of it, in order.
    """

    clips: dict[str, bytes]
    sendings: dict[str, list[Sending]] = field(default_factory=lambda: defaultdict(list))
    url: str = ""

    def __enter__(self) -> "ClipServer":
        owner = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                owner.answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._http = _QuietServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Send a clip, or the rest of it that was asked for."""
        name = request.path.rpartition("/")[2]
        clip, etag = self.clips[name], f'"{name}"'
        begins_at = 0
        if request.headers.get("If-Range") == etag:
            begins_at = int(request.headers["Range"].removeprefix("bytes=").removesuffix("-"))
        request.send_response(206 if begins_at else 200)
        if begins_at:
            request.send_header("Content-Range", f"bytes {begins_at}-{len(clip) - 1}/{len(clip)}")
        request.send_header("ETag", etag)
        request.send_header("Content-Type", "video/mp4")
        request.send_header("Content-Length", str(len(clip) - begins_at))
        request.end_headers()
        self._send(request, Sending(begins_at), name)

    def _send(self, request: BaseHTTPRequestHandler, sending: Sending, name: str) -> None:
        self.sendings[name].append(sending)
        clip = memoryview(self.clips[name])
        try:
            for at in range(sending.begins_at, len(clip), _PIECE_BYTES):
                piece = clip[at : at + _PIECE_BYTES]
                request.connection.sendall(piece)
                sending.sent_bytes += len(piece)
        except OSError:
            request.close_connection = True

    def sent_twice(self, name: str) -> list[int]:
        """How many bytes each answer repeated of the one before it."""
        ends = [each.begins_at + each.sent_bytes for each in self.sendings[name]]
        starts = [each.begins_at for each in self.sendings[name]]
        return [end - start for end, start in zip(ends, starts[1:], strict=False)]


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        connection, address = super().get_request()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        return connection, address

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of clients that were killed."""
