"""From the click on a row to its first frame on the screen, against mpv told to load the same clip."""

import asyncio
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from benchmarks.clips import SECONDS, make_clip
from benchmarks.desk import keep_videos, open_window, ready_video, run
from benchmarks.figures import Figures, finish
from benchmarks.nginx import need, nginx
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.ui.main_window import MainWindow

_CLIPS = 24  # for each way; a clip is opened once, or it would come from the cache
_TURNS = 20
_PAUSE_S = 0.6  # between two clicks


def main() -> None:
    """Measure, on a screen: mpv has no first frame without one."""
    need("mpv", "ffmpeg", "xvfb-run")
    if not os.environ.get("DISPLAY"):
        os.environ["QT_QPA_PLATFORM"] = "xcb"
        screen = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
        os.execvp(screen[0], [*screen, sys.executable, "-m", "benchmarks.opening"])
    with (
        tempfile.TemporaryDirectory() as folder,
        nginx(Path(folder, "nginx"), _make_clips) as url,
        _mpv(Path(folder, "mpv")),
    ):
        figures = Figures(f"click to first frame, {_CLIPS} clips of 720p each way")
        run(_measure(figures, Path(folder), url))
    finish(figures)


def _make_clips(folder: Path) -> None:
    """One clip under as many names as needed."""
    folder.mkdir(parents=True)
    first = make_clip(folder / "0.mp4")
    for number in range(1, _CLIPS):
        shutil.copyfile(first, folder / f"{number}.mp4")


def _videos(clips: Path, url: str) -> list[Video]:
    """Each clip twice: saved already, and still to be fetched."""
    numbered = [(number, clips / f"{number}.mp4") for number in range(_CLIPS)]
    to_fetch = [ready_video(f"{number}1", f"{url}/{clip.name}") for number, clip in numbered]
    saved = [ready_video(f"{number}0", f"{url}/{clip.name}", clip) for number, clip in numbered]
    return [video for pair in zip(to_fetch, saved, strict=True) for video in pair]


async def _measure(figures: Figures, folder: Path, url: str) -> None:
    clips, data = folder / "nginx/www", folder / "data"
    await keep_videos(data, _videos(clips, url))
    ours: dict[str, list[float]] = {"disk": [], "http": []}
    theirs: dict[str, list[float]] = {"disk": [], "http": []}
    async with open_window(data, url, "key-of-the-benchmark") as (_, window), _told(folder / "mpv") as mpv:
        await _until(lambda: window.page.model.rowCount() == 2 * _CLIPS)
        # Anywhere in the list, for what is next to a clip is looked into before. By turns, so that what
        # disturbs the machine disturbs both.
        for number in random.Random(1).sample(range(_CLIPS), _CLIPS):
            places_of = {"disk": str(clips / f"{number}.mp4"), "http": f"{url}/{number}.mp4"}
            for digit, (way, place) in enumerate(places_of.items()):
                ours[way].append(await _click(window, f"{number}{digit}"))
                theirs[way].append(await mpv.load(place))
        turns = [await _turn(window) for _ in range(_TURNS)]
    for way in ("disk", "http"):
        mine, peer = statistics.median(ours[way]), statistics.median(theirs[way])
        print(f"  {way}: ours {mine:.0f} ms, mpv {peer:.0f} ms (medians)")
        figures.add(f"from {way}, against mpv", mine / peer, 1.5, "×")

    seen_ms, moves_ms = (statistics.median(each) for each in zip(*turns, strict=True))
    print(f"  from one clip to the next by key: it moves after {moves_ms:.0f} ms (median)")
    figures.add("from one clip to the next by key, seen, median", seen_ms, 100, "ms")


async def _turn(window: MainWindow) -> tuple[float, float]:
    """Milliseconds from a key to the picture of the clip above, and until its second frame."""
    await asyncio.sleep(2 * _PAUSE_S)  # a look at the clip
    player, began = window.page.player, time.perf_counter()
    seen: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    moves: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    connections = [
        player.frame_shown.connect(lambda: settle(seen)),
        player.playback.position_changed.connect(
            lambda ms: settle(moves) if 0 < ms < SECONDS * 500 else None
        ),
    ]
    QTest.keyClick(window.page.table, Qt.Key.Key_Up)
    await asyncio.wait_for(seen, 10)
    seen_ms = (time.perf_counter() - began) * 1000
    await asyncio.wait_for(moves, 10)
    moves_ms = (time.perf_counter() - began) * 1000
    player.frame_shown.disconnect(connections[0])
    player.playback.position_changed.disconnect(connections[1])
    return seen_ms, moves_ms


async def _click(window: MainWindow, video_id: str) -> float:
    """Milliseconds from the press on a row until its first frame has been painted."""
    page = window.page
    row = page.model.row(VideoRef("default", video_id))
    assert row is not None
    index = page.model.index(row, 1)
    page.table.scrollTo(index)
    await asyncio.sleep(_PAUSE_S)
    place = QPointF(page.table.visualRect(index).center())
    shown: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    connection = page.player.frame_shown.connect(lambda: settle(shown))
    began = time.perf_counter()
    for kind in (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease):
        button = Qt.MouseButton.LeftButton
        event = QMouseEvent(kind, place, place, button, button, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(page.table.viewport(), event)
    await asyncio.wait_for(shown, 10)
    page.player.frame_shown.disconnect(connection)
    return (time.perf_counter() - began) * 1000


def settle(shown: "asyncio.Future[None]") -> None:
    """Let who waits go on, once."""
    if not shown.done():
        shown.set_result(None)


class _Mpv:
    """A running mpv, told over its socket what to load."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def load(self, place: str) -> float:
        """Milliseconds from the command until mpv says that the first frame is shown."""
        await self._tell("stop")
        await self._await_event("end-file", at_most_s=0.3)
        await asyncio.sleep(_PAUSE_S)
        began = time.perf_counter()
        await self._tell("loadfile", place)
        await self._await_event("playback-restart", at_most_s=10)
        return (time.perf_counter() - began) * 1000

    async def _tell(self, *command: str) -> None:
        self._writer.write(json.dumps({"command": command}).encode() + b"\n")
        await self._writer.drain()

    async def _await_event(self, name: str, at_most_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(at_most_s):
                while json.loads(await self._reader.readline()).get("event") != name:
                    pass


@contextmanager
def _mpv(socket: Path) -> Iterator[None]:
    """mpv with nothing loaded, listening at ``socket``."""
    options = ("--no-config", "--idle", "--force-window=yes", "--vo=x11", "--ao=null", "--loop-file=inf")
    command = ["mpv", *options, "--really-quiet", f"--input-ipc-server={socket}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            yield
        finally:
            process.kill()


@asynccontextmanager
async def _told(socket: Path) -> AsyncIterator[_Mpv]:
    await _until(socket.exists)
    await asyncio.sleep(1.0)  # until its window is there
    reader, writer = await asyncio.open_unix_connection(str(socket))
    try:
        yield _Mpv(reader, writer)
    finally:
        writer.close()


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
        await asyncio.sleep(0.01)


if __name__ == "__main__":
    main()
