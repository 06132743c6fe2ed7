"""What happened, told after the fact: small immutable values, batched where many come at once."""

from dataclasses import dataclass
from enum import StrEnum

from pixverse_desktop.core.attempts import Attempt
from pixverse_desktop.core.video import Balance, Video, VideoRef


@dataclass(frozen=True, slots=True)
class VideosAdded:
    """These rows are new in the list; they are on disk already."""

    videos: tuple[Video, ...]


@dataclass(frozen=True, slots=True)
class VideosChanged:
    """These rows changed: pairs of before and after."""

    changes: tuple[tuple[Video, Video], ...]


@dataclass(frozen=True, slots=True)
class VideosRemoved:
    """These rows left the list."""

    videos: tuple[Video, ...]


@dataclass(frozen=True, slots=True)
class ListReplaced:
    """The whole list is another one: a backup was restored."""


@dataclass(frozen=True, slots=True)
class MarksChanged:
    """What a person says of these rows changed."""

    refs: tuple[VideoRef, ...]


class ConnectionKind(StrEnum):
    """How an account and the service stand to each other."""

    IDLE = "idle"
    ONLINE = "online"
    OFFLINE = "offline"
    PAUSED = "paused"
    KEY_REFUSED = "key_refused"
    KEY_MISSING = "key_missing"


@dataclass(frozen=True, slots=True)
class ConnectionChanged:
    """An account's connection, as a whole.

    Attributes:
        message: a sentence for people; empty while all is well.
        retry_in_s: seconds until the next try, where there is one.
    """

    account: str
    kind: ConnectionKind
    message: str = ""
    retry_in_s: float = 0.0


@dataclass(frozen=True, slots=True)
class BalanceChanged:
    """The credits of an account, as last told."""

    account: str
    balance: Balance


@dataclass(frozen=True, slots=True)
class CreditsLow:
    """The credits of an account fell below what a person wishes to be warned of; told once a fall."""

    account: str
    balance: Balance


@dataclass(frozen=True, slots=True)
class AccountsChanged:
    """An account came, went, or has a key now, or none any more."""


@dataclass(frozen=True, slots=True)
class AttemptMade:
    """A question about a video was asked and answered, or failed."""

    attempt: Attempt


class SavePhase(StrEnum):
    """Where the saving of one clip stands."""

    QUEUED = "queued"
    RECEIVING = "receiving"
    SAVED = "saved"
    HELD = "held"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class SaveProgressed:
    """The saving of one clip moved on.

    Attributes:
        total_bytes: the length the server named, or 0 while unknown.
        speed_bytes_s: bytes a second, or 0 while it is too early to tell.
        message: on failure, a sentence for people. What is held is tried again by itself.
        is_disk_fault: on failure, whether the folder and not the transfer is to blame.
        is_news: whether a person should be told, who has not heard it yet.
    """

    ref: VideoRef
    phase: SavePhase
    received_bytes: int = 0
    total_bytes: int = 0
    message: str = ""
    is_disk_fault: bool = False
    speed_bytes_s: float = 0.0
    is_news: bool = True


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something a person should know that belongs to no row, as a sentence."""

    message: str


@dataclass(frozen=True, slots=True)
class WriteFailed:
    """A change of the list could not be written; told each time, for those who count."""


Event = (
    Trouble
    | WriteFailed
    | VideosAdded
    | VideosChanged
    | VideosRemoved
    | MarksChanged
    | ListReplaced
    | ConnectionChanged
    | BalanceChanged
    | CreditsLow
    | AccountsChanged
    | AttemptMade
    | SaveProgressed
)
