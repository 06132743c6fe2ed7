"""How many clips play at once: up while the machine keeps up, down as soon as it does not."""

from pixverse_desktop.ui.wall_pace import WallPace

ALL = 16


def run(pace: WallPace, can: float, seconds: range) -> list[float]:
    """A machine that can play so many; what was allowed, second by second."""
    allowed = []
    for second in seconds:
        playing = min(pace.allowed, ALL)
        is_busy = playing > can
        pace.note(
            second,
            playing=playing,
            late_ms=40.0 if is_busy else 3.0,
            share=0.7 if is_busy else 1.0,
            is_short=playing < ALL,
        )
        allowed.append(pace.allowed)
    return allowed


def test_a_strong_machine_soon_plays_all() -> None:
    assert min(run(WallPace(), ALL, range(8))[7:]) >= ALL


def test_what_is_too_much_falls_at_once_and_is_tried_again_ever_more_rarely() -> None:
    allowed = run(WallPace(), 7, range(300))

    falls = [second for second in range(1, 300) if allowed[second] < allowed[second - 1]]
    assert max(allowed[10:]) <= 8
    assert min(allowed[10:]) >= 4
    assert falls[1] - falls[0] < falls[-1] - falls[-2]
    assert len(falls) < 10


def test_on_a_machine_that_can_do_nothing_one_plays() -> None:
    assert run(WallPace(), 0, range(40))[-1] == 1


def test_no_more_is_allowed_than_was_wished_for() -> None:
    pace = WallPace()
    for second in range(20):
        pace.note(second, playing=2, late_ms=1.0, share=1.0, is_short=False)

    assert pace.allowed == 4


def test_a_clip_that_is_late_lowers_it_however_quick_the_window_is() -> None:
    pace = WallPace()

    pace.note(1.0, playing=4, late_ms=1.0, share=0.5, is_short=True)

    assert pace.allowed == 3
