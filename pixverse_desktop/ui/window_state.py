"""The window's own shape, remembered by name in a file of its own."""

import contextlib
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow, QSplitter

from pixverse_desktop.ui.video_table import VideoTable


def remember(path: Path, window: QMainWindow, table: VideoTable, splitters: dict[str, QSplitter]) -> None:
    """Write down how the window looks."""
    settings = QSettings(str(path), QSettings.Format.IniFormat)
    settings.setValue("geometry", window.saveGeometry())
    for name, splitter in splitters.items():
        settings.setValue(f"splitter/{name}", splitter.saveState())
    for name, width in table.column_widths().items():
        settings.setValue(f"column/{name}", width)
    settings.sync()
    with contextlib.suppress(OSError):  # a shape that cannot be written keeps nobody from closing
        path.chmod(0o600)


def restore(path: Path, window: QMainWindow, table: VideoTable, splitters: dict[str, QSplitter]) -> None:
    """Make the window look as it did; what was never written down stays as it is."""
    settings = QSettings(str(path), QSettings.Format.IniFormat)
    if isinstance(geometry := settings.value("geometry"), QByteArray):
        window.restoreGeometry(geometry)
    for name, splitter in splitters.items():
        if isinstance(state := settings.value(f"splitter/{name}"), QByteArray):
            splitter.restoreState(state)
    settings.beginGroup("column")
    widths = {name: _number(settings.value(name)) for name in settings.childKeys()}
    settings.endGroup()
    table.set_column_widths(widths)


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else 0
