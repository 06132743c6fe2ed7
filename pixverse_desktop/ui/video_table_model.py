"""The list as a table for Qt. Order and filter are the row list's; nothing goes through a proxy."""

from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from operator import is_
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    QUrl,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QIcon

from pixverse_desktop.core.events import (
    Event,
    MarksChanged,
    SaveProgressed,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
)
from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.query import Query
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.ui import messages
from pixverse_desktop.ui.columns import FACES, Column
from pixverse_desktop.ui.row_faces import ALIGNMENTS, Cell, RowFaces
from pixverse_desktop.ui.row_list import BY_ARRIVAL, Row, RowList, SortKey

Index = QModelIndex | QPersistentModelIndex

PROGRESS_ROLE = Qt.ItemDataRole.UserRole + 1
"""In the status column: the share that was received, 0 to 1, -1 while its end is unknown, or None."""

_NO_PARENT = QModelIndex()
_MOST_ONE_BY_ONE = 200
_MOST_SORT_KEYS = 3
_MOST_FILES_DRAGGED = 500
_REPAINT_EVERY_MS = 30
_FLAGS = (
    Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)


class VideoTableModel(QAbstractTableModel):
    """Rows in the order of adding until a column is sorted. ``now`` is the wall clock in seconds.

    What changes is repainted a few times a second. It does not move at once, so that nothing jumps
    under the pointer: the order is marked stale until ``settle`` is called.

    Signals:
        shown_changed(): other rows are shown than before.

    Attributes:
        moves_by_reset: asked whether a new order is to be told as a reset. Otherwise Qt keeps an index for
            every cell of the selection, which takes seconds from some thousand selected rows on.
        is_searching: rows come and go because something else is looked for, not because they changed.
    """

    shown_changed = Signal()

    def __init__(
        self,
        now: Callable[[], float],
        parent: QObject | None = None,
        marks_of: Callable[[VideoRef], Marks] = lambda _: NO_MARKS,
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._rows = RowList(marks_of)
        self._faces = RowFaces(now)
        self._sorting: list[tuple[int, Qt.SortOrder]] = []
        self._is_stale = False
        self.moves_by_reset: Callable[[], bool] = lambda: False
        self.is_searching = False
        self._dirty: set[Row] = set()
        self._repaint = QTimer(self)
        self._repaint.setSingleShot(True)
        self._repaint.setInterval(_REPAINT_EVERY_MS)
        self._repaint.timeout.connect(self._repaint_dirty)

    # What a row is

    def video(self, row: int) -> Video:
        """The video of a row."""
        return self._rows.shown[row].video

    def row(self, ref: VideoRef) -> int | None:
        """The row of a video, or None if it is not shown."""
        return self._rows.place(ref)

    def videos(self) -> Sequence[Video]:
        """All videos that are shown, in their order."""
        return [row.video for row in self._rows.shown]

    def marks(self, row: int) -> Marks:
        """What a person said of the video of a row."""
        return self._rows.shown[row].marks

    @property
    def shown(self) -> Sequence[Row]:
        """The rows that are shown, in their order; each stays the same object while it is in the list."""
        return self._rows.shown

    @property
    def sorting(self) -> Sequence[tuple[int, Qt.SortOrder]]:
        """The columns the rows are sorted by; the last counts most."""
        return self._sorting

    @property
    def total(self) -> int:
        """How many rows there are, shown or not."""
        return len(self._rows)

    # How it changes

    def reset(self, videos: Iterable[Video]) -> None:
        """Hold these videos and no others."""
        self.beginResetModel()
        self._rows.reset(videos, self._sort_keys(self._sorting))
        self._is_stale = False
        self._forget_dirty()
        self.endResetModel()
        self.shown_changed.emit()

    def set_query(self, query: Query) -> None:
        """Show only the rows that fit."""
        self._rows.query = query
        self.is_searching = True
        self._rearrange([])
        self.is_searching = False

    def settle(self) -> None:
        """Bring order and filter up to date, if anything changed since."""
        if self._is_stale:
            self._is_stale = False
            self._rearrange(self._sorting)

    def on_event(self, event: Event) -> None:
        """Follow what happened to the list and to the saving of its clips."""
        match event:
            case VideosAdded(videos):
                self._add(videos)
            case VideosChanged(changes):
                self._touch(self._rows.change(after) for _, after in changes)
                self._is_stale = self._is_stale or self._order_depends_on_rows()
            case VideosRemoved(videos):
                self._remove([video.ref for video in videos])
            case MarksChanged(refs):
                self._change_marks(refs)
            case SaveProgressed():
                self._note_save(event)

    def _add(self, videos: Sequence[Video]) -> None:
        are_returning = self._rows.are_returning(videos)
        fitting = self._rows.add(videos)
        self._is_stale = self._is_stale or bool(self._sorting)
        if are_returning:
            self._rearrange(self._sorting or [(-1, Qt.SortOrder.AscendingOrder)])
        elif len(fitting) > _MOST_ONE_BY_ONE:
            self._rearrange([])
        elif fitting:
            first = len(self._rows.shown)
            self.beginInsertRows(_NO_PARENT, first, first + len(fitting) - 1)
            self._rows.show_more(fitting)
            self.endInsertRows()
            self.shown_changed.emit()

    def _remove(self, refs: Sequence[VideoRef]) -> None:
        for ref in refs:
            self._faces.forget_save(ref)
        if len(refs) > _MOST_ONE_BY_ONE:
            self._rows.remove(refs)
            self._rearrange([])
            return
        shown = [place for ref in refs if (place := self._rows.place(ref)) is not None]
        self._rows.remove(refs)
        for place in sorted(shown, reverse=True):
            self.beginRemoveRows(_NO_PARENT, place, place)
            self._rows.hide(place)
            self.endRemoveRows()
        if shown:
            self._forget_dirty()
        self.shown_changed.emit()

    def _change_marks(self, refs: Sequence[VideoRef]) -> None:
        self._rows.change_marks(refs)
        self._is_stale = self._is_stale or self._order_depends_on_rows()
        self._touch(map(self._rows.row, refs))

    def _note_save(self, event: SaveProgressed) -> None:
        self._faces.note_save(event)
        self._touch([self._rows.row(event.ref)])

    def _order_depends_on_rows(self) -> bool:
        return bool(self._sorting) or not self._rows.query.is_empty

    def _touch(self, rows: Iterable[Row | None]) -> None:
        self._dirty.update(row for row in rows if row is not None)
        if self._dirty and not self._repaint.isActive():
            self._repaint.start()

    def _forget_dirty(self) -> None:
        self._dirty.clear()
        self._repaint.stop()

    def _repaint_dirty(self) -> None:
        """Tell of all rows at once: finding the place of each would take longer than painting some."""
        if self._dirty and self._rows.shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows.shown) - 1, len(Column) - 1))
        self._dirty.clear()

    def changed_among(self, first_row: int, last_row: int) -> Sequence[int]:
        """While ``dataChanged`` is told of all: which of these rows have in fact changed."""
        shown = self._rows.shown
        return [place for place in range(first_row, last_row + 1) if shown[place] in self._dirty]

    def _rearrange(self, sorting: Sequence[tuple[int, Qt.SortOrder]], *, same_rows: bool = False) -> None:
        """Show what fits, sorted anew by ``sorting``. The same rows in another order keep the selection."""
        before, arranged = self._rows.shown, self._rows.arranged(self._sort_keys(sorting))
        is_same_length = len(arranged) == len(before)
        if is_same_length and all(map(is_, arranged, before)):
            return
        self._forget_dirty()
        are_the_same = is_same_length and (
            same_rows or self._rows.query.is_empty or set(arranged) == set(before)
        )
        if are_the_same and not self.moves_by_reset():
            self._reorder(before, arranged)
        else:
            self.beginResetModel()
            self._rows.show(arranged)
            self.endResetModel()
            self.shown_changed.emit()

    def _reorder(self, before: Sequence[Row], arranged: list[Row]) -> None:
        self.layoutAboutToBeChanged.emit()
        self._rows.show(arranged)
        old = self.persistentIndexList()
        places = {row: self._rows.place(before[row].ref) for row in {index.row() for index in old}}
        new = [self._index_at(places[index.row()], index.column()) for index in old]
        self.changePersistentIndexList(old, new)
        self.layoutChanged.emit()

    def _index_at(self, place: int | None, column: int) -> QModelIndex:
        return QModelIndex() if place is None else self.index(place, column)

    def _sort_keys(self, sorting: Sequence[tuple[int, Qt.SortOrder]]) -> list[tuple[SortKey, bool]]:
        return [self._sort_key(column, order) for column, order in sorting]

    def _sort_key(self, column: int, order: Qt.SortOrder) -> tuple[SortKey, bool]:
        is_descending = order is Qt.SortOrder.DescendingOrder
        if column < 0:
            return BY_ARRIVAL, False
        if column == Column.ELAPSED:
            now_s = self._now()
            return lambda row: messages.elapsed_s(row.video, now_s), is_descending
        return FACES[Column(column)].order, is_descending

    # What Qt asks

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows.shown)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        if not index.isValid() or index.row() >= len(self._rows.shown):
            return None
        row, column = self._rows.shown[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._faces.text(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._faces.tool_tip(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._faces.sentence(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return ALIGNMENTS[column]
            case Qt.ItemDataRole.DecorationRole if column == Column.STATUS:
                return self.icon(index.row())
            case Qt.ItemDataRole.ForegroundRole:
                return QColor(self._faces.ink(row, column))
            case Qt.ItemDataRole.FontRole if self._faces.is_struck_out(row, column):
                return _struck_out()
            case _ if role == PROGRESS_ROLE and column == Column.STATUS:
                return self.progress(index.row())
        return None

    def cell(self, place: int, column: int) -> Cell:
        """What a cell shows, all at once: painting asks for it thousands of times a second."""
        return self._faces.cell(self._rows.shown[place], column)

    def icon(self, place: int) -> QIcon:
        """The icon of the status of a row."""
        return self._faces.icon(self._rows.shown[place])

    def trouble(self, ref: VideoRef) -> str:
        """Why the clip of this row is not saved, or nothing."""
        return self._faces.trouble(ref)

    def progress(self, place: int) -> float | None:
        """The share of the clip of a row that was received, as ``PROGRESS_ROLE`` tells it."""
        return self._faces.progress(self._rows.shown[place])

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(Column):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return messages.column_title(Column(section).name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return ALIGNMENTS[section]
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _FLAGS if index.isValid() else Qt.ItemFlag.NoItemFlags

    def mimeTypes(self) -> list[str]:
        return ["text/plain", "text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return self.mime_of([self.video(row) for row in sorted({index.row() for index in indexes})])

    def mime_of(self, videos: Sequence[Video]) -> QMimeData:
        """Rows on their way to another program: their ids, and the files of those that are saved."""
        mime = QMimeData()
        mime.setText("\n".join(video.video_id for video in videos))
        paths = islice((video.saved_path for video in videos if video.is_saved), _MOST_FILES_DRAGGED)
        urls = [QUrl.fromLocalFile(path) for path in paths if Path(path).is_file()]
        if urls:
            mime.setUrls(urls)
        return mime

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; rows equal there keep the order they had. -1 goes back to the order of adding."""
        if column < 0:
            self._sorting = []
        else:
            others = [each for each in self._sorting if each[0] != column]
            self._sorting = [*others, (column, order)][-_MOST_SORT_KEYS:]
        self._rearrange([(column, order)], same_rows=not self._is_stale)


def _struck_out() -> QFont:
    font = QFont()
    font.setStrikeOut(True)
    return font
