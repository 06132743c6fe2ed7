import pytest

from pixverse_desktop.core.clocks import Moment, may_have_slept

BEFORE = Moment(1_000_000.0, 500.0)


@pytest.mark.parametrize(
    ("wall_s", "monotonic_s", "planned_s", "slept"),
    [
        (5.0, 5.0, 5.0, False),
        (5.2, 5.0, 5.0, False),
        (1.0, 1.0, 5.0, False),  # woken early
        (400.0, 400.0, None, False),  # a long wait for an answer
        (3605.0, 5.0, 5.0, True),  # asleep, as on Linux; or a clock set forwards
        (3605.0, 3605.0, 5.0, True),  # asleep, as on Windows
        (3605.0, 5.0, None, True),
        (-3595.0, 5.0, 5.0, False),  # a clock set back
    ],
)
def test_sleep_shows_as_a_wall_clock_that_ran_ahead_or_a_look_that_comes_late(
    wall_s: float, monotonic_s: float, planned_s: float | None, slept: bool
) -> None:
    after = Moment(BEFORE.wall_s + wall_s, BEFORE.monotonic_s + monotonic_s)

    assert may_have_slept(BEFORE, after, planned_s=planned_s) is slept
