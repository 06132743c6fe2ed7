"""Ids the list cannot take: shelved, taken up by the next run, never called safe when they are not."""

import logging

import pytest

from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.held_ids import HeldIds
from pixverse_desktop.services.library import Library
from tests.fakes.clock import FakeClock
from tests.fakes.id_shelf import FakeShelf
from tests.fakes.video_store import FakeVideoStore
from tests.services.conftest import ref

ONE, TWO = ref("391504857968062"), ref("391504857968063")


@pytest.fixture
def store() -> FakeVideoStore:
    return FakeVideoStore()


@pytest.fixture
def held_library(store: FakeVideoStore, defects: list[BaseException]) -> Library:
    return Library(store, FakeClock(), Announcer(defects.append))


@pytest.mark.usefixtures("threadless")
class TestHeldIds:
    async def test_nothing_held_is_safe(self) -> None:
        assert HeldIds(FakeShelf()).is_safe

    async def test_what_is_held_is_on_the_shelf(self) -> None:
        shelf = FakeShelf()
        held = HeldIds(shelf)

        assert await held.hold([ONE, TWO])

        assert (held.refs, held.is_safe, shelf.read()) == ((ONE, TWO), True, (ONE, TWO))

    async def test_a_full_shelf_is_not_safe_until_it_takes_them(self) -> None:
        shelf = FakeShelf()
        shelf.is_full = True
        held = HeldIds(shelf)

        assert not await held.hold([ONE])
        assert not held.is_safe

        shelf.is_full = False
        assert await held.hold([TWO])
        assert shelf.read() == (ONE, TWO)

    async def test_what_the_list_took_leaves_the_shelf(self) -> None:
        shelf = FakeShelf()
        held = HeldIds(shelf)
        await held.hold([ONE, TWO])

        await held.let_go([ONE])

        assert (held.refs, shelf.read()) == ((TWO,), (TWO,))

    async def test_the_next_run_takes_them_up(self, held_library: Library) -> None:
        shelf = FakeShelf([ONE, ref("5")])

        assert await HeldIds(shelf).take_up(held_library) == 2

        assert [video.ref for video in held_library] == [ONE, ref("5")]
        assert shelf.read() == ()

    async def test_a_list_that_still_takes_nothing_leaves_them_held(
        self, held_library: Library, store: FakeVideoStore, complaints: list[logging.LogRecord]
    ) -> None:
        shelf = FakeShelf([ONE])
        store.is_failing = True
        held = HeldIds(shelf)

        assert await held.take_up(held_library) == 0
        await held.hold([TWO])

        assert shelf.read() == (ONE, TWO)
        assert len(complaints) == 1
        complaints.clear()
