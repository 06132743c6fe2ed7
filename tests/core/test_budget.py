import pytest

from pixverse_desktop.core.budget import DEFAULT_RATE_PER_S, LONGEST_ASKED_PAUSE_S, RequestBudget


def taken_within(budget: RequestBudget, from_s: float, until_s: float) -> int:
    steps = int((until_s - from_s) * 100)
    return sum(budget.take(from_s + step / 100) for step in range(steps))


def refuse(budget: RequestBudget, at_s: float, retry_after_s: float | None = None) -> float:
    """Refuse a question that was begun and answered at ``at_s``; how long the key waits then."""
    budget.note_refusal(at_s, retry_after_s, began_s=at_s)
    return budget.pause_s(at_s)


def test_a_key_asks_five_times_a_second_at_first() -> None:
    assert taken_within(RequestBudget(), 100.0, 110.0) in (50, 51)


def test_a_long_rest_does_not_save_up_a_burst() -> None:
    budget = RequestBudget()
    budget.take(0.0)

    taken = [budget.take(1000.0) for _ in range(3)]

    assert taken == [True, False, False]


def test_the_wait_it_names_is_long_enough() -> None:
    budget = RequestBudget()
    budget.take(0.0)

    wait_s = budget.wait_s(0.0)

    assert wait_s == pytest.approx(1 / DEFAULT_RATE_PER_S)
    assert not budget.take(wait_s * 0.9)
    assert budget.take(wait_s)


def test_two_who_share_it_have_their_turns_and_no_more_together() -> None:
    budget, taken = RequestBudget(), {"default": 0, "studio": 0}

    for step in range(1000):
        for who in taken:
            taken[who] += budget.take(step / 100, who)

    assert sum(taken.values()) in (49, 50, 51)
    assert taken["default"] == pytest.approx(taken["studio"], abs=1)


def test_one_who_does_not_come_back_for_its_turn_loses_it() -> None:
    budget = RequestBudget()
    budget.take(0.0, "default")
    budget.take(0.1, "studio")

    at_once = budget.take(0.2, "default")
    later = budget.take(0.2 + budget.wait_s(0.2, "default"), "default")

    assert not at_once
    assert later


def test_a_clock_that_goes_back_gives_and_takes_nothing() -> None:
    budget = RequestBudget()
    budget.take(100.0)

    assert not budget.take(50.0)
    assert budget.wait_s(50.0) == pytest.approx(0.2)


def test_a_refusal_halves_the_rate_down_to_a_floor() -> None:
    budget = RequestBudget()
    rates = []
    for at_s in range(8):
        refuse(budget, at_s)
        rates.append(budget.rate_per_s)

    assert rates[:3] == [2.5, 1.25, 0.625]
    assert rates[-1] == 0.2


def test_good_answers_win_the_rate_back_but_never_more() -> None:
    budget = RequestBudget()
    refuse(budget, 0.0)

    rates = []
    for _ in range(200):
        budget.note_answer()
        rates.append(budget.rate_per_s)

    assert rates == sorted(rates)
    assert rates[0] > 2.5
    assert rates[-1] == DEFAULT_RATE_PER_S


def test_refusals_in_a_row_wait_longer_each_time_up_to_two_minutes() -> None:
    budget = RequestBudget()

    assert [refuse(budget, 1000.0 * number) for number in range(6)] == [10, 20, 40, 80, 120, 120]


def test_a_good_answer_ends_the_row_of_refusals() -> None:
    budget = RequestBudget()
    refuse(budget, 0.0)
    refuse(budget, 1000.0)

    budget.note_answer()

    assert refuse(budget, 2000.0) == 10


@pytest.mark.parametrize(
    ("asked_s", "pause_s"), [(7.0, 7.0), (0.0, 10.0), (-3.0, 10.0), (1e9, LONGEST_ASKED_PAUSE_S)]
)
def test_the_pause_the_service_asks_for_is_kept_within_reason(asked_s: float, pause_s: float) -> None:
    assert refuse(RequestBudget(), 0.0, asked_s) == pause_s


def test_nobody_who_shares_it_may_ask_in_a_pause() -> None:
    budget = RequestBudget()
    refuse(budget, 0.0, 60.0)

    assert not budget.take(59.9, "studio")
    assert budget.wait_s(50.0, "default") == pytest.approx(10.0)
    assert budget.take(60.5, "studio")


def test_refusals_of_questions_from_before_the_pause_only_lengthen_it() -> None:
    budget = RequestBudget()
    budget.note_refusal(2.0, 30.0, began_s=1.0)

    budget.note_refusal(2.5, None, began_s=1.2)
    budget.note_refusal(3.0, 40.0, began_s=1.4)
    budget.note_refusal(3.5, 5.0, began_s=1.6)

    assert budget.rate_per_s == 2.5
    assert budget.pause_s(3.0) == 40.0
    budget.note_answer()
    assert refuse(budget, 100.0) == 10


def test_thousands_of_refusals_do_not_overflow() -> None:
    budget = RequestBudget()

    for number in range(5000):
        pause_s = refuse(budget, 1000.0 * number)

    assert pause_s == 120
