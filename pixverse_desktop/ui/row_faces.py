"""What each cell of a row shows: its words and their colour, with how far the saving of its clip is."""

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon

from pixverse_desktop.core.events import SavePhase, SaveProgressed
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.ui import messages, theme
from pixverse_desktop.ui.columns import FACES, Column
from pixverse_desktop.ui.row_list import Row

_OVER = (SavePhase.SAVED, SavePhase.CANCELLED)
_TROUBLED = (SavePhase.HELD, SavePhase.FAILED)
_STRUCK_OUT = (Column.VIDEO_ID, Column.PROMPT)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_FACES = tuple(FACES[column] for column in Column)
_ARE_RIGHT = tuple(FACES[column].is_figure and column is not Column.VIDEO_ID for column in Column)
ALIGNMENTS = tuple(_RIGHT if is_right else _LEFT for is_right in _ARE_RIGHT)


class Cell(NamedTuple):
    """What one cell shows."""

    text: str
    ink: str
    is_right: bool
    is_struck_out: bool


class RowFaces:
    """What the cells of rows show. ``now`` is the wall clock in seconds."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._saves: dict[VideoRef, SaveProgressed] = {}

    def note_save(self, event: SaveProgressed) -> None:
        """From now on show how far the saving of a clip is, or no more once it is over."""
        if event.phase in _OVER:
            self.forget_save(event.ref)
        else:
            self._saves[event.ref] = event

    def forget_save(self, ref: VideoRef) -> None:
        """Show no saving of this row any more."""
        self._saves.pop(ref, None)

    def cell(self, row: Row, column: int) -> Cell:
        """All at once: painting asks for it thousands of times a second."""
        text, ink = self.text(row, column), self.ink(row, column)
        return Cell(text, ink, _ARE_RIGHT[column], self.is_struck_out(row, column))

    def is_struck_out(self, row: Row, column: int) -> bool:
        """Whether the words are struck out, as those of a reject are."""
        return row.marks.is_rejected and column in _STRUCK_OUT

    def text(self, row: Row, column: int) -> str:
        """The words."""
        save = self._saves.get(row.ref)
        if column == Column.STATUS and save is not None:
            return messages.save_word(save)
        if column == Column.SIZE and save is not None and save.phase is SavePhase.RECEIVING:
            return messages.size_text(save.received_bytes)
        return _FACES[column].text(row, self._now())

    def sentence(self, row: Row) -> str:
        """The row for screen readers."""
        return messages.row_sentence(row.video, self._now(), self._saves.get(row.ref))

    def trouble(self, ref: VideoRef) -> str:
        """Why the clip of this row is not saved, or nothing."""
        save = self._saves.get(ref)
        return save.message if save is not None else ""

    def icon(self, row: Row) -> QIcon:
        """The icon of the status."""
        if self._is_troubled(row):
            return theme.icon("warning", theme.colours().bad)
        return theme.icon(theme.status_icon_name(row.video), theme.status_colour(row.video))

    def tool_tip(self, row: Row, column: int) -> str:
        """What is told when the pointer rests on it; nothing where the cell says it all."""
        if column == Column.STATUS:
            return messages.tool_tip(self.trouble(row.ref) or row.video.message)
        if column == Column.NOTE:
            return messages.tool_tip(row.marks.note)
        return messages.tool_tip(row.video.prompt) if column == Column.PROMPT else ""

    def ink(self, row: Row, column: int) -> str:
        """The colour of the words."""
        tones = theme.colours()
        if column == Column.STATUS:
            return tones.bad if self._is_troubled(row) else theme.status_colour(row.video)
        if column == Column.RATING:
            return tones.accent
        is_plain = column in (Column.VIDEO_ID, Column.PROMPT) and not row.marks.is_rejected
        return tones.text if is_plain else tones.muted

    def progress(self, row: Row) -> float | None:
        """The share of its clip that was received, 0 to 1, -1 while its end is unknown, or None."""
        save = self._saves.get(row.ref)
        if save is None or save.phase is not SavePhase.RECEIVING:
            return None
        return save.received_bytes / save.total_bytes if save.total_bytes else -1.0

    def _is_troubled(self, row: Row) -> bool:
        save = self._saves.get(row.ref)
        return save is not None and save.phase in _TROUBLED
