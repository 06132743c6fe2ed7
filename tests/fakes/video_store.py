"""A list that lives in memory, and can be told to fail like a full disk."""

from collections.abc import Iterable, Sequence

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.video import Account, Video, VideoRef

DISK_FULL = "The list could not be read or written: the disk is full."


class FakeVideoStore:
    """The ``VideoStore`` port.

    Attributes:
        is_failing: while true, every change raises ``StoreFailed`` and is not made.
        writes: how many calls changed something.
    """

    def __init__(self) -> None:
        self._rows: dict[VideoRef, Video] = {}
        self._removed: set[VideoRef] = set()
        self._accounts: dict[str, Account] = {}
        self.is_failing = False
        self.writes = 0

    def row(self, video_id: str, account: str = "default") -> Video | None:
        """What stands on the disk about a row of the list."""
        ref = VideoRef(account, video_id)
        return None if ref in self._removed else self._rows.get(ref)

    async def load(self) -> Sequence[Video]:
        return [video for ref, video in self._rows.items() if ref not in self._removed]

    async def put(self, videos: Iterable[Video]) -> None:
        self._write()
        rows = {video.ref: video for video in videos}
        self._rows.update(rows)
        self._removed.difference_update(rows)

    async def find_removed(self, refs: Iterable[VideoRef]) -> Sequence[Video]:
        return [self._rows[ref] for ref in refs if ref in self._removed]

    async def remove(self, refs: Iterable[VideoRef], *, at_s: float) -> None:
        self._write()
        self._removed.update(ref for ref in refs if ref in self._rows)

    async def accounts(self) -> Sequence[Account]:
        return sorted(self._accounts.values(), key=lambda account: account.name)

    async def put_account(self, account: Account) -> None:
        self._write()
        self._accounts[account.name] = account

    async def remove_account(self, name: str) -> None:
        self._write()
        self._accounts.pop(name, None)

    def _write(self) -> None:
        if self.is_failing:
            raise StoreFailed(DISK_FULL)
        self.writes += 1
