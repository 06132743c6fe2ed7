"""How a cell of the list is painted: by hand, since a style sheet takes three times as long for each."""

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.row_faces import Cell
from pixverse_desktop.ui.video_table_model import PROGRESS_ROLE, VideoTableModel

Index = QModelIndex | QPersistentModelIndex

_MARGIN = 11  # in step with the headings, in style.qss
_ICON = 18
_GAP = 7
_BAR_HEIGHT = 3.0
_MOST_CHARS = 400
_MOST_TEXTS = 4096
_MARK = " · "  # between the share of a clip that is being saved and its speed
_ASCII = [chr(code) for code in range(32, 127)]


class Letters:
    """How wide texts are in one font. Painting asks thousands of times a second, so few are measured.

    Attributes:
        font: the font.
        struck_out: the same with a line through it.
    """

    def __init__(self, font: QFont) -> None:
        self.font = QFont(font)
        self.struck_out = QFont(font)
        self.struck_out.setStrikeOut(True)
        self._metrics = QFontMetrics(self.font)
        self._widest_ascii = max(self._metrics.horizontalAdvance(letter) for letter in _ASCII)
        self._elided = lru_cache(maxsize=_MOST_TEXTS)(self._metrics.elidedText)

    def fitted(self, text: str, elision: Qt.TextElideMode, width: int) -> str:
        """``text``, with dots for what does not fit into ``width`` pixels."""
        if text.isascii() and len(text) * self._widest_ascii <= width:
            return text
        return self._elided(text[:_MOST_CHARS], elision, width)

    def width(self, text: str) -> int:
        """The pixels ``text`` takes."""
        return self._metrics.horizontalAdvance(text[:_MOST_CHARS])


class CellDelegate(QStyledItemDelegate):
    """Paints text, the icon of the status, and a thin bar along a row that is being saved."""

    def __init__(self, model: VideoTableModel, table: QAbstractItemView) -> None:
        super().__init__(table)
        self._model = model
        self._table = table
        self._letters = Letters(table.font())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tones, area, column = theme.colours(), option.rect, index.column()
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(area, _colour(tones.selection if is_selected else tones.base))
        painter.fillRect(area.left(), area.bottom(), area.width(), 1, _colour(tones.window))
        if self._table.hasFocus() and index.row() == self._table.currentIndex().row():
            for edge in (
                area.top(),
                area.bottom(),
            ):  # single keys act on the list: it must be seen that they do
                painter.fillRect(area.left(), edge, area.width(), 1, _colour(tones.accent))
        inner = area.adjusted(_MARGIN, 0, -_MARGIN, -1)
        if column == Column.STATUS:
            _paint_icon(painter, inner, index.data(Qt.ItemDataRole.DecorationRole))
            inner.setLeft(inner.left() + _ICON + _GAP)
            _paint_bar(painter, QRectF(area), index.data(PROGRESS_ROLE))
        self._paint_text(painter, inner, option, self._model.cell(index.row(), column), column)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """What a column takes that is made as wide as its contents."""
        icon = _ICON + _GAP if index.column() == Column.STATUS else 0
        width = self._letters_of(option.font).width(self._model.cell(index.row(), index.column()).text)
        return QSize(width + icon + 2 * _MARGIN, option.rect.height())

    def _letters_of(self, font: QFont) -> Letters:
        if font != self._letters.font:
            self._letters = Letters(font)
        return self._letters

    def _paint_text(
        self, painter: QPainter, area: QRect, option: QStyleOptionViewItem, cell: Cell, column: int
    ) -> None:
        if not cell.text:
            return
        painter.setPen(_colour(cell.ink))
        letters = self._letters_of(option.font)
        painter.setFont(letters.struck_out if cell.is_struck_out else letters.font)
        text = cell.text
        if column == Column.STATUS and _MARK in text and letters.width(text) > area.width():
            text = _figures(text)
        elision = Qt.TextElideMode.ElideMiddle if column == Column.VIDEO_ID else Qt.TextElideMode.ElideRight
        painter.drawText(area, cell.alignment, letters.fitted(text, elision, area.width()))


@lru_cache(maxsize=64)
def _colour(name: str) -> QColor:
    return QColor(name)


def _figures(text: str) -> str:
    """How far and how fast, without the word before it, which the bar below says as well."""
    return text[next((place for place, letter in enumerate(text) if letter.isdigit()), 0) :]


def _paint_icon(painter: QPainter, area: QRect, icon: QIcon) -> None:
    top = area.top() + (area.height() - _ICON) // 2
    icon.paint(painter, QRect(area.left(), top, _ICON, _ICON))


def _paint_bar(painter: QPainter, cell: QRectF, share: float | None) -> None:
    if share is None:
        return
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
