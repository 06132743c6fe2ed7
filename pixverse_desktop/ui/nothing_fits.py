"""In the table's place when group and search leave nothing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from pixverse_desktop.ui import theme

_MIDDLE = Qt.AlignmentFlag.AlignHCenter


class NothingFits(QWidget):
    """Says that nothing is found, what of the search was not understood, and how to see all rows again.

    Signals:
        cleared(): the person wishes to see all rows again.
    """

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._picture = QLabel(self)
        self._words = _sentence(self.tr("No video fits this search."))
        self._hint = _sentence("")
        self._hint.hide()
        button = QPushButton(self.tr("Clear the search"), self)
        button.clicked.connect(self.cleared)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 24)
        layout.setSpacing(10)
        layout.addStretch(1)
        layout.addWidget(self._picture, 0, _MIDDLE)
        layout.addWidget(self._words)
        layout.addWidget(self._hint)
        layout.addSpacing(4)
        layout.addWidget(button, 0, _MIDDLE)
        layout.addStretch(1)
        self.refresh_icons()

    def explain(self, hint: str) -> None:
        """Say what of the search was not understood, or with an empty sentence nothing more."""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        self._picture.setPixmap(theme.icon("search", theme.colours().muted).pixmap(40, 40))


def _sentence(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("muted")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAlignment(_MIDDLE)
    label.setWordWrap(True)
    return label
