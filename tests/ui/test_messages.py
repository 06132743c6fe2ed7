"""What stands in the cells is fit to be shown, whatever the row says."""

from datetime import datetime

import pytest

from pixverse_desktop.ui.messages import moment_text, short_moment_text


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("moment_s", [float("inf"), float("-inf"), 1e300, -1e300, 1e15, -1.0])
def test_a_moment_no_calendar_has_does_not_bring_the_program_down(moment_s: float) -> None:
    assert moment_text(moment_s)


@pytest.mark.usefixtures("qapp")
def test_no_moment_is_no_text() -> None:
    assert moment_text(None) == ""


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("moment_s", [float("inf"), -1e300, 1e15, -1.0])
def test_nor_does_it_in_a_column(moment_s: float) -> None:
    assert short_moment_text(moment_s)


def test_a_column_tells_a_moment_in_few_letters() -> None:
    now = datetime.now().astimezone()
    earlier = now.replace(month=1, day=2, hour=3, minute=4)
    if now.timetuple().tm_yday > 2:
        assert short_moment_text(earlier.timestamp()) == "2 Jan, 03:04"
    assert short_moment_text(earlier.replace(year=2021).timestamp()) == "2 Jan 2021"
    assert short_moment_text(None) == ""
    assert ":" in short_moment_text(now.timestamp())
