"""Telling sleep from time that passed as usual, by comparing two clocks."""

from typing import NamedTuple

_NOTICED_S = 15.0


class Moment(NamedTuple):
    """What both clocks showed at once, in seconds."""

    wall_s: float
    monotonic_s: float


def may_have_slept(before: Moment, after: Moment, *, planned_s: float | None) -> bool:
    """Whether this machine may have slept between two looks that were to be ``planned_s`` apart, or less.

    Where the monotonic clock stands still in sleep (Linux, macOS), sleep shows as a wall clock that
    ran ahead; where it runs on (Windows), as a look that comes much too late. A wall clock set
    forwards looks like the former and cannot be told from it; set backwards, it is no sleep.
    """
    passed_s = after.monotonic_s - before.monotonic_s
    ran_ahead = after.wall_s - before.wall_s - passed_s > _NOTICED_S
    is_late = planned_s is not None and passed_s - planned_s > _NOTICED_S
    return ran_ahead or is_late
