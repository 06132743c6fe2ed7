"""The rows behind the table: order, filter and places, held against a plain list sorted and searched."""

from dataclasses import dataclass, field, replace
from operator import attrgetter

from hypothesis import given, settings
from hypothesis import strategies as st

from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.query import parse_query
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.ui.row_list import BY_ARRIVAL, RowList, SortKey
from tests.ui.rows import row

BY_PROMPT: SortKey = attrgetter("prompt")
HERD = [row(3, prompt="b"), row(1, prompt="a"), row(2, prompt="b"), row(4, prompt="A")]


def made(videos: list[Video], marks: dict[VideoRef, Marks] | None = None) -> RowList:
    rows = RowList(lambda ref: (marks or {}).get(ref, NO_MARKS))
    rows.reset(videos)
    return rows


def ids(rows: RowList) -> list[str]:
    """The shown ids, each of which must be found at its place."""
    assert [rows.place(each.ref) for each in rows.shown] == list(range(len(rows.shown)))
    return [each.ref.video_id for each in rows.shown]


def test_rows_are_shown_as_they_came() -> None:
    assert ids(made(HERD)) == ["3", "1", "2", "4"]


def test_equal_rows_keep_the_order_of_the_key_before() -> None:
    rows = made(HERD)

    rows.show(rows.arranged([(lambda each: int(each.ref.video_id), True), (BY_PROMPT, False)]))

    assert ids(rows) == ["4", "1", "3", "2"]


def test_the_order_of_arrival_comes_back() -> None:
    rows = made(HERD)
    rows.show(rows.arranged([(BY_PROMPT, True)]))

    rows.show(rows.arranged([(BY_ARRIVAL, False)]))

    assert ids(rows) == ["3", "1", "2", "4"]


def test_a_query_hides_what_does_not_fit_and_keeps_it() -> None:
    rows = made(HERD)
    rows.query = parse_query("b")

    rows.show(rows.arranged())

    assert ids(rows) == ["3", "2"]
    assert len(rows) == 4
    assert rows.place(HERD[1].ref) is None
    assert rows.row(HERD[1].ref) is not None


def test_a_known_row_does_not_come_twice() -> None:
    rows = made(HERD)

    assert rows.add([HERD[0], row(9)]) == [rows.row(row(9).ref)]
    assert len(rows) == 5


def test_new_marks_are_searched() -> None:
    marks: dict[VideoRef, Marks] = {}
    rows = made(HERD, marks)
    marks[HERD[2].ref] = Marks(tags=("Hero",), note="the best")
    rows.change_marks([HERD[2].ref])

    for query in ("hero", "tag:hero", "best"):
        rows.query = parse_query(query)
        rows.show(rows.arranged())

        assert ids(rows) == ["2"], query


def test_marks_that_are_taken_back_are_not_found_any_more() -> None:
    marks = {HERD[2].ref: Marks(tags=("hero",))}
    rows = made(HERD, marks)
    marks.clear()
    rows.change_marks([HERD[2].ref])
    rows.query = parse_query("hero")

    rows.show(rows.arranged())

    assert ids(rows) == []


def test_a_row_that_changes_is_found_by_what_it_is_now() -> None:
    rows = made(HERD)

    changed = rows.change(replace(HERD[2], prompt="zebra"))
    rows.query = parse_query("zebra")
    rows.show(rows.arranged())

    assert changed is rows.shown[0]
    assert ids(rows) == ["2"]


def test_a_stranger_changes_nothing() -> None:
    rows = made(HERD)

    assert rows.change(row(77)) is None
    rows.remove([row(77).ref])
    rows.change_marks([row(77).ref])

    assert ids(rows) == ["3", "1", "2", "4"]


@dataclass
class Plain:
    """The same list as simply as it can be told."""

    videos: list[Video] = field(default_factory=list)

    def sort(self, is_descending: bool) -> None:
        self.videos.sort(key=lambda video: video.prompt.casefold(), reverse=is_descending)

    def shown(self, word: str) -> list[str]:
        return [
            video.video_id
            for video in self.videos
            if word in video.prompt.casefold() or word in video.video_id
        ]


NUMBERS = st.lists(st.integers(0, 30), max_size=12)
PROMPTS = st.sampled_from(["", "a", "B", "b", "ab", "Z z"])
DEEDS = st.one_of(
    st.tuples(st.just("add"), NUMBERS, PROMPTS),
    st.tuples(st.just("remove"), NUMBERS, PROMPTS),
    st.tuples(st.just("change"), NUMBERS, PROMPTS),
    st.tuples(st.just("sort"), st.booleans(), PROMPTS),
    st.tuples(st.just("search"), st.just(0), st.sampled_from(["", "a", "ab", "b", "1", "12", "nothing"])),
)


@settings(deadline=None, max_examples=200)
@given(st.lists(DEEDS, max_size=25))
def test_whatever_is_done_the_rows_are_those_of_a_plain_list(deeds: list[tuple[str, object, str]]) -> None:
    rows, plain, word = made([]), Plain(), ""

    for deed, of, text in deeds:
        numbers = list(dict.fromkeys(of)) if isinstance(of, list) else []
        there = {video.video_id for video in plain.videos}
        match deed:
            case "add":
                videos = [row(number, prompt=text) for number in numbers]
                rows.show_more(rows.add(videos))
                plain.videos += [video for video in videos if video.video_id not in there]
            case "remove":
                rows.remove([row(number).ref for number in numbers])
                gone = set(map(str, numbers))
                plain.videos = [video for video in plain.videos if video.video_id not in gone]
            case "change":
                for number in numbers:
                    rows.change(row(number, prompt=text))
                after = {str(number): row(number, prompt=text) for number in numbers}
                plain.videos = [after.get(video.video_id, video) for video in plain.videos]
            case "sort":
                rows.arranged([(BY_PROMPT, bool(of))])
                plain.sort(bool(of))
            case "search":
                word = text
                rows.query = parse_query(word)
        rows.show(rows.arranged())

        assert ids(rows) == plain.shown(word)
        assert len(rows) == len(plain.videos)
