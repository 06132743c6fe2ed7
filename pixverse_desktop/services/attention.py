"""What a person is told who looks elsewhere: one summary that grows, and a number; never a storm."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from pixverse_desktop.core.desktop_ports import Notifier
from pixverse_desktop.core.events import (
    AttemptMade,
    ConnectionChanged,
    ConnectionKind,
    Event,
    ListReplaced,
    VideosChanged,
    VideosRemoved,
)
from pixverse_desktop.core.needs import is_stalled
from pixverse_desktop.core.notices import Ending, Notice, Summary, ending_of
from pixverse_desktop.core.ports import Clock
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tasks import TaskNursery

COLLECT_S = 2.5  # what ends together is told together
REPLACE_AFTER_S = 10.0  # a summary that grows is not repainted more often than that
CATCH_UP_LIMIT_S = 60.0  # how long the first round after a start or an outage may hold the summary back
OFFLINE_AFTER_S = 60.0  # a shorter outage, such as a laptop waking up, mends itself


class Attention:
    """Decides what is told, when, and what the icon's number is. Words and windows are others' business.

    What happens while the window is in front is in front of the person already, and is told nowhere
    else. Everything else is collected until the person looks; a newer summary replaces the former.
    The number counts all rows that ended since then: not only those in need of a person, because a
    finished clip is what most people wait for.
    """

    def __init__(
        self,
        *,
        library: Library,
        announcer: Announcer,
        clock: Clock,
        nursery: TaskNursery,
        notifier: Notifier,
        settings: Callable[[], Settings],
        is_in_front: Callable[[], bool],
        in_words: Callable[[Summary], Notice],
        show_number: Callable[[int], None],
    ) -> None:
        self._library = library
        self._clock = clock
        self._nursery = nursery
        self._notifier = notifier
        self._settings = settings
        self._is_in_front = is_in_front
        self._in_words = in_words
        self._show_number = show_number
        self._endings: dict[VideoRef, Ending] = {}
        self._troubles: dict[str, ConnectionChanged] = {}
        self._connections: dict[str, ConnectionChanged] = {}  # the first of each kind in a row
        self._not_asked_yet: set[VideoRef] = set()
        self._shown = Summary()
        self._shown_at_s: float | None = None
        self._number = 0
        self._teller: asyncio.Task[None] | None = None
        self._unsubscribe = announcer.subscribe(self._on_event)

    @property
    def unseen(self) -> Summary:
        """What happened since the window was last in front, as far as it is wished to be told."""
        return _as_wished(Summary(dict(self._endings), tuple(self._troubles.values())), self._settings())

    def seen(self) -> None:
        """The window came to the front: everything told so far is done with."""
        self._endings.clear()
        self._troubles.clear()
        self._count()
        self._take_back()

    def refresh(self) -> None:
        """Follow a change of the settings."""
        self._count()
        if not self.unseen:
            self._take_back()

    def close(self) -> None:
        """Stop listening, and leave no number behind."""
        self._unsubscribe()
        self._endings.clear()
        self._count()

    # What happened

    def _on_event(self, event: Event) -> None:
        match event:
            case AttemptMade(attempt):
                self._not_asked_yet.discard(attempt.ref)
            case VideosChanged(changes):
                for before, after in changes:
                    self._on_changed(before, after)
            case VideosRemoved(videos):
                self._forget(videos)
            case ListReplaced():
                self._endings.clear()
                self._not_asked_yet.clear()
                self.refresh()
            case ConnectionChanged():
                self._on_connection(event)

    def _on_changed(self, before: Video, after: Video) -> None:
        if not after.status.is_open:
            self._not_asked_yet.discard(after.ref)
        ending = ending_of(before, after)
        if ending is not None and not self._is_in_front():
            self._endings.pop(after.ref, None)  # so that the last one to end stands last
            self._endings[after.ref] = ending
            self._count()
            self._tell_soon()

    def _forget(self, videos: tuple[Video, ...]) -> None:
        for video in videos:
            self._endings.pop(video.ref, None)
            self._not_asked_yet.discard(video.ref)
        self.refresh()

    def _on_connection(self, event: ConnectionChanged) -> None:
        before = self._connections.get(event.account)
        if before is not None and before.kind is event.kind:
            return
        self._connections[event.account] = event
        match event.kind:
            case ConnectionKind.KEY_REFUSED:
                self._on_trouble(event)
            case ConnectionKind.OFFLINE:
                self._nursery.start(self._watch_outage(event), name="outage")
            case ConnectionKind.ONLINE:
                self._on_online(event.account, before)

    def _on_online(self, account: str, before: ConnectionChanged | None) -> None:
        """At the start and after an outage many rows may have ended: the first round is told as one."""
        if before is None or before.kind in (ConnectionKind.IDLE, ConnectionKind.OFFLINE):
            self._not_asked_yet |= {
                video.ref
                for video in self._library
                if video.account == account and video.status.is_open and not is_stalled(video)
            }
        if self._troubles.pop(account, None) is not None:
            self.refresh()

    async def _watch_outage(self, event: ConnectionChanged) -> None:
        """Tell an outage that lasts; one after it has a watcher of its own."""
        await self._clock.sleep(OFFLINE_AFTER_S)
        if self._connections.get(event.account) is event:
            self._on_trouble(event)

    def _on_trouble(self, event: ConnectionChanged) -> None:
        if event.account not in self._troubles and not self._is_in_front():
            self._troubles[event.account] = event
            self._tell_soon()

    # Telling

    def _tell_soon(self) -> None:
        if self._teller is None or self._teller.done():
            self._teller = self._nursery.start(self._tell_later(), name="notice")

    async def _tell_later(self) -> None:
        began_s = self._clock.monotonic_s()
        await self._clock.sleep(self._pause_s(began_s))
        while self._not_asked_yet and self._clock.monotonic_s() - began_s < CATCH_UP_LIMIT_S:
            await self._clock.sleep(COLLECT_S)
        self._not_asked_yet.clear()
        while not self._is_in_front() and (summary := self.unseen) and summary != self._shown:
            self._shown, self._shown_at_s = summary, self._clock.monotonic_s()
            await self._notifier.show(self._in_words(summary))
            if self.unseen == summary:
                break
            await self._clock.sleep(REPLACE_AFTER_S)

    def _pause_s(self, now_s: float) -> float:
        if self._shown_at_s is None:
            return COLLECT_S
        return max(COLLECT_S, self._shown_at_s + REPLACE_AFTER_S - now_s)

    def _take_back(self) -> None:
        if self._shown:
            self._shown, self._shown_at_s = Summary(), None
            self._nursery.start(self._notifier.withdraw(), name="withdraw notice")

    def _count(self) -> None:
        number = len(self._endings) if self._settings().shows_badge else 0
        if number != self._number:
            self._number = number
            self._show_number(number)


def _as_wished(summary: Summary, settings: Settings) -> Summary:
    """Of a summary what a person wishes to be told."""
    wished = {
        ref: ending
        for ref, ending in summary.endings.items()
        if (settings.notifies_ready if ending is Ending.READY else settings.notifies_failed)
    }
    return replace(summary, endings=wished, troubles=summary.troubles if settings.notifies_connection else ())
