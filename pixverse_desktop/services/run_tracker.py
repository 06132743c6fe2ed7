"""Knows when a run is over, and how it ended: for ``watch`` and for ``--exit-when-done``."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from pixverse_desktop.core.events import (
    ConnectionChanged,
    ConnectionKind,
    Event,
    ListReplaced,
    SavePhase,
    SaveProgressed,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
    WriteFailed,
)
from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.core.ports import Clock
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.saving import Saver
from pixverse_desktop.services.waiting import wait_for_news

_MOST_STORE_FAULTS = 3
# What is held is tried again by a later run, or by this one as long as it has other things to do.
_SETTLED = (SavePhase.SAVED, SavePhase.HELD, SavePhase.FAILED, SavePhase.CANCELLED)


class RunTracker:
    """Follows the rows of one run until each has ended: not open, and saved where saving is wanted.

    Without ``refs`` the run is every row of ``account``, those that come later too. ``folder`` is
    where each clip of the run is to be saved, or None. The second look for late moderation is not
    waited for. A list that cannot be written a few times in a row ends the run.
    """

    def __init__(
        self,
        refs: Iterable[VideoRef] | None,
        *,
        account: str,
        library: Library,
        saver: Saver,
        announcer: Announcer,
        clock: Clock,
        folder: Path | None,
    ) -> None:
        self._refs = None if refs is None else frozenset(refs)
        self._account = account
        self._library = library
        self._saver = saver
        self._clock = clock
        self._folder = folder
        self._settled_saves: dict[VideoRef, SaveProgressed] = {}
        self._key_error = ""
        self._store_faults = 0
        self._is_interrupted = False
        self._changed = asyncio.Event()
        self._unfinished: dict[VideoRef, None] = {}  # in the list's order, in which clips are saved
        self._look_at(library)
        self._unsubscribe = announcer.subscribe(self._on_event)

    @property
    def videos(self) -> list[Video]:
        """The rows of the run that are still in the list, in the list's order."""
        return [video for video in self._library if self._follows(video.ref)]

    def close(self) -> None:
        """Stop following."""
        self._unsubscribe()

    def interrupt(self) -> None:
        """End the run now; somebody wishes so."""
        self._is_interrupted = True
        self._changed.set()

    async def wait(self, timeout_s: float | None) -> ExitCode:
        """Return how the run ended, when it has, or after ``timeout_s``."""
        deadline_s = None if timeout_s is None else self._clock.monotonic_s() + timeout_s
        self._save_what_is_ready()
        while not self._is_over():
            self._changed.clear()
            left_s = None if deadline_s is None else max(0.0, deadline_s - self._clock.monotonic_s())
            if not await wait_for_news(self._changed, self._clock, left_s):
                break
            self._save_what_is_ready()
        return self.exit_code(is_over=self._is_over())

    def exit_code(self, *, is_over: bool) -> ExitCode:
        """The code of the run as it stands."""
        if self._key_error:
            return ExitCode.KEY_REFUSED
        if self._is_interrupted:
            return ExitCode.INTERRUPTED
        if self._store_faults or any(save.is_disk_fault for save in self._settled_saves.values()):
            return ExitCode.COULD_NOT_WRITE
        if not is_over:
            return ExitCode.TIMED_OUT
        is_good = all(self._is_good(video) for video in self.videos)
        return ExitCode.ALL_READY if is_good else ExitCode.SOME_ENDED_OTHERWISE

    def wants_save(self, video: Video) -> bool:
        """Whether this row still has to be saved in this run."""
        return self._folder is not None and video.is_fetchable and video.ref not in self._settled_saves

    def _follows(self, ref: VideoRef) -> bool:
        return ref.account == self._account if self._refs is None else ref in self._refs

    def _is_over(self) -> bool:
        if self._key_error or self._is_interrupted or self._store_faults >= _MOST_STORE_FAULTS:
            return True
        return not self._unfinished

    def _is_good(self, video: Video) -> bool:
        if video.status is not VideoStatus.READY:
            return False
        if self._folder is None:
            return True
        settled = self._settled_saves.get(video.ref)  # none for a row without an address
        return settled is not None and settled.phase is SavePhase.SAVED

    def _save_what_is_ready(self) -> None:
        if self._folder is not None:
            unfinished = filter(None, map(self._library.get, self._unfinished))
            wanted = [video.ref for video in unfinished if self.wants_save(video)]
            # One that is on its way already would be hurried, and a folder that is full tried anew.
            self._saver.save([ref for ref in wanted if not self._saver.is_saving(ref)], self._folder)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ConnectionChanged) and event.account == self._account:
            if event.kind is ConnectionKind.KEY_REFUSED:
                self._key_error = event.message
        elif isinstance(event, SaveProgressed) and self._follows(event.ref) and event.phase in _SETTLED:
            self._settled_saves[event.ref] = event
            self._look_at(filter(None, [self._library.get(event.ref)]))
        elif isinstance(event, WriteFailed):
            self._store_faults += 1
        else:
            self._follow_list(event)
        self._changed.set()

    def _follow_list(self, event: Event) -> None:
        match event:
            case VideosAdded(videos):
                self._look_at(videos)
            case VideosChanged(changes):
                self._store_faults = 0
                self._look_at(after for _, after in changes)
            case VideosRemoved(videos):
                for video in videos:
                    self._unfinished.pop(video.ref, None)
            case ListReplaced():
                self._unfinished.clear()
                self._look_at(self._library)

    def _look_at(self, videos: Iterable[Video]) -> None:
        """Note which of these the run still waits for, so that nobody asks all rows after each change."""
        for video in videos:
            is_unfinished = video.status.is_open or self.wants_save(video)
            if is_unfinished and self._follows(video.ref):
                self._unfinished[video.ref] = None
            else:
                self._unfinished.pop(video.ref, None)


def summary_words(videos: Iterable[Video]) -> str:
    """How a run ended, in one line: "3 ready (3 saved), 1 moderated"."""
    counted: dict[VideoStatus, int] = {}
    saved = 0
    for video in videos:
        counted[video.status] = counted.get(video.status, 0) + 1
        saved += video.is_saved and video.status is VideoStatus.READY
    words = [
        f"{counted[status]} {status.value.replace('_', ' ')}"
        + (f" ({saved} saved)" if status is VideoStatus.READY else "")
        for status in VideoStatus
        if status in counted
    ]
    return ", ".join(words) or "nothing to watch"
