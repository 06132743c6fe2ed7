"""What the services need of the outer world, and what each implementer must promise."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from pixverse_desktop.core.answers import VideoAnswer
from pixverse_desktop.core.attempts import AttemptRun
from pixverse_desktop.core.copies import CopyFault
from pixverse_desktop.core.half_clips import ClipVersion, HalfClip
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.names import NameRoom
from pixverse_desktop.core.retention import Backup, BackupReason
from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import Account, Balance, Video, VideoRef


class Clock(Protocol):
    """Time. Everything that waits, waits here, so that tests can move it by hand."""

    def now_s(self) -> float:
        """Seconds since 1970 UTC; may jump when the system's clock is set."""
        ...

    def monotonic_s(self) -> float:
        """Seconds since some moment; never goes back."""
        ...

    async def sleep(self, duration_s: float) -> None:
        """Return after ``duration_s``; at the next turn of the loop if it is not positive."""
        ...


class VideoApi(Protocol):
    """The questions asked of PixVerse with one account's key.

    Every question carries a trace id of its own. Raises the ``ServiceError`` family,
    ``ServiceUnreachable`` or ``KeyMissing``, and nothing of the transport's.
    """

    async def get_video_result(self, video_id: str) -> VideoAnswer:
        """Ask what became of a video."""
        ...

    async def get_account_balance(self) -> Balance:
        """Ask for the credits left; also the cheapest test of a key."""
        ...


class VideoStore(Protocol):
    """The list on disk. What it returns from has been written, whole.

    Raises ``StoreFailed`` when it could not.
    """

    async def load(self) -> Sequence[Video]:
        """All rows of the list in the order of their adding."""
        ...

    async def put(self, videos: Iterable[Video], marks: Mapping[VideoRef, Marks] = ...) -> None:
        """Write these rows, and marks, in one transaction; a removed row comes back into the list."""
        ...

    async def find_removed(self, refs: Iterable[VideoRef]) -> Sequence[Video]:
        """Those of ``refs`` that were taken off the list, with all that was known."""
        ...

    async def remove(self, refs: Iterable[VideoRef], *, at_s: float) -> None:
        """Take rows off the list in one transaction; their facts are kept aside."""
        ...

    async def swap(self, work: Callable[[], None]) -> None:
        """Close the list and do blocking ``work`` on its files; whatever came of it, the list goes on."""
        ...

    async def load_marks(self) -> Mapping[VideoRef, Marks]:
        """What a person said of each row that has any mark; also of rows that were removed."""
        ...

    async def put_marks(self, marks: Mapping[VideoRef, Marks]) -> None:
        """Write these marks in one transaction."""
        ...

    async def move(self, moves: Iterable[tuple[VideoRef, Video]]) -> None:
        """Put each row in its new video's place, with its marks and its order, in one transaction.

        What the bin holds under the new key is replaced; its marks stay where the moved row has none.
        """
        ...

    async def load_removed(self, *, since_s: float) -> Sequence[Video]:
        """Rows taken off the list at ``since_s`` or later, the last one first."""
        ...

    async def erase_removed(self) -> int:
        """Forget every removed row for good; how many there were."""
        ...

    async def views(self) -> Mapping[str, str]:
        """Saved searches: their names and what they look for."""
        ...

    async def put_view(self, name: str, query: str) -> None:
        """Add or replace a saved search."""
        ...

    async def remove_view(self, name: str) -> None:
        """Forget a saved search."""
        ...

    async def accounts(self) -> Sequence[Account]:
        """The accounts known by name."""
        ...

    async def put_account(self, account: Account) -> None:
        """Add or replace an account's public half."""
        ...

    async def remove_account(self, name: str) -> None:
        """Forget an account's public half; its videos stay."""
        ...


