"""Dragging through a clip: how closely the picture follows the hand, and how exact it is at the end."""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QApplication

from benchmarks.figures import Figures, finish
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.playback import Playback
from pixverse_desktop.ui.stepping import frame_end_us
from tests.ui.numbered_clips import make_clip

_FPS = 24
_FRAMES = 120
_LENGTH_MS = _FRAMES * 1000 // _FPS
_DRAGS_S = (1.0, 2.5)  # from the beginning to the end
_MOVE_MS = 10  # between two moves of the mouse
_RESTS_MS = (4321, 17, 2500, 1000, 3999, 4999)
_PATIENCE_S = 10.0


def main() -> None:
    """Measure."""
    app = QApplication([])
    figures = Figures(f"scrubbing, 720p, {_FRAMES} frames with one key frame")
    with tempfile.TemporaryDirectory() as folder:
        clip = make_clip(
            Path(folder) / "clip.mp4",
            fps=_FPS,
            frames=_FRAMES,
            width=1280,
            picture="testsrc2",
            has_sound=True,
        )
        hand = _Hand(clip)
        hand.see_all()
        for span_s in _DRAGS_S:
            hand.drag(span_s)
            figures.add(f"frames shown a second, {span_s} s", hand.shown / span_s, 5, "", at_least=True)
            figures.add(f"behind the hand, {span_s} s", statistics.median(hand.behind_ms), 50, "ms")
            figures.add(f"behind the hand at most, {span_s} s", max(hand.behind_ms), 100, "ms")
        figures.add("rests at a wrong frame", sum(map(hand.rests_wrong, _RESTS_MS)), 0, "")
        hand.close()
    app.quit()
    finish(figures)


class _Hand:
    def __init__(self, clip: Path) -> None:
        self.shown = 0
        self.behind_ms: list[float] = []
        self._span_us = (0, 0)
        self._has_begun_again = False
        self._playback = Playback(Settings())
        self._playback.prepare_scrubbing()
        self._playback.frame_ready.connect(self._on_frame)
        self._playback.load(clip)

    def see_all(self) -> None:
        """Let the clip play once."""
        self._until(lambda: self._has_begun_again)

    def drag(self, span_s: float) -> None:
        """Go from the beginning to the end in this time."""
        self.shown, self.behind_ms = 0, []
        self._playback.begin_scrub()
        began_s = time.perf_counter()
        while (share := (time.perf_counter() - began_s) / span_s) < 1:
            wanted_ms = round(share * (_LENGTH_MS - 1))
            self._playback.scrub(wanted_ms)
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _MOVE_MS)
            time.sleep(_MOVE_MS / 1000)
            behind_us = max(0, wanted_ms * 1000 - self._span_us[1])
            self.behind_ms.append(behind_us / 1000 * span_s * 1000 / _LENGTH_MS)
        self._playback.pause()
        self._playback.end_scrub()

    def rests_wrong(self, position_ms: int) -> bool:
        """Go to a place and let go there; tell whether another frame than that one stays."""
        self._playback.begin_scrub()
        self._playback.scrub(position_ms)
        self._playback.end_scrub()
        end_s = time.perf_counter() + _PATIENCE_S / 5
        while not self._contains(position_ms) and time.perf_counter() < end_s:
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)
        return not self._contains(position_ms)

    def close(self) -> None:
        self._playback.unload()

    def _contains(self, position_ms: int) -> bool:
        return self._span_us[0] <= position_ms * 1000 < self._span_us[1]

    def _on_frame(self, frame: QVideoFrame) -> None:
        self.shown += 1
        self._has_begun_again = self._has_begun_again or frame.startTime() < self._span_us[0]
        self._span_us = (frame.startTime(), frame_end_us(frame))

    def _until(self, condition: Callable[[], bool]) -> None:
        end_s = time.perf_counter() + _PATIENCE_S
        while not condition():
            assert time.perf_counter() < end_s, "the clip did not begin again"
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 5)


if __name__ == "__main__":
    main()
