import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_desktop.core.half_clips import (
    UNKNOWN_VERSION,
    ClipVersion,
    HalfClip,
    from_record,
    is_validator,
    to_record,
)
from pixverse_desktop.core.video import VideoRef

DATE = "Sun, 06 Nov 1994 08:49:37 GMT"
HALF = HalfClip(VideoRef("Grüße", "391504857968062"), ClipVersion('"abc"', 1000), 400)


@pytest.mark.parametrize(
    "half",
    [
        HALF,
        HalfClip(HALF.ref, ClipVersion(DATE, 1000), 1000),
        HalfClip(HALF.ref, ClipVersion("", 1000), 0),
        HalfClip(HALF.ref, UNKNOWN_VERSION, 0),
    ],
)
def test_a_record_says_what_it_was_told(half: HalfClip) -> None:
    assert from_record(to_record(half)) == half


@pytest.mark.parametrize(
    "change",
    [
        {"layout": 2},
        {"account": None},
        {"video_id": 391504857968062},
        {"validator": 'W/"abc"'},
        {"validator": '"a"\r\nX: 1'},
        {"validator": ""},
        {"total_bytes": None},
        {"total_bytes": 399},
        {"held_bytes": -1},
        {"held_bytes": "400"},
        {"held_bytes": None},
    ],
)
def test_a_record_that_makes_no_sense_is_none(change: dict[str, object]) -> None:
    entries = {**json.loads(to_record(HALF)), **change}

    assert from_record(json.dumps(entries)) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", to_record(HALF)[:-4], "[" * 100_000])
def test_a_damaged_record_is_none(text: str) -> None:
    assert from_record(text) is None


@given(st.text())
def test_any_text_is_read_without_failing(text: str) -> None:
    assert from_record(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a"', True),
        (DATE, True),
        ('W/"a"', False),
        ("a", False),
        ('""', False),
        ('"ä"', False),
        ('"a"b"', False),
        ("Sun Nov  6 08:49:37 1994", False),
        ('"a"\n', False),
    ],
)
def test_only_what_proves_sameness_is_a_validator(text: str, expected: bool) -> None:
    assert is_validator(text) is expected


def test_only_a_known_length_and_a_validator_can_be_resumed() -> None:
    versions = [ClipVersion('"a"', 5), ClipVersion('"a"'), ClipVersion("", 5), UNKNOWN_VERSION]

    assert [version.can_be_resumed for version in versions] == [True, False, False, False]
