"""The rows behind the table: their order, what is filtered out, and where each one is. Knows no Qt.

Sorting and filtering happen here, over plain lists: for 100,000 rows that is tens of milliseconds,
where a proxy model over Python takes tens of seconds.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import count
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.query import Query, text_of_marks, text_of_video
from pixverse_desktop.core.video import Video, VideoRef

_MOST_SEARCHES = 2
_NONE: Mapping[VideoRef, "Row"] = MappingProxyType({})

SortKey = Callable[["Row"], Any]


class Row:
    """One row. Replaced values, never a replaced row, so that lists of rows stay true.

    Attributes:
        text: what words of a search look into.
        prompt: casefolded, to sort by.
    """

    __slots__ = ("_base", "arrival", "marks", "prompt", "ref", "text", "video")

    def __init__(self, ref: VideoRef, video: Video, marks: Marks, arrival: int) -> None:
        self.ref = ref
        self.arrival = arrival
        self.take(video, marks)

    def take(self, video: Video, marks: Marks) -> None:
        """Take new values."""
        self.video = video
        self.prompt = video.prompt.casefold()
        self._base = text_of_video(video)
        self.take_marks(marks)

    def take_marks(self, marks: Marks) -> None:
        """Take new marks alone; cheap, since everything may be marked at once."""
        self.marks = marks
        self.text = self._base if marks is NO_MARKS else self._base + text_of_marks(marks)


class RowList:
    """All rows in their order, and those of them that are shown."""

    def __init__(self, marks_of: Callable[[VideoRef], Marks]) -> None:
        self._marks_of = marks_of
        self._all: list[Row] = []
        self._by_ref: dict[VideoRef, Row] = {}
        self._place: dict[Row, int] | None = {}
        self._searches = 0
        self._arrivals = 0
        self._former: dict[VideoRef, int] = {}  # when removed rows had come: they may come back
        self._shown_by: Query | None = None  # what ``shown`` holds exactly, until a row changes
        self.shown: list[Row] = []
        self.query = Query()

    def __len__(self) -> int:
        return len(self._all)

    def place(self, ref: VideoRef) -> int | None:
        """Where a row is shown, or None.

        After each key in the search field the places of all rows are others, and only a few are asked
        for: those are searched. The book of all places is made when more are wanted.
        """
        row = self._by_ref.get(ref)
        if row is None:
            return None
        if self._place is None:
            self._searches += 1
            if self._searches <= _MOST_SEARCHES:
                return self._search(row)
            self._place = dict(zip(self.shown, count(), strict=False))
        return self._place.get(row)

    def _search(self, row: Row) -> int | None:
        try:
            return self.shown.index(row)
        except ValueError:
            return None

    def row(self, ref: VideoRef) -> Row | None:
        """A row, shown or not."""
        return self._by_ref.get(ref)

    def reset(self, videos: Iterable[Video], keys: Sequence[tuple[SortKey, bool]] = ()) -> None:
        """Hold these and no others, sorted by ``keys``."""
        known = self._by_ref
        self._all = []
        self._by_ref = {}
        self._former = {}
        self._append(videos, known)
        self.show(self.arranged(keys))

    def add(self, videos: Iterable[Video]) -> list[Row]:
        """Take in new rows at the end; those that fit the query, which the caller then shows."""
        added = self._append(videos)
        return [row for row in added if self._fits(row)]

    def are_returning(self, videos: Iterable[Video]) -> bool:
        """Whether any of these was here before, so that its place is not at the end."""
        return any(video.ref in self._former for video in videos)

    def show_more(self, rows: Sequence[Row]) -> None:
        """Show these rows behind the others."""
        first = len(self.shown)
        self.shown.extend(rows)
        if self._place is not None:
            self._place.update(zip(rows, count(first), strict=False))

    def change(self, video: Video) -> Row | None:
        """Give a row its new values; the row, or None if there is none."""
        if (row := self._by_ref.get(video.ref)) is not None:
            row.take(video, self._marks_of(video.ref))
            self._shown_by = None
        return row

    def change_marks(self, refs: Iterable[VideoRef]) -> None:
        """Give rows their new marks."""
        for ref in refs:
            if (row := self._by_ref.get(ref)) is not None:
                row.take_marks(self._marks_of(ref))
        self._shown_by = None

    def remove(self, refs: Iterable[VideoRef]) -> None:
        """Hold these rows no more; those shown are to be taken from sight with ``show`` or ``hide``."""
        gone = {row for ref in refs if (row := self._by_ref.pop(ref, None)) is not None}
        self._former.update((row.ref, row.arrival) for row in gone)
        self._all = [row for row in self._all if row not in gone]
        self._shown_by = None

    def hide(self, place: int) -> None:
        """Show the row at ``place`` no more."""
        del self.shown[place]
        self._number()

    def arranged(self, keys: Sequence[tuple[SortKey, bool]] = ()) -> list[Row]:
        """The rows that fit the query, in the order they have, or sorted by ``keys`` if there are any.

        The last key counts most; rows equal in it keep the order they had.
        """
        for key, is_descending in keys:
            self._all.sort(key=key, reverse=is_descending)
        narrows = not keys and self._shown_by is not None and self.query.narrows(self._shown_by)
        if keys:
            self._shown_by = None
        return self.query.fitting(self.shown if narrows else self._all)

    def show(self, rows: list[Row]) -> None:
        """Show exactly these, which were ``arranged``."""
        self.shown = rows
        self._shown_by = self.query
        self._number()

    def _fits(self, row: Row) -> bool:
        return self.query.fits(row.video, row.marks, row.text)

    def _append(self, videos: Iterable[Video], known: Mapping[VideoRef, Row] = _NONE) -> list[Row]:
        rows: list[Row] = []
        for video in videos:
            ref = video.ref
            if ref not in self._by_ref:
                arrival = self._former.pop(ref, None)
                if arrival is None:
                    arrival, self._arrivals = self._arrivals, self._arrivals + 1
                row = known.get(ref)
                if row is None:
                    row = Row(ref, video, self._marks_of(ref), arrival)
                else:
                    row.arrival = arrival
                    row.take(video, self._marks_of(ref))
                self._by_ref[ref] = row
                rows.append(row)
        self._all.extend(rows)
        self._shown_by = None
        return rows

    def _number(self) -> None:
        self._place = None
        self._searches = 0


BY_ARRIVAL: SortKey = attrgetter("arrival")
