"""The service's JSON into our values: tolerant of types, strict about meaning."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from pixverse_desktop.core.answers import VideoAnswer
from pixverse_desktop.core.errors import ServiceBusy
from pixverse_desktop.core.redaction import HIDDEN
from pixverse_desktop.core.video import Balance

_MAX_RAW_CHARS = 64 * 1024
_MAX_TEXT_CHARS = 20_000
_MAX_NUMBER = 2**63 - 1  # what SQLite can hold
_DIGITS = re.compile(r"-?[0-9]{1,20}\Z")

_ENVELOPE_DECODER = msgspec.json.Decoder()


def decode_envelope(body: bytes, *, secret: str) -> dict[str, Any] | None:
    """The answer's outer object without ``secret``, or None when the body is not one JSON object.

    An answer will be shown and kept, and a service may have quoted the key in any of its fields, in any
    of JSON's ways to write a letter.
    """
    try:
        value = _without(secret, _ENVELOPE_DECODER.decode(body))
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError):
        return None
    return value if isinstance(value, dict) else None


def _without(secret: str, value: object) -> object:
    if isinstance(value, str):
        return value.replace(secret, HIDDEN)
    if isinstance(value, list):
        return [_without(secret, each) for each in value]
    if isinstance(value, dict):
        return {_without(secret, name): _without(secret, each) for name, each in value.items()}
    return value


def whole_number(value: object) -> int | None:
    """``value`` as an integer: an int, a float without fraction, or a digit string; never a bool."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and _DIGITS.match(value.strip()):
        value = int(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < _MAX_NUMBER:
        value = int(value)
    return value if isinstance(value, int) and abs(value) <= _MAX_NUMBER else None


def read_video(resp: object, *, video_id: str, trace_id: str) -> VideoAnswer:
    """The answer about ``video_id``.

    Raises:
        ServiceBusy: there is no such object, or it is about another video.
    """
    if not isinstance(resp, dict):
        raise ServiceBusy("PixVerse’s answer held nothing about this video.", code=0)
    if not _is_about(resp.get("id"), video_id):
        raise ServiceBusy("PixVerse answered about another video.", code=0)
    status = resp.get("status")
    code = whole_number(status)
    return VideoAnswer(
        status_code=code,
        status_text="" if code is not None or status is None else _text(str(status))[:40],
        url=_text(resp.get("url")),
        prompt=_text(resp.get("prompt")),
        negative_prompt=_text(resp.get("negative_prompt")),
        style=_text(resp.get("style")),
        seed=whole_number(resp.get("seed")),
        width=_positive(resp.get("outputWidth")),
        height=_positive(resp.get("outputHeight")),
        size_bytes=_positive(resp.get("size")),
        has_audio=_flag(resp.get("has_audio")),
        credits=whole_number(resp.get("credits")),
        created_at_s=_moment(resp.get("create_time")),
        modified_at_s=_moment(resp.get("modify_time")),
        trace_id=trace_id,
        raw=_raw(resp),
    )


def read_balance(resp: object) -> Balance:
    """The credits of an account. Raises ``ServiceBusy`` when neither figure is there."""
    figures: Mapping[str, Any] = resp if isinstance(resp, dict) else {}
    monthly = whole_number(figures.get("credit_monthly"))
    package = whole_number(figures.get("credit_package"))
    if monthly is None and package is None:
        raise ServiceBusy("PixVerse’s answer held no credits.", code=0)
    return Balance(monthly=monthly or 0, package=package or 0)


def short_text(value: object, limit: int = 160) -> str:
    """Foreign text for people: one plain line, shortened."""
    text = " ".join("".join(mark if mark.isprintable() else " " for mark in _text(value)).split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _is_about(given: object, video_id: str) -> bool:
    """Whether the answer's own id is ours; a missing one is (the reference requires no field)."""
    if given is None or given == "":
        return True
    if isinstance(given, float):
        return given == float(video_id)
    if isinstance(given, bool) or not isinstance(given, int | str):
        return False
    return str(given).strip() == video_id


def _text(value: object) -> str:
    """A string that can be written as UTF-8; JSON may smuggle in half a surrogate pair."""
    if not isinstance(value, str):
        return ""
    return value[:_MAX_TEXT_CHARS].encode(errors="replace").decode()


def _positive(value: object) -> int:
    return max(0, whole_number(value) or 0)


def _flag(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _moment(value: object) -> float | None:
    """RFC 3339 into seconds since 1970 UTC; None for anything that is not a moment after 2000."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        seconds = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
    return seconds if seconds > 946_684_800 else None


def _raw(resp: dict[str, Any]) -> str:
    """The answer as text, or nothing when it is absurdly long or cannot be written again."""
    try:
        text = msgspec.json.encode(resp).decode(errors="replace")
    except (msgspec.MsgspecError, ValueError, RecursionError, OverflowError, TypeError):
        return ""
    return text if len(text) <= _MAX_RAW_CHARS else ""
