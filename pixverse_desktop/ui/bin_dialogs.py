"""Lists a person looks at before going on: the bin, the backups, and what of a drop is doubtful."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QDateTime, QLocale, QModelIndex, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pixverse_desktop.core.identifiers import IdScan
from pixverse_desktop.core.retention import Backup, BackupReason
from pixverse_desktop.core.video import Video
from pixverse_desktop.ui.video_lines import VideoLines

_SIZE = (560, 420)
_MOST_REFUSALS = 1000


class BinDialog(QDialog):
    """Videos removed in the last days, to be put back."""

    def __init__(
        self,
        videos: Sequence[Video],
        put_back: Callable[[list[Video]], None],
        erase: Callable[[], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Recently removed"))
        self._list = QListView(self)
        _set_up(self, self._list, QListView.SelectionMode.ExtendedSelection)
        self._list.setObjectName("lines")
        self._list.setUniformItemSizes(True)
        self._list.setModel(VideoLines(videos, self))
        words = self.tr("Removed in the last 30 days. Saved clips were never touched.")
        buttons = QDialogButtonBox(self)
        back = _button(buttons, self.tr("Put back"), QDialogButtonBox.ButtonRole.AcceptRole)
        clear = _button(buttons, self.tr("Empty the bin…"), QDialogButtonBox.ButtonRole.DestructiveRole)
        _button(buttons, self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole).clicked.connect(
            self.reject
        )
        back.clicked.connect(lambda: self._finish(put_back))
        clear.clicked.connect(self.accept)
        clear.clicked.connect(erase)
        back.setEnabled(bool(videos))
        clear.setEnabled(bool(videos))
        if videos:
            self._list.setCurrentIndex(self._list.model().index(0, 0))
        _lay_out(
            self,
            words if videos else self.tr("Nothing was removed in the last 30 days."),
            self._list,
            buttons,
        )

    def _finish(self, put_back: Callable[[list[Video]], None]) -> None:
        rows = sorted(self._list.selectedIndexes(), key=QModelIndex.row)
        chosen = [index.data(Qt.ItemDataRole.UserRole) for index in rows]
        self.accept()
        if chosen:
            put_back(chosen)


class DoubtDialog(QDialog):
    """What a drop held, before it is added: how many ids, and what was refused and why.

    ``account`` is the name of whose ids they will be, where there are several.
    """

    def __init__(self, scan: IdScan, add: Callable[[], None], parent: QWidget, *, account: str = "") -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Look before adding"))
        self._list = _list(self, QListWidget.SelectionMode.ExtendedSelection)
        for refusal in scan.refused[:_MOST_REFUSALS]:
            self._list.addItem(f"{refusal.token}   –   {refusal.reason}")
        words = self.tr("%1 ids were found. These pieces are not ids and would be left out:")
        adding = self.tr("Add the %1 ids")
        if len(scan.ids) == 1:
            words = self.tr("1 id was found. These pieces are not ids and would be left out:")
            adding = self.tr("Add the 1 id")
        buttons = QDialogButtonBox(self)
        found = QLocale().toString(len(scan.ids))
        if account:
            adding = self.tr("%1 to %2").replace("%1", adding).replace("%2", account.replace("&", "&&"))
        yes = _button(buttons, adding.replace("%1", found), QDialogButtonBox.ButtonRole.AcceptRole)
        _button(buttons, self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole).clicked.connect(
            self.reject
        )
        yes.setDefault(True)
        yes.clicked.connect(self.accept)
        yes.clicked.connect(add)
        _lay_out(self, words.replace("%1", found), self._list, buttons)


class BackupDialog(QDialog):
    """Backups of the list, one of which can be put in its place."""

    def __init__(self, backups: Sequence[Backup], restore: Callable[[Backup], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Restore a backup"))
        self._list = _list(self, QListWidget.SelectionMode.SingleSelection)
        for backup in backups:
            item = QListWidgetItem(self._words(backup), self._list)
            item.setData(Qt.ItemDataRole.UserRole, backup)
        words = self.tr("The list of now is backed up first, so that you can come back to it.")
        buttons = QDialogButtonBox(self)
        chosen = _button(buttons, self.tr("Restore"), QDialogButtonBox.ButtonRole.AcceptRole)
        _button(buttons, self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole).clicked.connect(
            self.reject
        )
        chosen.clicked.connect(lambda: self._finish(restore))
        chosen.setEnabled(bool(backups))
        if backups:
            self._list.setCurrentRow(0)
        _lay_out(self, words if backups else self.tr("There is no backup yet."), self._list, buttons)

    def _finish(self, restore: Callable[[Backup], None]) -> None:
        items = self._list.selectedItems()
        self.accept()
        if items:
            restore(items[0].data(Qt.ItemDataRole.UserRole))

    def _words(self, backup: Backup) -> str:
        made = QDateTime.fromString(backup.name.made_at + "Z", "yyyy-MM-ddTHH-mm-ssZ").toLocalTime()
        reasons = {
            BackupReason.DAILY: self.tr("of the day"),
            BackupReason.EXIT: self.tr("at the end of a run"),
            BackupReason.IMPORT: self.tr("after an import"),
            BackupReason.MIGRATION: self.tr("before an update"),
            BackupReason.RESTORE: self.tr("before a restore"),
        }
        when = QLocale().toString(made, "d MMM yyyy, HH:mm")
        count = self.tr("%1 videos").replace("%1", QLocale().toString(backup.videos))
        return f"{when or backup.name.made_at}   ·   {count}   ·   {reasons[backup.name.reason]}"


def _list(dialog: QDialog, mode: QListWidget.SelectionMode) -> QListWidget:
    shown = QListWidget(dialog)
    _set_up(dialog, shown, mode)
    return shown


def _set_up(dialog: QDialog, shown: QListView, mode: QListView.SelectionMode) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.resize(*_SIZE)
    shown.setSelectionMode(mode)
    shown.setAccessibleName(dialog.windowTitle())
    shown.setTextElideMode(Qt.TextElideMode.ElideRight)
    shown.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # or nothing is elided


def _button(box: QDialogButtonBox, text: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
    button = box.addButton(text, role)
    button.setAutoDefault(False)
    return button


def _lay_out(dialog: QDialog, words: str, shown: QListView, buttons: QDialogButtonBox) -> None:
    label = QLabel(words, dialog)
    label.setWordWrap(True)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 18, 20, 18)
    layout.setSpacing(12)
    for part in (label, shown, buttons):
        layout.addWidget(part)
