"""Make the pictures of docs/views.md: every view of the window, light and dark.

.venv/bin/python packaging/make_pictures.py needs ffmpeg. The clips are made here, of colours that flow.
Nobody is asked anything, and nothing but docs/images is written.
"""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from benchmarks.desk import open_window
from pixverse_desktop.adapters.places import places
from pixverse_desktop.adapters.sqlite_store import FILE_NAME, SqliteVideoStore
from pixverse_desktop.app.event_loop import EventLoop
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.ui.compare_window import CompareWindow
from pixverse_desktop.ui.main_window import MainWindow
from pixverse_desktop.ui.theme import apply_theme, choose_appearance

IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
_SIZE = (1400, 820)
_BOAT = "A paper boat drifts down a rain-filled gutter at {time}, street lamps trembling in the water"
_PROMPTS = (
    _BOAT.format(time="dusk"),
    _BOAT.format(time="dawn"),
    _BOAT.format(time="dusk"),
    "Macro: a drop of ink opens like a flower in a glass of water",
    "Slow dolly shot through a greenhouse before sunrise, mist between the vines",
    "A kite shaped like a whale swims through evening clouds",
    "Northern lights over a field of sunflowers, time-lapse",
    "A glass city folds itself into a paper crane, in one continuous take",
    "夜の海辺を走る小さな電車、窓の明かりが波に映る",
    "Steam rises from a bowl of noodles in a narrow alley, neon rain outside",
    "A fox crosses a snowy railway bridge, seen from a drone",
    "A crowd in a stadium, faces recognisable, chanting a name",
)
_COLOURS = (
    "27408b",
    "ff7f50",
    "008b8b",
    "ffd166",
    "6a0dad",
    "ff5d8f",
    "0b3954",
    "bfd7ea",
    "1b4332",
    "95d5b2",
)
_NOW_S = 1.7953e9


def main() -> None:
    """Make all pictures."""
    app = QApplication([])
    app.setQuitOnLastWindowClosed(False)
    apply_theme(app)
    loop = EventLoop(app)
    asyncio.set_event_loop(loop)
    with loop, tempfile.TemporaryDirectory() as folder:
        clips = [_clip(Path(folder), number) for number in range(len(_PROMPTS))]
        for appearance in ("light", "dark"):
            choose_appearance(app, appearance)
            loop.run_until_complete(_picture_all(Path(folder) / appearance, clips, appearance))


async def _picture_all(data: Path, clips: list[Path], appearance: str) -> None:
    places(data).prepare()
    await _fill(data, clips)
    async with open_window(data, "http://127.0.0.1:9", "key") as (_, window):
        window.resize(*_SIZE)
        views: dict[str, Callable[[MainWindow], Awaitable[QWidget]]] = {
            "table": _table,
            "player": _resting,
            "narrow": _narrow,
            "several": _several,
            "gallery": _gallery,
            "wall": _wall,
            "compare": _compare,
            "wipe": _wipe,
        }
        for name, prepare in views.items():
            shown = await prepare(window)
            picture = QPixmap(shown.size())
            shown.render(picture, QPoint())
            picture.save(str(IMAGES / f"{name}-{appearance}.png"))
            print(f"docs/images/{name}-{appearance}.png")


async def _table(window: MainWindow) -> QWidget:
    window.page.show_video(_ref(3))
    await _until(lambda: window.player.view.has_picture)
    await asyncio.sleep(1.0)
    return window


async def _resting(window: MainWindow) -> QWidget:
    """Resting at a frame of a section, slowed down."""
    playback = window.player.playback
    playback.mark_section()
    await asyncio.sleep(0.8)
    playback.mark_section()
    playback.set_rate(0.5)
    playback.step(1)
    await asyncio.sleep(0.5)
    return window


async def _narrow(window: MainWindow) -> QWidget:
    window.resize(760, 640)
    await asyncio.sleep(0.3)
    return window


