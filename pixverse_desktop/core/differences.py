"""What one text says otherwise than others, word by word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from enum import Enum
from functools import lru_cache
from itertools import groupby, takewhile
from typing import NamedTuple

_CONTEXT_WORDS = 2
_EXACT_WORDS = 200  # of what differs; in more, words that come very often are no landmarks, or it takes long
# Of Chinese and Japanese: what is written without spaces between.
_UNSPACED = r"\u3001-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")
_SPACE_INSIDE = re.compile(rf"(?<=[{_UNSPACED}]) (?=[{_UNSPACED}])")
_GAP = "…"
_MOST_COMPARISONS = 40_000  # of words, all texts together: a few milliseconds
_MOST_OWN = 0.5  # of the words of a text; beyond that it is another text
_MOST_MISSING = 6  # words in a row that are told of what is not there


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
    return list(_differences(text, tuple(dict.fromkeys(others))))


@lru_cache(maxsize=64)
def _differences(text: str, others: tuple[str, ...]) -> tuple[Piece, ...]:
    words = _words(text)
    is_own = [False] * len(words)
    missing: dict[int, Sequence[str]] = {}
    for other in others:
        theirs = _words(other)
        for first, end, their_first, their_end in _changes(words, theirs):
            if first == end:
                missing.setdefault(first, theirs[their_first:their_end])
            else:
                is_own[first:end] = [True] * (end - first)
    return tuple(_pieces(list(_told(words, is_own, missing))))


def _words(text: str) -> list[str]:
    """Words as they are set apart by spaces; of scripts that have none, each character."""
    return _WORD.findall(text)


def _joined(words: Iterable[str]) -> str:
    return _SPACE_INSIDE.sub("", " ".join(words))


def _changes(words: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """What is not the same: from where to where in each. What both begin and end with costs nothing."""
    first = _shared_length(words, theirs)
    last = _shared_length(words[first:][::-1], theirs[first:][::-1])
    ours, others = words[first : len(words) - last], theirs[first : len(theirs) - last]
    is_long = max(len(ours), len(others)) > _EXACT_WORDS
    for tag, start, end, their_start, their_end in SequenceMatcher(
        None, ours, others, autojunk=is_long
    ).get_opcodes():
        if tag != "equal":
            yield first + start, first + end, first + their_start, first + their_end


def _shared_length(words: Sequence[str], theirs: Sequence[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(words, theirs, strict=False)))


def told_apart(texts: Sequence[str]) -> list[list[Piece]]:
    """What each of these texts says otherwise than the others, told by its own words alone.

    Empty where that would not help a reader, since the texts are too different, or would take too long.
    """
    lengths = [len(_words(text)) for text in texts]
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
    own = sum(len(_words(piece.words)) for piece in pieces if piece.kind is Kind.OWN)
    return own / words if words else 1.0


def _told(words: Sequence[str], is_own: Sequence[bool], missing: dict[int, Sequence[str]]) -> Iterator[Piece]:
    for place in range(len(words) + 1):
        yield from (Piece(word, Kind.MISSING) for word in _shortened(missing.get(place, ())))
        if place < len(words):
            yield Piece(words[place], Kind.OWN if is_own[place] else Kind.SHARED)


def _shortened(words: Sequence[str]) -> Sequence[str]:
    if len(words) <= _MOST_MISSING:
        return words
    half = _MOST_MISSING // 2
    return [*words[:half], _GAP, *words[-half:]]


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
    return [Piece(_joined(piece.words for piece in row), kind) for kind, row in rows]


def _is_near(told: Sequence[Piece], place: int) -> bool:
    around = told[max(0, place - _CONTEXT_WORDS) : place + _CONTEXT_WORDS + 1]
    return any(piece.kind is not Kind.SHARED for piece in around)
