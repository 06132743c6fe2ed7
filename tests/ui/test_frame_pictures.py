"""Frames as small pictures: of the same colours and shapes as the large ones."""

import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtMultimedia import QtVideo, QVideoFrame
from pytestqt.qtbot import QtBot

from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.frame_pictures import picture
from pixverse_desktop.ui.frame_view import FrameView
from pixverse_desktop.ui.playback import Playback

_SOURCE = "testsrc=size={size}:rate=24:duration=0.2"


def _frame(qtbot: QtBot, folder: Path, size: str, *options: str) -> QVideoFrame:
    path = folder / f"{size}.mp4"
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", _SOURCE.format(size=size), *options]
    subprocess.run([*command, str(path)], check=True)
    found: list[QVideoFrame] = []
    playback = Playback(Settings())
    playback.frame_ready.connect(lambda frame: found.append(QVideoFrame(frame)))
    playback.cue(path)
    qtbot.waitUntil(lambda: bool(found), timeout=10_000)
    playback.unload()
    playback.deleteLater()
    return found[0]


def _far_apart(one: QImage, other: QImage) -> float:
    """How far the colours of two pictures of one size are apart on the average, of 255."""
    assert one.size() == other.size()
    places = [(x, y) for x in range(0, one.width(), 3) for y in range(0, one.height(), 3)]
    total = sum(_apart(one.pixelColor(*place), other.pixelColor(*place)) for place in places)
    return total / len(places)


def _apart(one: QColor, other: QColor) -> float:
    differences = (one.red() - other.red(), one.green() - other.green(), one.blue() - other.blue())
    return sum(abs(difference) for difference in differences) / 3


@pytest.mark.parametrize("size", ["1280x720", "720x1280", "1022x718", "3840x2160"])
@pytest.mark.parametrize("room", [QSize(210, 210), QSize(330, 330)])
def test_a_small_picture_looks_like_the_large_one(
    qtbot: QtBot, tmp_path: Path, size: str, room: QSize
) -> None:
    frame = _frame(qtbot, tmp_path, size, "-pix_fmt", "yuv420p")
    small = picture(frame, room)
    assert small.width() <= room.width() + 1
    assert small.height() <= room.height() + 1
    large = frame.toImage().scaled(
        small.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    assert _far_apart(small, large) < 6


def test_the_meaning_of_the_colours_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    options = ("-vf", "scale=out_range=full:out_color_matrix=bt709", "-color_range", "pc")
    frame = _frame(qtbot, tmp_path, "1280x720", *options, "-colorspace", "bt709", "-pix_fmt", "yuvj420p")
    small = picture(frame, QSize(210, 118))
    assert _far_apart(small, frame.toImage().scaled(small.size())) < 12


def test_a_picture_that_is_not_much_smaller_is_the_frame_itself(qtbot: QtBot, tmp_path: Path) -> None:
    frame = _frame(qtbot, tmp_path, "640x360", "-pix_fmt", "yuv420p")
    assert picture(frame, QSize(600, 400)) == frame.toImage()


def test_frames_of_other_kinds_are_shown_too() -> None:
    image = QImage(1280, 720, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    assert picture(QVideoFrame(image), QSize(210, 118)).size() == image.size()


@pytest.mark.parametrize("turn", [QtVideo.Rotation.Clockwise90, QtVideo.Rotation.Clockwise180])
def test_a_turned_frame_is_shown_turned(qtbot: QtBot, tmp_path: Path, turn: QtVideo.Rotation) -> None:
    frame = _frame(qtbot, tmp_path, "1280x720", "-pix_fmt", "yuv420p")
    frame.setRotation(turn)
    assert picture(frame, QSize(210, 118)) == frame.toImage()


def test_a_room_of_nothing_is_no_trouble(qtbot: QtBot, tmp_path: Path) -> None:
    frame = _frame(qtbot, tmp_path, "640x360", "-pix_fmt", "yuv420p")
    assert picture(frame, QSize(0, 0)).size() == QSize(2, 2)


def test_the_view_paints_small_and_gives_the_frame_whole(qtbot: QtBot, tmp_path: Path) -> None:
    frame = _frame(qtbot, tmp_path, "1280x720", "-pix_fmt", "yuv420p")
    view = FrameView()
    qtbot.addWidget(view)
    view.resize(320, 180)
    view.show_frame(frame)
    seen = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    large = frame.toImage().scaled(
        seen.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    assert _far_apart(seen, large) < 6
    assert view.image() == frame.toImage()
