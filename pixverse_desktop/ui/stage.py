"""What stands in the player's place while there is no picture: a sentence, progress, a way on."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from pixverse_desktop.ui import theme

Deed = tuple[str, Callable[[], None]]
"""A button: its words, and what it does."""


class StageNote(QWidget):
    """An icon, a sentence, a thin bar while something comes, and at most one button."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel(self)
        self._text = QLabel(self)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._bar.setFixedSize(180, 4)
        self._bar.setAccessibleName(self.tr("Fetching the clip"))
        self._button = QPushButton(self)
        self._action: Callable[[], None] | None = None
        self._button.clicked.connect(self._act)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._dress()
        self._lay_out()

    @property
    def text(self) -> str:
        """The sentence shown."""
        return self._text.text()

    def show_note(
        self,
        icon: str,
        text: str,
        *,
        share: float | None = None,
        action: Deed | None = None,
    ) -> None:
        """Show a sentence; ``share`` is what has come so far, 0 to 1, or -1 while its end is unknown."""
        tones = theme.colours()
        self._icon.setPixmap(theme.icon(icon, tones.on_stage).pixmap(48, 48))
        self._text.setText(text)
        self._bar.setVisible(share is not None)
        if share is not None:
            self._bar.setRange(0, 0 if share < 0 else 100)
            self._bar.setValue(round(100 * max(share, 0.0)))
        self._action = action[1] if action else None
        self._button.setText(action[0] if action else "")
        self._button.setVisible(action is not None)
        self.show()
        self.raise_()

    def _dress(self) -> None:
        """The stage is dark in every scheme, as rooms are where pictures are shown."""
        tones = theme.DARK
        self.setStyleSheet(
            f"StageNote {{ background: {tones.stage}; }} StageNote QLabel {{ color: {tones.on_stage}; }}"
            f"QProgressBar {{ background: {tones.border}; border: none; border-radius: 2px; }}"
            f"QProgressBar::chunk {{ background: {tones.accent}; border-radius: 2px; }}"
        )

    def _act(self) -> None:
        if self._action is not None:
            self._action()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(12)
        layout.addStretch(1)
        for label in (self._icon, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        for widget in (self._bar, self._button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
