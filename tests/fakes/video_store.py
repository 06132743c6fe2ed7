"""A list that lives in memory, and can be told to fail like a full disk."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType

from pixverse_desktop.core.attempts import AttemptRun, folded
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.video import Account, Video, VideoRef

DISK_FULL = "The list could not be read or written: the disk is full."


class FakeVideoStore:
    """The ``VideoStore``, the ``AttemptStore`` and the ``SaveStore`` port.

    Attributes:
        is_failing: while true, every change raises ``StoreFailed`` and is not made.
        writes: how many calls changed something.
    """

    def __init__(self) -> None:
        self._rows: dict[VideoRef, Video] = {}
        self._removed: dict[VideoRef, float] = {}
        self._marks: dict[VideoRef, Marks] = {}
        self._views: dict[str, str] = {}
        self._accounts: dict[str, Account] = {}
        self._attempts: dict[VideoRef, tuple[AttemptRun, ...]] = {}
        self._saves: dict[VideoRef, QueuedSave] = {}
        self.is_failing = False
        self.writes = 0

    def row(self, video_id: str, account: str = "default") -> Video | None:
        """What stands on the disk about a row of the list."""
        ref = VideoRef(account, video_id)
        return None if ref in self._removed else self._rows.get(ref)

    def replace_with(self, videos: Iterable[Video]) -> None:
        """Put another list in this one's place, as a restored backup does."""
        self._rows = {video.ref: video for video in videos}
        self._removed.clear()
        self._marks.clear()

    async def load(self) -> Sequence[Video]:
        return [video for ref, video in self._rows.items() if ref not in self._removed]

    async def put(
        self, videos: Iterable[Video], marks: Mapping[VideoRef, Marks] = MappingProxyType({})
    ) -> None:
        self._write()
        self._mark(marks)
        rows = {video.ref: video for video in videos}
        self._rows.update(rows)
        for ref in rows:
            self._removed.pop(ref, None)

    async def find_removed(self, refs: Iterable[VideoRef]) -> Sequence[Video]:
        return [self._rows[ref] for ref in refs if ref in self._removed]

    async def remove(self, refs: Iterable[VideoRef], *, at_s: float) -> None:
        self._write()
        self._removed.update((ref, at_s) for ref in refs if ref in self._rows)

    async def move(self, moves: Iterable[tuple[VideoRef, Video]]) -> None:
        self._write()
        after_of = dict(moves)
        targets = {video.ref for video in after_of.values()}
        rows = {ref: video for ref, video in self._rows.items() if ref not in targets or ref in after_of}
        self._rows = {(after := after_of.get(ref, video)).ref: after for ref, video in rows.items()}
        for ref, after in after_of.items():
            self._removed.pop(after.ref, None)
            if ref in self._marks:
                self._marks[after.ref] = self._marks.pop(ref)

    async def swap(self, work: Callable[[], None]) -> None:
        work()

    async def load_marks(self) -> Mapping[VideoRef, Marks]:
        return dict(self._marks)

    async def put_marks(self, marks: Mapping[VideoRef, Marks]) -> None:
        self._write()
        self._mark(marks)

    async def load_removed(self, *, since_s: float) -> Sequence[Video]:
        places = {ref: place for place, ref in enumerate(self._rows)}
        recent = [ref for ref, at_s in self._removed.items() if at_s >= since_s]
        return [self._rows[ref] for ref in sorted(recent, key=lambda ref: (-self._removed[ref], places[ref]))]

    async def erase_removed(self) -> int:
        self._write()
        count = len(self._removed)
        for ref in self._removed:
            del self._rows[ref]
            self._marks.pop(ref, None)
            self._attempts.pop(ref, None)
            self._saves.pop(ref, None)
        self._removed.clear()
        return count

    async def attempts(self, ref: VideoRef) -> Sequence[AttemptRun]:
        return self._attempts.get(ref, ())

    async def put_attempts(self, attempts: Mapping[VideoRef, Sequence[AttemptRun]]) -> None:
        self._write()
        for ref, runs in attempts.items():
            self._attempts[ref] = folded(self._attempts.get(ref, ()), runs)

    async def prune_attempts(self, *, before_s: float, most_videos: int) -> None:
        newest = sorted(self._attempts.items(), key=lambda item: item[1][-1].last_at_s, reverse=True)
        self._attempts = {ref: runs for ref, runs in newest[:most_videos] if runs[-1].last_at_s >= before_s}

    async def saves(self) -> Sequence[QueuedSave]:
        return sorted(self._saves.values(), key=lambda save: (save.queued_at_s, save.ref))

    async def put_saves(self, kept: Iterable[QueuedSave], dropped: Iterable[VideoRef]) -> None:
        self._write()
        self._saves.update((save.ref, save) for save in kept)
        for ref in dropped:
            self._saves.pop(ref, None)

    async def views(self) -> Mapping[str, str]:
        return dict(sorted(self._views.items()))

    async def put_view(self, name: str, query: str) -> None:
        self._write()
        self._views[name] = query

    async def remove_view(self, name: str) -> None:
        self._write()
        self._views.pop(name, None)

    async def accounts(self) -> Sequence[Account]:
        return sorted(self._accounts.values(), key=lambda account: account.name)

    async def put_account(self, account: Account) -> None:
        self._write()
        self._accounts[account.name] = account

    async def remove_account(self, name: str) -> None:
        self._write()
        self._accounts.pop(name, None)

    def _mark(self, marks: Mapping[VideoRef, Marks]) -> None:
        self._marks = {ref: each for ref, each in {**self._marks, **marks}.items() if each != NO_MARKS}

    def _write(self) -> None:
        if self.is_failing:
            raise StoreFailed(DISK_FULL)
        self.writes += 1
