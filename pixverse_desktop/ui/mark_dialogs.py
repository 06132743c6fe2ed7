"""Small windows for tags, notes and batches of the selected videos."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCompleter,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from pixverse_desktop.core.marks import clean_tag

_WIDTH = 380


class TagDialog(QDialog):
    """Tags of several videos at once: those all have are ticked, those some have are half ticked."""

    def __init__(
        self,
        shares: Mapping[str, float],
        known: Iterable[str],
        chosen: Callable[[list[str], list[str]], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Tags"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self._shares = dict(shares)
        self._chosen = chosen
        self._field = QLineEdit(self)
        self._field.setPlaceholderText(self.tr("New tags, with commas between"))
        self._field.setAccessibleName(self.tr("New tags"))
        completer = QCompleter(sorted(known, key=str.casefold), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._field.setCompleter(completer)
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Tags of these videos"))
        self._list.setVisible(bool(shares))
        for tag in sorted(shares, key=str.casefold):
            self._add_item(tag, shares[tag])
        _finish(self, [self._field, self._list], self._accept)
        self._field.setFocus()

    def _add_item(self, tag: str, share: float) -> None:
        item = QListWidgetItem(tag, self._list)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Checked if share >= 1 else Qt.CheckState.PartiallyChecked)

    def _accept(self) -> None:
        added = [tag for text in self._field.text().split(",") if (tag := clean_tag(text))]
        removed = []
        for place in range(self._list.count()):
            item = self._list.item(place)
            if item.checkState() is Qt.CheckState.Unchecked:
                removed.append(item.text())
            elif item.checkState() is Qt.CheckState.Checked and self._shares[item.text()] < 1:
                added.append(item.text())
        self.accept()
        self._chosen(added, removed)


class TextDialog(QDialog):
    """One text for the selected videos: a note of several lines, or a name of one."""

    def __init__(
        self, title: str, text: str, chosen: Callable[[str], None], parent: QWidget, *, is_long: bool = False
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(_WIDTH)
        self._chosen = chosen
        self._field: QPlainTextEdit | QLineEdit
        if is_long:
            self._field = QPlainTextEdit(text, self)
            self._field.setTabChangesFocus(True)
            self._field.setFixedHeight(140)
        else:
            self._field = QLineEdit(text, self)
        self._field.setAccessibleName(title)
        _finish(self, [QLabel(title, self), self._field], self._accept)
        self._field.setFocus()

    def _accept(self) -> None:
        field = self._field
        text = field.toPlainText() if isinstance(field, QPlainTextEdit) else field.text()
        self.accept()
        self._chosen(text.strip())


def _finish(dialog: QDialog, parts: Iterable[QWidget], accept: Callable[[], None]) -> None:
    buttons = QDialogButtonBox(
        QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, dialog
    )
    buttons.accepted.connect(accept)
    buttons.rejected.connect(dialog.reject)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 18, 20, 18)
    layout.setSpacing(12)
    for part in parts:
        layout.addWidget(part)
    layout.addWidget(buttons)
