"""Changes of the list that can be taken back, one entry of the undo stack each."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from pixverse_desktop.core.marks import Marking, Marks
from pixverse_desktop.core.video import SavedCopy, Video, VideoRef
from pixverse_desktop.services.library import Library, MoveOutcome

Start = Callable[[Coroutine[Any, Any, Any], str], None]


class History(QUndoStack):
    """What was done. An entry that turns out to have changed nothing is dropped once it is the next to undo.

    Signals:
        told(str): a sentence about what was taken back, or done again, after the fact.

    Attributes:
        start: starts a change; each waits for those that were started before.
    """

    told = Signal(str)

    def __init__(self, start: Start, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.start = start

    def undo(self) -> None:
        """Take back the last change, so that the next one to take back is one that changed something."""
        super().undo()
        self.drop_empty()

    def drop_empty(self) -> None:
        """Drop the entries at the top that changed nothing."""
        while (index := self.index()) > 0:
            last = self.command(index - 1)
            if not isinstance(last, Change) or not last.is_empty:
                break
            last.setObsolete(True)
            super().undo()  # takes an obsolete entry from the stack, and does no more

    def count_kept(self) -> None:
        """Count as done the next entries that could not be taken back."""
        while isinstance(entry := self.command(self.index()), Change) and entry.is_kept:
            self.redo()


class Change(QUndoCommand):
    """One entry, begun when it is pushed and done later; it may be off the stack, and deleted by Qt, by then.

    Attributes:
        is_empty: it turned out to have changed nothing.
        is_kept: it could not be taken back, so that it stands in the list as before.
    """

    def __init__(self, history: History, text: str) -> None:
        super().__init__(text)
        self._history = history
        self._deed = text
        self._was_undone = False
        self._stands = False
        self.is_empty = False
        self.is_kept = False

    async def do(self) -> bool:
        """Make the change; whether anything is different now."""
        raise NotImplementedError

    async def take_back(self) -> bool:
        """Bring back what was there before ``do``; whether anything is different now."""
        raise NotImplementedError

    def redo(self) -> None:
        """Start the change, the first time and again."""
        self._history.start(self._do(is_again=self._was_undone), "do")

    def undo(self) -> None:
        """Start taking it back."""
        self._was_undone = True
        self.is_kept = False
        self._history.start(self._undo(), "undo")

    async def _do(self, *, is_again: bool) -> None:
        if self._stands:
            return
        try:
            self._stands = await self.do()
        finally:
            self.is_empty = not self._stands
            self._history.drop_empty()
        if is_again and self._stands:
            self._tell(self._history.tr("Done again: %1"))

    async def _undo(self) -> None:
        if not self._stands:
            return
        try:
            is_different = await self.take_back()
        except Exception:  # not where the program ends: then nothing is begun any more
            self.is_kept = True
            raise
        else:
            self._stands = False
        finally:
            self._history.count_kept()
        if is_different:
            self._tell(self._history.tr("Undone: %1"))

    def _tell(self, sentence: str) -> None:
        self._history.told.emit(sentence.replace("%1", self._deed[:1].lower() + self._deed[1:]))


class Removal(Change):
    """Rows taken off the list.

    Attributes:
        removed: what was taken off, once it was.
    """

    def __init__(
        self,
        refs: Sequence[VideoRef],
        library: Library,
        history: History,
        told: Callable[["Removal"], None],
        returned: Callable[[Sequence[Video]], None],
        text: str,
    ) -> None:
        super().__init__(history, text)
        self._refs = tuple(refs)
        self._library = library
        self._told = told
        self._returned = returned
        self.removed: Sequence[Video] = ()

    async def do(self) -> bool:
        """Take the rows off."""
        self.removed = await self._library.remove(self._refs)
        if self.removed:
            self._told(self)
        return bool(self.removed)

    async def take_back(self) -> bool:
        """Put the rows back as they were."""
        back = await self._library.put_back(self.removed)
        self._returned(back)
        return bool(back)


class Moved(Change):
    """Rows given to another account."""

    def __init__(
        self,
        refs: Sequence[VideoRef],
        account: str,
        library: Library,
        history: History,
        told: Callable[[MoveOutcome], None],
        text: str,
    ) -> None:
        super().__init__(history, text)
        self._refs = tuple(refs)
        self._account = account
        self._library = library
        self._told = told
        self._moved: Sequence[tuple[Video, Video]] = ()

    async def do(self) -> bool:
        """Give the rows to the other account."""
        outcome = await self._library.move(self._refs, self._account)
        self._moved = outcome.moved
        self._told(outcome)
        return bool(outcome.moved)

    async def take_back(self) -> bool:
        """Give the rows back as they were."""
        return bool(await self._library.move_back(self._moved))


class CopiesNoted(Change):
    """Rows whose saved copies are noted to be elsewhere, or nowhere."""

    def __init__(
        self, copies: Mapping[VideoRef, SavedCopy], library: Library, history: History, text: str
    ) -> None:
        super().__init__(history, text)
        self._copies = dict(copies)
        self._library = library
        self._before: Mapping[VideoRef, SavedCopy] = {}

    async def do(self) -> bool:
        """Note where the copies are."""
        self._before = await self._library.note_copies(self._copies)
        return bool(self._before)

    async def take_back(self) -> bool:
        """Note what was noted before."""
        return bool(await self._library.note_copies(self._before))


class Marked(Change):
    """Rows given other marks."""

    def __init__(
        self, refs: Sequence[VideoRef], marking: Marking, library: Library, history: History, text: str
    ) -> None:
        super().__init__(history, text)
        self._refs = tuple(refs)
        self._marking = marking
        self._library = library
        self._before: Mapping[VideoRef, Marks] = {}

    async def do(self) -> bool:
        """Give the rows their new marks."""
        self._before = await self._library.mark(self._refs, self._marking)
        return bool(self._before)

    async def take_back(self) -> bool:
        """Give the rows back the marks they had."""
        return await self._library.set_marks(self._before) != self._before
