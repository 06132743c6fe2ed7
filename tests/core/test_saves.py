import pytest

from pixverse_desktop.core.errors import (
    ClipAddressGone,
    ClipCutShort,
    ClipRefused,
    ClipServerBusy,
    FolderUnusable,
    PixverseError,
    SaveFailed,
    StoreFailed,
)
from pixverse_desktop.core.saves import can_pass, is_folder_fault, pause_s
from pixverse_desktop.core.speed import Speed


@pytest.mark.parametrize("kind", [ClipAddressGone, ClipCutShort, ClipServerBusy, FolderUnusable, StoreFailed])
def test_what_server_network_and_disk_do_can_pass(kind: type[PixverseError]) -> None:
    assert can_pass(kind("…"))
    assert is_folder_fault(kind("…")) == (kind in (FolderUnusable, StoreFailed))


@pytest.mark.parametrize("kind", [ClipRefused, SaveFailed])
def test_what_is_no_clip_stays_none(kind: type[PixverseError]) -> None:
    assert not can_pass(kind("…"))


def test_pauses_grow_to_an_hour() -> None:
    assert [pause_s(failures) for failures in (1, 2, 3, 6, 7, 5000)] == [60, 120, 240, 1920, 3600, 3600]


def test_a_speed_is_that_of_the_last_seconds() -> None:
    speed = Speed()
    seen = [speed.bytes_s]
    for at_s, received_bytes in ((100.0, 5000), (100.4, 5400), (101.0, 6000), (110.0, 6000), (112.0, 26000)):
        speed.note(at_s, received_bytes)
        seen.append(speed.bytes_s)

    assert seen == [0, 0, 0, 1000, 0, 10000]


def test_a_speed_begins_anew() -> None:
    speed = Speed()
    speed.note(1, 0)
    speed.note(3, 1000)
    speed.clear()

    assert speed.bytes_s == 0
