"""Two pictures in one place: the first left of a line, the second right of it."""

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.frame_view import FrameView, fitted

_GRIP_RADIUS = 7.0


class WipeView(QWidget):
    """Shows what two views would show, divided by a line that is drawn with the mouse."""

    def __init__(self, left: FrameView, right: FrameView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left, self._right = left, right
        self._share = 0.5
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setAccessibleName(self.tr("Both pictures, divided by a line"))
        self.move_line(0.0)

    @property
    def share(self) -> float:
        """How much of the picture's width is left of the line, 0 to 1."""
        return self._share

    def move_line(self, by: float) -> None:
        """Move the line by a share of the picture's width."""
        self._set_share(self._share + by)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().stage))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        line = self._line_x()
        self._paint_part(painter, self._left.image(), QRectF(0, 0, line, self.height()))
        self._paint_part(painter, self._right.image(), QRectF(line, 0, self.width() - line, self.height()))
        painter.setClipping(False)
        self._paint_line(painter, line)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._follow(event)

    def _paint_part(self, painter: QPainter, image: QImage, area: QRectF) -> None:
        if not image.isNull():
            painter.setClipRect(area)
            painter.drawImage(fitted(image.size(), self.size()), image)

    def _paint_line(self, painter: QPainter, x: int) -> None:
        """Light with a dark edge, so that it is seen on every picture."""
        tones, middle = theme.DARK, self.height() / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(x - 2, 0, 4, self.height(), QColor(tones.stage))
        painter.fillRect(x - 1, 0, 2, self.height(), QColor(tones.text))
        painter.setPen(QColor(tones.stage))
        painter.setBrush(QColor(tones.text))
        painter.drawEllipse(QPointF(x, middle), _GRIP_RADIUS, _GRIP_RADIUS)

    def _follow(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            area = self._area()
            self._set_share((event.position().x() - area.left()) / max(1.0, area.width()))

    def _set_share(self, share: float) -> None:
        self._share = max(0.0, min(share, 1.0))
        self.setAccessibleDescription(self.tr("Line at %1 %").replace("%1", str(round(100 * self._share))))
        self.update()

    def _line_x(self) -> int:
        area = self._area()
        return round(area.left() + self._share * area.width())

    def _area(self) -> QRectF:
        """What both pictures together take up."""
        images = (self._left.image(), self._right.image())
        areas = [fitted(image.size(), self.size()) for image in images if not image.isNull()]
        return areas[0].united(areas[-1]) if areas else QRectF(self.rect())
