import asyncio
import logging
import threading

import pytest

from pixverse_desktop.services.tasks import TaskNursery, run_in_daemon_thread
from tests.fakes.clock import settle


async def test_a_task_gives_its_result(nursery: TaskNursery) -> None:
    async def answer() -> int:
        return 42

    assert await nursery.start(answer(), name="answer") == 42


async def test_a_task_that_fails_is_logged_by_its_name_and_reported_once(
    nursery: TaskNursery, defects: list[BaseException], complaints: list[logging.LogRecord]
) -> None:
    async def fail() -> None:
        raise ZeroDivisionError("ours")

    nursery.start(fail(), name="the broken one")
    await settle()

    assert [str(defect) for defect in defects] == ["ours"]
    assert [record.getMessage() for record in complaints] == ["The task the broken one failed"]
    assert complaints[0].exc_info is not None
    defects.clear()
    complaints.clear()


async def test_closing_ends_every_task_and_waits_until_they_have_cleaned_up() -> None:
    cleaned: list[str] = []
    owner = TaskNursery(lambda error: None)

    async def live(name: str) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(name)

    tasks = [owner.start(live(name), name=name) for name in ("a", "b")]
    await settle()

    await owner.aclose()

    assert sorted(cleaned) == ["a", "b"]
    assert all(task.cancelled() for task in tasks)


async def test_a_task_that_resists_its_first_cancel_is_waited_for() -> None:
    owner = TaskNursery(lambda error: None)
    attempts = 0

    async def stubborn() -> None:
        nonlocal attempts
        while attempts < 3:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                attempts += 1

    task = owner.start(stubborn(), name="stubborn")
    await settle()
    closing = asyncio.ensure_future(owner.aclose())
    await settle()
    for _ in range(2):
        task.cancel()
        await settle()
    await closing

    assert task.done()


async def test_a_cancelled_task_is_no_defect(nursery: TaskNursery, defects: list[BaseException]) -> None:
    task = nursery.start(asyncio.Event().wait(), name="waiting")

    task.cancel()
    await settle()

    assert defects == []


async def test_nothing_starts_after_the_end() -> None:
    owner = TaskNursery(lambda error: None)
    await owner.aclose()

    with pytest.raises(RuntimeError, match="closed"):
        owner.start(asyncio.sleep(0), name="late")


async def test_blocking_work_gives_its_result_and_its_error() -> None:
    def fail() -> int:
        raise KeyError("theirs")

    assert await run_in_daemon_thread(lambda: 7, timeout_s=10, name="keychain") == 7
    with pytest.raises(KeyError, match="theirs"):
        await run_in_daemon_thread(fail, timeout_s=10, name="keychain")


async def test_blocking_work_that_takes_too_long_is_left_behind() -> None:
    released = threading.Event()
    ended = threading.Event()

    def block() -> None:
        released.wait()
        ended.set()

    with pytest.raises(TimeoutError):
        await run_in_daemon_thread(block, timeout_s=0.02, name="patience")

    assert not ended.is_set()
    released.set()
    ended.wait()


async def test_a_cancel_does_not_wait_for_blocking_work() -> None:
    released = threading.Event()
    working = asyncio.ensure_future(run_in_daemon_thread(released.wait, timeout_s=60, name="patience"))
    await settle()

    working.cancel()
    await asyncio.wait([working])

    assert working.cancelled()
    assert not released.is_set()
    released.set()
