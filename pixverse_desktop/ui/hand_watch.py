"""Rows move only while no hand is on the view that shows them."""

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtGui import QInputEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication

from pixverse_desktop.ui.video_table_model import VideoTableModel

_IDLE_TICKS = 2  # seconds without a hand on the view before rows may move


class HandWatch(QObject):
    """Lets order and filter settle once nobody has touched ``view`` for a moment.

    Signals:
        ticked(): another second has passed while the view is in sight.
        left(): the pointer is over the rows no more.
    """

    ticked = Signal()
    left = Signal()

    def __init__(self, view: QAbstractItemView, model: VideoTableModel) -> None:
        super().__init__(view)
        self._view = view
        self._model = model
        self._idle_ticks = 0
        for part in (view, view.viewport()):
            part.installEventFilter(self)
        self._ticker = QTimer(self)
        self._ticker.setInterval(1000)
        self._ticker.timeout.connect(self._tick)
        self._ticker.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_key = isinstance(event, QKeyEvent)  # those of shortcuts too, of which no key press is told
        if is_key or (isinstance(event, QInputEvent) and watched is not self._view):
            self._idle_ticks = 0
        if event.type() is QEvent.Type.Leave and watched is not self._view:
            self.left.emit()
        return False

    def _tick(self) -> None:
        active = QApplication.activeWindow()
        is_covered = active is not None and active is not self._view.window() and active.isFullScreen()
        self._idle_ticks = 0 if is_covered else self._idle_ticks + 1  # there keys move in the list too
        if self._model.rowCount() == 0:
            self._model.settle()  # nobody has a hand on nothing, and another page may be in its place
        if not self._view.isVisible():
            return
        is_at_rest = self._view.state() is QAbstractItemView.State.NoState
        if self._idle_ticks >= _IDLE_TICKS and is_at_rest:
            self._model.settle()
        self.ticked.emit()
