"""The frame on show as a picture: in the clipboard, and as a file beside its clip."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QLocale, QObject
from PySide6.QtGui import QGuiApplication, QImage

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.player import PlayerPanel

WritePicture = Callable[[Path, str, bytes], Path]
"""Writes a new file of a name, or of a like one, into a folder; raises ``PixverseError``."""


class Snapshots(QObject):
    """Takes pictures of what a player shows."""

    def __init__(self, player: PlayerPanel, write: WritePicture, commands: Commands, parent: QObject) -> None:
        super().__init__(parent)
        self._player = player
        self._write = write
        self._commands = commands

    def take(self) -> None:
        """Copy the frame, and write it beside the clip, or to where clips go."""
        image, video = self._player.view.image(), self._player.video
        if video is None or image.isNull():
            return
        QGuiApplication.clipboard().setImage(image)
        number = self._player.playback.frame_number
        clip = Path(video.saved_path) if video.is_saved else None
        folder = clip.parent if clip is not None else self._commands.folder()
        if folder is None:
            words = self.tr("Frame %1 copied. Once there is a folder for clips it is saved there too.")
            self._tell(words, number)
            return
        name = f"{clip.stem if clip is not None else video.video_id}_frame{number}.png"
        self._commands.start(self._save(image, folder, name, number), "snapshot")

    async def _save(self, image: QImage, folder: Path, name: str, number: int) -> None:
        try:
            path = await asyncio.to_thread(lambda: self._write(folder, name, _png(image)))
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
