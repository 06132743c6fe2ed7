"""Opening windows that compare what is selected, and closing them in time."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.video import Video
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui.actions import Actions
from pixverse_desktop.ui.compare_window import CompareWindow
from pixverse_desktop.ui.list_page import ListPage
from pixverse_desktop.ui.marking import MarkCommands
from pixverse_desktop.ui.undo import History

_FEWEST, _MOST = 2, 4


class CompareCommands(QObject):
    """Compares the selected clips."""

    def __init__(
        self, engine: Engine, page: ListPage, marks: MarkCommands, history: History, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._engine = engine
        self._page = page
        self._marks = marks
        self._history = history
        self._open: list[CompareWindow] = []

    def serve(self, actions: Actions) -> None:
        """Compare by the menu, and by a single key while the list has the focus."""
        self._action = actions.compare
        shortcut = QShortcut(QKeySequence("C"), self._page.views)
        shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        for signal in (self._action.triggered, shortcut.activated):
            signal.connect(lambda *_: self.compare())

    def refresh(self, videos: Sequence[Video]) -> None:
        """Offer to compare these if they can be."""
        self._action.setEnabled(_FEWEST <= len(_with_clips(videos)) <= _MOST)

    def compare(self) -> None:
        """Open a window for the selected clips, if there are two to four."""
        videos = _with_clips(self._page.table.selected_videos(most=_MOST + 1))
        if not _FEWEST <= len(videos) <= _MOST:
            return
        if self._page.player.playback.is_playing:
            self._page.player.playback.pause()
        window = CompareWindow(videos, self._engine, self._marks, self._history, self._window)
        self._open.append(window)
        window.closed.connect(lambda: self._open.remove(window))
        window.show()
        window.activateWindow()

    def close(self) -> None:
        """Close all windows, before the program's own goes."""
        for window in list(self._open):
            window.close()


def _with_clips(videos: Sequence[Video]) -> list[Video]:
    return [video for video in videos if video.is_fetchable or video.is_saved]
