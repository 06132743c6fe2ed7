import csv
import io
import json

import pytest

from pixverse_desktop.cli.listing import render
from pixverse_desktop.core.identifiers import scan_ids
from pixverse_desktop.core.marks import NO_MARKS
from pixverse_desktop.core.records import COLUMNS, Row
from pixverse_desktop.core.video import Video, VideoStatus
from tests.contracts.video_store import BARE, FULL, FULL_MARKS

BIG = Video(
    video_id="18446744073709551615",
    added_at_s=1_788_249_600.0,
    status=VideoStatus.NOT_FOUND,
    prompt='a "fox", at night;\nthen 夜\x1b[2J',
    raw='{"status": 1, "unheard_of": [1, 2.50]}',
)


def rows(*videos: Video) -> list[Row]:
    """Rows nobody has said anything of."""
    return [(video, NO_MARKS) for video in videos]


def test_ids_are_one_a_line_and_nothing_else() -> None:
    assert render(rows(BARE, BIG), "ids") == "7\n18446744073709551615\n"
    assert render([], "ids") == ""


def test_a_csv_reads_back_as_it_was() -> None:
    text = render([(BARE, NO_MARKS), (FULL, FULL_MARKS), (BIG, NO_MARKS)], "csv")

    found = list(csv.DictReader(io.StringIO(text, newline="")))

    assert list(found[0]) == list(COLUMNS)
    assert [row["video_id"] for row in found] == ["7", FULL.video_id, BIG.video_id]
    assert found[1]["prompt"] == FULL.prompt
    assert found[2]["prompt"] == BIG.prompt
    assert (found[0]["seed"], found[1]["seed"]) == ("", str(2**63 - 1))
    assert (found[1]["has_audio"], found[1]["credits"]) == ("False", "0")
    assert found[2]["added_at"] == "2026-09-01T08:00:00Z"
    assert (found[0]["tags"], found[1]["tags"]) == ("", ", ".join(FULL_MARKS.tags))
    assert (found[1]["rating"], found[1]["note"], found[1]["batch"]) == ("5", FULL_MARKS.note, "drop 1")


@pytest.mark.parametrize("form", ["csv", "json", "ids"])
def test_what_we_print_we_can_read(form: str) -> None:
    videos = [
        Video(video_id=str(10**17 + 1 + number), added_at_s=0, seed=number, prompt="4711")
        for number in range(9)
    ]

    scan = scan_ids(render(rows(*videos, BIG), form))

    assert scan.ids == tuple(video.video_id for video in [*videos, BIG])
    assert scan.refused == ()


def test_json_has_every_column_and_the_last_answer_as_it_came() -> None:
    bare, full, big = json.loads(render([(BARE, NO_MARKS), (FULL, FULL_MARKS), (BIG, NO_MARKS)], "json"))

    assert set(bare) == {*COLUMNS, "raw"}
    assert (bare["raw"], full["raw"]) == (None, FULL.raw)
    assert big["raw"] == BIG.raw
    assert (big["video_id"], full["size_bytes"]) == ("18446744073709551615", 2**40)
    assert full["prompt"] == FULL.prompt
    assert (full["tags"], full["rating"], full["is_rejected"]) == (list(FULL_MARKS.tags), 5, True)
    assert (bare["tags"], bare["rating"], bare["is_rejected"]) == ([], 0, False)


def test_json_of_nothing_is_an_empty_list() -> None:
    assert json.loads(render([], "json")) == []


def test_a_damaged_last_answer_is_kept_as_text() -> None:
    (record,) = json.loads(render(rows(Video(video_id="7", added_at_s=0, raw="{half")), "json"))

    assert record["raw"] == "{half"


def test_the_table_is_one_line_a_row_with_its_words_in_columns() -> None:
    lines = render(rows(BARE, FULL, BIG), "table").split("\n")

    assert [line.split()[0] for line in lines[:4]] == ["ID", "7", FULL.video_id, BIG.video_id]
    assert lines[4:] == [""]
    assert lines[2].index("ready") == lines[0].index("STATUS")
    assert "not found" in lines[3]
    assert lines[2].index("yes") == lines[0].index("SAVED")


def test_a_prompt_cannot_take_the_terminal_over() -> None:
    assert "\x1b" not in render(rows(BIG), "table")


def test_a_long_prompt_is_cut_in_the_table_and_nowhere_else() -> None:
    video = Video(video_id="7", added_at_s=0, prompt="fox " * 500)

    assert max(map(len, render(rows(video), "table").splitlines())) < 100
    assert render(rows(video), "table").rstrip().endswith("…")
    assert video.prompt in render(rows(video), "csv")


def test_an_empty_list_says_what_to_do() -> None:
    assert "pixverse-desktop add" in render([], "table")
