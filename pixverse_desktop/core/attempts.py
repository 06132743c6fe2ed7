"""One question to PixVerse as it is remembered: when, what came back, and under which trace id."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from pixverse_desktop.core.video import VideoRef

MOST_RUNS = 50
MOST_TRACE_IDS = 5


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one question about one video came to.

    Attributes:
        at_s: when it was asked, in seconds since 1970 UTC.
        code: the status code of a good answer, or the error's code; None where there was neither.
        outcome: what came back, in words fit to be shown; no key, no address.
        trace_id: the ``Ai-trace-id`` it was asked with, for PixVerse's support.
    """

    ref: VideoRef
    at_s: float
    code: int | None
    outcome: str
    trace_id: str


@dataclass(frozen=True, slots=True)
class AttemptRun:
    """Questions in a row that came to the same: a video that waits is asked about a hundred times.

    Attributes:
        first_at_s: when the first of them was asked, in seconds since 1970 UTC.
        last_at_s: when the last was.
        times: how many there were.
        trace_ids: those of the last ones, the newest at the end; at most ``MOST_TRACE_IDS``.
    """

    first_at_s: float
    last_at_s: float
    times: int
    code: int | None
    outcome: str
    trace_ids: tuple[str, ...]

    @property
    def trace_id(self) -> str:
        """The trace id of the last question, or empty."""
        return self.trace_ids[-1] if self.trace_ids else ""


def run_of(attempt: Attempt) -> AttemptRun:
    """One attempt as a run of one."""
    trace_ids = (attempt.trace_id,) if attempt.trace_id else ()
    return AttemptRun(attempt.at_s, attempt.at_s, 1, attempt.code, attempt.outcome, trace_ids)


def folded(earlier: Sequence[AttemptRun], later: Iterable[AttemptRun]) -> tuple[AttemptRun, ...]:
    """Both in their order, equal neighbours as one; the last ``MOST_RUNS`` of them."""
    runs = list(earlier)
    for run in later:
        if runs and (runs[-1].code, runs[-1].outcome) == (run.code, run.outcome):
            runs[-1] = _joined(runs[-1], run)
        else:
            runs.append(run)
    return tuple(runs[-MOST_RUNS:])


def _joined(earlier: AttemptRun, later: AttemptRun) -> AttemptRun:
    return replace(
        earlier,
        last_at_s=later.last_at_s,
        times=earlier.times + later.times,
        trace_ids=(earlier.trace_ids + later.trace_ids)[-MOST_TRACE_IDS:],
    )
