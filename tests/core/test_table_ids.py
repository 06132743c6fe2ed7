"""Tables: the id column alone, whatever stands above it, and no row lost to a stray quote."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_desktop.core.identifiers import IdScan, scan_ids

A, B, C = "391504857968062", "627410861853514292", "604118237745920316"
SEED = "100000000000001"


def test_two_stray_quotes_swallow_no_row() -> None:
    text = f'id\tprompt\n{A}\t"wide shot\n{B}\tplain\n{C}\ta disk of 5"\n'

    assert scan_ids(text) == IdScan((A, B, C))


def test_a_malformed_quote_does_not_unquote_the_others() -> None:
    text = f'prompt,id\n"a, b",{A}\n5" disk,{B}\n"x" y,{C}\n'

    assert scan_ids(text) == IdScan((A, B, C))


def test_what_a_quoted_cell_may_have_swallowed_is_named() -> None:
    scan = scan_ids(f'prompt,id\n"wide, shot,{A}\nplain,{B}\n"" x",{C}\n')

    assert C in scan.ids
    assert {A, B} <= {*scan.ids, *(each.token for each in scan.refused)}


@pytest.mark.parametrize(
    "text",
    [
        f"sep=;\nprompt;seed;video_id\nfox;{SEED};{A}\n",
        f"My videos 2026\n\nseed,video_id\n{SEED},{A}\n",
        f'"prompt\ntext",seed,video_id\nfox,{SEED},{A}\n',
        f"| video_id | seed |\n|---|:-:|\n| {A} | {SEED} |\n",
        f'video_id,seed\n"\'{A}",{SEED}\n',
    ],
)
def test_the_heading_is_found_below_a_title_and_in_other_forms(text: str) -> None:
    assert scan_ids(text) == IdScan((A,))


def test_an_id_above_the_heading_is_not_lost() -> None:
    assert scan_ids(f"{A}\nid,name\n{B},x\n").ids == (A, B)


def test_where_the_video_id_is_empty_the_id_counts() -> None:
    assert scan_ids(f"id,video_id\n1,{A}\n{B},\n") == IdScan((A, B))


def test_a_cell_may_have_words_beside_its_id() -> None:
    assert scan_ids(f"Video ID\n{A} - fox\n{B} (boat)\n").ids == (A, B)


def test_a_long_number_in_a_row_without_an_id_is_named() -> None:
    scan = scan_ids(f"name,id\nfox,{A}\n{B},\n")

    assert scan.ids == (A,)
    assert [each.token for each in scan.refused] == [B]


@given(
    st.lists(
        st.tuples(st.text(st.sampled_from('ab ,;\t"\n\r=x')), st.integers(10**14, 10**15 - 1).map(str)),
        min_size=1,
        unique_by=lambda row: row[1],
    ),
    st.sampled_from(",;\t"),
)
def test_what_a_program_quotes_properly_is_read_as_it_was_written(
    rows: list[tuple[str, str]], delimiter: str
) -> None:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([("prompt", "Video ID"), *rows])

    assert scan_ids(text.getvalue()) == IdScan(tuple(video_id for _, video_id in rows))
