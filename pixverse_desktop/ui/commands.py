"""What the actions of the window do: one method a deed, each ending in a service."""

from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.records import rfc3339
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.saving import unsaved
from pixverse_desktop.ui import messages, theme
from pixverse_desktop.ui.dropping import Dropped, find_ids


class Commands(QObject):
    """Deeds on the list.

    Signals:
        news(str, str, object): a sentence, the icon that goes with it, and a button or None.
        added(object): the ``VideoRef`` of the first row that came in, or of the first that was there.
        folder_needed(object): a folder has to be chosen before these ``VideoRef`` can be saved.
    """

    news = Signal(str, str, object)
    added = Signal(object)
    folder_needed = Signal(object)

    def __init__(self, engine: Engine, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._engine = engine
        self._removed: list[tuple[Video, ...]] = []

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self._engine.settings

    @property
    def can_undo(self) -> bool:
        """Whether there is a removal to take back."""
        return bool(self._removed)

    def add(self, dropped: Dropped) -> None:
        """Add the ids in what was dropped or pasted."""
        if dropped:
            self._start(self._add(dropped), "add")
        else:
            self.news.emit(self.tr("There is nothing to paste. Copy some video ids first."), "warning", None)

    def check_now(self, refs: Sequence[VideoRef]) -> None:
        """Ask PixVerse about these rows, and for the credits."""
        self._engine.poller.check_now(refs)
        self._start(self._engine.session.refresh_balance(), "balance")

    def save(self, refs: Sequence[VideoRef]) -> None:
        """Save these clips into the chosen folder, which is asked for the first time."""
        folder = self._folder()
        if folder is None:
            self.folder_needed.emit(list(refs))
        elif self._engine.saver.save(refs, folder) == 0:
            self.news.emit(self.tr("None of these has a clip to save yet."), "warning", None)

    def save_all(self) -> None:
        """Save every clip that was not saved yet."""
        refs = unsaved(self._engine.library)
        if refs:
            self.save(refs)
        else:
            self.news.emit(self.tr("Every finished clip is saved already."), "check", None)

    def choose_folder(self, folder: Path) -> None:
        """From now on save clips into ``folder``, by themselves."""
        self._engine.preferences.change(save_folder=str(folder), saves_automatically=True)
        self._engine.saver.save_everything_to(folder)
        text = self.tr("Finished clips are saved to %1 from now on.").replace("%1", str(folder))
        self.news.emit(text, "folder", None)

    def set_automatic_saving(self, is_on: bool) -> None:
        """Save clips as soon as they are finished, or only when told."""
        folder = self._folder()
        if is_on and folder is None:
            self.folder_needed.emit([])
        else:
            self._engine.preferences.change(saves_automatically=is_on)
            self._engine.saver.save_everything_to(folder if is_on else None)

    def cancel_saving(self, refs: Sequence[VideoRef]) -> None:
        """Stop saving these clips."""
        self._engine.saver.cancel(refs)

    def remove(self, refs: Sequence[VideoRef]) -> None:
        """Take rows off the list; saved clips stay."""
        if refs:
            self._start(self._remove(list(refs)), "remove")

    def undo(self) -> None:
        """Bring back what was removed last."""
        if self._removed:
            self._start(self._put_back(self._removed.pop()), "undo")

    def copy_ids(self, videos: Sequence[Video]) -> None:
        """Put ids on the clipboard, one a line."""
        QGuiApplication.clipboard().setText("\n".join(video.video_id for video in videos))

    def copy_for_support(self, videos: Sequence[Video]) -> None:
        """Put on the clipboard what PixVerse's support asks for; never a key or an address."""
        QGuiApplication.clipboard().setText("\n\n".join(map(_support_text, videos)))
        self.news.emit(self.tr("Copied. It holds ids, codes and trace ids, and no key."), "copy", None)

    def open_clip(self, video: Video) -> bool:
        """Open a saved clip with the system's player; False if it is not there."""
        if not video.saved_path or not Path(video.saved_path).is_file():
            return False
        return QDesktopServices.openUrl(QUrl.fromLocalFile(video.saved_path))

    def show_in_folder(self, video: Video) -> None:
        """Open the folder a clip was saved in."""
        folder = Path(video.saved_path).parent if video.saved_path else self._folder()
        if folder is None or not folder.is_dir():
            self.news.emit(self.tr("This clip has not been saved yet."), "warning", None)
        else:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

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

    async def _add(self, dropped: Dropped) -> None:
        scan, troubles = await find_ids(dropped, self._engine.intake)
        outcome = await self._engine.library.add(scan.ids, account=self._engine.session.account.name)
        sentence = messages.added_sentence(scan, added=len(outcome.added), already=len(outcome.already))
        words = " ".join([sentence, *troubles] if scan.ids or not troubles else troubles)
        self.news.emit(words, "check" if outcome.added else "warning", None)
        if first := next(iter(outcome.added or outcome.already), None):
            self.added.emit(first.ref)

    async def _remove(self, refs: Sequence[VideoRef]) -> None:
        removed = await self._engine.library.remove(refs)
        if removed:
            self._removed.append(removed)
            button = (self.tr("Undo"), self.undo)
            self.news.emit(self.tr("%n removed from the list", "", len(removed)), "trash", button)

    async def _put_back(self, videos: Sequence[Video]) -> None:
        await self._engine.library.put_back(videos)
        self.news.emit(self.tr("%n back in the list", "", len(videos)), "undo", None)

    def _folder(self) -> Path | None:
        automatic = self._engine.saver.automatic_folder
        if automatic is not None:
            return automatic
        return Path(self._engine.settings.save_folder) if self._engine.settings.save_folder else None

    def _start(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._engine.nursery.start(self._told(work), name=name)

    async def _told(self, work: Coroutine[Any, Any, None]) -> None:
        """Do ``work``; a failure of the world becomes a sentence."""
        try:
            await work
        except PixverseError as error:
            self.news.emit(str(error), "warning", None)


def _support_text(video: Video) -> str:
    lines = {
        "video_id": video.video_id,
        "status": f"{video.status.value} ({video.status_code})",
        "message": video.message,
        "Ai-trace-id": video.trace_id,
        "created": rfc3339(video.created_at_s),
        "added": rfc3339(video.added_at_s),
        "ended": rfc3339(video.ended_at_s),
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items() if value)
