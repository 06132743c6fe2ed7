"""A few words over a picture that go away by themselves."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from pixverse_desktop.ui import theme

_LASTS_MS = 2000


class BriefLabel(QLabel):
    """Shows words for a moment, or as long as it is held; dark in every scheme, as the stage is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        tones = theme.DARK
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setStyleSheet(
            f"BriefLabel {{ background: {tones.raised}; color: {tones.text}; border: 1px solid "
            f"{tones.border}; border-radius: 6px; padding: 4px 9px; }}"
        )
        self._is_held = False
        self._leave = QTimer(self, singleShot=True, interval=_LASTS_MS)
        self._leave.timeout.connect(self.hide)
        self.hide()

    def say(self, text: str) -> None:
        """Show these words for a moment, or nothing."""
        self.setText(text)
        self.adjustSize()
        self.setVisible(bool(text))
        self.raise_()
        if not self._is_held:
            self._leave.start()

    def hold(self, *, is_held: bool) -> None:
        """Stay, or go away now."""
        self._is_held = is_held
        self._leave.stop()
        self.setVisible(is_held and bool(self.text()))
