"""The main tool bar: words beside the icons while there is room, icons alone where there is not."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolBar, QToolButton, QWidget

_WITH_WORDS = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_ICONS_ALONE = Qt.ToolButtonStyle.ToolButtonIconOnly


class MainToolBar(QToolBar):
    """Groups of actions at the left, one at the right; none of them ever falls behind an arrow."""

    def __init__(
        self, groups: Sequence[Sequence[QAction]], last: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Main actions"))
        self.setObjectName("mainActions")
        self.setMovable(False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.setToolButtonStyle(_WITH_WORDS)
        for number, group in enumerate(groups):
            if number:
                self.addSeparator()
            self.addActions(list(group))
        spacer = QWidget(self)
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(spacer)
        self.addAction(last)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style = _WITH_WORDS if self._width_with_words() <= self.width() else _ICONS_ALONE
        if style is not self.toolButtonStyle():
            self.setToolButtonStyle(style)

    def _width_with_words(self) -> int:
        """What the bar would need; a button keeps its style until it is told, so the words are added."""
        width = self.sizeHint().width()
        if self.toolButtonStyle() is _ICONS_ALONE:
            buttons = [self.widgetForAction(action) for action in self.actions()]
            width += sum(_width_of_words(button) for button in buttons if isinstance(button, QToolButton))
        return width


def _width_of_words(button: QToolButton) -> int:
    return button.fontMetrics().horizontalAdvance(button.text().replace("&", "")) + 8
