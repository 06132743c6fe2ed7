"""Dragging the picture of the player to another program: the clip as a file, or the frame on show."""

from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication

from pixverse_desktop.core.video import Video
from pixverse_desktop.ui.player import PlayerPanel
from pixverse_desktop.ui.snapshots import Snapshots
from pixverse_desktop.ui.video_table_model import VideoTableModel

_THUMB = QSize(160, 160)
_FOR_FRAME = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.ShiftModifier


class PictureDrag(QObject):
    """Begins a drag when the picture is pulled by the left button; a mere click stays one.

    With Alt it is the frame that goes, with Shift too: some desktops move windows by Alt. The frame is
    the one on show when the button went down. It is written while the mouse is on its first pixels, and
    the drag begins when it is there, since writing it takes longer than the window may stand still.
    """

    def __init__(
        self, player: PlayerPanel, model: VideoTableModel, snapshots: Snapshots, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._view = player.view
        self._model = model
        self._snapshots = snapshots
        self._pressed_at: QPoint | None = None
        self._frame: _Frame | None = None
        self._is_over = False
        words = self.tr(
            "Drag the picture to another program for the clip,\nwith Alt or Shift for this frame."
        )
        self._view.setToolTip(words)
        self._view.setAccessibleDescription(words)
        self._view.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take what belongs to a drag, and leave everything else to the picture."""
        if event.type() is QEvent.Type.ToolTip:
            return self._player.playback.is_playing  # it would lie over what is being watched
        if not isinstance(event, QMouseEvent):
            return super().eventFilter(watched, event)
        match event.type():
            case QEvent.Type.MouseButtonPress if event.button() is Qt.MouseButton.LeftButton:
                self._press(event)
            case QEvent.Type.MouseMove if event.buttons() & Qt.MouseButton.LeftButton:
                self._move(event.position().toPoint())
            case QEvent.Type.MouseButtonRelease:
                was_drag, self._is_over, self._pressed_at = self._is_over, False, None
                return was_drag
        return False

    def _press(self, event: QMouseEvent) -> None:
        self._is_over = False
        self._frame = None
        is_pan = self._view.is_cut and event.modifiers() == Qt.KeyboardModifier.NoModifier
        self._pressed_at = None if is_pan else event.position().toPoint()
        if event.modifiers() & _FOR_FRAME and self._view.has_picture:
            self._frame = frame = _Frame(self._view.image())
            self._snapshots.lend(frame.image, frame.arrive)

    def _move(self, place: QPoint) -> None:
        """Begin once the hand has moved too far for a click, and what is to be carried is there."""
        if self._pressed_at is None:
            return
        is_far = (place - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        self._is_over = self._is_over or is_far
        if self._is_over and (self._frame is None or self._frame.is_ready):
            self._pressed_at = None
            self._drag()

    def _drag(self) -> None:
        if (mime := self._carried()) is not None:
            drag = QDrag(self._view)
            drag.setMimeData(mime)
            drag.setPixmap(_thumb(self._view.image() if self._frame is None else self._frame.image))
            drag.exec(Qt.DropAction.CopyAction, Qt.DropAction.CopyAction)

    def _carried(self) -> QMimeData | None:
        if self._frame is not None:
            return self._frame.mime()
        return None if self._player.video is None else self._mime_of(self._player.video)

    def _mime_of(self, video: Video) -> QMimeData:
        """The saved file as a row of the list carries it; else the clip's address as text, if any."""
        mime = self._model.mime_of([video])
        if not mime.hasUrls() and video.url:
            mime.setText(video.url)
        return mime


class _Frame:
    """A frame on its way out, first into a file."""

    def __init__(self, image: QImage) -> None:
        self.image = image
        self.is_ready = False
        self._path: Path | None = None

    def arrive(self, path: Path | None) -> None:
        """It is in a file now, or could not be written to one and goes without."""
        self._path = path
        self.is_ready = True

    def mime(self) -> QMimeData:
        """The picture itself, and its file."""
        mime = QMimeData()
        mime.setImageData(self.image)
        if self._path is not None:
            mime.setUrls([QUrl.fromLocalFile(str(self._path))])
        return mime


def _thumb(image: QImage) -> QPixmap:
    """What hangs at the pointer; made small in two steps, of which the first is quick."""
    keep = Qt.AspectRatioMode.KeepAspectRatio
    quick = image.scaled(_THUMB * 2, keep, Qt.TransformationMode.FastTransformation)
    return QPixmap.fromImage(quick.scaled(_THUMB, keep, Qt.TransformationMode.SmoothTransformation))
