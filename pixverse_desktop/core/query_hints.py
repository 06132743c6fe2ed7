"""What of a search was not understood: a search never fails, so somebody has to say why nothing is found."""

from dataclasses import dataclass
from enum import Enum

from pixverse_desktop.core.query import KNOWN_NAMES, KNOWN_VALUES, pairs, parse_query, quoted


class Misreading(Enum):
    """Why a ``name:value`` narrows nothing down."""

    NAME = "name"
    VALUE = "value"
    NUMBER = "number"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Misread:
    """A pair that was looked for as a word instead.

    Attributes:
        known: what could stand there; empty where that cannot be listed.
    """

    name: str
    value: str
    why: Misreading
    known: tuple[str, ...] = ()


def misread(text: str) -> Misread | None:
    """The first pair of ``text`` that is none, or None if every pair is understood."""
    found = (_misread_pair(name, value) for name, value in pairs(text))
    return next((each for each in found if each is not None), None)


def _misread_pair(name: str, value: str) -> Misread | None:
    if not value or value.startswith("//"):  # still being typed; an address
        return None
    if name not in KNOWN_NAMES:
        return Misread(name, value, Misreading.NAME, KNOWN_NAMES)
    if parse_query(f"{name}:{quoted(value)}").tests:
        return None
    if name in KNOWN_VALUES:
        return Misread(name, _first_unknown(name, value), Misreading.VALUE, KNOWN_VALUES[name])
    return Misread(name, value, Misreading.DAY if name in ("after", "before") else Misreading.NUMBER)


def _first_unknown(name: str, value: str) -> str:
    """Of several values with commas between, the one that is meant."""
    parts = [part.strip() for part in value.split(",")]
    return next((part for part in parts if part.lower() not in KNOWN_VALUES[name]), value)
