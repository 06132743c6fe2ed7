"""The small button that tells to which account new ids go, and lets a person choose another."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QWidget


class AccountChooser(QToolButton):
    """Shown only where there is something to choose.

    Signals:
        chosen(str): the name of the account that new ids go to from now on.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: tuple[str, ...] = ()
        self._menu = QMenu(self)
        self._group: QActionGroup | None = None
        self.setMenu(self._menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setObjectName("chooser")
        self.setToolTip(self.tr("New ids are added to this account."))
        self.hide()

    def show_accounts(self, names: Sequence[str], current: str) -> None:
        """Offer these accounts."""
        if tuple(names) != self._shown:
            self._shown = tuple(names)
            self._fill()
        words = self.tr("Adding to: %1").replace("%1", current)
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        for action in self._menu.actions():
            action.setChecked(action.data() == current)
        self.setVisible(len(names) > 1)

    def _fill(self) -> None:
        self._menu.clear()
        group = QActionGroup(self._menu)
        for name in self._shown:
            action = self._menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setData(name)
            action.triggered.connect(lambda _=False, name=name: self.chosen.emit(name))
            group.addAction(action)
