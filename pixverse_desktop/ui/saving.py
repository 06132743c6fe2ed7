"""Saving as a person steers it: what, when, how fast; and how it stands."""

from collections.abc import Sequence

from PySide6.QtCore import QLocale, QObject, QTimer
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.desktop_ports import Notifier
from pixverse_desktop.core.events import Event, SavePhase, SaveProgressed
from pixverse_desktop.core.video import Video
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.icon_progress import IconProgress
from pixverse_desktop.ui import messages
from pixverse_desktop.ui.actions import Actions, connect
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.list_page import ListPage
from pixverse_desktop.ui.mark_dialogs import TextDialog
from pixverse_desktop.ui.saving_line import SavingLine

_SHOW_EVERY_MS = 200
_MEGABYTE = 1_000_000
_LEAST_MB_S = 0.001
_MOST_MB_S = 1_000_000  # “inf” and “nan” are numbers to Qt


class SavingCommands(QObject):
    """Deeds on the saving of clips.

    Attributes:
        line: how all saving stands, for the status line.
    """

    def __init__(
        self,
        engine: Engine,
        notifier: Notifier,
        commands: Commands,
        page: ListPage,
        actions: Actions,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._window = parent
        self._engine = engine
        self._saver = engine.saver
        self._commands = commands
        self._page = page
        self._actions = actions
        self.line = SavingLine(parent)
        self._icon = IconProgress(notifier, engine.nursery)
        self._show_soon = QTimer(self, singleShot=True, interval=_SHOW_EVERY_MS)
        self._show_soon.timeout.connect(self._show)
        self._connect()
        for event in self._saver.standing():
            page.on_event(event)
        self._show_limit()
        self._show()

    def on_event(self, event: Event) -> None:
        """Follow what happened."""
        if not isinstance(event, SaveProgressed):
            return
        if not self._show_soon.isActive():
            self._show_soon.start()
        if event.message and event.is_news:
            self._tell(event)

    def refresh(self, videos: Sequence[Video], *, has_unsaved: bool) -> None:
        """Offer what can be done, these rows being selected; they are saved first."""
        actions = self._actions
        self._saver.focus(video.ref for video in videos)
        actions.save.setEnabled(any(video.is_fetchable for video in videos))
        actions.cancel_save.setEnabled(any(self._saver.is_saving(video.ref) for video in videos))
        actions.save_all.setEnabled(has_unsaved)
        actions.automatic.setChecked(self._saver.automatic_folder is not None)

    def _connect(self) -> None:
        actions, commands, saver = self._actions, self._commands, self._saver
        connect(
            {
                actions.save: lambda: commands.save(self._page.selected_refs()),
                actions.save_all: commands.save_all,
                actions.automatic: lambda: commands.set_automatic_saving(actions.automatic.isChecked()),
                actions.cancel_save: lambda: saver.cancel(self._page.selected_refs()),
                actions.pause_saving: self._pause_or_resume,
                actions.retry_saving: saver.retry,
                actions.cancel_saving: lambda: saver.cancel(saver.refs()),
                actions.other_limit: self._ask_limit,
            }
        )
        for limit_bytes_s, action in actions.limits.items():
            action.triggered.connect(lambda _=False, limit=limit_bytes_s: self._limit(limit))
        self.line.clicked.connect(lambda: self._page.show_videos(saver.refs()))

    def _pause_or_resume(self) -> None:
        is_paused = self._actions.pause_saving.isChecked()
        self._engine.preferences.change(is_saving_paused=is_paused)
        if is_paused:
            self._saver.pause()
        else:
            self._saver.resume()
        self._show()

    def _tell(self, event: SaveProgressed) -> None:
        """Tell why a clip is not saved, and what becomes of it."""
        words, button = event.message, None
        if event.is_disk_fault:
            button = (self.tr("Choose folder…"), self._actions.choose_folder.trigger)
        elif event.phase is SavePhase.HELD:
            words = self.tr("%1 It is tried again by itself.").replace("%1", words)
        self._commands.news.emit(words, "warning", button)

    def _show(self) -> None:
        overview = self._saver.overview
        self.line.show_saving(overview)
        self._icon.show_saving(overview)
        self._actions.pause_saving.setChecked(overview.is_paused)
        self._actions.retry_saving.setEnabled(overview.held > 0)
        self._actions.cancel_saving.setEnabled(not self._saver.is_idle)

    # How fast

    def _limit(self, limit_bytes_s: int) -> None:
        self._engine.preferences.change(save_limit_bytes_s=limit_bytes_s)
        self._engine.clips.bandwidth.limit_bytes_s = limit_bytes_s or None
        self._show_limit()

    def _show_limit(self) -> None:
        """Tick the limit in force; one that is none of the usual is named."""
        limit_bytes_s = self._engine.settings.save_limit_bytes_s
        action = self._actions.limits.get(limit_bytes_s, self._actions.other_limit)
        action.setChecked(True)
        is_usual = action is not self._actions.other_limit
        words = self.tr("&Other…") if is_usual else self.tr("&Other (%1)…")
        self._actions.other_limit.setText(words.replace("%1", messages.speed_text(limit_bytes_s)))

    def _ask_limit(self) -> None:
        self._show_limit()  # until another one is given
        limit_bytes_s = self._engine.settings.save_limit_bytes_s
        figure = QLocale().toString(limit_bytes_s / _MEGABYTE, "g", 6) if limit_bytes_s else ""
        title = self.tr("How fast may all downloads together go, in MB/s? Empty for no limit.")
        TextDialog(self.tr("Limit in MB/s"), title, figure, self._take_limit, self._window).open()

    def _take_limit(self, text: str) -> None:
        figure, is_number = QLocale().toDouble(text or "0")
        if is_number and (figure == 0 or _LEAST_MB_S <= figure <= _MOST_MB_S):
            self._limit(round(figure * _MEGABYTE))
        else:
            words = self.tr("“%1” is no speed in MB/s. The limit stays as it was.").replace("%1", text)
            self._commands.news.emit(words, "warning", None)
