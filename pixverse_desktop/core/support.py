"""What PixVerse's support is sent about a video: ids, codes and trace ids; never a key or an address."""

from collections.abc import Sequence

from pixverse_desktop.core.attempts import AttemptRun
from pixverse_desktop.core.records import rfc3339
from pixverse_desktop.core.video import Video

_LAST_ATTEMPTS = 5


def support_text(video: Video, runs: Sequence[AttemptRun] = ()) -> str:
    """A video in the words support asks for, with the last of its attempts."""
    lines = {
        "video_id": video.video_id,
        "status": f"{video.status.value} ({video.status_code})",
        "message": video.message,
        "Ai-trace-id": video.trace_id,
        "created": rfc3339(video.created_at_s),
        "added": rfc3339(video.added_at_s),
        "ended": rfc3339(video.ended_at_s),
    }
    facts = [f"{name}: {value}" for name, value in lines.items() if value]
    return "\n".join([*facts, *(["attempts:", *attempt_lines(runs[-_LAST_ATTEMPTS:])] if runs else [])])


def attempt_lines(runs: Sequence[AttemptRun]) -> list[str]:
    """Attempts as lines, one a run of equal ones, each with all the trace ids that are kept."""
    return [f"  {line}" for line in map(_line, runs)]


def _line(run: AttemptRun) -> str:
    when = rfc3339(run.last_at_s) or ""
    if run.times > 1:
        when = f"{rfc3339(run.first_at_s)} to {when} ({run.times} times)"
    code = "" if run.code is None else f" ({run.code})"
    traces = f"; Ai-trace-id: {', '.join(run.trace_ids)}" if run.trace_ids else ""
    return f"{when}: {run.outcome}{code}{traces}"
