"""How all saving stands, at the foot of the window: words over a thin bar, and a way to the rows."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from pixverse_desktop.core.saves import SavingOverview
from pixverse_desktop.ui import messages, theme

_BAR_HEIGHT = 3.0
_MARGIN = 8
_LEAST_CHARS = 12


class SavingLine(QToolButton):
    """Hidden while nothing is to be saved. A click is for whoever wants to see the rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share: float | None = None
        self.setObjectName("saving")
        self.setAccessibleName(self.tr("Saving"))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_saving(self, saving: SavingOverview) -> None:
        """Show how it stands."""
        self._share = saving.share if saving.waiting else None
        words = messages.saving_words(saving)
        self.setText(words)
        self.setAccessibleDescription(words)
        self.setToolTip(f"{words}\n{self.tr('Select the clips that are not saved yet')}")
        self.setVisible(bool(words))

    def minimumSizeHint(self) -> QSize:
        """Little: words that do not fit are cut short, and read in the tool tip."""
        return QSize(self.fontMetrics().averageCharWidth() * _LEAST_CHARS, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._share is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = self.width() - 2 * _MARGIN
        for share, colour in ((1.0, theme.colours().border), (self._share, theme.colours().accent)):
            painter.setBrush(QColor(colour))
            bar = QRectF(_MARGIN, self.height() - _BAR_HEIGHT - 1, width * share, _BAR_HEIGHT)
            painter.drawRoundedRect(bar, _BAR_HEIGHT / 2, _BAR_HEIGHT / 2)
