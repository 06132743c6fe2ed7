"""The one search field: words, and ``name:value`` pairs that narrow down."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QWidget

from pixverse_desktop.ui import theme

_MOST_CHARS = 200_000  # a whole prompt may be searched for, and one that is cut finds nothing


class SearchField(QLineEdit):
    """A line for a search.

    Signals:
        left(): the person is done here and wishes to be back in the list.
        entered(): the person wishes to go to what was found.
    """

    left = Signal()
    entered = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search_in("")
        self.setAccessibleName(self.tr("Search"))
        self.setClearButtonEnabled(True)
        self.setMaxLength(_MOST_CHARS)
        self.setAcceptDrops(False)  # ids that are dropped here are for the window
        for button in self.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the field"))
        self._glass = self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        self._glass.setText(self.tr("Search"))
        self.refresh_icons()
        self.setToolTip(
            self.tr(
                "Words are looked for in prompt, id, tags, style, seed and note.\n"
                "status:ready,failed   is:saved unsaved open trouble rejected rated tagged\n"
                "tag:hero   batch:name   rating:>=3   seed:42   style:anime   account:name\n"
                'prompt:"a paper boat" is the whole prompt, to the letter\n'
                "after:2026-11-01   before:2026-12-01   -word and -tag:x turn a part round"
            )
        )

    def search_in(self, group: str) -> None:
        """Say where the search looks: in this group, or with an empty name in all rows."""
        words = self.tr("Search words, status:failed, tag:hero …")
        self.setPlaceholderText(self.tr("Search in “%1”").replace("%1", group) if group else words)

    def open(self) -> None:
        """Let the person type, over what was searched last."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        self._glass.setIcon(theme.icon("search", theme.colours().muted))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.entered.emit()
        else:
            super().keyPressEvent(event)
