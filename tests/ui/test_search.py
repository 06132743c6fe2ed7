"""The search field: what is typed narrows the list, and nothing that comes is lost behind it."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.simulator import Simulation, stories
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, mime, turns, until
from tests.ui.groups import chosen, click_group, groups
from tests.ui.lives import ONE, THREE, TWO, life, ready

ALL = [ONE, TWO, THREE]


async def search(desk: Desk, text: str) -> None:
    await desk.type(text, into="Search")


async def filled(desk: Desk) -> None:
    await until(lambda: [desk.status(each) for each in ALL] == ["Ready", "Ready", "Failed"])


@pytest.fixture(autouse=True)
def _three_lives(simulation: Simulation) -> None:
    simulation.add(ready(ONE, prompt="a Paper boat"))
    simulation.add(ready(TWO, prompt="a fox in the snow"))
    simulation.add(life(THREE, stories.failed(0), prompt="a boat of stone"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BOAT", [ONE, THREE]),
        ("boat paper", [ONE]),
        ("boat -paper", [THREE]),
        ("status:failed", [THREE]),
        ("status:failed,ready fox", [TWO]),
        (THREE[:9], [THREE]),
    ],
)
async def test_what_is_typed_narrows_the_list(open_desk: OpenDesk, text: str, expected: list[str]) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)

        await search(desk, text)

        assert desk.ids == expected


async def test_each_key_narrows_further(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)

        seen = []
        for key in "pa":
            await search(desk, key)
            seen.append(desk.ids)

        assert seen == [[ONE], [ONE]]


async def test_ctrl_f_leads_to_the_search_and_escape_clears_it_then_leads_back(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await desk.select(ONE)
        await desk.control(Qt.Key.Key_F)
        await desk.press(Qt.Key.Key_B)
        await until(lambda: desk.ids == [ONE, THREE])

        await desk.press(Qt.Key.Key_Escape)
        assert desk.ids == ALL
        assert QApplication.focusWidget() is desk.field("Search")
        await desk.press(Qt.Key.Key_Escape)

        assert QApplication.focusWidget() is desk.table


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down])
async def test_enter_and_down_lead_to_the_first_of_what_was_found(open_desk: OpenDesk, key: Qt.Key) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await desk.select(ONE)
        await search(desk, "o -paper")
        assert desk.ids == [TWO, THREE]

        await desk.press(key)

        assert QApplication.focusWidget() is desk.table
        assert desk.selected == [TWO]


async def test_enter_before_the_list_has_followed_leads_to_what_fits_too(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        field = desk.field("Search")
        field.setFocus()

        QTest.keyClicks(field, "fox")
        QTest.keyClick(field, Qt.Key.Key_Return)

        assert desk.selected == [TWO]


async def test_from_an_empty_search_the_way_back_leads_to_what_is_selected(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await desk.select(TWO, THREE)
        await desk.control(Qt.Key.Key_F)

        await desk.press(Qt.Key.Key_Down)

        assert QApplication.focusWidget() is desk.table
        assert desk.selected == [TWO, THREE]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Down])
async def test_where_nothing_was_found_the_search_goes_on(open_desk: OpenDesk, key: Qt.Key) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await search(desk, "zebra")

        await desk.press(key)
        assert QApplication.focusWidget() is desk.field("Search")
        assert desk.has_button("Clear the search")
        await desk.press(Qt.Key.Key_Escape)
        assert desk.ids == ALL
        await desk.press(Qt.Key.Key_Escape)

        assert QApplication.focusWidget() is desk.table


async def test_keys_that_come_at_once_are_searched_for_once(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        seen: list[list[str]] = []
        desk.table.model().modelReset.connect(lambda: seen.append(desk.ids))

        await search(desk, "boat paper")

        assert seen == [[ONE]]


async def test_a_search_that_finds_nothing_says_so_and_can_be_cleared(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)

        await search(desk, "zebra")
        assert desk.reads("No video fits this search.")
        assert not desk.table.isVisible()
        await desk.click("Clear the search")

        assert desk.table.isVisible()
        assert desk.ids == ALL
        assert desk.field("Search").text() == ""


async def test_what_is_selected_stays_selected_while_it_fits(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await desk.select(THREE)

        await search(desk, "boat")

        assert desk.selected == [THREE]
        assert desk.reads(THREE)


async def test_what_does_not_fit_is_not_selected_behind_the_back(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await desk.select(TWO)

        await search(desk, "boat")

        assert desk.selected == []
        assert not desk.action("Remove from list").isEnabled()


async def test_what_a_search_hides_of_the_selection_comes_back_with_it(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await desk.select(ONE, TWO)

        seen = []
        for text in ("boat", "zebra", "fox", ""):
            desk.field("Search").clear()
            await search(desk, text)
            seen.append(desk.selected)

        assert seen == [[ONE], [], [TWO], [ONE, TWO]]
        assert desk.table.currentIndex().row() == desk.ids.index(TWO)
        assert desk.reads("2 videos selected")


async def test_a_clip_that_comes_meanwhile_does_not_take_the_place_of_a_hidden_selection(
    open_desk: OpenDesk,
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(TWO)
        await search(desk, ONE)
        assert (desk.ids, desk.selected) == ([ONE], [])

        await desk.engine.library.update(VideoRef("default", ONE), _finished)
        await until(lambda: desk.status(ONE) == "Ready")
        desk.field("Search").clear()
        await turns()

        assert desk.selected == [TWO]


def _finished(video: Video) -> Video:
    return replace(video, status=VideoStatus.READY, url="https://clips.invalid/a.mp4")


async def test_what_is_selected_in_a_search_is_all_that_stays_selected(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await desk.select(ONE, TWO)
        await search(desk, "boat")

        await desk.select(THREE)
        desk.field("Search").clear()
        await turns()

        assert desk.selected == [THREE]


async def test_what_is_taken_out_of_the_selection_in_a_search_stays_out(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await desk.select(ONE, THREE)
        await search(desk, "paper")
        assert desk.selected == [ONE]

        desk.table.clearSelection()
        desk.field("Search").clear()
        await turns()

        assert desk.selected == []


async def test_a_new_row_that_fits_appears_and_one_that_does_not_is_counted(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        await search(desk, "status:waiting,ready")
        await desk.engine.library.add([TWO], account="default")
        await turns()
        assert desk.ids == [ONE, TWO]

        desk.field("Search").clear()
        await search(desk, "paper")
        await desk.engine.library.add([THREE], account="default")

        await until(lambda: groups(desk)["All"] == "3")
        assert desk.ids == [ONE]


async def test_ids_that_are_dropped_come_into_sight_whatever_was_searched(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: desk.status(ONE) == desk.status(TWO) == "Ready")
        await search(desk, "paper")
        assert desk.ids == [ONE]

        await desk.drop(mime(THREE))

        await until(lambda: desk.selected == [THREE])
        assert desk.ids == [ONE, TWO, THREE]
        assert desk.field("Search").text() == ""


async def test_search_and_group_narrow_together(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await until(lambda: groups(desk).get("Failed") == "1")
        await search(desk, "boat")

        await click_group(desk, "Failed")
        assert desk.ids == [THREE]
        await click_group(desk, "All")

        assert desk.ids == [ONE, THREE]
        assert chosen(desk) == "All"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("status:saved", "“status:” does not know “saved”. It knows waiting, ready,"),
        ("is:ready", "“is:” does not know “ready”. It knows saved, unsaved,"),
        ("after:2025-10", "“after:” needs a day, such as after:2026-11-01."),
        ("rating:many", "“rating:” needs a number, such as rating:4"),
        ("model:boat", "“model:” is no filter, so it is looked for as a word. Filters: status, is,"),
    ],
)
async def test_what_was_not_understood_is_said(open_desk: OpenDesk, typed: str, said: str) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await search(desk, "status:waiting")
        assert not desk.reads("It knows")
        desk.field("Search").clear()

        await search(desk, typed)

        assert desk.reads(said)
        assert said in desk.field("Search").accessibleDescription()


async def test_a_hint_lies_over_the_list_while_the_field_has_the_focus(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        place = desk.table.mapTo(desk.window, QPoint(0, 0))
        await search(desk, "-status:saved")
        assert desk.ids == ALL
        assert desk.reads("It knows waiting")

        assert desk.table.mapTo(desk.window, QPoint(0, 0)) == place
        await desk.press(Qt.Key.Key_Return)
        assert not desk.reads("It knows waiting")


async def test_ids_that_are_dropped_on_the_field_are_added(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        assert not desk.field("Search").acceptDrops()  # so Qt goes on to the window

        await desk.drop(mime(TWO))

        await until(lambda: desk.ids == [ONE, TWO])


async def test_the_field_tells_which_group_it_searches(open_desk: OpenDesk) -> None:
    async with open_desk(ids=ALL) as desk:
        await filled(desk)
        await until(lambda: groups(desk).get("Failed") == "1")
        await click_group(desk, "Failed")

        assert desk.field("Search").placeholderText() == "Search in “Failed”"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("status:fai", "“status:” can be failed."),
        ("is:", "“is:” can be saved, unsaved,"),
        ("after:2026-1", "“after:” needs a day, such as after:2026-11-01."),
        ("tag:", ""),
        ('prompt:"a bo', "“prompt:” takes a whole prompt, between quotes."),
    ],
)
async def test_a_pair_hides_nothing_until_it_is_typed_to_its_end(
    open_desk: OpenDesk, typed: str, said: str
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        for letter in typed:
            await search(desk, letter)
            if ":" in desk.field("Search").text():
                assert desk.ids == ALL

        assert desk.reads(said)
