"""The end of the log, followed as it grows, with a search and the choice of what is grave enough to see."""

from collections import deque
from collections.abc import Iterable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from PySide6.QtWidgets import QLabel as Label

from pixverse_desktop.core.log_lines import LogLine, read_lines

MOST_LINES = 2000
_SIZE = (960, 560)


class LogView(QDialog):
    """Shows log lines that somebody else reads.

    Signals:
        folder_requested(): the person wishes to see where the file is.
    """

    folder_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self.setWindowTitle(self.tr("Log"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._search = QLineEdit(self)
        self._level = QComboBox(self)
        self._text = QPlainTextEdit(self)
        self._empty = Label(self)
        self._pages = QStackedWidget(self)
        self._make_search()
        self._make_text()
        self._lay_out()
        self._search.setFocus()
        self._refresh()

    def show_lines(self, texts: Sequence[str]) -> None:
        """Show the last lines of the log. Those that follow on what is shown are added to it.

        So a selection, and the place that was scrolled to, stay.
        """
        before = [line.text for line in self._lines]
        new = _what_follows(before, texts)
        if new is None:
            self._lines.clear()
            self._lines.extend(read_lines(texts))
            self._refresh()
            return
        level = self._lines[-1].level if self._lines else "INFO"
        lines = list(read_lines(new, level))
        self._lines.extend(lines)
        self._append(lines)

    def _wanted(self, lines: Iterable[LogLine]) -> list[str]:
        sought, level = self._search.text().casefold(), str(self._level.currentData())
        return [line.text for line in lines if line.is_at_least(level) and sought in line.text.casefold()]

    def _append(self, lines: Iterable[LogLine]) -> None:
        wanted = self._wanted(lines)
        if wanted:
            self._text.appendPlainText("\n".join(wanted))  # stays at the end if it is there
            self._show_page()

    def _refresh(self) -> None:
        """Show anew what fits search and level, from its end."""
        self._text.setPlainText("\n".join(self._wanted(self._lines)))
        self._text.verticalScrollBar().setValue(self._text.verticalScrollBar().maximum())
        self._show_page()

    def _show_page(self) -> None:
        is_empty = not self._text.toPlainText()
        nothing = self.tr("The log is empty: nothing worth writing down has happened.")
        self._empty.setText(self.tr("No line of the log fits.") if self._lines else nothing)
        self._pages.setCurrentWidget(self._empty if is_empty else self._text)
        self._copy_button.setEnabled(not is_empty)

    def _copy(self) -> None:
        """Copy what is selected, or all that is shown."""
        selected = self._text.textCursor().selection().toPlainText()
        QGuiApplication.clipboard().setText(selected or self._text.toPlainText())

    def _make_search(self) -> None:
        self._search.setPlaceholderText(self.tr("Search the log"))
        self._search.setAccessibleName(self.tr("Search the log"))
        self._search.setClearButtonEnabled(True)
        self._search.textChanged.connect(lambda _: self._refresh())
        levels = (
            (self.tr("Everything"), "DEBUG"),
            (self.tr("Warnings and errors"), "WARNING"),
            (self.tr("Errors alone"), "ERROR"),
        )
        for words, level in levels:
            self._level.addItem(words, level)
        self._level.setAccessibleName(self.tr("What to show"))
        self._level.currentIndexChanged.connect(lambda _: self._refresh())

    def _make_text(self) -> None:
        self._text.setReadOnly(True)
        self._text.setAccessibleName(self.windowTitle())
        self._text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self._text.setMaximumBlockCount(MOST_LINES)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._text.setTabChangesFocus(True)
        self._empty.setObjectName("muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def _lay_out(self) -> None:
        for page in (self._text, self._empty):
            self._pages.addWidget(page)
        top = QHBoxLayout()
        top.setSpacing(8)
        self._level.setMinimumHeight(self._search.sizeHint().height())
        top.addWidget(self._search, 1)
        top.addWidget(self._level)
        buttons = QDialogButtonBox(self)
        action, reject = QDialogButtonBox.ButtonRole.ActionRole, QDialogButtonBox.ButtonRole.RejectRole
        self._copy_button = buttons.addButton(self.tr("Copy"), action)
        folder = buttons.addButton(self.tr("Open folder"), action)
        close = buttons.addButton(self.tr("Close"), reject)
        for button in (self._copy_button, folder, close):
            button.setAutoDefault(False)
        self._copy_button.clicked.connect(self._copy)
        folder.clicked.connect(self.folder_requested)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)
        layout.addWidget(buttons)


def _what_follows(before: Sequence[str], now: Sequence[str]) -> Sequence[str] | None:
    """What ``now`` has after ``before``, or None where it does not go on from there."""
    if not before:
        return None
    for end in range(len(now), 0, -1):
        if now[end - 1] == before[-1] and list(before[-end:]) == list(now[max(0, end - len(before)) : end]):
            return now[end:]
    return None
