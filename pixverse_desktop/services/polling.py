"""Asking PixVerse about one account's open videos: politely, one budget for the key, one state for all."""

import asyncio
import logging
from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from pixverse_desktop.core import schedule
from pixverse_desktop.core.answers import (
    PAGE_FOR_KNOWN,
    VideoAnswer,
    apply_answer,
    end_without_answer,
    is_mere_page,
    reopen,
    status_of,
    unless_nothing_new,
)
from pixverse_desktop.core.attempts import Attempt
from pixverse_desktop.core.budget import RequestBudget
from pixverse_desktop.core.clocks import Moment, may_have_slept
from pixverse_desktop.core.errors import (
    CreditsUsedUp,
    KeyRefused,
    PixverseError,
    RateLimited,
    RequestRefused,
    ServiceBusy,
    ServiceError,
    ServiceUnreachable,
    StoreFailed,
    VideoGone,
    VideoModerated,
    VideoNotKnown,
)
from pixverse_desktop.core.events import (
    AttemptMade,
    BalanceChanged,
    ConnectionChanged,
    Event,
    ListReplaced,
    Trouble,
    VideosAdded,
    VideosRemoved,
)
from pixverse_desktop.core.planner import Planner
from pixverse_desktop.core.ports import Clock, VideoApi
from pixverse_desktop.core.schedule import PollHistory
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.connection import ConnectionNews, ConnectionState
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.services.timetable import Timetable
from pixverse_desktop.services.waiting import Waiters, wait_for_news

MAX_AT_ONCE = 4
_TAKEN_IN_AT_ONCE = 500  # a few milliseconds: a hundred thousand rows must not cost the window a frame
_LONGEST_NAP_S = 300.0  # asleep, the monotonic clock may stand still: look up, or a late row would wait on

_log = logging.getLogger(__name__)

_ENDINGS: dict[type[ServiceError], VideoStatus] = {
    VideoGone: VideoStatus.DELETED,
    VideoModerated: VideoStatus.MODERATED,
    RequestRefused: VideoStatus.STOPPED,
}


