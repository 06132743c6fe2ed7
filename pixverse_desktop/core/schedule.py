"""When to ask about which video: pure arithmetic over a row's history, in seconds.

Ages are counted on the monotonic clock from a beginning that is reckoned once, so that a wall clock
that is set, forwards or backwards, makes no row older or younger. A laptop that slept does not age
its rows either where the monotonic clock stands still meanwhile (Linux, macOS): each is asked about
once on waking, which tells more than its age would.
"""

import zlib
from dataclasses import dataclass, replace

from pixverse_desktop.core.pace import MIN_INTERVAL_S, Pace
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus

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
# A time of creation this long before the row was added is believed; more is a clock that is wrong.
_BELIEVED_HEAD_START_S = 24 * 3600.0
_LARGEST_SPREAD = 0.4


@dataclass(frozen=True, slots=True)
class PollHistory:
    """What is remembered about asking for one row in this run; times are of the monotonic clock.

    Attributes:
        next_at_s: when the row may be asked about next.
        began_at_s: when the job began, or, where PixVerse has not told, when it was added.
        knows_creation: whether that is final: PixVerse told, or a person began the waiting anew.
        was_renewed: whether a person did; then it is asked about as if nothing had been learned.
        open_at_s: when an answer last said that it is not finished.
        no_file_at_s: since when it has been finished without a file.
        spread: how much longer, in parts of itself, the next interval is; once, for rows that came together.
        faults: passing faults in a row.
        unknown_answers: "no such video" in a row.
        transport_faults: times in a row that no answer came at all.
    """

    next_at_s: float
    began_at_s: float
    knows_creation: bool = False
    was_renewed: bool = False
    open_at_s: float | None = None
    no_file_at_s: float | None = None
    spread: float = 0.0
    faults: int = 0
    unknown_answers: int = 0
    transport_faults: int = 0

    def age_s(self, at_s: float) -> float:
        """How old the job is at ``at_s``."""
        return max(0.0, at_s - self.began_at_s)

    def no_file_for_s(self, at_s: float) -> float:
        """How long it has been finished without a file at ``at_s``."""
        return 0.0 if self.no_file_at_s is None else max(0.0, at_s - self.no_file_at_s)


def began_at_s(video: Video, *, at_s: float, now_s: float) -> float:
    """When the job began, on the monotonic clock that shows ``at_s`` while the wall clock shows ``now_s``.

    By PixVerse's time of creation, or, where that is missing, after the adding or unbelievably long
    before it, by the time the row was added.
    """
    created_s = video.added_at_s if video.created_at_s is None else video.created_at_s
    is_believed = 0.0 <= video.added_at_s - created_s <= _BELIEVED_HEAD_START_S
    return at_s - max(0.0, now_s - (created_s if is_believed else video.added_at_s))


def first_plan(video: Video, *, at_s: float, now_s: float) -> PollHistory | None:
    """When to ask about a row first: an open one at once, a ready one for its second look, others never."""
    began = began_at_s(video, at_s=at_s, now_s=now_s)
    if video.status.is_open:
        since_s = video.no_file_since_s
        no_file_at_s = None if since_s is None else at_s - max(0.0, now_s - since_s)
        return PollHistory(
            at_s, began, knows_creation=video.created_at_s is not None, no_file_at_s=no_file_at_s
        )
    if not wants_second_look(video):
        return None
    passed_s = max(0.0, now_s - (video.ended_at_s or now_s))
    return PollHistory(at_s + max(0.0, SECOND_LOOK_AFTER_S - passed_s), began)


def checked(history: PollHistory | None, *, at_s: float) -> PollHistory:
    """The history of a row that a person wants asked about now; a late one is waited for anew."""
    if history is None or history.age_s(at_s) >= LATE_AFTER_S:
        return PollHistory(at_s, at_s, knows_creation=True, was_renewed=True)
    return replace(history, next_at_s=at_s, faults=0, unknown_answers=0, transport_faults=0)


