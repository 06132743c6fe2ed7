"""A few lines of words that may be longer than their room."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

_FONT_CHANGES = (QEvent.Type.FontChange, QEvent.Type.StyleChange)


class FactsLabel(QLabel):
    """Rich text in just so many lines; dots tell that there is more, and the tool tip has all of it."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines = lines
        self._more = QLabel(" …", self)
        self._more.setObjectName("more")
        self._more.setAccessibleName(self.tr("More in the tool tip"))
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._fit()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(f"<p>{text}</p>")
        self._note_more()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._note_more()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in _FONT_CHANGES:
            self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self._lines * self.fontMetrics().lineSpacing())
        self._note_more()

    def _note_more(self) -> None:
        more = self._more
        more.adjustSize()
        more.move(self.width() - more.width(), self.height() - more.height())
        rest_px = self.heightForWidth(self.width()) - self.height()
        more.setVisible(rest_px * 2 > self.fontMetrics().lineSpacing())  # what is rounded is no line
