"""One video as this program knows it: a row from the moment its id is known."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

DEFAULT_ACCOUNT = "default"


class VideoStatus(StrEnum):
    """What a video is doing; the values are the words of our events and exports."""

    WAITING = "waiting"
    READY = "ready"
    MODERATED = "moderated"
    FAILED = "failed"
    DELETED = "deleted"
    NOT_FOUND = "not_found"
    STOPPED = "stopped"
    UNKNOWN = "unknown"

    @property
    def is_open(self) -> bool:
        """Whether PixVerse may still change its mind, so that it is worth asking."""
        return self in (VideoStatus.WAITING, VideoStatus.UNKNOWN)


class VideoRef(NamedTuple):
    """The key of a row. An id alone does not name a video: every account has its own."""

    account: str
    video_id: str


class SavedCopy(NamedTuple):
    """Where a copy is noted to be, and its size; an empty path for none."""

    path: str = ""
    size_bytes: int = 0


class _Keyed:
    """Room for a row's key beside its facts: made once, since it is asked for a million times a start."""

    __slots__ = ("ref",)
    ref: VideoRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Video(_Keyed):
    """Everything known about one video. Never changed, only replaced. ``ref`` is its key.

    Times are seconds since 1970 UTC, sizes are bytes. ``size_bytes`` is the service's own hint
    and may be wrong; ``saved_bytes`` was counted by us. ``raw`` is the last answer as JSON text, so
    that fields nobody reads yet are not lost.
    """

    account: str = DEFAULT_ACCOUNT
    video_id: str
    added_at_s: float
    status: VideoStatus = VideoStatus.WAITING
    status_code: int | None = None
    message: str = ""
    url: str = ""
    prompt: str = ""
    negative_prompt: str = ""
    style: str = ""
    seed: int | None = None
    width: int = 0
    height: int = 0
    size_bytes: int = 0
    has_audio: bool | None = None
    credits: int | None = None
    created_at_s: float | None = None
    modified_at_s: float | None = None
    ended_at_s: float | None = None
    no_file_since_s: float | None = None
    second_look_done: bool = False
    saved_path: str = ""
    saved_bytes: int = 0
    trace_id: str = ""
    raw: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ref", VideoRef(self.account, self.video_id))

    @property
    def is_saved(self) -> bool:
        """Whether a whole copy was written to disk (it may have been moved since)."""
        return bool(self.saved_path)

    @property
    def copy(self) -> SavedCopy:
        """The copy that was written to disk, as noted."""
        return SavedCopy(self.saved_path, self.saved_bytes)

    @property
    def is_fetchable(self) -> bool:
        """Whether there is a clip to play or save."""
        return self.status is VideoStatus.READY and bool(self.url)


@dataclass(frozen=True, slots=True)
class Balance:
    """Credits of an account. The monthly part is reset by PixVerse, the package part is not."""

    monthly: int
    package: int

    @property
    def total(self) -> int:
        """All credits that can be spent."""
        return self.monthly + self.package


@dataclass(frozen=True, slots=True)
class Account:
    """A named key's public half: where it may be sent. The key itself is in the keychain."""

    name: str
    base_url: str
