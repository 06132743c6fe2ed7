"""The search field's language: words, and ``name:value`` pairs that narrow down.

``boat "paper boat" status:failed,moderated tag:hero seed:42 rating:>=3 is:unsaved after:2026-11-01
-is:rejected``. Words look into prompt, id, tags, style, seed and note; ``prompt:"a paper boat"`` is for
those whose whole prompt it is, to the letter. All parts must hold; a ``-`` in front turns a part round.
Between quotes a quote is written twice. A pair this program does not know is searched for as a word, so
that nothing typed is an error. While somebody types, a pair at the end that is not finished yet narrows
nothing down.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple, Protocol, TypeVar

from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.needs import is_worth_another_try, needs_you
from pixverse_desktop.core.video import Video, VideoStatus


class Searchable(Protocol):
    """A row that can be searched; ``text`` is its ``searchable_text``."""

    @property
    def video(self) -> Video:
        """The video."""
        ...

    @property
    def marks(self) -> Marks:
        """What a person said of it."""
        ...

    @property
    def text(self) -> str:
        """What words look into."""
        ...


_Searched = TypeVar("_Searched", bound=Searchable)
Test = Callable[[Video, Marks], bool]

_PART = re.compile(r'(?P<minus>-?)(?:(?P<name>[A-Za-z_]+):)?(?P<value>"(?P<quoted>(?:[^"]|"")*)"?|\S+)')
_COMPARISON = re.compile(r"(?P<sign>>=|<=|>|<|=)?(?P<number>-?[0-9]+)\Z")
_SIGNS: dict[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "": operator.eq,
}


@dataclass(frozen=True, slots=True)
class Query:
    """A query taken apart.

    Attributes:
        words: casefolded, each of which the row's text must hold.
        absent: casefolded, none of which it may hold.
        tests: what else must be true of the row, under the words each was asked for with.
    """

    words: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    tests: Mapping[str, Test] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Whether every row fits."""
        return not (self.words or self.absent or self.tests)

    def fits(self, video: Video, marks: Marks, text: str) -> bool:
        """Whether a row fits whose ``searchable_text`` is ``text``."""
        return (
            all(word in text for word in self.words)
            and not any(word in text for word in self.absent)
            and all(test(video, marks) for test in self.tests.values())
        )

    def fitting(self, rows: Sequence[_Searched]) -> list[_Searched]:
        """All rows that fit, in order: one pass a word over the texts, then the tests on what is left."""
        kept = list(rows)
        for word in self.words:
            kept = [row for row in kept if word in row.text]
        for word in self.absent:
            kept = [row for row in kept if word not in row.text]
        for test in self.tests.values():
            kept = [row for row in kept if test(row.video, row.marks)]
        return kept

    def narrows(self, wider: "Query") -> bool:
        """Whether every row that fits this fits ``wider`` too, as after one more letter."""
        return (
            all(any(part in word for word in self.words) for part in wider.words)
            and set(wider.absent) <= set(self.absent)
            and wider.tests.keys() <= self.tests.keys()
        )


def searchable_text(video: Video, marks: Marks) -> str:
    """Everything words look into, casefolded; parts are kept apart by line breaks."""
    return text_of_video(video) + text_of_marks(marks)


def text_of_video(video: Video) -> str:
    """What words look into of a video itself; it begins with the prompt."""
    seed = "" if video.seed is None else str(video.seed)
    return f"{video.prompt}\n{video.video_id}\n{video.style}\n{seed}".casefold()


@lru_cache(maxsize=4096)
def text_of_marks(marks: Marks) -> str:
    """What words look into of what a person said."""
    if marks == NO_MARKS:
        return ""
    return "\n".join(("", *marks.tags, marks.note, marks.batch)).casefold()


class Unfinished(NamedTuple):
    """A pair at the end of a text that is still being typed.

    Attributes:
        name: in small letters.
        value: what of the value is there, in small letters; of several the last.
        before: the text without it.
    """

    name: str
    value: str
    before: str


def unfinished_pair(text: str) -> Unfinished | None:
    """The pair ``text`` ends with, if more has to follow before it means something."""
    *_, last = (None, *_PART.finditer(text))
    if last is None or last.end() < len(text):
        return None
    name, colon, value = last[0].removeprefix("-").lower().partition(":")
    others, comma, typed = value.rpartition(",") if name == "status" else ("", "", value)
    if not colon or (comma and _status_test(others) is None):
        return None
    before = text[: -len(comma + typed)] if comma else text[: last.start()]
    typed = typed.removeprefix('"')
    is_unfinished = not _is_closed(last) if name == "prompt" else _is_beginning(name, typed)
    return Unfinished(name, typed, before) if is_unfinished else None


def parse_query(text: str, zone: tzinfo = UTC, *, is_typed: bool = False) -> Query:
    """``text`` taken apart; days are days of ``zone``.

    With ``is_typed`` somebody is typing it: an unfinished pair at its end narrows nothing down.
    """
    if is_typed and (pair := unfinished_pair(text)) is not None:
        text = pair.before
    words: list[str] = []
    absent: list[str] = []
    tests: dict[str, Test] = {}
    for part in _PART.finditer(text):
        value = _value_of(part)
        test = _test_for((part["name"] or "").lower(), value, zone)
        if test is not None:
            tests[part[0]] = _turned(test) if part["minus"] else test
        elif word := _word(part["name"], value):
            (absent if part["minus"] else words).append(word)
    return Query(tuple(words), tuple(absent), tests)


