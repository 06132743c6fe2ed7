import json
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pixverse_desktop.core.identifiers import (
    MAX_ID,
    NOT_AN_ID,
    IdScan,
    Refusal,
    decode_text,
    merge_scans,
    refusal_words,
    scan_ids,
)
from pixverse_desktop.core.refusals import check_unlabelled

A = "391504857968062"
B = "627410861853514292"
C = "18446744073709551615"  # 2**64 - 1


def is_as_written(token: str) -> bool:
    """Whether no spreadsheet can have rounded it: one keeps 15 digits."""
    return check_unlabelled(token) == token


ids_of_any_length = st.integers(1, MAX_ID).map(str).filter(is_as_written)
long_ids = st.integers(10**13, MAX_ID).map(str).filter(is_as_written)


def reasons(scan: IdScan) -> dict[str, str]:
    return {refusal.token: refusal.reason for refusal in scan.refused}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("", ()),
        (A, (A,)),
        (f"  {A}  \n", (A,)),
        ("7", ("7",)),
        (f'"{A}"', (A,)),
        (f"'{A}',", (A,)),
        (f"“{A}”", (A,)),
        (f"- {A}", (A,)),
        (f"-{A}", (A,)),
        (f"1. {A}", (A,)),
        (f"{A},{B}", (A, B)),
        (f"{A}; {B}; {C}", (A, B, C)),
        (f"{A}\t{B}", (A, B)),
        (f"[{A}, {B}]", (A, B)),
        (f"{{{A}}}", (A,)),
        (f"{A}\r\n{B}\r\n", (A, B)),
        (f"{A}\r{B}", (A, B)),
        (f"{B}\n{A}\n{B}", (B, A)),
        (f"video_id: {A}", (A,)),
        ("video_id: 7", ("7",)),
        ("video_id=7&x=1", ("7",)),
        ("Video ID #7", ("7",)),
        ("id: 7", ("7",)),
        ('"video_id": 7, "seed": 5', ("7",)),
        (f"video_ids: {A}, {B}", (A, B)),
        (f"my clip {A} came out well, {B} did not", (A, B)),
        (f"https://app.example/video/{A}?x=1", (A,)),
        (f"https://app.example/result?video_id={A}", (A,)),
        (f"clip_{A}.mp4", (A,)),
        (f"C:\\clips\\{A}.mp4", (A,)),
        (f"({A})", (A,)),
        (f"Done: {A}.", (A,)),
        ("\ufeff" + A, (A,)),
    ],
)
def test_ids_are_found_in(text: str, ids: tuple[str, ...]) -> None:
    assert scan_ids(text).ids == ids


@pytest.mark.parametrize(
    "text",
    [
        "I made 12 clips on 2026-11-24 at 06:55",
        "12345 credits left",
        "seed: 391504857968062",
        "size=391504857968062 bytes",
        "template_id: 391504857968062",
        "account id: 391504857968062",
        "the trace 123e4567-e89b-12d3-a456-426614174000 went wrong",
        "call +49 170 1234567",
        "created 20261124065500 and finished 20261124065930123",
        "at 1764000000000000000 ns and 1764000000000000 us",
        "deadbeef391504857968062cafe is a hash",
        "it took 0.391504857968062 s, or 391504857968062.5 ns",
    ],
)
def test_other_numbers_are_no_ids(text: str) -> None:
    assert scan_ids(text).ids == ()


@pytest.mark.parametrize(
    ("text", "token", "word"),
    [
        ("3.91505E+14", "3.91505E+14", "rounded"),
        ("3,91505E+14", "3,91505E+14", "rounded"),
        ("6E17", "6E17", "rounded"),
        ("391504857968062.0", "391504857968062.0", "decimal point"),
        ("18446744073709551616", "18446744073709551616", "too long"),
        ("391504857968062391504857968062", "391504857968062391504857968062", "too long"),
        ("0391504857968062", "0391504857968062", "begin with 0"),
        ("0", "0", "begin with 0"),
        ("٣٩١٥٠٤٨٥٧٩٦٨٠٦٢", "٣٩١٥٠٤٨٥٧٩٦٨٠٦٢", "not an id"),
        ("hello", "hello", "not an id"),
        ("clip_18446744073709551616.mp4", "18446744073709551616", "too long"),
        ("clip_0391504857968062.mp4", "0391504857968062", "begin with 0"),
        (f"{A}, 3.91505E+14", "3.91505E+14", "rounded"),
        (f"{A}, oops", "oops", "not an id"),
        ("made 20261124065500 today", "20261124065500", "time stamp"),
        (f"id\n{A}\n3.91505E+14\n", "3.91505E+14", "rounded"),
        ('[{"video_id": 3.91504857968062e14}]', "3.91504857968062e14", "rounded"),
    ],
)
def test_what_is_refused_is_named_with_the_reason(text: str, token: str, word: str) -> None:
    scan = scan_ids(text)

    assert word in reasons(scan)[token]
    assert token not in scan.ids


