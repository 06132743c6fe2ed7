"""The one owner of the list of videos: on disk first, then in memory, then told."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, replace

from pixverse_desktop.core.answers import reopen
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.events import (
    ListReplaced,
    MarksChanged,
    Trouble,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
    WriteFailed,
)
from pixverse_desktop.core.marks import NO_MARKS, Marking, Marks, batched, filled
from pixverse_desktop.core.ports import Clock, VideoStore
from pixverse_desktop.core.video import SavedCopy, Video, VideoRef
from pixverse_desktop.services.announcer import Announcer


@dataclass(frozen=True, slots=True)
class AddOutcome:
    """What became of ids that were to be added, each in the order given.

    ``removed`` are those that a person took off the list and that were not to come back.
    """

    added: tuple[Video, ...]
    already: tuple[Video, ...]
    removed: tuple[Video, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveOutcome:
    """What became of rows that were to go to another account.

    Attributes:
        moved: each row as it was and as it is now.
        stayed: rows whose id the other account has already, or got from another row; left as they are.
    """

    moved: tuple[tuple[Video, Video], ...]
    stayed: tuple[Video, ...]


class Library:
    """The list. Changes are made one after another, each in one transaction.

    Raises ``StoreFailed`` from every change that could not be written; the list in memory is then
    as before.
    """

    def __init__(self, store: VideoStore, clock: Clock, announcer: Announcer) -> None:
        self._store = store
        self._clock = clock
        self._announcer = announcer
        self._videos: dict[VideoRef, Video] = {}
        self._marks: dict[VideoRef, Marks] = {}
        self._arrivals: dict[VideoRef, int] = {}  # of removed rows too: they come back to their places
        self._lock = asyncio.Lock()
        self._is_stale = False
        self._changes_when_told: int | None = None
        self.changes = 0
        """How often something was written, so that others can tell whether anything was."""

    def __iter__(self) -> Iterator[Video]:
        return iter(tuple(self._videos.values()))

    def __len__(self) -> int:
        return len(self._videos)

    def get(self, ref: VideoRef) -> Video | None:
        """The row, or None if it is not (any more) in the list."""
        return self._videos.get(ref)

    def marks(self, ref: VideoRef) -> Marks:
        """What a person said of a row."""
        return self._marks.get(ref, NO_MARKS)

    async def open(self) -> None:
        """Read the list from disk."""
        self._videos = {video.ref: video for video in await self._store.load()}
        self._marks = dict(await self._store.load_marks())
        self._arrivals = {ref: number for number, ref in enumerate(self._videos)}
        self._is_stale = False

    async def add(
        self, video_ids: Iterable[str], *, account: str, batch: str = "", brings_back: bool = True
    ) -> AddOutcome:
        """Add ids to the list; one that was removed before comes back with all that was known of it.

        New ones get the name of the ``batch`` they came with, unless they are in one already. Where
        nobody asks for these ids just now, ``brings_back`` is False and removed ones stay removed.
        """
        refs = list(dict.fromkeys(VideoRef(account, video_id) for video_id in video_ids))
        async with self._writing():
            already = tuple(self._videos[ref] for ref in refs if ref in self._videos)
            missing = [ref for ref in refs if ref not in self._videos]
            known = {video.ref: video for video in await self._store.find_removed(missing)} if missing else {}
            removed = () if brings_back else tuple(known[ref] for ref in missing if ref in known)
            added = self._as_new([ref for ref in missing if brings_back or ref not in known], known)
            marks = self._batched([video.ref for video in added], batch) if batch else {}
            await self._put(added, marks)
            await self._tell_added(added, marks)
        return AddOutcome(added, already, removed)

    async def take_in(self, rows: Sequence[tuple[Video, Marks]], *, brings_back: bool = True) -> AddOutcome:
        """Take in whole rows, of an export: new ones as they are, known ones keep what the list has.

        A known row takes from the export the prompt and the marks that it has none of itself.
        """
        first: dict[VideoRef, tuple[Video, Marks]] = {}
        for row in rows:
            first.setdefault(row[0].ref, row)
        async with self._writing():
            already = tuple(self._videos[ref] for ref in first if ref in self._videos)
            missing = [ref for ref in first if ref not in self._videos]
            removed = () if brings_back or not missing else tuple(await self._store.find_removed(missing))
            stay = {video.ref for video in removed}
            added = tuple(first[ref][0] for ref in missing if ref not in stay)
            told = tuple(
                (before, replace(before, prompt=first[before.ref][0].prompt))
                for before in already
                if not before.prompt and first[before.ref][0].prompt
            )
            marks = self._filled({ref: each for ref, (_, each) in first.items() if ref not in stay})
            await self._put([*added, *(after for _, after in told)], marks)
            await self._announcer.announce_in_pieces(VideosChanged, told)
            await self._tell_added(added, marks)
        return AddOutcome(added, already, removed)

    async def put_back(self, videos: Sequence[Video]) -> tuple[Video, ...]:
        """Undo a removal: these rows return as they were, to their places in this run; those that did."""
        async with self._writing():
            back = tuple({video.ref: video for video in videos if video.ref not in self._videos}.values())
            await self._put(back, {})
            await self._tell_added(back, {})
        return back

    async def update(self, ref: VideoRef, change: Callable[[Video], Video]) -> Video | None:
        """Replace a row by ``change(row)``; None for a row that left the list meanwhile.

        No difference, no writing and no announcement.
        """
        async with self._writing():
            before = self._videos.get(ref)
            if before is None:
                return None
            after = change(before)
            if after == before:
                return before
            await self._put([after], {})
        self._announcer.announce(VideosChanged(((before, after),)))
        return after

    async def note_copies(self, copies: Mapping[VideoRef, SavedCopy]) -> Mapping[VideoRef, SavedCopy]:
        """Note where rows' copies are, in one transaction; what was noted before of those that changed."""
        async with self._writing():
            rows = [(self._videos[ref], copy) for ref, copy in copies.items() if ref in self._videos]
            changes = tuple(
                (row, replace(row, saved_path=copy.path, saved_bytes=copy.size_bytes))
                for row, copy in rows
                if row.copy != copy
            )
            await self._put([after for _, after in changes], {})
        if changes:
            self._announcer.announce(VideosChanged(changes))
        return {before.ref: before.copy for before, _ in changes}

    async def mark(self, refs: Iterable[VideoRef], marking: Marking) -> Mapping[VideoRef, Marks]:
        """Change the marks of rows; what those that changed had before, for undoing.

        Rows marked alike before are marked alike after, with one value for all of them.
        """
        async with self._writing():
            after = self._marked(refs, marking)
            before = await self._write_marks(after)
            await self._announcer.announce_in_pieces(MarksChanged, tuple(after))
        return before

    async def set_marks(self, marks: Mapping[VideoRef, Marks]) -> Mapping[VideoRef, Marks]:
        """Give rows these marks; what they had before, for undoing."""
        async with self._writing():
            before = await self._write_marks(marks)
            await self._announcer.announce_in_pieces(MarksChanged, tuple(marks))
        return before

    def _marked(self, refs: Iterable[VideoRef], marking: Marking) -> dict[VideoRef, Marks]:
        """The new marks of those rows that would change."""
        made: dict[int, Marks | None] = {}  # by identity: marks alike are one value, and hashing each is slow
        after: dict[VideoRef, Marks] = {}
        for ref in refs:
            marks = self._marks.get(ref, NO_MARKS)
            if id(marks) not in made:
                changed = marking(marks)
                made[id(marks)] = None if changed == marks else changed
            new = made[id(marks)]
            if new is not None and ref in self._videos:
                after[ref] = new
        return after

    def _batched(self, refs: Iterable[VideoRef], batch: str) -> dict[VideoRef, Marks]:
        """The marks of those rows that are in no batch, once they are in this one."""
        into_batch = batched(batch)
        of_new = into_batch(NO_MARKS)  # one value for all rows without a mark
        unbatched = {ref: self.marks(ref) for ref in refs if not self.marks(ref).batch}
        return {ref: of_new if each == NO_MARKS else into_batch(each) for ref, each in unbatched.items()}

    def _filled(self, given: Mapping[VideoRef, Marks]) -> dict[VideoRef, Marks]:
        """The marks of those rows that gain by what is given; what a person said already stays."""
        after = {ref: filled(self.marks(ref), each) for ref, each in given.items() if each != NO_MARKS}
        return {ref: each for ref, each in after.items() if each != self.marks(ref)}

    async def _write_marks(self, marks: Mapping[VideoRef, Marks]) -> Mapping[VideoRef, Marks]:
        before = {ref: self.marks(ref) for ref in marks}
        if marks:
            await self._store.put_marks(marks)
            self._marks.update(marks)
            self.changes += 1
        return before

    async def swap(self, work: Callable[[], None]) -> None:
        """Let blocking ``work`` replace the list's files, and read the list that is there then.

        A list that cannot be read then, as on a disk that has just become full, is read before the next
        change is made: what is in memory is no longer what is on the disk.
        """
        async with self._lock:
            self._is_stale = True
            self.changes += 1
            try:
                await self._store.swap(work)
            except StoreFailed:
                with suppress(StoreFailed):  # the first error says more
                    await self._read_if_other()
                raise
            await self._read_again()

    def tell_write_failed(self, error: StoreFailed) -> None:
        """Tell that a change nobody waits for could not be written; in words once, until something is."""
        self._announcer.announce(WriteFailed())
        if self._changes_when_told != self.changes:
            self._changes_when_told = self.changes
            self._announcer.announce(Trouble(str(error)))

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[None]:
        """One change after another, each to the list that is on the disk."""
        async with self._lock:
            if self._is_stale:
                await self._read_again()
            yield

    async def _read_again(self) -> None:
        await self.open()
        self._announcer.announce(ListReplaced())

    async def _read_if_other(self) -> None:
        before = self._videos, self._marks
        await self.open()
        if before != (self._videos, self._marks):
            self._announcer.announce(ListReplaced())

    async def recently_removed(self, days: int) -> Sequence[Video]:
        """Rows taken off the list in the last ``days`` days, the last one first."""
        return await self._store.load_removed(since_s=self._clock.now_s() - days * 86_400)

    async def views(self) -> Mapping[str, str]:
        """Saved searches: their names and what they look for."""
        return await self._store.views()

    async def put_view(self, name: str, query: str) -> None:
        """Add or replace a saved search."""
        await self._store.put_view(name, query)
        self.changes += 1

    async def remove_view(self, name: str) -> None:
        """Forget a saved search."""
        await self._store.remove_view(name)
        self.changes += 1

    async def erase_removed(self) -> int:
        """Forget every removed row for good; how many there were."""
        async with self._writing():
            count = await self._store.erase_removed()
            self.changes += 1
            self._marks = {ref: marks for ref, marks in self._marks.items() if ref in self._videos}
        return count

    async def remove(self, refs: Iterable[VideoRef]) -> tuple[Video, ...]:
        """Take rows off the list; what was removed, for undoing."""
        async with self._writing():
            removed = tuple(self._videos[ref] for ref in dict.fromkeys(refs) if ref in self._videos)
            if removed:
                await self._store.remove([video.ref for video in removed], at_s=self._clock.now_s())
                self.changes += 1
            for video in removed:
                del self._videos[video.ref]
            await self._announcer.announce_in_pieces(VideosRemoved, removed)
        return removed

    async def move(self, refs: Iterable[VideoRef], account: str) -> MoveOutcome:
        """Give rows to another account, with their marks, to be asked about afresh there.

        A row whose id that account has already, or gets from a row before it, stays where it is. What the
        bin holds of an id that goes is taken out of it: facts that the account's own key gave count for
        more than none.
        """
        async with self._writing():
            rows = [self._videos[ref] for ref in dict.fromkeys(refs) if ref in self._videos]
            targets = {video.ref: VideoRef(account, video.video_id) for video in rows}
            first = {video.video_id: video for video in reversed(rows)}
            may_go = [video for video in rows if first[video.video_id] is video]
            going = [video for video in may_go if targets[video.ref] not in self._videos]
            found = await self._store.find_removed([targets[video.ref] for video in going])
            binned = {video.ref: video for video in found}
            moved = tuple(
                (video, _in_account(video, binned.get(targets[video.ref]), account)) for video in going
            )
            await self._write_moves(moved)
            await self._tell_moves(moved)
        gone = {before.ref for before, _ in moved}
        stayed = tuple(video for video in rows if video.account != account and video.ref not in gone)
        return MoveOutcome(moved, stayed)

    async def move_back(self, moved: Sequence[tuple[Video, Video]]) -> tuple[tuple[Video, Video], ...]:
        """Undo a move: the rows are what they were, but for a copy saved meanwhile; those that went back."""
        async with self._writing():
            back = tuple(
                (now, replace(before, saved_path=now.saved_path, saved_bytes=now.saved_bytes))
                for before, after in moved
                if (now := self._videos.get(after.ref)) is not None and before.ref not in self._videos
            )
            await self._write_moves(back)
            await self._tell_moves(back)
        return back

    async def _write_moves(self, moves: Sequence[tuple[Video, Video]]) -> None:
        if not moves:
            return
        await self._store.move([(before.ref, after) for before, after in moves])
        self.changes += 1
        after_of = {before.ref: after for before, after in moves}
        self._videos = {(after := after_of.get(ref, video)).ref: after for ref, video in self._videos.items()}
        for before, after in moves:
            self._arrivals[after.ref] = self._arrivals[before.ref]
            if (marks := self._marks.pop(before.ref, None)) is not None:
                self._marks[after.ref] = marks

    async def _tell_moves(self, moves: Sequence[tuple[Video, Video]]) -> None:
        await self._announcer.announce_in_pieces(VideosRemoved, tuple(before for before, _ in moves))
        await self._announcer.announce_in_pieces(VideosAdded, tuple(after for _, after in moves))

    def _as_new(self, refs: Sequence[VideoRef], removed: Mapping[VideoRef, Video]) -> tuple[Video, ...]:
        now_s = self._clock.now_s()
        return tuple(
            _brought_back(removed[ref], now_s)
            if ref in removed
            else Video(account=ref.account, video_id=ref.video_id, added_at_s=now_s)
            for ref in refs
        )

    async def _put(self, videos: Sequence[Video], marks: Mapping[VideoRef, Marks]) -> None:
        if videos or marks:
            await self._store.put(videos, marks)
            are_returning = any(
                each.ref in self._arrivals and each.ref not in self._videos for each in videos
            )
            self._videos.update((video.ref, video) for video in videos)
            for video in videos:
                self._arrivals.setdefault(video.ref, len(self._arrivals))
            if are_returning:
                refs = sorted(self._videos, key=self._arrivals.__getitem__)
                self._videos = {ref: self._videos[ref] for ref in refs}
            self._marks.update(marks)
            self.changes += 1

    async def _tell_added(self, videos: tuple[Video, ...], marks: Mapping[VideoRef, Marks]) -> None:
        await self._announcer.announce_in_pieces(VideosAdded, videos)
        await self._announcer.announce_in_pieces(MarksChanged, tuple(marks))


def _in_account(video: Video, binned: Video | None, account: str) -> Video:
    """A row as another account begins with it: what that account knew of it, or else what is known here."""
    known = reopen(binned or video)
    if binned is None:  # the other account's key was told, not this one's
        known = replace(known, status_code=None, raw="")
    return replace(known, account=account, added_at_s=video.added_at_s)


def _brought_back(video: Video, now_s: float) -> Video:
    """A removed row added again: its facts stay, a verdict that may have been a slip is asked for anew."""
    return replace(reopen(video), added_at_s=now_s, no_file_since_s=None)
