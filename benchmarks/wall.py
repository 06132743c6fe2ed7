"""A wall of sixteen clips of 720p in the real window: how many play, how fluently, how late the window is."""

import asyncio
import resource
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject

from benchmarks.clips import make_plain_clip
from benchmarks.desk import keep_videos, open_window, run
from benchmarks.figures import Figures, LoopLatency, finish, many_videos
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.ui.gallery import GalleryView
from pixverse_desktop.ui.list_page import ListPage

_TILES = 16
_FPS = 24
_CLIP_S = 8
_FOR_S = 60  # each clip is decoded once or twice before it plays from its strip
_SOURCES = ("testsrc2", "mandelbrot")


class Watch(QObject):
    """Counts the pictures that each tile gets to paint, and looks once a second how many tiles play."""

    def __init__(self, page: ListPage, view: GalleryView) -> None:
        super().__init__()
        self._view = view
        self._pictures: dict[VideoRef, int] = {}
        self.playing: list[int] = []
        self.shares: list[float] = []
        page.moving.changed.connect(self._on_changed)

    async def run(self, for_s: float) -> None:
        """Look for so many seconds."""
        for _ in range(round(for_s)):
            self._pictures.clear()
            began_s = time.perf_counter()
            before = self._view.playing.playing
            await asyncio.sleep(1.0)
            due = _FPS * (time.perf_counter() - began_s) * min(before, self._view.playing.playing)
            self.playing.append(self._view.playing.playing)
            if due:
                self.shares.append(min(1.0, sum(self._pictures.values()) / due))

    def _on_changed(self, ref: VideoRef) -> None:
        self._pictures[ref] = self._pictures.get(ref, 0) + 1


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Figures(f"wall, {_TILES} tiles of 720p, {_FPS} fps, for {_FOR_S} s")
        run(_measure(figures, Path(folder)))
    finish(figures)


async def _measure(figures: Figures, folder: Path) -> None:
    data = folder / "data"
    await keep_videos(data, _saved_videos(folder))
    async with open_window(data, "http://127.0.0.1:9", "key-of-the-benchmark") as (_, window):
        window.resize(1600, 960)
        view = window.page.views.gallery
        window.page.views.show_gallery(True)
        await asyncio.sleep(3.0)  # the first pictures, and the player's clip
        window.player.playback.pause()
        watch, latency = Watch(window.page, view), LoopLatency()
        view.set_plays_all(True)
        await watch.run(_FOR_S)
        late_ms = latency.close()
    figures.add("tiles that play in the end", watch.playing[-1], 12, "", at_least=True)
    figures.add("tiles that play, on average", statistics.mean(watch.playing), 6, "", at_least=True)
    share = 100 * statistics.mean(watch.shares[1:])
    figures.add("pictures of those due for the tiles that play", share, 90, "%", at_least=True)
    figures.add("lateness of the loop, p99", late_ms, 33, "ms")
    used_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures.add("memory of this process", used_mb, 700, "MB")
    print("  playing, second by second:", *watch.playing)


def _saved_videos(folder: Path) -> list[Video]:
    """Each with a file of its own, so that the disk is asked for all."""
    clips = [
        make_plain_clip(folder / f"{source}.mp4", source, fps=_FPS, seconds=_CLIP_S) for source in _SOURCES
    ]
    videos = []
    for number, video in enumerate(many_videos(_TILES)):
        path = folder / f"{video.video_id}.mp4"
        path.write_bytes(clips[number % len(clips)].read_bytes())
        size_bytes = path.stat().st_size
        videos.append(
            replace(
                video,
                status=VideoStatus.READY,
                ended_at_s=video.added_at_s + 60,
                saved_path=str(path),
                saved_bytes=size_bytes,
                size_bytes=size_bytes,
            )
        )
    return videos


if __name__ == "__main__":
    main()
