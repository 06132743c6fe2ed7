"""A row as other programs see it: names and values of the JSON and CSV exports."""

import json
from datetime import UTC, datetime
from typing import Any

from pixverse_desktop.core.video import Video

COLUMNS = (
    "account", "video_id", "status", "status_code", "message", "prompt", "negative_prompt", "style",
    "seed", "width", "height", "size_bytes", "has_audio", "credits", "created_at", "modified_at",
    "added_at", "ended_at", "url", "saved_path", "saved_bytes",
)  # fmt: skip


def as_record(video: Video) -> dict[str, Any]:
    """``video`` with the names of ``COLUMNS``; times as RFC 3339 in UTC, or None."""
    return {
        "account": video.account,
        "video_id": video.video_id,
        "status": video.status.value,
        "status_code": video.status_code,
        "message": video.message,
        "prompt": video.prompt,
        "negative_prompt": video.negative_prompt,
        "style": video.style,
        "seed": video.seed,
        "width": video.width,
        "height": video.height,
        "size_bytes": video.size_bytes,
        "has_audio": video.has_audio,
        "credits": video.credits,
        "created_at": rfc3339(video.created_at_s),
        "modified_at": rfc3339(video.modified_at_s),
        "added_at": rfc3339(video.added_at_s),
        "ended_at": rfc3339(video.ended_at_s),
        "url": video.url,
        "saved_path": video.saved_path,
        "saved_bytes": video.saved_bytes,
    }


def as_full_record(video: Video) -> dict[str, Any]:
    """``as_record`` with the service's last answer as it came, so that nothing is lost in an export."""
    try:
        raw = json.loads(video.raw) if video.raw else None
    except ValueError:
        raw = video.raw
    return {**as_record(video), "raw": raw}


def rfc3339(moment_s: float | None) -> str | None:
    """Seconds since 1970 UTC as text, or None."""
    if moment_s is None:
        return None
    try:
        return datetime.fromtimestamp(moment_s, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    except (OverflowError, OSError, ValueError):
        return None
