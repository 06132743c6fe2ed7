"""Getting the list out: exports into files, rows and ids on the clipboard."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.records import FORMATS
from pixverse_desktop.core.video import Video
from pixverse_desktop.services.library import Library

Start = Callable[[Coroutine[Any, Any, Any], str], None]
WriteFile = Callable[[Path, str], None]
"""Writes a whole text file; raises ``PixverseError``."""


class Exporter(QObject):
    """Writes rows into a file a person chose.

    Signals:
        exported(str): a sentence about what was written.
        failed(str): why nothing was written.
    """

    exported = Signal(str)
    failed = Signal(str)

    def __init__(self, library: Library, write_file: WriteFile, start: Start, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._library = library
        self._write_file = write_file
        self._start = start

    def ask(self, videos: Sequence[Video]) -> None:
        """Open the window for the file; its ending, or the kind that was chosen, decides the form."""
        kinds = {self.tr("JSON, with everything (*.json)"): "json", self.tr("CSV (*.csv)"): "csv"}
        kinds[self.tr("Ids, one a line (*.txt)")] = "ids"
        dialog = QFileDialog(self._window, self.tr("Export %n video(s)", "", len(videos)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(list(kinds))
        dialog.setDefaultSuffix("json")
        dialog.filterSelected.connect(
            lambda kind: dialog.setDefaultSuffix({"ids": "txt"}.get(kinds[kind], kinds[kind]))
        )
        dialog.selectFile("pixverse-list")
        dialog.fileSelected.connect(
            lambda name: self.write(videos, Path(name), kinds[dialog.selectedNameFilter()])
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def write(self, videos: Sequence[Video], path: Path, form: str) -> None:
        """Write ``videos`` into ``path``, off the window's thread."""
        rows = [(video, self._library.marks(video.ref)) for video in videos]
        form = {".csv": "csv", ".txt": "ids", ".json": "json"}.get(path.suffix.lower(), form)
        self._start(self._write(rows, path, form), "export")

    async def _write(self, rows: list[Any], path: Path, form: str) -> None:
        try:
            await asyncio.to_thread(lambda: self._write_file(path, FORMATS[form](rows)))
        except PixverseError as error:
            self.failed.emit(str(error))
        else:
            words = self.tr("%1 written to %2").replace("%1", QLocale().toString(len(rows)))
            self.exported.emit(words.replace("%2", str(path)))
