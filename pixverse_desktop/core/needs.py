"""Which rows wait for a person, because asking on leads nowhere by itself."""

from pixverse_desktop.core.schedule import STALLED_WORDS
from pixverse_desktop.core.video import Video, VideoStatus

_ENDED_IN_DOUBT = frozenset({VideoStatus.STOPPED, VideoStatus.NOT_FOUND})
# Those a second question may turn out well for: a verdict can be a slip, and a slip can be mended.
_ASKED_AGAIN = _ENDED_IN_DOUBT | {VideoStatus.FAILED, VideoStatus.MODERATED}


def needs_you(video: Video) -> bool:
    """Whether a person should look: stopped, not found, stalled for hours, or finished without a file."""
    if video.status in _ENDED_IN_DOUBT:
        return True
    return video.status.is_open and (video.no_file_since_s is not None or is_stalled(video))


def is_stalled(video: Video) -> bool:
    """Whether an open row was found to have taken longer than any video does."""
    return video.status.is_open and video.message == STALLED_WORDS


def is_worth_another_try(video: Video) -> bool:
    """Whether "check all failed again" asks about it."""
    return video.status in _ASKED_AGAIN
