"""The list as a table: keeps its own order, so that sorting never goes through a proxy."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from html import escape
from itertools import count
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from pixverse_desktop.core.events import (
    Event,
    SavePhase,
    SaveProgressed,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
)
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.ui import messages, theme

Index = QModelIndex | QPersistentModelIndex

PROGRESS_ROLE = Qt.ItemDataRole.UserRole + 1
"""In the status column: the share that was received, 0 to 1, -1 while its end is unknown, or None."""

_NO_PARENT = QModelIndex()
_MOST_ONE_BY_ONE = 50
_ACTIVE = (SavePhase.QUEUED, SavePhase.RECEIVING)


class Column(IntEnum):
    """The columns in their first order."""

    VIDEO_ID = 0
    STATUS = 1
    PROMPT = 2
    SIZE = 3
    RESOLUTION = 4
    CREATED = 5
    ELAPSED = 6


@dataclass(frozen=True, slots=True)
class _Face:
    """How one column shows and sorts a row."""

    text: Callable[[Video, float], str]
    order: Callable[[Video, float], Any]
    is_figure: bool = False


_FACES = {
    Column.VIDEO_ID: _Face(
        lambda v, _: v.video_id, lambda v, _: (len(v.video_id), v.video_id), is_figure=True
    ),
    Column.STATUS: _Face(lambda v, _: messages.status_word(v), lambda v, _: messages.status_word(v)),
    Column.PROMPT: _Face(lambda v, _: " ".join(v.prompt.split()), lambda v, _: v.prompt.casefold()),
    Column.SIZE: _Face(
        lambda v, _: messages.size_text(v.saved_bytes or v.size_bytes),
        lambda v, _: v.saved_bytes or v.size_bytes,
        is_figure=True,
    ),
    Column.RESOLUTION: _Face(
        lambda v, _: messages.resolution_text(v), lambda v, _: (v.width * v.height, v.width), is_figure=True
    ),
    Column.CREATED: _Face(
        lambda v, _: messages.moment_text(v.created_at_s), lambda v, _: v.created_at_s or 0.0, is_figure=True
    ),
    Column.ELAPSED: _Face(
        lambda v, now_s: messages.span_text(messages.elapsed_s(v, now_s)), messages.elapsed_s, is_figure=True
    ),
}


class VideoTableModel(QAbstractTableModel):
    """Rows in the order of adding until a column is sorted. ``now`` is the wall clock in seconds."""

    def __init__(self, now: Callable[[], float], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._rows: list[Video] = []
        self._row_of: dict[VideoRef, int] = {}
        self._arrivals: dict[VideoRef, int] = {}
        self._numbers = count()
        self._saves: dict[VideoRef, SaveProgressed] = {}
        self._sorting: tuple[int, Qt.SortOrder] | None = None

    # What a row is

    def video(self, row: int) -> Video:
        """The video of a row."""
        return self._rows[row]

    def row(self, ref: VideoRef) -> int | None:
        """The row of a video, or None."""
        return self._row_of.get(ref)

    def videos(self) -> Sequence[Video]:
        """All videos in the order shown."""
        return tuple(self._rows)

    def save_of(self, ref: VideoRef) -> SaveProgressed | None:
        """The saving of a video that is under way or went wrong, or None."""
        return self._saves.get(ref)

    # How it changes

    def reset(self, videos: Iterable[Video]) -> None:
        """Show these videos and no others."""
        self.beginResetModel()
        self._rows = list(videos)
        self._renumber()
        self._arrivals = {video.ref: next(self._numbers) for video in self._rows}
        self.endResetModel()

    def on_event(self, event: Event) -> None:
        """Follow what happened to the list and to the saving of its clips."""
        match event:
            case VideosAdded(videos):
                self._add(videos)
            case VideosChanged(changes):
                for _, after in changes:
                    self._replace(after)
            case VideosRemoved(videos):
                self._remove_all([video.ref for video in videos])
            case SaveProgressed():
                self._note_save(event)

    def refresh_elapsed(self, first_row: int, last_row: int) -> None:
        """Repaint the running times of these rows."""
        if 0 <= first_row <= last_row < len(self._rows):
            column = Column.ELAPSED
            self.dataChanged.emit(self.index(first_row, column), self.index(last_row, column))

    def _add(self, videos: Sequence[Video]) -> None:
        first = len(self._rows)
        self.beginInsertRows(_NO_PARENT, first, first + len(videos) - 1)
        self._rows.extend(videos)
        self._row_of.update((video.ref, first + number) for number, video in enumerate(videos))
        self._arrivals.update((video.ref, next(self._numbers)) for video in videos)
        self.endInsertRows()
        if self._sorting is not None:
            self.sort(*self._sorting)

    def _replace(self, video: Video) -> None:
        if (row := self._row_of.get(video.ref)) is not None:
            self._rows[row] = video
            self._repaint(row)

    def _remove_all(self, refs: Sequence[VideoRef]) -> None:
        """A few rows leave one by one, which keeps the selection; many leave together."""
        if len(refs) <= _MOST_ONE_BY_ONE:
            for ref in refs:
                self._remove(ref)
            return
        gone = set(refs)
        for ref in refs:
            self._saves.pop(ref, None)
            self._arrivals.pop(ref, None)
        self.beginResetModel()
        self._rows = [video for video in self._rows if video.ref not in gone]
        self._renumber()
        self.endResetModel()

    def _remove(self, ref: VideoRef) -> None:
        if (row := self._row_of.get(ref)) is None:
            return
        self.beginRemoveRows(_NO_PARENT, row, row)
        del self._rows[row]
        del self._arrivals[ref]
        self._saves.pop(ref, None)
        self._renumber()
        self.endRemoveRows()

    def _note_save(self, event: SaveProgressed) -> None:
        if event.phase in _ACTIVE or event.phase is SavePhase.FAILED:
            self._saves[event.ref] = event
        else:
            self._saves.pop(event.ref, None)
        if (row := self._row_of.get(event.ref)) is not None:
            self._repaint(row)

    def _repaint(self, row: int) -> None:
        self.dataChanged.emit(self.index(row, 0), self.index(row, len(Column) - 1))

    def _renumber(self) -> None:
        self._row_of = {video.ref: row for row, video in enumerate(self._rows)}

    # What Qt asks

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        video, column = self._rows[index.row()], Column(index.column())
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(video, column)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tool_tip(video, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                return messages.row_sentence(video, self._now())
            case Qt.ItemDataRole.TextAlignmentRole if (
                _FACES[column].is_figure and column is not Column.VIDEO_ID
            ):
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.DecorationRole if column is Column.STATUS:
                return theme.icon(theme.status_icon_name(video), theme.status_colour(video))
            case Qt.ItemDataRole.ForegroundRole if column is not Column.PROMPT:
                return self._ink(video, column)
            case _ if role == PROGRESS_ROLE and column is Column.STATUS:
                return self._progress(video)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:  # noqa: ANN401
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles()[section]
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            is_right = _FACES[Column(section)].is_figure and section != Column.VIDEO_ID
            side = Qt.AlignmentFlag.AlignRight if is_right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column, equal rows staying as they were; -1 goes back to the order of adding."""
        self._sorting = (column, order) if column >= 0 else None
        now_s = self._now()
        key = _FACES[Column(column)].order if column >= 0 else self._arrival
        self.layoutAboutToBeChanged.emit()
        before = self._rows
        self._rows = sorted(
            before, key=lambda video: key(video, now_s), reverse=order is Qt.SortOrder.DescendingOrder
        )
        self._renumber()
        self._move_persistent(before)
        self.layoutChanged.emit()

    def _arrival(self, video: Video, _: float) -> tuple[float, int]:
        """Ids that were dropped together came at the same moment."""
        return video.added_at_s, self._arrivals[video.ref]

    def _move_persistent(self, before: Sequence[Video]) -> None:
        old = self.persistentIndexList()
        new = [self.index(self._row_of[before[index.row()].ref], index.column()) for index in old]
        self.changePersistentIndexList(old, new)

    # What a cell shows

    def _text(self, video: Video, column: Column) -> str:
        save = self._saves.get(video.ref)
        if column is Column.STATUS and save is not None:
            return self._save_word(save)
        if column is Column.SIZE and save is not None and save.phase is SavePhase.RECEIVING:
            return messages.size_text(save.received_bytes)
        if column is Column.PROMPT and not video.prompt:
            return video.message
        return _FACES[column].text(video, self._now())

    def _save_word(self, save: SaveProgressed) -> str:
        if save.phase is SavePhase.FAILED:
            return self.tr("Not saved")
        if save.phase is SavePhase.QUEUED:
            return self.tr("Save queued")
        if save.total_bytes:
            return self.tr("Saving %1 %").replace("%1", str(100 * save.received_bytes // save.total_bytes))
        return self.tr("Saving")

    def _tool_tip(self, video: Video, column: Column) -> str:
        save = self._saves.get(video.ref)
        if column is Column.STATUS:
            return _plain(save.message if save is not None and save.message else video.message)
        return _plain(video.prompt) if column is Column.PROMPT else ""

    def _ink(self, video: Video, column: Column) -> QColor:
        save = self._saves.get(video.ref)
        if column is Column.STATUS:
            is_failed = save is not None and save.phase is SavePhase.FAILED
            return QColor(theme.colours().bad if is_failed else theme.status_colour(video))
        return QColor(theme.colours().text if column is Column.VIDEO_ID else theme.colours().muted)

    def _progress(self, video: Video) -> float | None:
        save = self._saves.get(video.ref)
        if save is None or save.phase is not SavePhase.RECEIVING:
            return None
        return save.received_bytes / save.total_bytes if save.total_bytes else -1.0

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Video id"),
            self.tr("Status"),
            self.tr("Prompt"),
            self.tr("Size"),
            self.tr("Resolution"),
            self.tr("Created"),
            self.tr("Elapsed"),
        )


def _plain(text: str) -> str:
    """A tool tip that shows ``text`` as it stands: Qt takes for HTML whatever looks like it ("a < b > c")."""
    lines = "\n".join(_wrapped(text))
    return f"<p style='white-space: pre'>{escape(lines)}</p>" if lines else ""


def _wrapped(text: str, width: int = 80) -> list[str]:
    lines, line = [], ""
    for word in text.split():
        if line and len(line) + len(word) >= width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line] if line else lines
