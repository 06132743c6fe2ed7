"""One clip that moves in its tile: decoded while its strip grows, and from the strip from then on."""

from PySide6.QtCore import QObject, QSize
from PySide6.QtGui import QImage
from PySide6.QtMultimedia import QVideoFrame

from pixverse_desktop.ui.film_strip import FilmStrip
from pixverse_desktop.ui.frame_pictures import picture
from pixverse_desktop.ui.local_copies import LocalCopy
from pixverse_desktop.ui.posters import scaled
from pixverse_desktop.ui.stepping import length_us
from pixverse_desktop.ui.tile_player import TilePlayer

_STRIP_COST = 0.25  # of what decoding takes
_OPENS_WITHIN_S = 2.0  # unless the machine is busy
_LEAST_MEASURED_S = 0.5


class MovingTile:
    """Plays one clip until ``close``. Times are seconds of one clock.

    Attributes:
        copy: the file that plays.
        has_moved: whether it showed more than one frame.
        image: what is to be painted; null until there is a frame.
    """

    def __init__(self, copy: LocalCopy, strip: FilmStrip, now_s: float, owner: QObject) -> None:
        self.copy = copy
        self.has_moved = False
        self.image = QImage()
        self._strip = strip
        self._player = None if strip.is_whole else TilePlayer(copy.path, owner)
        self._strip_began_s = now_s
        self._shown_us = -1
        self._frame_us = strip.frame_us
        self._shown = 0
        self._since_s = now_s
        self._has_frame = False

    @property
    def cost(self) -> float:
        """How much it takes, where decoding takes 1."""
        return 1.0 if self.is_decoded else _STRIP_COST

    @property
    def is_decoded(self) -> bool:
        """Whether the clip is being decoded."""
        return self._player is not None

    @property
    def is_broken(self) -> bool:
        """Whether the clip cannot be played."""
        return self._player is not None and self._player.is_broken

    def advance(self, now_s: float) -> bool:
        """Take the frame of now; whether it is another than before."""
        is_other = self._take_from_strip(now_s) if self._player is None else self._take_frame(now_s)
        self._shown += is_other
        self.has_moved = self.has_moved or (is_other and self._has_frame)
        if is_other and not self._has_frame:
            self._has_frame, self._since_s = True, now_s
        return is_other

    def take_share(self, now_s: float) -> float | None:
        """Which share of the frames that were due since the last time was shown, None if it is too soon."""
        measured_s = now_s - self._since_s
        if not self._has_frame:
            return 0.0 if measured_s > _OPENS_WITHIN_S else None
        if measured_s < _LEAST_MEASURED_S:
            return None
        share = self._shown * self._frame_us / (measured_s * 1e6)
        self._since_s, self._shown = now_s, 0
        return min(1.0, share)

    def set_paused(self, is_paused: bool, now_s: float) -> None:
        """Rest, or go on."""
        if self._player is not None:
            self._player.set_paused(is_paused)
        self._since_s, self._shown = now_s, 0

    def close(self) -> None:
        """Let go of the clip."""
        if self._player is not None:
            self._player.close()
            self._player = None

    def _take_from_strip(self, now_s: float) -> bool:
        start_us = self._strip.start_us_at((now_s - self._strip_began_s) * 1e6)
        if start_us == self._shown_us:
            return False
        self._shown_us = start_us
        self.image = self._strip.picture(start_us)
        return True

    def _take_frame(self, now_s: float) -> bool:
        assert self._player is not None
        frame = self._player.next_frame()
        if frame is None:
            return False
        self._shown_us = frame.startTime()
        self._frame_us = length_us(frame)
        self.image = _fitting(frame, self._strip.room)
        self._grow_strip(self._player.length_us, now_s)
        return True

    def _grow_strip(self, clip_us: int, now_s: float) -> None:
        self._strip.add(self._shown_us, self.image, length_us=clip_us, frame_us=self._frame_us)
        if self._strip.is_whole:
            self._strip_began_s = now_s - self._shown_us / 1e6
            self.close()


def _fitting(frame: QVideoFrame, room: QSize) -> QImage:
    """As it is painted: to scale it while painting would take as long, each time."""
    return scaled(picture(frame, room), room)