class AttemptStore(Protocol):
    """Where attempts are kept. Raises ``StoreFailed``."""

    async def attempts(self, ref: VideoRef) -> Sequence[AttemptRun]:
        """What the questions about a video came to, folded, the last at the end."""
        ...

    async def put_attempts(self, attempts: Mapping[VideoRef, Sequence[AttemptRun]]) -> None:
        """Add these to what is kept of each video, in one transaction; what is kept is ``folded``."""
        ...

    async def prune_attempts(self, *, before_s: float, most_videos: int) -> None:
        """Forget those of videos last asked about before ``before_s``; keep the newest ``most_videos``."""
        ...


class SaveStore(Protocol):
    """Where it is kept what is to be saved. Raises ``StoreFailed``."""

    async def saves(self) -> Sequence[QueuedSave]:
        """What is to be saved, or was given up, the earliest first."""
        ...

    async def put_saves(self, kept: Iterable[QueuedSave], dropped: Iterable[VideoRef]) -> None:
        """Add or replace some and forget others, in one transaction."""
        ...


class Backups(Protocol):
    """Copies of the list. Blocking; call it off the loop. Raises ``StoreFailed``."""

    def make(self, reason: BackupReason, *, now_s: float) -> Path | None:
        """Copy the list as it is; None where there is no list yet."""
        ...

    def has_made(self, reason: BackupReason, *, now_s: float) -> bool:
        """Whether a backup for ``reason`` was made on the day of ``now_s``."""
        ...

    def all(self) -> Sequence[Backup]:
        """Every backup that can be read, the newest first."""
        ...

    def restore(self, backup: Path, *, now_s: float) -> Path | None:
        """Put a backup in the list's place, while the list is closed.

        What was there is backed up first, or set aside if it is damaged.
        """
        ...


class KeyVault(Protocol):
    """Where keys live. Every call may block for as long as a person thinks about an unlock prompt.

    A key belongs to an account *and* the address it may be sent to. Raises ``KeychainUnavailable``.
    """

    def get(self, account: Account) -> ApiKey | None:
        """The key, or None."""
        ...

    def put(self, account: Account, key: ApiKey) -> None:
        """Store the key, replacing an earlier one."""
        ...

    def remove(self, account: Account) -> bool:
        """Remove the key; whether there was one."""
        ...


class ClipStream(Protocol):
    """A clip on its way."""

    @property
    def version(self) -> ClipVersion:
        """What the server said of the whole file."""
        ...

    @property
    def begins_at(self) -> int:
        """How many bytes of the file come before the first of ``chunks``."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes in order, a few hundred kB at most at a time.

        Raises ``ClipCutShort`` if the transfer breaks off, ``ClipRefused`` if it cannot be unpacked.
        """
        ...


class ClipSource(Protocol):
    """Where clips come from: plain downloads, which never carry the key."""

    def open(self, url: str, half: HalfClip | None = None) -> AbstractAsyncContextManager[ClipStream]:
        """Begin a download, of the rest of ``half`` if the server proves that it has the same file still.

        Otherwise the stream begins at 0. Raises ``ClipAddressGone``, ``ClipRefused`` or ``ClipCutShort``.
        """
        ...


class PartFile(Protocol):
    """A clip being written under another name, by nobody else. Blocking; call it off the loop.

    Calls from several threads wait for each other; after the end of the file they do nothing.
    """

    @property
    def half(self) -> HalfClip | None:
        """What is there to go on from; None where that is nothing, or nothing that can be proven."""
        ...

    def start(self, version: ClipVersion, begins_at: int) -> None:
        """Take the file from its byte ``begins_at`` on, which is 0 or what ``half`` holds.

        Raises ``FolderUnusable``, also where the disk has no room for the rest.
        """
        ...

    def write(self, data: bytes | bytearray) -> None:
        """Append ``data``. Raises ``FolderUnusable``."""
        ...

    def sync(self) -> None:
        """Let what was written outlive a kill and a power cut, for a later try. Raises ``FolderUnusable``."""
        ...

    def finish(self) -> Path:
        """Check that the file is whole, flush it to disk, give it its final name.

        Never overwrites: a file of the same name and content is taken as the result, another
        content makes a numbered name. Raises ``ClipRefused``, ``FolderUnusable`` or ``ClipCutShort``,
        after which ``half`` is None if going on would not mend it.
        """
        ...

    def keep(self) -> None:
        """End here, and leave to the next try of the same video what it can go on from."""
        ...

    def abandon(self) -> None:
        """End here and remove what was written; harmless after ``finish`` and ``keep``."""
        ...


