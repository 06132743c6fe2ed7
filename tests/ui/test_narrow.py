"""Little room and large letters: the search stays in sight, and nothing keeps the window wide."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QStatusBar, QToolBar, QToolButton, QWidget

from pixverse_desktop.core.saves import SavingOverview
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, until
from tests.ui.groups import bar
from tests.ui.lives import ONE, THREE, TWO

ALL = [ONE, TWO, THREE]


@pytest.fixture(params=[10, 20])
def letters_pt(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[int]:
    """The size of all letters."""
    former = qapp.font()
    font = qapp.font()
    font.setPointSize(request.param)
    qapp.setFont(font)
    yield request.param
    qapp.setFont(former)


async def resize(desk: Desk, width: int) -> None:
    desk.window.resize(width, 620)
    await until(lambda: desk.window.width() == width)


def is_in_sight(desk: Desk, widget: QWidget) -> bool:
    """Whether the whole of it is inside the window."""
    place = QRect(widget.mapTo(desk.window, QPoint(0, 0)), widget.size())
    return widget.isVisible() and desk.window.rect().contains(place)


@pytest.mark.parametrize("width", [640, 1000, 1400])
async def test_ctrl_f_leads_to_a_field_in_sight_however_narrow(
    open_desk: OpenDesk, letters_pt: int, width: int
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await resize(desk, width)
        await desk.select(ONE)

        await desk.control(Qt.Key.Key_F)
        for key in (Qt.Key.Key_B, Qt.Key.Key_X, Qt.Key.Key_5):
            await desk.press(key)

        assert is_in_sight(desk, desk.field("Search"))
        assert desk.field("Search").text() == "bx5"
        assert desk.dialogs() == []
        await desk.press(Qt.Key.Key_Escape)
        assert desk.cell(ONE, "Rating") == ""


async def test_ctrl_f_again_selects_what_was_searched(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.type("6274", into="Search")
        await desk.press(Qt.Key.Key_Return)
        await desk.control(Qt.Key.Key_F)
        await desk.press(Qt.Key.Key_3)

        assert desk.field("Search").text() == "3"


@pytest.mark.parametrize("width", [640, 900, 1400])
async def test_every_button_of_the_tool_bar_stays_in_sight(
    open_desk: OpenDesk, letters_pt: int, width: int
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await resize(desk, width)
        tools = next(desk.visible(QToolBar))
        buttons = [tools.widgetForAction(action) for action in tools.actions() if action.text()]

        assert len(buttons) == 7
        assert all(isinstance(button, QToolButton) for button in buttons)
        await until(lambda: all(is_in_sight(desk, button) for button in buttons))


async def test_words_come_back_to_the_tool_bar_with_the_room(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        tools = next(desk.visible(QToolBar))
        for width, style in (
            (1400, Qt.ToolButtonStyle.ToolButtonTextBesideIcon),
            (640, Qt.ToolButtonStyle.ToolButtonIconOnly),
            (1400, Qt.ToolButtonStyle.ToolButtonTextBesideIcon),
        ):
            await resize(desk, width)
            assert tools.toolButtonStyle() is style


async def test_the_groups_make_way_and_come_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        groups = bar(desk)
        await resize(desk, 640)
        assert not groups.isVisible()
        assert desk.table.width() >= 320
        await resize(desk, 1000)

        assert groups.isVisible()
        assert groups.width() >= groups.minimumWidth()


async def test_a_window_that_was_narrow_at_its_end_has_its_groups_again(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await resize(desk, 640)

    async with open_desk(key=None) as again:
        await resize(again, 1400)

        assert bar(again).width() >= bar(again).minimumWidth() > 0


async def test_counts_that_do_not_fit_end_in_dots_and_are_read_in_the_tip(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        line = next(desk.visible(QStatusBar))
        counts = next(label for label in desk.labels() if label.accessibleName() == "Counts")
        assert counts.toolTip() == ""
        await desk.control(Qt.Key.Key_A)
        await until(lambda: "3 videos   ·   3 selected" in counts.text())
        counts.setText("a long line of counts   ·   " * 12)
        await resize(desk, 640)

        assert is_in_sight(desk, line)
        await until(counts.toolTip)


async def test_how_saving_stands_is_cut_short_and_read_in_the_tip(
    open_desk: OpenDesk, letters_pt: int
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        line = desk.window.saving.line
        line.show_saving(SavingOverview(11, 200, share=0.41, left_s=4000))
        await resize(desk, 640)

        await until(lambda: is_in_sight(desk, line))
        assert line.toolTip().startswith("Saving 12 of 200 · 41 % · 1 h 7 min left\n")


async def test_the_window_about_saving_fits_the_screen(open_desk: OpenDesk, letters_pt: int) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.choose("Saving…")
        page = await desk.dialog()

        assert page.width() <= desk.window.screen().availableGeometry().width()
        assert page.layout().totalMinimumSize().width() <= page.width()  # type: ignore[union-attr]
        await desk.press(Qt.Key.Key_Escape)


async def test_the_keyboard_page_fits_the_window_and_scrolls(open_desk: OpenDesk, letters_pt: int) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.press(Qt.Key.Key_F1)
        page = await desk.dialog()

        assert page.height() <= desk.window.height()
        area = page.findChildren(QScrollArea)[0]
        assert area.horizontalScrollBar().maximum() == 0
        area.setFocus()
        await desk.press(Qt.Key.Key_PageDown)
        assert area.verticalScrollBar().value() > 0
        await desk.press(Qt.Key.Key_Escape)
