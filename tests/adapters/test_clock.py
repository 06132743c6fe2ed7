import time

import pytest

from pixverse_desktop.adapters.clock import SystemClock


def test_the_time_is_the_system_s() -> None:
    assert SystemClock().now_s() == pytest.approx(time.time(), abs=1)


def test_monotonic_time_never_goes_back() -> None:
    clock = SystemClock()

    moments = [clock.monotonic_s() for _ in range(100)]

    assert moments == sorted(moments)


@pytest.mark.parametrize("duration_s", [0.0, -5.0])
async def test_no_wait_is_over_at_once(duration_s: float) -> None:
    before_s = time.monotonic()

    await SystemClock().sleep(duration_s)

    assert time.monotonic() - before_s < 1


async def test_a_wait_lasts_as_long_as_asked() -> None:
    before_s = time.monotonic()

    await SystemClock().sleep(0.02)

    assert time.monotonic() - before_s >= 0.019
