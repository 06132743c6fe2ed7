"""Ids out of a table with a heading: CSV, TSV, what a spreadsheet copies, Markdown.

Cells are taken from the id column alone. Where quotes may have swallowed rows the table is read without
them too, and long numbers that neither reading takes are refused by name.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from pixverse_desktop.core.prose_ids import name_runs, scan_cell
from pixverse_desktop.core.refusals import Outcome, check_unlabelled

_VIDEO_NAMES = ("videoid", "videoids")
_PLAIN_NAMES = ("id", "ids")
_DELIMITERS = "\t;,|"
_HEADING_ROWS = 10
_HEADING_CHARS = 64 * 1024
_MAX_CELL_BYTES = 256 * 1024 * 1024
_LONG_NUMBER = re.compile(r"[0-9]{5,}\Z")
_RUN = re.compile(r"[0-9]{14,}")
_SEPARATOR_LINE = re.compile(r"\s*sep=([\t;,|])[ \t]*(?:\r\n?|\n)", re.IGNORECASE)
_RULE_CELL = re.compile(r":?-+:?\Z")  # below the heading of a Markdown table
_TELL_EVERY_LINES = 20_000

OnShare = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class _Heading:
    """Where the ids are: the cells of these columns, the first that is filled; ``row`` rows come before."""

    columns: tuple[int, ...]
    width: int
    delimiter: str
    row: int


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a table gave: ids and refusals, how many ids, and whether every row was as wide as its heading."""

    found: tuple[Outcome, ...]
    ids: int
    is_even: bool


def ids_from_table(text: str, on_share: OnShare) -> Sequence[Outcome] | None:
    """What the id column of a table holds, or None if ``text`` is no such table."""
    delimiters = _DELIMITERS
    if line := _SEPARATOR_LINE.match(text):
        delimiters, text = line[1], text[line.end() :]
    heading = next(filter(None, (_find_heading(text, delimiter) for delimiter in delimiters)), None)
    if heading is None:
        return None
    quoted = _read(text, heading, on_share, has_quotes=True)
    if '"' not in text or _quotes_are_sound(text, heading.delimiter):
        return quoted.found
    plain = _read(text, heading, on_share, has_quotes=False)
    # Quotes that close are believed against lines that make no table by themselves.
    is_plain_better = plain.ids > quoted.ids and (plain.is_even or not _quotes_close(text, heading.delimiter))
    return (plain if is_plain_better else quoted).found


def _find_heading(text: str, delimiter: str) -> _Heading | None:
    rows = _rows(io.StringIO(text[:_HEADING_CHARS], newline=""), delimiter, has_quotes=True)
    for number, row in enumerate(islice(rows, _HEADING_ROWS)):
        names = [_name(cell) for cell in row]
        columns = tuple(
            names.index(name) for name in (*_VIDEO_NAMES, *_PLAIN_NAMES) if name in names
        )  # fmt: skip
        if any(map(_RUN.search, row)) or any(map(_LONG_NUMBER.match, names)):
            return None
        if columns:
            return _Heading(columns, len(row), delimiter, number)
    return None


def _read(text: str, heading: _Heading, on_share: OnShare, *, has_quotes: bool) -> _Reading:
    found: list[Outcome] = []
    is_even = True
    lines = _told(io.StringIO(text, newline=""), len(text), on_share)
    rows = _rows(lines, heading.delimiter, has_quotes=has_quotes)
    for row in islice(rows, heading.row + 1, None):
        is_even = is_even and len(row) == heading.width
        found.extend(_read_row(row, heading))
    return _Reading(tuple(found), sum(isinstance(each, str) for each in found), is_even)


def _read_row(row: Sequence[str], heading: _Heading) -> Iterator[Outcome]:
    filled = (column for column in heading.columns if column < len(row) and row[column].strip())
    column = next(filled, None)
    has_id = False
    if column is not None and not _RULE_CELL.match(row[column].strip()):
        for each in scan_cell(row[column].strip(), check_unlabelled):
            has_id = has_id or isinstance(each, str)
            yield each
    is_odd = not has_id or len(row) > heading.width
    for place, cell in enumerate(row):
        if place != column and (is_odd or _may_hold_rows(cell, heading.delimiter)):
            yield from name_runs(cell, "it stands outside the id column")


def _may_hold_rows(cell: str, delimiter: str) -> bool:
    """Whether a stray quote may have swallowed rows into this cell."""
    return delimiter in cell and ("\n" in cell or "\r" in cell)


def _rows(lines: Iterator[str], delimiter: str, *, has_quotes: bool) -> Iterator[list[str]]:
    """The rows that hold anything; what is no row at all ends them."""
    csv.field_size_limit(_MAX_CELL_BYTES)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if has_quotes else csv.QUOTE_NONE
    return (row for row in csv.reader(lines, delimiter=delimiter, quoting=quoting) if any(row))


def _quotes_are_sound(text: str, delimiter: str) -> bool:
    """Whether the quotes are as a program writes them, and none holds what looks like rows."""
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        return not any(_may_hold_rows(cell, delimiter) for row in rows for cell in row)
    except csv.Error:
        return False


def _quotes_close(text: str, delimiter: str) -> bool:
    """Whether the last quote that opens a cell closes too, so that no cell runs to the end."""
    reader = csv.reader(io.StringIO(text + "\n\0end\n", newline=""), delimiter=delimiter)
    return deque(reader, maxlen=1)[0] == ["\0end"]


def _told(lines: Iterator[str], total: int, on_share: OnShare) -> Iterator[str]:
    read = 0
    for number, line in enumerate(lines):
        if number % _TELL_EVERY_LINES == 0:
            on_share(read / max(1, total))
        read += len(line)
        yield line


def _name(cell: str) -> str:
    return re.sub(r"[\s_\"'*`-]+", "", cell).lower()
