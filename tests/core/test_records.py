import csv
import io
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_desktop.core.identifiers import IdScan, check_id, decode_text, scan_ids
from pixverse_desktop.core.marks import MAX_RATING, NO_MARKS, Marks, clean_tag
from pixverse_desktop.core.records import (
    COLUMNS,
    Row,
    as_csv,
    as_ids,
    as_json,
    as_record,
    as_tsv,
    rfc3339,
    rows_of_export,
)
from pixverse_desktop.core.video import Video, VideoStatus
from tests.contracts.video_store import BARE, FULL, FULL_MARKS

NOW_S = 1_788_249_600.0

SCALARS = st.characters(codec="utf-8")
LINES = st.text(SCALARS, max_size=20)
WHOLE = st.integers(-(2**63) + 1, 2**63 - 1)
MOMENTS = st.floats(0, 4e9).map(lambda moment_s: round(moment_s, 6))
ANSWERS = (
    st.dictionaries(
        st.text(SCALARS, max_size=5),
        st.recursive(
            st.none() | st.booleans() | st.integers() | LINES,
            lambda inner: st.lists(inner, max_size=3),
            max_leaves=5,
        ),
        max_size=4,
    ).map(lambda answer: json.dumps(answer, ensure_ascii=False, separators=(",", ":")))
    | LINES
)
VIDEOS = st.builds(
    Video,
    account=st.text(st.characters(categories=("L", "N")), min_size=1, max_size=8),
    video_id=st.integers(1, 2**64 - 1).map(str),
    added_at_s=MOMENTS,
    status=st.sampled_from(VideoStatus),
    status_code=st.none() | WHOLE,
    message=LINES,
    url=LINES,
    prompt=LINES,
    negative_prompt=LINES,
    style=LINES,
    seed=st.none() | WHOLE,
    width=WHOLE,
    height=WHOLE,
    size_bytes=WHOLE,
    has_audio=st.none() | st.booleans(),
    credits=st.none() | WHOLE,
    created_at_s=st.none() | MOMENTS,
    modified_at_s=st.none() | MOMENTS,
    ended_at_s=st.none() | MOMENTS,
    second_look_done=st.just(True),
    saved_path=LINES,
    saved_bytes=WHOLE,
    trace_id=LINES,
    raw=st.just("") | ANSWERS,
)
TAGS = st.frozensets(LINES.map(clean_tag).filter(bool), max_size=4).map(
    lambda tags: tuple(sorted(tags, key=lambda tag: (tag.casefold(), tag)))
)
MARKS = st.builds(
    Marks, tags=TAGS, rating=st.integers(0, 5), is_rejected=st.booleans(), note=LINES, batch=LINES
)


@given(st.lists(st.tuples(VIDEOS, MARKS), min_size=1, max_size=4))
def test_our_own_export_reads_back_as_the_same_rows(rows: list[Row]) -> None:
    assert rows_of_export(as_json(rows), now_s=NOW_S) == rows


def test_a_full_row_keeps_everything_a_person_and_the_service_said() -> None:
    ((video, marks),) = rows_of_export("\ufeff" + as_json([(FULL, FULL_MARKS)]), now_s=NOW_S) or []

    assert marks == FULL_MARKS
    assert as_record((video, marks)) == as_record((FULL, FULL_MARKS))
    assert json.loads(video.raw) == json.loads(FULL.raw)


def test_a_row_that_was_never_added_anywhere_was_added_now() -> None:
    record = {**as_record((BARE, NO_MARKS)), "added_at": None}

    ((video, _),) = rows_of_export(json.dumps([record]), now_s=NOW_S) or []

    assert video.added_at_s == NOW_S


# What is not ours.


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        "[1, 2]",
        "[[]]",
        "null",
        "391504857968062\n",
        '[{"video_id": "7"}]',
        '[{"id": 7, "status": 1}]',
        '{"ErrCode": 0, "ErrMsg": "success", "Resp": {"id": 7, "status": 1, "account": "a"}}',
        '[{"video_id": 7, "account": "a", "status": "ready", "added_at": null}]',
        '[{"video_id": "07", "account": "a", "status": "ready", "added_at": null}]',
        '[{"video_id": "1.5", "account": "a", "status": "ready", "added_at": null}]',
        '[{"video_id": "7", "account": "a", "status": "ready"}]',
        '[{"video_id": "7", "status": "ready", "added_at": null}]',
        '[{"video_id": "7", "account": "a", "status": "ready", "added_at": null}, {}]',
        '[{"video_id": "7", "account": "a", "status": "ready", "added_at": null}',
        "[" * 100_000,
        '[{"video_id": "7", "account": "a", "status": "ready", "added_at": ' + "9" * 5000 + "}]",
    ],
)
def test_what_other_programs_wrote_is_not_taken_for_ours(text: str) -> None:
    assert rows_of_export(text, now_s=NOW_S) is None


HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["ready", "2026-11-01T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59-14:00", "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
RECORDS = st.dictionaries(st.sampled_from([*COLUMNS, "raw"]), HOSTILE)


@given(record=RECORDS, video_id=st.integers(1, 2**64 - 1).map(str))
def test_a_hostile_record_is_read_as_far_as_it_makes_sense(record: dict[str, Any], video_id: str) -> None:
    needed = {"account": None, "status": None, "added_at": None}
    rows = rows_of_export(json.dumps([{**needed, **record, "video_id": video_id}]), now_s=NOW_S)

    assert rows is not None
    ((video, marks),) = rows
    assert video.video_id == video_id
    assert video.account
    assert isinstance(video.status, VideoStatus)
    assert 0 <= marks.rating <= MAX_RATING
    assert all(clean_tag(tag) == tag for tag in marks.tags)
    as_json(rows).encode()
    as_csv(rows).encode()
    texts = (video.account, video.message, video.prompt, video.raw, video.saved_path, marks.note, *marks.tags)
    "".join(texts).encode()
    for number in (video.width, video.seed, video.credits, video.saved_bytes, video.status_code):
        assert number is None or abs(number) < 2**63


@given(st.text())
def test_no_text_breaks_the_reading(text: str) -> None:
    rows_of_export(text, now_s=NOW_S)
    rows_of_export("[" + text, now_s=NOW_S)


def test_a_deeply_nested_answer_does_not_break_the_reading() -> None:
    record = {**as_record((BARE, NO_MARKS)), "raw": "RAW"}
    for depth in range(100, 3000, 50):
        text = json.dumps([record]).replace('"RAW"', "[" * depth + "]" * depth)
        rows = rows_of_export(text, now_s=NOW_S)
        assert rows is None or rows[0][0].video_id == BARE.video_id


# Other forms.


def test_csv_and_ids_name_every_row() -> None:
    rows = [(BARE, NO_MARKS), (FULL, FULL_MARKS)]

    assert as_csv(rows).split("\n")[0] == ",".join(COLUMNS)
    assert scan_ids(as_csv(rows)).ids == (BARE.video_id, FULL.video_id)
    assert as_ids(rows) == f"{BARE.video_id}\n{FULL.video_id}\n"
    assert all(check_id(each) == each for each in as_ids(rows).split())


@given(st.floats())
def test_any_moment_is_written_or_left_out(moment_s: float) -> None:
    text = rfc3339(moment_s)

    if text is not None:
        assert text.endswith("Z")
        assert abs(datetime.fromisoformat(text).timestamp() - moment_s) <= 1e-6


def test_a_whole_second_has_no_fraction() -> None:
    assert rfc3339(datetime(2026, 11, 1, tzinfo=UTC).timestamp()) == "2026-11-01T00:00:00Z"
    assert rfc3339(None) is None


def test_an_answer_keeps_every_character() -> None:
    for raw in (
        '{"a":1.0,"b":1e400,"c":0.10}',
        '{"a":1,"a":2}',
        '{"a": 1}',
        '"abc"',
        "[1]",
        "{}",
        '{"a":"夜"}',
    ):
        ((video, _),) = rows_of_export(as_json([(replace(BARE, raw=raw), NO_MARKS)]), now_s=NOW_S) or []

        assert video.raw == raw


@pytest.mark.parametrize("text", ['=HYPERLINK("http://x")', "+1", "-1+2", "@SUM(1)", "\t=1", "\r=1"])
def test_a_spreadsheet_runs_nothing_that_we_write(text: str) -> None:
    rows = [(replace(BARE, prompt=text), Marks(tags=("=1",), note=text))]

    (record,) = csv.DictReader(io.StringIO(as_csv(rows), newline=""))

    assert (record["prompt"], record["note"], record["tags"]) == ("'" + text, "'" + text, "'=1")
    assert scan_ids(as_csv(rows)).ids == (BARE.video_id,)


@pytest.mark.parametrize("text", ["a\rb", "a\0b", '"wide', "a\r\nb,c", "\u2028", "=\0"])
def test_no_prompt_makes_a_table_of_ours_unreadable(text: str) -> None:
    rows = [(replace(BARE, prompt=text), NO_MARKS), (replace(BARE, video_id="8", prompt="x"), NO_MARKS)]

    for table in (as_csv(rows), as_tsv(rows)):
        assert scan_ids(decode_text(table.encode()) or "") == IdScan((BARE.video_id, "8"))


def test_copied_rows_swallow_none_of_each_other() -> None:
    prompts = ('"wide shot', "plain\nlines", 'a disk of 5"')
    rows = [
        (replace(BARE, video_id=str(10**17 + 1 + number), prompt=prompt), NO_MARKS)
        for number, prompt in enumerate(prompts)
    ]

    assert scan_ids(as_tsv(rows)) == IdScan(tuple(video.video_id for video, _ in rows))
    copied = list(csv.DictReader(io.StringIO(as_tsv(rows), newline=""), delimiter="\t"))
    assert [record["prompt"] for record in copied] == ['"wide shot', "plain lines", 'a disk of 5"']
