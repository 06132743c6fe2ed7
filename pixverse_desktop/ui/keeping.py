"""The bin, the backups and the saved searches: their windows, and the way to the library."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui.bin_dialogs import BackupDialog, BinDialog
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.list_page import ListPage
from pixverse_desktop.ui.mark_dialogs import TextDialog

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
        query = f"{self._page.side_bar.query} {self._page.search.text()}".strip()
        if query:
            title = self.tr("Name of this search")
            TextDialog(title, query, lambda name: self._keep_view(name, query), self._window).open()

    def remove_view(self, name: str) -> None:
        """Forget a saved search."""
        self._commands.start(self._remove_view(name), "remove view")

    def _keep_view(self, name: str, query: str) -> None:
        if name:
            self._commands.start(self._put_view(name, query), "keep view")

    async def _ask_bin(self) -> None:
        videos = await self._engine.library.recently_removed(_BIN_DAYS)
        BinDialog(videos, self._commands.put_back, self._commands.erase_removed, self._window).open()

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
        self._page.side_bar.set_views(await self._engine.library.views())