def test_a_long_token_is_shortened_where_it_is_shown() -> None:
    (refusal,) = scan_ids("9" * 5000).refused

    assert len(refusal.token) == 40
    assert refusal.token.endswith("…")


def test_repeats_are_counted_and_left_out() -> None:
    scan = scan_ids(f"{A}\n{B}\n{A}\n{A}")

    assert scan.ids == (A, B)
    assert scan.repeated == 2


def test_a_time_stamp_alone_on_its_line_is_taken_at_its_word() -> None:
    assert scan_ids("20261124065500").ids == ("20261124065500",)


# Tables.


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("heading", ["video_id", "Video ID", "VIDEO-ID", "id", '"id"', "videoId"])
def test_the_id_column_of_a_table_is_read_and_nothing_else(delimiter: str, heading: str) -> None:
    rows = [
        ("seed", heading, "created"),
        ("100000000000001", A, "20261124065500"),
        ("100000000000002", "7", "20261124065501"),
    ]
    text = "\r\n".join(delimiter.join(row) for row in rows)

    assert scan_ids(text) == IdScan((A, "7"))


def test_a_quoted_prompt_with_new_lines_and_numbers_does_not_disturb_the_column() -> None:
    text = f'id,prompt\n{A},"a fox\n100000000000001\nand ""two"" hens, running"\n{B},x\n'

    scan = scan_ids(text)
    assert scan.ids == (A, B)
    assert list(reasons(scan)) == ["100000000000001"]  # a stray quote might have swallowed it: it has a word


def test_a_delimiter_inside_a_quoted_heading_does_not_shift_the_column() -> None:
    text = f'"prompt, long",id\n"a, b",{A}\n"c, d",{B}\n'

    assert scan_ids(text) == IdScan((A, B))


def test_a_stray_quote_in_a_table_swallows_no_row() -> None:
    text = f'id\tprompt\n{A}\t"wide shot\n{B}\tplain\n{C}\tplain\n'

    assert scan_ids(text).ids == (A, B, C)


def test_rows_that_are_labelled_one_by_one_are_no_table() -> None:
    text = f"video_id\t{A}\nvideo_id\t{B}\nstatus\tready\n"

    assert scan_ids(text).ids == (A, B)


def test_a_spreadsheet_s_text_formula_is_unwrapped() -> None:
    assert scan_ids(f'id,prompt\n="{A}",x\n').ids == (A,)


def test_a_damaged_number_in_the_id_column_is_named() -> None:
    scan = scan_ids(f'id;prompt\n"3,91505E+14";x\n{B};y\n')

    assert scan.ids == (B,)
    assert "rounded" in reasons(scan)["3,91505E+14"]


def test_several_ids_in_one_cell_are_all_taken() -> None:
    assert scan_ids(f'ids,prompt\n"{A} {B}",x\n').ids == (A, B)


# JSON.


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ([int(A), int(B)], (A, B)),
        ([A, B], (A, B)),
        ({"video_id": int(A)}, (A,)),
        ({"videoId": A, "seed": int(B)}, (A,)),
        ({"video_ids": [int(A), B]}, (A, B)),
        ({"ErrCode": 0, "ErrMsg": "", "Resp": {"video_id": int(A), "credits": 45}}, (A,)),
        ({"ErrCode": 0, "Resp": {"id": int(C), "status": 1, "seed": int(B), "size": int(A)}}, (C,)),
        ({"data": {"list": [{"id": int(A)}, {"id": int(B)}]}}, (A, B)),
        ([{"account": "default", "video_id": A, "status": "ready"}, {"account": "b", "video_id": B}], (A, B)),
        ({"user": {"id": int(B)}, "video": {"id": int(A)}}, (A,)),
        ({"id": 7, "template": {"id": 9}}, ("7",)),
        ({"id": int(B), "video_id": int(A)}, (A,)),
        ({"video_ids": [{"id": int(A)}, {"id": 7}], "video_id": int(B)}, (A, "7", B)),
    ],
)
def test_json_is_read_by_its_keys(value: object, ids: tuple[str, ...]) -> None:
    assert scan_ids(json.dumps(value, indent=1)) == IdScan(ids)
    assert scan_ids(json.dumps(value)) == IdScan(ids)


def test_json_lines_are_read_line_by_line() -> None:
    lines = [{"event": "saved", "video_id": A, "bytes": int(B)}, {"event": "saved", "video_id": C}]

    scan = scan_ids("\n".join(map(json.dumps, lines)) + "\n")

    assert scan == IdScan((A, C))


def test_json_cut_short_still_gives_its_ids() -> None:
    whole = json.dumps([{"video_id": int(A), "seed": 5}, {"video_id": int(B), "prompt": "x"}])

    assert scan_ids(whole[:-8]).ids == (A, B)


def test_json_nested_beyond_all_reason_is_survived() -> None:
    assert scan_ids("[" * 100_000).ids == ()
    assert scan_ids('{"a":' * 100_000 + A + "}" * 100_000).ids in ((), (A,))


# Encodings.


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"]
)
def test_files_of_common_encodings_are_read(encoding: str) -> None:
    data = f"video_id,prompt\r\n{A},Füchse\r\n{B},déjà vu\r\n".encode(encoding)

    text = decode_text(data)

    assert text is not None
    assert scan_ids(text) == IdScan((A, B))


