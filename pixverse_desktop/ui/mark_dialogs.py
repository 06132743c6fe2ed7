"""Small windows for tags, notes and batches of the selected videos."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
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

from pixverse_desktop.core.marks import MAX_TAG_CHARS, clean_tag
from pixverse_desktop.ui import messages

_WIDTH_CHARS = 66


class TagCompleter(QCompleter):
    """Completes the last of several tags with commas between."""

    def splitPath(self, path: str) -> list[str]:
        return [path.rpartition(",")[2].strip()]

    def pathFromIndex(self, index: QModelIndex | QPersistentModelIndex) -> str:
        field = self.widget()
        typed = field.text() if isinstance(field, QLineEdit) else ""
        before, comma, _ = typed.rpartition(",")
        return (f"{before}, " if comma else "") + str(super().pathFromIndex(index))


class TagDialog(QDialog):
    """Tags of several videos at once: those all have are ticked, those some have are half ticked.

    ``shares`` are the tags of these videos with the part of them that has each, ``known`` all tags.
    """

    def __init__(
        self,
        title: str,
        shares: Mapping[str, float],
        known: Iterable[str],
        chosen: Callable[[list[str], list[str]], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * _WIDTH_CHARS)
        others = set(known) - set(shares)
        self._shares = {tag: shares.get(tag, 0.0) for tag in [*_sorted(shares), *_sorted(others)]}
        self._chosen = chosen
        self._field = QLineEdit(self)
        self._field.setPlaceholderText(self.tr("New tags, with commas between"))
        self._field.setAccessibleName(self.tr("New tags"))
        completer = TagCompleter(_sorted(self._shares), self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self._field.setCompleter(completer)
        self._hint = _hint(self)
        self._field.textChanged.connect(self._warn)
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Tags"))
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setVisible(bool(self._shares))
        for tag, share in self._shares.items():
            self._add_item(tag, share)
        _finish(self, [self._field, self._hint, self._list], self._accept)
        self._field.setFocus()

    def _warn(self, text: str) -> None:
        """Say what a tag cannot hold, before it is gone."""
        parts = [" ".join(part.split()) for part in text.split(",")]
        words = []
        if any('"' in part for part in parts):
            words.append(self.tr("Quotes are left out of tags."))
        if any(len(part.replace('"', "")) > MAX_TAG_CHARS for part in parts):
            words.append(self.tr("A tag ends after %1 characters.").replace("%1", str(MAX_TAG_CHARS)))
        self._hint.setText(" ".join(words))
        self._hint.setVisible(bool(words))
        self._field.setAccessibleDescription(self._hint.text())

    def _add_item(self, tag: str, share: float) -> None:
        item = QListWidgetItem(tag, self._list)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        state = Qt.CheckState.Checked if share >= 1 else Qt.CheckState.PartiallyChecked
        item.setCheckState(state if share > 0 else Qt.CheckState.Unchecked)
        item.setToolTip(messages.tool_tip(tag))

    def _accept(self) -> None:
        added = [tag for text in self._field.text().split(",") if (tag := clean_tag(text))]
        removed = []
        for place in range(self._list.count()):
            item = self._list.item(place)
            if item.checkState() is Qt.CheckState.Unchecked and self._shares[item.text()] > 0:
                removed.append(item.text())
            elif item.checkState() is Qt.CheckState.Checked and self._shares[item.text()] < 1:
                added.append(item.text())
        self.accept()
        self._chosen(added, removed)


class TextDialog(QDialog):
    """One text for the selected videos: a note of several lines, or a name of one.

    ``name`` is what is asked for; ``title`` says of what. ``text`` is None where the videos differ: then
    nothing is changed unless something is written.
    """

    def __init__(
        self,
        name: str,
        title: str,
        text: str | None,
        chosen: Callable[[str], None],
        parent: QWidget,
        *,
        is_long: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFixedWidth(self.fontMetrics().averageCharWidth() * _WIDTH_CHARS)
        self._chosen = chosen
        self._are_different = text is None
        self._field: QPlainTextEdit | QLineEdit
        if is_long:
            self._field = QPlainTextEdit(text or "", self)
            self._field.setTabChangesFocus(True)
            self._field.setFixedHeight(self.fontMetrics().lineSpacing() * 7 + 20)
        else:
            self._field = QLineEdit(text or "", self)
            self._field.selectAll()
        if self._are_different:
            self._field.setPlaceholderText(self.tr("Several values; they stay unless you write something"))
        self._field.setAccessibleName(name)
        label = QLabel(title, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        _finish(self, [label, self._field], self._accept)
        self._field.setFocus()

    def _accept(self) -> None:
        field = self._field
        if isinstance(field, QPlainTextEdit):
            text, is_touched = field.toPlainText(), field.document().isModified()
        else:
            text, is_touched = field.text(), field.isModified()
        self.accept()
        if is_touched or not self._are_different:
            self._chosen(text.strip())


def _sorted(tags: Iterable[str]) -> list[str]:
    return sorted(tags, key=str.casefold)


def _hint(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setObjectName("muted")
    label.setWordWrap(True)
    label.hide()
    return label


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
