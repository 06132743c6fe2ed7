"""Finds JSON wherever it stands: whole files, JSON lines, answers pasted together, logs, cut arrays."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pixverse_desktop.core.json_ids import parse_at

_OPENING = re.compile(r"""\{(?=\s*["}])|(?:\A|[\r\n])[ \t]*\[""")
_REST_OF_LINE = re.compile(r"[ \t,;]*(?:\Z|[\r\n])")
_OWNER = re.compile(r'"([^"\n]{1,60})"\s{0,9}:\s{0,9}(?:\[\s{0,9})?\Z')
_COMMA = re.compile(r"\s*,\s*")
_OWNER_CHARS = 90
_MAX_LINE_CHARS = 64 * 1024
_UNKNOWN_DEPTH_CHARS = 10_000


@dataclass(frozen=True, slots=True)
class JsonValue:
    """A value in a text; ``owner`` is the key before it where what is around it could not be read."""

    start: int
    end: int
    content: Any
    owner: str


def json_values(text: str) -> Iterator[JsonValue]:
    """The JSON objects of ``text``, and the lists that have their lines to themselves, outermost first."""
    patience = _Patience(text)
    end, owner = 0, ""
    for opening in _OPENING.finditer(text):
        start = opening.end() - 1
        if start < end or (parsed := patience.parse(start)) is None:
            continue
        content, stop = parsed
        if text[start] == "[" and not _REST_OF_LINE.match(text, stop):
            continue  # [12] in prose is a footnote
        before = _OWNER.search(text, max(0, start - _OWNER_CHARS), start)
        if before or not _COMMA.fullmatch(
            text, end, start
        ):  # the next in a list has the owner of the one before
            owner = before[1] if before else ""
        yield JsonValue(start, stop, content, owner)
        end = stop


class _Patience:
    """Tries to parse at many places, within a time that is a small multiple of the text's length."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._left = 8 * len(text) + _UNKNOWN_DEPTH_CHARS

    def parse(self, start: int) -> tuple[Any, int] | None:
        """The value at ``start`` and its end, or None."""
        line_end = self._text.find("\n", start, start + _MAX_LINE_CHARS)
        if line_end >= 0:
            line = self._text[start:line_end].rstrip()
            try:
                content, length = parse_at(line, 0)
            except RecursionError:
                return None
            except json.JSONDecodeError as error:
                if error.pos < len(line) and not error.msg.startswith("Unterminated"):
                    return None
            else:
                return content, start + length
        return self._parse_far(start)

    def _parse_far(self, start: int) -> tuple[Any, int] | None:
        if self._left < 0:
            return None
        try:
            content, end = parse_at(self._text, start)
        except json.JSONDecodeError as error:
            # Making the error counts the lines before it, at a small part of the price of parsing them.
            self._left -= error.pos - start + error.pos // 32
        except RecursionError:
            self._left -= _UNKNOWN_DEPTH_CHARS
        else:
            self._left -= end - start
            return content, end
        return None
