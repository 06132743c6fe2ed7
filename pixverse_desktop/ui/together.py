"""Several clips played as one, in step by construction.

Each clip has a player of its own, and no two players are ever in step. So none of them decides what is seen:
what they give waits, and is shown only as far as the slowest has come. One that runs far ahead rests
meanwhile.
"""

import math
from collections import deque
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtMultimedia import QVideoFrame

from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.playback import RATES, Playback
from pixverse_desktop.ui.stepping import TOLERANCE_US, frame_end_us, frame_number, inside_ms, length_us

_MOST_AHEAD = 12  # frames that wait; the window may be busy for a moment, and then they come in bursts
_NEAR_FRAMES = 2


class _Lane:
    """One of the clips: its player, what is shown of it, and what waits to be shown."""

    def __init__(self, playback: Playback) -> None:
        self.playback = playback
        self.is_awaited = True  # not loaded yet, nor left out
        self.shown: QVideoFrame | None = None
        self.coming: deque[QVideoFrame] = deque()
        self.sought_us: int | None = None
        self.is_over = False
        self.is_held = False

    @property
    def is_live(self) -> bool:
        return self.playback.path is not None

    @property
    def newest(self) -> QVideoFrame | None:
        return self.coming[-1] if self.coming else self.shown

    @property
    def reach_us(self) -> float:
        """Until when it is known what is to be seen."""
        if self.is_over:
            return math.inf
        return 0 if self.newest is None else frame_end_us(self.newest)

    def take(self, frame: QVideoFrame) -> None:
        """Let a frame wait; one that came before is given again by a player that paused."""
        if self.newest is None or frame.startTime() > self.newest.startTime():
            self.coming.append(QVideoFrame(frame))

    def due(self, reach_us: float) -> QVideoFrame | None:
        """The frame to be shown next, if there is one."""
        found = None
        while self.coming and self.coming[0].startTime() < reach_us - TOLERANCE_US:
            found = self.coming.popleft()
        return found

    def seek(self, position_ms: int) -> None:
        """Rest at this time, or at the last frame."""
        length_ms = 0 if self.shown is None else length_us(self.shown) // 1000
        position_ms = max(0, min(position_ms, self.playback.duration_ms - length_ms))
        self.playback.pause()
        self.coming.clear()
        self.sought_us = position_ms * 1000
        self.is_over = self.is_held = False
        self.playback.seek(position_ms)

    def is_sought(self, frame: QVideoFrame) -> bool:
        """Whether this frame is the one that was asked for, and not one from before."""
        assert self.sought_us is not None
        near_us = _NEAR_FRAMES * length_us(frame)
        return frame.startTime() - near_us <= self.sought_us <= frame_end_us(frame) + near_us

    def begin_again(self) -> None:
        self.shown = None
        self.is_over = self.is_held = False
        self.playback.play()

    def hold_or_let_go(self) -> None:
        """Rest while far ahead of the others."""
        if not self.is_held and len(self.coming) > _MOST_AHEAD:
            self.is_held = True
            self.playback.pause()
        elif self.is_held and len(self.coming) <= _MOST_AHEAD // 2:
            self.is_held = False
            self.playback.play()


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
        self._lanes = [_Lane(Playback(alone, self)) for _ in range(count)]
        self._heard = 0
        self._is_muted = True
        self._is_looping = True
        self._is_playing = True
        self._rate = 1.0
        self._steps = 0
        self._has_stepped = False
        for lane in self._lanes:
            self._follow(lane)

    @property
    def is_playing(self) -> bool:
        """Whether they are playing now, or will as soon as all are there."""
        return self._is_playing and bool(self._live())

    @property
    def position_ms(self) -> int:
        """Milliseconds from the beginning."""
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
        for other in self._live():
            other.seek(0)
        lane = self._lanes[number]
        lane.is_awaited = False
        lane.sought_us = 0
        lane.playback.set_rate(self._rate)
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
        for lane in self._live():
            lane.playback.unload()

    def toggle(self) -> None:
        """Play or pause; at the end, play again."""
        if self._is_playing:
            self._rest()
        else:
            self._set_playing(True)
            if all(lane.is_over for lane in self._live()):
                self._seek(0)
            elif self._has_stepped:
                self._seek(self.position_ms)
            else:
                self._go_on()

    def seek(self, position_ms: int) -> None:
        """Go to a position, the shorter ones to their last frame."""
        self._steps = 0
        self._seek(max(0, min(position_ms, self.duration_ms)))

    def step(self, frames: int) -> None:
        """Go some frames forward, or back, each clip by its own, and stay there."""
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

    def _follow(self, lane: _Lane) -> None:
        lane.playback.frame_ready.connect(partial(self._on_frame, lane))
        lane.playback.ended.connect(partial(self._on_end, lane))
        lane.playback.failed.connect(partial(self._on_failed, lane))
        lane.playback.duration_changed.connect(lambda _: self.duration_changed.emit(self.duration_ms))

    def _on_frame(self, lane: _Lane, frame: QVideoFrame) -> None:
        if not lane.is_live:
            return
        if lane.sought_us is not None:
            if lane.is_sought(frame):
                lane.sought_us = None
                self._show(lane, frame)
                self._go_on()
        elif self._is_playing:
            lane.take(frame)
            self._advance()
        else:
            self._show(lane, frame)

    def _on_end(self, lane: _Lane) -> None:
        if lane.sought_us is None:
            lane.is_over = True
            self._advance()

    def _on_failed(self, lane: _Lane) -> None:
        if lane.is_live:
            number = self._lanes.index(lane)
            self.leave_out(number)
            self.failed.emit(number)

    # Going on together

    def _live(self) -> list[_Lane]:
        return [lane for lane in self._lanes if lane.is_live]

    def _leader(self) -> _Lane | None:
        """The one that tells the time: the longest."""
        return max(self._live(), key=lambda lane: lane.playback.duration_ms, default=None)

    def _seek(self, position_ms: int) -> None:
        self._has_stepped = False
        for lane in self._live():
            lane.seek(position_ms)

    def _rest(self) -> None:
        """Pause at what is seen; the players may be further on."""
        self._set_playing(False)
        for lane in self._live():
            if lane.shown is not None:
                lane.seek(inside_ms(lane.shown.startTime()))

    def _set_playing(self, is_playing: bool) -> None:
        self._is_playing = is_playing
        self.state_changed.emit(self.is_playing)

    def _go_on(self) -> None:
        """Once all are where they should be: play, or take the steps that are wanted."""
        if any(lane.is_awaited or (lane.is_live and lane.sought_us is not None) for lane in self._lanes):
            return
        if self._is_playing:
            for lane in self._live():
                lane.playback.play()
        elif self._steps:
            steps, self._steps, self._has_stepped = self._steps, 0, True
            for lane in self._live():
                lane.playback.step(steps)

    def _advance(self) -> None:
        """Show of each what is due, as far as all have come."""
        live = self._live()
        reach_us = min((lane.reach_us for lane in live), default=0)
        for lane in live:
            if (frame := lane.due(reach_us)) is not None:
                self._show(lane, frame)
        if live and reach_us == math.inf:
            self._finish(live)
        else:
            for lane in live:
                lane.hold_or_let_go()

    def _finish(self, live: list[_Lane]) -> None:
        if self._is_looping:
            for lane in live:
                lane.begin_again()
        else:
            self._set_playing(False)

    def _show(self, lane: _Lane, frame: QVideoFrame) -> None:
        lane.shown = QVideoFrame(frame)
        self.frame_ready.emit(self._lanes.index(lane), frame)
        if lane is self._leader():
            self.position_changed.emit(self.position_ms)
