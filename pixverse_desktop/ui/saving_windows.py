"""Deeds about saving beside the saving itself: its folder, its names, and a look after what was saved."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.copies import Finding
from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.video import SavedCopy, Video, VideoRef
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui.actions import Actions, connect
from pixverse_desktop.ui.choosers import choose_clip_folder, choose_folder_of_copies
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.list_page import ListPage
from pixverse_desktop.ui.saved_files_dialog import SavedFilesDialog, count_words
from pixverse_desktop.ui.saving_dialog import SavingDialog, SavingWishes
from pixverse_desktop.ui.undo import CopiesNoted
from pixverse_desktop.ui.window_context import WindowContext


class SavingWindows(QObject):
    """Opens the windows about saving, and does what is wished there.

    Signals:
        changed(): where or when clips are saved may have changed.
    """

    changed = Signal()

    def __init__(
        self,
        engine: Engine,
        context: WindowContext,
        commands: Commands,
        page: ListPage,
        actions: Actions,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._suggested = context.suggested_folder
        self._commands = commands
        self._page = page
        self._window = parent
        commands.folder_needed.connect(self.ask_folder)
        connect(
            {
                actions.choose_folder: self.ask_folder,
                actions.saving: self.ask_wishes,
                actions.check_files: lambda: SavedFilesCheck(engine, commands, parent).begin(),
                actions.write_record: lambda: self.write_records(page.selected_refs()),
            }
        )

    def ask_folder(self, refs: Sequence[VideoRef] = ()) -> None:
        """Ask where clips are to be saved, then save those that wait for it."""
        folder = self._commands.settings.save_folder

        def chosen(folder: Path) -> None:
            self._commands.choose_folder(folder)
            if refs:
                self._commands.save(refs)

        start = Path(folder) if folder else self._suggested
        choose_clip_folder(self._window, start, chosen, self.changed.emit)

    def ask_wishes(self) -> None:
        """Open the window about saving."""
        settings = self._commands.settings
        wishes = SavingWishes(
            folder=self._commands.folder(),
            is_automatic=self._commands.saves_automatically,
            name_template=settings.name_template,
            writes_sidecar=settings.writes_sidecar,
        )
        name = partial(self._engine.saver.names.by, self._example())
        SavingDialog(wishes, name, self._suggested, partial(self._apply, wishes), self._window).open()

    def write_records(self, refs: Sequence[VideoRef]) -> None:
        """Write what is known of these clips beside them."""
        self._commands.start(self._write_records(refs), "records")

    def _example(self) -> Video:
        """The selected row, or else the newest; where the list is empty, one that might be."""
        ref = next(iter(self._page.selected_refs()), None)
        selected = self._engine.library.get(ref) if ref is not None else None
        if selected is not None:
            return selected
        made_up = Video(
            video_id="391504857968062",
            added_at_s=self._engine.clock.now_s(),
            prompt=self.tr("A paper boat on a pond"),
            seed=42,
            width=1280,
            height=720,
        )
        return max(self._engine.library, key=lambda video: video.added_at_s, default=made_up)

    def _apply(self, before: SavingWishes, wishes: SavingWishes) -> None:
        """Keep what was changed; what holds for this run alone stays where it was not touched."""
        keep = self._engine.preferences.change
        keep(name_template=wishes.name_template, writes_sidecar=wishes.writes_sidecar)
        if (wishes.folder, wishes.is_automatic) != (before.folder, before.is_automatic):
            self._commands.use_folder(wishes.folder, is_automatic=wishes.is_automatic)
        self.changed.emit()

    async def _write_records(self, refs: Sequence[VideoRef]) -> None:
        written = [path for ref in refs if (path := await self._engine.sidecars.write(ref)) is not None]
        if len(written) == 1:
            words = self.tr("Written: %1").replace("%1", str(written[0]))
        else:
            words = self.tr("%1 files written, each beside its clip.")
            words = words.replace("%1", QLocale().toString(len(written)))
        self._commands.news.emit(words, "save", None)


class SavedFilesCheck(QObject):
    """One look after the saved files, as long as its window is open."""

    def __init__(self, engine: Engine, commands: Commands, parent: QWidget) -> None:
        dialog = SavedFilesDialog(parent)
        super().__init__(dialog)
        self._dialog = dialog
        self._engine = engine
        self._files = engine.saved_files
        self._commands = commands
        self._findings: list[Finding] = []
        self._task: asyncio.Task[None] | None = None
        self._dialog.search_requested.connect(self._ask_where)
        self._dialog.fetch_requested.connect(self._fetch)
        self._dialog.forget_requested.connect(self._forget)
        self._dialog.finished.connect(self._stop)

    def begin(self) -> None:
        """Open the window, and look at every saved file."""
        self._dialog.stop_requested.connect(self._dialog.reject)
        self._dialog.open()
        self._start(self._check())

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        self._task = self._engine.nursery.start(self._told(work), name="saved files")

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work``; a failure of the world becomes a sentence in the window."""
        try:
            await work
        except PixverseError as error:
            self._dialog.show_findings(self._findings, str(error))

    async def _check(self) -> None:
        words = self.tr("Looking at the saved files: %1 of %2")
        self._findings = await self._files.check(self._progress(words))
        self._dialog.stop_requested.disconnect(self._dialog.reject)
        self._dialog.stop_requested.connect(self._end_search)
        has_saved = any(video.is_saved for video in self._engine.library)
        nothing = self.tr("No clip is saved yet, so there is nothing to look at.")
        self._dialog.show_findings(self._findings, count_words(len(self._findings)) if has_saved else nothing)

    def _ask_where(self, videos: Sequence[Video]) -> None:
        start = Path(videos[0].saved_path).parent
        choose_folder_of_copies(self._dialog, start, lambda folder: self._start(self._search(videos, folder)))

    async def _search(self, videos: Sequence[Video], folder: Path) -> None:
        words = self.tr("Looking through %1: %2 files").replace("%1", str(folder)).replace("%2", "%1")
        found = await self._files.look_for(videos, folder, self._progress(words))
        if found:
            deed = self.tr("Link 1 file") if len(found) == 1 else self.tr("Link %1 files")
            self._note(found, deed.replace("%1", QLocale().toString(len(found))))
        words = self.tr("%1 of %2 found in %3.").replace("%1", QLocale().toString(len(found)))
        words = words.replace("%2", QLocale().toString(len(videos))).replace("%3", str(folder))
        self._leave_out(found, words)

    def _end_search(self) -> None:
        self._stop()
        self._dialog.end_progress()

    def _fetch(self, videos: Sequence[Video]) -> None:
        folder = self._commands.folder() or Path(videos[0].saved_path).parent
        self._start(self._fetch_again(videos, folder))

    async def _fetch_again(self, videos: Sequence[Video], folder: Path) -> None:
        begun = await self._files.fetch_again(videos, folder)
        words = self.tr("%1 of %2 are fetched again into %3.").replace("%1", QLocale().toString(len(begun)))
        words = words.replace("%2", QLocale().toString(len(videos))).replace("%3", str(folder))
        if len(begun) < len(videos):
            words += self.tr(" PixVerse has no clip of the others.")
        self._leave_out(begun, words)

    def _forget(self, videos: Sequence[Video]) -> None:
        refs = [video.ref for video in videos]
        deed = self.tr("Forget 1 copy") if len(refs) == 1 else self.tr("Forget %1 copies")
        self._note(dict.fromkeys(refs, SavedCopy()), deed.replace("%1", QLocale().toString(len(refs))))
        words = self.tr("1 copy forgotten.") if len(refs) == 1 else self.tr("%1 copies forgotten.")
        self._leave_out(refs, words.replace("%1", QLocale().toString(len(refs))))

    def _note(self, copies: dict[VideoRef, SavedCopy], deed: str) -> None:
        stack = self._commands.undo_stack
        stack.push(CopiesNoted(copies, self._engine.library, stack, deed))

    def _leave_out(self, done: Iterable[VideoRef], words: str) -> None:
        """Show what is left to be done after ``done``."""
        gone = set(done)
        self._findings = [each for each in self._findings if each.video.ref not in gone]
        self._dialog.show_findings(self._findings, words)

    def _progress(self, words: str) -> Callable[[int, int], None]:
        def show(done: int, total: int) -> None:
            told = words.replace("%1", QLocale().toString(done)).replace("%2", QLocale().toString(total))
            self._dialog.show_progress(told, done, total)

        return show
