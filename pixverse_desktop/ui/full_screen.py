"""The picture on the whole screen."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pixverse_desktop.ui.frame_view import FrameView

_LEAVING = (Qt.Key.Key_Escape, Qt.Key.Key_F, Qt.Key.Key_F11)


class FullScreen(QWidget):
    """A window of its own with nothing but the picture.

    Signals:
        left(): the person wishes to come back.
        toggle_requested(): play or pause.
        step_requested(int): seconds forward, or back.
        mute_requested(): be silent, or be heard again.
    """

    left = Signal()
    toggle_requested = Signal()
    step_requested = Signal(int)
    mute_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("PixVerse Desktop: full screen"))
        self.view = FrameView(self)
        self.view.double_clicked.connect(self.left)
        self.view.clicked.connect(self.toggle_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.view)
        self.setCursor(Qt.CursorShape.BlankCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _LEAVING:
            self.left.emit()
        elif key == Qt.Key.Key_Space:
            self.toggle_requested.emit()
        elif key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            self.step_requested.emit(1 if key == Qt.Key.Key_Right else -1)
        elif key == Qt.Key.Key_M:
            self.mute_requested.emit()
        else:
            super().keyPressEvent(event)
