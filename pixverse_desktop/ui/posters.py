"""Pictures of clips for the gallery: remembered, read from disk, or made from the clip on this machine."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader
from PySide6.QtMultimedia import QVideoFrame

from pixverse_desktop.core.ports import PosterCache
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui.first_frames import first_frame
from pixverse_desktop.ui.frame_pictures import picture
from pixverse_desktop.ui.local_copies import LocalCopy, find_copy
from pixverse_desktop.ui.tile_grid import fitted

_LARGEST = QSize(480, 270)
_MOST_BYTES = 64 * 1024**2  # twice the largest screen full of pictures
_READ_AT_ONCE = 8
_MADE_AT_ONCE = 2  # one is decoded while the other lets go of its clip
_QUALITY = 85
_JPEG_END = b"\xff\xd9"


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
        self._used_bytes = 0
        self._room = _LARGEST
        self._wanted: dict[_Key, Video] = {}
        self._not_kept: set[_Key] = set()  # of those wanted
        self._not_here: set[_Key] = set()
        self._blank: set[LocalCopy] = set()  # looked into once: that may take seconds
        self._making: dict[_Key, asyncio.Task[None]] = {}
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
        for key, task in self._making.items():
            if key not in self._wanted:
                task.cancel()
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
                await self._make_some(missing[:_MADE_AT_ONCE])

    async def _make_some(self, keys: Sequence[_Key]) -> None:
        """Until each is made, or not to be had, or not wanted any more."""
        works = {key: self._make_and_take(key, self._wanted[key]) for key in keys}
        self._making = {key: self._nursery.start(work, name="posters") for key, work in works.items()}
        await asyncio.wait(self._making.values())

    async def _make_and_take(self, key: _Key, video: Video) -> None:
        self._take(key, await self._make(key, video), else_to=self._not_here)

    def _take(self, key: _Key, picture: _Picture | None, else_to: set[_Key]) -> None:
        """Remember a picture, or that it is not to be had this way."""
        if picture is None:
            else_to.add(key)
            return
        self._forget(key)
        self._pictures[key] = picture
        self._used_bytes += picture.image.sizeInBytes()
        while self._used_bytes > _MOST_BYTES and len(self._pictures) > 1:
            self._forget(next(iter(self._pictures)))
        self.arrived.emit(key.ref)

    def _forget(self, key: _Key) -> None:
        picture = self._pictures.pop(key, None)
        if picture is not None:
            self._used_bytes -= picture.image.sizeInBytes()

    def _read(self, keys: Sequence[_Key], room: QSize) -> list[tuple[_Key, _Picture | None]]:
        """What is kept on disk; None where nothing is, or what is there is damaged."""
        return [(key, _picture(from_jpeg(self._cache.get(*key) or b"", room), room)) for key in keys]

    async def _make(self, key: _Key, video: Video) -> _Picture | None:
        copy = await find_copy(self._clips, video)
        if copy is None or copy in self._blank:
            return None
        frame = await first_frame(copy.path, self)
        picture = (
            await asyncio.to_thread(self._develop, key, frame, self._room) if frame is not None else None
        )
        if picture is None:
            self._blank.add(copy)
        return picture

    def _develop(self, key: _Key, frame: QVideoFrame, room: QSize) -> _Picture | None:
        """The frame as a small picture, which is kept for later."""
        image = picture(frame, _LARGEST)
        if image.isNull():
            return None
        image = scaled(image, _LARGEST)
        self._cache.put(*key, as_jpeg(image))
        return _picture(image, room)


def _key(video: Video) -> _Key:
    return _Key(video.ref, video.size_bytes or video.saved_bytes)


def _picture(image: QImage, room: QSize) -> _Picture | None:
    return None if image.isNull() else _Picture(scaled(image, room), room)


def scaled(image: QImage, room: QSize) -> QImage:
    """A picture as large as there is room for, and never larger than it was."""
    size = fitted(image.size(), room)
    if size.width() >= image.width():
        size = image.size()
    picture = image.scaled(
        size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
    return picture.convertToFormat(QImage.Format.Format_RGB32)


def as_jpeg(picture: QImage) -> bytes:
    """A picture as a small file."""
    buffer = QBuffer()  # one given a byte array of ours does not keep it alive
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "JPG", _QUALITY)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def from_jpeg(data: bytes, room: QSize | None = None) -> QImage:
    """A picture from such a file, null if it is damaged; as large as ``room`` if it would be larger."""
    if not data.endswith(_JPEG_END):  # Qt fills up the rest of half a file with grey, and says nothing
        return QImage()
    if room is None:
        return QImage.fromData(data)
    buffer = QBuffer()
    buffer.setData(data)
    reader = QImageReader(buffer, b"jpg")
    size = fitted(reader.size(), room)
    if size.width() < reader.size().width():
        reader.setScaledSize(size)  # in half the time in which all of it is read and made smaller
    return reader.read()
