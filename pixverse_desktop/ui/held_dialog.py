"""The question before an end that would lose ids: they are in memory alone."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from pixverse_desktop.core.video import VideoRef


class HeldDialog(QDialog):
    """Shows ids that no disk has taken yet, and lets a person copy them, stay, or close all the same."""

    def __init__(self, refs: Sequence[VideoRef], close: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Ids that are not on disk"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        ids = "\n".join(ref.video_id for ref in refs)
        words = self.tr(
            "The list could not be written, nor any file beside it. If the program closes now, these ids "
            "(%1) are lost. Free some space and they are written by themselves, or copy them first."
        ).replace("%1", QLocale().toString(len(refs)))
        label = QLabel(words, self)
        label.setWordWrap(True)
        shown = QPlainTextEdit(ids, self)
        shown.setReadOnly(True)
        shown.setAccessibleName(self.tr("Ids"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        for part in (label, shown, self._buttons(ids, close)):
            layout.addWidget(part)
        self.resize(520, 360)

    def _buttons(self, ids: str, close: Callable[[], None]) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        stay = box.addButton(self.tr("Keep open"), QDialogButtonBox.ButtonRole.RejectRole)
        copy = box.addButton(self.tr("Copy the ids"), QDialogButtonBox.ButtonRole.ActionRole)
        away = box.addButton(self.tr("Close and lose them"), QDialogButtonBox.ButtonRole.DestructiveRole)
        stay.setDefault(True)
        stay.clicked.connect(self.reject)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(ids))
        away.clicked.connect(self.accept)
        away.clicked.connect(close)
        return box
