"""One account's schedule: the rules of ``schedule`` at the pace this account has learned, or is given."""

from dataclasses import replace

from pixverse_desktop.core import schedule
from pixverse_desktop.core.clocks import Moment
from pixverse_desktop.core.durations import Durations
from pixverse_desktop.core.pace import DEFAULT_INTERVAL_S, MIN_INTERVAL_S, FixedPace, Pace
from pixverse_desktop.core.schedule import PollHistory
from pixverse_desktop.core.video import Video, VideoStatus


class Planner:
    """Says of each row, from its history and the clock, when to ask about it next.

    Without ``interval_s`` timely rows are asked about at the pace that the list's own past teaches,
    every five seconds until it teaches one; with it, at that interval.
    """

    def __init__(self, interval_s: float | None = None) -> None:
        self._interval_s = max(interval_s or DEFAULT_INTERVAL_S, MIN_INTERVAL_S)
        self._durations = Durations() if interval_s is None else None

    def first(self, video: Video, now: Moment, *, in_company: bool) -> PollHistory | None:
        """When to ask about a row that is new here; None for one that is done, which is learned from."""
        history = schedule.first_plan(video, at_s=now.monotonic_s, now_s=now.wall_s)
        if history is None or not video.status.is_open:
            self.learn(video)
            return history
        if not in_company:
            return history
        return replace(history, spread=schedule.spread_of(video.ref, only_later=self._durations is None))

    def with_creation(self, history: PollHistory, video: Video, now: Moment) -> PollHistory:
        """The history counting from the job's creation, from the first answer that told it."""
        return schedule.with_creation(history, video, at_s=now.monotonic_s, now_s=now.wall_s)

    def after_answer(self, history: PollHistory, video: Video, now: Moment) -> PollHistory:
        """The history after a good answer left the row as ``video``."""
        history = self.with_creation(history, video, now)
        return schedule.after_answer(
            history, video, at_s=now.monotonic_s, pace=self._pace_for(video, history)
        )

    def after_fault(self, history: PollHistory, now: Moment) -> PollHistory:
        """The history after a passing fault."""
        return schedule.after_fault(history, at_s=now.monotonic_s, interval_s=self._interval_s)

    def after_silence(self, history: PollHistory, now: Moment) -> PollHistory:
        """The history after no answer came at all."""
        return schedule.after_silence(history, at_s=now.monotonic_s, interval_s=self._interval_s)

    def after_not_known(self, history: PollHistory, now: Moment) -> PollHistory | None:
        """The history after "no such video", or None when it was tried often enough."""
        return schedule.after_not_known(history, at_s=now.monotonic_s, interval_s=self._interval_s)

    def learn_finish(self, after: Video, history: PollHistory, now: Moment) -> None:
        """Remember how long a clip took that was just found finished."""
        if after.status is VideoStatus.READY:
            history = self.with_creation(history, after, now)
            self.learn(after, seen_s=schedule.seen_duration_s(history, at_s=now.monotonic_s))

    def learn(self, video: Video, *, seen_s: float | None = None) -> None:
        """Remember how long a clip took, if it is finished and that is known."""
        if self._durations is not None:
            self._durations.learn(video, seen_s=seen_s)

    def _pace_for(self, video: Video, history: PollHistory) -> Pace:
        plain = FixedPace(self._interval_s)
        if self._durations is None or history.was_renewed:
            return plain
        return self._durations.pace_for(video, unlearned=plain)
