"""How a row of the list is painted: as a whole and by hand.

Through a delegate Qt makes an index and an option for each cell, which takes longer than to paint it; a style
sheet takes three times as long again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QPainter

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.letters import Letters
from pixverse_desktop.ui.row_faces import Cell
from pixverse_desktop.ui.video_table_model import VideoTableModel

_MARGIN = 11  # in step with the headings, in style.qss
_ICON = 18
_GAP = 7
_BAR_HEIGHT = 3.0
_STRIKE_OUT = 0.56  # of the height of a line: the middle of its small letters
_MARK = " · "  # between the share of a clip that is being saved and its speed


@dataclass(frozen=True, slots=True)
class Strip:
    """Where a column lies now, in pixels from the left edge of what is in sight."""

    column: int
    left: int
    width: int


@dataclass(frozen=True, slots=True)
class RowState:
    """Where a row lies, in pixels from the top of what is in sight, and what a person did with it."""

    top: int
    height: int
    is_selected: bool
    is_outlined: bool


class RowPainter:
    """Paints text, the icon of the status, and a thin bar along a row that is being saved."""

    def __init__(self, model: VideoTableModel, font: QFont) -> None:
        self._model = model
        self.set_font(font)

    def set_font(self, font: QFont) -> None:
        """Paint in this font from now on."""
        self._letters = Letters(font)

    def wanted_width(self, place: int, column: int) -> int:
        """The pixels a column takes in which this row fits."""
        icon = _ICON + _GAP if column == Column.STATUS else 0
        return self._letters.width(self._model.cell(place, column).text) + icon + 2 * _MARGIN

    def paint(self, painter: QPainter, place: int, state: RowState, strips: Sequence[Strip]) -> None:
        """Paint these columns of the row at ``place``, on a ground that has the list's colour already."""
        self._paint_ground(painter, state, strips)
        for strip in strips:
            left, width = strip.left + _MARGIN, strip.width - 2 * _MARGIN
            if strip.column == Column.STATUS:
                self._paint_status(painter, place, state, strip)
                left, width = left + _ICON + _GAP, width - _ICON - _GAP
            cell = self._model.cell(place, strip.column)
            if cell.text and width > 0:
                self._paint_text(painter, cell, QRect(left, state.top, width, state.height - 1), strip.column)

    def _paint_ground(self, painter: QPainter, state: RowState, strips: Sequence[Strip]) -> None:
        tones = theme.colours()
        left = min(strip.left for strip in strips)
        width = max(strip.left + strip.width for strip in strips) - left
        bottom = state.top + state.height - 1
        if state.is_selected:
            painter.fillRect(left, state.top, width, state.height, _colour(tones.selection))
        painter.fillRect(left, bottom, width, 1, _colour(tones.window))
        if state.is_outlined:
            painter.fillRect(left, state.top, width, 1, _colour(tones.accent))
            painter.fillRect(left, bottom, width, 1, _colour(tones.accent))

    def _paint_status(self, painter: QPainter, place: int, state: RowState, strip: Strip) -> None:
        _paint_icon(painter, strip.left + _MARGIN, state, self._model.icon(place))
        _paint_bar(
            painter, QRectF(strip.left, state.top, strip.width, state.height), self._model.progress(place)
        )

    def _paint_text(self, painter: QPainter, cell: Cell, area: QRect, column: int) -> None:
        text = self._fitting(cell.text, area.width()) if column == Column.STATUS else cell.text
        elision = Qt.TextElideMode.ElideMiddle if column == Column.VIDEO_ID else Qt.TextElideMode.ElideRight
        laid_out = self._letters.laid_out(text, elision, area.width())
        size = laid_out.size()
        left = area.left() + (area.width() - round(size.width()) if cell.is_right else 0)
        top = area.top() + round((area.height() - size.height()) / 2)
        painter.setPen(_colour(cell.ink))
        painter.setFont(self._letters.font)
        painter.drawStaticText(QPointF(left, top), laid_out)
        if cell.is_struck_out:  # not by the font: Qt draws that line elsewhere for a text that is laid out
            middle = round(top + size.height() * _STRIKE_OUT)
            painter.fillRect(left, middle, round(size.width()), 1, _colour(cell.ink))

    def _fitting(self, text: str, width: int) -> str:
        """How far and how fast, as much as there is room for; the bar below says what it is about."""
        if _MARK not in text or self._letters.width(text) <= width:
            return text
        figures = text[next((place for place, letter in enumerate(text) if letter.isdigit()), 0) :]
        return figures if self._letters.width(figures) <= width else figures.partition(_MARK)[0]


@lru_cache(maxsize=64)
def _colour(name: str) -> QColor:
    return QColor(name)


def _paint_icon(painter: QPainter, left: int, state: RowState, icon: QIcon) -> None:
    icon.paint(painter, QRect(left, state.top + (state.height - 1 - _ICON) // 2, _ICON, _ICON))


def _paint_bar(painter: QPainter, cell: QRectF, share: float | None) -> None:
    if share is None:
        return
    track = QRectF(cell.left() + 10, cell.bottom() - _BAR_HEIGHT - 4, cell.width() - 20, _BAR_HEIGHT)
    done = QRectF(track)
    done.setWidth(track.width() * share if share >= 0 else track.width() / 3)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    for bar, colour in ((track, theme.colours().border), (done, theme.colours().accent)):
        painter.setBrush(_colour(colour))
        painter.drawRoundedRect(bar, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
    painter.restore()
