from pixverse_desktop.core.bandwidth import Bandwidth


def received_bytes(bandwidth: Bandwidth, downloads: int, *, until_s: float, piece_bytes: int = 64_000) -> int:
    """Let downloads take a piece each whenever they may, from second 0 on."""
    at_s, came_bytes = 0.0, 0
    while at_s < until_s:
        for _ in range(downloads):
            if bandwidth.wait_s(at_s) == 0:
                bandwidth.spend(piece_bytes, at_s)
                came_bytes += piece_bytes
        at_s += 0.01
    return came_bytes


def test_without_a_limit_nobody_waits() -> None:
    bandwidth = Bandwidth()
    bandwidth.spend(10**9, 0)

    assert bandwidth.wait_s(0) == 0


def test_all_together_keep_to_the_limit() -> None:
    for downloads in (1, 3, 10):
        came_bytes = received_bytes(Bandwidth(1_000_000), downloads, until_s=10)

        assert 9_500_000 <= came_bytes <= 10_500_000


def test_what_came_is_a_debt_that_time_pays() -> None:
    bandwidth = Bandwidth(1000)
    bandwidth.spend(3000, 5)

    assert [bandwidth.wait_s(at_s) for at_s in (5, 6, 7.5, 8, 9)] == [3, 2, 0.5, 0, 0]


def test_a_quiet_hour_buys_no_burst_of_an_hour() -> None:
    bandwidth = Bandwidth(1000)
    bandwidth.wait_s(0)
    bandwidth.spend(2000, 3600)

    assert bandwidth.wait_s(3600) >= 1.7


def test_the_limit_can_change_while_somebody_waits() -> None:
    bandwidth = Bandwidth(1000)
    bandwidth.spend(3000, 0)

    bandwidth.limit_bytes_s = 6000
    faster_s = bandwidth.wait_s(0)
    bandwidth.limit_bytes_s = None

    assert (faster_s, bandwidth.wait_s(0)) == (0.5, 0)


def test_a_limit_set_later_begins_with_no_debt() -> None:
    bandwidth = Bandwidth()
    bandwidth.spend(10**9, 0)

    bandwidth.limit_bytes_s = 1000

    assert bandwidth.wait_s(0) == 0


def test_a_clock_that_goes_back_does_no_harm() -> None:
    bandwidth = Bandwidth(1000)
    bandwidth.spend(1000, 10)

    assert bandwidth.wait_s(9) == 1
