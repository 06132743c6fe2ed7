"""What of a search was not understood: a search never fails, so somebody has to say why nothing is found."""

from dataclasses import dataclass
from enum import Enum

from pixverse_desktop.core.query import (
    KNOWN_NAMES,
    KNOWN_VALUES,
    Unfinished,
    pairs,
    parse_query,
    quoted,
    unfinished_pair,
)


class Misreading(Enum):
    """Why a ``name:value`` narrows nothing down."""

    UNFINISHED = "unfinished"
    NAME = "name"
    VALUE = "value"
    NUMBER = "number"
    DAY = "day"
    WHOLE = "whole"


_KINDS = {
    "after": Misreading.DAY,
    "before": Misreading.DAY,
    "rating": Misreading.NUMBER,
    "seed": Misreading.NUMBER,
    "prompt": Misreading.WHOLE,
}


@dataclass(frozen=True, slots=True)
class Misread:
    """A pair that was looked for as a word instead, or that waits for the rest of it.

    Attributes:
        known: what could stand there; empty where that cannot be listed.
    """

    name: str
    value: str
    why: Misreading
    known: tuple[str, ...] = ()


def misread(text: str, *, is_typed: bool = False) -> Misread | None:
    """The first pair of ``text`` that is none, or None if every pair is understood.

    With ``is_typed`` somebody is typing it: what is said of an unfinished pair is what it waits for.
    """
    pair = unfinished_pair(text) if is_typed else None
    found = (_misread_pair(name, value) for name, value in pairs(pair.before if pair else text))
    first = next((each for each in found if each is not None), None)
    return first or (_awaited(pair) if pair else None)


def _awaited(pair: Unfinished) -> Misread | None:
    """What could follow; None where that is anything."""
    name, value = pair.name, pair.value
    if name in KNOWN_VALUES:
        known = tuple(each for each in KNOWN_VALUES[name] if each.startswith(value))
        return Misread(name, value, Misreading.UNFINISHED, known)
    return Misread(name, value, _KINDS[name]) if name in _KINDS else None


def _misread_pair(name: str, value: str) -> Misread | None:
    if not value or value.startswith("//"):  # nothing to be told of; an address
        return None
    if name not in KNOWN_NAMES:
        return Misread(name, value, Misreading.NAME, KNOWN_NAMES)
    if parse_query(f"{name}:{quoted(value)}").tests:
        return None
    if name in KNOWN_VALUES:
        return Misread(name, _first_unknown(name, value), Misreading.VALUE, KNOWN_VALUES[name])
    return Misread(name, value, _KINDS[name])


def _first_unknown(name: str, value: str) -> str:
    """Of several values with commas between, the one that is meant."""
    parts = [part.strip() for part in value.split(",")]
    return next((part for part in parts if part.lower() not in KNOWN_VALUES[name]), value)
