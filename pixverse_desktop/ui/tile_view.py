"""A view of tiles over the table's model and selection: where they lie, and how hands move among them."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QContextMenuEvent,
    QDrag,
    QFocusEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QWidget

from pixverse_desktop.core.video import Video
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.row_selection import selected_rows, selection_of
from pixverse_desktop.ui.tile_grid import GAP, TileGrid
from pixverse_desktop.ui.video_table_model import Index, VideoTableModel

TILE_WIDTHS = (120, 400)
"""How wide a tile can be at least, in pixels: the smallest and the largest."""

_USUAL_WIDTH = 210
_WHEEL_STEP = 16
_NOTCH = 120  # of a wheel, in Qt's eighths of a degree
_LINES_A_TILE = 4  # notches of the wheel's three lines in which a tile goes by, roughly
_INSET = 3  # or the corners, which are not round inside, would lie over the frame's, which are
_Cursor = QAbstractItemView.CursorAction


class QTableView(QAbstractItemView):
    """A view whose rows Qt tells to screen readers: for that it goes by the name of a class and nothing else.

    Without this name a view of our own is an empty frame to them. None of the real one's code is behind it.
    """


class TileView(QTableView):
    """Lays out the rows of a ``VideoTableModel`` as tiles.

    It keeps no selection of its own: give it the table's.

    Signals:
        tile_width_changed(int): how wide a tile is at least, in pixels.
        sight_changed(): other tiles are in sight, or others of a line, or the same in another size.
    """

    tile_width_changed = Signal(int)
    sight_changed = Signal()

    def __init__(self, model: VideoTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._videos = model
        self._caption_height = 0
        self._least = _USUAL_WIDTH
        self._grid = TileGrid(1, self._least, 0)
        self._band: QRect | None = None
        self._band_from = QPoint()
        self._scroll = 0
        self._was_in_sight = False
        self._set_behaviour()
        self.setModel(model)
        model.rowsInserted.connect(self._on_rows_changed)
        model.rowsRemoved.connect(self._on_rows_changed)
        for signal in (model.modelAboutToBeReset, model.layoutAboutToBeChanged):
            signal.connect(self._note_sight)
        model.layoutChanged.connect(self._keep_sight)

    @property
    def tile_width(self) -> int:
        """How wide a tile is at least, in pixels."""
        return self._least

    def set_tile_width(self, least: int) -> None:
        """Make the tiles larger or smaller; what is looked at stays in sight."""
        least = max(TILE_WIDTHS[0], min(least, TILE_WIDTHS[1]))
        if least != self._least:
            self._least = least
            self.updateGeometries()
            self.viewport().update()
            self.tile_width_changed.emit(least)

    def set_caption_height(self, height: int) -> None:
        """Leave so many pixels below each picture."""
        self._caption_height = height
        self.updateGeometries()

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # or its coming moves all
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # or scrolling paints it all
        self.setViewportMargins(_INSET, _INSET, 0, _INSET)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)

    # Where things are

    def visualRect(self, index: Index) -> QRect:
        return self._tile(index.row()) if index.isValid() else QRect()

    def indexAt(self, point: QPoint) -> QModelIndex:
        place = self._grid.place_at(point + QPoint(0, self.verticalOffset()))
        return self._index(place) if place is not None else QModelIndex()

    def _index(self, place: int) -> QModelIndex:
        """In the column of the prompts, whose tool tip a tile needs; invalid if there is no such row."""
        return self._videos.index(place, Column.PROMPT)

    def _tile(self, place: int) -> QRect:
        return self._grid.tile(place).translated(0, -self.verticalOffset())

    def _places_in(self, area: QRect) -> Iterator[int]:
        """The tiles that touch a part of what is in sight."""
        content = area.translated(0, self.verticalOffset())
        for first, last in self._grid.spans_in(content, self._videos.rowCount()):
            yield from range(first, last + 1)

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, _: Index) -> bool:
        return False

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for place in self._places_in(self.viewport().rect()):
            if selection.contains(self._index(place)):
                region += self._tile(place)
        return region

    def updateGeometries(self) -> None:
        """Lay out anew; the first tile in sight stays where it was, and the cursor in sight."""
        current = self.currentIndex()
        is_at_cursor = current.isValid() and self._is_in_sight(current)
        in_sight = self._places_in(self.viewport().rect())
        anchor = current.row() if is_at_cursor else next(in_sight, 0)
        top = self._tile(anchor).top()
        view = self.viewport()
        self._grid = TileGrid(view.width(), self._least, self._caption_height)
        bar = self.verticalScrollBar()
        bar.setRange(0, max(0, self._grid.height(self._videos.rowCount()) - view.height()))
        bar.setPageStep(max(1, view.height() - self._grid.step // 2))
        bar.setSingleStep(max(1, self._grid.step // _LINES_A_TILE))
        bar.setValue(self._grid.tile(anchor).top() - top)
        if is_at_cursor:
            self.scrollTo(self.currentIndex())
        self.sight_changed.emit()

    def _in_sight(self) -> Sequence[Video]:
        """The videos whose tiles can be seen, at least in part, in their order."""
        return [self._videos.video(place) for place in self._places_in(self.viewport().rect())]

    def _is_in_sight(self, index: Index) -> bool:
        return self.viewport().rect().intersects(self.visualRect(index))

    # Moving

    def scrollTo(
        self, index: Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        tile, bar = self._grid.tile(index.row()), self.verticalScrollBar()
        top, bottom = tile.top() - GAP, tile.bottom() + GAP - self.viewport().height()
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue((top + bottom) // 2)
        elif hint is QAbstractItemView.ScrollHint.PositionAtTop or bar.value() > top:
            bar.setValue(top)
        elif hint is QAbstractItemView.ScrollHint.PositionAtBottom or bar.value() < bottom:
            bar.setValue(min(top, bottom))

    def moveCursor(self, action: _Cursor, _: Qt.KeyboardModifier) -> QModelIndex:
        last, current = self._videos.rowCount() - 1, self.currentIndex().row()
        if current < 0:
            return self._index(0)
        target = current + self._step_of(action)
        if action is _Cursor.MoveHome:
            target = 0
        elif action is _Cursor.MoveEnd:
            target = last
        elif action in (_Cursor.MoveUp, _Cursor.MovePageUp) and target < 0:
            target = current % self._grid.columns
        elif action in (_Cursor.MoveDown, _Cursor.MovePageDown) and target > last:
            is_above_last_line = current // self._grid.columns < last // self._grid.columns
            target = last if is_above_last_line else current
        return self._index(max(0, min(target, last)))

    def _step_of(self, action: _Cursor) -> int:
        columns = self._grid.columns
        page = max(1, self.viewport().height() // self._grid.step) * columns
        return {
            _Cursor.MoveLeft: -1,
            _Cursor.MovePrevious: -1,
            _Cursor.MoveRight: 1,
            _Cursor.MoveNext: 1,
            _Cursor.MoveUp: -columns,
            _Cursor.MoveDown: columns,
            _Cursor.MovePageUp: -page,
            _Cursor.MovePageDown: page,
        }.get(action, 0)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.scrollDirtyRegion(dx, dy)
        self.viewport().scroll(dx, dy)
        if self._band is not None:
            self.viewport().update()
        self.sight_changed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.set_tile_width(self._least + round(event.angleDelta().y() / _NOTCH * _WHEEL_STEP))
            event.accept()
        else:
            super().wheelEvent(event)

    def keyboardSearch(self, _: str) -> None:
        """Letters are commands here, and Qt would move the cursor by those that are none."""

    def event(self, event: QEvent) -> bool:
        """The menu key means the tile under the cursor, wherever that is, and not the middle of the view."""
        if isinstance(event, QContextMenuEvent) and event.reason() is QContextMenuEvent.Reason.Keyboard:
            self.scrollTo(self.currentIndex())
            rect = self.visualRect(self.currentIndex()) & self.viewport().rect()
            self.customContextMenuRequested.emit(rect.center())
            return True
        return super().event(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        for index in (current, previous):
            self.viewport().update(self.visualRect(index))
        if current.isValid() and self.hasFocus():
            told = QAccessibleEvent(self, QAccessible.Event.Focus)
            told.setChild(current.row() * self._videos.columnCount() + current.column())
            QAccessible.updateAccessibility(told)

    # Selecting

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        """What a rubber band touches, or else everything from one tile to another in reading order."""
        spans: Sequence[tuple[int, int]]
        if self.state() is QAbstractItemView.State.DragSelectingState:
            content = rect.normalized().translated(0, self.verticalOffset())
            spans = list(self._grid.spans_in(content, self._videos.rowCount()))
        else:
            ends = sorted(self.indexAt(end).row() for end in (rect.topLeft(), rect.bottomRight()))
            spans = [(ends[0], ends[1])] if ends[0] >= 0 else []
        self.selectionModel().select(selection_of(self._videos, spans), command)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._band_from = event.position().toPoint() + QPoint(0, self.verticalOffset())
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self.state() is QAbstractItemView.State.DragSelectingState:
            to = event.position().toPoint() + QPoint(0, self.verticalOffset())
            self._band = QRect(self._band_from, to).normalized()
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if self._band is not None:
            self._band = None
            self.viewport().update()

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Let the selected rows go to another program."""
        if rows := selected_rows(self.selectionModel()):
            drag = QDrag(self)
            drag.setMimeData(self._videos.mime_of([self._videos.video(row) for row in rows]))
            drag.exec(actions, Qt.DropAction.CopyAction)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt would put the cursor on the first row without selecting it, which nobody sees."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
        else:
            QWidget.focusInEvent(self, event)

    # Rows come and go

    def reset(self) -> None:
        """Qt would forget the selection, which is the table's to bring back."""
        self._on_rows_changed()
        self.verticalScrollBar().setValue(self._scroll)
        self._keep_sight()

    def _on_rows_changed(self) -> None:
        self.updateGeometries()
        self.viewport().update()

    def _note_sight(self) -> None:
        self._scroll = self.verticalScrollBar().value()
        if (current := self.currentIndex()).isValid():
            self._was_in_sight = self._is_in_sight(current)

    def _keep_sight(self) -> None:
        if self._was_in_sight and self.isVisible():
            self.scrollTo(self.currentIndex())
        self.viewport().update()
        self.sight_changed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometries()

    def _paint_band(self, painter: QPainter, band: QRect) -> None:
        accent = QColor(theme.colours().accent)
        painter.setPen(QPen(accent, 1))
        accent.setAlphaF(0.15)
        painter.setBrush(accent)
        painter.drawRect(band.adjusted(0, 0, -1, -1))
