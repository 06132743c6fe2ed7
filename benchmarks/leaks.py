"""Clips opened and closed 500 times in the real window: handles, threads and memory stay as they were."""

import asyncio
import gc
import os
import tempfile
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from benchmarks.clips import make_clip
from benchmarks.desk import keep_videos, open_window, ready_video, run
from benchmarks.figures import Figures, finish
from benchmarks.opening import settle
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.ui.compare_pane import ComparePane
from pixverse_desktop.ui.compare_window import CompareWindow
from pixverse_desktop.ui.main_window import MainWindow

_TIMES = 500
_WARM_UP = 60
_COMPARISONS = 100
_REFS = [VideoRef("default", str(number)) for number in (1, 2)]


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Figures(f"clips opened and closed {_TIMES} times, and compared {_COMPARISONS} times")
        run(_measure(figures, Path(folder)))
    finish(figures)


async def _measure(figures: Figures, data: Path) -> None:
    clips = {ref: make_clip(data / f"{ref.video_id}.mp4") for ref in _REFS}
    gone = "http://127.0.0.1:9/x.mp4"
    await keep_videos(data, [ready_video(ref.video_id, gone, clip) for ref, clip in clips.items()])
    async with open_window(data, "http://127.0.0.1:9", "key-of-the-benchmark") as (_, window):
        page = window.page
        while page.model.rowCount() < len(_REFS):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.01)
        await _compare(figures, "opened", lambda: _open_and_close(window), _WARM_UP, _TIMES)
        await _compare(figures, "compared", lambda: _compare_and_close(window), _WARM_UP, _COMPARISONS)


async def _compare(
    figures: Figures, deed: str, work: Callable[[], Awaitable[None]], warm_up: int, times: int
) -> None:
    """What there is more of after ``times`` than after ``warm_up``."""
    for _ in range(warm_up):
        await work()
    before = await _held()
    for _ in range(times):
        await work()
    after = await _held()
    # Memory goes up and down by some MB, as the allocator gives back what is free or not.
    for name, mark, unit in (("handles", 2, ""), ("threads", 2, ""), ("memory", 20, "MB")):
        figures.add(f"{deed}: more {name}", after[name] - before[name], mark, unit)


async def _open_and_close(window: MainWindow) -> None:
    """Both clips in turn, each until it is seen; then none."""
    page = window.page
    for ref in _REFS:
        shown: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        connection = page.player.frame_shown.connect(partial(settle, shown))
        page.player.show_video(page.model.video(page.model.row(ref) or 0))
        await asyncio.wait_for(shown, 20)
        page.player.frame_shown.disconnect(connection)
    page.player.show_video(None)


async def _compare_and_close(window: MainWindow) -> None:
    window.page.show_videos(_REFS)
    window.comparing.compare()
    compared = next(each for each in QApplication.topLevelWidgets() if isinstance(each, CompareWindow))
    while not all(pane.has_picture for pane in compared.findChildren(ComparePane)):  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.01)
    compared.close()
    await asyncio.sleep(0.01)


async def _held() -> dict[str, float]:
    await asyncio.sleep(0.5)  # threads end in their own time
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    return _counted(Path("/proc/self"))


def _counted(process: Path) -> dict[str, float]:
    pages = int((process / "statm").read_text().split()[1])
    return {
        "handles": len(list((process / "fd").iterdir())),
        "threads": len(list((process / "task").iterdir())),
        "memory": pages * os.sysconf("SC_PAGE_SIZE") / 1e6,
    }


if __name__ == "__main__":
    main()
