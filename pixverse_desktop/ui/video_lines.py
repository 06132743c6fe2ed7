"""Videos as plain lines of a list: told on being asked, so that a hundred thousand cost nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from pixverse_desktop.core.video import Video

Index = QModelIndex | QPersistentModelIndex


class VideoLines(QAbstractListModel):
    """A line a video: its id, a ``word`` on it, and its prompt; the ``UserRole`` holds the ``Video``."""

    def __init__(
        self, videos: Sequence[Video], parent: QObject, word: Callable[[Video], str] = lambda _: ""
    ) -> None:
        super().__init__(parent)
        self._videos = videos
        self._word = word

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._videos)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401
        video = self._videos[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            parts = (video.video_id, self._word(video), " ".join(video.prompt.split()))
            return "   ".join(filter(None, parts))
        return video if role == Qt.ItemDataRole.UserRole else None
