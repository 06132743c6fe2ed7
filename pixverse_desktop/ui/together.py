"""Several clips played as one, in step by construction.

Each clip has a player of its own, and no two players are ever in step. So none of them decides what is seen:
what they give waits, and is shown only as far as the slowest has come. One that runs far ahead rests
meanwhile.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, Signal
from PySide6.QtMultimedia import QVideoFrame

from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.lanes import Lane
from pixverse_desktop.ui.playback import RATES, Playback
from pixverse_desktop.ui.stepping import FrameStrip, frame_number

_MOST_STRIPS_BYTES = 96 * 1024**2  # of frames that can be stepped back to, all clips together
_PATIENCE_MS = 1000  # with a player that gives no frame where it was sent


class PlayedTogether(QObject):
    """Plays several clips from the same moment on, each at its own frame rate, until the longest is over.

    Nothing plays before each clip is loaded or left out. Only the one that is chosen is heard.

    Signals:
        frame_ready(int, QVideoFrame): the next picture of the clip of this number.
        state_changed(bool): whether they are playing now.
        position_changed(int), duration_changed(int): milliseconds from the beginning, and of the longest.
        rate_changed(float): how fast they play, of their own speed.
        failed(int): the clip of this number cannot be played; the others go on without it.
    """

    frame_ready = Signal(int, QVideoFrame)
    state_changed = Signal(bool)
    position_changed = Signal(int)
    duration_changed = Signal(int)
    rate_changed = Signal(float)
    failed = Signal(int)

    def __init__(self, count: int, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        alone = replace(settings, is_looping=False, is_muted=True)
        self._lanes = [Lane(_player(alone, count, self)) for _ in range(count)]
        self._heard = 0
        self._is_muted = True
        self._is_looping = True
        self._is_playing = True
        self._rate = 1.0
        self._steps = 0
        self._moment_us = 0  # where the last step went
        self._has_stepped = False
        self._is_finished = False
        self._target_ms: int | None = None
        self._next_ms: int | None = None
        self._since_seek = QElapsedTimer()
        self._since_seek.start()
        for lane in self._lanes:
            self._follow(lane)

    @property
    def is_playing(self) -> bool:
        """Whether they are playing now, or will as soon as all are there."""
        return self._is_playing and bool(self._live())

    @property
    def position_ms(self) -> int:
        """Milliseconds from the beginning: where they are, or where they are sent."""
        if self._target_ms is not None:
            return self._target_ms if self._next_ms is None else self._next_ms
        lane = self._leader()
        return 0 if lane is None or lane.shown is None else lane.shown.startTime() // 1000

    @property
    def duration_ms(self) -> int:
        """Milliseconds of the longest; 0 while unknown."""
        return max((lane.playback.duration_ms for lane in self._live()), default=0)

    @property
    def frame_number(self) -> int:
        """Which frame of the longest clip is shown, from 1; 0 while there is none."""
        lane = self._leader()
        return 0 if lane is None or lane.shown is None else frame_number(lane.shown)

    @property
    def rate(self) -> float:
        """How fast they play, of their own speed."""
        return self._rate

    @property
    def is_muted(self) -> bool:
        """Whether none is heard."""
        return self._is_muted

    @property
    def is_looping(self) -> bool:
        """Whether all begin again when the longest is over."""
        return self._is_looping

    def load(self, number: int, path: Path) -> None:
        """Load a clip. All begin to play once each is loaded or left out."""
        lane = self._lanes[number]
        lane.cue(self._rate)
        self._send(0)
        lane.playback.cue(path)
        self.state_changed.emit(self.is_playing)

    def leave_out(self, number: int) -> None:
        """Go on without a clip."""
        lane = self._lanes[number]
        lane.is_awaited = False
        if lane.is_live:
            lane.playback.unload()
        self.state_changed.emit(self.is_playing)
        self._go_on()

    def unload(self) -> None:
        """Let go of all clips."""
        self._is_playing = False
        for lane in self._live():
            lane.playback.unload()

    def toggle(self) -> None:
        """Play or pause; at the end, play again."""
        if self._is_playing:
            self._rest()
            return
        is_resting = not self._is_seeking()
        is_at_end = self._is_finished or (is_resting and all(lane.is_at_end for lane in self._live()))
        self._set_playing(True)
        if is_at_end:
            self._send(0)
        elif self._has_stepped:
            self._send(self._moment_us // 1000)
        self._go_on()

    def seek(self, position_ms: int) -> None:
        """Go to a position, the shorter ones to their last frame; on the way there, the last wish waits."""
        self._steps = 0
        position_ms = max(0, min(position_ms, self.duration_ms))
        if self._is_seeking() and not self._since_seek.hasExpired(_PATIENCE_MS):
            self._next_ms = position_ms
        else:
            self._send(position_ms)
        self.position_changed.emit(self.position_ms)

    def step(self, frames: int) -> None:
        """Go some frames forward, or back, and stay there.

        They are frames of the clip that has most of them; the others show what they have at that moment.
        """
        self._steps += frames
        if self._is_playing:
            self._rest()
        else:
            self._go_on()

    def set_rate(self, rate: float) -> None:
        """Play faster or slower than the clips' own speed."""
        self._rate = rate
        for lane in self._lanes:
            lane.playback.set_rate(rate)
        self.rate_changed.emit(rate)

    def change_rate(self, steps: int) -> None:
        """Play at the next of ``RATES``, or the one before."""
        place = RATES.index(self._rate) + steps
        self.set_rate(RATES[max(0, min(place, len(RATES) - 1))])

    def hear(self, number: int) -> None:
        """Be heard, unless muted, with the sound of this clip."""
        self._heard = number
        self.set_muted(self._is_muted)

    def set_muted(self, is_muted: bool) -> None:
        """Be silent or not."""
        self._is_muted = is_muted
        for number, lane in enumerate(self._lanes):
            lane.playback.set_muted(is_muted or number != self._heard)

    def set_volume(self, percent: int) -> None:
        """Be as loud as ``percent`` of the most."""
        for lane in self._lanes:
            lane.playback.set_volume(percent)

    def set_looping(self, is_looping: bool) -> None:
        """Begin again at the end of the longest or not."""
        self._is_looping = is_looping

    # What the players tell

    def _follow(self, lane: Lane) -> None:
        lane.playback.frame_ready.connect(partial(self._on_frame, lane))
        lane.playback.ended.connect(partial(self._on_end, lane))
        lane.playback.failed.connect(partial(self._on_failed, lane))
        lane.playback.blank.connect(lane.seek_in_vain)
        lane.playback.duration_changed.connect(lambda _: self.duration_changed.emit(self.duration_ms))

    def _on_frame(self, lane: Lane, frame: QVideoFrame) -> None:
        if not lane.is_live:
            return
        if lane.is_sought:
            if lane.arrives_with(frame):
                self._show(lane, frame)
                self._go_on()
        elif self._is_playing:
            lane.take(frame)
            self._advance()
        else:
            self._show(lane, frame)

    def _on_end(self, lane: Lane) -> None:
        if self._is_playing and not lane.is_sought:
            lane.is_over = True
            self._advance()

    def _on_failed(self, lane: Lane) -> None:
        if lane.is_live:
            number = self._lanes.index(lane)
            self.leave_out(number)
            self.failed.emit(number)

    # Going on together

    def _live(self) -> list[Lane]:
        return [lane for lane in self._lanes if lane.is_live]

    def _leader(self) -> Lane | None:
        """The one that tells the time: the longest."""
        return max(self._live(), key=lambda lane: lane.playback.duration_ms, default=None)

    def _send(self, position_ms: int) -> None:
        """Send all to a position; what was wished before is over."""
        self._forget_steps()
        self._next_ms, self._moment_us = None, position_ms * 1000
        self._since_seek.restart()
        for lane in self._live():
            lane.seek(self._moment_us)
        self._target_ms = position_ms if self._is_seeking() else None

    def _rest(self) -> None:
        """Pause at what is seen; the players may be further on."""
        self._set_playing(False)
        self._forget_steps()
        begun = [lane.shown.startTime() for lane in self._live() if lane.shown is not None]
        self._moment_us = max(begun, default=0)
        for lane in self._live():
            lane.seek_shown()

    def _forget_steps(self) -> None:
        self._has_stepped = self._is_finished = False

    def _set_playing(self, is_playing: bool) -> None:
        self._is_playing = is_playing
        self.state_changed.emit(self.is_playing)

    def _is_seeking(self) -> bool:
        """Whether one is not where it was sent yet."""
        return any(lane.is_sought for lane in self._live())

    def _go_on(self) -> None:
        """Once all are where they were sent: follow the last wish, play, or take the steps."""
        if self._is_seeking():
            return
        self._target_ms = None
        if self._next_ms is not None:
            self._send(self._next_ms)
        elif self._is_playing:
            self._play()
        elif self._steps:
            steps, self._steps = self._steps, 0
            self._step(steps)

    def _play(self) -> None:
        if not any(lane.is_awaited for lane in self._lanes):
            for lane in self._live():
                lane.playback.play()

    def _step(self, steps: int) -> None:
        """Have the clip of the shortest frames take the steps, and the others follow."""
        live = self._live()
        self._moment_us = min(self._moment_us, max((lane.end_us for lane in live), default=0) - 1)
        for lane in live:
            lane.aim_from_shown(is_anew=not self._has_stepped)
        able = [lane for lane in live if lane.has_room(steps, self._moment_us)]
        pivot = min(able, key=lambda lane: lane.length_us, default=None)
        if pivot is not None:
            self._has_stepped = True
            self._moment_us = pivot.step(steps)
            for lane in live:
                if lane is not pivot:
                    lane.step_to(self._moment_us)

    def _advance(self) -> None:
        """Show of each what is due, as far as all have come."""
        live = self._live()
        reach_us = min((lane.reach_us for lane in live), default=0)
        for lane in live:
            if (frame := lane.due(reach_us)) is not None:
                self._show(lane, frame)
        if live and all(lane.is_over for lane in live):
            self._finish(live)
        else:
            for lane in live:
                lane.hold_or_let_go()

    def _finish(self, live: list[Lane]) -> None:
        if self._is_looping:
            for lane in live:
                lane.begin_again()
        else:
            self._rest()
            self._is_finished = True

    def _show(self, lane: Lane, frame: QVideoFrame) -> None:
        lane.show(frame)
        self.frame_ready.emit(self._lanes.index(lane), frame)
        if lane is self._leader():
            self.position_changed.emit(self.position_ms)


def _player(settings: Settings, count: int, parent: QObject) -> Playback:
    strip = FrameStrip(most_bytes=_MOST_STRIPS_BYTES // count, passing_bytes=0)
    return Playback(settings, parent, strip=strip)
