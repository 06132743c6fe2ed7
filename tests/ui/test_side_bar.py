"""The bar of groups: live counts, tags, batches, saved searches."""

from pathlib import Path

from PySide6.QtCore import Qt

from pixverse_desktop.core.marks import batched, rejected, with_tag, without_tag
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.simulator import Simulation, stories
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, mime, until
from tests.ui.groups import bar, chosen, click_group, find, groups
from tests.ui.lives import ONE, THREE, TWO, life, ready

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
        await desk.control(Qt.Key.Key_D)

        assert desk.dialogs() == []
