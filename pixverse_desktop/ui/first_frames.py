"""The first frame of a clip on this machine, for a picture of it."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame, QVideoSink

from pixverse_desktop.ui.media_players import LOADED, settle_overrides

_PATIENCE_S = 5.0
_DECODER_RESTS_S = 0.1  # it reads ahead: stopping it meanwhile took 10 to 60 ms, and afterwards takes 5


class _Look(QObject):
    """One look into one clip, with a player of its own: nothing late of another clip can arrive here."""

    def __init__(self, path: Path, owner: QObject) -> None:
        super().__init__(owner)
        self.found: asyncio.Future[QVideoFrame | None] = asyncio.get_running_loop().create_future()
        self._sink = QVideoSink(self)
        self._player = QMediaPlayer(self)
        for part in (self._sink, self._player):
            settle_overrides(part)
        self._player.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._player.errorOccurred.connect(self._on_error)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.setSource(QUrl.fromLocalFile(str(path)))
        self._player.pause()  # which shows the first frame, and decodes no further

    def end(self) -> None:
        """Let go of the clip. It is stopped here, so that nothing decodes on until Qt deletes it."""
        self._player.stop()
        self.deleteLater()

    def _on_frame(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self._settle(frame)

    def _on_error(self) -> None:
        self._settle(None)

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        is_hollow = status in LOADED and not self._player.hasVideo()
        if is_hollow or status is QMediaPlayer.MediaStatus.InvalidMedia:
            self._settle(None)

    def _settle(self, frame: QVideoFrame | None) -> None:
        if not self.found.done():
            self.found.set_result(frame)


async def first_frame(path: Path, owner: QObject) -> QVideoFrame | None:
    """The first frame of a clip, or None if it shows none within some seconds.

    Nothing of it runs any more when this returns or is cancelled.
    """
    look = _Look(path, owner)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            frame = await look.found
        await asyncio.sleep(_DECODER_RESTS_S)
    except TimeoutError:
        return None
    finally:
        look.end()
    return frame
