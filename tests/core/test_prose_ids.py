"""Prose: every long number is taken or named, and no mark of an address or a label changes one."""

import pytest

from pixverse_desktop.core.identifiers import IdScan, scan_ids

A, B = "391504857968062", "627410861853514292"


def named(scan: IdScan) -> dict[str, str]:
    return {refusal.token: refusal.reason for refusal in scan.refused}


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (f"https://x.example/?text=clip%20{A}", (A,)),
        (f"https://x.example/?f=%22{A}%22", (A,)),
        (f"https://x.example/?ids={A}%2C{B}", (A, B)),
        (f"https://x.example/?u=https%3A%2F%2Fy%2F%3Ft%3Da%2520{A}", (A,)),
        (f"pixverse-desktop:{A}%20{B}", (A, B)),
        ("pixverse-desktop:7", ("7",)),
        ("pixverse-desktop://7", ("7",)),
    ],
)
def test_the_escapes_of_an_address_are_no_part_of_an_id(text: str, ids: tuple[str, ...]) -> None:
    assert scan_ids(text) == IdScan(ids)


def test_a_number_behind_a_percent_sign_is_refused_by_name() -> None:
    scan = scan_ids(f"50%{A} of it")

    assert scan.ids == ()
    assert any(A in token for token in named(scan))


@pytest.mark.parametrize(
    "words",
    [
        "Created {}", "updated {}", "modified {}", "date {}", "please update {}", "candidate {}",
        "45 credits {}", "It took some time {}", "duration: 5s {}", "created job {} (45 credits)",
    ],
)  # fmt: skip
def test_a_verb_before_an_id_swallows_nothing(words: str) -> None:
    assert scan_ids("hello\n" + words.format(A)).ids == (A,)


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("this time: {}", "time"), ("created: {}", "created"), ("seed {}", "seed"), ("seeds: [{}]", "seed"),
        ("template_id={}", "template_id"), ("<seed>{}</seed>", "seed"), ("created_at = {}", "created_at"),
    ],
)  # fmt: skip
def test_a_long_number_with_a_label_of_its_own_is_named_with_it(words: str, label: str) -> None:
    scan = scan_ids("hello " + words.format(A))

    assert scan.ids == ()
    assert label in named(scan)[A]


@pytest.mark.parametrize(
    "behind", ["#t=3", "。", "，", "(ready)", "<br>", ".mp4", "</td>", "（完成）", " and more"]
)
def test_a_labelled_id_ends_where_its_digits_end(behind: str) -> None:
    assert scan_ids(f"see video_id: {A}{behind}").ids == (A,)


def test_labelled_ids_may_stand_in_a_row() -> None:
    assert scan_ids("video_ids: 7 8 9").ids == ("7", "8", "9")
    assert scan_ids("video_ids: 7 of 9").ids == ("7",)
    assert scan_ids(f"video_id={A}<br>video_id=8<br>").ids == (A, "8")
    assert scan_ids("<video_id>7</video_id>").ids == ("7",)


def test_a_labelled_id_of_somebody_else_is_none() -> None:
    assert scan_ids("{'video_id': 7, 'user': {'id': 5}}").ids == ("7",)


@pytest.mark.parametrize(
    ("text", "token", "word"),
    [
        ("made 391,504,857,968,062 today", "391,504,857,968,062", "groups"),
        ("391 504 857 968 062", "391 504 857 968 062", "groups"),
        ("391\u00a0504\u00a0857\u00a0968\u00a0062", "391\u00a0504\u00a0857\u00a0968\u00a0062", "groups"),
        ("video_id: 391,504,857,968,062", "391,504,857,968,062", "groups"),
        ("it is 6.27411 E+17 now", "6.27411 E+17", "rounded"),
        ("the id 6,27411E+17 is bad", "6,27411E+17", "rounded"),
        ("clip ３９１５０４８５７９６８０６２ ok", "３９１５０４８５７９６８０６２", "not an id"),
        (f"{A}/18446744073709551616 x", "18446744073709551616", "too long"),
        ("call +4915112345678901", "+4915112345678901", "telephone"),
    ],
)
def test_a_number_written_for_eyes_is_refused_by_name(text: str, token: str, word: str) -> None:
    scan = scan_ids(text)

    assert word in named(scan)[token]
    assert scan.ids in ((), (A,))


def test_what_a_spreadsheet_rounded_to_15_digits_is_refused_unless_it_is_labelled() -> None:
    scan = scan_ids("627410861853514000\n6041182377459200\n604118237745920")

    assert scan.ids == ("604118237745920",)
    assert all("rounded" in reason for reason in named(scan).values())
    assert len(named(scan)) == 2
    assert scan_ids("video_id: 627410861853514000").ids == ("627410861853514000",)
    assert scan_ids("video_id,x\n627410861853514000,a\n").ids == ()


def test_a_list_in_which_zeros_are_as_rare_as_chance_has_them_is_no_rounded_one() -> None:
    ids = tuple(str(10**17 + number) for number in range(3_000))

    assert scan_ids("\n".join(ids)) == IdScan(ids)
    assert scan_ids("\n".join((*ids[1:9], B[:15] + "000"))).ids == ids[1:9]


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"video_id:{int(A) + number}" for number in range(40_000)),
        "video_ids: 7 7 " * 60_000,
        "user_id " * 120_000,
        "%20" * 300_000,
        "created: " * 100_000,
        "100," * 250_000,
    ],
)
@pytest.mark.timeout(15)
def test_a_long_line_takes_time_in_proportion_to_its_length(text: str) -> None:
    assert scan_ids(text).refused is not None
