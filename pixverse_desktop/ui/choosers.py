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
    _choose_folder(parent, _tr("Choose the folder for clips"), start, chosen).finished.connect(
        lambda _: done()
    )


def choose_folder_of_copies(parent: QWidget, start: Path, chosen: Callable[[Path], None]) -> None:
    """Let a person choose where lost copies are looked for."""
    _choose_folder(parent, _tr("Look for the files in this folder and all below it"), start, chosen)


def choose_folder_of_lists(parent: QWidget, chosen: Callable[[Path], None], done: Callable[[], None]) -> None:
    """Let a person choose a folder whose lists of ids are taken in as they appear."""
    title = _tr("Watch a folder for lists of ids")
    _choose_folder(parent, title, Path.home(), chosen).finished.connect(lambda _: done())


def _choose_folder(parent: QWidget, title: str, start: Path, chosen: Callable[[Path], None]) -> QFileDialog:
    dialog = QFileDialog(parent, title, str(_nearest_folder(start)))
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    _open(dialog)
    return dialog


def _open(dialog: QFileDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _nearest_folder(path: Path) -> Path:
    """``path``, or the first folder above it that is there."""
    return next((folder for folder in (path, *path.parents) if folder.is_dir()), Path.home())


def _tr(text: str) -> str:
    return QCoreApplication.translate("choosers", text)
