from pixverse_desktop.core.settings import Settings


def test_the_usual_interval_stands_for_the_learned_pace_and_any_other_is_kept() -> None:
    assert Settings().fixed_interval_s is None
    assert Settings(interval_s=8.0).fixed_interval_s == 8.0
