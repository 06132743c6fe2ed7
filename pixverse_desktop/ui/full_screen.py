"""The picture on the whole screen."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pixverse_desktop.ui.frame_view import FrameView

_LEAVING = (Qt.Key.Key_Escape, Qt.Key.Key_F, Qt.Key.Key_F11)


class FullScreen(QWidget):
    """A window of its own with nothing but the picture; ``keys`` act in it as in the player.

    Signals:
        left(): the person wishes to come back.
    """

    left = Signal()

    def __init__(self, keys: Mapping[Qt.Key, Callable[[], None]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._keys = keys
        self.setWindowTitle(self.tr("PixVerse Desktop: full screen"))
        self.view = FrameView(self)
        self.view.double_clicked.connect(self.left)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setCursor(Qt.CursorShape.BlankCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _LEAVING:
            self.left.emit()
        elif key in self._keys:
            self._keys[key]()
        else:
            super().keyPressEvent(event)
