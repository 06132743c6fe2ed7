"""asyncio in Qt's loop: what is due runs in order, and the window has its turn between."""

import asyncio
import socket
import time

from PySide6.QtCore import QTimer

from tests.ui.desk import turns, until


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


async def test_a_socket_is_told_of_for_as_long_as_that_is_wished() -> None:
    loop, told = asyncio.get_running_loop(), list[bytes]()
    here, there = socket.socketpair()
    with here, there:
        loop.add_reader(here.fileno(), lambda: told.append(here.recv(10)))
        there.send(b"one")
        await until(lambda: told == [b"one"])
        there.send(b"two")
        await until(lambda: told == [b"one", b"two"])

        assert loop.remove_reader(here.fileno())
        assert not loop.remove_reader(here.fileno())
        there.send(b"three")
        await turns()
        assert told == [b"one", b"two"]

        loop.add_reader(here.fileno(), lambda: told.append(here.recv(10)))
        await until(lambda: told == [b"one", b"two", b"three"])
        loop.remove_reader(here.fileno())


async def test_sockets_of_one_number_after_another_are_told_of() -> None:
    numbers = {await number_that_was_read(word) for word in (b"one", b"two", b"three")}

    assert len(numbers) == 1


async def number_that_was_read(word: bytes) -> int:
    """The number of a socket that was told of, and had this word."""
    loop, told = asyncio.get_running_loop(), list[bytes]()
    here, there = socket.socketpair()
    with here, there:
        loop.add_reader(here.fileno(), lambda: told.append(here.recv(10)))
        there.send(word)
        await until(lambda: told == [word])
        loop.remove_reader(here.fileno())
        return here.fileno()


async def test_what_is_unwished_while_it_is_on_its_way_is_not_told() -> None:
    loop, told = asyncio.get_running_loop(), list[bytes]()
    here, there = socket.socketpair()
    other, far = socket.socketpair()
    with here, there, other, far:

        def read(mine: socket.socket, others: socket.socket) -> None:
            told.append(mine.recv(10))
            loop.remove_reader(others.fileno())

        loop.add_reader(here.fileno(), read, here, other)
        loop.add_reader(other.fileno(), read, other, here)
        there.send(b"one")
        far.send(b"two")

        await until(lambda: told)
        await turns()
        assert len(told) == 1
        loop.remove_reader(here.fileno())
        loop.remove_reader(other.fileno())
