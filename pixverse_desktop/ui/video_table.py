"""The table of videos: rows of one height, status as icon and word, progress drawn in the row."""

from collections.abc import Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QRect,
    Qt,
    Signal,
)
from PySide6.QtGui import QDrag, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.ui.columns import FIRST_SHOWN, Column, usual_width
from pixverse_desktop.ui.hand_watch import HandWatch
from pixverse_desktop.ui.row_list import Row
from pixverse_desktop.ui.row_painter import RowPainter, RowState, Strip
from pixverse_desktop.ui.row_selection import selected_rows, selected_spans, selection_of, spans_of
from pixverse_desktop.ui.video_table_model import Index, VideoTableModel

_ROW_HEIGHT = 38
_ABOVE_AND_BELOW = 16  # of the letters of a row, together
_LETTER_HEIGHT = 18  # of the letters the usual widths are meant for
_MOST_RESTORED = 2000  # stretches of rows; a selection in more pieces is not shown, but not forgotten
_MOST_INDEXED = 50  # selected rows of which Qt may keep every cell when the order changes


class VideoTable(QTableView):
    """Shows a ``VideoTableModel``.

    Signals:
        current_video_changed(object): the ``VideoRef`` the cursor came to, or None.
        open_requested(object): the ``VideoRef`` that was double-clicked or entered.

    Attributes:
        is_prompt_sized: a person gave the prompts their width. Until then they get the spare room, and again
            after a double click on their edge.
    """

    current_video_changed = Signal(object)
    open_requested = Signal(object)

    def __init__(self, model: VideoTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._videos = model
        self._painter = RowPainter(model, self.font())
        self._chosen: tuple[set[Row], VideoRef | None] | None = None
        self._is_restoring = False
        self._scroll = 0
        self._was_in_sight = False
        self._below: Sequence[Row] = ()
        self.is_prompt_sized = False
        self._is_fitting = False
        self._told: VideoRef | None = None
        self.setModel(model)
        self.setAccessibleName(self.tr("Videos"))
        self._set_behaviour()
        self._set_header()
        self._spare_headers_the_selection()
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.activated.connect(lambda index: self.open_requested.emit(model.video(index.row()).ref))
        self.selectionModel().selectionChanged.connect(lambda *_: self._on_selection())
        model.rowsRemoved.connect(lambda _, first: self._select_neighbour(first))
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._restore)
        model.layoutAboutToBeChanged.connect(self._note_sight)
        model.layoutChanged.connect(self._keep_sight)
        model.moves_by_reset = self._moves_by_reset
        HandWatch(self, model).ticked.connect(self._repaint_running_times)

    def selected_videos(self, most: int | None = None) -> Sequence[Video]:
        """The selected rows from the top down, or the first ``most`` of them."""
        return [self._videos.video(row) for row in selected_rows(self.selectionModel(), most)]

    @property
    def is_choice_hidden(self) -> bool:
        """Whether rows were selected of which a search hides every one."""
        return self._chosen is not None and bool(self._chosen[0]) and self.selected_count() == 0

    @property
    def sorting(self) -> Sequence[tuple[int, Qt.SortOrder]]:
        """The columns the rows are sorted by; the last counts most."""
        return self._videos.sorting

    def current_ref(self) -> VideoRef | None:
        """The row the cursor is on, or None."""
        index = self.currentIndex()
        return self._videos.video(index.row()).ref if index.isValid() else None

    def show_video(self, ref: VideoRef) -> None:
        """Select a row and bring it into sight."""
        if (row := self._videos.row(ref)) is not None:
            self._choose(row)
            self.scrollTo(self.currentIndex())

    def show_videos(self, refs: Sequence[VideoRef]) -> None:
        """Select these rows, the topmost of them in sight and under the cursor."""
        rows = sorted(row for ref in refs if (row := self._videos.row(ref)) is not None)
        if rows:
            self._choose(rows[0])
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().select(selection_of(self._videos, spans_of(rows)), flag)
            self.scrollTo(self.currentIndex())

    def _choose(self, row: int) -> None:
        """Select a row and no other, whichever keys are held, as Ctrl is while something is pasted."""
        column = next(each for each in Column if not self.isColumnHidden(each))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(self._videos.index(row, column), flags)

    def show_column(self, column: Column, is_shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        others = (each for each in Column if each is not column)
        if is_shown or any(not self.isColumnHidden(each) for each in others):
            self.setColumnHidden(column, not is_shown)

    def selectAll(self) -> None:
        """Qt would compare all rows with each piece that is selected now, half a second for thousands."""
        self.clearSelection()
        super().selectAll()

    def selected_count(self) -> int:
        """How many rows are selected, without looking at each."""
        return sum(last - first + 1 for first, last in selected_spans(self.selectionModel()))

    # Filters and sorts take rows away and bring them back; selection and cursor follow the videos. What was
    # chosen by hand is kept while a search hides some of it, until something else is chosen.

    def _keep(self) -> None:
        self._scroll = self.verticalScrollBar().value()
        self._note_sight()
        self._below = self._videos.shown[self.currentIndex().row() :] if self.currentIndex().isValid() else ()
        if self._chosen is None:
            shown, spans = self._videos.shown, selected_spans(self.selectionModel())
            rows = {row for first, last in spans for row in shown[first : last + 1]}
            self._chosen = (rows, self.current_ref())

    def _restore(self) -> None:
        chosen, current = self._chosen or (set(), None)
        spans = spans_of([place for place, row in enumerate(self._videos.shown) if row in chosen])
        if len(spans) > _MOST_RESTORED:
            spans = []
        place = self._videos.row(current) if current is not None else None
        self._is_restoring = True
        if place is not None:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(self._videos.index(place, 0), flag)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().select(selection_of(self._videos, spans), flag)
        self._is_restoring = False
        self.verticalScrollBar().setValue(self._scroll)
        if self._below and not self._videos.is_searching:
            self._follow_cursor(self._below)
        self._keep_sight()
        self._tell_current()

    def _follow_cursor(self, below: Sequence[Row]) -> None:
        """Where the row under the cursor left and nothing is selected now, choose what came to its place."""
        is_chosen = self.currentIndex().isValid() or self.selectionModel().hasSelection()
        if is_chosen or self._videos.rowCount() == 0:
            return
        places = (self._videos.row(row.ref) for row in below)
        place = next((place for place in places if place is not None), self._videos.rowCount() - 1)
        self._choose(place)

    def _note_sight(self) -> None:
        """A row that is hidden by a search counts as seen if it was when it was hidden."""
        if (current := self.currentIndex()).isValid():
            self._was_in_sight = self.viewport().rect().intersects(self.visualRect(current))

    def _keep_sight(self) -> None:
        if self._was_in_sight and self.currentIndex().isValid():
            self.scrollTo(self.currentIndex())

    def _on_current(self, current: Index, previous: Index) -> None:
        for index in (current, previous):  # of the row that is left Qt paints one cell, and not its outline
            self._repaint_row(index.row())
        self._note_choice()
        self._tell_current()

    def _note_choice(self) -> None:
        if not self._is_restoring:
            self._chosen = None

    def _tell_current(self) -> None:
        current = self.current_ref()
        if current != self._told:
            self._told = current
            self.current_video_changed.emit(current)

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._fit_rows()

    def _set_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(48)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        for column in Column:
            self.setColumnWidth(column, self._usual_width(column))
            self.setColumnHidden(column, column not in FIRST_SHOWN)
        header.sectionResized.connect(self._on_section_resized)
        header.sectionHandleDoubleClicked.connect(self._on_edge_double_clicked)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _usual_width(self, column: Column) -> int:
        scale = max(1.0, self.fontMetrics().height() / _LETTER_HEIGHT)
        return round(usual_width(column) * scale)

    def _on_section_resized(self, column: int, before: int, after: int) -> None:
        is_hidden_or_shown = before == 0 or after == 0
        if column == Column.PROMPT and not self._is_fitting and not is_hidden_or_shown:
            self.is_prompt_sized = True
        self._fit_prompt()

    def _on_edge_double_clicked(self, column: int) -> None:
        if column == Column.PROMPT:
            self.is_prompt_sized = False
            self._fit_prompt()

    def _fit_prompt(self) -> None:
        """Give the prompts what the other columns leave."""
        if self._is_fitting or self.is_prompt_sized or self.isColumnHidden(Column.PROMPT):
            return
        others = self.horizontalHeader().length() - self.columnWidth(Column.PROMPT)
        width = max(self._usual_width(Column.PROMPT), self.viewport().width() - others)
        self._is_fitting = True
        self.setColumnWidth(Column.PROMPT, width)
        self._is_fitting = False

    def _fit_rows(self) -> None:
        height = max(_ROW_HEIGHT, self.fontMetrics().height() + _ABOVE_AND_BELOW)
        self.verticalHeader().setDefaultSectionSize(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_prompt()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit_rows()
            self._painter.set_font(self.font())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt would put the cursor on the first row without selecting it, which nobody sees."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
        else:
            QWidget.focusInEvent(self, event)

    def _select_neighbour(self, place: int) -> None:
        """After a removal Qt moves the cursor up, selecting nothing: the row that came to ``place`` it is."""
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self._choose(min(place, self._videos.rowCount() - 1))

    def _on_selection(self) -> None:
        self._note_choice()

    def _moves_by_reset(self) -> bool:
        return _MOST_INDEXED < self.selected_count() < self._videos.rowCount()

    def startDrag(self, actions: Qt.DropAction) -> None:
        """Qt would ask for every selected cell, which takes seconds for a hundred thousand rows."""
        if videos := self.selected_videos():
            drag = QDrag(self)
            drag.setMimeData(self._videos.mime_of(videos))
            drag.exec(actions, Qt.DropAction.CopyAction)

    def _spare_headers_the_selection(self) -> None:
        """Give each header a selection of its own, always empty.

        To paint itself as selected or not, a header asks about every row of every column: 1.7 s after
        "select all" over 100,000 rows.
        """
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSelectionModel(QItemSelectionModel(self._videos, header))

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Qt would paint everything in sight anew, whichever rows have changed."""
        for row in self._videos.changed_among(*self._rows_in_sight()):
            self._repaint_row(row)

    def paintEvent(self, event: QPaintEvent) -> None:
        stale = event.region().translated(self.dirtyRegionOffset())
        strips = self._strips(stale.boundingRect())
        if not strips:
            return
        painter = QPainter(self.viewport())
        cursor = self.currentIndex().row() if self.hasFocus() else -1
        first, last = self._rows_between(stale.boundingRect())
        for row in range(first, last + 1):
            top, height = self.rowViewportPosition(row), self.rowHeight(row)
            if stale.intersects(QRect(strips[0].left, top, stale.boundingRect().right() + 1, height)):
                is_selected = self.selectionModel().isSelected(self._videos.index(row, 0))
                self._painter.paint(painter, row, RowState(top, height, is_selected, row == cursor), strips)

    def _strips(self, area: QRect) -> Sequence[Strip]:
        places = [(each, self.columnViewportPosition(each), self.columnWidth(each)) for each in Column]
        return [
            Strip(column, left, width)
            for column, left, width in places
            if width > 0 and left <= area.right() and left + width > area.left()
        ]

    def sizeHintForColumn(self, column: int) -> int:
        """The pixels in which the rows in sight fit, as is asked for by a double click on an edge."""
        first, last = self._rows_in_sight()
        widths = (self._painter.wanted_width(row, column) for row in range(first, last + 1))
        return max(widths, default=0)

    def _repaint_row(self, row: int) -> None:
        if row >= 0:
            top, width = self.rowViewportPosition(row), self.viewport().width()
            self.viewport().update(0, top, width, self.rowHeight(row))

    def _rows_in_sight(self) -> tuple[int, int]:
        """The first and the last row in sight, or (0, -1)."""
        return self._rows_between(self.viewport().rect())

    def _rows_between(self, area: QRect) -> tuple[int, int]:
        first, last = self.rowAt(area.top()), self.rowAt(area.bottom())
        return max(first, 0), self._videos.rowCount() - 1 if last < 0 else last

    def _repaint_running_times(self) -> None:
        first, last = self._rows_in_sight()
        if any(self._videos.video(row).status.is_open for row in range(first, last + 1)):
            left, width = self.columnViewportPosition(Column.ELAPSED), self.columnWidth(Column.ELAPSED)
            self.viewport().update(left, 0, width, self.viewport().height())
