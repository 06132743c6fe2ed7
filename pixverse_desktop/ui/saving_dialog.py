"""The window that says where clips are saved, when, and under which names."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QGridLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from pixverse_desktop.core.names import FIELDS, template_problem
from pixverse_desktop.ui.choosers import choose_clip_folder

_WIDTH_CHARS = 96
_EXAMPLE_LINES = 4


@dataclass(frozen=True, slots=True)
class SavingWishes:
    """How clips are to be saved.

    Attributes:
        folder: where to; None as long as none was chosen.
        is_automatic: whether each is saved as soon as it is finished.
        name_template: how they are named.
        writes_sidecar: whether what is known of a clip is written beside it.
    """

    folder: Path | None
    is_automatic: bool
    name_template: str
    writes_sidecar: bool


class SavingDialog(QDialog):
    """Changes the wishes. ``name`` makes the example's name of a template; ``suggested`` is offered first."""

    def __init__(
        self,
        wishes: SavingWishes,
        name: Callable[[str], str],
        suggested: Path,
        chosen: Callable[[SavingWishes], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Saving"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wanted = self.fontMetrics().averageCharWidth() * _WIDTH_CHARS
        self.setFixedWidth(min(wanted, self.screen().availableGeometry().width()))
        self._folder = wishes.folder
        self._name = name
        self._suggested = suggested
        self._chosen = chosen
        self._place = QLineEdit(self)
        self._template = QLineEdit(wishes.name_template, self)
        self._example = QPlainTextEdit(self)
        self._automatic = QCheckBox(self.tr("&Save each clip as soon as it is finished"), self)
        self._automatic.setChecked(wishes.is_automatic)
        self._sidecar = QCheckBox(self.tr("&Write what is known of a clip beside it, as a .json file"), self)
        self._sidecar.setChecked(wishes.writes_sidecar)
        self._buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._buttons.accepted.connect(self._accept)
        self._buttons.rejected.connect(self.reject)
        self._make_fields()
        self._lay_out()
        self._show_folder()
        self._show_example()
        self._template.textChanged.connect(self._show_example)
        self._template.setFocus()

    def _make_fields(self) -> None:
        self._place.setReadOnly(True)
        self._place.setAccessibleName(self.tr("Folder"))
        self._template.setAccessibleName(self.tr("Name"))
        self._example.setReadOnly(True)
        self._example.setTabChangesFocus(True)
        self._example.setAccessibleName(self.tr("Example"))
        self._example.setFixedHeight(self.fontMetrics().lineSpacing() * _EXAMPLE_LINES + 28)

    def _lay_out(self) -> None:
        choose, insert = self._choose_button(), self._insert_button()
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        self._add_row(grid, self.tr("&Folder"), self._place, choose)
        self._add_row(grid, self.tr("&Name"), self._template, insert)
        self._add_row(grid, self.tr("&Example"), self._example)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 18)
        layout.setSpacing(12)
        layout.addLayout(grid)
        for box in (self._automatic, self._sidecar):
            layout.addWidget(box, alignment=Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._buttons)
        parts = (self._place, choose, self._template, insert, self._example, self._automatic, self._sidecar)
        for former, part in pairwise(parts):
            self.setTabOrder(former, part)

    def _add_row(self, grid: QGridLayout, title: str, field: QWidget, button: QWidget | None = None) -> None:
        label = QLabel(title, self)
        label.setBuddy(field)
        row = grid.rowCount()
        grid.addWidget(label, row, 0)
        grid.addWidget(field, row, 1, 1, 1 if button else 2)
        if button is not None:
            grid.addWidget(button, row, 2)

    def _choose_button(self) -> QPushButton:
        button = QPushButton(self.tr("&Choose…"), self)
        button.setAutoDefault(False)
        button.clicked.connect(self._choose_folder)
        return button

    def _insert_button(self) -> QPushButton:
        button = QPushButton(self.tr("&Insert"), self)
        button.setAutoDefault(False)
        menu = QMenu(button)
        for field in FIELDS:
            action = menu.addAction(f"{{{field}}}   {_meaning(field)}")
            action.triggered.connect(partial(self._insert, field))
        button.setMenu(menu)
        return button

    def _insert(self, field: str, _: bool = False) -> None:
        self._template.insert(f"{{{field}}}")
        self._template.setFocus()

    def _choose_folder(self) -> None:
        choose_clip_folder(self, self._folder or self._suggested, self._set_folder, lambda: None)

    def _set_folder(self, folder: Path) -> None:
        self._folder = folder
        self._show_folder()

    def _show_folder(self) -> None:
        self._place.setText(str(self._folder or ""))
        self._place.setPlaceholderText(self.tr("Asked for when a clip is saved the first time"))
        self._place.setCursorPosition(0)

    def _show_example(self) -> None:
        """Show what a clip would be called, or why none can be called so."""
        template = self._template.text()
        problem = template_problem(template)
        self._example.setPlainText(problem or self._name(template))
        self._buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(not problem)
        self._template.setAccessibleDescription(problem)

    def _accept(self) -> None:
        wishes = SavingWishes(
            folder=self._folder,
            is_automatic=self._automatic.isChecked(),
            name_template=self._template.text(),
            writes_sidecar=self._sidecar.isChecked(),
        )
        self.accept()
        self._chosen(wishes)


def _meaning(field: str) -> str:
    return {
        "id": _tr("the video’s id, which is in every name"),
        "prompt": _tr("what was asked for; cut where a name grows too long"),
        "seed": _tr("the seed"),
        "date": _tr("the day it was made, as 2026-03-31"),
        "width": _tr("the width in pixels"),
        "height": _tr("the height in pixels"),
        "style": _tr("the style"),
        "tag": _tr("the first of its tags"),
        "batch": _tr("the batch it came with"),
        "account": _tr("the account’s name"),
    }[field]


def _tr(text: str) -> str:
    return QCoreApplication.translate("saving_dialog", text)