async def _several(window: MainWindow) -> QWidget:
    window.resize(*_SIZE)
    window.player.playback.set_rate(1.0)
    window.page.show_videos([_ref(number) for number in (0, 1, 2)])
    await asyncio.sleep(1.0)
    return window


async def _gallery(window: MainWindow) -> QWidget:
    window.page.show_video(_ref(4))
    window.page.views.show_gallery(True)
    await _until(lambda: window.page.views.gallery.shows_every_picture)
    await asyncio.sleep(0.5)
    return window


async def _wall(window: MainWindow) -> QWidget:
    window.actions_.play_all.trigger()
    window.page.views.gallery.set_tile_width(320)
    await asyncio.sleep(5.0)
    return window


async def _compare(window: MainWindow) -> QWidget:
    window.actions_.play_all.trigger()
    window.page.views.show_gallery(False)
    window.page.show_videos([_ref(number) for number in (0, 1, 2)])
    window.comparing.compare()
    await asyncio.sleep(2.0)
    return _compared()


async def _wipe(window: MainWindow) -> QWidget:
    _compared().close()
    window.page.show_videos([_ref(number) for number in (0, 1)])
    window.comparing.compare()
    await asyncio.sleep(2.0)
    QTest.keyClick(_compared(), Qt.Key.Key_W)
    await asyncio.sleep(0.5)
    return _compared()


def _compared() -> CompareWindow:
    windows = QApplication.topLevelWidgets()
    return next(each for each in windows if isinstance(each, CompareWindow) and each.isVisible())


def _ref(number: int) -> VideoRef:
    return VideoRef("default", str(391504857968062 + number * 7919))


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.02)


async def _fill(data: Path, clips: list[Path]) -> None:
    store = SqliteVideoStore(data / FILE_NAME)
    await store.open()
    videos = [_video(number, clip) for number, clip in enumerate(clips)]
    marks = {
        _ref(0): Marks(rating=4, tags=("hero",)),
        _ref(1): Marks(rating=2, tags=("hero",)),
        _ref(4): Marks(rating=5),
        _ref(9): Marks(is_rejected=True),
    }
    await store.put(videos, marks)
    await store.aclose()


def _video(number: int, clip: Path) -> Video:
    video = Video(
        video_id=_ref(number).video_id,
        added_at_s=_NOW_S + number,
        created_at_s=_NOW_S + number * 61,
        ended_at_s=_NOW_S + number * 61 + 48 + number * 5 % 23,
        status=VideoStatus.READY,
        status_code=1,
        second_look_done=True,
        url="http://127.0.0.1:9/clip.mp4",
        prompt=_PROMPTS[number],
        seed=(1577927491, 1577927491, 420042)[number] if number < 3 else 90210 + number * 7,
        width=720 if number == 5 else 1280,
        height=1280 if number == 5 else 720,
        size_bytes=clip.stat().st_size,
        saved_path=str(clip),
        saved_bytes=clip.stat().st_size,
        credits=45,
    )
    if number == len(_PROMPTS) - 1:
        return replace(
            video, status=VideoStatus.MODERATED, message="Blocked by PixVerse’s moderation.", saved_path=""
        )
    if number == len(_PROMPTS) - 2:
        return replace(video, status=VideoStatus.WAITING, ended_at_s=None, saved_path="", url="")
    return video


def _clip(folder: Path, number: int) -> Path:
    path = folder / f"{_ref(number).video_id}.mp4"
    size = "720x1280" if number == 5 else "1280x720"
    colours = ":".join(f"c{place}=0x{_COLOURS[(number * 2 + place) % len(_COLOURS)]}" for place in range(3))
    flow = f"gradients=size={size}:rate=24:duration=4:nb_colors=3:{colours}:speed=0.03:seed={number + 3}"
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", flow, "-f", "lavfi", "-i", "sine"]
    subprocess.run([*command, "-shortest", "-c:a", "aac", "-pix_fmt", "yuv420p", str(path)], check=True)
    return path


if __name__ == "__main__":
    main()
