"""How the clips that are compared share the room: so that their pictures are as large as they can be."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from pixverse_desktop.ui.compare_pane import ComparePane

_SPACING_PX = 8
_LEAST_PANE = QSize(230, 190)


class CompareGrid(QWidget):
    """Panes in as many columns as suit the shapes of their pictures; a shorter last row is centred."""

    def __init__(self, panes: Sequence[ComparePane], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._panes = panes
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(_SPACING_PX)
        self._grid.setSizeConstraint(QGridLayout.SizeConstraint.SetNoConstraint)
        self._has_pictures = True
        self.setMinimumWidth(_LEAST_PANE.width() * 2 + _SPACING_PX)
        self.setMinimumHeight(_LEAST_PANE.height() * _rows(panes, 2))
        self._place(2)

    def show_pictures(self, are_shown: bool) -> None:
        """Show pictures and words, or the words alone and in no more room than they need."""
        if are_shown == self._has_pictures:
            return
        self._has_pictures = are_shown
        for pane in self._panes:
            pane.stage.setVisible(are_shown)
        self.setMinimumHeight(_LEAST_PANE.height() * _rows(self._panes, 2) if are_shown else 0)
        vertical = QSizePolicy.Policy.Preferred if are_shown else QSizePolicy.Policy.Fixed
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)

    def fit(self) -> None:
        """Share the room anew, for the pictures of now."""
        if self._has_pictures:
            shapes = [pane.shape for pane in self._panes]
            self._place(columns_for(shapes, self.size(), self._panes[0].words_px))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()

    def _place(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for number, pane in enumerate(self._panes):
            row, column = divmod(number, columns)
            missing = max(0, (row + 1) * columns - len(self._panes))
            self._grid.addWidget(pane, row, 2 * column + missing, 1, 2)
        for line in range(2 * len(self._panes)):
            self._grid.setColumnStretch(line, 1 if line < 2 * columns else 0)
            self._grid.setRowStretch(line, 1 if line < _rows(self._panes, columns) else 0)


def columns_for(shapes: Sequence[QSize], room: QSize, words_px: int) -> int:
    """In how many columns pictures of these shapes are largest, with so many pixels of words below each."""
    fitting = [
        columns
        for columns in range(1, len(shapes) + 1)
        if columns <= 2 or room.width() >= columns * (_LEAST_PANE.width() + _SPACING_PX)
    ]
    return max(fitting, key=lambda columns: (_seen_area(shapes, room, words_px, columns), columns))


def _seen_area(shapes: Sequence[QSize], room: QSize, words_px: int, columns: int) -> int:
    rows = _rows(shapes, columns)
    width = (room.width() - _SPACING_PX * (columns - 1)) // columns
    height = (room.height() - _SPACING_PX * (rows - 1)) // rows - words_px
    if height <= 0:
        return 0
    sizes = [shape.scaled(width, height, Qt.AspectRatioMode.KeepAspectRatio) for shape in shapes]
    return sum(size.width() * size.height() for size in sizes)


def _rows(panes: Sequence[object], columns: int) -> int:
    return -(-len(panes) // columns)
