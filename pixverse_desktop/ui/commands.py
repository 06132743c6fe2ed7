"""What the actions of the window do: one method a deed, each ending in a service."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QFile, QLocale, QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from pixverse_desktop.core.errors import PixverseError, StoreFailed
from pixverse_desktop.core.needs import is_worth_another_try
from pixverse_desktop.core.records import as_tsv
from pixverse_desktop.core.retention import Backup
from pixverse_desktop.core.saves import unsaved
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.support import support_text
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.held_ids import HeldIds
from pixverse_desktop.ui import messages, theme
from pixverse_desktop.ui.dropping import Dropped, Found, Reading, find_ids
from pixverse_desktop.ui.undo import History, Removal

_TELL_READING_EVERY_S = 0.5
_WRITE_AGAIN_AFTER_S = 2.0


class Commands(QObject):
    """Deeds on the list.

    Signals:
        news(str, str, object): a sentence, the icon that goes with it, and a button or None.
        added(object): the ``VideoRef`` of the first row that came in, or of the first that was there.
        returned(object): the list of ``VideoRef`` that came back.
        doubted(object, str): the ``Found`` of a drop that a person should look at, and its batch.
        folder_needed(object): a folder has to be chosen before these ``VideoRef`` can be saved.
        unread(object): a tuple of ``Path`` whose bytes could not be had.
    """

    news = Signal(str, str, object)
    added = Signal(object)
    returned = Signal(object)
    doubted = Signal(object, str)
    folder_needed = Signal(object)
    unread = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self.undo_stack = History(self.start_in_turn, self)
        self.undo_stack.told.connect(lambda words: self.news.emit(words, "undo", None))
        self._turn = asyncio.Lock()
        self._told_by_themselves: set[str] = set()

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._engine.settings

    @property
    def held(self) -> HeldIds:
        """Ids the list could not take yet."""
        return self._engine.held

    @property
    def adding_to(self) -> str:
        """The name of the account that new ids go to, where there is a choice; else empty."""
        return self._engine.current.account.name if self._engine.sessions.are_several else ""

    def add(self, dropped: Dropped, *, is_quiet: bool = False) -> None:
        """Add what was dropped or pasted.

        ``is_quiet`` is for what comes by itself: selection and focus stay, what a person removed stays
        removed, nobody is asked, and the same trouble is told once.
        """
        if dropped:
            self.start(self._add(dropped, is_quiet), "add")
        else:
            self.news.emit(self.tr("There is nothing to paste. Copy some video ids first."), "warning", None)

    def add_found(self, found: Found, batch: str) -> None:
        """Add what was found, after a person looked at what is doubtful."""
        self.start(self._add_found(found, batch), "add")

    def watch_folder(self, folder: Path | None) -> None:
        """Take in the lists of ids that appear in a folder, from now on and in later runs."""
        self._engine.preferences.change(watch_folder="" if folder is None else str(folder))
        if folder is None:
            self.news.emit(self.tr("The folder is watched no more."), "folder", None)
        else:
            words = self.tr("Ids in files that appear in %1 are added by themselves.")
            self.news.emit(words.replace("%1", str(folder)), "folder", None)

    def check_now(self, refs: Sequence[VideoRef]) -> None:
        """Ask PixVerse about these rows, and for the credits."""
        self._engine.sessions.check_now(refs)
        self.start(self._engine.sessions.refresh_balances(), "balance")

    def check_failed(self) -> None:
        """Ask again about every row that failed, was refused, was not found or was given up."""
        refs = [video.ref for video in self._engine.library if is_worth_another_try(video)]
        if refs:
            self.check_now(refs)
            words = (
                self.tr("1 is asked about again") if len(refs) == 1 else self.tr("%1 are asked about again")
            )
            self.news.emit(words.replace("%1", str(len(refs))), "refresh", None)
        else:
            self.news.emit(self.tr("Nothing failed: there is nothing to ask about again."), "check", None)

    def save(self, refs: Sequence[VideoRef]) -> None:
        """Save these clips into the chosen folder, which is asked for the first time."""
        folder = self.folder()
        if folder is None:
            self.folder_needed.emit(list(refs))
        elif self._engine.saver.save(refs, folder) > 0:
            return
        elif not any(self._engine.saver.is_saving(ref) for ref in refs):
            self.news.emit(self.tr("None of these has a clip to save yet."), "warning", None)
        elif self._engine.saver.overview.is_paused:
            self.news.emit(self.tr("Saving is paused, and goes on when you say so."), "save", None)

    def save_all(self) -> None:
        """Save every clip that was not saved yet."""
        refs = unsaved(self._engine.library)
        if refs:
            self.save(refs)
        else:
            self.news.emit(self.tr("Every finished clip is saved already."), "check", None)

    def choose_folder(self, folder: Path) -> None:
        """From now on save clips into ``folder``, by themselves unless a person has switched that off."""
        is_automatic = self.saves_automatically
        self.use_folder(folder, is_automatic=is_automatic)
        text = self.tr("Clips that you save go to %1 from now on.")
        if is_automatic:
            text = self.tr("Finished clips are saved to %1 from now on.")
        self.news.emit(text.replace("%1", str(folder)), "folder", None)

    def use_folder(self, folder: Path | None, *, is_automatic: bool) -> None:
        """Save clips into ``folder`` from now on, and what the former one could not take."""
        saver = self._engine.saver
        self._engine.preferences.change(save_folder=str(folder or ""), saves_automatically=is_automatic)
        saver.save_everything_to(folder if is_automatic else None)
        if folder is not None:
            saver.redirect(folder)

    def set_automatic_saving(self, is_on: bool) -> None:
        """Save clips as soon as they are finished, or only when told."""
        folder = self.folder()
        self._engine.preferences.change(saves_automatically=is_on)
        self._engine.saver.save_everything_to(folder if is_on else None)
        if is_on and folder is None:
            self.folder_needed.emit([])

    def remove(self, refs: Sequence[VideoRef]) -> None:
        """Take rows off the list; saved clips stay."""
        videos = [video for ref in refs if (video := self._engine.library.get(ref)) is not None]
        if videos:
            deed = self.tr("Remove 1 video") if len(videos) == 1 else self.tr("Remove %1 videos")
            deed = deed.replace("%1", QLocale().toString(len(videos)))
            told, returned = self._tell_removed, self._tell_returned
            self.undo_stack.push(Removal(refs, self._engine.library, self.undo_stack, told, returned, deed))

    def put_back(self, videos: Sequence[Video]) -> None:
        """Bring back what was removed, also in an earlier run."""
        self.start_in_turn(self._put_back(videos), "put back")

    def erase_removed(self) -> None:
        """Forget what was removed, for good; so no removal can be undone any more."""
        self.undo_stack.clear()
        self.start(self._erase(), "erase")

    def restore(self, backup: Backup) -> None:
        """Put a backup in the list's place."""
        self.undo_stack.clear()
        self.start(self._restore(backup), "restore")

    def copy_rows(self, videos: Sequence[Video]) -> None:
        """Put whole rows on the clipboard, as a spreadsheet takes them."""
        self.start(self._copy_rows(videos), "copy rows")

    def copy_ids(self, videos: Sequence[Video]) -> None:
        """Put ids on the clipboard, one a line."""
        QGuiApplication.clipboard().setText("\n".join(video.video_id for video in videos))

    def copy_for_support(self, videos: Sequence[Video]) -> None:
        """Put on the clipboard what PixVerse's support asks for; never a key or an address."""
        self.start(self._copy_for_support(videos), "copy for support")

    def open_clip(self, video: Video) -> bool:
        """Open a saved clip with the system's player; False if it is not there."""
        if not video.saved_path or not Path(video.saved_path).is_file():
            return False
        return QDesktopServices.openUrl(QUrl.fromLocalFile(video.saved_path))

    def show_in_folder(self, video: Video) -> None:
        """Open the folder a clip was saved in."""
        folder = Path(video.saved_path).parent if video.saved_path else self.folder()
        if folder is None:
            self.news.emit(self.tr("This clip has not been saved yet."), "warning", None)
        elif not folder.is_dir():
            words = self.tr("The folder %1 is not there any more.")
            self.news.emit(words.replace("%1", str(folder)), "warning", None)
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def trash_files(self, videos: Sequence[Video]) -> None:
        """Move saved clips to the system's trash, from where they can come back; the rows stay."""
        saved = [video for video in videos if video.is_saved]
        if saved:
            self.start(self._trash_files(saved), "trash")

    async def _copy_rows(self, videos: Sequence[Video]) -> None:
        rows = [(video, self._engine.library.marks(video.ref)) for video in videos]
        text = await asyncio.to_thread(as_tsv, rows)
        QGuiApplication.clipboard().setText(text.removesuffix("\n"))
        words = self.tr("1 row copied") if len(rows) == 1 else self.tr("%1 rows copied")
        self.news.emit(words.replace("%1", QLocale().toString(len(rows))), "copy", None)

    async def _copy_for_support(self, videos: Sequence[Video]) -> None:
        texts = [support_text(video, await self._engine.attempts.of(video.ref)) for video in videos]
        QGuiApplication.clipboard().setText("\n\n".join(texts))
        self.news.emit(self.tr("Copied. It holds ids, codes and trace ids, and no key."), "copy", None)

    async def _trash_files(self, videos: Sequence[Video]) -> None:
        moved = 0
        for video in videos:
            if await asyncio.to_thread(QFile.moveToTrash, video.saved_path):
                moved += 1
                await self._engine.library.update(
                    video.ref, lambda row: replace(row, saved_path="", saved_bytes=0)
                )
        words = self.tr("%1 of %2 files moved to the trash.").replace("%1", QLocale().toString(moved))
        if moved < len(videos):
            words += self.tr(" The others are not where they were saved, or their folder has no trash.")
        self.news.emit(words.replace("%2", QLocale().toString(len(videos))), "trash", None)

    def remember_sound(self, is_muted: bool, volume_percent: int) -> None:
        """Keep how loud the player is."""
        self._engine.preferences.change(is_muted=is_muted, volume_percent=volume_percent)

    def remember_loop(self, is_looping: bool) -> None:
        """Keep whether the player loops."""
        self._engine.preferences.change(is_looping=is_looping)

    def choose_appearance(self, appearance: str) -> None:
        """Be light or dark, or follow the system; and keep it so."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        theme.choose_appearance(app, appearance)
        self._engine.preferences.change(appearance=appearance)

    async def _add(self, dropped: Dropped, is_quiet: bool) -> None:
        now_s = self._engine.clock.now_s()
        reading = Reading()
        telling = self._engine.nursery.start(self._tell_reading(reading), name="tell reading")
        try:
            found = await find_ids(dropped, self._engine.intake, reading, now_s=now_s)
        finally:
            telling.cancel()
        batch = messages.batch_name(dropped.paths, now_s)
        if found.unread:
            self.unread.emit(found.unread)
        if messages.is_doubtful(found.scan) and not is_quiet:
            self.doubted.emit(found, batch)
        else:
            await self._add_found(found, batch, is_quiet)

    async def _tell_reading(self, reading: Reading) -> None:
        """Show how far a long reading is, once it has taken a moment."""
        while True:
            await self._engine.clock.sleep(_TELL_READING_EVERY_S)
            words = self.tr("Reading the ids… %1 %").replace("%1", str(round(100 * reading.share)))
            self.news.emit(words, "hourglass", (self.tr("Cancel"), reading.cancel))

    async def _add_found(self, found: Found, batch: str, is_quiet: bool = False) -> None:
        """Add what was found. What cannot be written is held and tried until it can."""
        account, held = self._engine.current.account.name, self._engine.held
        refs = [*(VideoRef(account, each) for each in found.scan.ids), *(row[0].ref for row in found.rows)]
        while True:
            try:
                await self._write_found(found, account, batch, is_quiet)
            except StoreFailed as error:
                is_shelved = await held.hold(refs)
                words = (
                    self.tr("%1 The ids are held in a file beside the list and tried again.")
                    if is_shelved
                    else self.tr("%1 The ids are held in memory and tried again.")
                )
                self.news.emit(words.replace("%1", str(error)), "warning", None)
                await self._engine.clock.sleep(_WRITE_AGAIN_AFTER_S)
            else:
                break
        if held.refs:
            await held.let_go(refs)

    async def _write_found(self, found: Found, account: str, batch: str, is_quiet: bool) -> None:
        library = self._engine.library
        brings_back = not is_quiet
        ids = await library.add(found.scan.ids, account=account, batch=batch, brings_back=brings_back)
        rows = await library.take_in(found.rows, brings_back=brings_back)
        added, already = ids.added + rows.added, ids.already + rows.already
        removed = len(ids.removed + rows.removed)
        words = messages.found_sentence(
            found.scan, found.troubles, added=len(added), already=len(already), removed=removed
        )
        if added or not is_quiet or self._is_new_trouble(found):
            self.news.emit(words, "check" if added else "warning", None)
        if not is_quiet and (first := next(iter(added or already), None)):
            self.added.emit(first.ref)

    def _is_new_trouble(self, found: Found) -> bool:
        """Whether something went wrong that was not told before: a watched folder is looked at for ever."""
        troubles = {*found.troubles, *(each.token for each in found.scan.refused)}
        is_new = not troubles <= self._told_by_themselves
        self._told_by_themselves |= troubles
        return is_new

    def _tell_removed(self, removal: Removal) -> None:
        count = len(removal.removed)
        words = self.tr("1 removed from the list") if count == 1 else self.tr("%1 removed from the list")
        button = (self.tr("Undo"), lambda: self._take_back(removal))
        self.news.emit(words.replace("%1", QLocale().toString(count)), "trash", button)

    def _take_back(self, removal: Removal) -> None:
        """Undo this removal and not what was done after it."""
        if self.undo_stack.command(self.undo_stack.index() - 1) is removal:
            self.undo_stack.undo()
        else:
            self.put_back(removal.removed)

    async def _put_back(self, videos: Sequence[Video]) -> None:
        back = await self._engine.library.put_back(videos)
        words = self.tr("%1 back in the list").replace("%1", QLocale().toString(len(back)))
        self.news.emit(words, "undo", None)
        self._tell_returned(back)

    def _tell_returned(self, videos: Sequence[Video]) -> None:
        self.returned.emit([video.ref for video in videos])

    async def _erase(self) -> None:
        count = await self._engine.library.erase_removed()
        self.news.emit(self.tr("%1 erased for good").replace("%1", QLocale().toString(count)), "trash", None)

    async def _restore(self, backup: Backup) -> None:
        await self._engine.keeper.restore(backup.path)
        words = self.tr("The backup is restored: %1 videos. The former list is kept as a backup too.")
        self.news.emit(words.replace("%1", QLocale().toString(backup.videos)), "undo", None)

    @property
    def saves_automatically(self) -> bool:
        """Whether clips are saved as soon as they are finished, or would be if there were a folder."""
        if self.folder() is None:
            return self.settings.saves_automatically
        return self._engine.saver.automatic_folder is not None

    def folder(self) -> Path | None:
        """Where clips are saved, if that is known."""
        automatic = self._engine.saver.automatic_folder
        if automatic is not None:
            return automatic
        return Path(self._engine.settings.save_folder) if self._engine.settings.save_folder else None

    def start(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        """Do ``work``; a failure of the world becomes news. While the program ends, nothing is begun."""
        self._begin(name, work, self._told(work))

    def start_in_turn(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        """Do ``work`` after everything that was started in turn before: undo needs what the deed found."""
        turn = self._in_turn(work)
        self._begin(name, work, turn, self._told(turn))

    def _begin(self, name: str, *layers: Coroutine[Any, Any, Any]) -> None:
        """Start the last of ``layers``, which awaits the one before; none is left behind if it never runs."""

        def close_all(_: object = None) -> None:
            for layer in layers:
                layer.close()

        if self._engine.nursery.is_closed:
            close_all()
        else:
            self._engine.nursery.start(layers[-1], name=name).add_done_callback(close_all)

    async def _in_turn(self, work: Coroutine[Any, Any, Any]) -> None:
        async with self._turn:
            await work

    async def _told(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do ``work``; a failure of the world becomes a sentence."""
        try:
            await work
        except PixverseError as error:
            self.news.emit(str(error), "warning", None)
