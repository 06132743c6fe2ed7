from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.query import pairs, parse_query, quoted, same_prompt, same_seed, searchable_text
from pixverse_desktop.core.video import Video, VideoStatus

DAY_S = 86_400.0
NOON_S = datetime(2026, 11, 1, 12, tzinfo=UTC).timestamp()

BOAT = Video(video_id="101", added_at_s=NOON_S, prompt="A paper BOAT on the Straße", seed=42, style="anime")
FOX = Video(
    video_id="102",
    added_at_s=NOON_S - 40 * DAY_S,
    created_at_s=NOON_S - 30 * DAY_S,
    status=VideoStatus.READY,
    url="https://a/b.mp4",
    prompt="a fox",
    account="studio",
)
SAVED = replace(FOX, video_id="103", saved_path="/c.mp4", prompt="a saved fox", seed=0)
FAILED = Video(video_id="104", added_at_s=NOON_S + DAY_S, status=VideoStatus.FAILED, prompt="status:open")
MODERATED = Video(video_id="105", added_at_s=NOON_S + 2 * DAY_S, status=VideoStatus.MODERATED)
UNKNOWN = Video(video_id="106", added_at_s=NOON_S + 3 * DAY_S, status=VideoStatus.UNKNOWN)

ROWS: list[tuple[Video, Marks]] = [
    (BOAT, Marks(tags=("Hero", "paper boat"), rating=3)),
    (FOX, Marks(note="Look again", batch="Drop 1")),
    (SAVED, Marks(rating=5, is_rejected=True)),
    (FAILED, NO_MARKS),
    (MODERATED, Marks(rating=1)),
    (UNKNOWN, NO_MARKS),
]


class Searched(NamedTuple):
    """A row as a list holds it."""

    video: Video
    marks: Marks
    text: str


SEARCHED = [Searched(*row, searchable_text(*row)) for row in ROWS]


def found(text: str) -> list[str]:
    """The ids of the rows a query leaves, by both ways of asking, which must agree."""
    query = parse_query(text)
    fitting = query.fitting(SEARCHED)
    assert fitting == [row for row in SEARCHED if query.fits(*row)]
    return [row.video.video_id for row in fitting]


ALL = ["101", "102", "103", "104", "105", "106"]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", ALL),
        ("   ", ALL),
        ("fox", ["102", "103"]),
        ("FOX saved", ["103"]),
        ("saved fox", ["103"]),
        ('"saved fox"', ["103"]),
        ('"fox saved"', []),
        ("boat", ["101"]),
        ("strasse", ["101"]),
        ("101", ["101"]),
        ("anime", ["101"]),
        ("hero", ["101"]),
        ("again", ["102"]),
        ("drop", ["102"]),
        ("42", ["101"]),
        ("-fox", ["101", "104", "105", "106"]),
        ("fox -saved", ["102"]),
        ('-"a saved fox" fox', ["102"]),
    ],
)
def test_words_look_into_everything_a_row_says(text: str, ids: list[str]) -> None:
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("status:failed", ["104"]),
        ("status:failed,moderated", ["104", "105"]),
        ("STATUS:Failed", ["104"]),
        ("-status:ready", ["101", "104", "105", "106"]),
        ("tag:hero", ["101"]),
        ('tag:"Paper Boat"', ["101"]),
        ("tag:her", []),
        ("-tag:hero", ["102", "103", "104", "105", "106"]),
        ('batch:"drop 1"', ["102"]),
        ("account:studio", ["102", "103"]),
        ("style:Anime", ["101"]),
        ("seed:42", ["101"]),
        ("seed:0", ["103"]),
        ("seed:>0", ["101"]),
        ("seed:4", []),
        ("seed:-1", []),
        ("seed:>-1", ["101", "103"]),
        ('prompt:"a fox"', ["102"]),
        ('prompt:"A fox"', []),
        ('prompt:"fox"', []),
        ('-prompt:"a fox" fox', ["103"]),
        ('prompt:""', ["105", "106"]),
        ("rating:>=3", ["101", "103"]),
        ("rating:<3", ["102", "104", "105", "106"]),
        ("rating:=1", ["105"]),
        ("rating:<=1", ["102", "104", "105", "106"]),
        ("-rating:0", ["101", "103", "105"]),
        ("is:saved", ["103"]),
        ("is:unsaved", ["102"]),
        ("-is:saved is:ended", ["102", "104", "105"]),
        ("is:open", ["101", "106"]),
        ("is:needs-you", []),
        ("-is:needs-you is:trouble", ["104", "105"]),
        ("is:rejected", ["103"]),
        ("-is:rejected", ["101", "102", "104", "105", "106"]),
        ("is:rated", ["101", "103", "105"]),
        ("is:unrated", ["102", "104", "106"]),
        ("is:tagged", ["101"]),
        ("is:untagged", ["102", "103", "104", "105", "106"]),
        ("is:noted", ["102"]),
        ("is:trouble", ["104", "105"]),
        ("fox is:unsaved account:studio", ["102"]),
    ],
)
def test_pairs_narrow_down(text: str, ids: list[str]) -> None:
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "wider", "narrows"),
    [
        ("bo", "b", True),
        ("boat", "oa", True),
        ("boat dusk", "us bo", True),
        ("boat", "", True),
        ("b", "bo", False),
        ("boat", "boat dusk", False),
        ("-is:saved seed:>4 boat -dusk", "boat seed:>4 -is:saved", True),
        ("boat -dusk", "boat -dus", False),
        ("boat -dus", "boat -dusk", False),
        ("boat is:saved", "boat -is:saved", False),
        ("rating:>=3", "rating:3", False),
    ],
)
def test_a_query_knows_which_others_it_narrows(text: str, wider: str, narrows: bool) -> None:
    assert parse_query(text).narrows(parse_query(wider)) is narrows


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("status:open", ["104"]),  # no status of ours, so the words as typed
        ("status:failed,nonsense", []),
        ("is:nonsense", []),
        ("rating:many", []),
        ("seed:" + "9" * 21, []),
        ("https://a", []),
        ("nobody:knows", []),
        ("-nobody:knows", ALL),
        ("after:yesterday", []),
        ("after:9999-99-99", []),
        ("status:", ["104"]),
        ("-", []),
        ('"', ALL),
    ],
)
def test_an_unknown_pair_is_looked_for_as_it_was_typed(text: str, ids: list[str]) -> None:
    assert found(text) == ids


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("after:2026-11-01", ["101", "104", "105", "106"]),
        ("before:2026-11-01", ["102", "103"]),
        ("after:2026-11-02", ["104", "105", "106"]),
        ("before:2026-11-02", ["101", "102", "103"]),
        ("after:2026-11-02 before:2026-11-03", ["104"]),
        ("after:2026-09-25 before:2026-10-10", ["102", "103"]),  # when it was made, not when it was added
        ("-after:2026-11-01", ["102", "103"]),
    ],
)
def test_days_count_from_their_beginning(text: str, ids: list[str]) -> None:
    assert found(text) == ids


