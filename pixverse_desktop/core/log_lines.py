"""The log's lines as records: what a level is, and which lines belong to the one above."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_HEAD = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (?P<level>[A-Z]+) ")
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line; those of a traceback have the level of the record they belong to."""

    level: str
    text: str
    is_head: bool = True

    def is_at_least(self, level: str) -> bool:
        """Whether it is as grave as ``level`` or graver."""
        return _grade(self.level) >= _grade(level)


def read_lines(texts: Iterable[str], level: str = "INFO") -> Iterator[LogLine]:
    """Lines with their levels; ``level`` is that of the record the first ones may belong to."""
    for text in texts:
        head = _HEAD.match(text)
        level = head["level"] if head else level
        yield LogLine(level, text, is_head=head is not None)


def last_complaints(texts: Iterable[str], most: int) -> Sequence[str]:
    """The last ``most`` warnings and errors, each with its traceback, the newest at the end."""
    records: list[list[str]] = []
    for line in read_lines(texts):
        if not line.is_at_least("WARNING"):
            continue
        if line.is_head or not records:
            records.append([])
        records[-1].append(line.text)
    return ["\n".join(record) for record in records[-most:]]


def _grade(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else LEVELS.index("INFO")
