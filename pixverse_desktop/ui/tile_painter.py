"""How a tile of the gallery is painted: by hand, as the rows of the table are."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from pixverse_desktop.ui import messages, theme
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.letters import Letters
from pixverse_desktop.ui.tile_grid import PADDING, fitted
from pixverse_desktop.ui.video_table_model import VideoTableModel

_ICON = 14
_ICONS = (32, 24, 14)  # in the place of a picture: the largest there is room for
_GAP = 5
_ABOVE_TEXT = 5
_BETWEEN_LINES = 2
_BAR_HEIGHT = 4
_RADIUS = 6.0
_OF_A_REJECT = 0.35  # how much of its picture is to be seen
_ELIDE = Qt.TextElideMode.ElideRight


@dataclass(frozen=True, slots=True)
class TileState:
    """What a tile shows besides its row. ``picture`` is null where there is none."""

    is_selected: bool
    is_outlined: bool
    picture: QImage


class TilePainter:
    """Paints picture, prompt, status and rating, and a thin bar over a clip that is being saved.

    ``usual_s`` tells how long clips take as a rule, if that is known.
    """

    def __init__(self, model: VideoTableModel, font: QFont, usual_s: Callable[[], float | None]) -> None:
        self._model = model
        self._usual_s = usual_s
        self.set_font(font)

    def set_font(self, font: QFont) -> None:
        """Paint in this font from now on, and in a smaller one."""
        small = QFont(font)
        if font.pointSizeF() > 0:
            small.setPointSizeF(font.pointSizeF() * 0.9)
        self._letters, self._small = Letters(font), Letters(small)

    @property
    def caption_height(self) -> int:
        """The pixels below a picture."""
        return _ABOVE_TEXT + self._letters.height + _BETWEEN_LINES + self._lower_height

    @property
    def _lower_height(self) -> int:
        return max(_ICON, self._small.height)

    def paint(self, painter: QPainter, place: int, tile: QRect, stage: QRect, state: TileState) -> None:
        """Paint the tile of a row; ``stage`` is where in it the picture goes."""
        self.paint_stage(painter, place, tile, stage, state)
        self._paint_caption(painter, place, tile, stage.bottom() + 1 + _ABOVE_TEXT)
        line = QRect(stage.left(), tile.bottom() + 1 - PADDING - self._lower_height, stage.width(), 0)
        self._paint_facts(painter, place, line, tells_status=not state.picture.isNull())

    def paint_stage(self, painter: QPainter, place: int, tile: QRect, stage: QRect, state: TileState) -> None:
        """Paint a tile without the words below its picture, which stay while it moves."""
        self._paint_ground(painter, tile, state)
        is_rejected = self._model.marks(place).is_rejected
        if state.picture.isNull():
            self._paint_no_picture(painter, place, stage)
        else:
            _paint_picture(painter, stage, state.picture, _OF_A_REJECT if is_rejected else 1.0)
        _paint_bar(painter, stage, self._model.progress(place))

    def _paint_ground(self, painter: QPainter, tile: QRect, state: TileState) -> None:
        if not (state.is_selected or state.is_outlined):
            return
        tones = theme.colours()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(_colour(tones.selection) if state.is_selected else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(_colour(tones.accent), 2) if state.is_outlined else Qt.PenStyle.NoPen)
        painter.drawRoundedRect(QRectF(tile).adjusted(1, 1, -1, -1), _RADIUS, _RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_no_picture(self, painter: QPainter, place: int, stage: QRect) -> None:
        """The status in the picture's place, and how long an open one has taken."""
        tones = theme.colours()
        painter.fillRect(stage, _colour(tones.window))
        painter.setPen(_colour(tones.border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(stage.adjusted(0, 0, -1, -1))
        lines = self._status_lines(place, stage.width())
        words_height = len(lines) * self._small.height
        icon = next((icon for icon in _ICONS if icon + _GAP + words_height <= stage.height()), 0)
        height = words_height + (icon + _GAP if icon else 0)
        top = stage.top() + max(0, stage.height() - height) // 2
        if icon:
            left = stage.left() + (stage.width() - icon) // 2
            self._model.icon(place).paint(painter, QRect(left, top, icon, icon))
            top += icon + _GAP
        for text, ink in lines:
            line = QRect(stage.left(), top, stage.width(), 0)
            self._write(painter, self._small, text, ink, line, middle=True)
            top += self._small.height

    def _status_lines(self, place: int, width: int) -> list[tuple[str, str]]:
        """The status, and of an open row how long it has taken and how long it takes as a rule."""
        status = self._model.cell(place, Column.STATUS)
        lines = [(status.text, status.ink)]
        if self._model.video(place).status.is_open:
            elapsed, usual_s = self._model.cell(place, Column.ELAPSED).text, self._usual_s()
            words = messages.usual_words(elapsed, usual_s) if usual_s is not None else elapsed
            fits = self._small.width(words) <= width
            lines.append((words if fits else elapsed, theme.colours().muted))
        return lines

    def _paint_caption(self, painter: QPainter, place: int, tile: QRect, top: int) -> None:
        line = QRect(tile.left() + PADDING, top, tile.width() - 2 * PADDING, 0)
        prompt = self._model.cell(place, Column.PROMPT)
        name = prompt if prompt.text else self._model.cell(place, Column.VIDEO_ID)
        width = self._write(painter, self._letters, name.text, name.ink, line)
        if name.is_struck_out:
            middle = top + round(self._letters.height * 0.56)
            painter.fillRect(line.left(), middle, width, 1, _colour(name.ink))

    def _paint_facts(self, painter: QPainter, place: int, line: QRect, *, tells_status: bool) -> None:
        """The status, or the id where the status is in the picture's place, and the rating."""
        rating = self._model.cell(place, Column.RATING)
        stars_width = self._small.width(rating.text) + 2 if rating.text else 0
        stars = QRect(line.right() + 1 - stars_width, line.top(), stars_width, 0)
        self._write(painter, self._small, rating.text, rating.ink, stars)
        words = line.adjusted(0, 0, -stars_width - _GAP, 0)
        if tells_status:
            status = self._model.cell(place, Column.STATUS)
            top = line.top() + (self._lower_height - _ICON) // 2
            self._model.icon(place).paint(painter, QRect(line.left(), top, _ICON, _ICON))
            words = words.adjusted(_ICON + _GAP, 0, 0, 0)
            self._write(painter, self._small, status.text, status.ink, words)
        else:
            text = self._model.cell(place, Column.VIDEO_ID).text
            self._write(painter, self._small, text, theme.colours().muted, words)

    def _write(
        self, painter: QPainter, letters: Letters, text: str, ink: str, line: QRect, *, middle: bool = False
    ) -> int:
        """Write one line from its top down; the pixels it takes."""
        if not text or line.width() <= 0:
            return 0
        laid_out = letters.laid_out(text, _ELIDE, line.width())
        width = round(laid_out.size().width())
        left = line.left() + ((line.width() - width) // 2 if middle else 0)
        painter.setPen(_colour(ink))
        painter.setFont(letters.font)
        painter.drawStaticText(QPointF(left, line.top()), laid_out)
        return width


@lru_cache(maxsize=64)
def _colour(name: str) -> QColor:
    return QColor(name)


def _paint_picture(painter: QPainter, stage: QRect, picture: QImage, opacity: float) -> None:
    """The picture as a whole, with bars of the stage's colour where it is narrower or flatter."""
    painter.fillRect(stage, _colour(theme.colours().stage))
    size = fitted(picture.size(), stage.size())
    left = stage.left() + (stage.width() - size.width()) // 2
    top = stage.top() + (stage.height() - size.height()) // 2
    painter.setOpacity(opacity)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRect(left, top, size.width(), size.height()), picture)
    painter.setOpacity(1.0)


def _paint_bar(painter: QPainter, stage: QRect, share: float | None) -> None:
    """How far the saving of a clip is, along the foot of its picture."""
    if share is None:
        return
    tones = theme.colours()
    track = QRect(stage.left(), stage.bottom() + 1 - _BAR_HEIGHT, stage.width(), _BAR_HEIGHT)
    painter.fillRect(track, _colour(tones.border))
    track.setWidth(round(track.width() * share) if share >= 0 else track.width() // 3)
    painter.fillRect(track, _colour(tones.accent))
