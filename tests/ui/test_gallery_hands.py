"""The gallery by keyboard, by a rubber band with keys held, for a screen reader, and in other colours."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QContextMenuEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.theme import DARK, LIGHT
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, has_colour, turns, until
from tests.ui.lives import ONE, THREE, TWO
from tests.ui.test_gallery import CONTROL, MANY, NONE, SHIFT, click, columns, gallery, in_sight, move, tile_of

ALL = [ONE, TWO, THREE]


async def drag_band(desk: Desk, begin: QPoint, end: QPoint, held: Qt.KeyboardModifier) -> None:
    viewport = gallery(desk).viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, held, begin)
    for place in ((begin + end) / 2, end):
        move(desk, place, Qt.MouseButton.LeftButton, held)
        await turns()
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, held, end)
    await turns()


async def test_a_rubber_band_with_ctrl_adds_and_takes_away(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        across = columns(desk)
        await click(desk, MANY[0])
        await click(desk, MANY[2 * across], CONTROL)

        await drag_band(desk, QPoint(1, 1), tile_of(desk, MANY[1]), CONTROL)

        assert sorted(desk.selected) == [MANY[1], MANY[2 * across]]


async def test_a_rubber_band_alone_begins_anew(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        await click(desk, MANY[9])

        await drag_band(desk, QPoint(1, 1), tile_of(desk, MANY[1]), NONE)

        assert desk.selected == [MANY[0], MANY[1]]


async def test_ctrl_a_takes_all_and_shift_end_all_that_follow(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        await click(desk, MANY[3])
        await desk.press(Qt.Key.Key_End, SHIFT)
        assert desk.selected == MANY[3:]

        await desk.control(Qt.Key.Key_A)
        assert desk.selected == MANY


async def test_the_menu_key_opens_the_menu_at_the_cursor_and_in_sight(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        await click(desk, MANY[4])
        view = gallery(desk)
        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        middle, places = view.rect().center(), list[QPoint]()
        desk.window.page.views.menu_requested.connect(places.append)

        event = QContextMenuEvent(
            QContextMenuEvent.Reason.Keyboard, middle, view.mapToGlobal(middle)
        )  # as Qt sends it for the key
        QApplication.sendEvent(view, event)
        await turns()

        assert MANY[4] in in_sight(desk)
        tile = view.visualRect(view.currentIndex())
        assert [tile.contains(view.viewport().mapFromGlobal(place)) for place in places] == [True]
        desk.menus()[0].close()


async def test_letters_that_mean_nothing_leave_the_cursor_where_it_is(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        for video in list(desk.engine.library)[5:7]:
            await desk.engine.library.update(video.ref, lambda row: replace(row, prompt="water lily"))
        await click(desk, MANY[1])

        await desk.press(Qt.Key.Key_W)

        assert desk.selected == [MANY[1]]


async def test_a_screen_reader_is_told_what_a_tile_is(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.click("Gallery")
        await click(desk, TWO)
        reader = QAccessible.queryAccessibleInterface(gallery(desk))

        assert reader.text(QAccessible.Text.Name) == "Gallery of videos"
        tile = reader.focusChild()
        assert tile is not None
        assert f"Video {TWO}, Waiting" in tile.text(QAccessible.Text.Name)
        rect = gallery(desk).visualRect(gallery(desk).currentIndex())
        assert tile.rect().topLeft() == gallery(desk).viewport().mapToGlobal(rect.topLeft())
        assert tile.rect().size() == rect.size()


@pytest.mark.parametrize(("name", "tones"), [("Dark", DARK), ("Light", LIGHT)])
async def test_another_appearance_is_painted_at_once(
    open_desk: OpenDesk, name: str, tones: theme.Colours
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.click("Gallery")
        await desk.choose("Light" if name == "Dark" else "Dark")
        await turns()

        await desk.choose(name)
        await turns()

        seen = gallery(desk).viewport().grab().toImage()
        assert seen.pixelColor(seen.width() - 30, seen.height() - 4) == QColor(tones.base)
        assert has_colour(seen.copy(0, 0, 240, 180), tones.busy)


async def test_the_size_of_the_tiles_is_changed_by_keys(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        slider, before = desk.slider("Size of the tiles"), columns(desk)
        slider.setFocus()

        await desk.press(Qt.Key.Key_End)
        assert columns(desk) < before
        await desk.press(Qt.Key.Key_Home)
        assert columns(desk) > before
        assert slider.singleStep() >= 8  # or it takes a hundred strokes to see something


def words_begin_at(desk: Desk) -> int:
    """How far from the left of the first tile the line below its status begins."""
    view = gallery(desk)
    tile = view.visualRect(view.model().index(0, 0)).adjusted(6, 6, -6, 0)
    stage = view.viewport().grab(tile.adjusted(0, 0, 0, tile.width() * 9 // 16 - tile.height())).toImage()
    ground = QColor(theme.colours().window)
    lines = range(stage.height() * 2 // 3, stage.height() - 4)
    return min(x for x in range(4, stage.width()) for y in lines if stage.pixelColor(x, y) != ground)


async def test_an_open_tile_tells_how_long_clips_take_as_a_rule(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY[:8]) as desk:
        await desk.click("Gallery")
        without = words_begin_at(desk)
        for video in list(desk.engine.library)[1:]:
            await desk.engine.library.update(
                video.ref,
                lambda row: replace(
                    row,
                    status=VideoStatus.READY,
                    created_at_s=row.added_at_s,
                    modified_at_s=row.added_at_s + 64,
                    ended_at_s=row.added_at_s + 65,
                ),
            )

    async with open_desk(key=None) as desk:
        assert words_begin_at(desk) < without - 10  # "0:02 · usually 1:04"


async def test_the_tip_of_a_tile_tells_what_is_wrong_and_the_whole_prompt(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.click("Gallery")
        (video,) = desk.engine.library
        await desk.engine.library.update(
            video.ref,
            lambda row: replace(row, status=VideoStatus.FAILED, message="no <luck>", prompt="a paper boat"),
        )
        await until(lambda: desk.status(ONE) == "Failed")

        view, place = gallery(desk), tile_of(desk, ONE)
        event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)

        assert "no &lt;luck&gt;" in QToolTip.text()
        assert "a paper boat" in QToolTip.text()
        QToolTip.hideText()
        await until(lambda: not QToolTip.isVisible())


async def test_keys_after_a_new_order_go_on_from_the_cursor(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        await click(desk, MANY[2])
        desk.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
        await turns()
        assert desk.selected == [MANY[2]]
        await until(lambda: MANY[2] in in_sight(desk))

        await desk.press(Qt.Key.Key_Right)

        assert desk.selected == [MANY[1]]
        assert gallery(desk).currentIndex() != QModelIndex()
