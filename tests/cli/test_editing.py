import io
from typing import Any

import pytest

from pixverse_desktop.cli.editing import tell_added, tell_removed
from pixverse_desktop.core.identifiers import IdScan, scan_ids


@pytest.mark.parametrize(
    ("answer", "scan", "words"),
    [
        ({"added": 2, "already": 0}, IdScan(("7", "8")), "2 added\n"),
        ({"added": 0, "already": 3}, IdScan(("7",)), "0 added, 3 already here\n"),
        (
            {"added": 1, "already": 1},
            scan_ids("7\nabc\n1e5"),
            "1 added, 1 already here, 2 not ids: ‘abc’, ‘1e5’ (",
        ),
    ],
)
def test_what_was_added_is_one_line(answer: dict[str, Any], scan: IdScan, words: str) -> None:
    out, err = io.StringIO(), io.StringIO()

    assert tell_added(answer, scan, out, err) == 0
    assert out.getvalue().startswith(words)
    assert out.getvalue().count("\n") == 1
    assert err.getvalue() == ""


def test_what_was_removed_is_counted_and_strangers_are_named() -> None:
    out, err = io.StringIO(), io.StringIO()

    code = tell_removed({"removed": ["7"]}, IdScan(("7", "8", "9")), out, err)

    assert code == 1
    assert out.getvalue() == "1 removed\n"
    assert err.getvalue() == "Not in the list: 8, 9\n"


def test_all_removed_is_0() -> None:
    assert tell_removed({"removed": ["7"]}, IdScan(("7",)), io.StringIO(), io.StringIO()) == 0


@pytest.mark.parametrize("tell", [tell_added, tell_removed])
def test_a_refusal_of_the_owner_is_passed_on(tell: Any) -> None:  # noqa: ANN401 - two functions of one form
    out, err = io.StringIO(), io.StringIO()

    assert tell({"error": "A watch is running."}, IdScan(("7",)), out, err) == 2
    assert out.getvalue() == ""
    assert err.getvalue() == "pixverse-desktop: A watch is running.\n"
