"""A clip as small pictures: once it was seen whole, a tile plays it without decoding it again."""

from bisect import bisect_right
from collections import OrderedDict

from PySide6.QtCore import QSize
from PySide6.QtGui import QImage

from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.ui.posters import as_jpeg, from_jpeg

LONGEST_US = 20_000_000  # longer clips are decoded each time
_WHOLE_SHARE = 0.98  # of the frames; the player itself leaves some out where a clip begins again
_ENOUGH_SHARE = 0.9  # once it was played to its end; one left out here and there is not seen
_MOST_BYTES = 48 * 1024**2


class FilmStrip:
    """Pictures of a clip by the times their frames begin, in microseconds.

    As files of some kilobytes each: as they are painted, a second of them would take megabytes. A picture is
    read in a fifth of the time in which a frame is decoded.
    """

    def __init__(self, room: QSize) -> None:
        self.room = room
        self._frames: dict[int, bytes] = {}
        self._starts_us: list[int] = []
        self._length_us = 0
        self._added_us = -1
        self._has_ended = False
        self.size_bytes = 0

    def add(self, start_us: int, picture: QImage, *, length_us: int, frame_us: int) -> None:
        """Keep the picture of a frame of ``frame_us``, of a clip of ``length_us``."""
        if not 0 < length_us <= LONGEST_US:
            return
        self._length_us = length_us
        self._has_ended = self._has_ended or start_us < self._added_us
        self._added_us = start_us
        if start_us not in self._frames:
            data = self._frames[start_us] = as_jpeg(picture)
            self.size_bytes += len(data)
        wanted_share = _ENOUGH_SHARE if self._has_ended else _WHOLE_SHARE
        if len(self._frames) * frame_us >= wanted_share * length_us:
            self._starts_us = sorted(self._frames)

    @property
    def is_whole(self) -> bool:
        """Whether the clip can be played from here."""
        return bool(self._starts_us)

    @property
    def frame_us(self) -> int:
        """How long a frame is seen, on average; 0 while the strip is not whole."""
        return self._length_us // len(self._frames) if self.is_whole else 0

    def start_us_at(self, time_us: float) -> int:
        """When the frame begins that is to be seen at a time, of a clip that plays again and again."""
        place = bisect_right(self._starts_us, time_us % self._length_us) - 1
        return self._starts_us[max(0, place)]

    def picture(self, start_us: int) -> QImage:
        """The picture of the frame that begins then."""
        return from_jpeg(self._frames[start_us])


class FilmShelf:
    """The strips of the clips that played last, up to some size in all."""

    def __init__(self) -> None:
        self._strips: OrderedDict[tuple[VideoRef, int], FilmStrip] = OrderedDict()

    def get(self, key: tuple[VideoRef, int], room: QSize) -> FilmStrip:
        """The strip of a clip for tiles of this size, perhaps an empty one."""
        strip = self._strips.get(key)
        if strip is None or strip.room != room:
            strip = self._strips[key] = FilmStrip(room)
        self._strips.move_to_end(key)
        return strip

    def is_whole(self, key: tuple[VideoRef, int], room: QSize) -> bool:
        """Whether a clip can be played from here in tiles of this size."""
        strip = self._strips.get(key)
        return strip is not None and strip.room == room and strip.is_whole

    def make_room(self) -> None:
        """Let go of those that played the longest ago, if all are too many."""
        size_bytes = sum(strip.size_bytes for strip in self._strips.values())
        while size_bytes > _MOST_BYTES and len(self._strips) > 1:
            size_bytes -= self._strips.popitem(last=False)[1].size_bytes
