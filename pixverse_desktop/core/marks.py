"""What a person says of a video: tags, rating, reject, note, batch. Kept apart from what PixVerse says.

A row without any mark shares one empty value with all others; marking a hundred thousand rows alike
makes one new value, not a hundred thousand.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

MAX_RATING = 5
MAX_TAG_CHARS = 60


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks of one video.

    Attributes:
        tags: in alphabetical order, without repeats.
        rating: 1 to 5, or 0 for none.
        batch: the name of the drop it came in with.
    """

    tags: tuple[str, ...] = ()
    rating: int = 0
    is_rejected: bool = False
    note: str = ""
    batch: str = ""


NO_MARKS = Marks()

Marking = Callable[[Marks], Marks]
"""A change of marks, the same for every row it is done to."""


def clean_tag(text: str) -> str:
    """``text`` as a tag: one line, no commas or quotes, not too long; empty if nothing is left."""
    plain = "".join(mark for mark in text if mark.isprintable() and mark not in ',"')
    return " ".join(plain.split())[:MAX_TAG_CHARS].strip()


def with_tag(tag: str) -> Marking:
    """Add a tag."""
    wanted = clean_tag(tag)
    return lambda marks: replace(marks, tags=_ordered((*marks.tags, wanted))) if wanted else marks


def without_tag(tag: str) -> Marking:
    """Take a tag off."""
    return lambda marks: replace(marks, tags=tuple(each for each in marks.tags if each != tag))


def rated(rating: int) -> Marking:
    """Give 1 to 5, or 0 to take the rating back."""
    kept = max(0, min(rating, MAX_RATING))
    return lambda marks: replace(marks, rating=kept)


def rejected(is_rejected: bool) -> Marking:
    """Reject, or take it back."""
    return lambda marks: replace(marks, is_rejected=is_rejected)


def noted(note: str) -> Marking:
    """Replace the note."""
    return lambda marks: replace(marks, note=note)


def batched(batch: str) -> Marking:
    """Put into a batch, or with an empty name into none."""
    return lambda marks: replace(marks, batch=batch)


def filled(ours: Marks, theirs: Marks) -> Marks:
    """``ours``, and what ``theirs`` say where ours say nothing."""
    return Marks(
        tags=ours.tags or theirs.tags,
        rating=ours.rating or theirs.rating,
        is_rejected=ours.is_rejected or (theirs.is_rejected and not ours.rating),
        note=ours.note or theirs.note,
        batch=ours.batch or theirs.batch,
    )


def _ordered(tags: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(tags), key=lambda tag: (tag.casefold(), tag)))