def quoted(text: str) -> str:
    """``text`` as a value that is read back as it is, whatever stands in it."""
    return '"' + text.replace('"', '""') + '"'


def same_prompt(prompt: str) -> str:
    """A search for exactly this prompt; empty for none."""
    return f"prompt:{quoted(prompt)}" if prompt else ""


def same_seed(seed: int | None) -> str:
    """A search for exactly this seed; empty for none."""
    return "" if seed is None else f"seed:{seed}"


def pairs(text: str) -> Iterator[tuple[str, str]]:
    """Name and value of each ``name:value`` in ``text``, known or not; names in small letters."""
    return ((part["name"].lower(), _value_of(part)) for part in _PART.finditer(text) if part["name"])


def _value_of(part: re.Match[str]) -> str:
    inner = part["quoted"]
    return part["value"].strip('"') if inner is None else inner.replace('""', '"')


def _is_closed(part: re.Match[str]) -> bool:
    """Whether a value has its second quote; only so is it known where a whole prompt ends."""
    return part["quoted"] is not None and len(part["value"]) == len(part["quoted"]) + 2


def _word(name: str | None, value: str) -> str:
    """What to look for; a pair that is no known one counts as it was typed."""
    return (f"{name}:{value}" if name else value).casefold()


def _turned(test: Test) -> Test:
    return lambda video, marks: not test(video, marks)


def _test_for(name: str, value: str, zone: tzinfo) -> Test | None:
    """The test a pair stands for, or None if it is not one."""
    match name:
        case "status":
            return _status_test(value)
        case "is":
            return _IS_TESTS.get(value.lower())
        case "tag":
            wanted = value.casefold()
            return lambda _, marks: any(tag.casefold() == wanted for tag in marks.tags)
        case "batch":
            wanted = value.casefold()
            return lambda _, marks: marks.batch.casefold() == wanted
        case "account":
            return lambda video, _: video.account == value
        case "prompt":
            return lambda video, _: video.prompt == value
        case "style":
            wanted = value.casefold()
            return lambda video, _: video.style.casefold() == wanted
        case "seed":
            return _number_test(value, lambda video, _: video.seed)
        case "rating":
            return _number_test(value, lambda _, marks: marks.rating)
        case "after" | "before":
            return _day_test(name, value, zone)
    return None


def _status_test(value: str) -> Test | None:
    names = {status.value for status in VideoStatus}
    wanted = {word.strip().lower() for word in value.split(",") if word.strip()}
    if not wanted or not wanted <= names:
        return None
    statuses = frozenset(VideoStatus(word) for word in wanted)
    return lambda video, _: video.status in statuses


def _number_test(value: str, number_of: Callable[[Video, Marks], int | None]) -> Test | None:
    comparison = _COMPARISON.match(value)
    if comparison is None or len(comparison["number"]) > 20:
        return None
    holds, wanted = _SIGNS[comparison["sign"] or ""], int(comparison["number"])

    def test(video: Video, marks: Marks) -> bool:
        number = number_of(video, marks)
        return number is not None and holds(number, wanted)

    return test


def _day_test(name: str, value: str, zone: tzinfo) -> Test | None:
    """``after`` counts from the beginning of the day on, ``before`` up to it."""
    try:
        day_s = datetime.fromisoformat(value).replace(tzinfo=zone).timestamp()
    except (ValueError, OverflowError):
        return None
    if name == "after":
        return lambda video, _: _moment_s(video) >= day_s
    return lambda video, _: _moment_s(video) < day_s


def _is_beginning(name: str, value: str) -> bool:
    """Whether ``value`` is none for ``name``, but can become one."""
    if name in KNOWN_VALUES:
        known = KNOWN_VALUES[name]
        return value not in known and any(each.startswith(value) for each in known)
    if name in ("after", "before"):
        days = (value + day[len(value) :] for day in ("2000-01-01", "2000-10-10"))
        return len(value) < 10 and any(_day_test(name, day, UTC) for day in days)
    if name in ("rating", "seed"):
        return value.removesuffix("-") in _SIGNS
    return name in KNOWN_NAMES and not value


def _moment_s(video: Video) -> float:
    return video.added_at_s if video.created_at_s is None else video.created_at_s


_IS_TESTS: dict[str, Test] = {
    "saved": lambda video, _: video.is_saved,
    "unsaved": lambda video, _: video.is_fetchable and not video.is_saved,
    "open": lambda video, _: video.status.is_open,
    "ended": lambda video, _: not video.status.is_open,
    "rejected": lambda _, marks: marks.is_rejected,
    "rated": lambda _, marks: marks.rating > 0,
    "unrated": lambda _, marks: marks.rating == 0,
    "tagged": lambda _, marks: bool(marks.tags),
    "untagged": lambda _, marks: not marks.tags,
    "noted": lambda _, marks: bool(marks.note),
    "trouble": lambda video, _: is_worth_another_try(video),
    "needs-you": lambda video, _: needs_you(video),
}

KNOWN_VALUES: Mapping[str, tuple[str, ...]] = {
    "status": tuple(status.value for status in VideoStatus),
    "is": tuple(_IS_TESTS),
}
"""The values of those names that know only some."""

KNOWN_NAMES = (
    "status",
    "is",
    "tag",
    "batch",
    "rating",
    "seed",
    "prompt",
    "style",
    "account",
    "after",
    "before",
)
"""The names a pair may have."""
