"""Going through a clip as fast as a hand drags: what is near is shown at once, and what is exact follows.

A seek takes as long as the decoder needs from the last key frame, which most clips have only at their
beginning: a quarter of a second at the end of five seconds at 720p. So only one seek is under way at a time,
the last wish follows it, and meanwhile a frame is shown that came by while the clip played.
"""

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtMultimedia import QVideoFrame

from pixverse_desktop.ui.stepping import TOLERANCE_US, frame_end_us, inside_ms, length_us, size_bytes

_MOST_BYTES = 48 * 1024**2  # of frames that came by: one for each seventh of a second of 5 s at 720p
_NEAR_FRAMES = 2
_PATIENCE_MS = 1000  # with a player that gives no frame after a seek


class Samples:
    """Frames of one clip, spread over its whole length as densely as memory allows."""

    def __init__(self) -> None:
        self._frames: dict[int, QVideoFrame] = {}

    def add(self, frame: QVideoFrame, duration_us: int) -> None:
        """Keep a frame, if there is none near it."""
        most = max(2, _MOST_BYTES // size_bytes(frame))
        slot = frame.startTime() * most // max(1, duration_us)
        if 0 <= slot < most and slot not in self._frames:
            self._frames[slot] = QVideoFrame(frame)

    def clear(self) -> None:
        """Forget all."""
        self._frames.clear()

    def nearest(self, time_us: int) -> QVideoFrame | None:
        """The frame that is nearest to a time."""
        return min(self._frames.values(), key=lambda frame: _distance_us(frame, time_us), default=None)


class Scrubber(QObject):
    """Finds the frames for a hand that drags through a clip whose player rests.

    Signals:
        seek_wanted(int): go to this time in milliseconds.
        near_found(QVideoFrame): to be shown until the frame that is wished for has come.
    """

    seek_wanted = Signal(int)
    near_found = Signal(QVideoFrame)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._samples = Samples()
        self._is_keeping = False
        self._is_active = False
        self._duration_us = 0
        self._wanted_us: int | None = None
        self._asked_us: int | None = None  # of the player, last
        self._is_under_way = False  # the player, to there
        self._is_settling = False
        self._has_gone_on = False  # to the next frame, since the player took the one before
        self._shown: QVideoFrame | None = None
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._go_on)

    @property
    def is_active(self) -> bool:
        """Whether a hand drags, or the frame it left off at has not come yet."""
        return self._is_active

    @property
    def wanted_ms(self) -> int | None:
        """Where the hand is."""
        return None if self._wanted_us is None else self._wanted_us // 1000

    @property
    def is_asked(self) -> bool:
        """Whether the player is where the hand is, or on its way to there."""
        return self._asked_us == self._wanted_us

    def keep_samples(self) -> None:
        """Keep frames that come by, from now on."""
        self._is_keeping = True

    def reset(self) -> None:
        """Begin with another clip."""
        self.stop()
        self._samples.clear()
        self._duration_us = 0

    def begin(self, shown: QVideoFrame | None) -> None:
        """A hand takes hold while this frame is shown."""
        self.stop()
        self._is_active = True
        self._shown = shown

    def want(self, position_ms: int) -> None:
        """The hand has come to this time."""
        self._wanted_us = position_ms * 1000
        self._has_gone_on = False
        near = self._samples.nearest(self._wanted_us)
        if near is not None and self._is_nearer(near):
            self._shown = near
            self.near_found.emit(near)
        if not self._is_under_way:
            self._seek(position_ms)

    def settle(self) -> None:
        """The hand has let go: end as soon as the frame is there."""
        self._is_settling = True
        if not self._is_under_way:
            self.stop()

    def stop(self) -> None:
        """Give up what has not come yet."""
        self._is_active = self._is_settling = self._is_under_way = False
        self._wanted_us = self._asked_us = self._shown = None
        self._patience.stop()

    def take(self, frame: QVideoFrame, duration_ms: int) -> bool:
        """A frame came from the player; tell whether it is to be shown."""
        if not frame.isValid():
            return False
        self._duration_us = duration_ms * 1000
        if self._is_keeping and self._duration_us:
            self._samples.add(frame, self._duration_us)
        if not self._is_active or self._wanted_us is None:
            return not self._is_active
        is_to_be_shown = self._is_nearer(frame)
        if is_to_be_shown:
            self._shown = QVideoFrame(frame)
        if self._is_answer(frame):
            self._take_answer(frame)
        return is_to_be_shown

    def _is_answer(self, frame: QVideoFrame) -> bool:
        """Whether it belongs to the seek that is under way, and not to what was played before."""
        if not self._is_under_way or self._asked_us is None:
            return False
        near_us = _NEAR_FRAMES * length_us(frame)
        return frame.startTime() - near_us <= self._asked_us <= frame_end_us(frame) + near_us

    def _take_answer(self, frame: QVideoFrame) -> None:
        """At the very beginning of a frame a player may take the one before."""
        assert self._wanted_us is not None
        end_us = frame_end_us(frame)
        is_before = end_us <= self._wanted_us <= end_us + TOLERANCE_US
        is_last = end_us >= self._duration_us - TOLERANCE_US
        if self.is_asked and is_before and not is_last and not self._has_gone_on:
            self._has_gone_on = True
            self._seek(inside_ms(end_us))
        else:
            self._go_on()

    def _go_on(self) -> None:
        """Ask for what is wanted by now, if that is something else than what was asked for."""
        self._is_under_way = False
        self._patience.stop()
        if self._wanted_us is not None and not self.is_asked:
            self._seek(self._wanted_us // 1000)
        elif self._is_settling:
            self.stop()

    def _seek(self, position_ms: int) -> None:
        self._asked_us, self._is_under_way = self._wanted_us, True
        self._patience.start()
        self.seek_wanted.emit(position_ms)

    def _is_nearer(self, frame: QVideoFrame) -> bool:
        assert self._wanted_us is not None
        if self._shown is None:
            return True
        return _distance_us(frame, self._wanted_us) < _distance_us(self._shown, self._wanted_us)


def _distance_us(frame: QVideoFrame, time_us: int) -> int:
    """How far a time is from what a frame shows; 0 within it."""
    return max(frame.startTime() - time_us, time_us - frame_end_us(frame) + 1, 0)
