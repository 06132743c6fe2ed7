import pytest

from pixverse_desktop.core.query import KNOWN_NAMES, KNOWN_VALUES, parse_query
from pixverse_desktop.core.query_hints import Misread, Misreading, misread

STATUSES, KINDS = KNOWN_VALUES["status"], KNOWN_VALUES["is"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status:saved", Misread("status", "saved", Misreading.VALUE, STATUSES)),
        ("fox status:failed,saved", Misread("status", "saved", Misreading.VALUE, STATUSES)),
        ("-is:ready", Misread("is", "ready", Misreading.VALUE, KINDS)),
        ("after:xx", Misread("after", "xx", Misreading.DAY)),
        ("after:2025-10", Misread("after", "2025-10", Misreading.DAY)),
        ("rating:many", Misread("rating", "many", Misreading.NUMBER)),
        ("model:boat status:saved", Misread("model", "boat", Misreading.NAME, KNOWN_NAMES)),
    ],
)
def test_what_was_not_understood_is_named_with_what_could_stand_there(text: str, expected: Misread) -> None:
    assert misread(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "boat",
        "status:failed tag:x",
        "after:2026-11-01",
        "status:",
        "https://a/b",
        'tag:"a:b"',
        "prompt:boat x",
    ],
)
def test_what_is_understood_needs_no_words(text: str) -> None:
    assert misread(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("status:", Misread("status", "", Misreading.UNFINISHED, STATUSES)),
        ("fox -status:FAI", Misread("status", "fai", Misreading.UNFINISHED, ("failed",))),
        ("status:failed,mo", Misread("status", "mo", Misreading.UNFINISHED, ("moderated",))),
        ("rating:>", Misread("rating", ">", Misreading.NUMBER)),
        ("after:2026-1", Misread("after", "2026-1", Misreading.DAY)),
        ("is:ready status:fai", Misread("is", "ready", Misreading.VALUE, KINDS)),
        ("status:foo", Misread("status", "foo", Misreading.VALUE, STATUSES)),
        ("prompt:", Misread("prompt", "", Misreading.WHOLE)),
        ("fox prompt:boat", Misread("prompt", "boat", Misreading.WHOLE)),
        ('prompt:"a pap', Misread("prompt", "a pap", Misreading.WHOLE)),
        ('prompt:"a ""paper""', Misread("prompt", 'a ""paper""', Misreading.WHOLE)),
        ('prompt:"a paper boat"', None),
        ("tag:", None),
    ],
)
def test_while_it_is_typed_it_is_said_what_a_pair_waits_for(text: str, expected: Misread | None) -> None:
    assert misread(text, is_typed=True) == expected


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name in KNOWN_VALUES for value in KNOWN_VALUES[name]]
)
def test_every_value_that_is_named_as_known_is_known(name: str, value: str) -> None:
    assert parse_query(f"{name}:{value}").tests
