"""The picture as large as there is room, or in its own pixels, which a hand can drag about."""

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTransform,
)
from PySide6.QtWidgets import QApplication, QWidget

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.brief_label import BriefLabel
from pixverse_desktop.ui.frame_view import FrameView

FIT = 0
SCALES = (FIT, 1, 2)
"""How many pixels of the screen a pixel of the clip takes across; ``FIT`` for as many as there is room."""

_PAN_SHARE = 0.15  # of the room, by a key
_BADGE_PX = 10  # from the corner
_MIDDLE = QPointF(0.5, 0.5)


class ZoomView(FrameView):
    """Shows frames fitted, or one of their pixels on one or two of the screen's, none of them changed.

    Scale and place stay while other clips come, so that one spot of several variants can be judged.

    Signals:
        scale_changed(int): one of ``SCALES``.
        menu_requested(QPoint): where on the screen a menu of the picture is wished for.
    """

    scale_changed = Signal(int)
    menu_requested = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scale = FIT
        self._centre = QPointF(_MIDDLE)  # of what is seen, as a share of the clip
        self._painted_size = QSize()
        self._grip: QPointF | None = None
        self._is_panning = False
        self._is_pointer_hidden = False
        self._badge = BriefLabel(self)

    @property
    def scale(self) -> int:
        """One of ``SCALES``."""
        return self._scale

    def next_scale(self) -> None:
        """Turn to the next of ``SCALES``."""
        self.set_scale(SCALES[(SCALES.index(self._scale) + 1) % len(SCALES)])

    def set_scale(self, scale: int) -> None:
        """Show the picture in this size. The spot in the middle stays, until the picture is fitted."""
        self._scale = scale
        if scale == FIT:
            self._centre = QPointF(_MIDDLE)
        words = self.tr("Fitted") if scale == FIT else self.tr("%1 %").replace("%1", str(scale * 100))
        self.setAccessibleDescription(words)
        self._badge.say(words)
        self._place_badge()
        self.scale_changed.emit(scale)
        self.update()

    def pan(self, x_steps: int, y_steps: int) -> None:
        """Look further right and down, or with less than nothing, left and up."""
        step = _PAN_SHARE * min(self.width(), self.height()) * self.devicePixelRatioF()
        self._pan_px(x_steps * step, y_steps * step)

    def hide_pointer(self, *, is_hidden: bool) -> None:
        """Show no pointer over the picture, or the one that tells what can be done."""
        self._is_pointer_hidden = is_hidden
        self._show_pointer()

    def paintEvent(self, event: QPaintEvent) -> None:
        image = QImage() if self._scale == FIT else self.image()
        if image.isNull():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().stage))
        self._paint_pixels(painter, image)
        painter.end()
        if image.size() != self._painted_size:
            self._painted_size = image.size()
            self._show_pointer()
        self.painted.emit()

    def _paint_pixels(self, painter: QPainter, image: QImage) -> None:
        """Pixel on pixel: the place is a whole pixel of the device, whatever the scale of the screen is."""
        to_device = painter.deviceTransform()
        room = to_device.mapRect(QRectF(self.rect())).toRect()
        size = image.size() * self._scale
        left = room.left() + _start_of(size.width(), room.width(), self._centre.x())
        top = room.top() + _start_of(size.height(), room.height(), self._centre.y())
        place = QRect(QPoint(left, top), size)
        painter.drawImage(_inverse(to_device).mapRect(QRectF(place)), image, QRectF(image.rect()))

    def _pan_px(self, x_px: float, y_px: float) -> None:
        """Move what is seen by these pixels of the device, as far as the picture goes."""
        size, room = self._painted_size * self._scale, self._room
        if size.isEmpty() or not self.is_cut:
            return
        x = _kept(self._centre.x() + x_px / size.width(), room.width() / size.width())
        y = _kept(self._centre.y() + y_px / size.height(), room.height() / size.height())
        self._centre = QPointF(x, y)
        self.update()

    @property
    def _room(self) -> QSize:
        return (self.size().toSizeF() * self.devicePixelRatioF()).toSize()

    @property
    def is_cut(self) -> bool:
        """Whether more of the picture is there than there is room for."""
        size = self._painted_size * self._scale
        return size.width() > self._room.width() or size.height() > self._room.height()

    def _show_pointer(self) -> None:
        if self._is_pointer_hidden:
            self.setCursor(Qt.CursorShape.BlankCursor)
        elif self.is_cut:
            is_closed = self._is_panning
            self.setCursor(Qt.CursorShape.ClosedHandCursor if is_closed else Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        is_plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
        if event.button() is Qt.MouseButton.LeftButton and self.is_cut and is_plain:
            self._grip = event.position()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        way = self._grip - event.position()
        if not self._is_panning and way.manhattanLength() < QApplication.startDragDistance():
            return
        self._is_panning = True
        self._grip = event.position()
        self._pan_px(way.x() * self.devicePixelRatioF(), way.y() * self.devicePixelRatioF())
        self._show_pointer()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        was_panning, self._is_panning, self._grip = self._is_panning, False, None
        self._show_pointer()
        if not was_panning:
            super().mouseReleaseEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_badge()
        self._show_pointer()

    def _place_badge(self) -> None:
        self._badge.move(self.width() - self._badge.width() - _BADGE_PX, _BADGE_PX)


def _start_of(size: int, room: int, centre: float) -> int:
    """Where a picture begins in a room, in whole pixels: in the middle, or with ``centre`` there."""
    if size <= room:
        return (room - size) // 2
    return max(room - size, min(0, round(room / 2 - centre * size)))


def _kept(centre: float, seen: float) -> float:
    """A centre that leaves no room empty, of which a share of the picture is ``seen``."""
    return 0.5 if seen >= 1 else max(seen / 2, min(centre, 1 - seen / 2))


def _inverse(transform: QTransform) -> QTransform:
    inverse, _ = transform.inverted()
    return inverse
