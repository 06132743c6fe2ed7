"""What a person has selected stays theirs: over searches, orders, removals and what comes back."""

from collections.abc import Sequence

import pytest
from PySide6.QtCore import Qt

from pixverse_desktop.core.marks import with_tag
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.video_table import VideoTable
from pixverse_desktop.ui.video_table_model import VideoTableModel
from tests.ui.conftest import OpenDesk
from tests.ui.desk import has_colour, turns, until

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
    assert max(most, default=0) < 200 * len(Column)
    table.deleteLater()


async def test_the_focus_of_the_list_can_be_seen(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=IDS) as desk:
        await desk.select(IDS[2])
        accent = theme.colours().accent
        assert has_colour(desk.table.grab().toImage(), accent)

        desk.field("Search").setFocus()
        await turns()

        assert not has_colour(desk.table.grab().toImage(), accent)
