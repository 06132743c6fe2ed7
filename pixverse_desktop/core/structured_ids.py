"""Id tokens out of JSON, JSON lines and tables, exactly as they were written.

Numbers are kept as text from the first moment: an id that has been a float is no longer that id.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

_VIDEO_KEYS = ("videoid", "videoids")
_PLAIN_KEYS = ("id", "ids")
# An "id" below one of these is somebody else's.
_OTHER_OWNERS = frozenset(
    ("user", "account", "owner", "author", "model", "template", "image", "img", "media", "webhook")
)
_LONG_NUMBER = re.compile(r"[0-9]{5,}\Z")
_MAX_CELL_BYTES = 16 * 1024 * 1024


def ids_from_json(text: str) -> list[str] | None:
    """The id tokens of a text that is one JSON value, or None if it is not."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    parsed, value = _parse(text)
    if not parsed:
        return None
    return list(_walk_top(value))


def ids_from_json_lines(text: str) -> list[str] | None:
    """The id tokens of a text that has a JSON value on each line, or None."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or not all(line.lstrip().startswith(("{", "[")) for line in lines):
        return None
    tokens: list[str] = []
    for line in lines:
        parsed, value = _parse(line)
        if not parsed:
            return None
        tokens.extend(_walk_top(value))
    return tokens


def ids_from_table(text: str) -> list[str] | None:
    """The cells of the id column of a CSV or TSV with a heading, or None if there is no such column."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    for delimiter in ("\t", ";", ","):
        names = [_key(cell) for row in _rows(heading, delimiter) or [] for cell in row]
        column = next((names.index(key) for key in (*_VIDEO_KEYS, *_PLAIN_KEYS) if key in names), None)
        if column is not None and not any(_LONG_NUMBER.match(name) for name in names):
            rows = _rows(text, delimiter) or []
            cells = (row[column].strip() for row in rows[1:] if len(row) > column)
            return [token for cell in cells if cell for token in _tokens_of(cell)]
    return None


def _rows(text: str, delimiter: str) -> list[list[str]] | None:
    """The rows that hold anything. One stray quote would swallow all rows behind it: then none counts."""
    csv.field_size_limit(_MAX_CELL_BYTES)
    for has_quotes in (True, False):
        lines = io.StringIO(text, newline="")
        try:
            reader = csv.reader(
                lines,
                delimiter=delimiter,
                quoting=csv.QUOTE_MINIMAL if has_quotes else csv.QUOTE_NONE,
                strict=has_quotes,
            )
            return [row for row in reader if any(row)]
        except csv.Error:
            continue
    return None


def _tokens_of(cell: str) -> list[str]:
    """Several long ids may share a cell; "1,234" and "1,23E+14" are one damaged number each."""
    parts = re.split(r"[\s,;|]+", cell)
    if all(map(_LONG_NUMBER.match, parts)):
        return parts
    return [cell.lstrip("=")]  # spreadsheets write ="123" to keep a number text


def _key(name: str) -> str:
    return name.strip().strip("\"'").replace("_", "").replace("-", "").replace(" ", "").lower()


def _parse(text: str) -> tuple[bool, Any]:
    try:
        return True, json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return False, None


def _walk_top(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        for item in value:
            if isinstance(item, str):
                yield item  # a plain list of ids
            else:
                yield from _walk(item, owner="")
    else:
        yield from _walk(value, owner="")


def _walk(root: Any, owner: str) -> Iterator[str]:  # noqa: ANN401 - any JSON value
    """Depth-first without recursion, so that no nesting is too deep."""
    pending = [(root, owner, False)]
    while pending:
        value, owner, is_id = pending.pop()
        if isinstance(value, list):
            pending.extend((item, owner, is_id) for item in reversed(value))
        elif isinstance(value, dict):
            id_keys = _id_keys(value, owner)
            pending.extend((value[key], _key(key), key in id_keys) for key in reversed(value))
        elif is_id and isinstance(value, str) and value.strip():
            yield value


def _id_keys(value: dict[str, Any], owner: str) -> list[str]:
    named = [key for key in value if _key(key) in _VIDEO_KEYS]
    if named or owner in _OTHER_OWNERS:
        return named
    return [key for key in value if _key(key) in _PLAIN_KEYS]
