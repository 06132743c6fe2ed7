import random

import pytest

from pixverse_desktop.core.schedule import PollHistory
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.timetable import MOST_FOCUSED, Timetable
from tests.services.conftest import ref

NOW_S = 1000.0


def plan(next_at_s: float, *, transport_faults: int = 0, faults: int = 0) -> PollHistory:
    return PollHistory(next_at_s=next_at_s, began_at_s=0.0, transport_faults=transport_faults, faults=faults)


@pytest.fixture
def timetable() -> Timetable:
    return Timetable()


def asked_in_order(timetable: Timetable, now_s: float = NOW_S) -> list[str]:
    """Ask about everybody who is due, one after another, without ever answering."""
    order = []
    while (due := timetable.next_due(now_s)) is not None:
        timetable.take(due, now_s)
        order.append(due.video_id)
    return order


def test_an_empty_timetable_waits_for_ever(timetable: Timetable) -> None:
    assert timetable.next_due(NOW_S) is None
    assert timetable.wait_s(NOW_S) is None
    assert len(timetable) == 0


def test_rows_fall_due_at_their_time(timetable: Timetable) -> None:
    timetable.put(ref("1"), plan(NOW_S + 5))

    assert timetable.next_due(NOW_S) is None
    assert timetable.wait_s(NOW_S) == 5.0
    assert timetable.next_due(NOW_S + 5) == ref("1")
    assert timetable.wait_s(NOW_S + 6) == 0.0


def test_who_is_longest_due_goes_first_and_who_is_silent_last(timetable: Timetable) -> None:
    timetable.put(ref("silent"), plan(NOW_S - 9, transport_faults=1))
    timetable.put(ref("late"), plan(NOW_S - 5))
    timetable.put(ref("later"), plan(NOW_S - 2))

    assert asked_in_order(timetable) == ["late", "later", "silent"]


def test_what_a_person_looks_at_goes_first_but_never_before_its_time(timetable: Timetable) -> None:
    for number in range(5):
        timetable.put(ref(str(number)), plan(NOW_S - 5 + number))
    timetable.put(ref("early"), plan(NOW_S + 1))

    timetable.focus([ref("3"), ref("early"), ref("stranger")])

    assert asked_in_order(timetable) == ["3", "0", "1", "2", "4"]


def test_who_is_looked_at_no_more_goes_in_its_turn(timetable: Timetable) -> None:
    for number in range(3):
        timetable.put(ref(str(number)), plan(NOW_S - 5 + number))
    timetable.focus([ref("2")])
    assert timetable.next_due(NOW_S) == ref("2")

    timetable.focus([])

    assert asked_in_order(timetable) == ["0", "1", "2"]


def test_where_all_is_in_focus_nothing_is(timetable: Timetable) -> None:
    rows = [ref(str(number)) for number in range(MOST_FOCUSED + 1)]
    for place, row in enumerate(rows):
        timetable.put(row, plan(NOW_S - 1 - place))

    timetable.focus(rows)

    assert timetable.next_due(NOW_S) == rows[-1]


def test_who_is_being_asked_about_is_not_due_until_released(timetable: Timetable) -> None:
    timetable.put(ref("1"), plan(NOW_S))
    timetable.take(ref("1"), NOW_S)

    timetable.put(ref("1"), plan(NOW_S))
    while_under_way = timetable.next_due(NOW_S + 60), timetable.under_way
    timetable.release(ref("1"))

    assert while_under_way == (None, 1)
    assert timetable.next_due(NOW_S + 60) == ref("1")


def test_nobody_is_due_twice_within_three_seconds_not_even_when_dropped_in_between(
    timetable: Timetable,
) -> None:
    timetable.put(ref("1"), plan(NOW_S))
    timetable.take(ref("1"), NOW_S)
    timetable.release(ref("1"))
    timetable.drop(ref("1"))
    timetable.clear()

    timetable.put(ref("1"), plan(NOW_S))

    assert timetable.next_due(NOW_S + 2.9) is None
    assert timetable.wait_s(NOW_S + 1) == 2.0
    assert timetable.next_due(NOW_S + 3) == ref("1")


def test_a_hurried_row_is_due_now_whoever_looks_at_it_meanwhile(timetable: Timetable) -> None:
    timetable.put(ref("1"), plan(NOW_S + 300, faults=2))

    timetable.hurry(ref("1"), NOW_S)
    timetable.focus([ref("1")])

    assert timetable.next_due(NOW_S) == ref("1")
    assert timetable.get(ref("1")) == plan(NOW_S, faults=2)


def test_a_dropped_row_is_forgotten_and_a_dropped_stranger_is_no_matter(timetable: Timetable) -> None:
    timetable.put(ref("1"), plan(NOW_S))

    timetable.drop(ref("1"))
    timetable.drop(ref("2"))

    assert ref("1") not in timetable
    assert timetable.next_due(NOW_S) is None
    assert timetable.wait_s(NOW_S) is None


def test_it_agrees_with_a_plain_search_whatever_happens(timetable: Timetable) -> None:
    dice = random.Random(1)
    rows = [ref(str(number)) for number in range(12)]
    plain: dict[VideoRef, float] = {}
    now_s = NOW_S
    for _ in range(20_000):
        row = dice.choice(rows)
        match dice.randrange(4):
            case 0:
                timetable.drop(row)
                plain.pop(row, None)
            case 1:
                now_s += dice.random()
            case _:
                plain[row] = now_s + dice.uniform(-5, 20)
                timetable.put(row, plan(plain[row]))
        due = [(at_s, each) for each, at_s in plain.items() if at_s <= now_s]
        assert timetable.next_due(now_s) == (min(due)[1] if due else None)
        assert len(timetable) == len(plain)


def test_thousands_of_changes_of_plan_leave_no_heap_of_old_ones(timetable: Timetable) -> None:
    for number in range(20_000):
        timetable.put(ref("1"), plan(NOW_S + number))
        timetable.put(ref("2"), plan(NOW_S - 1))
        timetable.next_due(NOW_S)

    assert timetable.next_due(NOW_S) == ref("2")
    assert timetable.entries < 5000


@pytest.mark.parametrize("transport_faults", [0, 1, 50])
def test_with_more_due_than_can_be_asked_everybody_has_a_turn(
    timetable: Timetable, transport_faults: int
) -> None:
    rows = [ref(str(number)) for number in range(60)]
    behind = rows[40:]
    for row in rows:
        timetable.put(row, plan(NOW_S, transport_faults=transport_faults if row in behind else 0))
    timetable.focus(rows[:40])
    asked = dict.fromkeys(rows, 0)

    for tick in range(5 * 120):  # five questions a second for two minutes, each row again after five seconds
        now_s = NOW_S + tick / 5
        due = timetable.next_due(now_s)
        assert due is not None
        timetable.take(due, now_s)
        asked[due] += 1
        timetable.put(due, plan(now_s + 5, transport_faults=transport_faults if due in behind else 0))
        timetable.release(due)

    assert min(asked.values()) >= 2
