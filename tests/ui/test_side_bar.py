"""The bar of groups: live counts, tags, batches, saved searches."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from pixverse_desktop.core.marks import batched, rejected, with_tag, without_tag
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.simulator import Simulation, stories
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, mime, turns, until
from tests.ui.groups import bar, chosen, click_group, find, groups
from tests.ui.lives import ONE, THREE, TWO, life, ready
from tests.ui.rows import as_read

ALL = [ONE, TWO, THREE]


def ref(video_id: str) -> VideoRef:
    return VideoRef("default", video_id)


async def tag(desk: Desk, name: str, *video_ids: str) -> None:
    await desk.engine.library.mark(map(ref, video_ids), with_tag(name))
    await until(lambda: groups(desk).get(name) == str(len(video_ids)))


async def test_each_group_tells_how_many_there_are(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))
    simulation.add(life(TWO, stories.failed(0)))
    simulation.add(life(THREE, stories.never()))

    async with open_desk(ids=ALL) as desk:
        wanted = {"All": "3", "In progress": "1", "Ready": "1", "Not saved yet": "1", "Failed": "1"}
        await until(lambda: groups(desk) == wanted)


async def test_a_group_that_is_chosen_shows_its_rows_alone(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))
    simulation.add(life(TWO, stories.failed(0)))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: groups(desk).get("Failed") == groups(desk).get("Ready") == "1")

        await click_group(desk, "Failed")
        assert desk.ids == [TWO]
        await click_group(desk, "Ready")
        assert desk.ids == [ONE]
        await click_group(desk, "All")

        assert desk.ids == [ONE, TWO]


async def test_counts_follow_what_happens(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        assert groups(desk)["All"] == "3"

        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: groups(desk)["All"] == "1")
        await desk.control(Qt.Key.Key_Z)

        await until(lambda: groups(desk)["All"] == "3")


async def test_counts_of_tags_follow_removal_and_undo(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await tag(desk, "hero", ONE, TWO)
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: groups(desk).get("hero") == "1")
        await desk.control(Qt.Key.Key_Z)

        await until(lambda: groups(desk).get("hero") == "2")


async def test_tags_and_batches_are_groups(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([ref(THREE)], batched("night run"))
        await desk.engine.library.mark([ref(ONE)], rejected(True))
        await tag(desk, "two words", ONE, TWO)
        await until(lambda: groups(desk).get("night run") == groups(desk).get("Rejected") == "1")

        await click_group(desk, "two words")
        assert desk.ids == [ONE, TWO]
        await click_group(desk, "night run")
        assert desk.ids == [THREE]
        await click_group(desk, "Rejected")

        assert desk.ids == [ONE]


async def test_a_drop_is_a_batch_of_its_file(open_desk: OpenDesk, tmp_path: Path) -> None:
    (tmp_path / "monday.txt").write_text(f"{ONE}\n{TWO}")

    async with open_desk(key=None, ids=[THREE]) as desk:
        await desk.drop(mime(files=[tmp_path / "monday.txt"]))
        await until(lambda: groups(desk).get("monday.txt") == "2")

        await click_group(desk, "monday.txt")

        assert desk.ids == [ONE, TWO]


async def test_a_group_whose_tag_is_gone_gives_way_to_all(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await tag(desk, "hero", ONE)
        await click_group(desk, "hero")
        assert desk.ids == [ONE]

        await desk.engine.library.mark([ref(ONE)], without_tag("hero"))

        await until(lambda: chosen(desk) == "All")
        assert desk.ids == ALL
        assert "hero" not in groups(desk)
        assert "Tags" not in groups(desk)


async def test_a_chosen_group_stays_while_counts_change(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await tag(desk, "hero", ONE)
        await click_group(desk, "hero")

        await tag(desk, "another", TWO)

        assert chosen(desk) == "hero"
        assert desk.ids == [ONE]


async def keep_search(desk: Desk, text: str, name: str) -> None:
    await desk.type(text, into="Search")
    await desk.control(Qt.Key.Key_D)
    await desk.dialog()
    desk.field("Name of this search").clear()
    await desk.type(name, into="Name of this search")
    await desk.press(Qt.Key.Key_Return)
    await until(lambda: name in groups(desk))


async def test_a_search_is_kept_for_the_next_time(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await keep_search(desk, ONE[:6], "the first")

    async with open_desk(key=None) as again:
        await until(lambda: "the first" in groups(again))
        await click_group(again, "the first")

        assert again.ids == [ONE]


async def test_a_kept_search_is_removed_by_its_menu(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await keep_search(desk, ONE[:6], "the first")

        middle = bar(desk).visualItemRect(find(desk, "the first")).center()
        bar(desk).customContextMenuRequested.emit(middle)
        menu = desk.menus()[0]
        menu.actions()[0].trigger()
        menu.close()

        await until(lambda: "the first" not in groups(desk))
        assert "Saved searches" not in groups(desk)


async def test_without_a_search_there_is_nothing_to_keep(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        assert not desk.action("Keep this search…").isEnabled()
        await desk.control(Qt.Key.Key_D)

        assert desk.dialogs() == []


async def test_a_search_and_nothing_less_can_be_kept(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.type(ONE[:6], into="Search")

        await until(desk.action("Keep this search…").isEnabled)


@pytest.mark.parametrize("name", ['the "best" ids.txt', 'say "', "a\\b, c"])
async def test_a_batch_of_any_name_finds_its_rows(open_desk: OpenDesk, name: str) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([ref(TWO)], batched(name))
        await until(lambda: groups(desk).get(name) == "1")

        await click_group(desk, name)

        assert desk.ids == [TWO]


async def test_kept_searches_are_counted_and_follow_what_happens(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await keep_search(desk, "tag:hero", "heroes")
        await until(lambda: groups(desk)["heroes"] == "0")

        await tag(desk, "hero", ONE, TWO)
        await until(lambda: groups(desk)["heroes"] == "2")
        await desk.engine.library.remove([ref(ONE)])

        await until(lambda: groups(desk)["heroes"] == "1")


async def test_a_kept_search_equal_to_a_group_stays_chosen(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(life(ONE, stories.failed(0)))

    async with open_desk(ids=ALL) as desk:
        await until(lambda: groups(desk).get("Failed") == "1")
        await keep_search(desk, "status:failed", "my failures")
        desk.field("Search").clear()
        await click_group(desk, "my failures")

        await tag(desk, "another", TWO)

        assert chosen(desk) == "my failures"
        assert desk.ids == [ONE]


async def keep_another(desk: Desk, text: str, name: str) -> None:
    """Go as far as the question whether the search of that name is to be replaced."""
    desk.field("Search").clear()
    await desk.type(text, into="Search")
    await desk.choose("Keep this search…")
    await desk.dialog()
    desk.field("Name of this search").clear()
    await desk.type(name, into="Name of this search")
    await desk.press(Qt.Key.Key_Return)
    await desk.dialog()


async def test_a_kept_search_is_replaced_only_when_that_is_meant(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await keep_search(desk, ONE[:6], "mine")

        await keep_another(desk, TWO[:6], "mine")
        assert desk.reads(ONE[:6])
        await desk.press(Qt.Key.Key_Escape)
        assert (await desk.engine.library.views())["mine"] == ONE[:6]
        await keep_another(desk, TWO[:6], "mine")
        await desk.click("Replace")
        await desk.nothing_under_way("keep view")

        assert (await desk.engine.library.views())["mine"] == TWO[:6]


async def test_delete_in_the_bar_removes_the_kept_search_and_no_video(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await keep_search(desk, ONE[:6], "the first")
        await click_group(desk, "the first")
        desk.table.selectAll()
        bar(desk).setFocus()

        QTest.keyClick(bar(desk), Qt.Key.Key_Delete)
        await until(lambda: "the first" not in groups(desk))
        assert len(desk.engine.library) == 3
        assert desk.reads("The search “the first” is removed")
        await desk.click("Undo")

        await until(lambda: "the first" in groups(desk))


async def test_delete_on_another_group_does_nothing(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        desk.table.selectAll()
        bar(desk).setFocus()

        QTest.keyClick(bar(desk), Qt.Key.Key_Delete)
        await turns()

        assert desk.ids == ALL


async def test_a_heading_is_no_group(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await tag(desk, "hero", ONE)

        await click_group(desk, "Tags")
        assert chosen(desk) == "All"
        bar(desk).setFocus()
        while chosen(desk) != "hero":
            QTest.keyClick(bar(desk), Qt.Key.Key_Down)
            assert chosen(desk) != "Tags"
        assert desk.ids == [ONE]
        QTest.keyClick(bar(desk), Qt.Key.Key_Up)

        assert chosen(desk) == "In progress"


async def test_batches_are_listed_newest_first_with_their_whole_name_in_the_tip(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        for number, name in enumerate(("b first", "a second", "c third")):
            await desk.engine.library.add([ALL[number]], account="default", batch=name)
        await until(lambda: "c third" in groups(desk))

        assert [name for name in groups(desk) if name[1] == " "] == ["c third", "a second", "b first"]
        assert as_read(find(desk, "a second").toolTip(0)) == "a second"


async def many_batches(desk: Desk) -> None:
    for number in range(203):
        await desk.engine.library.add([str(500_000 + number)], account="default", batch=f"drop {number}")
    await until(lambda: "3 more…" in groups(desk))


async def test_batches_beyond_what_is_listed_are_reached_by_the_mouse(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        await many_batches(desk)
        assert "drop 0" not in groups(desk)

        await click_group(desk, "3 more…")

        assert "drop 0" in groups(desk)
        assert chosen(desk) == "All"


async def test_batches_beyond_what_is_listed_are_reached_by_the_keys(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        await many_batches(desk)
        await click_group(desk, "drop 3")

        QTest.keyClick(bar(desk), Qt.Key.Key_Down)

        assert chosen(desk) == "drop 2"


async def test_the_bar_does_not_scroll_while_counts_change(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        await many_batches(desk)
        await click_group(desk, "drop 202")
        scroll = bar(desk).verticalScrollBar()
        scroll.setValue(scroll.maximum() - 100)
        place, item = scroll.value(), find(desk, "drop 20")

        await desk.engine.library.mark([VideoRef("default", "500020")], rejected(True))
        await desk.engine.library.add(["600000"], account="default", batch="drop 20")
        await until(lambda: groups(desk).get("drop 20") == "2")

        assert scroll.value() == place
        assert find(desk, "drop 20") is item
        assert chosen(desk) == "drop 202"


async def rename(desk: Desk, tag_name: str, new: str) -> None:
    middle = bar(desk).visualItemRect(find(desk, tag_name)).center()
    bar(desk).customContextMenuRequested.emit(middle)
    menu = desk.menus()[0]
    menu.actions()[0].trigger()
    menu.close()
    await desk.dialog()
    assert desk.reads(f"Rename the tag “{tag_name}”")
    desk.field("New name").clear()
    await desk.type(new, into="New name")
    await desk.press(Qt.Key.Key_Return)


async def test_a_tag_is_renamed_everywhere_and_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await tag(desk, "hero", ONE, TWO)
        await rename(desk, "hero", "Star")
        await until(lambda: groups(desk).get("Star") == "2")
        assert "hero" not in groups(desk)

        await desk.choose("Undo")

        await until(lambda: groups(desk).get("hero") == "2")
        assert "Star" not in groups(desk)


async def test_a_tag_that_gets_the_name_of_another_becomes_it(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await tag(desk, "Hero", ONE)
        await tag(desk, "star", ONE, TWO)

        await rename(desk, "star", "hero")

        await until(lambda: groups(desk).get("Hero") == "2")
        assert "star" not in groups(desk)


async def test_the_case_of_a_tag_can_be_changed(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await tag(desk, "hero", ONE)

        await rename(desk, "hero", "Hero")

        await until(lambda: groups(desk).get("Hero") == "1")
