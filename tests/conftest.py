"""What every test is held to: no task, no thread and no complaint is left behind."""

import asyncio
import inspect
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

import pixverse_desktop
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clock import FakeClock
from tests.fakes.heard import Heard
from tests.fakes.video_api import FakeVideoApi
from tests.fakes.video_store import FakeVideoStore

_OUR_THREADS = ("store", "hand-over", "keychain")
_LAST_WORDS_S = 2.0  # a thread that has given its result may not have ended yet
_THE_LOOPS_OWN = ("asyncio_", "AnyIO worker")  # end with the loop, which is after us
_OUR_CODE = str(Path(pixverse_desktop.__file__).parent)


class _Complaints(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.pathname.startswith(_OUR_CODE):
            self.records.append(record)


@pytest.fixture(autouse=True)
def complaints() -> Iterator[list[logging.LogRecord]]:
    """Hold what our loggers complained of; a test that expects it looks at it and empties the list."""
    handler = _Complaints()
    logger = logging.getLogger("pixverse_desktop")
    logger.addHandler(handler)
    yield handler.records
    logger.removeHandler(handler)
    assert [record.getMessage() for record in handler.records] == []


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = [thread for thread in set(threading.enumerate()) - before if _is_ours(thread)]
    for thread in left:
        thread.join(_LAST_WORDS_S)
    assert [thread.name for thread in left if thread.is_alive()] == []


@pytest.fixture(autouse=True)
def no_task_left(request: pytest.FixtureRequest) -> None:
    if inspect.iscoroutinefunction(getattr(request, "function", None)):
        request.getfixturevalue("_no_task_left")


@pytest.fixture
async def _no_task_left() -> AsyncIterator[None]:
    yield
    left = {task for task in asyncio.all_tasks() if task is not asyncio.current_task()}
    if left:  # what was cancelled last, or lost its socket, has a moment to end
        _, left = await asyncio.wait(left, timeout=_LAST_WORDS_S)
    assert [task.get_name() for task in left] == []


def _is_ours(thread: threading.Thread) -> bool:
    if thread.name.startswith(_OUR_THREADS):
        return True
    return not thread.daemon and not thread.name.startswith(_THE_LOOPS_OWN)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def defects() -> Iterator[list[BaseException]]:
    """Hold what was reported as a defect of ours; a test that expects one empties the list."""
    reported: list[BaseException] = []
    yield reported
    assert reported == []


@pytest.fixture
def announcer(defects: list[BaseException]) -> Announcer:
    return Announcer(defects.append)


@pytest.fixture
def heard(announcer: Announcer) -> Heard:
    listener = Heard()
    announcer.subscribe(listener)
    return listener


@pytest.fixture
async def nursery(defects: list[BaseException]) -> AsyncIterator[TaskNursery]:
    owner = TaskNursery(defects.append)
    yield owner
    await owner.aclose()


@pytest.fixture
def store() -> FakeVideoStore:
    return FakeVideoStore()


@pytest.fixture
def api(clock: FakeClock) -> FakeVideoApi:
    return FakeVideoApi(clock)


@pytest.fixture
def library(store: FakeVideoStore, clock: FakeClock, announcer: Announcer) -> Library:
    return Library(store, clock, announcer)
