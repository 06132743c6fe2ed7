from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_desktop.core.retention import DAYS_KEPT, BackupName, BackupReason, expendable

TODAY = date(2026, 11, 24)


def made(days_ago: int, reason: BackupReason = BackupReason.DAILY, at: str = "12-00-00") -> BackupName:
    made_at = f"{TODAY - timedelta(days=days_ago)}T{at}"
    return BackupName(made_at, reason, f"library-{made_at}-{reason}.sqlite3")


def test_fourteen_days_are_kept_and_what_is_older_goes() -> None:
    backups = [made(days_ago) for days_ago in range(40)]

    assert set(expendable(backups, TODAY)) == {made(days_ago) for days_ago in range(DAYS_KEPT + 1, 40)}


def test_the_newest_three_stay_however_old_they_are() -> None:
    backups = [made(days_ago, BackupReason.EXIT) for days_ago in (100, 200, 300, 400, 500)]

    assert set(expendable(backups, TODAY)) == set(backups[3:])


def test_the_newest_fourteen_daily_ones_stay_however_old_they_are() -> None:
    backups = [made(100 * number) for number in range(1, 20)]

    assert set(expendable(backups, TODAY)) == set(backups[DAYS_KEPT:])


@pytest.mark.parametrize("reason", [BackupReason.DAILY, BackupReason.IMPORT, BackupReason.EXIT])
def test_one_of_a_kind_and_day_is_enough_and_it_is_the_last(reason: BackupReason) -> None:
    backups = [made(5, reason, f"{hour:02}-00-00") for hour in (8, 9, 10)]
    newer = [made(days_ago) for days_ago in (1, 2, 3)]

    assert set(expendable([*backups, *newer], TODAY)) == set(backups[:2])


@pytest.mark.parametrize("reason", [BackupReason.MIGRATION, BackupReason.RESTORE])
def test_what_no_later_backup_holds_is_not_overtaken_the_same_day(reason: BackupReason) -> None:
    backups = [made(5, reason, f"{hour:02}-00-00") for hour in (8, 9, 10)]
    newer = [made(days_ago) for days_ago in (1, 2, 3)]

    assert expendable([*backups, *newer], TODAY) == []


def test_different_kinds_of_a_day_do_not_overtake_each_other() -> None:
    backups = [made(5, reason) for reason in BackupReason] + [made(days_ago) for days_ago in (1, 2, 3)]

    assert expendable(backups, TODAY) == []


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(BackupReason), st.integers(0, 23)), max_size=40)
)
def test_what_is_kept_after_pruning_is_kept_by_the_next(
    backups: list[tuple[int, BackupReason, int]],
) -> None:
    names = {made(days, reason, f"{hour:02}-00-00") for days, reason, hour in backups}

    kept = names - set(expendable(names, TODAY))

    assert expendable(kept, TODAY) == []
    assert len(kept) >= min(3, len(names))
    assert set(sorted(names)[-3:]) <= kept


def test_one_start_under_a_clock_years_ahead_costs_one_daily_backup_and_no_more() -> None:
    backups = [made(days_ago) for days_ago in range(DAYS_KEPT)]
    ahead = made(-3650)

    gone = expendable([*backups, ahead], TODAY + timedelta(days=3650))

    assert gone == [made(DAYS_KEPT - 1)]
