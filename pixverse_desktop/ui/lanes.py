"""One of several clips that are played together: what is shown of it, and what waits to be shown."""

import math
from collections import deque

from PySide6.QtMultimedia import QVideoFrame

from pixverse_desktop.ui.playback import Playback
from pixverse_desktop.ui.stepping import TOLERANCE_US, frame_end_us, inside_ms, length_us

_MOST_AHEAD = 12  # frames that wait; the window may be busy for a moment, and then they come in bursts
_NEAR_FRAMES = 2


class Lane:
    """A clip beside others: its player, and how far it has come.

    Attributes:
        is_awaited: it is not loaded yet, nor left out.
        shown: the frame that is seen, if there is one.
        is_over: the player came to the end.
        is_sought: the frame that was asked for has not come yet.
    """

    def __init__(self, playback: Playback) -> None:
        self.playback = playback
        self.is_awaited = True
        self._forget()

    def _forget(self) -> None:
        self.shown: QVideoFrame | None = None
        self.is_over = False
        self.is_sought = False
        self._coming: deque[QVideoFrame] = deque()
        self._first_us: int | None = None
        self._pictures_us = 0
        self._furthest_us = 0
        self._sought_us = 0
        self._aim_us = 0  # where the frame begins that is shown once all steps are taken
        self._is_held = False

    @property
    def is_live(self) -> bool:
        """Whether it has a clip."""
        return self.playback.path is not None

    @property
    def length_us(self) -> int:
        """How long a frame lasts."""
        assert self.shown is not None
        return length_us(self.shown)

    @property
    def first_us(self) -> int:
        """When its first picture comes: sound may come before."""
        return self._first_us or 0

    @property
    def end_us(self) -> int:
        """When its last picture is over, as far as is known: sound may go on."""
        return self.first_us + self._pictures_us if self._pictures_us else self.playback.duration_ms * 1000

    @property
    def reach_us(self) -> float:
        """Until when it is known what is to be seen."""
        newest = self._newest
        if self.is_over or (newest is not None and self._is_last(newest)):
            return math.inf
        return 0 if newest is None else frame_end_us(newest)

    @property
    def is_at_end(self) -> bool:
        """Whether the last picture is shown."""
        return self.shown is not None and self._is_last(self.shown)

    @property
    def _newest(self) -> QVideoFrame | None:
        return self._coming[-1] if self._coming else self.shown

    def _is_last(self, frame: QVideoFrame) -> bool:
        is_known = self._first_us is not None and self.end_us > self._first_us
        return is_known and frame_end_us(frame) >= self.end_us - TOLERANCE_US

    # Coming and going

    def cue(self, playback_rate: float) -> None:
        """Expect the first frame of another clip."""
        self._forget()
        self.is_awaited = False
        self.is_sought = True
        self.playback.set_rate(playback_rate)

    def take(self, frame: QVideoFrame) -> None:
        """Let a frame wait; one that came before is given again by a player that paused."""
        if self._newest is None or frame.startTime() > self._newest.startTime():
            self._coming.append(QVideoFrame(frame))

    def due(self, reach_us: float) -> QVideoFrame | None:
        """The frame to be shown next, if there is one."""
        found = None
        while self._coming and self._coming[0].startTime() < reach_us - TOLERANCE_US:
            found = self._coming.popleft()
        return found

    def show(self, frame: QVideoFrame) -> None:
        """This frame is seen now."""
        self.shown = QVideoFrame(frame)
        start_us = frame.startTime()
        if self._first_us is None:
            self._first_us, self._pictures_us = start_us, self.playback.pictures_ms * 1000
        self._furthest_us = max(self._furthest_us, start_us)

    def begin_again(self) -> None:
        """Play from the beginning, after the end."""
        self.shown = None
        self.is_over = self._is_held = False
        self.playback.play()

    def hold_or_let_go(self) -> None:
        """Rest while far ahead of the others."""
        if not self._is_held and len(self._coming) > _MOST_AHEAD:
            self._is_held = True
            self.playback.pause()
        elif self._is_held and len(self._coming) <= _MOST_AHEAD // 2:
            self._is_held = False
            self.playback.play()

    # Going to a place

    def seek(self, time_us: int) -> None:
        """Rest at this time, or at the first or the last picture."""
        length = 0 if self.shown is None else self.length_us
        last_us = max(self.first_us, self.end_us - length)
        self._seek(max(self.first_us, min(time_us, last_us)))

    def seek_shown(self) -> None:
        """Rest at what is seen: the player may be further on."""
        self._seek(self.first_us if self.shown is None else self.shown.startTime())

    def _seek(self, time_us: int) -> None:
        self._coming.clear()
        self.is_over = self._is_held = False
        if self._first_us is not None:  # else the first frame is on its way already
            self.is_sought, self._sought_us = True, time_us
            self.playback.pause()
            self.playback.seek(inside_ms(time_us))

    def seek_in_vain(self) -> None:
        """There is no picture where it was sought: rest at the last one that is known."""
        if (
            self.is_live
            and self.is_sought
            and self._first_us is not None
            and self._sought_us > self._furthest_us
        ):
            self._seek(self._furthest_us)

    def arrives_with(self, frame: QVideoFrame) -> bool:
        """Whether this frame is the one that was asked for, and not one from before."""
        near_us = _NEAR_FRAMES * length_us(frame)
        is_near = frame.startTime() - near_us <= self._sought_us <= frame_end_us(frame) + near_us
        if self._first_us is not None and not is_near:
            return False
        self.is_sought = False
        return True

    # Steps

    def aim_from_shown(self, *, is_anew: bool) -> None:
        """Step from what is shown, if this is the first step, or if all former ones are taken."""
        assert self.shown is not None
        start_us = self.shown.startTime()
        if is_anew or abs(start_us - self._aim_us) * 2 < self.length_us:
            self._aim_us = start_us

    def has_room(self, steps: int, moment_us: int) -> bool:
        """Whether the next frame from this moment on, in the direction of ``steps``, is one of this clip."""
        is_there = abs(self._kept_within(moment_us) - moment_us) <= TOLERANCE_US
        return is_there and self._possible(1 if steps > 0 else -1) != 0

    def step(self, steps: int) -> int:
        """Take as many of these steps as there are frames; when the frame that is shown then begins."""
        if steps := self._possible(steps):
            self._aim_us += steps * self.length_us
            self.playback.step(steps)
        return self._aim_us

    def step_to(self, moment_us: int) -> None:
        """Show the frame of this moment."""
        self.step((moment_us + TOLERANCE_US - self._aim_us) // self.length_us)

    def _possible(self, steps: int) -> int:
        length = self.length_us
        back = (self._aim_us - self.first_us + TOLERANCE_US) // length
        left = (self.end_us - self._aim_us + TOLERANCE_US) // length - 1
        return max(-back, min(steps, max(0, left)))

    def _kept_within(self, moment_us: int) -> int:
        return max(self.first_us, min(moment_us, self.end_us - 1))
