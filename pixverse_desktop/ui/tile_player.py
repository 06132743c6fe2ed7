"""One clip that plays in a tile: without sound, again and again, and asked for its frames."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame, QVideoSink

from pixverse_desktop.ui.media_players import BLANK_FOR_MS, LOADED, settle_overrides


class TilePlayer(QObject):
    """Plays one clip until ``close``, and never another: nothing late of one could be taken for it.

    Nothing is told of its frames: a window that was busy for a moment would find hundreds of them waiting,
    and with sixteen clips that never ends. Whoever shows them asks for the one of now.
    """

    def __init__(self, path: Path, parent: QObject) -> None:
        super().__init__(parent)
        self._sink = QVideoSink(self)
        self._player = QMediaPlayer(self)
        for part in (self._sink, self._player):
            settle_overrides(part)
        self._given_us = -1
        self._blank = QTimer(self, singleShot=True, interval=BLANK_FOR_MS)
        self._blank.timeout.connect(self._on_error)
        self._blank.start()
        self.is_broken = False
        self._player.setVideoSink(self._sink)
        self._player.setLoops(QMediaPlayer.Loops.Infinite)
        self._player.errorOccurred.connect(self._on_error)
        self._player.mediaStatusChanged.connect(self._on_status)
        self._player.setSource(QUrl.fromLocalFile(str(path)))
        self._player.play()

    @property
    def length_us(self) -> int:
        """How long the clip is; 0 while unknown."""
        return self._player.duration() * 1000

    def next_frame(self) -> QVideoFrame | None:
        """The frame of now, or None if it was given already or there is none."""
        frame = self._sink.videoFrame()
        if not frame.isValid() or frame.startTime() == self._given_us:
            return None
        self._blank.stop()
        self._given_us = frame.startTime()
        return frame

    def set_paused(self, is_paused: bool) -> None:
        """Rest, or go on."""
        if is_paused:
            self._blank.stop()
            self._player.pause()
        else:
            self._player.play()
            if self._given_us < 0:
                self._blank.start()

    def close(self) -> None:
        """Let go of the clip. It is stopped here, so that nothing decodes on until Qt deletes it."""
        self._player.stop()
        self.deleteLater()

    def _on_error(self) -> None:
        self.is_broken = True

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        is_hollow = status in LOADED and not self._player.hasVideo()  # of that Qt says nothing
        if is_hollow or status is QMediaPlayer.MediaStatus.InvalidMedia:
            self.is_broken = True
