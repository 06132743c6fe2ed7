"""The window of the saved files that are not what they were, and what can be done about them."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication, QLocale, QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QLabel,
    QListView,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pixverse_desktop.core.copies import CopyFault, Finding
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.ui.video_lines import VideoLines

_SIZE = (640, 460)
_Role = QDialogButtonBox.ButtonRole


class SavedFilesDialog(QDialog):
    """Lists findings. Its owner does the work, and shows here how far it is.

    Signals:
        search_requested(object): look for the copies of this list of ``Video``.
        fetch_requested(object): fetch the clips of this list of ``Video`` again.
        forget_requested(object): forget the copies of this list of ``Video``.
        stop_requested(): end what is under way.
    """

    search_requested = Signal(object)
    fetch_requested = Signal(object)
    forget_requested = Signal(object)
    stop_requested = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Saved files"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self._findings: Sequence[Finding] = ()
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._bar = QProgressBar(self)
        self._bar.setObjectName("progress")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._list = QListView(self)
        self._list.setObjectName("lines")
        self._list.setUniformItemSizes(True)
        self._list.setSelectionMode(QListView.SelectionMode.ExtendedSelection)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # so that it elides
        self._list.setAccessibleName(self.windowTitle())
        self._lay_out()

    def show_progress(self, words: str, done: int, total: int) -> None:
        """Show how far the work is; ``total`` is 0 while nobody knows."""
        self._words.setText(words)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        self._set_busy(True)

    def show_findings(self, findings: Sequence[Finding], words: str) -> None:
        """Show these, all of them selected."""
        self._findings = findings
        faults: Mapping[VideoRef, CopyFault] = {each.video.ref: each.fault for each in findings}
        lines = VideoLines(
            [each.video for each in findings], self, lambda video: _fault_words(faults[video.ref])
        )
        self._list.setModel(lines)
        self._list.selectionModel().selectionChanged.connect(self._offer)
        self._words.setText(words)
        self._set_busy(False)
        self._list.selectAll()
        self._close.setDefault(not findings)
        if findings:
            self._list.setFocus()
        else:
            self._close.setFocus()
        self._offer()

    def end_progress(self) -> None:
        """Show the findings as they were before the work that was ended."""
        self.show_findings(self._findings, count_words(len(self._findings)))

    def _set_busy(self, is_busy: bool) -> None:
        self._bar.setVisible(is_busy)
        self._stop.setVisible(is_busy)
        self._list.setEnabled(not is_busy)
        self._close.setVisible(not is_busy)
        for button in self._deeds:
            button.setEnabled(not is_busy)

    def _offer(self) -> None:
        for button in self._deeds:
            button.setEnabled(self._list.selectionModel().hasSelection())

    def _selected(self) -> list[Video]:
        rows = sorted(self._list.selectedIndexes(), key=QModelIndex.row)
        return [index.data(Qt.ItemDataRole.UserRole) for index in rows]

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(self)
        self._deeds = [
            self._button(buttons, self.tr("&Find in folder…"), _Role.ActionRole),
            self._button(buttons, self.tr("Fetch &again"), _Role.ActionRole),
            self._button(buttons, self.tr("F&orget the copy"), _Role.ActionRole),
        ]
        signals = (self.search_requested, self.fetch_requested, self.forget_requested)
        for button, signal in zip(self._deeds, signals, strict=True):
            button.clicked.connect(lambda _=False, signal=signal: signal.emit(self._selected()))
        self._stop = self._button(buttons, self.tr("Stop"), _Role.RejectRole)
        self._stop.clicked.connect(self.stop_requested)
        self._close = self._button(buttons, self.tr("Close"), _Role.RejectRole)
        self._close.clicked.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        for part in (self._words, self._bar, self._list, buttons):
            layout.addWidget(part)

    def _button(self, box: QDialogButtonBox, text: str, role: QDialogButtonBox.ButtonRole) -> QPushButton:
        button = box.addButton(text, role)
        button.setAutoDefault(False)
        return button


def count_words(number: int) -> str:
    """How many files are not what they were."""
    if number == 0:
        return _tr("Every saved file is there and whole.")
    if number == 1:
        return _tr("1 saved file is not what it was. Nothing on the disk is changed here.")
    words = _tr("%1 saved files are not what they were. Nothing on the disk is changed here.")
    return words.replace("%1", QLocale().toString(number))


def _fault_words(fault: CopyFault) -> str:
    return {
        CopyFault.GONE: _tr("Not there"),
        CopyFault.UNREADABLE: _tr("Cannot be read"),
        CopyFault.SHORT: _tr("Too short"),
        CopyFault.CHANGED: _tr("Another size"),
        CopyFault.NOT_A_CLIP: _tr("Not a whole clip"),
    }[fault]


def _tr(text: str) -> str:
    return QCoreApplication.translate("saved_files", text)
