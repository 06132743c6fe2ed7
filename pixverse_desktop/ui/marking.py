"""Tags, ratings, rejects, notes and batches of the selected videos, each of which can be taken back."""

from collections import Counter
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.marks import Marking, Marks, batched, noted, rated, rejected, with_tag, without_tag
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.census import Census
from pixverse_desktop.services.library import Library
from pixverse_desktop.ui.mark_dialogs import TagDialog, TextDialog
from pixverse_desktop.ui.undo import Marked

Start = Callable[[Coroutine[Any, Any, Any], str], None]


class MarkCommands(QObject):
    """Deeds on what a person says of videos."""

    def __init__(
        self, library: Library, census: Census, undo: QUndoStack, start: Start, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._library = library
        self._census = census
        self._undo = undo
        self._start = start

    def rate(self, refs: Sequence[VideoRef], rating: int) -> None:
        """Give 1 to 5, or 0 to take the rating back."""
        self._mark(refs, rated(rating), self.tr("Rate"))

    def toggle_reject(self, refs: Sequence[VideoRef]) -> None:
        """Reject, or take it back if all are rejected."""
        are_all = all(self._library.marks(ref).is_rejected for ref in refs)
        self._mark(refs, rejected(not are_all), self.tr("Take back reject") if are_all else self.tr("Reject"))

    def ask_tags(self, refs: Sequence[VideoRef]) -> None:
        """Open the window for tags."""
        if not refs:
            return
        counts = Counter(tag for ref in refs for tag in self._library.marks(ref).tags)
        shares = {tag: count / len(refs) for tag, count in counts.items()}
        known = [tag for tag, count in self._census.tags.items() if count > 0]
        TagDialog(shares, known, lambda added, removed: self.tag(refs, added, removed), self._window).open()

    def tag(self, refs: Sequence[VideoRef], added: Sequence[str], removed: Sequence[str] = ()) -> None:
        """Add and remove tags."""

        def marking(marks: Marks) -> Marks:
            for tag in removed:
                marks = without_tag(tag)(marks)
            for tag in added:
                marks = with_tag(tag)(marks)
            return marks

        self._mark(refs, marking, self.tr("Tag"))

    def ask_note(self, refs: Sequence[VideoRef]) -> None:
        """Open the window for a note."""
        if refs:
            title = self.tr("Note")
            text = self._library.marks(refs[0]).note
            TextDialog(
                title, text, lambda note: self._mark(refs, noted(note), title), self._window, is_long=True
            ).open()

    def ask_batch(self, refs: Sequence[VideoRef]) -> None:
        """Open the window for the name of a batch."""
        if refs:
            title = self.tr("Batch")
            text = self._library.marks(refs[0]).batch
            TextDialog(title, text, lambda name: self._mark(refs, batched(name), title), self._window).open()

    def _mark(self, refs: Sequence[VideoRef], marking: Marking, text: str) -> None:
        if refs:
            self._undo.push(Marked(refs, marking, self._library, self._start, text))
