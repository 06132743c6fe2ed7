"""What one text says otherwise than others, word by word."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum
from itertools import groupby
from typing import NamedTuple

_CONTEXT_WORDS = 2
_GAP = "…"
_MOST_COMPARISONS = 40_000  # of words, all texts together: a few milliseconds
_MOST_OWN = 0.5  # of the words of a text; beyond that it is another text


class Kind(Enum):
    """How words stand to the other texts."""

    SHARED = "shared"
    OWN = "own"
    MISSING = "missing"


class Piece(NamedTuple):
    """Some words in a row: shared, of this text alone, or of another and missing here."""

    words: str
    kind: Kind


def differences(text: str, others: Sequence[str]) -> list[Piece]:
    """The words of ``text`` that another lacks at that place, and those it lacks, among their neighbours.

    Empty where no word differs.
    """
    words = text.split()
    is_own = [False] * len(words)
    missing: dict[int, Sequence[str]] = {}
    for other in others:
        theirs = other.split()
        matcher = SequenceMatcher(None, words, theirs, autojunk=False)
        for tag, first, end, their_first, their_end in matcher.get_opcodes():
            if tag == "insert":
                missing.setdefault(first, theirs[their_first:their_end])
            elif tag != "equal":
                is_own[first:end] = [True] * (end - first)
    return _pieces(list(_told(words, is_own, missing)))


def told_apart(texts: Sequence[str]) -> list[list[Piece]]:
    """What each of these texts says otherwise than the others, told by its own words alone.

    Empty where that would not help a reader, since the texts are too different, or would take too long.
    """
    lengths = [len(text.split()) for text in texts]
    comparisons = sum(lengths) ** 2 - sum(length**2 for length in lengths)
    if comparisons > _MOST_COMPARISONS:
        return []
    told = [_own_words(text, [other for other in texts if other != text]) for text in texts]
    are_alike = all(
        _share_own(pieces, length) <= _MOST_OWN for pieces, length in zip(told, lengths, strict=True)
    )
    return told if are_alike and any(told) else []


def _own_words(text: str, others: Sequence[str]) -> list[Piece]:
    return [piece for piece in differences(text, others) if piece.kind is not Kind.MISSING]


def _share_own(pieces: Sequence[Piece], words: int) -> float:
    own = sum(len(piece.words.split()) for piece in pieces if piece.kind is Kind.OWN)
    return own / words if words else 1.0


def _told(words: Sequence[str], is_own: Sequence[bool], missing: dict[int, Sequence[str]]) -> Iterator[Piece]:
    for place in range(len(words) + 1):
        yield from (Piece(word, Kind.MISSING) for word in missing.get(place, ()))
        if place < len(words):
            yield Piece(words[place], Kind.OWN if is_own[place] else Kind.SHARED)


def _pieces(told: Sequence[Piece]) -> list[Piece]:
    """Words of a kind in a row as one; what is far from all differences is left out."""
    if all(piece.kind is Kind.SHARED for piece in told):
        return []
    shown = [piece if _is_near(told, place) else Piece(_GAP, Kind.SHARED) for place, piece in enumerate(told)]
    kept = [
        piece
        for place, piece in enumerate(shown)
        if piece.words != _GAP or shown[place - 1 : place] != [piece]
    ]
    rows = groupby(kept, key=lambda piece: piece.kind)
    return [Piece(" ".join(piece.words for piece in row), kind) for kind, row in rows]


def _is_near(told: Sequence[Piece], place: int) -> bool:
    around = told[max(0, place - _CONTEXT_WORDS) : place + _CONTEXT_WORDS + 1]
    return any(piece.kind is not Kind.SHARED for piece in around)
