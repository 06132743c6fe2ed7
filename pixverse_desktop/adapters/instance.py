"""One owner a list, and how others hand their wishes to it: a system lock, and a socket for this user only.

The lock decides who owns the list; the system lets go of it when the owner dies, so that nothing stale
can stand in the way. The socket (a named pipe on Windows) carries one JSON request and one JSON answer.
"""

import contextlib
import hashlib
import json
import logging
import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any

from pixverse_desktop.adapters.locks import lock_folder, lock_handle
from pixverse_desktop.core.errors import ListInUse, StoreFailed

PROTOCOL_VERSION = 1
_LOCK_NAME = "owner.lock"
_MAX_ADDRESS_BYTES = 4096
_MAX_MESSAGE_BYTES = 64 * 1024 * 1024
_ANSWER_TIMEOUT_S = 30.0
_REQUEST_TIMEOUT_S = 5.0

Request = dict[str, Any]
Handler = Callable[[Request], Request]

_log = logging.getLogger(__name__)


class ListOwnership:
    """Holds the list of one data folder for this process; a context manager.

    Raises ``ListInUse`` on entering if another process owns it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._handle: int | None = None
        self._held = contextlib.ExitStack()
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None
        self._closing = False

    def __enter__(self) -> "ListOwnership":
        if self._handle is None:
            self._take()
        return self

    def _take(self) -> None:
        with contextlib.ExitStack() as stack:
            try:
                handle = os.open(self._data_dir / _LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o600)
                stack.callback(os.close, handle)
                is_ours = lock_handle(handle)
                # The folder too: whoever removes the lock file of an owner would make room for a second.
                folder = lock_folder(self._data_dir) if is_ours else None
            except OSError as error:
                words = f"The data folder cannot be used: {error.strerror or error}."
                raise StoreFailed(f"{words} Check its permissions and its disk.") from error
            if folder is None:
                raise ListInUse("Another PixVerse Desktop is using this list.")
            stack.callback(os.close, folder)
            self._handle, self._held = handle, stack.pop_all()

    def __exit__(self, *_: object) -> None:
        self.stop_listening()
        self._held.close()
        self._handle = None

    def listen(self, handler: Handler) -> None:
        """Answer requests with ``handler``, called on a thread of this object's own.

        Raises:
            StoreFailed: there is no place for the socket.
        """
        try:
            self._listener = self._new_listener()
        except OSError as error:
            words = error.strerror or str(error)
            raise StoreFailed(f"Other programs cannot hand over to this one: {words}.") from error
        self._thread = threading.Thread(target=self._serve, args=(handler,), name="hand-over", daemon=True)
        self._thread.start()

    def _new_listener(self) -> Listener:
        address = _address(self._data_dir)
        if sys.platform.startswith("win"):
            return Listener(address)
        if os.path.exists(address):
            os.unlink(address)  # we hold the lock, so whoever made it is gone
        listener = Listener(address)
        os.chmod(address, 0o600)
        self._tell_address(address)
        return listener

    def _tell_address(self, address: str) -> None:
        """Write into the lock file where the socket is: others may have another XDG_RUNTIME_DIR."""
        assert self._handle is not None
        os.truncate(self._handle, 0)
        os.pwrite(self._handle, os.fsencode(address), 0)

    def stop_listening(self) -> None:
        """End the answering thread; harmless when there is none."""
        if self._listener is None or self._thread is None:
            return
        self._closing = True
        with contextlib.suppress(OSError):
            Client(_address(self._data_dir)).close()  # wakes the thread from accept()
        self._thread.join(timeout=_REQUEST_TIMEOUT_S * 2)
        self._listener.close()
        self._listener = self._thread = None

    def _serve(self, handler: Handler) -> None:
        assert self._listener is not None
        while not self._closing:
            try:
                with self._listener.accept() as connection:
                    if not self._closing:
                        _answer(connection, handler)
            except (OSError, EOFError, ValueError, RecursionError) as error:
                _log.info("A hand-over broke off: %s", type(error).__name__)


def hand_over(data_dir: Path, request: Request) -> Request:
    """Give ``request`` to the owner of the list and return its answer.

    Raises:
        ListInUse: the owner does not answer.
    """
    try:
        with Client(_told_address(data_dir) or _address(data_dir)) as connection:
            connection.send_bytes(json.dumps({"version": PROTOCOL_VERSION, **request}).encode())
            if not connection.poll(_ANSWER_TIMEOUT_S):
                raise ListInUse("The PixVerse Desktop that uses this list does not answer.")
            answer = json.loads(connection.recv_bytes(_MAX_MESSAGE_BYTES))
    except (OSError, EOFError, ValueError) as error:
        raise ListInUse("The PixVerse Desktop that uses this list does not answer.") from error
    return answer if isinstance(answer, dict) else {}


def _told_address(data_dir: Path) -> str:
    """The address the owner wrote down, or nothing."""
    if sys.platform.startswith("win"):
        return ""  # a locked file cannot be read there, and its pipes have one name for everybody
    try:
        return os.fsdecode((data_dir / _LOCK_NAME).read_bytes()[:_MAX_ADDRESS_BYTES])
    except OSError:
        return ""


def own_within(data_dir: Path, wait_s: float) -> ListOwnership:
    """Own the list as soon as a short-lived owner lets go of it. Blocking; the caller must exit it.

    Raises:
        ListInUse: somebody kept it for all of ``wait_s``.
    """
    deadline_s = time.monotonic() + wait_s
    while True:
        ownership = ListOwnership(data_dir)
        try:
            return ownership.__enter__()
        except ListInUse:
            if time.monotonic() >= deadline_s:
                raise
            time.sleep(0.05)


def _answer(connection: "Connection[bytes, bytes]", handler: Handler) -> None:
    if not connection.poll(_REQUEST_TIMEOUT_S):
        return
    request = json.loads(connection.recv_bytes(_MAX_MESSAGE_BYTES))
    if not isinstance(request, dict) or request.get("version") != PROTOCOL_VERSION:
        answer: Request = {"error": "The two programs are of different versions. Close the window first."}
    else:
        answer = handler(request)
    connection.send_bytes(json.dumps(answer).encode())


def _address(data_dir: Path) -> str:
    """A short address for a data folder, in a place only this user can enter (socket paths are limited)."""
    digest = hashlib.sha256(os.fsencode(data_dir.resolve())).hexdigest()[:20]
    if sys.platform.startswith("win"):
        return rf"\\.\pipe\pixverse-desktop-{digest}"
    return str(_private_folder() / f"{digest}.sock")


def _private_folder() -> Path:
    base = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    folder = Path(base) / f"pixverse-desktop-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    owner = folder.lstat()
    if owner.st_uid != os.getuid() or owner.st_mode & 0o077:
        raise StoreFailed(f"The folder {folder} is open to others. Remove it and start again.")
    return folder
