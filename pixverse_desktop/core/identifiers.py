"""From any text to video ids, naming what was refused and why.

An id is decimal text below 2**64 and never passes through a float. In prose it has 14 to 20
digits; shorter ones count when labelled (``video_id: 7``), in an id column or key, or alone on a line.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pixverse_desktop.core.encodings import decode_text
from pixverse_desktop.core.json_ids import Item, items_of, settle
from pixverse_desktop.core.json_values import json_values
from pixverse_desktop.core.prose_ids import scan_line
from pixverse_desktop.core.refusals import (
    MAX_ID,
    NOT_AN_ID,
    PERHAPS_ROUNDED,
    SPREADSHEET_DIGITS,
    Outcome,
    Refusal,
    check_id,
    refusal_words,
    refuse,
)
from pixverse_desktop.core.table_ids import ids_from_table

__all__ = (
    "MAX_ID", "NOT_AN_ID", "IdScan", "OnProgress", "Refusal",
    "check_id", "decode_text", "merge_scans", "refusal_words", "scan_ids",
)  # fmt: skip

_TELL_EVERY_LINES = 20_000
_CHANCE = 5  # times as often as one in ten for each zero is too often
_JSON_BEGINS = re.compile(r"\s*[\[{]")
# A line of JSON that was cut, perhaps within its last number.
_CUT = re.compile(r"[:,\[]\s{0,9}\"?(?P<number>[0-9]+)\s*\Z")

OnProgress = Callable[[float], None]
"""Called with the share of a text that was read, 0 to 1."""


@dataclass(frozen=True, slots=True)
class IdScan:
    """What a text held: ids in order without repeats, and what was refused."""

    ids: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    repeated: int = 0


def scan_ids(text: str, on_progress: OnProgress | None = None) -> IdScan:
    """All ids in ``text``: prose, one a line, tables with a heading, JSON wherever it stands. Never raises.

    ``on_progress`` is told now and then which share was read, 0 to 1; what it raises ends the reading.
    """
    text = text.lstrip("\ufeff")
    tell = on_progress or _tell_nobody
    if not _JSON_BEGINS.match(text):
        cells = ids_from_table(text, tell)
        if cells:
            return _gather(cells)
    if "{" in text or "[" in text:
        return _gather(settle(_scan_json(text, tell)))
    return _gather(_scan_lines(text, tell))


def merge_scans(scans: Iterable[IdScan]) -> IdScan:
    """Several texts' ids as if they had been one text."""
    ids: dict[str, None] = {}
    refused: dict[Refusal, None] = {}
    repeated = 0
    for scan in scans:
        repeated += scan.repeated + sum(video_id in ids for video_id in scan.ids)
        ids.update(dict.fromkeys(scan.ids))
        refused.update(dict.fromkeys(scan.refused))
    return IdScan(tuple(ids), tuple(refused), repeated)


def _tell_nobody(share: float) -> None:
    """For a text that nobody waits for."""


def _scan_lines(text: str, tell: OnProgress) -> Iterator[Outcome]:
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if number % _TELL_EVERY_LINES == 0:
            tell(number / len(lines))
        yield from scan_line(line)


def _scan_json(text: str, tell: OnProgress) -> Iterator[Item]:
    """JSON values by their keys, and as prose what stands between them or is none."""
    read = 0
    for value in json_values(text):
        tell(value.start / len(text))
        yield from _scan_between(text, read, value.start, tell)
        yield from items_of(value.content, value.owner)
        read = value.end
    yield from _scan_between(text, read, len(text), tell)


def _scan_between(text: str, start: int, end: int, tell: OnProgress) -> Iterator[Outcome]:
    """Prose between values; what stands on the line of one is its label, and no stranger."""
    lines = text[start:end].splitlines(keepends=True)
    for number, line in enumerate(lines, 1):
        if number % _TELL_EVERY_LINES == 1:
            tell((start + (end - start) * number / (len(lines) + 1)) / len(text))
        is_first, is_last = number == 1, number == len(lines)
        is_beside = (is_first and start > 0) or (is_last and end < len(text))
        before = text[text.rfind("\n", 0, start) + 1 : start] if is_first and _CUT.search(line) else ""
        cut = _cut_in(line, before, text if is_last and end == len(text) else "")
        if cut:
            yield refuse(cut["number"], "the text breaks off behind it")
            line, is_beside = line[: cut.start()], True
        yield from (each for each in scan_line(line) if not (is_beside and _is_word(each)))


def _cut_in(line: str, before: str, whole: str) -> re.Match[str] | None:
    """The number a line of JSON breaks off in: an object of it, or of all the text, is open still."""
    cut = _CUT.search(line) if line.endswith(("\n", "\r")) or whole else None
    return cut if cut and (_is_open(before + line) or _is_open(whole)) else None


def _is_open(text: str) -> bool:
    return '"' in text and text.count("{") > text.count("}")


def _is_word(outcome: Outcome) -> bool:
    return isinstance(outcome, Refusal) and not any(map(str.isdigit, outcome.token))


def _gather(found: Iterable[Outcome]) -> IdScan:
    ids: dict[str, None] = {}
    refused: dict[Refusal, None] = {}
    doubted: dict[str, Refusal] = {}
    repeated = 0
    for item in found:
        if isinstance(item, Refusal) and item.reason != PERHAPS_ROUNDED:
            refused[item] = None
            continue
        token = item if isinstance(item, str) else item.token
        repeated += token in ids
        ids[token] = None
        if isinstance(item, Refusal):
            doubted[token] = item
    for token in _more_than_chance(doubted, ids):
        del ids[token]
        refused[doubted[token]] = None
    return IdScan(tuple(ids), tuple(refused), repeated)


def _more_than_chance(doubted: Iterable[str], ids: Iterable[str]) -> list[str]:
    """Those that end in zeros more often than ids do by chance: a spreadsheet rounds a whole column."""
    by_length = Counter(map(len, doubted))
    if not by_length:
        return []
    all_of = Counter(map(len, ids))
    rounded = {
        length
        for length, count in by_length.items()
        if count * 10 ** (length - SPREADSHEET_DIGITS) > _CHANCE * all_of[length]
    }
    return [token for token in doubted if len(token) in rounded]
