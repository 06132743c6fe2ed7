"""Videos as the model gets them."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtGui import QTextDocumentFragment

from pixverse_desktop.core.video import Video

NOW_S = 1_788_249_600.0


def row(number: int | str, **facts: Any) -> Video:  # noqa: ANN401 - the facts' own types
    """A video that was added a second ago."""
    video = Video(video_id=str(number), added_at_s=NOW_S - 1)
    return replace(video, **facts)


def column_of(model: QAbstractItemModel, title: str) -> list[str]:
    """What a column shows, from the top down."""
    column = titles_of(model).index(title)
    return [str(model.index(place, column).data()) for place in range(model.rowCount())]


def titles_of(model: QAbstractItemModel) -> list[str]:
    """The titles of the columns."""
    return [str(model.headerData(at, Qt.Orientation.Horizontal)) for at in range(model.columnCount())]


def as_read(tip: str) -> str:
    """What a person reads in a tool tip, which Qt takes for HTML where it looks like some."""
    return QTextDocumentFragment.fromHtml(tip).toPlainText() if GuiQt.mightBeRichText(tip) else tip
