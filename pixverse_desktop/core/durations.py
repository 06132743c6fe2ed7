"""How long earlier clips took, kept by what can be known of a clip while it is still being made."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from statistics import median

from pixverse_desktop.core.pace import FixedPace, Pace, learned_pace
from pixverse_desktop.core.video import Video, VideoStatus

ENOUGH = 30
ENOUGH_OF_A_KIND = 60
_REMEMBERED = 300
_NEW_ONES_BEFORE_RECKONING = 10
# What is longer was late (or the program was away), what is shorter was no rendering.
_LONGEST_S, _SHORTEST_S = 600.0, 2.0
_WATCHED_S = 10.0
_FEWEST_FOR_USUAL, _ENOUGH_FOR_USUAL, _MOST_LOOKED_AT = 3, 60, 2000
_ALLOWED_DIFFERENCE_S = 5.0

Kind = tuple[str, int]
_ANY: Kind = ("any", 0)


@dataclass
class _Samples:
    durations_s: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    new: int = 0
    pace: Pace | None = None


class Durations:
    """What one account's clips took of late, and the pace that follows for those that wait.

    The size of the picture would tell most, but PixVerse names it only when a clip is finished. Known
    before are the credits a job costs (often told, and higher for longer and better clips) and the
    quarter of the day; a kind of which too few clips are known falls back to all clips.
    """

    def __init__(self) -> None:
        self._samples: dict[Kind, _Samples] = {}

    def learn(self, video: Video, *, seen_s: float | None = None) -> None:
        """Remember how long a clip took: by its own times, by ``seen_s``, what was seen of it, or neither."""
        duration_s = told_duration_s(video)
        if duration_s is None and video.status is VideoStatus.READY:
            duration_s = _watched_duration_s(video) if seen_s is None else seen_s
        if duration_s is None or not _SHORTEST_S <= duration_s <= _LONGEST_S:
            return
        for kind in _kinds(video):
            samples = self._samples.setdefault(kind, _Samples())
            samples.durations_s.append(duration_s)
            samples.new += 1

    def pace_for(self, video: Video, *, unlearned: FixedPace) -> Pace:
        """The pace for a waiting clip, ``unlearned`` while too little is known."""
        for kind in _kinds(video):
            samples = self._samples.get(kind)
            enough = ENOUGH if kind == _ANY else ENOUGH_OF_A_KIND
            if samples is not None and len(samples.durations_s) >= enough:
                return _reckoned(samples)
        return unlearned


def told_duration_s(video: Video) -> float | None:
    """How long a clip took by PixVerse's own two times, in seconds, or None if they do not tell.

    The last change is believed to be the end (undocumented) where it is no later than we found the
    clip finished: what changes afterwards, as by moderation, is no end.
    """
    if video.status is not VideoStatus.READY or video.created_at_s is None or video.ended_at_s is None:
        return None
    changed_s = video.modified_at_s or 0.0
    is_end = video.created_at_s + _SHORTEST_S <= changed_s <= video.ended_at_s + _ALLOWED_DIFFERENCE_S
    return changed_s - video.created_at_s if is_end else None


def usual_duration_s(latest_first: Iterable[Video]) -> float | None:
    """How long clips take as a rule of late, or None while too few are known."""
    told = (
        told_duration_s(video) or _seen_duration_s(video) for video in islice(latest_first, _MOST_LOOKED_AT)
    )
    durations_s = list(islice((each for each in told if each and each <= _LONGEST_S), _ENOUGH_FOR_USUAL))
    return median(durations_s) if len(durations_s) >= _FEWEST_FOR_USUAL else None


def _seen_duration_s(video: Video) -> float | None:
    return _watched_duration_s(video) if video.status is VideoStatus.READY else None


def _watched_duration_s(video: Video) -> float | None:
    """How long a clip of an earlier run took, if it was asked about while it was open."""
    if video.created_at_s is None or video.ended_at_s is None:
        return None
    return (
        video.ended_at_s - video.created_at_s if video.ended_at_s - video.added_at_s >= _WATCHED_S else None
    )


def _kinds(video: Video) -> Iterator[Kind]:
    """What kinds a clip is of, the narrowest first."""
    if video.credits is not None:
        yield "credits", video.credits
    if video.created_at_s is not None:
        yield "quarter of the day", int(video.created_at_s // 21_600) % 4
    yield _ANY


def _reckoned(samples: _Samples) -> Pace:
    if samples.pace is None or samples.new >= _NEW_ONES_BEFORE_RECKONING:
        samples.pace, samples.new = learned_pace(tuple(samples.durations_s)), 0
    return samples.pace
