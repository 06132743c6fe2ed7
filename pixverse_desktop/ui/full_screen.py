"""The player on the whole screen: the same stage and the same buttons, moved into a window of their own."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.brief_label import BriefLabel
from pixverse_desktop.ui.player_controls import PlayerControls
from pixverse_desktop.ui.zoom_view import ZoomView

_LEAVING = ("Esc", "F", "F11", "Shift+Space")
_REST_MS = 2000  # without the mouse, until buttons and pointer go away
_WIDEST_PX = 760
_EDGE_PX = 24
_GAP_PX = 8
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class FullScreen(QWidget):
    """A window of its own with nothing but the stage; buttons and pointer are there while the mouse moves.

    It has the stage and the buttons only until ``give_back``. ``keys`` act in it, by the names of the keys.

    Signals:
        left(): the person wishes to come back.
    """

    left = Signal()

    def __init__(
        self,
        stage: QWidget,
        view: ZoomView,
        controls: PlayerControls,
        keys: Mapping[str, Callable[[], None]],
        parent: QWidget,
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._keys = keys
        self._view = view
        self._controls = controls
        self._last_place: QPointF | None = None
        self.setWindowTitle(self.tr("PixVerse Desktop: full screen"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(stage)
        self._bar = self._make_bar()
        self._title = BriefLabel(self)
        self._news = BriefLabel(self)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._on_rest)
        for part in (self, stage, *stage.findChildren(QWidget)):
            part.setMouseTracking(True)
        stage.show()
        self._show_bar(is_shown=False)

    def give_back(self) -> None:
        """Make ready for stage and buttons to go where they came from."""
        self._rest.stop()
        self._view.hide_pointer(is_hidden=False)
        self._controls.set_tones(None)

    def show_title(self, text: str) -> None:
        """Show what is seen here, for a moment and whenever the mouse moves."""
        self._title.say(text)
        self._place_parts()

    def tell(self, text: str) -> None:
        """Say something, for a moment."""
        self._news.say(text)
        self._place_parts()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Come back first: what is seen here belongs to another window."""
        event.ignore()
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        name = _name_of(event)
        if name in _LEAVING:
            self.left.emit()
        elif name in self._keys:
            self._keys[name]()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        former, self._last_place = self._last_place, event.globalPosition()
        # Qt tells of a move too where only something else came under the pointer.
        has_moved = former is not None and former != self._last_place
        if has_moved:
            self._show_bar(is_shown=True)

    def focusNextPrevChild(self, is_next: bool) -> bool:
        self._show_bar(is_shown=True)
        return super().focusNextPrevChild(is_next)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_parts()

    def _on_rest(self) -> None:
        has_focus = self._bar.isAncestorOf(QApplication.focusWidget() or self)
        if has_focus or self._bar.underMouse() or QApplication.activePopupWidget() is not None:
            self._rest.start()
        else:
            self._show_bar(is_shown=False)

    def _show_bar(self, *, is_shown: bool) -> None:
        if is_shown:
            self._rest.start()
        if is_shown == self._bar.isVisible() and self.isVisible():
            return
        self._bar.setVisible(is_shown)
        self._bar.raise_()
        self._title.hold(is_held=is_shown)
        self.setCursor(Qt.CursorShape.ArrowCursor if is_shown else Qt.CursorShape.BlankCursor)
        self._view.hide_pointer(is_hidden=not is_shown)
        self._place_parts()

    def _make_bar(self) -> QFrame:
        """The buttons on a dark ground in every scheme, for the stage is dark."""
        tones = theme.DARK
        bar = QFrame(self)
        bar.setObjectName("overlay")
        ground = f"background: {tones.raised}; border: 1px solid {tones.border}; border-radius: 8px;"
        self.setStyleSheet(f"#hint {{ {ground} color: {tones.text}; }}")
        texts = f"#controls QToolButton {{ color: {tones.text}; }}"
        bar.setStyleSheet(f"{theme.style_sheet(tones)} #overlay {{ {ground} }} {texts}")
        layout = QVBoxLayout(bar)
        layout.setContentsMargins(6, 2, 6, 2)
        layout.addWidget(self._controls)
        self._controls.set_tones(tones)
        self._controls.show()
        return bar

    def _place_parts(self) -> None:
        width = min(_WIDEST_PX, self.width() - 2 * _EDGE_PX)
        height = self._bar.sizeHint().height()
        self._bar.setGeometry((self.width() - width) // 2, self.height() - height - _EDGE_PX, width, height)
        self._title.move(_EDGE_PX, _EDGE_PX)
        self._news.move(_EDGE_PX, _EDGE_PX + self._title.height() + _GAP_PX)


def _name_of(event: QKeyEvent) -> str:
    """The key with what is held, but without Shift where that is only needed to come to a letter or digit."""
    held = event.modifiers() & (_COMMANDS | Qt.KeyboardModifier.ShiftModifier)
    if event.text().isprintable() and event.text().strip() and not held & _COMMANDS:
        held = Qt.KeyboardModifier.NoModifier
    return QKeySequence(held.value | event.key()).toString(QKeySequence.SequenceFormat.PortableText)