def test_utf16_with_the_big_end_first_and_its_mark_is_read() -> None:
    assert decode_text(b"\xfe\xff" + A.encode("utf-16-be")) is not None
    assert scan_ids(decode_text(b"\xfe\xff" + A.encode("utf-16-be")) or "").ids == (A,)


def test_a_file_that_is_no_text_is_told_as_such() -> None:
    assert decode_text(b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00" + bytes(range(256)) * 8) is None


# Promises for any input at all.


def assert_sound(scan: IdScan) -> None:
    for found in scan.ids:
        assert type(found) is str
        assert set(found) <= set(string.digits)
        assert found == str(int(found))
        assert 0 < int(found) <= MAX_ID
    assert len(set(scan.ids)) == len(scan.ids)


near_misses = st.lists(
    st.one_of(
        long_ids,
        st.text(max_size=6),
        st.sampled_from(
            ["video_id", "id:", "ids", "\n", "\t", ",", ";", "{", "}", "[", "]", '"', "'", ":", "=", "1e15"]
        ),
    ),
    max_size=30,
).map("".join)


@given(st.one_of(st.text(), near_misses))
@settings(max_examples=400, deadline=None)
@example('"id\n"')
@example("[" * 5000)
@example("id,\x00\n1,2")
@example("video_id\r1\r2")
@example("\x1b18446744073709551620")
@example("00000000000000\x1b")
def test_no_text_makes_the_scan_fail_or_give_a_wrong_id(text: str) -> None:
    assert_sound(scan_ids(text))


@given(st.binary())
@settings(max_examples=300, deadline=None)
@example(b"\xff\xfe\x00")
@example(b"\xfe\xff\xd8\x00")
@example(b"\x000")
def test_no_bytes_make_the_scan_fail_or_give_a_wrong_id(data: bytes) -> None:
    assert_sound(scan_ids(decode_text(data) or ""))


@given(st.lists(ids_of_any_length, min_size=1, unique=True), st.sampled_from(["\n", "\r\n", "\r"]))
@settings(deadline=None)
def test_ids_given_one_a_line_come_back_exactly_and_in_order(ids: list[str], line_end: str) -> None:
    assert scan_ids(line_end.join(ids)) == IdScan(tuple(ids))


@given(st.lists(long_ids, min_size=1, unique=True), st.sampled_from(["utf-8-sig", "utf-16", "utf-16-le"]))
@settings(deadline=None)
def test_ids_survive_the_way_through_a_file(ids: list[str], encoding: str) -> None:
    text = decode_text("\n".join(ids).encode(encoding))

    assert scan_ids(text or "") == IdScan(tuple(ids))


@given(st.lists(ids_of_any_length, min_size=1, unique=True))
@settings(deadline=None)
def test_ids_in_json_numbers_never_pass_through_a_float(ids: list[str]) -> None:
    rows = ",".join(f'{{"video_id": {video_id}}}' for video_id in ids)

    assert scan_ids(f"[{rows}]") == IdScan(tuple(ids))


@given(st.text("0123456789", min_size=14, max_size=20))
@settings(deadline=None)
@example("00000000000000")
@example("18446744073709551616")
@example("20261124065500")
def test_a_long_number_alone_on_a_line_is_an_id_or_is_named(token: str) -> None:
    scan = scan_ids(f"{A}\n{token}\n{B}")

    assert token in scan.ids or token in reasons(scan)


@pytest.mark.parametrize(
    "text",
    [
        "id:" + "1," * 50_000,
        "id" + " " * 200_000,
        "video_id " * 30_000,
        "size" * 50_000,
        "time " + "a" * 200_000,
        "1" * 200_000,
        "1" * 15 + " ",
        '"' * 100_000,
        f"{A} " * 50_000,
        "id,prompt\n" + '"' * 100_001,
    ],
)
@pytest.mark.timeout(10)
def test_a_hostile_text_takes_no_long_time(text: str) -> None:
    assert_sound(scan_ids(text))


# Several texts, and what people are told.


def test_several_texts_are_one_scan_in_their_order() -> None:
    merged = merge_scans([scan_ids(f"{B}\n{A}\nx"), scan_ids(f"{A}\n7\n{A}\nx"), scan_ids("")])

    assert merged == IdScan((B, A, "7"), (Refusal("x", NOT_AN_ID),), repeated=2)


def test_what_was_refused_is_told_by_name_and_reason() -> None:
    words = refusal_words(scan_ids("oops\n1.2E+14").refused)

    assert words.startswith("2 not ids: ‘oops’, ‘1.2E+14’ (a spreadsheet")
    assert refusal_words([]) == ""


def test_of_many_refusals_only_some_are_named() -> None:
    words = refusal_words(scan_ids("\n".join(f"x{number}" for number in range(9))).refused)

    assert words == "9 not ids: ‘x0’, ‘x1’, ‘x2’, ‘x3’, ‘x4’ and 4 more"
