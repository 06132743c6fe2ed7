"""Which row is to be asked about next, in logarithmic time however many rows there are."""

import heapq
from collections.abc import Iterable
from dataclasses import replace

from pixverse_desktop.core.schedule import PollHistory, earliest_allowed_s
from pixverse_desktop.core.video import VideoRef

_MOVED_AT_ONCE = 1000
_LEAST_TIDIED = 1000
_SILENCE_COSTS_S = 10.0
_MOST_SILENCES = 3
_FOCUS_WINS_S = 10.0
MOST_FOCUSED = 200


class Timetable:
    """Rows with their histories, and the order in which they fall due; times are monotonic seconds.

    Two heaps: rows that wait, by the time they fall due, and rows that are due, by who goes first.
    Entries are never taken out of the middle: each carries a number, and only a row's newest counts.
    No row is due before ``MIN_INTERVAL_S`` have passed since it was last taken, even if it was
    dropped in between, and none while its question is under way.
    """

    def __init__(self) -> None:
        self._histories: dict[VideoRef, PollHistory] = {}
        self._asked_at_s: dict[VideoRef, float] = {}  # outlives the histories: rows end, leave, come back
        self._under_way: set[VideoRef] = set()
        self._focused: frozenset[VideoRef] = frozenset()
        self._newest: dict[VideoRef, int] = {}
        self._number = 0
        self._waiting: list[tuple[float, int, VideoRef]] = []
        self._due: list[tuple[float, VideoRef, int]] = []

    def __len__(self) -> int:
        return len(self._histories)

    def __contains__(self, ref: VideoRef) -> bool:
        return ref in self._histories

    @property
    def under_way(self) -> int:
        """How many questions were taken and not yet released."""
        return len(self._under_way)

    @property
    def entries(self) -> int:
        """How many entries both heaps hold, with those that no longer count."""
        return len(self._waiting) + len(self._due)

    def get(self, ref: VideoRef) -> PollHistory | None:
        """The history of a row, or None if it is not to be asked about."""
        return self._histories.get(ref)

    def put(self, ref: VideoRef, history: PollHistory) -> None:
        """Ask about ``ref`` when ``history`` says; what was planned for it before is forgotten."""
        self._histories[ref] = history
        self._plan(ref, history.next_at_s)

    def drop(self, ref: VideoRef) -> None:
        """Ask about ``ref`` no more."""
        if self._histories.pop(ref, None) is not None:
            self._newest.pop(ref, None)

    def clear(self) -> None:
        """Ask about nobody."""
        self._histories.clear()
        self._newest.clear()
        self._waiting.clear()
        self._due.clear()

    def focus(self, refs: Iterable[VideoRef]) -> None:
        """Let these go first among rows that are due; where all is in focus, nothing is."""
        wanted = frozenset(refs)
        wanted = wanted if len(wanted) <= MOST_FOCUSED else frozenset()
        changed, self._focused = wanted ^ self._focused, wanted
        for ref in changed:
            if ref in self._newest:
                self._plan(ref, self._histories[ref].next_at_s)

    def hurry(self, ref: VideoRef, now_s: float) -> None:
        """Let a row be due now, once."""
        history = self._histories[ref]
        self.put(ref, replace(history, next_at_s=min(now_s, history.next_at_s)))

    def next_due(self, now_s: float) -> VideoRef | None:
        """The row to ask about first: the longest due, those in focus earlier, silent ones later."""
        self._move_due(now_s)
        while self._due:
            _, ref, number = self._due[0]
            if self._newest.get(ref) == number:
                return ref
            heapq.heappop(self._due)
        return None

    def take(self, ref: VideoRef, now_s: float) -> None:
        """Note that ``ref`` is being asked about from ``now_s`` until it is released."""
        self._under_way.add(ref)
        self._asked_at_s[ref] = now_s
        self._newest.pop(ref, None)

    def release(self, ref: VideoRef) -> None:
        """Note that the question about ``ref`` is over; its history says when the next one is due."""
        self._under_way.discard(ref)
        if (history := self._histories.get(ref)) is not None:
            self._plan(ref, history.next_at_s)

    def wait_s(self, now_s: float) -> float | None:
        """Seconds until a row is due, or None if none will be before another is put or released."""
        if self.next_due(now_s) is not None:
            return 0.0
        while self._waiting:
            due_at_s, number, ref = self._waiting[0]
            if self._newest.get(ref) == number:
                return max(0.0, due_at_s - now_s)
            heapq.heappop(self._waiting)
        return None

    def _plan(self, ref: VideoRef, next_at_s: float) -> None:
        if ref in self._under_way:
            return
        self._number += 1
        self._newest[ref] = self._number
        due_at_s = max(next_at_s, earliest_allowed_s(self._asked_at_s.get(ref)))
        heapq.heappush(self._waiting, (due_at_s, self._number, ref))
        if self.entries > 2 * len(self._newest) + _LEAST_TIDIED:
            self._tidy()

    def _move_due(self, now_s: float) -> None:
        """Let waiting rows become due; not too many at a time, or thousands would cost a frame."""
        for _ in range(_MOVED_AT_ONCE):
            if not self._waiting or self._waiting[0][0] > now_s:
                return
            _, number, ref = heapq.heappop(self._waiting)
            if self._newest.get(ref) == number:
                heapq.heappush(self._due, (self._rank_s(ref), ref, number))

    def _rank_s(self, ref: VideoRef) -> float:
        """When a row would be due if silence cost it time and being looked at won it some.

        A sum and not an order of precedence: where more is due than the budget allows, those behind
        in an order of precedence would never have their turn.
        """
        history = self._histories[ref]
        delay_s = _SILENCE_COSTS_S * min(history.transport_faults, _MOST_SILENCES)
        return history.next_at_s + delay_s - (_FOCUS_WINS_S if ref in self._focused else 0.0)

    def _tidy(self) -> None:
        """Throw away entries that no longer count."""
        self._waiting = [entry for entry in self._waiting if self._newest.get(entry[2]) == entry[1]]
        self._due = [entry for entry in self._due if self._newest.get(entry[1]) == entry[2]]
        heapq.heapify(self._waiting)
        heapq.heapify(self._due)
