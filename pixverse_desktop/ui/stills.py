"""First frames of the clips that may be turned to next: they are seen while the player still opens."""

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtMultimedia import QVideoFrame

from pixverse_desktop.core.video import SavedCopy, Video, VideoRef
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui.first_frames import first_frame

_MOST = 6
_Key = tuple[VideoRef, SavedCopy]


class Stills(QObject):
    """Looks into clips on this machine, and keeps a few first frames. Fetches nothing."""

    def __init__(self, clips: Clips, nursery: TaskNursery, parent: QObject) -> None:
        super().__init__(parent)
        self._clips = clips
        self._nursery = nursery
        self._frames: dict[_Key, QVideoFrame | None] = {}  # None for a clip that shows none
        self._looking: asyncio.Task[None] | None = None

    def of(self, video: Video) -> QVideoFrame | None:
        """The first frame of a video's clip, if it is here already."""
        return self._frames.get((video.ref, video.copy))

    def want(self, videos: Sequence[Video]) -> None:
        """Look into these, in this order; what was wanted before is wanted no more."""
        self.rest()
        missing = [video for video in videos if (video.ref, video.copy) not in self._frames]
        if missing and not self._nursery.is_closed:
            self._looking = self._nursery.start(self._look_into(missing), name="look ahead")

    def rest(self) -> None:
        """Look no further: the machine is needed for something else."""
        if self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _look_into(self, videos: Sequence[Video]) -> None:
        for video in videos:
            path = await self._clips.local_copy(video)
            if path is not None:
                self._frames[video.ref, video.copy] = await first_frame(path, self)
            while len(self._frames) > _MOST:
                del self._frames[next(iter(self._frames))]
