"""What rows have in common, against counting by hand."""

from collections import Counter
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from pixverse_desktop.core.common_values import MOST_VALUES, Extent, Gathering, Spread, Summary
from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.video import Video


class Row(NamedTuple):
    """A row as a list holds it."""

    video: Video
    marks: Marks


GATHERING: Gathering[Row] = Gathering(
    facts={"prompt": lambda row: row.video.prompt, "batch": lambda row: row.marks.batch},
    figures={"credits": lambda row: row.video.credits},
)


def row(number: int, prompt: str = "", credits: int | None = None, marks: Marks = NO_MARKS) -> Row:
    video = Video(video_id=str(number), added_at_s=0.0, prompt=prompt, credits=credits)
    return Row(video, marks)


def summary(rows: list[Row]) -> Summary:
    found = GATHERING.summary(rows)
    assert found is not None
    return found


WORDS = st.sampled_from(["", "a boat", "a fox", "A fox", "日本", "🚤", "x", "y", "z"])
ROWS = st.lists(
    st.builds(
        row,
        st.integers(1, 9),
        WORDS,
        st.one_of(st.none(), st.integers(0, 10**6)),
        st.builds(Marks, tags=st.lists(WORDS, unique=True, max_size=3).map(tuple), batch=WORDS),
    ),
    max_size=40,
)


@given(rows=ROWS)
def test_every_value_is_counted_as_by_hand(rows: list[Row]) -> None:
    found = summary(rows)

    assert found.rows == len(rows)
    for name, values in (
        ("prompt", [each.video.prompt for each in rows]),
        ("batch", [each.marks.batch for each in rows]),
    ):
        spread, counts = found.facts[name], Counter(values)
        assert spread.distinct == len(counts)
        assert len(spread.values) == min(MOST_VALUES, len(counts))
        assert all(counts[value] == count for value, count in spread.values)
        left_out = set(counts) - {value for value, _ in spread.values}
        assert all(counts[value] <= spread.values[-1][1] for value in left_out)


@given(rows=ROWS)
def test_a_common_value_is_one_that_every_row_has_and_no_row_another(rows: list[Row]) -> None:
    common = summary(rows).facts["prompt"].common

    assert (common is not None) == (len({each.video.prompt for each in rows}) == 1)
    assert common is None or all(each.video.prompt == common for each in rows)


@given(rows=ROWS)
def test_figures_are_summed_and_those_that_are_not_known_left_out(rows: list[Row]) -> None:
    known = [each.video.credits for each in rows if each.video.credits is not None]
    extent = summary(rows).figures["credits"]

    assert (extent.known, extent.total) == (len(known), sum(known))
    assert not known or (extent.lowest, extent.highest) == (min(known), max(known))


@given(rows=ROWS)
def test_tags_are_counted_one_by_one(rows: list[Row]) -> None:
    counts = Counter(tag for each in rows for tag in each.marks.tags)
    tags = summary(rows).tags

    assert tags.distinct == len(counts)
    assert dict(tags.values).items() <= counts.items()


@given(rows=ROWS, others=ROWS)
def test_what_is_looked_at_in_pieces_is_as_what_is_looked_at_whole(
    rows: list[Row], others: list[Row]
) -> None:
    many = rows * 30 + others

    first, whole = summary(many), Extent().with_more([each.video.credits or 0 for each in many])

    assert first.facts["prompt"].distinct == len({each.video.prompt for each in many})
    assert first.figures["credits"].known <= whole.known
    assert first.figures["credits"].total == whole.total


def test_what_most_rows_have_comes_first_and_of_as_many_what_is_seen_first() -> None:
    rows = [row(n, prompt) for n, prompt in enumerate(["b", "a", "c", "c", "a", "b", "d", "d", "d"])]

    assert summary(rows).facts["prompt"] == Spread((("d", 3), ("b", 2), ("a", 2), ("c", 2)), 4)


def test_nothing_more_is_looked_at_once_nobody_wants_to_know() -> None:
    asked: list[bool] = []

    def goes_on() -> bool:
        asked.append(len(asked) < 2)
        return asked[-1]

    rows = [row(n) for n in range(100_000)]

    assert GATHERING.summary(rows, goes_on) is None
    assert asked == [True, True, False]
