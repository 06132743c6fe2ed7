"""Which rows of one account are asked about, when each is next, and what their answers teach."""

from collections import deque
from collections.abc import Iterable

from pixverse_desktop.core import schedule
from pixverse_desktop.core.answers import VideoAnswer, apply_answer, unless_nothing_new
from pixverse_desktop.core.clocks import Moment
from pixverse_desktop.core.planner import Planner
from pixverse_desktop.core.ports import Clock
from pixverse_desktop.core.schedule import PollHistory
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.timetable import Timetable

_TAKEN_IN_AT_ONCE = 500  # a few milliseconds: a hundred thousand rows must not cost the window a frame


class Agenda:
    """Keeps the timetable of an account's rows: takes new ones in, and plans each anew after an answer.

    Attributes:
        timetable: the rows that are asked about.
    """

    def __init__(self, account: str, *, library: Library, clock: Clock, interval_s: float | None) -> None:
        self.timetable = Timetable()
        self._account = account
        self._library = library
        self._clock = clock
        self._planner = Planner(interval_s)
        self._newcomers: deque[Video] = deque()

    @property
    def has_newcomers(self) -> bool:
        """Whether rows still wait to be taken in."""
        return bool(self._newcomers)

    def add(self, videos: Iterable[Video]) -> None:
        """Queue rows to be taken in; those that are asked about already will be due at once."""
        self._newcomers.extend(videos)

    def begin_anew(self) -> None:
        """Forget every plan, and queue the list as it is now."""
        self.timetable.clear()
        self._newcomers.clear()
        self.add(self._library)

    def take_in_newcomers(self) -> None:
        """Begin to ask about the next rows in the queue; those that are asked about already are due now."""
        queued = [self._newcomers.popleft() for _ in range(min(len(self._newcomers), _TAKEN_IN_AT_ONCE))]
        found = [self._library.get(video.ref) for video in queued if video.account == self._account]
        now, videos = self.moment(), [video for video in found if video is not None]
        in_company = sum(video.status.is_open for video in videos) > 1
        for video in videos:
            if video.ref in self.timetable:
                if video.status.is_open:
                    self.timetable.hurry(video.ref, now.monotonic_s)
            elif (history := self._planner.first(video, now, in_company=in_company)) is not None:
                self.timetable.put(video.ref, history)

    def check_now(self, ref: VideoRef) -> None:
        """Ask about a row now, whatever became of it."""
        now_s = self._clock.monotonic_s()
        self.timetable.put(ref, schedule.checked(self.timetable.get(ref), at_s=now_s))

    def judged(self, video: Video, answer: VideoAnswer) -> Video:
        """The row after ``answer``, as this row's past has it."""
        now, history = self.moment(), self.timetable.get(video.ref)
        no_file_for_s = 0.0 if history is None else history.no_file_for_s(now.monotonic_s)
        after = apply_answer(video, answer, now_s=now.wall_s, no_file_for_s=no_file_for_s)
        if after.status.is_open and history is not None:
            history = self._planner.with_creation(history, after, now)
            after = schedule.with_age_note(after, waited_s=history.age_s(now.monotonic_s))
        return unless_nothing_new(video, after)

    def learn(self, video: Video | None) -> None:
        """Remember how long a clip took that was open and has just been answered about."""
        if video is not None and (history := self.timetable.get(video.ref)) is not None:
            self._planner.learn_finish(video, history, self.moment())

    def reschedule(self, ref: VideoRef, video: Video | None) -> None:
        """Plan a row that an answer left as ``video``; None if it is in the list no more.

        One whose plan was lost while it was asked about, with a list or a row that went and came back,
        is taken in as a new one.
        """
        if video is None or not (video.status.is_open or schedule.wants_second_look(video)):
            self.timetable.drop(ref)
        elif (history := self.timetable.get(ref)) is not None:
            self.timetable.put(ref, self._planner.after_answer(history, video, self.moment()))
        else:
            self.add([video])

    def step_behind(self, ref: VideoRef) -> None:
        """Let the others be asked about before this row is again."""
        if (history := self.timetable.get(ref)) is not None:
            self.timetable.put(ref, self._planner.after_silence(history, self.moment()))

    def retry_later(self, ref: VideoRef) -> PollHistory | None:
        """Let a row back off after a passing fault; its history, or None if it is not asked about."""
        if (history := self.timetable.get(ref)) is None:
            return None
        later = self._planner.after_fault(history, self.moment())
        self.timetable.put(ref, later)
        return later

    def retry_not_known(self, ref: VideoRef) -> bool:
        """Ask again about a row that PixVerse does not know; False when that was tried often enough."""
        if (history := self.timetable.get(ref)) is None:
            return True
        if (later := self._planner.after_not_known(history, self.moment())) is None:
            return False
        self.timetable.put(ref, later)
        return True

    def moment(self) -> Moment:
        """Now, by both clocks."""
        return Moment(self._clock.now_s(), self._clock.monotonic_s())
