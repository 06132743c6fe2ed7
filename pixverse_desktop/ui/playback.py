"""The playing itself: one media player, muted first, looping, told only of files on this machine."""

from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtMultimedia import QAudioOutput, QMediaPlayer, QVideoFrame, QVideoSink

from pixverse_desktop.core.settings import Settings

_LOADED = (
    QMediaPlayer.MediaStatus.LoadedMedia,
    QMediaPlayer.MediaStatus.BufferingMedia,
    QMediaPlayer.MediaStatus.BufferedMedia,
)


class Playback(QObject):
    """Plays one local clip.

    Signals:
        frame_ready(QVideoFrame): the next picture.
        state_changed(bool): whether it is playing now.
        position_changed(int): milliseconds from the beginning.
        duration_changed(int): milliseconds in all.
        failed(): the clip cannot be played.
    """

    frame_ready = Signal(QVideoFrame)
    state_changed = Signal(bool)
    position_changed = Signal(int)
    duration_changed = Signal(int)
    failed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sink = QVideoSink(self)
        self._audio = QAudioOutput(self)
        self._player = QMediaPlayer(self)
        for part in (self._sink, self._audio, self._player):
            _settle_overrides(part)
        self._player.setVideoSink(self._sink)
        self._player.setAudioOutput(self._audio)
        self._path: Path | None = None
        self.set_muted(settings.is_muted)
        self.set_volume(settings.volume_percent)
        self.set_looping(settings.is_looping)
        self._sink.videoFrameChanged.connect(self.frame_ready)
        self._player.playbackStateChanged.connect(lambda _: self.state_changed.emit(self.is_playing))
        self._player.positionChanged.connect(lambda position: self.position_changed.emit(int(position)))
        self._player.durationChanged.connect(lambda duration: self.duration_changed.emit(int(duration)))
        self._player.mediaStatusChanged.connect(self._on_media_status)
        self._player.errorOccurred.connect(lambda *_: self.failed.emit())

    @property
    def path(self) -> Path | None:
        """The clip that is loaded."""
        return self._path

    @property
    def is_playing(self) -> bool:
        """Whether it is playing now."""
        return self._player.playbackState() is QMediaPlayer.PlaybackState.PlayingState

    @property
    def position_ms(self) -> int:
        """Milliseconds from the beginning."""
        return self._player.position()

    @property
    def duration_ms(self) -> int:
        """Milliseconds in all; 0 while unknown."""
        return self._player.duration()

    @property
    def is_muted(self) -> bool:
        """Whether it is silent."""
        return self._audio.isMuted()

    @property
    def is_looping(self) -> bool:
        """Whether it begins again at the end."""
        return self._player.loops() != QMediaPlayer.Loops.Once

    def load(self, path: Path) -> None:
        """Load a clip and play it."""
        self._path = path
        self._player.setSource(QUrl.fromLocalFile(str(path)))
        self._player.play()

    def unload(self) -> None:
        """Let go of the clip."""
        self._path = None
        self._player.stop()
        self._player.setSource(QUrl())

    def toggle(self) -> None:
        """Play or pause; at the end, play again."""
        if self.is_playing:
            self._player.pause()
        elif self._path is not None:
            self._player.play()

    def seek(self, position_ms: int) -> None:
        """Go to a position, kept within the clip."""
        self._player.setPosition(max(0, min(position_ms, self.duration_ms)))

    def set_muted(self, is_muted: bool) -> None:
        """Be silent or not."""
        self._audio.setMuted(is_muted)

    def set_volume(self, percent: int) -> None:
        """Be as loud as ``percent`` of the most."""
        self._audio.setVolume(percent / 100)

    def set_looping(self, is_looping: bool) -> None:
        """Begin again at the end or not."""
        self._player.setLoops(QMediaPlayer.Loops.Infinite if is_looping else QMediaPlayer.Loops.Once)

    def _on_media_status(self, status: QMediaPlayer.MediaStatus) -> None:
        is_hollow = status in _LOADED and not self._player.hasVideo()  # of that Qt says nothing
        if status is QMediaPlayer.MediaStatus.InvalidMedia or is_hollow:
            self.failed.emit()


def _settle_overrides(part: QObject) -> None:
    """Let PySide find out here that ``part`` overrides neither ``connectNotify`` nor ``disconnectNotify``.

    It asks at the first call, with Python's lock. A decoder's thread that ends would be the first: it waits
    for the lock while holding a mutex of Qt's that the window's thread, which has the lock, waits for in
    ``stop()`` (PySide6 6.11, clips with sound). Without this the window froze for ever, now and then.
    """
    part.objectNameChanged.connect(part.setObjectName)
    part.objectNameChanged.disconnect(part.setObjectName)
