"""What is told to a person who is not looking at the window: one summary, made of what happened meanwhile."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from pixverse_desktop.core.events import ConnectionChanged
from pixverse_desktop.core.needs import is_stalled
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus


class Ending(Enum):
    """How a video came to an end, or to a stop, as it is told."""

    READY = "ready"
    FAILED = "failed"
    MODERATED = "moderated"
    DELETED = "deleted"
    NEEDS_YOU = "needs_you"


_ENDINGS = {
    VideoStatus.READY: Ending.READY,
    VideoStatus.FAILED: Ending.FAILED,
    VideoStatus.MODERATED: Ending.MODERATED,
    VideoStatus.DELETED: Ending.DELETED,
    VideoStatus.NOT_FOUND: Ending.NEEDS_YOU,
    VideoStatus.STOPPED: Ending.NEEDS_YOU,
}


def ending_of(before: Video, after: Video) -> Ending | None:
    """What a change says of a video's end, or None if it is none.

    A row that says the same as before, after it was asked about again, has not ended anew.
    """
    if is_stalled(after):
        return None if is_stalled(before) else Ending.NEEDS_YOU
    return None if before.status is after.status else _ENDINGS.get(after.status)


@dataclass(frozen=True, slots=True)
class Summary:
    """All that is told at once, in place of what was told before.

    Attributes:
        endings: the rows that ended since the person looked last, in the order of their ending.
        troubles: accounts whose key is refused, or that have been offline for a while.
    """

    endings: Mapping[VideoRef, Ending] = field(default_factory=dict)
    troubles: tuple[ConnectionChanged, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.endings or self.troubles)

    def counts(self) -> Counter[Ending]:
        """How many rows ended in each way."""
        return Counter(self.endings.values())


@dataclass(frozen=True, slots=True)
class Notice:
    """A summary in words: plain text without any markup."""

    title: str
    body: str = ""
