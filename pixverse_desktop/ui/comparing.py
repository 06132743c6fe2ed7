"""Opening windows that compare what is selected, and closing them in time."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.video import Video, VideoRef
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
        self._page.player.playback.frame_ready.connect(self._on_player_frame)

    def refresh(self, videos: Sequence[Video]) -> None:
        """Offer to compare these if they can be."""
        self._action.setEnabled(_FEWEST <= len(_with_clips(videos)) <= _MOST)

    def compare(self) -> None:
        """Open a window for the selected clips, if there are two to four."""
        videos = _with_clips(self._page.table.selected_videos(most=_MOST + 1))
        if not _FEWEST <= len(videos) <= _MOST:
            return
        if self._page.player.playback.is_playing:
            self._page.player.playback.toggle()
        refs = [video.ref for video in videos]
        window = next((one for one in self._open if one.refs == refs), None) or self._open_window(videos)
        window.show()
        window.activateWindow()

    def _open_window(self, videos: Sequence[Video]) -> CompareWindow:
        window = CompareWindow(videos, self._engine, self._marks, self._history, self._window)
        self._open.append(window)
        window.closed.connect(partial(self._open.remove, window))
        window.list_requested.connect(self._show_in_list)
        return window

    def _show_in_list(self, ref: VideoRef) -> None:
        self._page.show_video(ref)
        self._window.activateWindow()
        self._page.views.setFocus()

    def _on_player_frame(self, _: QVideoFrame) -> None:
        """Let the clip that was selected last rest at its first frame: it may still have been on its way."""
        playback = self._page.player.playback
        if self._open and playback.is_playing and any(window.isActiveWindow() for window in self._open):
            playback.toggle()

    def close(self) -> None:
        """Close all windows, before the program's own goes."""
        for window in list(self._open):
            window.close()


def _with_clips(videos: Sequence[Video]) -> list[Video]:
    return [video for video in videos if video.is_fetchable or video.is_saved]
