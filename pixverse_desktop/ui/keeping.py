"""The bin, the backups and the saved searches: their windows, and the way to the library."""

from functools import partial

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui.bin_dialogs import BackupDialog, BinDialog
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.list_page import ListPage
from pixverse_desktop.ui.mark_dialogs import TextDialog
from pixverse_desktop.ui.questions import ask

_BIN_DAYS = 30


class KeepingCommands(QObject):
    """Deeds on what was kept."""

    def __init__(self, engine: Engine, commands: Commands, page: ListPage, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._engine = engine
        self._commands = commands
        self._page = page
        commands.returned.connect(page.table.show_videos)

    def ask_bin(self) -> None:
        """Open the bin."""
        self._commands.start(self._ask_bin(), "bin")

    def ask_backup(self) -> None:
        """Open the list of backups."""
        self._commands.start(self._ask_backup(), "backups")

    def load_views(self) -> None:
        """Show the saved searches."""
        self._commands.start(self._show_views(), "views")

    def ask_view(self) -> None:
        """Open the window for the name of the present search."""
        query = self._page.query
        if query:
            title = self.tr("Name of this search")
            TextDialog(title, title, query, lambda name: self._keep_view(name, query), self._window).open()

    def remove_view(self, name: str) -> None:
        """Forget a saved search, which can be taken back for a while."""
        query = self._page.side_bar.views.get(name, "")
        self._commands.start(self._remove_view(name), "remove view")
        words = self.tr("The search “%1” is removed").replace("%1", name)
        self._commands.news.emit(words, "trash", (self.tr("Undo"), lambda: self._start_putting(name, query)))

    def _keep_view(self, name: str, query: str) -> None:
        """Keep a search; one of the same name that looks for something else is replaced only when asked."""
        if not name:
            return
        if self._page.side_bar.views.get(name, query) == query:
            self._start_putting(name, query)
        else:
            words = self.tr("There is a search “%1” already. It looks for: %2").replace("%1", name)
            words = words.replace("%2", self._page.side_bar.views[name])
            replace = partial(self._start_putting, name, query)
            ask(self._window, self.tr("Replace the search?"), words, self.tr("Replace"), replace)

    def _start_putting(self, name: str, query: str) -> None:
        self._commands.start(self._put_view(name, query), "keep view")

    def _ask_erasing(self) -> None:
        words = self.tr(
            "Everything that was removed from the list is forgotten for good, with tags, ratings and notes. "
            "This cannot be undone, and neither can what was done before. Saved clips stay on the disk."
        )
        deed = self.tr("Empty the bin")
        ask(self._window, self.tr("Empty the bin?"), words, deed, self._commands.erase_removed)

    async def _ask_bin(self) -> None:
        videos = await self._engine.library.recently_removed(_BIN_DAYS)
        BinDialog(videos, self._commands.put_back, self._ask_erasing, self._window).open()

    async def _ask_backup(self) -> None:
        backups = await self._engine.keeper.all()
        BackupDialog(backups, self._commands.restore, self._window).open()

    async def _put_view(self, name: str, query: str) -> None:
        await self._engine.library.put_view(name, query)
        await self._show_views()

    async def _remove_view(self, name: str) -> None:
        await self._engine.library.remove_view(name)
        await self._show_views()

    async def _show_views(self) -> None:
        self._page.show_views(await self._engine.library.views())
