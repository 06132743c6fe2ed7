"""Clips that are to be on disk: what is kept of each until it is there, and when it is tried again."""

from collections.abc import Iterable
from dataclasses import dataclass

from pixverse_desktop.core.errors import (
    ClipAddressGone,
    ClipCutShort,
    FolderUnusable,
    PixverseError,
    StoreFailed,
)
from pixverse_desktop.core.video import Video, VideoRef

FOLDER_PAUSE_S = 60.0
"""How often a folder that cannot take clips is tried."""

_FIRST_PAUSE_S = 60.0
_LONGEST_PAUSE_S = 3600.0


@dataclass(frozen=True, slots=True)
class QueuedSave:
    """A clip that is to be saved, or that automatic saving is to leave alone.

    Attributes:
        folder: where it is to be.
        queued_at_s: when that was wished, in seconds since 1970 UTC.
        reason: why it is not there yet, as a sentence; or empty.
        is_over: whether it was cancelled or cannot be saved, so that only a person begins it again.
    """

    ref: VideoRef
    folder: str
    queued_at_s: float
    reason: str = ""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class SavingOverview:
    """How all saving stands.

    Attributes:
        done: clips that were saved since there was nothing to save.
        total: these, and those that are being saved or wait for their turn.
        held: clips that could not be saved, and are tried again by themselves.
        share: how much of ``total`` is done, 0 to 1.
        left_s: seconds until all is saved, or None while nobody can tell.
    """

    done: int = 0
    total: int = 0
    held: int = 0
    share: float = 0.0
    left_s: float | None = None
    is_paused: bool = False

    @property
    def waiting(self) -> int:
        """Clips that are being saved or wait for their turn."""
        return self.total - self.done


def is_folder_fault(error: PixverseError) -> bool:
    """Whether a disk and not the transfer is to blame."""
    return isinstance(error, FolderUnusable | StoreFailed)


def can_pass(error: PixverseError) -> bool:
    """Whether the same clip may well be saved later, with nothing done about it here."""
    return isinstance(error, ClipCutShort | ClipAddressGone) or is_folder_fault(error)


def pause_s(failures: int) -> float:
    """Seconds before a clip is tried again after so many failures: ever longer, an hour at most."""
    return float(min(_FIRST_PAUSE_S * 2 ** min(failures - 1, 10), _LONGEST_PAUSE_S))


def unsaved(videos: Iterable[Video]) -> list[VideoRef]:
    """The rows that have a clip which was not saved yet."""
    return [video.ref for video in videos if video.is_fetchable and not video.is_saved]


def made_at_s(video: Video) -> float:
    """When a clip was made, or else added: the newest is saved first. Seconds since 1970 UTC."""
    return video.created_at_s or video.added_at_s
