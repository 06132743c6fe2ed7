"""How long to wait between two questions about a clip that is being made, given its age.

A fixed pace is the same at every age. A learned one spends its questions better. What a question at a
given age is worth is the *hazard* of that age: of the clips still open, the share that finishes there,
a second. So the ages of highest hazard are asked about as often as is allowed, those of lowest hazard
hardly at all, and the rest calmly. No shape of the distribution is assumed, so two models of very
different speed do as well as one.

Why three paces and not a smooth one: the promise is "half of all clips noticed about as soon as with
five seconds, hardly any later than ten". For it, both what a question brings and what it costs are in
proportion to its rate, so the best rate is the highest or the lowest, never one between. (For the mean
delay it would be one over the square root of the hazard, which asks a fifth more for the same median.)

The shares were chosen by simulating seven distributions, narrow, wide, with one peak, two or none;
they are no sharp optima. ``python -m benchmarks polling`` shows what comes of them.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

MIN_INTERVAL_S = 3.0
DEFAULT_INTERVAL_S = 5.0

# Of all clips, how many finish at ages asked about as often as is allowed, and how many at ages not
# asked about at all.
RUSH_SHARE = 0.405
QUIET_SHARE = 0.045
CALM_INTERVAL_S = 10.1
# A service that became faster overnight must not go unnoticed for as long as its clips used to take.
LONGEST_QUIET_S = 40.0
_USUAL_SHARE = 0.9
# This much of what is expected stays "anything may happen", evenly over all magnitudes.
_SURPRISE_SHARE = 0.02

_FIRST_AGE_S, _LAST_AGE_S = 2.0, 600.0
_STEP = math.log(1.05)
_BINS = math.ceil(math.log(_LAST_AGE_S / _FIRST_AGE_S) / _STEP)
_EDGES_S = tuple(_FIRST_AGE_S * math.exp(_STEP * number) for number in range(_BINS + 1))
_SMOOTHING = 0.5  # the kernel's width for one sample, in natural logarithms of the age


class Pace(Protocol):
    """Says when the next question is due; what it answers is kept above ``MIN_INTERVAL_S`` by its user."""

    def gap_s(self, age_s: float, steps: float = 1.0) -> float:
        """Seconds from ``age_s`` to the question that is ``steps`` questions away."""
        ...


@dataclass(frozen=True, slots=True)
class FixedPace:
    """The same interval at every age."""

    interval_s: float = DEFAULT_INTERVAL_S

    def gap_s(self, age_s: float, steps: float = 1.0) -> float:
        """Seconds from ``age_s`` to the question that is ``steps`` questions away."""
        return self.interval_s * steps


@dataclass(frozen=True, slots=True)
class LearnedPace:
    """An interval that changes with age, as a count of questions that rises by straight lines.

    Attributes:
        ages_s: where the slope changes, rising from 0.
        counts: how many questions are asked up to each of these ages.
    """

    ages_s: tuple[float, ...]
    counts: tuple[float, ...]

    def gap_s(self, age_s: float, steps: float = 1.0) -> float:
        """Seconds from ``age_s`` to the question that is ``steps`` questions away."""
        until_s = _along(self.counts, self.ages_s, self._count(age_s) + steps, 1 / CALM_INTERVAL_S)
        return min(until_s - age_s, LONGEST_QUIET_S)

    def _count(self, age_s: float) -> float:
        return _along(self.ages_s, self.counts, max(0.0, age_s), CALM_INTERVAL_S)


def learned_pace(durations_s: Sequence[float]) -> LearnedPace:
    """The pace for clips of a kind of which earlier ones took ``durations_s``; at least one."""
    expected = _smoothed(durations_s)
    mixed = [(1 - _SURPRISE_SHARE) * share + _SURPRISE_SHARE / _BINS for share in expected]
    by_hazard = sorted(range(_BINS), key=_hazards(mixed).__getitem__)
    rush = _holding(RUSH_SHARE, reversed(by_hazard), expected)
    # A clip that outlasts nearly all others is news, never a reason to look away.
    usual = bisect_right(list(accumulate(expected)), _USUAL_SHARE)
    quiet = _holding(QUIET_SHARE, (number for number in by_hazard if number < usual), expected)
    ages_s, counts = [0.0, _FIRST_AGE_S], [0.0, 0.0]
    for number in range(_BINS):
        interval_s = MIN_INTERVAL_S if number in rush else CALM_INTERVAL_S
        asked = 0.0 if number in quiet else (_EDGES_S[number + 1] - _EDGES_S[number]) / interval_s
        ages_s.append(_EDGES_S[number + 1])
        counts.append(counts[-1] + asked)
    return LearnedPace(tuple(ages_s), tuple(counts))


def _smoothed(durations_s: Sequence[float]) -> list[float]:
    """The share of clips expected in each bin of ages: the samples, each blurred in proportion to itself."""
    reach = max(1, round(3 * _SMOOTHING * len(durations_s) ** -0.2 / _STEP))
    kernel = [math.exp(-0.5 * (3 * offset / reach) ** 2) for offset in range(-reach, reach + 1)]
    weight = 1 / (sum(kernel) * len(durations_s))
    shares = [0.0] * _BINS
    for duration_s in durations_s:
        middle = math.floor(math.log(max(duration_s, _FIRST_AGE_S) / _FIRST_AGE_S) / _STEP)
        for offset, height in enumerate(kernel, middle - reach):
            shares[min(max(offset, 0), _BINS - 1)] += height * weight
    return shares


def _hazards(shares: Sequence[float]) -> list[float]:
    """For each bin, the share of the clips still open that finish in it, a second."""
    still_open, hazards = sum(shares), []
    for number, share in enumerate(shares):
        width_s = _EDGES_S[number + 1] - _EDGES_S[number]
        hazards.append(share / ((still_open - share / 2) * width_s))
        still_open = max(still_open - share, share)
    return hazards


def _holding(share: float, bins: Iterable[int], shares: Sequence[float]) -> set[int]:
    """The first of these bins, as many as together hold no more than ``share``."""
    chosen: set[int] = set()
    for number in bins:
        share -= shares[number]
        if share < 0:
            break
        chosen.add(number)
    return chosen


def _along(xs: Sequence[float], ys: Sequence[float], x: float, inverse_slope: float) -> float:
    """The height at ``x`` of the line through the points, at the far end where it is upright.

    After the last point it goes on by one for every ``inverse_slope``.
    """
    place = bisect_right(xs, x)
    if place == len(xs):
        return ys[-1] + (x - xs[-1]) / inverse_slope
    x0, x1, y0, y1 = xs[place - 1], xs[place], ys[place - 1], ys[place]
    return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
