"""The window's own shape, remembered by name in a file of its own.

Columns are remembered one by one: a column that a later version adds is appended, and never a reason
to forget the others.
"""

import contextlib
from collections.abc import Iterator
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, Qt
from PySide6.QtWidgets import QMainWindow, QSplitter

from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.list_views import ListViews
from pixverse_desktop.ui.video_table import VideoTable

_LEAST_WIDTH = 40
_ORDERS = {"up": Qt.SortOrder.AscendingOrder, "down": Qt.SortOrder.DescendingOrder}


def remember(path: Path, window: QMainWindow, views: ListViews, splitters: dict[str, QSplitter]) -> None:
    """Write down how the window looks."""
    settings = QSettings(str(path), QSettings.Format.IniFormat)
    settings.setValue("geometry", window.saveGeometry())
    for name, splitter in splitters.items():
        settings.setValue(f"splitter/{name}", splitter.saveState())
    settings.setValue("view", "gallery" if views.is_gallery else "table")
    settings.setValue("tiles/width", views.gallery.tile_width)
    settings.setValue("tiles/play", int(views.gallery.plays_all))
    _remember_columns(settings, views.table)
    settings.sync()
    with contextlib.suppress(OSError):  # a shape that cannot be written keeps nobody from closing
        path.chmod(0o600)


def _remember_columns(settings: QSettings, table: VideoTable) -> None:
    header = table.horizontalHeader()
    for column in Column:
        name = column.name.lower()
        is_hidden = table.isColumnHidden(column)
        table.setColumnHidden(column, False)  # a hidden one has no width to tell
        settings.setValue(f"column/{name}", table.columnWidth(column))
        table.setColumnHidden(column, is_hidden)
        settings.setValue(f"place/{name}", header.visualIndex(column))
        settings.setValue(f"shown/{name}", int(not is_hidden))
    settings.setValue("sized/prompt", int(table.is_prompt_sized))
    settings.setValue("sorting", " ".join(_sorting(table)))


def _sorting(table: VideoTable) -> Iterator[str]:
    """Each column the list is sorted by, and its direction; the last counts most."""
    directions = {order: word for word, order in _ORDERS.items()}
    for column, order in table.sorting:
        yield f"{Column(column).name.lower()}:{directions[order]}"


def restore(path: Path, window: QMainWindow, views: ListViews, splitters: dict[str, QSplitter]) -> None:
    """Make the window look as it did; what was never written down stays as it is."""
    settings = QSettings(str(path), QSettings.Format.IniFormat)
    if isinstance(geometry := settings.value("geometry"), QByteArray):
        window.restoreGeometry(geometry)
    for name, splitter in splitters.items():
        if isinstance(state := settings.value(f"splitter/{name}"), QByteArray):
            splitter.restoreState(state)
    if width := _number(settings.value("tiles/width")):
        views.gallery.set_tile_width(width)
    views.gallery.set_plays_all(_number(settings.value("tiles/play")) == 1)
    views.show_gallery(settings.value("view") == "gallery")
    _restore_columns(settings, views.table)
    _restore_sorting(str(settings.value("sorting", "")), views.table)


def _restore_columns(settings: QSettings, table: VideoTable) -> None:
    places: dict[Column, int] = {}
    table.is_prompt_sized = _number(settings.value("sized/prompt")) == 1
    for column in Column:
        name = column.name.lower()
        is_sized = column is not Column.PROMPT or table.is_prompt_sized
        if is_sized and (width := _number(settings.value(f"column/{name}"))) >= _LEAST_WIDTH:
            table.setColumnWidth(column, width)
        if (shown := settings.value(f"shown/{name}")) is not None:
            table.setColumnHidden(column, _number(shown) == 0)
        if (place := settings.value(f"place/{name}")) is not None:
            places[column] = _number(place)
    if all(table.isColumnHidden(column) for column in Column):
        table.setColumnHidden(Column.VIDEO_ID, False)
    header = table.horizontalHeader()
    known = sorted(places, key=lambda column: places[column])
    for target, column in enumerate([*known, *(column for column in Column if column not in places)]):
        header.moveSection(header.visualIndex(column), target)


def _restore_sorting(text: str, table: VideoTable) -> None:
    columns = {column.name.lower(): column for column in Column}
    for part in text.split():
        name, _, direction = part.partition(":")
        if name in columns and direction in _ORDERS:
            table.horizontalHeader().setSortIndicator(columns[name], _ORDERS[direction])


def _number(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() else 0