def with_creation(history: PollHistory, video: Video, *, at_s: float, now_s: float) -> PollHistory:
    """The history counting from the job's creation, from the first answer that told it."""
    if history.knows_creation or video.created_at_s is None:
        return history
    return replace(history, began_at_s=began_at_s(video, at_s=at_s, now_s=now_s), knows_creation=True)


def spread_of(ref: VideoRef, *, only_later: bool) -> float:
    """The row's own place in the round, the same in every run, so that rows added together drift apart."""
    place = zlib.crc32(ref.video_id.encode()) / 2**32
    return _LARGEST_SPREAD * (place if only_later else 2 * place - 1)


def interval_for(video: Video, *, waited_s: float, interval_s: float) -> float:
    """Seconds until the next question about an open row that has been waited for ``waited_s``.

    Late and stalled jobs, unknown codes and "finished, no file yet" are asked about more slowly.
    Never under ``MIN_INTERVAL_S``.
    """
    base_s = max(interval_s, MIN_INTERVAL_S, _age_interval_s(waited_s))
    is_timely = waited_s < LATE_AFTER_S
    if is_timely and (video.status is VideoStatus.UNKNOWN or video.no_file_since_s is not None):
        return max(base_s, _SLOW_INTERVAL_S)
    return base_s


def _age_interval_s(waited_s: float) -> float:
    """How often, at the most, a row is asked about that is late or stalled; 0 for a timely one."""
    if waited_s >= STALLED_AFTER_S:
        return min(max(_STALLED_INTERVAL_S, waited_s / 24), _STALLED_CEILING_S)
    return _LATE_INTERVAL_S if waited_s >= LATE_AFTER_S else 0.0


def with_age_note(video: Video, *, waited_s: float) -> Video:
    """An open row that has nothing else to say, saying that it is late or stalled, if it is."""
    if video.message not in ("", LATE_WORDS, STALLED_WORDS):
        return video
    words = STALLED_WORDS if waited_s >= STALLED_AFTER_S else LATE_WORDS if waited_s >= LATE_AFTER_S else ""
    return video if words == video.message else replace(video, message=words)


def wants_second_look(video: Video) -> bool:
    """Whether a ready row is still owed its one look for late moderation."""
    return video.status is VideoStatus.READY and not video.second_look_done and video.ended_at_s is not None


def after_answer(history: PollHistory, video: Video, *, at_s: float, pace: Pace) -> PollHistory:
    """The history after a good answer at ``at_s`` left the row as ``video``."""
    age_s = history.age_s(at_s)
    if video.status is VideoStatus.READY:
        pause_s = max(SECOND_LOOK_AFTER_S, MIN_INTERVAL_S)
    else:
        gap_s = pace.gap_s(age_s, 1.0 + history.spread)
        pause_s = interval_for(video, waited_s=age_s, interval_s=gap_s)
    return replace(
        history,
        next_at_s=at_s + pause_s,
        open_at_s=at_s if video.status.is_open else history.open_at_s,
        no_file_at_s=None if video.no_file_since_s is None else _first(history.no_file_at_s, at_s),
        spread=0.0,
        faults=0,
        unknown_answers=0,
        transport_faults=0,
    )


def _first(known_s: float | None, at_s: float) -> float:
    return at_s if known_s is None else known_s


def seen_duration_s(history: PollHistory, *, at_s: float) -> float | None:
    """How long a clip found finished at ``at_s`` took, in the middle of the doubt, if it was seen open."""
    if history.open_at_s is None or history.was_renewed or not history.knows_creation:
        return None
    return (history.age_s(history.open_at_s) + history.age_s(at_s)) / 2


def after_fault(history: PollHistory, *, at_s: float, interval_s: float) -> PollHistory:
    """The history after a passing fault at ``at_s``: the row backs off, and never hurries for it."""
    slowly_s = _age_interval_s(history.age_s(at_s))
    pause_s = max(interval_s, slowly_s, _BACK_OFF_S[min(history.faults, len(_BACK_OFF_S) - 1)])
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


def earliest_allowed_s(asked_at_s: float | None) -> float:
    """When a row last asked about at ``asked_at_s`` may be asked about again, whoever wishes it."""
    return 0.0 if asked_at_s is None else asked_at_s + MIN_INTERVAL_S
