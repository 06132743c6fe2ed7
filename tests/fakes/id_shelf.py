"""A shelf in memory that can be told to take nothing."""

from collections.abc import Sequence

from pixverse_desktop.core.video import VideoRef


class FakeShelf:
    """The ``IdShelf`` port.

    Attributes:
        is_full: takes nothing any more; what it holds stays.
    """

    def __init__(self, refs: Sequence[VideoRef] = ()) -> None:
        self._refs = tuple(refs)
        self.is_full = False

    def put(self, refs: Sequence[VideoRef]) -> bool:
        if self.is_full and refs:
            return False
        self._refs = tuple(refs)
        return True

    def read(self) -> Sequence[VideoRef]:
        return self._refs
