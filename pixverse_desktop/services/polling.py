"""Asking PixVerse about one account's open videos: politely, one budget for the key, one state for all."""

import asyncio
import logging
from collections.abc import Iterable
from dataclasses import replace

from pixverse_desktop.core import schedule
from pixverse_desktop.core.answers import (
    PAGE_FOR_KNOWN,
    VideoAnswer,
    end_without_answer,
    is_mere_page,
    reopen,
    status_of,
)
from pixverse_desktop.core.attempts import Attempt
from pixverse_desktop.core.budget import PAUSE_WORDS, RequestBudget
from pixverse_desktop.core.clocks import may_have_slept
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
    ConnectionKind,
    Event,
    ListReplaced,
    Trouble,
    VideosAdded,
    VideosRemoved,
)
from pixverse_desktop.core.ports import Clock, VideoApi
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.services.agenda import Agenda
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.connection import ConnectionNews, ConnectionState
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.services.waiting import Waiters, wait_for_news

MAX_AT_ONCE = 4
_LONGEST_NAP_S = 300.0  # asleep, the monotonic clock may stand still: look up, or a late row would wait on

_SILENT = (ConnectionKind.KEY_REFUSED, ConnectionKind.PAUSED)

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
        self._agenda = Agenda(account, library=library, clock=clock, interval_s=interval_s)
        self._timetable = self._agenda.timetable
        self._budget = RequestBudget()
        self._state = ConnectionState()
        self._checks = Waiters()
        self._news = ConnectionNews()
        self._lacks_credits = False
        self._wake = asyncio.Event()

    @property
    def connection(self) -> ConnectionChanged:
        """How account and service stand now; every account whose key is to rest says so."""
        now_s = self._clock.monotonic_s()
        pause_s = 0.0 if self._state.is_stopped else round(self._budget.pause_s(now_s), 3)
        if pause_s > 0:
            return ConnectionChanged(self.account, ConnectionKind.PAUSED, PAUSE_WORDS, pause_s)
        return self._state.as_event(self.account, now_s)

    async def run(self) -> None:
        """Ask and ask, until cancelled."""
        unsubscribe = self._announcer.subscribe(self._on_event)
        try:
            self._agenda.add(self._library)
            self._use_connection()
            last = self._agenda.moment()
            while True:
                self._wake.clear()
                self._agenda.take_in_newcomers()
                nap_s = self._start_due()
                if self._agenda.has_newcomers:
                    nap_s = 0.0
                elif nap_s is not None:
                    nap_s = min(nap_s, _LONGEST_NAP_S)
                await wait_for_news(self._wake, self._clock, nap_s)
                before, last = last, self._agenda.moment()
                if may_have_slept(before, last, planned_s=nap_s):
                    self._agenda.add(video for video in self._library if video.status.is_open)
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
        for ref in refs:
            video = self._library.get(ref)
            if video is None or ref.account != self.account:
                continue
            self._agenda.check_now(ref)
            if reopen(video) != video:
                self._nursery.start(self._reopen(ref), name=f"reopen {ref.video_id}")
        self._state.retry_now(self._clock.monotonic_s())
        self._tell_connection()
        self._wake.set()

    async def has_turn(self) -> bool:
        """Wait until one more question may be asked with the key, whatever about; whether it may be at all.

        It may not while the key is missing or refused, or PixVerse wishes for a pause.
        """
        who = f"{self.account}, beside the videos"
        while self._api is not None and self.connection.kind not in _SILENT:
            now_s = self._clock.monotonic_s()
            if self._budget.take(now_s, who):
                return True
            await self._clock.sleep(self._budget.wait_s(now_s, who))
        return False

    async def check(self, ref: VideoRef) -> None:
        """Ask about one row as soon as politeness allows, and return when that was tried.

        Returns at once for a row that is not this account's, and without a key that can be used; also
        when the row leaves the list or the list is replaced, and when the key is removed or refused.
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
        if (hold_s := max(self._state.hold_s(now_s), self._budget.pause_s(now_s))) > 0:
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
            self._agenda.retry_later(ref)
            self._library.tell_write_failed(error)
        except Exception:  # a defect of ours: told by the nursery, and not at the pace of a good answer
            self._agenda.retry_later(ref)
            raise
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
        after = await self._library.update(ref, lambda video: self._agenda.judged(video, answer))
        if before is not None and before.status.is_open:
            self._agenda.learn(after)
        self._agenda.reschedule(ref, after)

    async def _on_error(self, ref: VideoRef, began_s: float, error: PixverseError) -> None:
        now_s = self._clock.monotonic_s()
        match error:
            case ServiceUnreachable():
                self._on_silence(ref, began_s, str(error))
            case RateLimited():
                self._agenda.step_behind(ref)  # or one row that is always refused would starve all others
                self._state.answer_came(now_s)
                self._budget.note_refusal(now_s, error.retry_after_s, began_s=began_s)
                self._tell_connection()
            case KeyRefused():
                self._on_key_refused(ref, error)
            case ServiceError():
                self._on_answer_came()
                await self._on_service_error(ref, error)
            case _:
                raise error

    def _on_key_refused(self, ref: VideoRef, error: KeyRefused) -> None:
        now_s = self._clock.monotonic_s()
        if error.is_certain:
            self._state.refuse(str(error))
        else:
            self._agenda.retry_later(ref)
            has_others = len(self._timetable) > 1
            if not self._state.is_online:  # whom pages alone answer is told so at once
                has_others = self._timetable.next_due(now_s) is not None
            self._state.doubt(ref, now_s, str(error), is_alone=not has_others)
        if self._state.is_refused:
            self._checks.end(self._checks)
        self._tell_connection()

    def _on_answer_came(self) -> None:
        self._budget.note_answer()
        self._state.answer_came(self._clock.monotonic_s())
        self._tell_connection()

    def _on_silence(self, ref: VideoRef, began_s: float, message: str) -> None:
        """No answer at all: of this row alone while others are answered, otherwise of the network."""
        now_s = self._clock.monotonic_s()
        self._agenda.step_behind(ref)
        self._state.silence(began_s=began_s, now_s=now_s, message=message, is_alone=len(self._timetable) <= 1)
        self._tell_connection()

    async def _on_service_error(self, ref: VideoRef, error: ServiceError) -> None:
        if isinstance(error, VideoNotKnown):
            await self._on_not_known(ref, error)
        elif (ending := _ENDINGS.get(type(error))) is not None:
            await self._end(ref, ending, error)
        elif isinstance(error, CreditsUsedUp):
            self._tell_credits(str(error))
            self._agenda.reschedule(ref, self._library.get(ref))
        else:
            await self._on_busy(ref, error)

    def _tell_credits(self, message: str) -> None:
        """Say once, until there are some, that the credits are used up; reading goes on all the same."""
        if not self._lacks_credits:
            self._lacks_credits = True
            self._announcer.announce(Trouble(message))

    async def _on_not_known(self, ref: VideoRef, error: VideoNotKnown) -> None:
        video = self._library.get(ref)
        if video is not None and is_mere_page(error.code, video):
            await self._on_busy(ref, ServiceBusy(PAGE_FOR_KNOWN, code=error.code))
        elif not self._agenda.retry_not_known(ref):
            await self._end(ref, VideoStatus.NOT_FOUND, error)

    async def _on_busy(self, ref: VideoRef, error: ServiceError) -> None:
        later = self._agenda.retry_later(ref)
        if later is not None and later.faults >= schedule.TROUBLE_AFTER_FAULTS:
            after = await self._library.update(ref, lambda video: _after_many_faults(video, str(error)))
            if after is not None and after.second_look_done:
                self._agenda.reschedule(ref, after)

    async def _end(self, ref: VideoRef, status: VideoStatus, error: ServiceError) -> None:
        now_s = self._clock.now_s()
        after = await self._library.update(
            ref,
            lambda video: end_without_answer(video, status, str(error), now_s=now_s, trace_id=error.trace_id),
        )
        self._agenda.reschedule(ref, after)

    # What happens elsewhere

    def _on_event(self, event: Event) -> None:
        if isinstance(event, VideosAdded):
            self._agenda.add(event.videos)
            self._wake.set()
        elif isinstance(event, ListReplaced):
            self._agenda.begin_anew()
            self._checks.end(self._checks)
            self._wake.set()
        elif isinstance(event, VideosRemoved):
            for video in event.videos:
                self._timetable.drop(video.ref)
            self._checks.end(video.ref for video in event.videos)
        elif isinstance(event, ConnectionChanged):
            if event.kind is ConnectionKind.PAUSED and event.account != self.account:
                self._tell_connection()  # it may be this account's key, too
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


def _after_many_faults(video: Video, message: str) -> Video:
    """An open row says what is the matter; a ready one has its clip, and goes without its second look."""
    if video.status.is_open:
        return replace(video, message=message)
    return replace(video, second_look_done=True)
