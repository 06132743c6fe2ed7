"""The gallery: tiles over the table's model and selection, where the pictures tell more than the columns."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QHideEvent,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.hand_watch import HandWatch
from pixverse_desktop.ui.moving_tiles import Counts, MovingTiles
from pixverse_desktop.ui.posters import Posters
from pixverse_desktop.ui.tile_painter import TilePainter, TileState
from pixverse_desktop.ui.tile_view import TileView
from pixverse_desktop.ui.video_table_model import Index, VideoTableModel

_ASK_AFTER_MS = 30
_PLAY_AFTER_MS = 300  # running over the tiles on the way elsewhere starts nothing, and neither does scrolling


class GalleryView(TileView):
    """Shows the rows with pictures, which move: the one under the pointer, or all that are in sight.

    Signals:
        plays_all_changed(bool): whether all tiles in sight play.
        playing_changed(): how many tiles play.
    """

    plays_all_changed = Signal(bool)
    playing_changed = Signal()

    def __init__(
        self,
        model: VideoTableModel,
        posters: Posters,
        moving: MovingTiles,
        usual_s: Callable[[], float | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(model, parent)
        self._painter = TilePainter(model, self.font(), usual_s)
        self._posters = posters
        self._moving = moving
        self._plays_all = False
        self._pointer: QPoint | None = None
        self._pointed: VideoRef | None = None
        self._ask_soon = QTimer(self, singleShot=True, interval=_ASK_AFTER_MS)  # once for a wheel that turns
        self._ask_soon.timeout.connect(self._ask_for_posters)
        self._play_soon = QTimer(self, singleShot=True, interval=_PLAY_AFTER_MS)
        self._play_soon.timeout.connect(self._play)
        self.setObjectName("gallery")
        self.setAccessibleName(self.tr("Gallery of videos"))
        for signal in (posters.arrived, moving.changed):
            signal.connect(self._repaint_picture)
        moving.counted.connect(self.playing_changed)
        self.sight_changed.connect(self._follow_sight)
        watch = HandWatch(self, model)
        watch.ticked.connect(self._repaint_running)
        watch.left.connect(lambda: self._move_pointer(None))
        self.set_caption_height(self._painter.caption_height)

    # What moves

    @property
    def plays_all(self) -> bool:
        """Whether all tiles in sight play, as far as the machine can."""
        return self._plays_all

    def set_plays_all(self, is_wished: bool) -> None:
        """Let all tiles in sight play, or only the one under the pointer."""
        if is_wished != self._plays_all:
            self._plays_all = is_wished
            self._play()
            self.plays_all_changed.emit(is_wished)

    @property
    def playing(self) -> Counts:
        """How many tiles play, of how many that could."""
        return self._moving.counts

    def _play(self) -> None:
        self._play_soon.stop()
        self._moving.want(self._to_be_played())

    def _to_be_played(self) -> Iterable[Video]:
        if not self.isVisible():
            return ()
        if self._plays_all:
            return self._nearest_first()
        place = None if self._pointed is None else self._videos.row(self._pointed)
        return () if place is None else (self._videos.video(place),)

    def _nearest_first(self) -> list[Video]:
        """All in sight, those first that are next to the pointer, or else to the cursor, or to the top."""
        places = list(self._places_in(self.viewport().rect()))
        place = None if self._pointed is None else self._videos.row(self._pointed)
        if place is None:
            place = self.currentIndex().row()
        if place in places:
            middle = self._tile(place).center()
            places.sort(key=lambda each: (self._tile(each).center() - middle).manhattanLength())
        return [self._videos.video(each) for each in places]

    def _move_pointer(self, to: QPoint | None) -> None:
        """The pointer rests here now, or nowhere."""
        self._pointer = to
        index = QModelIndex() if to is None else self.indexAt(to)
        ref = self._videos.video(index.row()).ref if index.isValid() else None
        if ref != self._pointed:
            self._pointed = ref
            self._play_soon.start()
            if not self._plays_all:
                self._moving.want(())

    def _follow_sight(self) -> None:
        """Other tiles lie where others lay: bring their pictures, and stop what is out of sight."""
        stage = self._grid.picture(self._grid.tile(0)).size() * self.devicePixelRatioF()
        self._posters.fit(stage)
        self._moving.fit(stage)
        self._ask_soon.start()
        self._move_pointer(self._pointer)
        if self._plays_all:
            self._moving.keep_only({video.ref for video in self._in_sight()})
            self._play_soon.start()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._move_pointer(None if event.buttons() else event.position().toPoint())

    def viewportEvent(self, event: QEvent) -> bool:
        """A tile has one tool tip for all the columns it stands for: what is wrong, and the whole prompt."""
        if not isinstance(event, QHelpEvent) or event.type() is not QEvent.Type.ToolTip:
            return super().viewportEvent(event)
        index, tip = self.indexAt(event.pos()), Qt.ItemDataRole.ToolTipRole
        columns = (Column.STATUS, Column.NOTE, Column.PROMPT) if index.isValid() else ()
        words = [self._videos.index(index.row(), column).data(tip) for column in columns]
        QToolTip.showText(event.globalPos(), "".join(words), self.viewport(), self.visualRect(index))
        return True

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._play()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pointer = self._pointed = None
        self._play()
        self._ask_for_posters()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._painter.set_font(self.font())
            self.set_caption_height(self._painter.caption_height)

    # Painting

    def dataChanged(self, first: Index, last: Index, roles: Sequence[int] = ()) -> None:
        """Paint the tiles in sight that have changed, and no others."""
        in_sight = list(self._places_in(self.viewport().rect()))
        if in_sight:
            for place in self._videos.changed_among(in_sight[0], in_sight[-1]):
                self.viewport().update(self._tile(place))
        if self._plays_all and not self._play_soon.isActive():
            self._play_soon.start()  # a clip may have come

    def _repaint_running(self) -> None:
        for place in self._places_in(self.viewport().rect()):
            if self._videos.video(place).status.is_open:
                self.viewport().update(self._tile(place))

    def paintEvent(self, event: QPaintEvent) -> None:
        stale = event.region().translated(self.dirtyRegionOffset())
        painter = QPainter(self.viewport())
        painter.fillRect(stale.boundingRect(), QColor(theme.colours().base))
        cursor = self.currentIndex().row() if self.hasFocus() else -1
        for place in self._places_in(stale.boundingRect()):
            tile = self._tile(place)
            if stale.intersects(tile):
                is_selected = self.selectionModel().isSelected(self._index(place))
                state = TileState(is_selected, place == cursor, self._picture(place))
                stage = self._grid.picture(tile)
                below = QRect(tile.left(), stage.bottom() + 1, tile.width(), tile.bottom() - stage.bottom())
                paint = self._painter.paint if stale.intersects(below) else self._painter.paint_stage
                paint(painter, place, tile, stage, state)
        if self._band is not None:
            self._paint_band(painter, self._band.translated(0, -self.verticalOffset()))

    def _picture(self, place: int) -> QImage:
        video = self._videos.video(place)
        if not (moving := self._moving.image(video.ref)).isNull():
            return moving
        picture = self._posters.picture(video)
        if picture.isNull() and not self._ask_soon.isActive():
            self._ask_soon.start()
        return picture

    @property
    def shows_every_picture(self) -> bool:
        """Whether each clip in sight that can be played has its picture."""
        in_sight = (self._videos.video(place) for place in self._places_in(self.viewport().rect()))
        return not any(video.is_fetchable and self._posters.picture(video).isNull() for video in in_sight)

    def _ask_for_posters(self) -> None:
        """Those in sight, if they can be seen at all."""
        in_sight = self._places_in(self.viewport().rect()) if self.isVisible() else ()
        self._posters.want(self._videos.video(place) for place in in_sight)

    def _repaint_picture(self, ref: VideoRef) -> None:
        """Another picture of the same kind leaves the words below it as they are."""
        if (place := self._videos.row(ref)) is not None:
            tile = self._tile(place)
            self.viewport().update(self._grid.picture(tile) if self._moving.is_moving(ref) else tile)
