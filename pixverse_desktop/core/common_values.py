"""What many rows have in common and how they differ, each fact counted once however many there are."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import Video

MOST_VALUES = 5

_AT_A_TIME = 500  # rows; whoever waits for something else gets a turn between


class Held(Protocol):
    """A row of a list."""

    @property
    def video(self) -> Video:
        """The video."""
        ...

    @property
    def marks(self) -> Marks:
        """What a person said of it."""
        ...


_Held = TypeVar("_Held", bound=Held)
Fact = Callable[[_Held], str]
Figure = Callable[[_Held], float | None]


@dataclass(frozen=True, slots=True)
class Spread:
    """The values of one fact.

    Attributes:
        values: those that most rows have, and how many rows; at most ``MOST_VALUES``, the first seen first
            where they are as many.
        distinct: how many different values there are.
    """

    values: tuple[tuple[str, int], ...] = ()
    distinct: int = 0

    @property
    def common(self) -> str | None:
        """The one value all rows have, or None if they differ."""
        return self.values[0][0] if self.distinct == 1 else None


@dataclass(frozen=True, slots=True)
class Extent:
    """From where to where the figures go, and what they come to; those that are not known are left out."""

    known: int = 0
    lowest: float = 0.0
    highest: float = 0.0
    total: float = 0.0

    def with_more(self, figures: Sequence[float]) -> "Extent":
        """The extent of these too."""
        if not figures:
            return self
        ends = [*figures, self.lowest, self.highest] if self.known else figures
        return Extent(self.known + len(figures), min(ends), max(ends), self.total + sum(figures))


@dataclass(frozen=True, slots=True)
class Summary:
    """What rows have in common.

    Attributes:
        rows: how many there are.
        facts, figures: each under the name it was asked for with.
        tags: how many rows have each tag; a row may have several or none.
    """

    rows: int
    facts: Mapping[str, Spread]
    figures: Mapping[str, Extent]
    tags: Spread


@dataclass(frozen=True, slots=True)
class Gathering(Generic[_Held]):
    """What is to be found out about rows: facts, of which each row has one value, and figures."""

    facts: Mapping[str, Fact[_Held]]
    figures: Mapping[str, Figure[_Held]]

    def summary(self, rows: Sequence[_Held], goes_on: Callable[[], bool] = lambda: True) -> Summary | None:
        """What these rows have in common; None as soon as ``goes_on`` says that nobody wants to know."""
        counts: dict[str, Counter[str]] = {name: Counter() for name in self.facts}
        extents = dict.fromkeys(self.figures, Extent())
        tags: Counter[tuple[str, ...]] = Counter()
        for first in range(0, len(rows), _AT_A_TIME):
            if not goes_on():
                return None
            some = rows[first : first + _AT_A_TIME]
            for name, fact in self.facts.items():
                counts[name].update(map(fact, some))
            for name, figure in self.figures.items():
                known = [value for value in map(figure, some) if value is not None]
                extents[name] = extents[name].with_more(known)
            tags.update(row.marks.tags for row in some)
        spreads = {name: _spread(counter) for name, counter in counts.items()}
        return Summary(len(rows), spreads, extents, _spread(_each_tag(tags)))


def _each_tag(counts: Mapping[tuple[str, ...], int]) -> Counter[str]:
    """How often each tag is there, from how often they are together, of which few differ."""
    each: Counter[str] = Counter()
    for tags, count in counts.items():
        each.update(dict.fromkeys(tags, count))
    return each


def _spread(counts: Counter[str]) -> Spread:
    return Spread(tuple(counts.most_common(MOST_VALUES)), len(counts))
