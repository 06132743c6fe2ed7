"""What every ``SaveStore`` has to do."""

from dataclasses import replace

import pytest

from pixverse_desktop.core.ports import SaveStore
from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.video import VideoRef

SEVEN = QueuedSave(VideoRef("default", "7"), "/clips/夜", 20.25)
EIGHT = QueuedSave(VideoRef("studio", "18446744073709551615"), "/clips", 10.5, "The “disk” is full.", True)


class SaveStoreContract:
    """Subclass it, and give it an open, empty store by overriding the fixture ``save_store``."""

    @pytest.fixture
    def save_store(self) -> SaveStore:
        """Override me."""
        raise NotImplementedError

    async def test_what_was_put_comes_back_as_it_was_the_earliest_first(self, save_store: SaveStore) -> None:
        await save_store.put_saves([SEVEN, EIGHT], [])

        assert list(await save_store.saves()) == [EIGHT, SEVEN]

    async def test_what_is_put_again_is_replaced(self, save_store: SaveStore) -> None:
        await save_store.put_saves([SEVEN], [])
        await save_store.put_saves([replace(SEVEN, reason="why", folder="/other")], [])

        assert list(await save_store.saves()) == [replace(SEVEN, reason="why", folder="/other")]

    async def test_what_is_dropped_is_forgotten(self, save_store: SaveStore) -> None:
        await save_store.put_saves([SEVEN, EIGHT], [])
        await save_store.put_saves([], [SEVEN.ref, VideoRef("default", "404")])

        assert list(await save_store.saves()) == [EIGHT]
