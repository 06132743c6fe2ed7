"""From one video to those made with the same seed or the same prompt."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from pixverse_desktop.core.video import Video, VideoRef
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, turns, until
from tests.ui.groups import chosen, click_group, groups
from tests.ui.lives import ONE, THREE, TWO
from tests.ui.test_gallery import click, gallery, tile_of
from tests.ui.test_view_menus import entries

ALL = [ONE, TWO, THREE]
CONTROL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
HARD = '-a "paper": boat\nprompt:"x" 日本 🚤 -is:saved \\ ' + "long " * 400 + '"'


async def make(desk: Desk, video_id: str, prompt: str = "", seed: int | None = None) -> None:
    """Let PixVerse have told what a video was made with."""

    def change(video: Video) -> Video:
        return replace(video, prompt=prompt, seed=seed)

    await desk.engine.library.update(VideoRef("default", video_id), change)


@pytest.mark.parametrize("prompt", ["a boat", HARD, '"' * 20_000], ids=["plain", "hard", "long"])
async def test_the_same_prompt_is_found_by_its_key(open_desk: OpenDesk, prompt: str) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await make(desk, ONE, prompt)
        await make(desk, TWO, prompt + " and more")
        await make(desk, THREE, prompt)
        await desk.select(THREE)
        await until(desk.action("Find same prompt").isEnabled)

        await desk.press(Qt.Key.Key_F, CONTROL_SHIFT)

        assert desk.ids == [ONE, THREE]
        assert desk.selected == [THREE]
        assert desk.table.hasFocus()
        assert desk.table.currentIndex().row() == 1
        assert not desk.reads("is no filter")


async def test_the_same_seed_is_found_by_its_key(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await make(desk, ONE, "a", 42)
        await make(desk, TWO, "b", 421)
        await make(desk, THREE, "c", 42)
        await desk.select(ONE)
        await until(desk.action("Find same seed").isEnabled)

        await desk.press(Qt.Key.Key_G, CONTROL_SHIFT)

        assert desk.field("Search").text() == "seed:42"
        assert desk.ids == [ONE, THREE]
        assert desk.selected == [ONE]


async def test_they_are_found_whatever_group_was_looked_at(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        for each in (ONE, THREE):
            await make(desk, each, "a boat", 7)
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_X)
        await until(lambda: groups(desk).get("Rejected") == "1")
        await click_group(desk, "Rejected")
        assert desk.ids == [ONE]

        await desk.choose("Find same seed")

        assert desk.ids == [ONE, THREE]
        assert chosen(desk) == "All"


async def test_several_rows_find_what_they_share(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await make(desk, ONE, "a boat", 1)
        await make(desk, TWO, "a boat", 2)
        await desk.select(ONE, TWO)
        await until(desk.action("Find same prompt").isEnabled)

        assert not desk.action("Find same seed").isEnabled()
        await desk.choose("Find same prompt")

        assert desk.ids == [ONE, TWO]
        assert desk.selected == [ONE, TWO]


async def test_where_nothing_is_known_there_is_nothing_to_find(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await make(desk, TWO, "a fox", 0)
        await desk.select(ONE)
        await until(desk.action("Copy ids").isEnabled)
        assert not desk.action("Find same prompt").isEnabled()
        assert not desk.action("Find same seed").isEnabled()

        await desk.select(TWO)

        await until(desk.action("Find same prompt").isEnabled)
        assert desk.action("Find same seed").isEnabled()


async def test_they_are_offered_as_soon_as_the_prompt_is_known(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await until(desk.action("Copy ids").isEnabled)

        await make(desk, ONE, "a boat", 3)

        await until(desk.action("Find same prompt").isEnabled)


async def test_both_stand_in_the_menus_of_the_bar_and_of_a_tile(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        for each in (ONE, TWO):
            await make(desk, each, "a boat", 5)
        assert {"Find same prompt", "Find same seed"} <= entries(desk, "Edit").keys()
        await desk.click("Gallery")
        await click(desk, ONE)

        gallery(desk).customContextMenuRequested.emit(tile_of(desk, ONE) + QPoint(1, 1))
        await until(desk.menus)
        menu: QMenu = desk.menus()[0]
        same_seed = next(each for each in menu.actions() if each.text().replace("&", "") == "Find same seed")
        assert same_seed.isEnabled()
        same_seed.trigger()
        menu.close()
        await turns()

        assert desk.ids == [ONE, TWO]
        assert desk.selected == [ONE]
