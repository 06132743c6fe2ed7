"""asyncio in Qt's loop, by qasync, with what is due run together and sockets watched without ado."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context

import qasync
from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication

_TURN_S = 0.004  # then the window has its turn

_Wish = tuple[Callable[..., object], tuple[object, ...]]


class EventLoop(qasync.QEventLoop):  # type: ignore[misc]
    """qasync's loop with one timer of Qt's for all callbacks that are due, and one notifier for each socket.

    qasync makes a timer for each callback, and a notifier each time a socket is to be read on. A download or
    a poll takes some dozens of them: half its time went there.
    """

    def __init__(self, app: QApplication | None = None) -> None:
        self._due: deque[asyncio.Handle] = deque()
        self._turn = QTimer(singleShot=True, interval=0)
        self._turn.timeout.connect(self._run_due)
        self._readers: dict[int, _Reader] = {}
        super().__init__(app)

    def call_soon(
        self, callback: Callable[..., object], *args: object, context: Context | None = None
    ) -> asyncio.Handle:
        """Have ``callback`` called in one of the next turns, in the order of asking."""
        handle = asyncio.Handle(callback, args, self, context)
        self._due.append(handle)
        if not self._turn.isActive():
            self._turn.start()
        return handle

    def close(self) -> None:
        """Forget what is due, and close."""
        self._turn.stop()
        self._due.clear()
        for reader in self._readers.values():
            reader.stop()
        self._readers.clear()
        super().close()

    def _add_reader(self, fd: int, callback: Callable[..., object], *args: object) -> None:
        self._check_closed()
        reader = self._readers.get(fd)
        if reader is None:
            reader = self._readers[fd] = _Reader(fd, self)
        reader.start((callback, args))

    def _remove_reader(self, fd: int) -> bool:
        reader = self._readers.get(fd)
        return reader is not None and reader.stop()

    def _run_due(self) -> None:
        end_s = time.perf_counter() + _TURN_S
        try:
            for _ in range(len(self._due)):
                handle = self._due.popleft()
                if not handle.cancelled():
                    handle._run()  # noqa: SLF001 - as every loop does
                if time.perf_counter() > end_s:
                    break
        finally:
            if self._due:
                self._turn.start()


class _Reader(QObject):
    """Tells of what can be read at a file descriptor, for as long as somebody wishes it.

    Kept when nobody does: the next socket of this number is watched by it, too.
    """

    def __init__(self, fd: int, loop: EventLoop) -> None:
        super().__init__()
        self._loop = loop
        self._wish: _Wish | None = None
        self._notifier = QSocketNotifier(fd, QSocketNotifier.Type.Read, self)
        self._notifier.setEnabled(False)
        self._notifier.activated.connect(self._on_ready)

    def start(self, wish: _Wish) -> None:
        """Have this called whenever there is something, and nothing else."""
        self._wish = wish
        self._notifier.setEnabled(True)

    def stop(self) -> bool:
        """Call nobody any more; whether somebody would have been."""
        was_wished, self._wish = self._wish is not None, None
        self._notifier.setEnabled(False)
        return was_wished

    def _on_ready(self) -> None:
        self._notifier.setEnabled(False)  # until it was read
        if self._wish is not None:
            self._loop.call_soon(self._tell, self._wish)

    def _tell(self, wish: _Wish) -> None:
        if self._wish is not wish:
            return
        callback, args = wish
        try:
            callback(*args)
        finally:
            if self._wish is wish:
                self._notifier.setEnabled(True)
