"""Tasks with an owner: named, held, their failures told, and all ended when the owner ends."""

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

_log = logging.getLogger(__name__)
_T = TypeVar("_T")


class TaskNursery:
    """Owns tasks. A task that fails is a defect of ours: logged with its traceback and reported once."""

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        self._report = report
        self._tasks: set[asyncio.Task[Any]] = set()
        self._is_closed = False

    @property
    def is_closed(self) -> bool:
        """Whether it takes no more tasks: the owner is ending."""
        return self._is_closed

    def start(self, work: Coroutine[Any, Any, _T], *, name: str) -> asyncio.Task[_T]:
        """Run ``work`` as a task of this nursery."""
        if self._is_closed:
            work.close()
            raise RuntimeError("The nursery is closed.")
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._on_done)
        return task

    async def aclose(self) -> None:
        """Cancel every task and wait until all have ended."""
        self._is_closed = True
        while self._tasks:
            tasks = tuple(self._tasks)
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            self._tasks.difference_update(tasks)

    def _on_done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _log.error("The task %s failed", task.get_name(), exc_info=error)
            self._report(error)


def share_the_interpreter() -> None:
    """Let threads change more often than Python has them do.

    A thread that computes lets go of the interpreter every 5 ms, and the window's takes it anew after
    each call of Qt: hundreds of times for one banner, which stood still for a second beside a long
    reading.
    """
    sys.setswitchinterval(0.0005)


async def run_in_daemon_thread(work: Callable[[], _T], *, timeout_s: float, name: str) -> _T:
    """Run blocking ``work`` off the loop, on a thread that may be left behind.

    For calls that can wait for a person, such as an unlock prompt: nothing can end them, so neither
    a cancel nor the end of the program waits for them.

    Raises:
        TimeoutError: ``work`` took longer than ``timeout_s``.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[_T] = loop.create_future()

    def settle(value: _T | None, error: BaseException | None) -> None:
        if outcome.done():
            return
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(value)  # type: ignore[arg-type]

    def run() -> None:
        value, error = None, None
        try:
            value = work()
        except Exception as caught:
            error = caught
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, value, error)

    threading.Thread(target=run, name=name, daemon=True).start()
    async with asyncio.timeout(timeout_s):
        return await outcome
