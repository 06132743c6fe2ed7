"""When to ask about which video: pure arithmetic over a row's history, in seconds."""

from dataclasses import dataclass, replace

from pixverse_desktop.core.video import Video, VideoStatus

MIN_INTERVAL_S = 3.0
DEFAULT_INTERVAL_S = 5.0
LATE_AFTER_S = 10 * 60.0
STALLED_AFTER_S = 2 * 3600.0
SECOND_LOOK_AFTER_S = 90.0

LATE_WORDS = "Late: it has taken more than ten minutes. It is asked about more rarely now."
STALLED_WORDS = (
    "Stalled: it has taken more than two hours. PixVerse usually counts it as failed by then and gives "
    "the credits back. Check now, or ask their support."
)

_LATE_INTERVAL_S = 30.0
_STALLED_INTERVAL_S = 5 * 60.0
_STALLED_CEILING_S = 3600.0
_SLOW_INTERVAL_S = 15.0
_BACK_OFF_S = (5.0, 10.0, 20.0, 40.0, 60.0)
# "Tried a few times in the first minute": a video made a moment ago may not be readable at once.
_NOT_KNOWN_RETRIES_S = (5.0, 15.0, 30.0)
TROUBLE_AFTER_FAULTS = 5


@dataclass(frozen=True, slots=True)
class PollHistory:
    """What is remembered about asking for one row in this run; times are of the monotonic clock.

    Attributes:
        next_at_s: when the row may be asked about next.
        asked_at_s: when it was last asked about, or None.
        since_s: when this program began to wait for it, by the wall clock.
        faults: passing faults in a row.
        unknown_answers: "no such video" in a row.
        transport_faults: times in a row that no answer came at all.
    """

    next_at_s: float
    since_s: float
    asked_at_s: float | None = None
    faults: int = 0
    unknown_answers: int = 0
    transport_faults: int = 0


def interval_for(video: Video, *, waited_s: float, interval_s: float) -> float:
    """Seconds until the next question about an open row that has been waited for ``waited_s``.

    Late and stalled jobs, unknown codes and "finished, no file yet" are asked about more slowly.
    Never under ``MIN_INTERVAL_S``.
    """
    base_s = max(interval_s, MIN_INTERVAL_S)
    if waited_s >= STALLED_AFTER_S:
        return max(base_s, min(max(_STALLED_INTERVAL_S, waited_s / 24), _STALLED_CEILING_S))
    if waited_s >= LATE_AFTER_S:
        return max(base_s, _LATE_INTERVAL_S)
    if video.status is VideoStatus.UNKNOWN or video.no_file_since_s is not None:
        return max(base_s, _SLOW_INTERVAL_S)
    return base_s


def with_age_note(video: Video, *, waited_s: float) -> Video:
    """An open row that has nothing else to say, saying that it is late or stalled, if it is."""
    if video.message not in ("", LATE_WORDS, STALLED_WORDS):
        return video
    words = STALLED_WORDS if waited_s >= STALLED_AFTER_S else LATE_WORDS if waited_s >= LATE_AFTER_S else ""
    return video if words == video.message else replace(video, message=words)


def wants_second_look(video: Video) -> bool:
    """Whether a ready row is still owed its one look for late moderation."""
    return video.status is VideoStatus.READY and not video.second_look_done and video.ended_at_s is not None


def after_answer(
    history: PollHistory, video: Video, *, at_s: float, now_s: float, interval_s: float
) -> PollHistory:
    """The history after a good answer at ``at_s`` left the row as ``video``."""
    waited_s = max(0.0, now_s - history.since_s)
    if video.status is VideoStatus.READY:
        pause_s = max(SECOND_LOOK_AFTER_S, MIN_INTERVAL_S)
    else:
        pause_s = interval_for(video, waited_s=waited_s, interval_s=interval_s)
    return replace(history, next_at_s=at_s + pause_s, faults=0, unknown_answers=0, transport_faults=0)


def after_fault(history: PollHistory, *, at_s: float, interval_s: float) -> PollHistory:
    """The history after a passing fault at ``at_s``: the row backs off, nothing else changes."""
    pause_s = max(interval_s, _BACK_OFF_S[min(history.faults, len(_BACK_OFF_S) - 1)])
    return replace(history, next_at_s=at_s + pause_s, faults=history.faults + 1, transport_faults=0)


def after_silence(history: PollHistory, *, at_s: float, interval_s: float) -> PollHistory:
    """The history after no answer came at all: the row steps behind the others."""
    pause_s = max(interval_s, _BACK_OFF_S[min(history.transport_faults, len(_BACK_OFF_S) - 1)])
    return replace(history, next_at_s=at_s + pause_s, transport_faults=history.transport_faults + 1)


def after_not_known(history: PollHistory, *, at_s: float, interval_s: float) -> PollHistory | None:
    """The history after "no such video", or None when it was tried often enough."""
    tries = history.unknown_answers
    if tries >= len(_NOT_KNOWN_RETRIES_S):
        return None
    pause_s = max(interval_s, _NOT_KNOWN_RETRIES_S[tries])
    return replace(history, next_at_s=at_s + pause_s, unknown_answers=tries + 1, faults=0, transport_faults=0)


def earliest_allowed_s(history: PollHistory) -> float:
    """The first moment the row may be asked about again, whoever wishes it."""
    return 0.0 if history.asked_at_s is None else history.asked_at_s + MIN_INTERVAL_S