@pytest.mark.parametrize(
    ("zone", "began"),
    [
        (timezone(timedelta(hours=9)), datetime(2026, 10, 31, 15, tzinfo=UTC)),
        (timezone(timedelta(hours=-8)), datetime(2026, 11, 1, 8, tzinfo=UTC)),
        (ZoneInfo("Europe/Berlin"), datetime(2026, 10, 31, 23, tzinfo=UTC)),
    ],
)
def test_a_day_is_the_day_of_the_persons_zone(zone: timezone | ZoneInfo, began: datetime) -> None:
    first = replace(BOAT, added_at_s=began.timestamp())
    last = replace(BOAT, added_at_s=began.timestamp() - 1)
    after, before = parse_query("after:2026-11-01", zone), parse_query("before:2026-11-01", zone)

    assert [after.fits(video, NO_MARKS, "") for video in (last, first)] == [False, True]
    assert [before.fits(video, NO_MARKS, "") for video in (last, first)] == [True, False]


TYPED = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(["-", '"', ":", "status:", "tag:", "seed:>", "rating:>=", "after:", "is:", "-is:"]),
        st.sampled_from(["ready", "2026-11-01", "0001-01-01", "9999-12-31", "hero", "42", "fox", " "]),
    ),
    max_size=8,
).map("".join)


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Pacific/Kiritimati"), timezone(timedelta(hours=-12))])
@given(text=st.one_of(st.text(), TYPED))
def test_whatever_is_typed_is_a_query(zone: timezone | ZoneInfo, text: str) -> None:
    query = parse_query(text, zone)

    assert query.fitting(SEARCHED) == [row for row in SEARCHED if query.fits(*row)]
    assert not query.is_empty or query.fitting(SEARCHED) == SEARCHED


PLAIN = st.text(st.characters(categories=("Ll", "Lu", "Lo", "Nd")), min_size=1, max_size=4)


@given(prompt=st.text(max_size=30), words=st.lists(PLAIN, max_size=3), absent=st.lists(PLAIN, max_size=2))
def test_a_query_of_words_finds_what_searching_by_hand_does(
    prompt: str, words: list[str], absent: list[str]
) -> None:
    video = replace(BOAT, prompt=prompt)
    text = searchable_text(video, NO_MARKS)
    query = parse_query(" ".join([*words, *(f"-{word}" for word in absent)]))

    by_hand = all(word.casefold() in text for word in words) and not any(
        word.casefold() in text for word in absent
    )

    assert query.fits(video, NO_MARKS, text) is by_hand


@given(text=TYPED)
def test_a_minus_turns_a_pair_round(text: str) -> None:
    for pair in ("status:ready", "rating:>=3", "is:saved", "tag:hero", "after:2026-11-01"):
        with_it, without_it = parse_query(pair), parse_query("-" + pair)
        for row in ROWS:
            searched = searchable_text(*row) + text
            assert with_it.fits(*row, searched) is not without_it.fits(*row, searched)


