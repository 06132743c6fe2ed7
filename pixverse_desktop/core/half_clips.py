"""What is known of a clip that is only half here: enough to go on from its last safe byte, or not to."""

import json
import re
from dataclasses import dataclass

from pixverse_desktop.core.video import VideoRef

_LAYOUT = 1
_STRONG_ETAG = re.compile(r'"[\x21\x23-\x7e]{1,500}"')
_HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT")


@dataclass(frozen=True, slots=True)
class ClipVersion:
    """What a server said of a file, by which the same bytes are known again.

    Attributes:
        validator: a strong ETag with its quotes, or a date of the last change, or "" where neither proves it.
        total_bytes: the length of the whole file, or None where it was not told.
    """

    validator: str = ""
    total_bytes: int | None = None

    @property
    def can_be_resumed(self) -> bool:
        """Whether a later answer can prove that it goes on with these very bytes."""
        return bool(self.validator) and self.total_bytes is not None


UNKNOWN_VERSION = ClipVersion()


@dataclass(frozen=True, slots=True)
class HalfClip:
    """The beginning of a video's clip that is on disk.

    Attributes:
        ref: whose clip it is; no other video may have these bytes.
        version: the file they came from.
        held_bytes: how many bytes from the beginning are there.
    """

    ref: VideoRef
    version: ClipVersion
    held_bytes: int

    @property
    def is_complete(self) -> bool:
        """Whether nothing is missing any more."""
        return self.held_bytes == self.version.total_bytes


def is_validator(text: str) -> bool:
    """Whether ``text`` may stand in ``If-Range``: a strong ETag, or a date as HTTP writes it."""
    return bool(_STRONG_ETAG.fullmatch(text) or _HTTP_DATE.fullmatch(text))


def to_record(half: HalfClip) -> str:
    """``half`` as the JSON text that is kept beside the file."""
    entries = {
        "layout": _LAYOUT,
        "account": half.ref.account,
        "video_id": half.ref.video_id,
        "validator": half.version.validator,
        "total_bytes": half.version.total_bytes,
        "held_bytes": half.held_bytes,
    }
    return json.dumps(entries, indent=1) + "\n"


def from_record(text: str) -> HalfClip | None:
    """What ``to_record`` wrote, or None for anything else."""
    try:
        entries = json.loads(text)
    except (ValueError, RecursionError):
        return None
    match entries:
        case {
            "layout": 1,
            "account": str(account),
            "video_id": str(video_id),
            "validator": str(validator),
            "total_bytes": int() | None as total_bytes,
            "held_bytes": int(held_bytes),
        }:
            half = HalfClip(VideoRef(account, video_id), ClipVersion(validator, total_bytes), held_bytes)
            return half if _makes_sense(half) else None
    return None


def _makes_sense(half: HalfClip) -> bool:
    version = half.version
    if half.held_bytes == 0:
        return not version.validator or is_validator(version.validator)
    return is_validator(version.validator) and 0 < half.held_bytes <= (version.total_bytes or 0)
