"""One line of news, with at most one thing to do about it."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from pixverse_desktop.ui import theme

_FADE_AFTER_MS = 10_000


class Banner(QFrame):
    """A line with an icon, a sentence, a button where something can be done, and a way to close it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("banner")
        self._icon = QLabel(self)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton(self)
        self._close = QToolButton(self)
        self._close.setAccessibleName(self.tr("Close this message"))
        self._close.clicked.connect(self.hide)
        self._stays = self._fades = False
        self._face = ("check", "accent")
        self._action: Callable[[], None] | None = None
        self._button.clicked.connect(self._act)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_FADE_AFTER_MS)
        self._timer.timeout.connect(self.hide)
        self._lay_out()
        self.hide()

    @property
    def text(self) -> str:
        """The sentence shown; empty while there is none."""
        return "" if self.isHidden() else self._text.text()

    def show_news(
        self,
        text: str,
        *,
        icon: str = "check",
        tone: str = "accent",
        action: tuple[str, Callable[[], None]] | None = None,
        stays: bool = False,
        is_lasting: bool = False,
    ) -> None:
        """Show ``text``, which leaves by itself after a while. ``action`` is a button's words and deed.

        ``tone`` is the role of the icon's colour. What ``stays`` goes when its owner hides it; what
        ``is_lasting``, when the person closes it.
        """
        is_new = text != self.text
        self._face = (icon, tone)
        self.refresh_icons()
        self._text.setText(text)
        self.setAccessibleName(text)
        self._action = action[1] if action else None
        self._button.setText(action[0] if action else "")
        self._button.setVisible(action is not None)
        self._stays = stays
        self._close.setVisible(not stays)
        self._fades = not stays and not is_lasting
        self._timer.stop()
        if self._fades:
            self._timer.start()
        self.show()
        if is_new:  # a sentence that comes by itself has no focus for a screen reader to follow
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        name, tone = self._face
        self._icon.setPixmap(theme.icon(name, getattr(theme.colours(), tone)).pixmap(20, 20))
        self._close.setIcon(theme.icon("close", theme.colours().muted))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()  # nothing goes from under a hand that is on its way to the button
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        if self._fades and not self.isHidden():
            self._timer.start()
        super().leaveEvent(event)

    def _act(self) -> None:
        action = self._action
        if not self._stays:  # what stays goes when it is mended, not when it was looked at
            self.hide()
        if action is not None:
            action()

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.setSpacing(10)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        layout.addWidget(self._button)
        layout.addWidget(self._close)
