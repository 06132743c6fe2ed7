"""The simulation on a real loopback port: real sockets, so that real clients meet real trouble."""

import socket
import struct
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import repeat
from pathlib import Path
from socketserver import TCPServer
from threading import Event, Thread
from typing import Any, Self

from pixverse_desktop.simulator.exchange import Answer, Delivery, Request
from pixverse_desktop.simulator.simulation import Simulation

HOST = "127.0.0.1"
_IS_WINDOWS = sys.platform == "win32"
_LINGER_NOT = struct.pack("hh" if _IS_WINDOWS else "ii", 1, 0)  # closing then sends RST in place of FIN
_PIECES_PER_S = 20
_POLL_S = 0.02


class SimulatorServer:
    """Serves a simulation on 127.0.0.1 while open; as a context manager, inside the ``with``.

    ``clips`` are the files by name, or a folder whose ``*.mp4`` are read once, now. Port 0 takes a free one.
    ``start`` and ``close`` may be called by any thread but the server's own, any number of times; after
    ``close`` no thread is left, and a new ``start`` comes back at the same address.
    """

    def __init__(self, simulation: Simulation, clips: Mapping[str, bytes] | Path, port: int = 0) -> None:
        self._simulation = simulation
        self._clips = _read(clips) if isinstance(clips, Path) else dict(clips)
        self._port = port
        self._http: _HttpServer | None = None

    @property
    def url(self) -> str:
        """The base address, such as ``http://127.0.0.1:8123``; kept after ``close``."""
        if not self._port:
            raise RuntimeError("the server has no address before it is started")
        return f"http://{HOST}:{self._port}"

    def start(self) -> Self:
        """Listen from now on; OSError when the port is taken."""
        if self._http is None:
            self._http = _HttpServer(self._simulation, self._clips, self._port)
            self._port = self._http.server_port
            self._http.open()
        return self

    def close(self) -> None:
        """Hang up on every client, stalled ones too, and wait for all threads to end."""
        http, self._http = self._http, None
        if http is not None:
            http.hang_up()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.close()


def _read(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.mp4"))}


class _HttpServer(ThreadingHTTPServer):
    """A daemon thread a connection, yet all joined at the end: the stdlib offers one or the other."""

    request_queue_size = 128
    allow_reuse_address = not _IS_WINDOWS  # there it would let two servers share a port

    def __init__(self, simulation: Simulation, clips: Mapping[str, bytes], port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.simulation = simulation
        self.clips = clips
        self.closing = Event()
        self.base_url = f"http://{HOST}:{self.server_port}"
        self._connections: list[tuple[Thread, socket.socket]] = []
        self._loop = Thread(target=self.serve_forever, args=(_POLL_S,), name="simulator", daemon=True)

    def server_bind(self) -> None:
        # HTTPServer's own asks the resolver for the host's full name, which can take seconds.
        TCPServer.server_bind(self)
        self.server_name, self.server_port = HOST, self.server_address[1]

    def open(self) -> None:
        self._loop.start()

    def hang_up(self) -> None:
        self.closing.set()
        self.shutdown()  # the loop has ended after this, so nobody else touches the connections
        for _, connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread, _ in self._connections:
            thread.join()
        self.server_close()
        self._loop.join()

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the stdlib's types
        serve = partial(self.process_request_thread, request, client_address)
        thread = Thread(target=serve, name="simulator connection", daemon=True)
        self._connections = [one for one in self._connections if one[0].is_alive()]
        self._connections.append((thread, request))
        thread.start()

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - the stdlib's types
        """Keep quiet about clients that hang up; show everything else, for that is a bug of ours."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PretendPixVerse"
    sys_version = ""
    disable_nagle_algorithm = True
    server: _HttpServer

    def do_GET(self) -> None:
        headers = tuple(self.headers.items())
        request = Request(self.command, self.path, headers, self.server.base_url)
        self._send(self.server.simulation.answer(request, self.server.clips))

    do_HEAD = do_GET

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the simulation keeps its own journal."""

    def _send(self, answer: Answer) -> None:
        if answer.delivery is Delivery.STALLED:
            self._wait_hung_up()
            return
        self._send_head(answer)
        if self.command != "HEAD":
            self._send_body(answer)

    def _wait_hung_up(self) -> None:
        self.close_connection = True
        while self.connection.recv(4096):
            pass

    def _send_head(self, answer: Answer) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.delivery is Delivery.CHUNKED:
            self.send_header("Transfer-Encoding", "chunked")
        elif answer.delivery is not Delivery.ENDLESS:
            self.send_header("Content-Length", str(_announced(answer)))
        if answer.delivery is Delivery.ENDLESS or _announced(answer) != len(answer.body):
            self.send_header("Connection", "close")  # the next answer would be misread
        self.end_headers()

    def _send_body(self, answer: Answer) -> None:
        match answer.delivery:
            case Delivery.ENDLESS:
                self._write_all(repeat(answer.body))
            case Delivery.RESET:
                self._write_all([answer.body[: len(answer.body) // 2]])
                self._reset()
            case Delivery.CHUNKED:
                self._write_all(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in self._paced(answer))
                self._write_all([b"0\r\n\r\n"])
            case _:
                self._write_all(self._paced(answer))

    def _write_all(self, pieces: Iterable[bytes]) -> None:
        for piece in pieces:
            self.wfile.write(piece)

    def _paced(self, answer: Answer) -> Iterator[bytes]:
        pace, body = answer.bytes_per_s, answer.body
        step = max(1, pace // _PIECES_PER_S) if pace else max(1, len(body))
        for start in range(0, len(body), step):
            if pace and self.server.closing.wait(step / pace):
                raise ConnectionAbortedError("the server is closing")
            yield body[start : start + step]

    def _reset(self) -> None:
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
        self.rfile.close()  # the socket stays open as long as this reader holds it
        self.connection.close()


def _announced(answer: Answer) -> int:
    return len(answer.body) if answer.length is None else answer.length
