"""Two clips of 720p side by side for a minute: how far apart they are seen, and how late the window is."""

import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from benchmarks.clips import make_plain_clip
from benchmarks.figures import Figures, LoopLatency, finish
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.frame_view import FrameView
from pixverse_desktop.ui.stepping import length_us
from pixverse_desktop.ui.together import PlayedTogether

_FPS = 24
_CLIP_S = 8
_FOR_S = 60
_SIZE = (1180, 480)  # as the window for two clips opens


class Pair(QWidget):
    """Two clips side by side, as the window for comparing has them.

    Attributes:
        most_apart: by how many frames the two were apart at most, of those that were painted.
        painted: how many frames of the second clip were painted.
    """

    def __init__(self, paths: list[Path]) -> None:
        super().__init__()
        self.most_apart = 0.0
        self.painted = 0
        self.views = [FrameView(self) for _ in paths]
        self.together = PlayedTogether(len(paths), Settings(), self)
        layout = QHBoxLayout(self)
        for view in self.views:
            layout.addWidget(view)
        self.together.frame_ready.connect(lambda number, frame: self.views[number].show_frame(frame))
        self.views[1].painted.connect(self._look)
        for number, path in enumerate(paths):
            self.together.load(number, path)
        self.resize(*_SIZE)

    def _look(self) -> None:
        one, other = (view.frame for view in self.views)
        self.painted += 1
        if one.isValid() and other.isValid():
            apart = abs(one.startTime() - other.startTime()) / length_us(one)
            self.most_apart = max(self.most_apart, apart)


def main() -> None:
    """Measure."""
    figures = Figures(f"two clips of 720p, {_FPS} fps, in step for {_FOR_S} s")
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        pair = Pair(
            [
                make_plain_clip(Path(folder, f"{source}.mp4"), source, fps=_FPS, seconds=_CLIP_S)
                for source in ("testsrc2", "mandelbrot")
            ]
        )
        pair.show()
        latency = LoopLatency()
        QTimer.singleShot(_FOR_S * 1000, partial(_end, app, pair))
        app.exec()
        late_ms = latency.close()
    figures.add("greatest distance of what is painted, in frames", pair.most_apart, 1, "")
    figures.add(
        "frames painted of those there are", 100 * pair.painted / (_FOR_S * _FPS), 90, "%", at_least=True
    )
    figures.add("lateness of the loop, p99", late_ms, 33, "ms")
    finish(figures)


def _end(app: QApplication, pair: Pair) -> None:
    pair.together.unload()
    app.quit()


if __name__ == "__main__":
    main()
