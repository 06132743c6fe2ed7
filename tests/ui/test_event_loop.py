"""asyncio in Qt's loop: what is due runs in order, and the window has its turn between."""

import asyncio
import time

from PySide6.QtCore import QTimer

from tests.ui.desk import until


async def test_callbacks_run_in_the_order_of_asking_and_not_at_once() -> None:
    loop, done = asyncio.get_running_loop(), list[int]()

    for number in range(100):
        loop.call_soon(done.append, number)

    assert done == []
    await until(lambda: len(done) == 100)
    assert done == list(range(100))


async def test_a_cancelled_callback_does_not_run() -> None:
    loop, done = asyncio.get_running_loop(), list[str]()

    loop.call_soon(done.append, "one").cancel()
    loop.call_soon(done.append, "two")

    await until(lambda: "two" in done)
    assert done == ["two"]


async def test_a_callback_that_fails_is_told_and_the_others_run() -> None:
    loop, done, told = asyncio.get_running_loop(), list[str](), list[object]()
    former = loop.get_exception_handler()
    loop.set_exception_handler(lambda _, context: told.append(context["exception"]))

    loop.call_soon(lambda: [].pop())
    loop.call_soon(done.append, "two")

    await until(lambda: "two" in done)
    loop.set_exception_handler(former)
    assert [type(error) for error in told] == [IndexError]


async def test_the_window_has_its_turn_while_much_is_due() -> None:
    loop, at_turn, done = asyncio.get_running_loop(), list[int](), list[int]()

    def work(number: int) -> None:
        end_s = time.perf_counter() + 0.002
        while time.perf_counter() < end_s:
            pass
        done.append(number)

    for number in range(50):
        loop.call_soon(work, number)
    QTimer.singleShot(0, lambda: at_turn.append(len(done)))

    await until(lambda: len(done) == 50)
    assert at_turn
    assert at_turn[0] < 25
