"""The gallery with 10,000 rows that have pictures: scrolling, how soon pictures are there, memory."""

import asyncio
import gc
import resource
import statistics
import tempfile
import time
from itertools import count
from pathlib import Path

from PySide6.QtCore import QBuffer, QEvent, QIODevice, QRect
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from benchmarks.desk import keep_videos, open_window, run
from benchmarks.figures import Figures, finish, many_videos
from pixverse_desktop.adapters.places import places
from pixverse_desktop.adapters.poster_files import PosterFiles
from pixverse_desktop.core.video import Video
from pixverse_desktop.ui.gallery import GalleryView

_ROWS = 10_000
_DRAWINGS = 40
_JUMPS = 12
_FRAMES = 120
_WHEEL = 90  # pixels


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Figures(f"gallery, {_ROWS:,} rows with pictures")
        run(_measure(figures, Path(folder)))
    finish(figures)


async def _measure(figures: Figures, data: Path) -> None:
    where, videos = places(data), many_videos(_ROWS)
    where.prepare()
    await keep_videos(data, videos)
    await asyncio.to_thread(_keep_pictures, PosterFiles(where.posters), videos)
    async with open_window(data, "http://127.0.0.1:9", "key-of-the-benchmark") as (_, window):
        window.resize(1600, 900)
        views = window.page.views
        views.show_gallery(True)
        await asyncio.sleep(1.0)
        gc.freeze()  # as the program does once it is open
        shown_ms = [await _jump_ms(views.gallery, share) for share in range(1, _JUMPS)]
        figures.add("pictures from disk after a jump, the slowest", max(shown_ms), 200, "ms")
        frames_ms = [await _wheel_ms(views.gallery) for _ in range(_FRAMES)]
        figures.add("scrolling by the wheel, a frame", statistics.median(frames_ms), 16, "ms")
        figures.add("scrolling by the wheel, one frame in twenty", _slow(frames_ms), 16, "ms")
        jumps_ms = [_frame_ms(views.gallery, place * 1500) for place in range(1, 30)]
        figures.add("dragging the scroll bar, a frame", statistics.median(jumps_ms), 16, "ms")
        used_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        figures.add("memory of this process", used_mb, 300, "MB")


def _keep_pictures(posters: PosterFiles, videos: list[Video]) -> None:
    drawings = [_drawing(number) for number in range(_DRAWINGS)]
    for video, number in zip(videos, count(), strict=False):
        posters.put(video.ref, video.size_bytes, drawings[number % _DRAWINGS])


def _drawing(number: int) -> bytes:
    image = QImage(480, 270, QImage.Format.Format_RGB32)
    image.fill(QColor.fromHsv(number * 9, 200, 180))
    painter = QPainter(image)
    for part in range(12):
        painter.fillRect(QRect(part * 38, part * 20, 90, 60), QColor.fromHsv(part * 30, 150, 220))
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPG", 85)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


async def _jump_ms(view: GalleryView, share: int) -> float:
    """How long it takes after a jump until each clip in sight has its picture."""
    bar = view.verticalScrollBar()
    bar.setValue(bar.maximum() * share // _JUMPS)
    began = time.perf_counter()
    while not view.shows_every_picture:  # noqa: ASYNC110 - the last of many pictures
        await asyncio.sleep(0.002)
    return (time.perf_counter() - began) * 1000


async def _wheel_ms(view: GalleryView) -> float:
    """A notch of the wheel, with what it brings to be painted. Between the frames pictures may come."""
    await asyncio.sleep(0.01)
    bar = view.verticalScrollBar()
    return _frame_ms(view, bar.value() - _WHEEL)


def _frame_ms(view: GalleryView, value: int) -> float:
    began = time.perf_counter()
    view.verticalScrollBar().setValue(value)
    QApplication.sendPostedEvents(view.window(), QEvent.Type.UpdateRequest)
    return (time.perf_counter() - began) * 1000


def _slow(spans: list[float]) -> float:
    return statistics.quantiles(spans, n=20)[-1]


if __name__ == "__main__":
    main()
