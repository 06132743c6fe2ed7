"""Clips that play in their tiles, as many at once as the machine can. Nothing is fetched for them."""

import asyncio
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage

from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui.film_strip import FilmShelf
from pixverse_desktop.ui.local_copies import LocalCopy, find_copy
from pixverse_desktop.ui.moving_tile import MovingTile
from pixverse_desktop.ui.wall_pace import WallPace

_BEAT_MS = 16
_LOOK_MS = 100  # one clip is opened each time: opening many at once would be felt
_BUDGET_S = 0.008  # of a beat, for new pictures; who gets none waits for the next beat
_MEASURED_BEATS = 40  # more than half a second


class Counts(NamedTuple):
    """How many tiles play, of how many that could, and whether the machine keeps the others from it."""

    playing: int = 0
    playable: int = 0
    is_at_limit: bool = False


class MovingTiles(QObject):
    """Plays the clips that are wanted, those first that are named first, as far as the machine keeps up.

    They rest while ``is_watched`` says no.

    Signals:
        changed(object): the video of this ``VideoRef`` has another picture, or none any more.
        counted(): ``counts`` changed.

    Attributes:
        counts: how many play.
        is_resting: whether nobody looks.
    """

    changed = Signal(object)
    counted = Signal()

    def __init__(
        self,
        clips: Clips,
        nursery: TaskNursery,
        is_watched: Callable[[], bool],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._clips = clips
        self._nursery = nursery
        self._is_watched = is_watched
        self._wanted: Sequence[Video] = ()
        self._copies: dict[VideoRef, LocalCopy | None] = {}
        self._broken: set[LocalCopy] = set()
        self._tiles: dict[VideoRef, MovingTile] = {}
        self._shelf = FilmShelf()
        self._room = QSize(1, 1)
        self._pace = WallPace()
        self._late_ms: list[float] = []
        self._beat_s = 0.0
        self.is_resting = False
        self._finding: asyncio.Task[None] | None = None
        self.counts = Counts()
        self._beat = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=_BEAT_MS)
        self._beat.timeout.connect(self._on_beat)
        self._look = QTimer(self, interval=_LOOK_MS)
        self._look.timeout.connect(self._on_look)

    def image(self, ref: VideoRef) -> QImage:
        """The frame to show of a video, null where it does not play."""
        tile = self._tiles.get(ref)
        return QImage() if tile is None else tile.image

    @property
    def decoding(self) -> int:
        """How many of those that play are decoded; the others were seen whole before."""
        return sum(tile.is_decoded for tile in self._tiles.values())

    def is_moving(self, ref: VideoRef) -> bool:
        """Whether a tile shows frame after frame: only its picture is another each time."""
        tile = self._tiles.get(ref)
        return tile is not None and tile.has_moved

    def fit(self, room: QSize) -> None:
        """Play in this many pixels from now on."""
        if room != self._room:
            self._room = room
            self._close(list(self._tiles))

    def want(self, videos: Iterable[Video]) -> None:
        """Play these, the first ones rather than the last, and no others any more."""
        self._wanted = [video for video in videos if video.is_fetchable or video.is_saved]
        refs = {video.ref for video in self._wanted}
        self.keep_only(refs)
        self._copies = {ref: copy for ref, copy in self._copies.items() if ref in refs}
        self._find()
        if self._wanted and not self._nursery.is_closed:
            self._look.start()

    def keep_only(self, refs: set[VideoRef]) -> None:
        """Stop all others now; they may be wanted again."""
        self._close([ref for ref in self._tiles if ref not in refs])

    def look_again(self) -> None:
        """A clip may have come to this machine."""
        useful = {copy for copy in self._copies.values() if copy is not None} - self._broken
        self._copies = {ref: copy for ref, copy in self._copies.items() if copy in useful}
        self._find()

    # Which of them can play

    def _find(self) -> None:
        is_idle = self._finding is None or self._finding.done()
        if is_idle and self._unknown() and not self._nursery.is_closed:
            self._finding = self._nursery.start(self._find_copies(), name="find clips to play")

    def _unknown(self) -> list[Video]:
        return [video for video in self._wanted if video.ref not in self._copies]

    async def _find_copies(self) -> None:
        while unknown := self._unknown():
            self._copies[unknown[0].ref] = await find_copy(self._clips, unknown[0])

    def _playable(self) -> list[tuple[Video, LocalCopy]]:
        """In the order in which they may play: the first, then those that take little, then the others."""
        pairs = ((video, self._copies.get(video.ref)) for video in self._wanted)
        found = [(video, copy) for video, copy in pairs if copy is not None and copy not in self._broken]
        return found[:1] + sorted(
            found[1:], key=lambda pair: not self._shelf.is_whole(_key(*pair), self._room)
        )

    # Ten times a second: who plays

    def _on_look(self) -> None:
        if not self._wanted or self._nursery.is_closed:
            self._look.stop()
            self._close(list(self._tiles))
        is_watched = bool(self._wanted) and self._is_watched()
        self._rest(not is_watched)
        if is_watched:
            self._drop_broken()
            self._choose(self._playable())
        self._count()

    def _rest(self, is_resting: bool) -> None:
        if is_resting != self.is_resting:
            self.is_resting = is_resting
            for tile in self._tiles.values():
                tile.set_paused(is_resting, time.perf_counter())
        is_moving = bool(self._tiles) and not is_resting
        if is_moving and not self._beat.isActive():
            self._beat_s = time.perf_counter()
            self._late_ms.clear()
            self._beat.start()
        elif not is_moving:
            self._beat.stop()

    def _drop_broken(self) -> None:
        broken = [ref for ref, tile in self._tiles.items() if tile.is_broken]
        self._broken.update(self._tiles[ref].copy for ref in broken)
        self._close(broken)

    def _choose(self, playable: Sequence[tuple[Video, LocalCopy]]) -> None:
        """Let the first ones play that may, and open one that does not yet."""
        room, opened = self._pace.allowed, False
        chosen: set[VideoRef] = set()
        for video, copy in playable:
            if room <= 0:
                break
            tile = self._tiles.get(video.ref)
            if tile is None and not opened:
                tile, opened = self._open(video, copy), True
            room -= 1.0 if tile is None else tile.cost
            chosen.add(video.ref)
        self.keep_only(chosen)

    def _open(self, video: Video, copy: LocalCopy) -> MovingTile:
        strip = self._shelf.get(_key(video, copy), self._room)
        self._shelf.make_room()
        tile = self._tiles[video.ref] = MovingTile(copy, strip, time.perf_counter(), self)
        return tile

    def _close(self, refs: Iterable[VideoRef]) -> None:
        for ref in refs:
            self._tiles.pop(ref).close()
            self.changed.emit(ref)

    def _count(self) -> None:
        playable = len(self._playable()) if self._wanted else 0
        is_short = len(self._tiles) < playable and not self._pace.is_rising_fast
        counts = Counts(len(self._tiles), playable, is_short)
        if counts != self.counts:
            self.counts = counts
            self.counted.emit()

    # Sixty times a second: what is seen of them

    def _on_beat(self) -> None:
        now_s = time.perf_counter()
        self._late_ms.append((now_s - self._beat_s) * 1000 - _BEAT_MS)
        self._beat_s = now_s
        for ref, tile in list(self._tiles.items()):
            if tile.advance(now_s):
                self._tiles[ref] = self._tiles.pop(ref)  # the last of all the next time
                self.changed.emit(ref)
            if time.perf_counter() - now_s > _BUDGET_S:
                break
        if len(self._late_ms) >= _MEASURED_BEATS:
            self._measure(now_s)

    def _measure(self, now_s: float) -> None:
        shares = [share for tile in self._tiles.values() if (share := tile.take_share(now_s)) is not None]
        self._pace.note(
            now_s,
            playing=sum(tile.cost for tile in self._tiles.values()),
            late_ms=statistics.quantiles(self._late_ms, n=20)[-1],
            share=statistics.mean(shares) if shares else 1.0,
            is_short=len(self._tiles) < len(self._playable()),
        )
        self._late_ms.clear()


def _key(video: Video, copy: LocalCopy) -> tuple[VideoRef, int]:
    """What a strip is of: another clip of the same video has another size."""
    return video.ref, copy.size_bytes
