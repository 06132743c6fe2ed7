"""How long clips take as a rule, said beside how long one has taken already."""

from collections.abc import Callable, Iterable

from pixverse_desktop.core.durations import usual_duration_s
from pixverse_desktop.core.video import Video

_GOOD_FOR_S = 10.0  # painted each second, it changes with the clips that are finished


class UsualTime:
    """Reckons when it is asked, and not again for a while. ``now`` is a clock in seconds."""

    def __init__(self, videos: Iterable[Video], now: Callable[[], float]) -> None:
        self._videos = videos
        self._now = now
        self._reckoned_at_s = -_GOOD_FOR_S
        self._usual_s: float | None = None

    def __call__(self) -> float | None:
        """The seconds clips took of late, or None while too few are known."""
        if self._now() - self._reckoned_at_s >= _GOOD_FOR_S:
            self._reckoned_at_s = self._now()
            self._usual_s = usual_duration_s(reversed(tuple(self._videos)))
        return self._usual_s
