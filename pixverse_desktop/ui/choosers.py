"""File dialogs, opened without a loop of their own: asyncio goes on while a person thinks."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def choose_id_files(parent: QWidget, chosen: Callable[[tuple[Path, ...]], None]) -> None:
    """Let a person choose files with ids in them."""
    dialog = QFileDialog(parent, _tr("Add ids from files"))
    dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
    dialog.setNameFilters([_tr("Lists of ids (*.txt *.csv *.tsv *.json *.jsonl)"), _tr("All files (*)")])
    dialog.filesSelected.connect(lambda names: chosen(tuple(map(Path, names))))
    _open(dialog)


def choose_clip_folder(
    parent: QWidget, start: Path, chosen: Callable[[Path], None], done: Callable[[], None]
) -> None:
    """Let a person choose where clips are saved; ``done`` is called whatever they did."""
    dialog = QFileDialog(parent, _tr("Choose the folder for clips"), str(_nearest_folder(start)))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.finished.connect(lambda _: done())
    _open(dialog)


def choose_folder_of_lists(parent: QWidget, chosen: Callable[[Path], None], done: Callable[[], None]) -> None:
    """Let a person choose a folder whose lists of ids are taken in as they appear."""
    dialog = QFileDialog(parent, _tr("Watch a folder for lists of ids"), str(Path.home()))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    dialog.finished.connect(lambda _: done())
    _open(dialog)


def _open(dialog: QFileDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _nearest_folder(path: Path) -> Path:
    """``path``, or the first folder above it that is there."""
    return next((folder for folder in (path, *path.parents) if folder.is_dir()), Path.home())


def _tr(text: str) -> str:
    return QCoreApplication.translate("choosers", text)
