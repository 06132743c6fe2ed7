"""Frame by frame: how exact and how fast the player steps, against PyAV where that is installed.

`pip install av` in `.venv` adds the peer's figures; the program itself does without it.
"""

import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QApplication

from benchmarks.figures import Figures, finish
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.playback import Playback
from tests.ui.numbered_clips import make_clip, number_of

_FRAMES = 150
_STEPS = 100
_PATIENCE_S = 10.0
_RATES = (24, 25, 30, 60)


def main() -> None:
    """Measure."""
    app = QApplication([])
    figures = Figures(f"stepping, 720p, {_FRAMES} frames with one key frame")
    with tempfile.TemporaryDirectory() as folder:
        clips = {fps: _clip(Path(folder), fps) for fps in _RATES}
        before_mb = _memory_mb()
        runs = [_Ours(clip).run() for clip in clips.values()]
        figures.add("frames that were not the next one", sum(run.wrong for run in runs), 0, "")
        figures.add(
            "a step forward", statistics.median(ms for run in runs for ms in run.forward_ms), 50, "ms"
        )
        figures.add("a step back", statistics.median(ms for run in runs for ms in run.back_ms), 50, "ms")
        figures.add("a step back, 95 of 100", _slowest(ms for run in runs for ms in run.back_ms), 800, "ms")
        figures.add("memory all that took", _memory_mb() - before_mb, 400, "MB")
        if find_spec("av") is None:
            print("  (PyAV is not installed: pip install av, to see its figures)")
        else:
            _print_pyav(clips)
    app.quit()
    finish(figures)


def _clip(folder: Path, fps: int) -> Path:
    return make_clip(folder / f"{fps}.mp4", fps=fps, frames=_FRAMES, width=1280, picture="testsrc2")


class _Run:
    """What the steps through a clip took, and how many went wrong."""

    def __init__(self) -> None:
        self.forward_ms: list[float] = []
        self.back_ms: list[float] = []
        self.wrong = 0

    def time(self, spans_ms: list[float], step: Callable[[], int], expected: int) -> None:
        began_s = time.perf_counter()
        number = step()
        spans_ms.append((time.perf_counter() - began_s) * 1000)
        self.wrong += number != expected


class _Ours:
    def __init__(self, clip: Path) -> None:
        self._numbers: list[int] = []
        self._playback = Playback(Settings())
        self._playback.frame_ready.connect(self._on_frame)
        self._playback.load(clip)

    def run(self) -> _Run:
        self._until(lambda: bool(self._numbers))
        self._playback.toggle()
        self._playback.seek(1000)
        self._until(lambda: self._numbers[-1] > 0)
        self._playback.seek(0)
        self._until(lambda: self._numbers[-1] == 0)
        run = _Run()
        for number in range(1, _STEPS + 1):
            run.time(run.forward_ms, lambda: self._step(1), number)
        for number in range(_STEPS - 1, -1, -1):
            run.time(run.back_ms, lambda: self._step(-1), number)
        self._playback.unload()
        return run

    def _on_frame(self, frame: QVideoFrame) -> None:
        self._numbers.append(number_of(frame.toImage()))

    def _step(self, by: int) -> int:
        count = len(self._numbers)
        self._playback.step(by)
        self._until(lambda: len(self._numbers) > count)
        return self._numbers[-1]

    def _until(self, condition: Callable[[], bool]) -> None:
        end_s = time.perf_counter() + _PATIENCE_S
        while not condition():
            assert time.perf_counter() < end_s, "no frame came"
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


def _print_pyav(clips: dict[int, Path]) -> None:
    runs = [_pyav(clip, fps) for fps, clip in clips.items()]
    forward_ms = statistics.median(ms for run in runs for ms in run.forward_ms)
    back_ms = [ms for run in runs for ms in run.back_ms]
    print(
        f"  (PyAV: forward {forward_ms:.1f} ms, back {statistics.median(back_ms):.1f} ms, "
        f"95 of 100 {_slowest(back_ms):.1f} ms, {sum(run.wrong for run in runs)} wrong)"
    )


def _pyav(clip: Path, fps: int) -> _Run:
    av: Any = import_module("av")
    run = _Run()
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        frames = container.decode(stream)
        next(frames)
        for number in range(1, _STEPS + 1):
            run.time(run.forward_ms, lambda: _number(next(frames)), number)

        def back(number: int) -> int:
            time_units = round(number / fps / stream.time_base)
            container.seek(time_units, stream=stream)
            return _number(next(frame for frame in container.decode(stream) if frame.pts >= time_units))

        for number in range(_STEPS - 1, -1, -1):
            run.time(run.back_ms, partial(back, number), number)
    return run


def _number(frame: Any) -> int:  # noqa: ANN401 - the peer's own
    plane = frame.planes[0]
    side = plane.width // 10
    row = bytes(plane)[(side // 2) * plane.line_size :]
    return sum((row[side * bit + side // 2] > 127) << bit for bit in range(9))


def _slowest(spans_ms: Iterator[float] | list[float]) -> float:
    ordered = sorted(spans_ms)
    return ordered[int(len(ordered) * 0.95)]


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
