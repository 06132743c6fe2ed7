import itertools
import math
import random
from collections.abc import Callable

import pytest

from pixverse_desktop.core.pace import (
    CALM_INTERVAL_S,
    LONGEST_QUIET_S,
    MIN_INTERVAL_S,
    FixedPace,
    LearnedPace,
    Pace,
    learned_pace,
)

Draw = Callable[[random.Random], float]


def log_normal(median_s: float, spread: float) -> Draw:
    return lambda chance: math.exp(chance.gauss(math.log(median_s), spread))


def two_models(chance: random.Random) -> float:
    return (log_normal(25, 0.25) if chance.random() < 0.4 else log_normal(120, 0.25))(chance)


def learned(draw: Draw, count: int = 200, seed: int = 1) -> LearnedPace:
    chance = random.Random(seed)
    return learned_pace([draw(chance) for _ in range(count)])


def ages_asked_at(pace: Pace, until_s: float) -> list[float]:
    ages = [0.0]
    while ages[-1] < until_s:
        ages.append(ages[-1] + pace.gap_s(ages[-1]))
    return ages


def asked_and_delay(pace: Pace, duration_s: float) -> tuple[int, float]:
    ages = ages_asked_at(pace, duration_s)
    return len(ages), ages[-1] - duration_s


def test_a_fixed_pace_knows_no_age() -> None:
    assert [FixedPace(5.0).gap_s(age_s) for age_s in (0, 60, 599)] == [5.0] * 3
    assert FixedPace(5.0).gap_s(0, 1.4) == 7.0


def test_nothing_is_asked_while_nothing_can_be_ready_and_often_when_it_may_be() -> None:
    ages = ages_asked_at(learned(log_normal(60, 0.5)), 200)

    assert 25 < ages[1] < 45
    assert min(later - earlier for earlier, later in itertools.pairwise(ages)) == pytest.approx(3.0)
    assert sum(70 < age < 120 for age in ages) > 12


@pytest.mark.parametrize("draw", [log_normal(60, 0.5), log_normal(30, 0.4), two_models, log_normal(90, 0.3)])
def test_fewer_questions_notice_as_soon_and_hardly_any_later_than_ten_seconds(draw: Draw) -> None:
    pace, chance = learned(draw), random.Random(2)
    durations = [draw(chance) for _ in range(2000)]

    ours = [asked_and_delay(pace, duration) for duration in durations]
    fixed = [asked_and_delay(FixedPace(), duration) for duration in durations]

    delays, fixed_delays = sorted(each[1] for each in ours), sorted(each[1] for each in fixed)
    assert sum(each[0] for each in ours) < 0.65 * sum(each[0] for each in fixed)
    assert delays[1000] < 1.25 * fixed_delays[1000]
    assert delays[1900] < 1.05 * CALM_INTERVAL_S


def test_the_gap_between_two_peaks_is_crossed_in_few_questions() -> None:
    ages = ages_asked_at(learned(two_models), 300)

    assert sum(45 < age < 70 for age in ages) <= 2


@pytest.mark.parametrize("draw", [log_normal(60, 0.5), log_normal(400, 0.05), two_models, lambda _: 1e6])
@pytest.mark.parametrize("count", [1, 30, 200])
def test_whatever_was_learned_no_gap_is_too_short_and_none_blinds_for_long(draw: Draw, count: int) -> None:
    pace = learned(draw, count)

    gaps = [pace.gap_s(age_s / 4) for age_s in range(8000)]

    assert min(gaps) >= MIN_INTERVAL_S - 1e-9
    assert max(gaps) <= LONGEST_QUIET_S


def test_clips_that_suddenly_take_longer_are_asked_about_calmly_and_go_on_being_asked_about() -> None:
    pace = learned(log_normal(20, 0.2))

    assert max(pace.gap_s(age_s) for age_s in range(40, 600)) <= CALM_INTERVAL_S + 1e-9


def test_a_larger_step_is_a_later_question() -> None:
    pace = learned(log_normal(60, 0.5))

    gaps = [pace.gap_s(30.0, steps) for steps in (0.6, 1.0, 1.4)]

    assert gaps == sorted(set(gaps))
