"""Ids out of a JSON value by its keys, exactly as they were written.

Numbers are kept as text from the first moment: an id that has been a float is no longer that id.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pixverse_desktop.core.prose_ids import is_long_run, scan_cell, scan_line
from pixverse_desktop.core.refusals import Outcome, check_id, refuse

_VIDEO_KEYS = frozenset(("videoid", "videoids"))
_PLAIN_KEYS = frozenset(("id", "ids"))
_VIDEO_OWNERS = _VIDEO_KEYS | {"video", "videos"}
_EMPTY: tuple[Any, ...] = (None, "", [])
# An "id" below one of these is somebody else's.
_OTHER_OWNER = re.compile(
    r"(?:user|account|owner|author|creator|model|template|image|img|media|webhook|project|team|trace)"
    r"(?:s|info|data)?\Z"
)
_OTHER_KEY = re.compile(
    r"(?:seed|size|bytes|time|timestamp|date|duration|expires|phone|credits?|width|height)s?\Z"
    r"|(?:created|modified|updated|expires)[a-z]*\Z|.*(?:seed|size|bytes|time|timestamp|at|date)\Z"
    r"|(?:user|account|owner|author|creator|model|template|image|img|media|webhook|project|team|trace)ids?\Z"
)


class _Object(list[tuple[str, Any]]):
    """A JSON object with all its keys, also those that come twice."""


_DECODER = json.JSONDecoder(
    object_pairs_hook=_Object, parse_int=str, parse_float=str, parse_constant=str
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Weak:
    """An id whose key says "id" and not whose: a video's, unless the text names its videos better."""

    outcome: Outcome
    owner: str


@dataclass(frozen=True, slots=True)
class Strong:
    """What a key said to be the id of a video."""

    outcome: Outcome


Item = Outcome | Weak | Strong
"""What was found, with how sure it is; what stands in no JSON needs no more than itself."""

_Role = type[Weak] | type[Strong] | None
_Member = tuple[Any, str, _Role]
"""A value, the key it stands below, and what an id in it would be."""


def parse_at(text: str, start: int) -> tuple[Any, int]:
    """The JSON value that begins at ``start``, and where it ends.

    Raises:
        ValueError: there is none.
        RecursionError: it is nested beyond all reason.
    """
    return _DECODER.raw_decode(text, start)


def items_of(value: Any, owner: str) -> list[Item]:  # noqa: ANN401 - any JSON value
    """The ids of a value that stands below the key ``owner``, in their order.

    Where no key says "id", what its texts say is taken as prose.
    """
    scalars: list[tuple[str, str]] = []
    items: list[Item] = []
    if isinstance(value, list) and not isinstance(value, _Object):
        for each in value:
            items.extend(scan_cell(each, check_id) if isinstance(each, str) else _walk(each, owner, scalars))
    else:
        items.extend(_walk(value, owner, scalars))
    if items:
        return [*items, *(each for scalar in scalars for each in _unread(*scalar))]
    return [
        each for key, text in scalars for line in text.splitlines() for each in scan_line(f"{key}: {line}")
    ]


def settle(items: Iterable[Item]) -> Iterator[Outcome]:
    """The ids of a whole text: once some are said to be videos', an "id" of something unnamed is refused."""
    items = list(items)
    named = {each.outcome for each in items if isinstance(each, Strong) and isinstance(each.outcome, str)}
    for item in items:
        if isinstance(item, Strong):
            yield item.outcome
        elif not isinstance(item, Weak):
            yield item
        elif not named:
            yield item.outcome
        elif isinstance(item.outcome, str) and item.outcome not in named:
            owner = f"‘{item.owner}’" if item.owner else "something"
            yield refuse(item.outcome, f"it is the id of {owner}, not said to be a video's")


def normal(key: str) -> str:
    """A key as the ways of writing it have in common: ``video_id``, ``videoId`` and ``Video ID``."""
    return re.sub(r"[\s_\"'-]+", "", key).lower()


def _walk(root: Any, owner: str, scalars: list[tuple[str, str]]) -> Iterator[Item]:  # noqa: ANN401
    """Depth-first without recursion, so that no nesting is too deep; other texts go to ``scalars``."""
    pending: list[_Member] = [(root, owner, None)]
    while pending:
        value, key, role = pending.pop()
        if isinstance(value, _Object):
            pending.extend(reversed(list(_members(value, normal(key), role))))
        elif isinstance(value, list):
            pending.extend((each, key, role) for each in reversed(value))
        elif isinstance(value, str) and value.strip():
            if role is None:
                scalars.append((key, value))
            else:
                yield from (
                    role(outcome, key) if role is Weak else Strong(outcome)
                    for outcome in scan_cell(value, check_id)
                )


def _members(pairs: Sequence[tuple[str, Any]], owner: str, role: _Role) -> Iterator[_Member]:
    """What an object holds; an "id" counts where no better key is filled and nobody else owns it."""
    keys = {normal(key) for key, value in pairs}
    is_others = bool(_OTHER_OWNER.match(owner))
    has_video_id = any(normal(key) in _VIDEO_KEYS and value not in _EMPTY for key, value in pairs)
    plain = Strong if owner in _VIDEO_OWNERS or keys & _VIDEO_KEYS else Weak
    for name, value in pairs:
        key = normal(name)
        if is_long_run(name) and not is_others:  # {"391504857968062": {…}}
            yield name, owner, plain
        if key in _VIDEO_KEYS or (key in _VIDEO_OWNERS and _is_of_ids(value)):
            yield value, name, Strong
        elif key not in _PLAIN_KEYS:
            yield value, name, role if name.startswith("$") else None  # {"$numberLong": "391…"}
        elif not has_video_id and not is_others:
            yield value, owner, plain


def _is_of_ids(value: object) -> bool:
    """Whether a value is ids and nothing else: a single short number may be a count."""
    if isinstance(value, str):
        return is_long_run(value)
    return (
        isinstance(value, list)
        and not isinstance(value, _Object)
        and all(isinstance(each, str) and each.isdigit() for each in value)
    )


def _unread(key: str, text: str) -> Iterator[Outcome]:
    """A refusal of what may be meant as an id, and stands below a key that does not say so."""
    if is_long_run(text) and not _OTHER_KEY.match(normal(key)):
        yield refuse(text, f"labelled ‘{key}’")
