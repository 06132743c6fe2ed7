"""What stands in the cells is fit to be shown, whatever the row says."""

import pytest

from pixverse_desktop.ui.messages import moment_text


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("moment_s", [float("inf"), float("-inf"), 1e300, -1e300, 1e15, -1.0])
def test_a_moment_no_calendar_has_does_not_bring_the_program_down(moment_s: float) -> None:
    assert moment_text(moment_s)


@pytest.mark.usefixtures("qapp")
def test_no_moment_is_no_text() -> None:
    assert moment_text(None) == ""
