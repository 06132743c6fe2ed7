"""A clip that plays in its tile while the pointer rests there: one player for all tiles, and no sound."""

import asyncio
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame

from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui.playback import Playback

_REST_MS = 300  # running over the tiles on the way elsewhere starts nothing


class HoverPlay(QObject):
    """Plays what the pointer rests on, if its clip is on this machine. Nothing is fetched for it.

    Signals:
        changed(object): the video of this ``VideoRef`` has another picture, or none any more.
    """

    changed = Signal(object)

    def __init__(self, clips: Clips, nursery: TaskNursery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clips = clips
        self._nursery = nursery
        self._video: Video | None = None
        self._image = QImage()
        self._player: Playback | None = None
        self._opening: asyncio.Task[None] | None = None
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._start)

    def point_at(self, video: Video | None) -> None:
        """The pointer is on this one now, or on none."""
        former = self._video
        if (video and video.ref) == (former and former.ref):
            return
        self._stop()
        self._video = video
        if former is not None:
            self.changed.emit(former.ref)
        if video is not None and (video.is_fetchable or video.is_saved):
            self._rest.start()

    def image(self, ref: VideoRef) -> QImage:
        """The frame to show of a video, null where it does not play."""
        return self._image if self._video is not None and self._video.ref == ref else QImage()

    def _start(self) -> None:
        if self._video is not None and not self._nursery.is_closed:
            self._opening = self._nursery.start(self._play(self._video), name="play in tile")

    async def _play(self, video: Video) -> None:
        path = await self._clips.local_copy(video)
        if path is not None and self._video is video:
            self._player = self._player or self._make_player()
            self._player.load(path)

    def _make_player(self) -> Playback:
        """Made when it is first needed: it takes its time and its memory."""
        player = Playback(replace(Settings(), is_muted=True, is_looping=True), self)
        player.frame_ready.connect(self._on_frame)
        player.failed.connect(self._stop)
        return player

    def _stop(self) -> None:
        self._rest.stop()
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None
        if self._player is not None:
            self._player.unload()
        self._image = QImage()

    def _on_frame(self, frame: QVideoFrame) -> None:
        is_playing = self._player is not None and self._player.path is not None
        if self._video is not None and is_playing and frame.isValid():
            self._image = frame.toImage()
            self.changed.emit(self._video.ref)
