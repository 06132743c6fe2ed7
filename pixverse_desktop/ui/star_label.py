"""Five stars that tell how a clip is rated, and can be clicked."""

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QWidget

MOST_STARS = 5


class StarLabel(QLabel):
    """Shows a rating, and under the pointer the one that a click would give.

    Signals:
        rated(int): stars that were clicked; 0 for those that are given already.
    """

    rated = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stars = 0
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(self.tr("Rate (1 to 5, 0 for none)"))
        self.show_stars(0)

    def show_stars(self, stars: int) -> None:
        """Show a rating."""
        self._stars = stars
        self.setText(_drawn(stars))
        words = self.tr("%1 of 5 stars").replace("%1", str(stars)) if stars else self.tr("No rating")
        self.setAccessibleName(words)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.setText(_drawn(self._at(event)))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.setText(_drawn(self._stars))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.setAccepted(event.button() is Qt.MouseButton.LeftButton)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            stars = self._at(event)
            self.rated.emit(0 if stars == self._stars else stars)

    def _at(self, event: QMouseEvent) -> int:
        place = int(event.position().x() * MOST_STARS / max(1, self.width())) + 1
        return max(1, min(place, MOST_STARS))


def _drawn(stars: int) -> str:
    return "★" * stars + "☆" * (MOST_STARS - stars)
