"""JSON wherever it stands: read by its keys, and whose an id is decided by the whole text."""

import json
from typing import Any

import pytest

from pixverse_desktop.core.identifiers import IdScan, scan_ids

A, B = "391504857968062", "627410861853514292"


def answer(video_id: str, **more: object) -> dict[str, Any]:
    return {"ErrCode": 0, "Resp": {"user": {"id": 5}, "video_id": int(video_id), **more}}


def tokens(scan: IdScan) -> list[str]:
    return [refusal.token for refusal in scan.refused]


def test_one_cut_line_does_not_turn_the_others_into_prose() -> None:
    lines = [
        json.dumps({"user": {"id": 5}, "video_id": A}),
        '{"video_id": 12',
        json.dumps({"template": {"id": 77}, "video_id": B}),
    ]

    scan = scan_ids("\n".join(lines))

    assert scan.ids == (A, B)
    assert tokens(scan) == ["12"]


@pytest.mark.parametrize("between", ["\n", "", ", ", "\r\n\r\n"])
def test_answers_pasted_together_are_read_one_by_one(between: str) -> None:
    text = (
        json.dumps(answer(A), indent=1) + between + json.dumps(answer(B, resp_id=100000000000001), indent=1)
    )

    scan = scan_ids(text)

    assert scan.ids == (A, B)
    assert tokens(scan) == ["100000000000001"]


def test_an_answer_in_a_log_line_is_read_by_its_keys() -> None:
    text = f"2026-11-24 INFO got {json.dumps(answer(A))} in 5 s\n2026-11-24 INFO end\n"

    assert scan_ids(text).ids == (A,)


def test_a_line_separator_in_a_prompt_cuts_no_json_line() -> None:
    lines = [json.dumps({"video_id": each, "prompt": "a\u2028b"}, ensure_ascii=False) for each in (A, B)]

    assert scan_ids("\n".join(lines)) == IdScan((A, B))


def test_a_cut_list_gives_whole_objects_and_not_the_number_it_was_cut_in() -> None:
    whole = json.dumps([answer(A), answer(B)])

    scan = scan_ids(whole[: whole.index(B) + 9])

    assert scan.ids == (A,)
    assert tokens(scan) == [B[:9]]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (f'[{{"video_id": {A}}}, {{"id": {B}, "video_id": null}}]', (A, B)),
        (f'{{"video_id": {A}, "video_id": {B}}}', (A, B)),
        (f'{{"id": 5, "videos": [{A}, {B}]}}', (A, B)),
        (f'{{"users": [{{"id": 5}}], "video_id": {A}}}', (A,)),
        (f'{{"user_info": {{"id": 12345}}, "video": {{"id": {A}}}}}', (A,)),
        (f'{{"project": {{"id": 9}}, "videos": [{{"video_id": {A}}}]}}', (A,)),
        (f'{{"something": {{"id": 9}}, "video_id": {A}}}', (A,)),
        (f'{{"video_ids": "{A},{B}"}}', (A, B)),
        (f'["https://app.example/video/{A}", "{B}"]', (A, B)),
        (f'[{{"video_id": {{"$numberLong": "{A}"}}}}]', (A,)),
        (f'{{"{A}": {{"status": 1}}, "{B}": {{"status": 5}}}}', (A, B)),
        (f'{{"level": "info", "msg": "created video {A}", "count": 5}}', (A,)),
        ('{"user": {"id": 5}}', ()),
    ],
)
def test_the_best_key_names_the_id(text: str, ids: tuple[str, ...]) -> None:
    assert scan_ids(text).ids == ids


def test_an_id_of_something_unnamed_is_taken_alone_and_named_beside_a_video_id() -> None:
    assert scan_ids('{"clip": {"id": 7}}').ids == ("7",)
    assert tokens(scan_ids(f'{{"clip": {{"id": 7}}, "video_id": {A}}}')) == ["7"]


def test_a_footnote_is_no_list() -> None:
    assert scan_ids(f"[12] see {A}\n[3] see below").ids == (A,)


@pytest.mark.parametrize(
    "text",
    ['{"a":' * 200_000, '{"a":1,' * 140_000, "\n[1," * 250_000, '{"a":[1,2,\n' * 80_000, '{"' * 500_000],
)
@pytest.mark.timeout(20)
def test_json_that_never_ends_takes_time_in_proportion_to_its_length(text: str) -> None:
    scan_ids(text)
