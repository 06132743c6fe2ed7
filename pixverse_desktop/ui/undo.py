"""Changes of the list that can be taken back, one entry of the undo stack each."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from PySide6.QtGui import QUndoCommand

from pixverse_desktop.core.marks import Marking, Marks
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.library import Library, MoveOutcome

Start = Callable[[Coroutine[Any, Any, Any], str], None]
"""Starts a change; each waits for those that were started before."""


class Removal(QUndoCommand):
    """Rows taken off the list."""

    def __init__(
        self,
        videos: Sequence[Video],
        library: Library,
        start: Start,
        put_back: Callable[[Sequence[Video]], None],
        text: str,
    ) -> None:
        super().__init__(text)
        self._put_back = put_back
        self._videos = tuple(videos)
        self._library = library
        self._start = start

    def redo(self) -> None:
        """Take the rows off."""
        self._start(self._library.remove([video.ref for video in self._videos]), "remove")

    def undo(self) -> None:
        """Put the rows back as they were."""
        self._put_back(self._videos)


class Moved(QUndoCommand):
    """Rows given to another account. Which of them went is known when the move is done, not before."""

    def __init__(
        self,
        refs: Sequence[VideoRef],
        account: str,
        library: Library,
        start: Start,
        told: Callable[[MoveOutcome], None],
        text: str,
    ) -> None:
        super().__init__(text)
        self._refs = tuple(refs)
        self._account = account
        self._library = library
        self._start = start
        self._told = told
        self._moved: Sequence[tuple[Video, Video]] = ()

    def redo(self) -> None:
        """Give the rows to the other account."""
        self._start(self._move(), "move")

    def undo(self) -> None:
        """Give the rows back as they were."""
        self._start(self._move_back(), "move back")

    async def _move(self) -> None:
        outcome = await self._library.move(self._refs, self._account)
        self._moved = outcome.moved
        self._told(outcome)

    async def _move_back(self) -> None:
        await self._library.move_back(self._moved)


class Marked(QUndoCommand):
    """Rows given other marks. What they had before is known when the change is done, not before."""

    def __init__(
        self, refs: Sequence[VideoRef], marking: Marking, library: Library, start: Start, text: str
    ) -> None:
        super().__init__(text)
        self._refs = tuple(refs)
        self._marking = marking
        self._before: Mapping[VideoRef, Marks] = {}
        self._library = library
        self._start = start

    def redo(self) -> None:
        """Give the rows their new marks."""
        self._start(self._mark(), "mark")

    def undo(self) -> None:
        """Give the rows back the marks they had."""
        self._start(self._unmark(), "unmark")

    async def _mark(self) -> None:
        self._before = await self._library.mark(self._refs, self._marking)

    async def _unmark(self) -> None:
        await self._library.set_marks(self._before)
