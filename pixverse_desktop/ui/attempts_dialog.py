"""What the questions about one video came to: when, which code, which words, under which trace id."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from pixverse_desktop.core.attempts import AttemptRun
from pixverse_desktop.core.video import Video
from pixverse_desktop.ui import messages

_SIZE = (1080, 460)
_TRACE_ID = 3


class AttemptsDialog(QDialog):
    """Attempts as a table, the last on top; ``copy`` gets those that are wanted, the last at the end."""

    def __init__(self, video: Video, copy: Callable[[Sequence[AttemptRun]], None], parent: QWidget) -> None:
        super().__init__(parent)
        self._runs: list[AttemptRun] = []
        self._copy = copy
        self.setWindowTitle(self.tr("Attempts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._table = self._make_table()
        self._empty = QLabel(self.tr("This video has not been asked about yet."), self)
        self._empty.setObjectName("muted")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._table)
        self._pages.addWidget(self._empty)
        self._copy_button = QPushButton(self.tr("Copy"), self)
        self._lay_out(video)
        self.show_runs([])

    def show_runs(self, runs: Sequence[AttemptRun]) -> None:
        """Show these attempts; they come with the last at the end. What is selected stays selected."""
        chosen = {run.first_at_s for run in self._selected()}
        self._runs = list(reversed(runs))
        self._table.setRowCount(len(self._runs))
        for row, run in enumerate(self._runs):
            for column, text in enumerate(self._cells(run)):
                self._table.setItem(row, column, self._item(column, text))
        self._table.clearSelection()
        for row, run in enumerate(self._runs):
            if run.first_at_s in chosen:
                self._table.selectRow(row)
        self._pages.setCurrentWidget(self._table if runs else self._empty)
        self._copy_button.setEnabled(bool(runs))

    def _cells(self, run: AttemptRun) -> tuple[str, ...]:
        code = "" if run.code is None else str(run.code)
        return messages.moment_text(run.last_at_s), code, self._outcome(run), run.trace_id

    def _outcome(self, run: AttemptRun) -> str:
        if run.times == 1:
            return run.outcome
        words = self.tr("%1 ×%2 since %3").replace("%2", str(run.times))
        return words.replace("%3", messages.moment_text(run.first_at_s)).replace("%1", run.outcome)

    def _item(self, column: int, text: str) -> QTableWidgetItem:
        item = QTableWidgetItem(text)
        item.setToolTip(messages.tool_tip(text))
        if column == _TRACE_ID:
            item.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        return item

    def _selected(self) -> list[AttemptRun]:
        rows = {index.row() for index in self._table.selectedIndexes()}
        return [self._runs[row] for row in sorted(rows) if row < len(self._runs)]

    def _copy_wanted(self) -> None:
        """Copy the selected lines, or all of them where none is."""
        wanted = self._selected() or self._runs
        if wanted:
            self._copy(list(reversed(wanted)))

    def _make_table(self) -> QTableWidget:
        titles = [self.tr("Last asked"), self.tr("Code"), self.tr("What came back"), self.tr("Ai-trace-id")]
        table = QTableWidget(0, len(titles), self)
        table.setHorizontalHeaderLabels(titles)
        table.setAccessibleName(self.windowTitle())
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().setVisible(False)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for column, width in ((0, 150), (1, 84), (_TRACE_ID, 310)):
            table.setColumnWidth(column, width)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), table)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self._copy_wanted)
        return table

    def _lay_out(self, video: Video) -> None:
        words = self.tr("Video %1, %2. The last attempts; equal ones in a row are one line.")
        words = words.replace("%1", video.video_id).replace("%2", messages.status_word(video))
        label = QLabel(words, self)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        self._copy_button.setAutoDefault(False)
        self._copy_button.clicked.connect(self._copy_wanted)
        buttons = QDialogButtonBox(self)
        buttons.addButton(self._copy_button, QDialogButtonBox.ButtonRole.ActionRole)
        close = buttons.addButton(self.tr("Close"), QDialogButtonBox.ButtonRole.RejectRole)
        close.setAutoDefault(False)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        for part in (label, self._pages, buttons):
            layout.addWidget(part, 1 if part is self._pages else 0)
