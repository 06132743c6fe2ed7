"""asyncio in Qt's loop, by qasync, with what is due run together."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from contextvars import Context

import qasync
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

_TURN_S = 0.004  # then the window has its turn


class EventLoop(qasync.QEventLoop):  # type: ignore[misc]
    """qasync's loop with one timer of Qt's for all callbacks that are due; qasync itself makes one for each.

    A download or a poll takes some dozens of them, and a third of its time went into the timers.
    """

    def __init__(self, app: QApplication | None = None) -> None:
        self._due: deque[asyncio.Handle] = deque()
        self._turn = QTimer(singleShot=True, interval=0)
        self._turn.timeout.connect(self._run_due)
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
        super().close()

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
