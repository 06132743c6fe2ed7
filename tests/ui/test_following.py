"""What a person has selected stays theirs: over searches, orders, removals and what comes back."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from pixverse_desktop.core.events import VideosAdded, VideosRemoved
from pixverse_desktop.core.marks import rated, with_tag
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.video_table import VideoTable
from pixverse_desktop.ui.video_table_model import VideoTableModel
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, has_colour, mime, turns, until

IDS = [str(391504857968000 + number) for number in range(12)]


async def test_a_row_brought_back_stands_where_it_stood_and_is_selected(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=IDS) as desk:
        await desk.select(IDS[1], IDS[4])
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.ids == [IDS[0], *IDS[2:4], *IDS[5:]])

        await desk.control(Qt.Key.Key_Z)

        await until(lambda: desk.ids == IDS)
        assert desk.selected == [IDS[1], IDS[4]]
        assert [video.video_id for video in desk.engine.library] == IDS


async def test_after_a_removal_the_row_that_came_to_its_place_is_selected(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=IDS) as desk:
        await desk.select(IDS[9])
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.selected == [IDS[10]])

        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.selected == [IDS[11]])

        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.selected == [IDS[8]])


async def test_a_search_that_finds_nothing_on_the_way_keeps_the_selection(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=IDS) as desk:
        await desk.engine.library.mark([VideoRef("default", IDS[3])], with_tag("hero"))
        await desk.select(IDS[3])

        await desk.type("tag:hero", into="Search")  # "tag:h" fits no row
        assert desk.ids == [IDS[3]]
        assert desk.selected == [IDS[3]]

        desk.field("Search").clear()
        await until(lambda: desk.ids == IDS)
        assert desk.selected == [IDS[3]]


async def test_a_row_that_comes_to_fit_a_search_without_rows_appears(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=IDS) as desk:
        await desk.type("tag:new", into="Search")
        await until(lambda: desk.has_button("Clear the search"))

        await desk.engine.library.mark([VideoRef("default", IDS[3])], with_tag("new"))

        await until(lambda: desk.ids == [IDS[3]] and desk.table.isVisible())


class _Table(VideoTable):
    def ids(self) -> list[str]:
        return [video.video_id for video in self.selected_videos()]


@pytest.fixture
def model() -> VideoTableModel:
    found = VideoTableModel(lambda: 0.0)
    found.reset(
        [Video(video_id=str(number), added_at_s=0.0, prompt=str(number % 7)) for number in range(2000)]
    )
    return found


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("rows", [range(1000), range(0, 2000, 3), range(2000), [7]])
def test_a_new_order_keeps_the_selection_and_no_index_for_each_of_its_cells(
    model: VideoTableModel, rows: Sequence[int]
) -> None:
    table = _Table(model)
    table.show_videos([model.video(row).ref for row in rows])
    selected, current = set(table.ids()), table.current_ref()
    most: list[int] = []
    model.layoutChanged.connect(lambda: most.append(len(model.persistentIndexList())))

    table.sortByColumn(Column.PROMPT, Qt.SortOrder.DescendingOrder)

    assert set(table.ids()) == selected
    assert table.current_ref() == current
    assert max(most, default=0) <= 50 * len(Column)
    table.deleteLater()


async def test_the_focus_of_the_list_can_be_seen(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=IDS) as desk:
        await desk.select(IDS[2])
        accent = theme.colours().accent
        assert has_colour(desk.table.grab().toImage(), accent)

        desk.field("Search").setFocus()
        await turns()

        assert not has_colour(desk.table.grab().toImage(), accent)


@pytest.mark.usefixtures("qapp")
def test_a_row_that_came_after_all_were_selected_does_not_make_sorting_slow(model: VideoTableModel) -> None:
    table = _Table(model)
    table.selectAll()
    model.on_event(VideosAdded((Video(video_id="5000", added_at_s=0.0),)))
    most: list[int] = []
    model.layoutChanged.connect(lambda: most.append(len(model.persistentIndexList())))

    table.sortByColumn(Column.PROMPT, Qt.SortOrder.DescendingOrder)

    assert most == []
    assert table.selected_count() == 2000
    table.deleteLater()


@pytest.mark.usefixtures("qapp")
def test_after_many_rows_left_the_one_that_came_to_the_place_of_the_cursor_is_selected(
    model: VideoTableModel,
) -> None:
    table = _Table(model)
    gone = model.videos()[100:400]
    table.show_videos([video.ref for video in gone])

    model.on_event(VideosRemoved(tuple(gone)))

    assert table.ids() == ["400"]
    table.deleteLater()


def _ref(number: int) -> VideoRef:
    return VideoRef("default", IDS[number])


async def _make_ready(desk: Desk, number: int) -> None:
    def ready(row: Video) -> Video:
        return replace(row, status=VideoStatus.READY, url="http://127.0.0.1:9/x.mp4")

    await desk.engine.library.update(_ref(number), ready)


async def test_a_clip_that_becomes_ready_leaves_all_selected(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=IDS, is_polling=False) as desk:
        await desk.choose("Select all")

        await _make_ready(desk, 3)
        await turns()

        assert desk.selected == IDS


async def test_what_is_pasted_with_ctrl_held_is_selected_alone(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=IDS) as desk:
        await desk.select(IDS[2], IDS[4])  # the last click leaves Ctrl held

        await desk.paste(mime("409988776655441"))

        await until(lambda: desk.selected == ["409988776655441"])


async def test_a_restored_list_keeps_order_and_selection_and_shows_its_own_facts(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=IDS, is_polling=False):
        pass

    async with open_desk(key=None, is_polling=False) as desk:
        await desk.engine.library.mark([_ref(3)], with_tag("newer"))
        desk.table.sortByColumn(Column.VIDEO_ID, Qt.SortOrder.DescendingOrder)
        await desk.select(IDS[5], IDS[3])
        assert desk.reads("newer")

        await desk.choose("Restore backup…")
        await desk.dialog()
        await desk.click("Restore")
        await until(lambda: desk.reads("The backup is restored"))

        assert desk.ids == IDS[::-1]
        assert desk.selected == [IDS[5], IDS[3]]
        assert not desk.reads("newer")


MANY = [str(391504857968000 + number) for number in range(300)]


def _is_in_sight(desk: Desk, video_id: str) -> bool:
    index = desk.table.model().index(desk.ids.index(video_id), 0)
    return desk.table.viewport().rect().contains(desk.table.visualRect(index).center())


@pytest.mark.parametrize("search", ["8150", "8007"])
async def test_the_selected_row_is_in_sight_after_a_search(open_desk: OpenDesk, search: str) -> None:
    async with open_desk(key=None, ids=MANY, is_polling=False) as desk:
        await desk.select(MANY[150])
        await desk.type(search, into="Search")
        await until(lambda: len(desk.ids) == 1)

        desk.field("Search").clear()
        await until(lambda: desk.ids == MANY)

        assert desk.selected == [MANY[150]]
        assert _is_in_sight(desk, MANY[150])


async def test_the_selected_row_is_in_sight_after_sorting_and_one_out_of_sight_stays_there(
    open_desk: OpenDesk,
) -> None:
    async with open_desk(key=None, ids=MANY, is_polling=False) as desk:
        await desk.select(MANY[290])
        desk.table.sortByColumn(Column.VIDEO_ID, Qt.SortOrder.DescendingOrder)
        assert _is_in_sight(desk, MANY[290])

        desk.table.verticalScrollBar().setValue(3000)
        desk.table.sortByColumn(Column.VIDEO_ID, Qt.SortOrder.AscendingOrder)

        assert desk.table.verticalScrollBar().value() == 3000


async def test_when_the_row_under_the_cursor_settles_out_of_sight_the_next_is_selected(
    open_desk: OpenDesk,
) -> None:
    async with open_desk(key=None, ids=IDS, is_polling=False) as desk:
        await desk.type("is:unrated", into="Search")
        await desk.select(IDS[4])
        await desk.engine.library.mark([_ref(4)], rated(3))

        await until(lambda: desk.ids == IDS[:4] + IDS[5:])

        assert desk.selected == [IDS[5]]
