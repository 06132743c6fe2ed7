"""News lies over the foot of the list: nothing moves for it, and it goes by hand, by key or by itself."""

from pathlib import Path

import pytest
from PySide6.QtCore import QLocale, QPoint, QRect, Qt
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QStatusBar, QWidget

from pixverse_desktop.ui import theme
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, mime, turns, until
from tests.ui.lives import ONE, THREE, TWO

ALL = [ONE, TWO, THREE]


def place(desk: Desk, widget: QWidget) -> QRect:
    return QRect(widget.mapTo(desk.window, QPoint(0, 0)), widget.size())


def toast(desk: Desk) -> QFrame:
    return next(frame for frame in desk.visible(QFrame) if frame.objectName() == "toast")


async def remove(desk: Desk, video_id: str) -> None:
    await desk.select(video_id)
    await desk.press(Qt.Key.Key_Delete)
    await until(lambda: desk.reads("1 removed from the list"))


async def test_news_moves_nothing(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        before = place(desk, desk.table)

        await remove(desk, ONE)

        assert place(desk, desk.table) == before
        shown = place(desk, toast(desk))
        assert before.contains(shown)
        assert shown.bottom() < place(desk, next(desk.visible(QStatusBar))).top()


@pytest.mark.parametrize("width", [640, 900, 1400])
async def test_news_stays_inside_the_list_as_the_window_changes(open_desk: OpenDesk, width: int) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await remove(desk, ONE)

        desk.window.resize(width, 560)
        await turns()

        assert place(desk, desk.table).contains(place(desk, toast(desk)))


async def test_escape_in_the_list_closes_the_news(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await remove(desk, ONE)

        await desk.press(Qt.Key.Key_Escape)

        assert not desk.reads("1 removed from the list")


async def test_the_buttons_of_the_news_are_reached_by_tab_and_give_the_focus_back(
    open_desk: OpenDesk,
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await remove(desk, ONE)
        for _ in range(30):
            await desk.press(Qt.Key.Key_Tab)
            if QApplication.focusWidget() is desk.button("Undo"):
                break
        await desk.press(Qt.Key.Key_Space)

        await until(lambda: ONE in desk.ids)
        assert QApplication.focusWidget() is desk.table


async def test_news_is_seen_where_there_is_no_list(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        desk.window.say("Something happened.")

        assert desk.reads("Something happened.")
        assert desk.window.rect().contains(place(desk, toast(desk)))


def _icon(desk: Desk, text: str) -> QPixmap:
    """The icon beside a sentence."""
    label = next(label for label in desk.labels() if text in label.text())
    banner = label.parentWidget()
    assert banner is not None
    beside = [one for one in banner.findChildren(QLabel) if not one.pixmap().isNull()]
    return beside[0].pixmap()


async def test_icons_follow_the_appearance(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.choose("Light")
        await desk.type("zebra", into="Search")
        desk.window.say("It did not work.", "warning")
        await desk.choose("Dark")

        seen = [_icon(desk, text).toImage() for text in ("It did not work.", "No video fits", "No key yet")]
        tones = theme.DARK
        wanted = [("warning", tones.warning, 20), ("search", tones.muted, 40), ("key", tones.warning, 16)]
        assert seen == [theme.icon(name, ink).pixmap(size, size).toImage() for name, ink, size in wanted]


async def test_a_failed_export_is_shown_as_a_warning(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        desk.window.exporter.write(list(desk.engine.library), tmp_path / "nowhere" / "a.csv", "csv")

        await until(lambda: desk.reads("a.csv"))
        assert (
            _icon(desk, "a.csv").toImage()
            == theme.icon("warning", theme.colours().warning).pixmap(20, 20).toImage()
        )


async def test_figures_in_news_are_written_as_everywhere(
    open_desk: OpenDesk, request: pytest.FixtureRequest
) -> None:
    former = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    request.addfinalizer(lambda: QLocale.setDefault(former))

    async with open_desk(key=None) as desk:
        many = [str(400_000_000_000 + number) for number in range(1234)]
        QGuiApplication.clipboard().setMimeData(mime("\n".join(many)))
        await desk.choose("Paste ids")
        await until(lambda: desk.reads("1,234 added"))
        await desk.control(Qt.Key.Key_A)
        await desk.press(Qt.Key.Key_Delete)

        await until(lambda: desk.reads("1,234 removed from the list"))
