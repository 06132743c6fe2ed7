"""Where video frames are painted: an ordinary widget, so that what is seen can be grabbed and tested."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QSizePolicy, QWidget

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.frame_pictures import picture, whole_picture


class FrameView(QWidget):
    """Shows frames fitted into its space, on a dark stage.

    Signals:
        clicked(): the picture was clicked.
        double_clicked(): the picture was double-clicked.
        painted(): a frame is on the screen.
    """

    clicked = Signal()
    double_clicked = Signal()
    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frame = QVideoFrame()
        self._image = QImage()
        self._painted = QImage()  # the same, not larger than it is painted
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAccessibleName(self.tr("Video picture"))

    @property
    def has_picture(self) -> bool:
        """Whether a frame is there to be seen."""
        return self._frame.isValid()

    @property
    def frame(self) -> QVideoFrame:
        """The frame shown, or one that is not valid."""
        return self._frame

    def show_frame(self, frame: QVideoFrame) -> None:
        """Show ``frame`` from the next repaint on."""
        if frame.isValid():
            self._forget_pictures()
            self._frame = frame
            self.update()

    def clear(self) -> None:
        """Show the empty stage."""
        self._frame = QVideoFrame()
        self._forget_pictures()
        self.update()

    def _forget_pictures(self) -> None:
        self._image = self._painted = QImage()

    def image(self) -> QImage:
        """The frame shown, in its own size."""
        if self._image.isNull() and self._frame.isValid():
            self._image = whole_picture(self._frame)
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(480, 300)

    def paintEvent(self, _: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().stage))
        image = self._fitted_image()
        if image.isNull():
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(fitted(image.size(), self.size()), image)
        painter.end()
        self.painted.emit()

    def _fitted_image(self) -> QImage:
        """A picture that is good enough for the space there is."""
        if self._painted.isNull() and self._frame.isValid():
            self._painted = picture(self._frame, self.size() * self.devicePixelRatioF())
        return self._painted

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._painted = QImage()
        super().resizeEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.double_clicked.emit()


def fitted(picture: QSize, space: QSize) -> QRectF:
    """Where a picture lies in a space: as large as can be, in the middle."""
    size = picture.scaled(space, Qt.AspectRatioMode.KeepAspectRatio)
    left = (space.width() - size.width()) / 2
    top = (space.height() - size.height()) / 2
    return QRectF(left, top, size.width(), size.height())
