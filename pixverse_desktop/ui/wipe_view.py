"""Two pictures in one place: the first left of a line, the second right of it."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.frame_pictures import picture
from pixverse_desktop.ui.frame_view import FrameView, fitted

_GRIP_RADIUS = 7.0
_MOST = 1000  # thousandths of the picture's width


class _Side:
    """The picture of one view, no larger than it is painted here."""

    def __init__(self, view: FrameView) -> None:
        self._view = view
        self._frame: QVideoFrame | None = None
        self._room = QSize()
        self._image = QImage()

    def image(self, room: QSize) -> QImage:
        """The picture for a room of so many pixels, made once a frame."""
        frame = self._view.frame
        if frame is not self._frame or room != self._room:
            self._frame, self._room = frame, room
            self._image = picture(frame, room) if frame.isValid() else QImage()
        return self._image


class WipeView(QAbstractSlider):
    """Shows what two views would show, divided by a line.

    The line is drawn with the mouse, or moved by the keys of a slider while it has the focus. To those who do
    not see it, it is a slider.
    """

    def __init__(self, left: FrameView, right: FrameView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left, self._right = _Side(left), _Side(right)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # as the pictures are
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, _MOST)
        self.setSingleStep(_MOST // 50)
        self.setPageStep(_MOST // 10)
        self.setAccessibleName(self.tr("Both pictures, divided by a line"))
        self.valueChanged.connect(self._on_moved)
        self.setValue(_MOST // 2)

    def move_line(self, steps: int) -> None:
        """Move the line by some of its steps."""
        self.setValue(self.value() + steps * self.singleStep())

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().stage))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = self.size() * self.devicePixelRatioF()
        images = self._left.image(room), self._right.image(room)
        line = self._line_x()
        parts = QRectF(0, 0, line, self.height()), QRectF(line, 0, self.width() - line, self.height())
        for image, part in zip(images, parts, strict=True):
            if not image.isNull():
                painter.setClipRect(part)
                painter.drawImage(fitted(image.size(), self.size()), image)
        painter.setClipping(False)
        self._paint_line(painter, line)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._follow(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._follow(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _paint_line(self, painter: QPainter, x: int) -> None:
        """Light with a dark edge, so that it is seen on every picture; its grip tells of the focus."""
        tones, middle = theme.DARK, self.height() / 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(x - 2, 0, 4, self.height(), QColor(tones.stage))
        painter.fillRect(x - 1, 0, 2, self.height(), QColor(tones.text))
        has_focus = self.hasFocus()
        painter.setPen(QPen(QColor(tones.accent if has_focus else tones.stage), 3.0 if has_focus else 1.0))
        painter.setBrush(QColor(tones.text))
        painter.drawEllipse(QPointF(x, middle), _GRIP_RADIUS, _GRIP_RADIUS)

    def _follow(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            area = self._area()
            share = (event.position().x() - area.left()) / max(1.0, area.width())
            self.setValue(round(_MOST * share))

    def _on_moved(self, value: int) -> None:
        percent = round(100 * value / _MOST)
        self.setAccessibleDescription(self.tr("Line at %1 %").replace("%1", str(percent)))
        self.update()

    def _line_x(self) -> int:
        area = self._area()
        return round(area.left() + self.value() / _MOST * area.width())

    def _area(self) -> QRectF:
        """What both pictures together take up."""
        room = self.size() * self.devicePixelRatioF()
        images = (self._left.image(room), self._right.image(room))
        areas = [fitted(image.size(), self.size()) for image in images if not image.isNull()]
        return areas[0].united(areas[-1]) if areas else QRectF(self.rect())