class ClipFolders(Protocol):
    """Folders that take clips. Blocking; call it off the loop."""

    def begin(self, folder: Path, name: str, ref: VideoRef) -> PartFile:
        """Open a partial file for ``name`` (with extension).

        It is what an ended try left of ``ref``'s clip, or a new one. Nothing of another video is
        taken, nor of another program. Folders before the name, with ``/`` between, are made.
        Raises ``FolderUnusable``.
        """
        ...

    def copy(self, source: Path, folder: Path, name: str, ref: VideoRef) -> Path:
        """Copy a whole clip under the same promises as ``PartFile.finish``."""
        ...

    def room(self, folder: Path) -> NameRoom:
        """How long names may be in a folder, which need not be there yet."""
        ...

    def write_beside(self, clip: Path, record: str, is_ours: Callable[[str], bool]) -> Path:
        """Write ``record`` beside a clip, whole: as ``NAME.json``, or a numbered name where that is taken.

        A file whose text ``is_ours`` says yes to is replaced, and no other. Raises ``FolderUnusable``.
        """
        ...

    def fault_of(self, path: Path, size_bytes: int) -> CopyFault | None:
        """What is wrong with a copy that had so many bytes (0 where nobody counted), or None."""
        ...

    def files_below(self, folder: Path) -> Iterator[tuple[Path, int]]:
        """Every ordinary file in a folder and those below it, with its size in bytes.

        Links are not followed, and what cannot be read is left out. Each step may block.
        """
        ...

    def is_whole(self, path: Path, size_bytes: int) -> bool:
        """Whether ``path`` is a file of exactly that many bytes, or of any size above 0 where that is 0."""
        ...

    def size_of(self, path: Path) -> int:
        """The size of a file in bytes. Raises ``FolderUnusable``."""
        ...

    def whole_clips(self, folder: Path, name: str) -> Sequence[Path]:
        """The whole clips that are in ``folder`` under ``name``, or under it with a number."""
        ...

    def drop_parts(self, folder: Path, refs: Iterable[VideoRef]) -> None:
        """Remove what ended tries left of these clips; what is being written stays."""
        ...

    def trim(self, folder: Path, limit_bytes: int) -> None:
        """Remove the oldest files of a folder of our own, never the newest, until the rest fits."""
        ...

    def discard(self, path: Path) -> None:
        """Remove a file of our own, if it is there."""
        ...

    def clean(self, component: str) -> str:
        """One component of a file name without what any of three systems refuses."""
        ...


class PosterCache(Protocol):
    """Small pictures of clips, for the next run too. Blocking; call it off the loop.

    Never raises: what cannot be kept is made anew. The pictures that were not asked for the longest go first.
    """

    def get(self, ref: VideoRef, clip_bytes: int) -> bytes | None:
        """The picture of a video whose clip has so many bytes, or None."""
        ...

    def put(self, ref: VideoRef, clip_bytes: int, picture: bytes) -> None:
        """Keep a picture, in the place of an earlier one of the same clip."""
        ...


class SettingsStore(Protocol):
    """Where settings are kept."""

    def load(self) -> Settings:
        """The settings. Raises ``InputUnreadable`` when they are damaged (and were set aside)."""
        ...

    def save(self, settings: Settings) -> None:
        """Keep the settings. Raises ``StoreFailed``."""
        ...


class IdShelf(Protocol):
    """A place for ids the list cannot take yet. Never raises: where nothing can be kept, it says so."""

    def put(self, refs: Sequence[VideoRef]) -> bool:
        """Let the shelf hold exactly these; whether it does. Blocks."""
        ...

    def read(self) -> Sequence[VideoRef]:
        """What the shelf holds. Blocks."""
        ...
