"""The table of videos: fixed row height, status as icon and word, progress drawn in the row."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.video_table_model import PROGRESS_ROLE, Column, VideoTableModel

_ROW_HEIGHT = 38
_WIDTHS = {
    Column.VIDEO_ID: 174,
    Column.STATUS: 132,
    Column.PROMPT: 260,
    Column.SIZE: 82,
    Column.RESOLUTION: 104,
    Column.CREATED: 92,
    Column.ELAPSED: 76,
}
_BAR_HEIGHT = 3.0


class VideoTable(QTableView):
    """Shows a ``VideoTableModel``.

    Signals:
        current_video_changed(object): the ``VideoRef`` the cursor came to, or None.
        open_requested(object): the ``VideoRef`` that was double-clicked or entered.
    """

    current_video_changed = Signal(object)
    open_requested = Signal(object)

    def __init__(self, model: VideoTableModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._videos = model
        self.setModel(model)
        self.setItemDelegate(_RowDelegate(self))
        self.setAccessibleName(self.tr("Videos"))
        self._set_behaviour()
        self._set_header()
        self.selectionModel().currentRowChanged.connect(self._on_current_changed)
        model.rowsRemoved.connect(lambda *_: self._select_neighbour())
        self.activated.connect(lambda index: self.open_requested.emit(model.video(index.row()).ref))
        self._ticker = QTimer(self)
        self._ticker.setInterval(1000)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start()

    def selected_videos(self) -> Sequence[Video]:
        """The selected rows from the top down."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [self._videos.video(row) for row in rows]

    def current_ref(self) -> VideoRef | None:
        """The row the cursor is on, or None."""
        index = self.currentIndex()
        return self._videos.video(index.row()).ref if index.isValid() else None

    def show_video(self, ref: VideoRef) -> None:
        """Select a row and bring it into sight."""
        if (row := self._videos.row(ref)) is not None:
            self.selectRow(row)
            self.scrollTo(self._videos.index(row, 0))

    def column_widths(self) -> dict[str, int]:
        """The width of each column by its name, for remembering."""
        return {column.name.lower(): self.columnWidth(column) for column in Column}

    def set_column_widths(self, widths: dict[str, int]) -> None:
        """Give columns the widths remembered by name; others keep theirs."""
        for column in Column:
            if (width := widths.get(column.name.lower(), 0)) >= 40:
                self.setColumnWidth(column, width)

    def _set_behaviour(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)

    def _set_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(48)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in _WIDTHS.items():
            self.setColumnWidth(column, width)
        header.setSectionResizeMode(Column.PROMPT, QHeaderView.ResizeMode.Stretch)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt would put the cursor on the first row without selecting it, which nobody sees."""
        if self.currentIndex().isValid():
            super().focusInEvent(event)
        else:
            QWidget.focusInEvent(self, event)

    def _select_neighbour(self) -> None:
        """After a removal Qt moves the cursor without selecting where it came to."""
        if self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self.selectRow(self.currentIndex().row())

    def _on_current_changed(self, current: QModelIndex, _: QModelIndex) -> None:
        self.current_video_changed.emit(self._videos.video(current.row()).ref if current.isValid() else None)

    def _tick(self) -> None:
        """Repaint the running times in sight, once a second, and only while something is open."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        last = self._videos.rowCount() - 1 if last < 0 else last
        if first < 0 or not self.isVisible():
            return
        if any(self._videos.video(row).status.is_open for row in range(first, last + 1)):
            self._videos.refresh_elapsed(first, last)


class _RowDelegate(QStyledItemDelegate):
    """Paints cells as usual, and a thin bar along a row that is being saved."""

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus  # the selected row shows where the cursor is
        ink = index.data(Qt.ItemDataRole.ForegroundRole)
        if ink is not None:  # a selected row keeps the colours that carry meaning
            option.palette.setColor(QPalette.ColorRole.HighlightedText, ink)
        option.decorationSize = QSize(18, 18)
        option.textElideMode = (
            Qt.TextElideMode.ElideMiddle if index.column() == Column.VIDEO_ID else Qt.TextElideMode.ElideRight
        )

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().paint(painter, option, index)
        share = index.data(PROGRESS_ROLE)
        if share is not None:
            _paint_bar(painter, QRectF(option.rect), share)


def _paint_bar(painter: QPainter, cell: QRectF, share: float) -> None:
    track = QRectF(cell.left() + 10, cell.bottom() - _BAR_HEIGHT - 3, cell.width() - 20, _BAR_HEIGHT)
    done = QRectF(track)
    done.setWidth(track.width() * share if share >= 0 else track.width() / 3)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for bar, colour in ((track, theme.colours().border), (done, theme.colours().accent)):
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(bar, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
    painter.restore()
