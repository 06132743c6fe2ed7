"""Pictures of clips for the gallery: remembered, read from disk, or made from the clip on this machine."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame

from pixverse_desktop.core.ports import PosterCache
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui.first_frames import first_frame
from pixverse_desktop.ui.tile_grid import fitted

_LARGEST = QSize(320, 180)
_MOST_REMEMBERED = 300  # of 230 kB at most
_READ_AT_ONCE = 8
_QUALITY = 85


class _Key(NamedTuple):
    """What a picture is of: another clip of the same video has another size."""

    ref: VideoRef
    clip_bytes: int


class _Picture(NamedTuple):
    """A picture, scaled for tiles of a size: to do so while painting takes longer than all the rest."""

    image: QImage
    fitted_to: QSize


class Posters(QObject):
    """Brings pictures of the clips that are wanted now, one after another. Nothing is fetched for one.

    Signals:
        arrived(object): there is a picture of the video of this ``VideoRef`` now.
    """

    arrived = Signal(object)

    def __init__(
        self, clips: Clips, cache: PosterCache, nursery: TaskNursery, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._clips = clips
        self._cache = cache
        self._nursery = nursery
        self._pictures: OrderedDict[_Key, _Picture] = OrderedDict()
        self._room = _LARGEST
        self._wanted: dict[_Key, Video] = {}
        self._not_kept: set[_Key] = set()  # of those wanted
        self._not_here: set[_Key] = set()
        self._bringing: asyncio.Task[None] | None = None

    def picture(self, video: Video) -> QImage:
        """The picture of a clip, null if it is not at hand."""
        key = _key(video)
        picture = self._pictures.get(key)
        if picture is None:
            return QImage()
        self._pictures.move_to_end(key)
        return picture.image

    def fit(self, room: QSize) -> None:
        """Bring pictures that fit into this many pixels from now on; the former stay until they come."""
        self._room = room

    def want(self, videos: Iterable[Video]) -> None:
        """Bring the pictures of these, the first one first, and of no others any more."""
        self._wanted = {_key(video): video for video in videos if video.is_fetchable or video.is_saved}
        self._not_kept &= self._wanted.keys()
        self._not_here &= self._wanted.keys()
        is_idle = self._bringing is None or self._bringing.done()
        if is_idle and self._missing() and not self._nursery.is_closed:
            self._bringing = self._nursery.start(self._bring(), name="posters")

    def look_again(self) -> None:
        """A clip may have come to this machine."""
        self._not_here.clear()
        self.want(list(self._wanted.values()))

    def _missing(self) -> list[_Key]:
        return [key for key in self._wanted if not self._is_fitted(key) and key not in self._not_here]

    def _is_fitted(self, key: _Key) -> bool:
        picture = self._pictures.get(key)
        return picture is not None and picture.fitted_to == self._room

    async def _bring(self) -> None:
        while missing := self._missing():
            unread = [key for key in missing if key not in self._not_kept][:_READ_AT_ONCE]
            if unread:
                for key, picture in await asyncio.to_thread(self._read, unread, self._room):
                    self._take(key, picture, else_to=self._not_kept)
            else:
                key = missing[0]
                self._take(key, await self._make(key, self._wanted[key]), else_to=self._not_here)

    def _take(self, key: _Key, picture: _Picture | None, else_to: set[_Key]) -> None:
        """Remember a picture, or that it is not to be had this way."""
        if picture is None:
            else_to.add(key)
            return
        self._pictures[key] = picture
        self._pictures.move_to_end(key)
        if len(self._pictures) > _MOST_REMEMBERED:
            self._pictures.popitem(last=False)
        self.arrived.emit(key.ref)

    def _read(self, keys: Sequence[_Key], room: QSize) -> list[tuple[_Key, _Picture | None]]:
        """What is kept on disk; None where nothing is, or what is there is damaged."""
        return [(key, _picture(QImage.fromData(self._cache.get(*key) or b""), room)) for key in keys]

    async def _make(self, key: _Key, video: Video) -> _Picture | None:
        path = await self._clips.local_copy(video)
        frame = await first_frame(path, self) if path is not None else None
        return await asyncio.to_thread(self._develop, key, frame, self._room) if frame is not None else None

    def _develop(self, key: _Key, frame: QVideoFrame, room: QSize) -> _Picture | None:
        """The frame as a small picture, which is kept for later."""
        image = frame.toImage()
        if image.isNull():
            return None
        image = _scaled(image, _LARGEST)
        self._cache.put(*key, _as_jpeg(image))
        return _picture(image, room)


def _key(video: Video) -> _Key:
    return _Key(video.ref, video.size_bytes or video.saved_bytes)


def _picture(image: QImage, room: QSize) -> _Picture | None:
    return None if image.isNull() else _Picture(_scaled(image, room), room)


def _scaled(image: QImage, room: QSize) -> QImage:
    """As large as there is room for, and never larger than it was."""
    size = fitted(image.size(), room)
    if size.width() >= image.width():
        size = image.size()
    picture = image.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    return picture.convertToFormat(QImage.Format.Format_RGB32)


def _as_jpeg(picture: QImage) -> bytes:
    buffer = QBuffer()  # one given a byte array of ours does not keep it alive
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "JPG", _QUALITY)  # type: ignore[call-overload]
    return bytes(buffer.data().data())
