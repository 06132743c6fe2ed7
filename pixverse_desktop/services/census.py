"""Counts over the list, kept up to date by its events, so that nobody counts a hundred thousand rows."""

from collections import Counter
from collections.abc import Iterable

from pixverse_desktop.core.events import (
    Event,
    ListReplaced,
    MarksChanged,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
)
from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.needs import needs_you
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.services.library import Library


class Census:
    """How many rows there are of each kind. Follows the library from the moment it is made.

    ``on_event`` is called with every event, before anybody asks.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self._marks: dict[VideoRef, Marks] = {}
        self.statuses: Counter[VideoStatus] = Counter()
        self.accounts: Counter[str] = Counter()
        self.tags: Counter[str] = Counter()
        self.batches: Counter[str] = Counter()
        self.recount()

    def recount(self) -> None:
        """Count everything anew, after the whole list became another."""
        self.saved = self.unsaved = self.needs_you = self.rejected = 0
        for counter in (self.statuses, self.accounts, self.tags, self.batches):
            counter.clear()
        self._marks.clear()
        self._count(self._library, 1)
        self._recount_marks(video.ref for video in self._library)

    @property
    def total(self) -> int:
        """All rows."""
        return self.statuses.total()

    @property
    def open(self) -> int:
        """Rows PixVerse may still change its mind about."""
        return self.statuses[VideoStatus.WAITING] + self.statuses[VideoStatus.UNKNOWN]

    def on_event(self, event: Event) -> None:
        """Follow what happened."""
        match event:
            case VideosAdded(videos):
                self._count(videos, 1)
                self._recount_marks(video.ref for video in videos)
            case VideosRemoved(videos):
                self._count(videos, -1)
                for video in videos:
                    self._count_marks(video.ref, NO_MARKS)
            case VideosChanged(changes):
                self._count((before for before, _ in changes), -1)
                self._count((after for _, after in changes), 1)
            case MarksChanged(refs):
                self._recount_marks(refs)
            case ListReplaced():
                self.recount()

    def _count(self, videos: Iterable[Video], sign: int) -> None:
        """Gather rows that count alike first: of a hundred thousand there are a few kinds."""
        for (status, account, is_saved, needs, is_fetchable), many in Counter(map(_kind, videos)).items():
            by = sign * many
            self.statuses[status] += by
            self.accounts[account] += by
            self.saved += by * is_saved
            self.needs_you += by * needs
            self.unsaved += by * (is_fetchable and not is_saved)

    def _recount_marks(self, refs: Iterable[VideoRef]) -> None:
        """Gather equal changes first: a hundred thousand rows that were tagged alike are one of them."""
        get, marks_of, known = self._library.get, self._library.marks, self._marks
        shifts: dict[tuple[int, int], tuple[Marks, Marks, int]] = {}
        for ref in refs:
            after = NO_MARKS if get(ref) is None else marks_of(ref)
            before = known.get(ref, NO_MARKS)
            if before is not after:
                known[ref] = after
                kind = (id(before), id(after))
                shifts[kind] = (before, after, shifts[kind][2] + 1 if kind in shifts else 1)
        for before, after, count in shifts.values():
            self._add(before, -count)
            self._add(after, count)

    def _count_marks(self, ref: VideoRef, after: Marks) -> None:
        before = self._marks.pop(ref, NO_MARKS)
        if after is not NO_MARKS:
            self._marks[ref] = after
        if before is not after:
            self._add(before, -1)
            self._add(after, 1)

    def _add(self, marks: Marks, by: int) -> None:
        if marks is NO_MARKS:
            return
        for tag in marks.tags:
            self.tags[tag] += by
        if marks.batch:
            self.batches[marks.batch] += by
        self.rejected += by * marks.is_rejected


def _kind(video: Video) -> tuple[VideoStatus, str, bool, bool, bool]:
    status = video.status
    if status is VideoStatus.READY:  # most are, and need nobody
        return (status, video.account, video.saved_path != "", False, video.url != "")
    return (status, video.account, video.is_saved, needs_you(video), video.is_fetchable)
