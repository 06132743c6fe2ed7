"""Small windows: the key, the keyboard, about. Opened and never nested in a loop of their own."""

from PySide6 import __version__ as qt_for_python_version
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QFrame,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pixverse_desktop import __version__
from pixverse_desktop.core.video import Account
from pixverse_desktop.ui.pages import KeyForm

_WIDTH = 460


class KeyDialog(QDialog):
    """Replace or remove the key of an account."""

    def __init__(self, account: Account, parent: QWidget, *, names_it: bool = False) -> None:
        super().__init__(parent)
        title = self.tr("API key of %1").replace("%1", account.name) if names_it else self.tr("API key")
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.form = KeyForm(self)
        self.remove_button = QPushButton(self.tr("Remove the stored key"), self)
        self.remove_button.setAutoDefault(False)
        close = QPushButton(self.tr("Close"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        text = self.tr(
            "The key is kept in your system’s keychain and goes to %1 alone. Videos of another account "
            "are not known to it."
        ).replace("%1", account.base_url)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 20, 20, 20)
        layout.setSpacing(14)
        layout.addWidget(_plain(text))
        layout.addWidget(self.form)
        buttons = QDialogButtonBox(self)
        buttons.addButton(self.remove_button, QDialogButtonBox.ButtonRole.DestructiveRole)
        buttons.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        layout.addWidget(buttons)
        self.setFixedWidth(_WIDTH + 60)


def keyboard_dialog(shortcuts: list[tuple[str, str]], parent: QWidget) -> QDialog:
    """A window that lists what each key does."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(dialog.tr("Keyboard"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    inner = QWidget(dialog)
    inner.setObjectName("panelInner")
    form = QFormLayout(inner)
    form.setContentsMargins(18, 14, 18, 14)
    form.setHorizontalSpacing(40)
    form.setVerticalSpacing(8)
    for name, keys in [*shortcuts, *_player_keys(dialog)]:
        form.addRow(name, QLabel(keys))
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(20, 18, 20, 18)
    layout.setSpacing(12)
    layout.addWidget(_scrolling(inner, most=parent.height() * 3 // 4))
    layout.addWidget(_close_button(dialog))
    return dialog


def about_dialog(parent: QWidget) -> QDialog:
    """A window that says what this is, what it is made of, and that it is unofficial."""
    dialog = QDialog(parent)
    dialog.setWindowTitle(dialog.tr("About"))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    text = dialog.tr(
        "PixVerse Desktop %1\n\nAn unofficial program; not made or supported by PixVerse.\n\n"
        "Free software under the MIT licence. It uses Qt %2 and PySide6 %3 under the LGPL 3, as separate "
        "libraries that you may replace; their sources are at code.qt.io. See LICENSES.md for all others."
    )
    text = text.replace("%1", __version__).replace("%2", qVersion()).replace("%3", qt_for_python_version)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(24, 20, 24, 20)
    layout.setSpacing(16)
    layout.addWidget(_plain(text))
    layout.addWidget(_close_button(dialog))
    dialog.setFixedWidth(_WIDTH)
    return dialog


def _scrolling(inner: QWidget, most: int) -> QScrollArea:
    """``inner`` as wide as it needs, and no higher than ``most``; the arrow keys scroll it."""
    area = QScrollArea()
    area.setObjectName("panel")
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    area.setAccessibleName(inner.window().windowTitle())
    needed = inner.sizeHint()
    area.setWidget(inner)
    area.setMinimumWidth(needed.width() + area.verticalScrollBar().sizeHint().width() + 4)
    area.setMinimumHeight(min(needed.height() + 4, most))
    return area


def _player_keys(dialog: QDialog) -> list[tuple[str, str]]:
    return [
        (dialog.tr("Play or pause"), "Space"),
        (dialog.tr("One second back or forward, in the player"), "← →"),
        (dialog.tr("One frame back or forward"), ", ."),
        (dialog.tr("Begin a section, end it and play it in a loop, give it up"), "A"),
        (dialog.tr("Copy and save the frame"), "S"),
        (dialog.tr("The clip as a file to another program"), dialog.tr("Drag the picture")),
        (dialog.tr("The frame as a picture to another program"), dialog.tr("Alt or Shift, drag the picture")),
        (dialog.tr("Saved clips as files to another program"), dialog.tr("Drag rows or tiles")),
        (dialog.tr("Slower, faster, usual speed"), "[ ], Backspace"),
        (dialog.tr("Loop"), "L"),
        (dialog.tr("Mute"), "M"),
        (dialog.tr("Full screen, and back"), "F, Esc"),
        (dialog.tr("A quick look at the clip in full screen, and back"), "Shift+Space"),
        (dialog.tr("The clip above or below in the list, in the full screen"), "↑ ↓"),
        (dialog.tr("Fitted, one pixel on one, one on four"), "Z"),
        (dialog.tr("Move in a picture that is larger than its place"), "Alt+← ↑ → ↓"),
        (dialog.tr("Open the clip"), "Enter"),
        (
            dialog.tr("Rate, or take the rating back, in the list, the full screen and while comparing"),
            "1 … 5, 0",
        ),
        (dialog.tr("Reject, tags, note, batch, in the list"), "X, T, N, B"),
        (dialog.tr("Compare two to four clips, in the list"), "C"),
        (dialog.tr("Next clip, or show it in the list, while comparing"), "Tab, Enter"),
        (dialog.tr("One picture with a line between, move the line"), "W, Shift+← →"),
        (dialog.tr("What can be done with the selected clips, in the list"), dialog.tr("Menu, Shift+F10")),
        (dialog.tr("Larger or smaller tiles, in the gallery"), dialog.tr("Ctrl+wheel")),
        (dialog.tr("To what was found; clear the search, and back to the list"), "Enter, Esc"),
        (dialog.tr("Close a message, in the list"), "Esc"),
        (dialog.tr("Rename a tag, remove a saved search, in the groups"), "F2, Del"),
    ]


def _close_button(dialog: QDialog) -> QDialogButtonBox:
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, dialog)
    buttons.rejected.connect(dialog.reject)
    return buttons


def _plain(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    return label
