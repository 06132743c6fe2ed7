"""The frame on show as a picture: in the clipboard, as a file beside its clip, and lent to other programs."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QObject
from PySide6.QtGui import QGuiApplication, QImage

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.video import Video
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.player import PlayerPanel
from pixverse_desktop.ui.stepping import frame_number
from pixverse_desktop.ui.window_context import WindowContext


class Snapshots(QObject):
    """Takes pictures of what a player shows."""

    def __init__(
        self, player: PlayerPanel, context: WindowContext, commands: Commands, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._context = context
        self._commands = commands

    def take(self) -> None:
        """Copy the frame, and write it beside the clip, or to where clips go."""
        image, video = self._player.view.image(), self._player.video
        if video is None or image.isNull():
            return
        QGuiApplication.clipboard().setImage(image)
        number = frame_number(self._player.view.frame)
        clip = Path(video.saved_path) if video.is_saved else None
        folder = clip.parent if clip is not None else self._commands.folder()
        if folder is None:
            words = self.tr("Frame %1 copied. Once there is a folder for clips it is saved there too.")
            self._tell(words, number)
            return
        self._commands.start(self._save(image, folder, self._name(video), number), "snapshot")

    def lend(self, image: QImage, arrive: Callable[[Path | None], None]) -> None:
        """Write the frame on show, which is ``image``, for another program; ``arrive`` is told where."""
        if (video := self._player.video) is not None and not image.isNull():
            self._commands.start(self._write_lent(image, self._name(video), arrive), "lend frame")

    def _name(self, video: Video) -> str:
        """What the frame on show is called as a file."""
        stem = Path(video.saved_path).stem if video.is_saved else video.video_id
        return f"{stem}_frame{frame_number(self._player.view.frame)}.png"

    async def _write_lent(self, image: QImage, name: str, arrive: Callable[[Path | None], None]) -> None:
        path = None
        try:
            path = await asyncio.to_thread(lambda: self._context.lend_picture(name, _png(image)))
        finally:
            arrive(path)

    async def _save(self, image: QImage, folder: Path, name: str, number: int) -> None:
        try:
            path = await asyncio.to_thread(lambda: self._context.write_picture(folder, name, _png(image)))
        except PixverseError as error:
            self._commands.news.emit(str(error), "warning", None)
        else:
            self._tell(self.tr("Frame %1 copied, and saved as %2").replace("%2", path.name), number)

    def _tell(self, words: str, number: int) -> None:
        self._commands.news.emit(words.replace("%1", QLocale().toString(number)), "check", None)


def _png(image: QImage) -> bytes:
    buffer = QBuffer()  # one given a byte array of ours does not keep it alive
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())
