from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_desktop.core.marks import (
    MAX_TAG_CHARS,
    NO_MARKS,
    Marks,
    batched,
    clean_tag,
    noted,
    rated,
    rejected,
    with_tag,
    without_tag,
)

FULL = Marks(("hero", "sea"), 4, True, "a note", "drop 1")


@given(st.text())
def test_a_cleaned_tag_is_one_short_line_that_fits_a_list_and_a_query(text: str) -> None:
    tag = clean_tag(text)

    assert len(tag) <= MAX_TAG_CHARS
    assert tag.isprintable()
    assert tag == tag.strip()
    assert not set(',"') & set(tag)
    assert clean_tag(tag) == tag


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("hero", "hero"),
        ("  paper   boat ", "paper boat"),
        ('a,"b"', "ab"),
        ("夜 の 海", "夜 の 海"),
        ("\x1b[2J\n", "[2J"),
        (" , ", ""),
        ("x" * 99, "x" * 60),
    ],
)
def test_how_a_tag_is_cleaned(text: str, tag: str) -> None:
    assert clean_tag(text) == tag


@given(st.lists(st.text(max_size=20), max_size=12))
def test_tags_are_kept_in_one_order_without_repeats(texts: list[str]) -> None:
    marks = NO_MARKS
    for text in texts:
        marks = with_tag(text)(marks)

    assert set(marks.tags) == {clean_tag(text) for text in texts} - {""}
    assert len(set(marks.tags)) == len(marks.tags)
    assert list(marks.tags) == sorted(marks.tags, key=lambda tag: (tag.casefold(), tag))


def test_a_tag_of_nothing_changes_nothing() -> None:
    assert with_tag(" , ")(FULL) is FULL


def test_a_tag_is_taken_off_by_its_very_name() -> None:
    assert without_tag("sea")(FULL).tags == ("hero",)
    assert without_tag("Sea")(FULL) == FULL


@pytest.mark.parametrize(("given_rating", "kept"), [(-3, 0), (0, 0), (1, 1), (5, 5), (6, 5), (10**30, 5)])
def test_a_rating_is_kept_within_its_bounds(given_rating: int, kept: int) -> None:
    assert rated(given_rating)(NO_MARKS).rating == kept


def test_each_marking_changes_its_own_mark_alone() -> None:
    assert rejected(False)(FULL) == Marks(("hero", "sea"), 4, False, "a note", "drop 1")
    assert noted("other")(FULL) == Marks(("hero", "sea"), 4, True, "other", "drop 1")
    assert batched("")(FULL) == Marks(("hero", "sea"), 4, True, "a note", "")
    assert rated(1)(FULL) == Marks(("hero", "sea"), 1, True, "a note", "drop 1")
    assert with_tag("boat")(FULL) == Marks(("boat", "hero", "sea"), 4, True, "a note", "drop 1")


@pytest.mark.parametrize(
    "marking", [with_tag("a"), without_tag("hero"), rated(2), rejected(True), noted("n"), batched("b")]
)
def test_marking_twice_is_marking_once(marking: Callable[[Marks], Marks]) -> None:
    once = marking(FULL)

    assert marking(once) == once
