"""The ways ids come in by the window: files, the clipboard, a watched folder; and what is doubtful."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from pixverse_desktop.ui.bin_dialogs import DoubtDialog
from pixverse_desktop.ui.choosers import choose_folder_of_lists, choose_id_files
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.dropping import Dropped, Found, content_of
from pixverse_desktop.ui.folder_watch import FolderWatch
from pixverse_desktop.ui.held_dialog import HeldDialog


class IntakeCommands(QObject):
    """Deeds that bring ids in."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._commands = commands
        self._watch = FolderWatch(self)
        self._watch.appeared.connect(lambda paths: commands.add(Dropped(paths), is_quiet=True))
        self._watch.troubled.connect(self._tell_trouble)
        commands.unread.connect(self._watch.forget)
        commands.doubted.connect(self._ask_doubtful)
        if folder := commands.settings.watch_folder:
            self._watch.watch(Path(folder))

    @property
    def is_watching(self) -> bool:
        """Whether a folder is watched."""
        return self._watch.folder is not None

    def choose_files(self) -> None:
        """Add the ids of files a person chooses."""
        choose_id_files(self._window, lambda paths: self._commands.add(Dropped(paths)))

    def paste(self) -> None:
        """Add the ids on the clipboard."""
        self._commands.add(content_of(QGuiApplication.clipboard().mimeData()))

    def toggle_watch(self, done: Callable[[], None]) -> None:
        """Choose a folder to take ids from, or stop watching the one that is chosen; then call ``done``."""
        if self.is_watching:
            self._set_watch(None)
            done()
        else:
            choose_folder_of_lists(self._window, self._set_watch, done)

    def before_closing(self, close: Callable[[], None]) -> None:
        """Call ``close`` unless ids would be lost by it; then let the person decide."""
        held = self._commands.held
        if held.is_safe:
            close()
        else:
            HeldDialog(held.refs, close, self._window).open()

    def _set_watch(self, folder: Path | None) -> None:
        self._watch.watch(folder)
        self._commands.watch_folder(folder)

    def _tell_trouble(self, reason: str) -> None:
        words = self.tr("The watched folder %1 cannot be looked at (%2). It is tried again.")
        words = words.replace("%1", str(self._watch.folder)).replace("%2", reason)
        self._commands.news.emit(words, "warning", None)

    def _ask_doubtful(self, found: Found, batch: str) -> None:
        account, add = self._commands.adding_to, lambda: self._commands.add_found(found, batch)
        DoubtDialog(found.scan, add, self._window, account=account).open()
