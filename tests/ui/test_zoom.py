"""The picture in its own pixels: none is changed, a hand drags it about, the next clip keeps the spot."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QPixmap
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pixverse_desktop.simulator import Simulation
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.zoom_view import FIT, ZoomView
from tests.ui import mouse
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, until
from tests.ui.lives import BLUE, ONE, RED, TWO, ready

BAND = "#204A97"  # at the foot of the blue clip
ROOM = QSize(300, 200)


def checked(width: int, height: int) -> QImage:
    """A picture of which no two neighbouring pixels are alike."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    for x in range(width):
        for y in range(height):
            image.setPixelColor(x, y, QColor((x * 7) % 256, (y * 11) % 256, (x * 13 + y * 17) % 256))
    return image


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ZoomView]:
    one = ZoomView()
    one.resize(ROOM)
    one.show()
    yield one
    one.close()
    one.deleteLater()


def seen(view: ZoomView, ratio: float = 1.0) -> QImage:
    """What is painted on a screen of this scale, without the words over it."""
    for label in view.findChildren(QLabel):
        label.hide()
    pixmap = QPixmap(view.size() * ratio)
    pixmap.setDevicePixelRatio(ratio)
    view.render(pixmap)
    return pixmap.toImage().convertToFormat(QImage.Format.Format_RGB32)


def middle_part(image: QImage, size: QSize) -> QImage:
    corner = QPoint((image.width() - size.width()) // 2, (image.height() - size.height()) // 2)
    return image.copy(QRect(corner, size))


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_in_actual_size_each_pixel_is_that_of_the_frame(view: ZoomView, ratio: float) -> None:
    frame = checked(1000, 800)
    view.show_frame(QVideoFrame(frame))

    view.set_scale(1)

    image = seen(view, ratio)
    expected = middle_part(frame, image.size())
    image.setDevicePixelRatio(1)
    assert image == expected


def test_at_two_hundred_percent_each_pixel_is_four(view: ZoomView) -> None:
    frame = checked(700, 500)
    view.show_frame(QVideoFrame(frame))

    view.set_scale(2)

    part = middle_part(frame, ROOM / 2)
    fast = Qt.TransformationMode.FastTransformation
    assert seen(view) == part.scaled(ROOM, Qt.AspectRatioMode.IgnoreAspectRatio, fast)


def test_a_small_clip_is_not_enlarged(view: ZoomView) -> None:
    frame = checked(100, 60)
    view.show_frame(QVideoFrame(frame))

    view.set_scale(1)

    image = seen(view)
    assert image.copy(100, 70, 100, 60) == frame
    assert image.pixelColor(99, 100) == QColor(theme.colours().stage)
    assert view.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_a_hand_drags_it_about_as_far_as_it_goes_and_does_not_click(view: ZoomView) -> None:
    frame, clicks = checked(700, 500), []
    view.clicked.connect(lambda: clicks.append(1))
    view.show_frame(QVideoFrame(frame))
    view.set_scale(1)
    assert seen(view) == frame.copy(200, 150, 300, 200)
    assert view.cursor().shape() is Qt.CursorShape.OpenHandCursor

    mouse.press(view, QPoint(200, 100))
    mouse.move(view, QPoint(160, 120), is_held=True)
    assert view.cursor().shape() is Qt.CursorShape.ClosedHandCursor
    mouse.release(view, QPoint(160, 120))
    assert seen(view) == frame.copy(240, 130, 300, 200)

    mouse.drag(view, QPoint(10, 190), QPoint(900, 900))
    assert seen(view) == frame.copy(0, 0, 300, 200)
    assert clicks == []
    mouse.press(view, QPoint(50, 50))
    mouse.release(view, QPoint(50, 50))
    assert clicks == [1]


def test_the_spot_stays_when_another_frame_comes(view: ZoomView) -> None:
    first, second = checked(700, 500), checked(700, 500)
    second.invertPixels()
    view.show_frame(QVideoFrame(first))
    view.set_scale(1)
    seen(view)
    mouse.drag(view, QPoint(200, 100), QPoint(160, 60))

    view.clear()
    view.show_frame(QVideoFrame(second))

    assert seen(view) == second.copy(240, 190, 300, 200)


def test_fitted_it_is_painted_as_ever(view: ZoomView) -> None:
    frame = checked(600, 400)
    view.show_frame(QVideoFrame(frame))
    before = seen(view)

    for scale in (1, 2, FIT):
        view.next_scale()
        assert view.scale == scale

    assert seen(view) == before


def words_over(desk: Desk) -> list[str]:
    """What stands over the picture."""
    view = desk.view()
    return [] if view is None else [label.text() for label in view.findChildren(QLabel) if label.isVisible()]


async def test_z_turns_to_actual_size_and_the_next_clip_keeps_it(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE))
    simulation.add(ready(TWO, "03-blue.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: desk.status(ONE) == desk.status(TWO) == "Ready")
        await desk.select(ONE)
        await until(lambda: desk.sees_colour(RED))
        await desk.press(Qt.Key.Key_Z)
        assert words_over(desk) == ["100 %"]
        await until(lambda: words_over(desk) == [])

        await desk.press(Qt.Key.Key_Down)
        await until(lambda: desk.sees_colour(BLUE))
        assert desk.window.player.view.scale == 1
        await desk.press(Qt.Key.Key_Z)
        for _ in range(9):
            await desk.press(Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)

        assert desk.selected == [TWO]
        await until(lambda: desk.sees_colour(BAND, tolerance=12))


async def test_the_menu_of_the_picture_offers_the_sizes(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.sees_colour(RED))
        view, place = desk.window.player.view, QPoint(50, 50)
        reason = QContextMenuEvent.Reason.Mouse
        QApplication.sendEvent(view, QContextMenuEvent(reason, place, view.mapToGlobal(place)))
        (menu,) = desk.menus()
        words = {action.text().replace("&", "").split("\t")[0]: action for action in menu.actions()}

        assert words["Fitted"].isChecked()
        words["200 %"].trigger()
        menu.close()

        assert view.scale == 2