def test_words_never_match_across_two_parts_of_a_row() -> None:
    video = replace(BOAT, prompt="end", video_id="101")

    assert not parse_query('"end101"').fits(video, NO_MARKS, searchable_text(video, NO_MARKS))


@pytest.mark.parametrize("name", ['the "best" ids.txt', '"', '""', 'a"', '"b', "plain", "two words", "a\\b"])
def test_a_quoted_value_is_read_back_as_it_is(name: str) -> None:
    row = Searched(BOAT, Marks(batch=name), "")

    query = parse_query(f"rating:0 batch:{quoted(name)} -is:rejected")

    assert query.fitting([row]) == [row]
    assert list(pairs(f"x batch:{quoted(name)}")) == [("batch", name)]


@given(st.text(min_size=1))
def test_any_value_can_be_quoted(name: str) -> None:
    assert list(pairs(f"batch:{quoted(name)} and more")) == [("batch", name)]


@pytest.mark.parametrize(
    "pair",
    [
        *("status:", "status:fai", "STATUS:Fai", 'status:"fai', "-status:fai", "is:", "is:un", "-is:rej"),
        *("tag:", "-tag:", 'tag:"', "batch:", "style:", "account:"),
        *("rating:", "rating:>", "seed:", "seed:>="),
        *("after:", "after:2", "after:2026-", "after:2026-1", "after:2026-11-", "before:2026-11-3"),
    ],
)
def test_a_pair_that_is_still_being_typed_narrows_nothing_down(pair: str) -> None:
    assert parse_query(pair, is_typed=True).is_empty
    assert parse_query(f"fox {pair}", is_typed=True).words == ("fox",)


@pytest.mark.parametrize(
    "text",
    [
        *("status:foo", "is:ready", "name:", "after:2026-13", "after:2026-11-40", "after:now", "rating:many"),
        *("status:fai ", "status:fai fox", "status:foo,fai", '"status:fai', 'status:"fai"', "fai", ":", ""),
    ],
)
def test_what_is_complete_and_unknown_is_a_word_while_it_is_typed_too(text: str) -> None:
    assert parse_query(text, is_typed=True) == parse_query(text)


@pytest.mark.parametrize("text", ["status:failed", 'batch:""', "rating:3", "after:2026-11-01", "tag:hero"])
def test_a_finished_pair_narrows_down_while_it_is_typed_too(text: str) -> None:
    assert parse_query(text, is_typed=True).tests


@pytest.mark.parametrize("text", ["status:failed,", "status:failed,mod", "fox status:failed,"])
def test_of_several_values_the_finished_ones_stay(text: str) -> None:
    query = parse_query(text, is_typed=True)

    assert [test(FAILED, NO_MARKS) for test in query.tests.values()] == [True]
    assert [test(MODERATED, NO_MARKS) for test in query.tests.values()] == [False]


PROMPTS = st.one_of(
    st.text(min_size=1, max_size=60),
    st.lists(
        st.one_of(
            st.sampled_from(
                ['"', '""', ":", "-", " ", "\n", "\r\n", "\t", "\\", "prompt:", '-tag:"', "日本", "🚤", "é"]
            ),
            st.text(max_size=4),
        ),
        min_size=1,
        max_size=12,
    ).map("".join),
    st.text(min_size=2_000, max_size=2_000),
).filter(bool)


@given(prompt=PROMPTS, other=PROMPTS, group=st.sampled_from(["", "is:open", "-is:rejected"]))
def test_every_prompt_finds_itself_and_only_its_equals(prompt: str, other: str, group: str) -> None:
    rows = [replace(BOAT, prompt=each) for each in (prompt, other, prompt + " ", prompt.swapcase())]

    query = parse_query(f"{group} {same_prompt(prompt)}", is_typed=True)

    found = [row.prompt for row in rows if query.fits(row, NO_MARKS, searchable_text(row, NO_MARKS))]
    assert found == [row.prompt for row in rows if row.prompt == prompt]
    assert prompt in found


@given(seed=st.integers(-(2**63), 2**63), other=st.integers(-(2**63), 2**63))
def test_every_seed_finds_itself_and_only_its_equals(seed: int, other: int) -> None:
    query = parse_query(f" {same_seed(seed)}", is_typed=True)

    for number in (seed, other, seed + 1, None):
        row = replace(BOAT, seed=number)
        assert query.fits(row, NO_MARKS, searchable_text(row, NO_MARKS)) is (number == seed)


def test_what_has_no_seed_and_no_prompt_is_not_searched_for() -> None:
    assert (same_prompt(""), same_seed(None)) == ("", "")


@pytest.mark.parametrize(
    "text", ["prompt:", "prompt:a", 'prompt:"', 'prompt:"a b', '-prompt:"a ""b""', "seed:-"]
)
def test_a_prompt_narrows_nothing_down_before_its_second_quote(text: str) -> None:
    assert parse_query(f"fox {text}", is_typed=True) == parse_query("fox")