class Poller:
    """Asks about every open video of one account until it has ended.

    A failed question never changes a video's state. An answer for a row that was removed meanwhile
    is dropped. No row is asked about twice within ``MIN_INTERVAL_S``, whoever wishes it.

    Without ``interval_s`` the pace is learned from the clips of this list, and is five seconds until
    enough of them are known; with it, timely rows are asked about at that interval. Each account has
    a poller of its own, with its own state and experience; accounts with the same key at the same
    address share its budget.
    """

    def __init__(
        self,
        *,
        account: str,
        api: VideoApi | None,
        library: Library,
        announcer: Announcer,
        clock: Clock,
        nursery: TaskNursery,
        interval_s: float | None = None,
    ) -> None:
        self.account = account
        self._api = api
        self._library = library
        self._announcer = announcer
        self._clock = clock
        self._nursery = nursery
        self._planner = Planner(interval_s)
        self._budget = RequestBudget()
        self._state = ConnectionState()
        self._timetable = Timetable()
        self._newcomers: deque[Video] = deque()
        self._checks = Waiters()
        self._news = ConnectionNews()
        self._lacks_credits = False
        self._wake = asyncio.Event()

    @property
    def connection(self) -> ConnectionChanged:
        """How account and service stand now."""
        return self._state.as_event(self.account, self._clock.monotonic_s())

    async def run(self) -> None:
        """Ask and ask, until cancelled."""
        unsubscribe = self._announcer.subscribe(self._on_event)
        try:
            self._newcomers.extend(self._library)
            self._use_connection()
            last = self._moment()
            while True:
                self._wake.clear()
                self._take_in_newcomers()
                nap_s = self._start_due()
                if self._newcomers:
                    nap_s = 0.0
                elif nap_s is not None:
                    nap_s = min(nap_s, _LONGEST_NAP_S)
                await wait_for_news(self._wake, self._clock, nap_s)
                before, last = last, self._moment()
                if may_have_slept(before, last, planned_s=nap_s):
                    self._newcomers.extend(video for video in self._library if video.status.is_open)
        finally:
            unsubscribe()

    def focus(self, refs: Iterable[VideoRef]) -> None:
        """Ask about these rows first when they are due: what a person looks at, a screenful at most."""
        self._timetable.focus(ref for ref in refs if ref.account == self.account)

    def use(self, api: VideoApi | None, budget: RequestBudget | None = None) -> None:
        """Go on with another connection, after a key was stored, replaced or removed.

        ``budget`` is what its key may ask; without one the budget is as before.
        """
        self._api, self._budget = api, budget or self._budget
        self._use_connection()

    def check_now(self, refs: Iterable[VideoRef]) -> None:
        """Ask about these rows as soon as politeness allows, whatever became of them."""
        now_s = self._clock.monotonic_s()
        for ref in refs:
            video = self._library.get(ref)
            if video is None or ref.account != self.account:
                continue
            self._timetable.put(ref, schedule.checked(self._timetable.get(ref), at_s=now_s))
            if reopen(video) != video:
                self._nursery.start(self._reopen(ref), name=f"reopen {ref.video_id}")
        self._state.retry_now(now_s)
        self._wake.set()

    async def check(self, ref: VideoRef) -> None:
        """Ask about one row as soon as politeness allows, and return when that was tried.

        Returns at once for a row that is not this account's, and without a key that can be used; also
        when the row leaves the list, and when the key is removed or refused.
        """
        if self._api is None or ref.account != self.account or self._library.get(ref) is None:
            return
        tried = self._checks.wait_for(ref)
        self.check_now([ref])
        await tried

    async def _reopen(self, ref: VideoRef) -> None:
        try:
            await self._library.update(ref, reopen)
        except StoreFailed as error:
            self._library.tell_write_failed(error)

    # What is due

    def _start_due(self) -> float | None:
        """Start questions as far as hold, budget and places allow.

        The answer is the seconds until the next look, or None for "when woken".
        """
        now_s = self._clock.monotonic_s()
        if self._api is None or self._state.is_stopped:
            return None
        if (hold_s := self._state.hold_s(now_s)) > 0:
            return hold_s
        places = 1 if self._state.is_probing else MAX_AT_ONCE
        while (ref := self._timetable.next_due(now_s)) is not None:
            if self._timetable.under_way >= places:
                return None
            if not self._budget.take(now_s, self.account):
                return self._budget.wait_s(now_s, self.account)
            self._timetable.take(ref, now_s)
            self._nursery.start(self._ask(ref, now_s), name=f"ask {ref.video_id}")
        return self._timetable.wait_s(now_s)

    # One question

    async def _ask(self, ref: VideoRef, began_s: float) -> None:
        try:
            await self._ask_and_judge(ref, began_s)
        except StoreFailed as error:
            self._retry_later(ref)
            self._library.tell_write_failed(error)
        finally:
            self._timetable.release(ref)
            self._checks.end([ref])
            self._wake.set()

    async def _ask_and_judge(self, ref: VideoRef, began_s: float) -> None:
        api, asked_s = self._api, self._clock.now_s()
        if api is None:  # the key was taken away before the question left
            return
        try:
            answer = await api.get_video_result(ref.video_id)
        except PixverseError as error:
            code = error.code if isinstance(error, ServiceError) else None
            self._announcer.announce(AttemptMade(Attempt(ref, asked_s, code, str(error), error.trace_id)))
            if api is self._api:  # what befell a former connection says nothing about this one
                await self._on_error(ref, began_s, error)
            return
        words = f"{status_of(answer)} ({_code_words(answer)})"
        self._announcer.announce(
            AttemptMade(Attempt(ref, asked_s, answer.status_code, words, answer.trace_id))
        )
        if api is self._api:
            self._on_answer_came()
        before = self._library.get(ref)
        after = await self._library.update(ref, lambda video: self._judged(video, answer))
        if before is not None and before.status.is_open:
            self._learn(after)
        self._reschedule(ref, after)

    def _learn(self, video: Video | None) -> None:
        if video is not None and (history := self._timetable.get(video.ref)) is not None:
            self._planner.learn_finish(video, history, self._moment())

    def _judged(self, video: Video, answer: VideoAnswer) -> Video:
        after = apply_answer(video, answer, now_s=self._clock.now_s())
        now, history = self._moment(), self._timetable.get(video.ref)
        if after.status.is_open and history is not None:
            history = self._planner.with_creation(history, after, now)
            after = schedule.with_age_note(after, waited_s=history.age_s(now.monotonic_s))
        return unless_nothing_new(video, after)

    async def _on_error(self, ref: VideoRef, began_s: float, error: PixverseError) -> None:
        now_s = self._clock.monotonic_s()
        match error:
            case ServiceUnreachable():
                self._on_silence(ref, began_s, str(error))
            case RateLimited():
                self._step_behind(ref)  # or one row that is always refused would starve all others
                self._state.pause(now_s, self._budget.note_refusal(error.retry_after_s), str(error))
                self._tell_connection()
            case KeyRefused():
                self._state.refuse(now_s, str(error), is_certain=error.is_certain)
                self._checks.end(self._checks)
                self._tell_connection()
            case ServiceError():
                self._on_answer_came()
                await self._on_service_error(ref, error)
            case _:
                raise error

    def _on_answer_came(self) -> None:
        self._budget.note_answer()
        self._state.answer_came(self._clock.monotonic_s())
        self._tell_connection()

    def _on_silence(self, ref: VideoRef, began_s: float, message: str) -> None:
        """No answer at all: of this row alone while others are answered, otherwise of the network."""
        now_s = self._clock.monotonic_s()
        self._step_behind(ref)
        self._state.silence(began_s=began_s, now_s=now_s, message=message, is_alone=len(self._timetable) <= 1)
        self._tell_connection()

    def _step_behind(self, ref: VideoRef) -> None:
        """Let the others be asked about before this row is again."""
        if (history := self._timetable.get(ref)) is not None:
            self._timetable.put(ref, self._planner.after_silence(history, self._moment()))

    async def _on_service_error(self, ref: VideoRef, error: ServiceError) -> None:
        if isinstance(error, VideoNotKnown):
            await self._on_not_known(ref, error)
        elif (ending := _ENDINGS.get(type(error))) is not None:
            await self._end(ref, ending, error)
        elif isinstance(error, CreditsUsedUp):
            self._tell_credits(str(error))
            self._reschedule(ref, self._library.get(ref))
        else:
            await self._on_busy(ref, error)

    def _tell_credits(self, message: str) -> None:
        """Say once, until there are some, that the credits are used up; reading goes on all the same."""
        if not self._lacks_credits:
            self._lacks_credits = True
            self._announcer.announce(Trouble(message))

    async def _on_not_known(self, ref: VideoRef, error: VideoNotKnown) -> None:
        history, video = self._timetable.get(ref), self._library.get(ref)
        if history is None or video is None:
            return
        if is_mere_page(error.code, video):
            await self._on_busy(ref, ServiceBusy(PAGE_FOR_KNOWN, code=error.code))
        elif (later := self._planner.after_not_known(history, self._moment())) is None:
            await self._end(ref, VideoStatus.NOT_FOUND, error)
        else:
            self._timetable.put(ref, later)

    async def _on_busy(self, ref: VideoRef, error: ServiceError) -> None:
        later = self._retry_later(ref)
        if later is not None and later.faults >= schedule.TROUBLE_AFTER_FAULTS:
            await self._library.update(ref, lambda video: _with_note(video, str(error)))

    async def _end(self, ref: VideoRef, status: VideoStatus, error: ServiceError) -> None:
        now_s = self._clock.now_s()
        after = await self._library.update(
            ref,
            lambda video: end_without_answer(video, status, str(error), now_s=now_s, trace_id=error.trace_id),
        )
        self._reschedule(ref, after)

    # The schedule

    def _retry_later(self, ref: VideoRef) -> PollHistory | None:
        history = self._timetable.get(ref)
        if history is None:
            return None
        later = self._planner.after_fault(history, self._moment())
        self._timetable.put(ref, later)
        return later

    def _reschedule(self, ref: VideoRef, video: Video | None) -> None:
        if video is None or not (video.status.is_open or schedule.wants_second_look(video)):
            self._timetable.drop(ref)
        elif (history := self._timetable.get(ref)) is not None:
            self._timetable.put(ref, self._planner.after_answer(history, video, self._moment()))

    def _take_in_newcomers(self) -> None:
        """Begin to ask about the next rows in the queue; those that are asked about already are due now."""
        queued = [self._newcomers.popleft() for _ in range(min(len(self._newcomers), _TAKEN_IN_AT_ONCE))]
        found = [self._library.get(video.ref) for video in queued if video.account == self.account]
        now, videos = self._moment(), [video for video in found if video is not None]
        in_company = sum(video.status.is_open for video in videos) > 1
        for video in videos:
            if video.ref in self._timetable:
                if video.status.is_open:
                    self._timetable.hurry(video.ref, now.monotonic_s)
            elif (history := self._planner.first(video, now, in_company=in_company)) is not None:
                self._timetable.put(video.ref, history)

    def _moment(self) -> Moment:
        return Moment(self._clock.now_s(), self._clock.monotonic_s())

    def _on_event(self, event: Event) -> None:
        if isinstance(event, VideosAdded):
            self._newcomers.extend(event.videos)
            self._wake.set()
        elif isinstance(event, ListReplaced):
            self._timetable.clear()
            self._newcomers.clear()
            self._checks.end(ref for ref in self._checks if self._library.get(ref) is None)
            self._newcomers.extend(self._library)
            self._wake.set()
        elif isinstance(event, VideosRemoved):
            for video in event.videos:
                self._timetable.drop(video.ref)
            self._checks.end(video.ref for video in event.videos)
        elif isinstance(event, BalanceChanged) and event.account == self.account and event.balance.total > 0:
            self._lacks_credits = False

    def _use_connection(self) -> None:
        if self._api is None:
            self._state.lack_key()
            self._checks.end(self._checks)
        else:
            self._state = ConnectionState()
        self._tell_connection()
        self._wake.set()

    def _tell_connection(self) -> None:
        if self._news.is_news(self.connection, self._clock.monotonic_s()):
            self._announcer.announce(self.connection)


def _code_words(answer: VideoAnswer) -> str:
    return str(answer.status_code) if answer.status_code is not None else answer.status_text or "none"


def _with_note(video: Video, message: str) -> Video:
    return replace(video, message=message) if video.status.is_open else video
