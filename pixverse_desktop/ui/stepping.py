"""Going through a clip frame by frame, exactly, with a media player that knows no such thing.

What a frame is called is the time it begins: a player may hand out more frames than were asked for, or leave
some out, but it never gives one a wrong time.
"""

from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QVideoFrame

_MOST_BYTES = 64 * 1024**2  # of frames that were shown: two seconds at 720p
TOLERANCE_US = 1500  # times are rounded to microseconds, and a seek to milliseconds
_USUAL_LENGTH_US = 40_000  # of a frame that does not tell
_RUN_UP_FRAMES = 12  # that are decoded at once for a step back, so that the next ones cost nothing
_RUN_RATE = 3.0


class FrameStrip:
    """Frames of one clip by their times; the ones that came first make room.

    Attributes:
        most_bytes: what they may take while frames are stepped.
        passing_bytes: and while they only come by; the last two are kept in any case.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES, passing_bytes: int = _MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.passing_bytes = passing_bytes
        self._frames: dict[int, QVideoFrame] = {}
        self._bytes = 0

    def add(self, frame: QVideoFrame, *, is_passing: bool = False) -> None:
        """Keep a frame."""
        self._remove(frame.startTime())
        self._frames[frame.startTime()] = QVideoFrame(frame)
        self._bytes += size_bytes(frame)
        most_bytes = self.passing_bytes if is_passing else self.most_bytes
        while self._bytes > most_bytes and len(self._frames) > 2:
            self._remove(next(iter(self._frames)))

    def clear(self) -> None:
        """Forget all."""
        self._frames.clear()
        self._bytes = 0

    def after(self, frame: QVideoFrame) -> QVideoFrame | None:
        """The next frame of those that are here, whether or not others are missing between."""
        later = [start_us for start_us in self._frames if start_us > frame.startTime()]
        return self._frames[min(later)] if later else None

    def before(self, frame: QVideoFrame) -> QVideoFrame | None:
        """The last frame before, of those that are here."""
        earlier = [start_us for start_us in self._frames if start_us < frame.startTime()]
        return self._frames[max(earlier)] if earlier else None

    def _remove(self, start_us: int) -> None:
        frame = self._frames.pop(start_us, None)
        if frame is not None:
            self._bytes -= size_bytes(frame)


class Stepper(QObject):
    """Shows the frames of a player as they come, or one after the other as they are asked for.

    To step on, the player runs for a moment, until the next frame is there. To step back, it goes back some
    frames and runs up to the one before.

    Signals:
        frame_ready(QVideoFrame): the frame to be shown now.
        run_wanted(float), rest_wanted(): play at this rate and silently; pause, as it was before.
        seek_wanted(int): go to this time in milliseconds.
        blank(): the player gave nothing, since there is no picture where it is.
    """

    frame_ready = Signal(QVideoFrame)
    run_wanted = Signal(float)
    rest_wanted = Signal()
    seek_wanted = Signal(int)
    blank = Signal()

    def __init__(self, parent: QObject, strip: FrameStrip | None = None) -> None:
        super().__init__(parent)
        self._strip = strip or FrameStrip()
        self._shown: QVideoFrame | None = None
        self._last: QVideoFrame | None = None  # that the player gave
        self._wanted = 0
        self._sought_us: int | None = None
        self._is_there = False  # the player, at what was sought
        self._is_held = False
        self._is_running = False

    @property
    def is_held(self) -> bool:
        """Whether frames are shown one by one: the player's own place says nothing."""
        return self._is_held

    @property
    def is_running(self) -> bool:
        """Whether the player runs only to come to the next frame."""
        return self._is_running

    @property
    def shown(self) -> QVideoFrame | None:
        """The frame that is shown."""
        return self._shown

    def reset(self) -> None:
        """Begin with another clip."""
        self._strip.clear()
        self._shown = self._last = None
        self.let_go()

    def let_go(self) -> None:
        """From now on show what the player gives."""
        self._is_held = False
        self._stop()

    def resume(self) -> None:
        """Let the player go on from the frame that is shown."""
        shown, last = self._shown, self._last
        was_held = self._is_held
        self.let_go()
        if was_held and shown is not None and last is not None and shown.startTime() != last.startTime():
            self.seek_wanted.emit(inside_ms(shown.startTime()))

    def step(self, by: int) -> None:
        """Go some frames forward, or back."""
        if self._shown is None:
            return
        self._is_held = True
        self._wanted += by
        if not self._is_running:
            self._go_on()

    def show_meanwhile(self, frame: QVideoFrame) -> None:
        """Show a frame that came before, while the player is on its way to another."""
        self._show(frame)

    def take(self, frame: QVideoFrame) -> None:
        """A frame came from the player."""
        if not frame.isValid():
            self.blank.emit()
            return
        has_gone_back = self._last is not None and frame.startTime() < self._last.startTime()
        self._last = frame
        if self._sought_us is not None:
            is_near = abs(frame.startTime() - self._sought_us) <= 2 * length_us(frame)
            self._is_there = self._is_there or has_gone_back or is_near
        self._strip.add(frame, is_passing=not self._is_held)
        if not self._is_held:
            self._show(frame)
        elif self._is_running:
            is_first = frame.startTime() <= length_us(frame)
            if has_gone_back and is_first and self._sought_us is None and self._wanted > 0:
                self._begin_again(frame)
            self._go_on()

    def on_end(self) -> None:
        """The player came to the end, and there is no other frame."""
        if self._is_running:
            self._stop()

    def _begin_again(self, first: QVideoFrame) -> None:
        self._wanted -= 1
        self._strip.clear()
        self._strip.add(first)
        self._show(first)

    def _go_on(self) -> None:
        """Show what is there of what is wanted, and have the player fetch the rest."""
        while self._wanted:
            found = self._next() if self._wanted > 0 else self._previous()
            if found is None:
                return
            self._wanted += -1 if self._wanted > 0 else 1
            self._sought_us = None
            self._show(found)
        self._stop()

    def _next(self) -> QVideoFrame | None:
        assert self._shown is not None
        next_us = frame_end_us(self._shown)
        found = self._strip.after(self._shown)
        is_sought = self._is_there and self._sought_us == next_us
        if found is not None and (found.startTime() <= next_us + TOLERANCE_US or is_sought):
            return found
        is_past = self._last is not None and self._last.startTime() > self._shown.startTime()
        if is_past and self._sought_us != next_us:
            self._seek(next_us)
        self._run()
        return None

    def _previous(self) -> QVideoFrame | None:
        assert self._shown is not None
        start_us = self._shown.startTime()
        if start_us <= 0:
            self._stop()
            return None
        found = self._strip.before(self._shown)
        if found is not None and frame_end_us(found) >= start_us - TOLERANCE_US:
            return found
        from_us = max(0, start_us - _RUN_UP_FRAMES * length_us(self._shown))
        if self._sought_us != from_us:
            self._seek(from_us)
        elif self._is_there and self._last is not None and self._last.startTime() >= start_us:
            return found  # the player ran up to here, and this is what it gave
        self._run()
        return None

    def _seek(self, time_us: int) -> None:
        self._sought_us, self._is_there = time_us, False
        self.seek_wanted.emit(inside_ms(time_us))

    def _run(self) -> None:
        if not self._is_running:
            self._is_running = True
            self.run_wanted.emit(_RUN_RATE)

    def _stop(self) -> None:
        self._wanted = 0
        self._sought_us = None
        if self._is_running:
            self._is_running = False
            self.rest_wanted.emit()

    def _show(self, frame: QVideoFrame) -> None:
        self._shown = QVideoFrame(frame)
        self.frame_ready.emit(frame)


def frame_number(frame: QVideoFrame) -> int:
    """Which frame of the clip this is, from 1; as good as its times are."""
    return round(frame.startTime() / length_us(frame)) + 1


def length_us(frame: QVideoFrame) -> int:
    """How long a frame lasts, in microseconds."""
    return frame_end_us(frame) - frame.startTime()


def frame_end_us(frame: QVideoFrame) -> int:
    """When a frame makes way for the next, in microseconds from the beginning of its clip."""
    start_us, end_us = frame.startTime(), frame.endTime()
    if end_us > start_us:
        return end_us
    rate = frame.streamFrameRate()
    return start_us + (round(1e6 / rate) if rate > 0 else _USUAL_LENGTH_US)


def inside_ms(time_us: int) -> int:
    """A time in milliseconds that lies in the frame that begins at ``time_us``."""
    return time_us // 1000 + 1  # at its very beginning Qt takes the one before, now and then


def size_bytes(frame: QVideoFrame) -> int:
    """What a decoded frame takes in memory."""
    return max(1, frame.width() * frame.height() * 3 // 2)
