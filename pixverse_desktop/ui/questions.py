"""A question before what cannot be taken back. Opened, never run in a loop of its own."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

_WIDTH_CHARS = 62


def ask(parent: QWidget, title: str, words: str, deed: str, do: Callable[[], None]) -> None:
    """Ask, and ``do`` it if the person presses the button with the words ``deed``; Enter does not."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    label = QLabel(words, dialog)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setFixedWidth(label.fontMetrics().averageCharWidth() * _WIDTH_CHARS)
    buttons = QDialogButtonBox(dialog)
    yes = buttons.addButton(deed, QDialogButtonBox.ButtonRole.DestructiveRole)
    no = buttons.addButton(
        QCoreApplication.translate("questions", "Cancel"), QDialogButtonBox.ButtonRole.RejectRole
    )
    yes.setAutoDefault(False)
    yes.clicked.connect(dialog.accept)
    no.setDefault(True)
    no.clicked.connect(dialog.reject)
    dialog.accepted.connect(do)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 18, 20, 18)
    layout.setSpacing(14)
    layout.addWidget(label)
    layout.addWidget(buttons)
    dialog.open()
    no.setFocus()
