"""What every ``AttemptStore`` has to do."""

import pytest

from pixverse_desktop.core.attempts import MOST_RUNS, AttemptRun
from pixverse_desktop.core.ports import AttemptStore
from pixverse_desktop.core.video import VideoRef

SEVEN, EIGHT = VideoRef("default", "7"), VideoRef("studio", "18446744073709551615")


def run(at_s: float, outcome: str = "waiting", code: int | None = 5) -> AttemptRun:
    return AttemptRun(at_s, at_s, 1, code, outcome, (f"trace-{at_s:.0f}",))


class AttemptStoreContract:
    """Subclass it, and give it an open, empty store by overriding the fixture ``attempt_store``."""

    @pytest.fixture
    def attempt_store(self) -> AttemptStore:
        """Override me."""
        raise NotImplementedError

    async def test_a_video_nobody_asked_about_has_none(self, attempt_store: AttemptStore) -> None:
        assert tuple(await attempt_store.attempts(SEVEN)) == ()

    async def test_attempts_come_back_as_they_were(self, attempt_store: AttemptStore) -> None:
        runs = (run(1.25), AttemptRun(2.0, 9.0, 12, None, "“no” answer; 夜 --", ()))

        await attempt_store.put_attempts({SEVEN: runs, EIGHT: runs[:1]})

        assert tuple(await attempt_store.attempts(SEVEN)) == runs
        assert tuple(await attempt_store.attempts(EIGHT)) == runs[:1]

    async def test_what_comes_later_is_folded_into_what_is_kept(self, attempt_store: AttemptStore) -> None:
        await attempt_store.put_attempts({SEVEN: (run(1), run(2, "busy"))})
        await attempt_store.put_attempts({SEVEN: (run(3, "busy"), run(4, "ready", 1))})

        kept = await attempt_store.attempts(SEVEN)

        assert [(each.outcome, each.times, each.trace_ids) for each in kept] == [
            ("waiting", 1, ("trace-1",)),
            ("busy", 2, ("trace-2", "trace-3")),
            ("ready", 1, ("trace-4",)),
        ]

    async def test_the_last_ones_are_kept(self, attempt_store: AttemptStore) -> None:
        for half in range(2):
            runs = [run(float(n), f"outcome {n}") for n in range(half * MOST_RUNS, (half + 1) * MOST_RUNS)]
            await attempt_store.put_attempts({SEVEN: runs})

        kept = await attempt_store.attempts(SEVEN)

        assert [each.last_at_s for each in kept] == [float(n) for n in range(MOST_RUNS, 2 * MOST_RUNS)]

    async def test_the_old_ones_are_forgotten(self, attempt_store: AttemptStore) -> None:
        await attempt_store.put_attempts({SEVEN: [run(10)], EIGHT: [run(20)]})

        await attempt_store.prune_attempts(before_s=20, most_videos=10)

        assert not await attempt_store.attempts(SEVEN)
        assert await attempt_store.attempts(EIGHT)

    async def test_no_more_videos_are_kept_than_wished(self, attempt_store: AttemptStore) -> None:
        for number in range(5):
            await attempt_store.put_attempts({VideoRef("default", str(number)): [run(float(number))]})

        await attempt_store.prune_attempts(before_s=0, most_videos=2)

        left = [n for n in range(5) if await attempt_store.attempts(VideoRef("default", str(n)))]
        assert left == [3, 4]
