"""The player's panel: the selected clip as soon as there is one, or a sentence about why there is none."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QAbstractButton, QFrame, QStackedLayout, QVBoxLayout, QWidget

from pixverse_desktop.core.errors import SaveFailed
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.growing import GrowingClip
from pixverse_desktop.services.streams import Streams
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui import messages, theme
from pixverse_desktop.ui.full_screen import FullScreen
from pixverse_desktop.ui.picture_menu import open_picture_menu
from pixverse_desktop.ui.playback import Playback
from pixverse_desktop.ui.player_controls import PlayerControls
from pixverse_desktop.ui.stage import Deed, StageNote
from pixverse_desktop.ui.streamed_start import StreamedStart
from pixverse_desktop.ui.zoom_view import ZoomView

_ARROWS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_PROGRESS_EVERY_MS = 100
_SETTLE_MS = 120  # running down the list with the arrow keys fetches nothing on the way
_HURRY_MS = 400  # between two turns, and the person is running; what they stop at waits for them to settle


class PlayerPanel(QFrame):
    """Plays the clip of one video.

    Signals:
        frame_shown(): a frame of the present clip is on the screen.
        sound_changed(bool, int), loop_changed(bool): the person set these, to be remembered.
        clip_failed(): the present clip could not be fetched or played.
        check_requested(object): the person wishes the service to be asked anew about this ``VideoRef``.
        snapshot_requested(): the person wishes a picture of the frame on show.
        menu_requested(QPoint): where on the screen the menu of the video is wished for.
        turn_requested(int): the person wishes so many rows further down the list, or up.
    """

    frame_shown = Signal()
    sound_changed = Signal(bool, int)
    loop_changed = Signal(bool)
    clip_failed = Signal()
    check_requested = Signal(object)
    snapshot_requested = Signal()
    menu_requested = Signal(QPoint)
    turn_requested = Signal(int)

    def __init__(
        self,
        clips: Clips,
        streams: Streams,
        nursery: TaskNursery,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._clips = clips
        self._nursery = nursery
        self._video: Video | None = None
        self._opening: asyncio.Task[None] | None = None
        self._full_screen: FullScreen | None = None
        self._full_screen_keys: dict[str, Callable[[], None]] = {}
        self._title = ""
        self.playback = Playback(settings, self)
        self._stream = self.playback.stand_in = StreamedStart(streams, nursery, self.playback, self)
        self._view = ZoomView(self)
        self._note = StageNote(self)
        self.controls = PlayerControls(self.playback, settings.volume_percent, self)
        self._since_progress = QElapsedTimer()
        self._since_progress.start()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._since_turn = QElapsedTimer()
        self._lay_out()
        self._connect()
        self._add_shortcuts()
        self.show_video(None)

    @property
    def view(self) -> ZoomView:
        """Where the picture is."""
        return self._view

    @property
    def video(self) -> Video | None:
        """The video that is on show, or None."""
        return self._video

    @property
    def note_text(self) -> str:
        """The sentence in the picture's place; empty while a picture is shown."""
        return self._note.text if self._stack.currentWidget() is self._note else ""

    def show_video(self, video: Video | None, still: QVideoFrame | None = None) -> None:
        """Turn to another video, or to none. ``still`` is seen until its clip plays."""
        self._stop()
        self._video = video
        if not _has_clip(video):
            self._explain(video)
            return
        if still is not None:
            self._show_frame(still)
        else:
            self._say("film", self.tr("One moment…"))
        self._settle.start(_SETTLE_MS if self._is_in_a_hurry() else 0)

    def _is_in_a_hurry(self) -> bool:
        """Whether the person goes from one clip to the next too fast to see any."""
        is_running = self._since_turn.isValid() and not self._since_turn.hasExpired(_HURRY_MS)
        self._since_turn.start()
        return is_running

    def update_video(self, video: Video) -> None:
        """Follow a change of the video shown: play its clip when it comes, stop when it is taken back."""
        former, self._video = self._video, video
        if not (_has_clip(former) and _has_clip(video)):
            self.show_video(video)

    def close_down(self) -> None:
        """Let go of the clip and of the full screen, before the window goes."""
        self._stop()
        self._leave_full_screen()

    # Fetching and playing

    def _open(self) -> None:
        if self._video is None or self._nursery.is_closed:  # the timer may ring while the program ends
            return
        ref = self._video.ref
        self._cancel_opening()
        self._opening = self._nursery.start(self._open_clip(ref), name=f"play {ref.video_id}")

    async def _open_clip(self, ref: VideoRef) -> None:
        try:
            path = await self._clips.open(
                ref, partial(self._on_progress, ref), partial(self._on_growing, ref)
            )
        except SaveFailed as error:
            if self._is_current(ref):
                self._stream.stop()
                self._say_failed(ref, str(error))
            return
        if self._is_current(ref):
            self._play(path)

    def _on_growing(self, ref: VideoRef, growing: GrowingClip) -> None:
        if self._is_current(ref):
            self._stream.watch(ref, growing)

    def _refetch(self) -> None:
        """Try again with a fresh copy, since the one at hand does not play."""
        if self._video is not None:
            ref = self._video.ref
            task = self._nursery.start(self._clips.forget_cached(ref), name="forget cached clip")
            task.add_done_callback(lambda _: self._open() if self._is_current(ref) else None)

    def _play(self, path: Path) -> None:
        self.controls.setEnabled(True)
        self._stream.hand_over(path)

    def _stop(self) -> None:
        self._settle.stop()
        self._cancel_opening()
        self._stream.stop()
        if self.playback.path is not None:
            self.playback.unload()
        self._view.clear()
        self.controls.clear()
        self.controls.setEnabled(False)

    def _cancel_opening(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None

    def _is_current(self, ref: VideoRef) -> bool:
        return self._video is not None and self._video.ref == ref

    def _on_frame(self, frame: QVideoFrame) -> None:
        if self.playback.path is not None and frame.isValid() and not self._stream.is_active:
            self._show_frame(frame)

    def _show_frame(self, frame: QVideoFrame) -> None:
        self._view.show_frame(frame)
        if self._stack.currentWidget() is not self._view:
            self._stack.setCurrentWidget(self._view)

    def _on_streamed(self, frame: QVideoFrame) -> None:
        if not self.controls.isEnabled():
            self.controls.setEnabled(True)
            self.controls.set_seekable(False)
            self.controls.refresh_icons()
        self._show_frame(frame)

    def _on_handed_over(self) -> None:
        self.controls.set_seekable(True)
        self.controls.refresh_icons()

    def _on_stream_failed(self) -> None:
        self.controls.setEnabled(False)
        self._say("film", self.tr("One moment…"))

    def _on_progress(self, ref: VideoRef, done: int, total: int) -> None:
        is_due = self._since_progress.hasExpired(_PROGRESS_EVERY_MS) or done == total
        if not (self._is_current(ref) and is_due):
            return
        self._since_progress.restart()
        if self._stream.is_active:
            self.controls.show_fetched(done / total if total else 0.0)
        else:
            text = self.tr("Fetching the clip… %1").replace("%1", messages.size_text(done))
            self._say("film", text, share=done / total if total else -1.0)

    def _on_playback_failed(self) -> None:
        if self._video is not None and self.playback.path is not None:
            ref = self._video.ref
            self._stream.stop()
            self.playback.unload()
            self._say_failed(
                ref, self.tr("This clip cannot be played here. It may still be saved."), self._refetch
            )

    # Sentences in the picture's place

    def _say_failed(self, ref: VideoRef, text: str, retry: Callable[[], None] | None = None) -> None:
        if self._is_current(ref):
            self.controls.setEnabled(False)
            self._say("warning", text, action=(self.tr("Retry"), retry or self._open))
            self.clip_failed.emit()

    def _explain(self, video: Video | None) -> None:
        if video is None:
            self._say("film", self.tr("Select a video to see it here."))
            return
        words = {
            VideoStatus.WAITING: self.tr("Not finished yet. It plays here as soon as it is."),
            VideoStatus.UNKNOWN: self.tr("Not finished as far as PixVerse tells."),
        }
        text = video.message or words.get(video.status, messages.status_word(video))
        action = None
        if video.status in (VideoStatus.NOT_FOUND, VideoStatus.STOPPED):
            action = (self.tr("Check now"), lambda: self.check_requested.emit(video.ref))
        self._say(theme.status_icon_name(video), text, action=action)

    def _say(self, icon: str, text: str, *, share: float | None = None, action: Deed | None = None) -> None:
        self._note.show_note(icon, text, share=share, action=action)
        self._stack.setCurrentWidget(self._note)

    # Full screen

    def toggle_full_screen(self) -> None:
        """Fill the screen with the stage, or come back."""
        if self._full_screen is not None:
            self._leave_full_screen()
        elif _has_clip(self._video):
            keys = self._own_keys() | self._turning_keys() | self._full_screen_keys
            self._box.insertWidget(0, self._absence, 1)
            self._absence.show_note("fullscreen", self.tr("Shown on the whole screen."))
            self._full_screen = FullScreen(self._stage, self._view, self.controls, keys, self)
            self._full_screen.left.connect(self._leave_full_screen)
            self._full_screen.showFullScreen()
            self._full_screen.show_title(self._title)

    def add_full_screen_keys(self, keys: dict[str, Callable[[], None]]) -> None:
        """Let these keys act in the full screen too."""
        self._full_screen_keys |= keys

    def show_title(self, text: str) -> None:
        """What the full screen says of the video: who it is, and what is thought of it."""
        self._title = text
        if self._full_screen is not None:
            self._full_screen.show_title(text)

    def tell(self, text: str) -> None:
        """Say something in the full screen, which hides what says it elsewhere."""
        if self._full_screen is not None:
            self._full_screen.tell(text)

    def _leave_full_screen(self) -> None:
        if self._full_screen is not None:
            window, self._full_screen = self._full_screen, None
            window.give_back()
            self._box.removeWidget(self._absence)
            self._absence.hide()
            self._box.addWidget(self._stage, 1)
            self._box.addWidget(self.controls)
            for part in (self._stage, self.controls):
                part.show()
            window.hide()
            window.deleteLater()

    # Putting it together

    def _lay_out(self) -> None:
        self._stage = QWidget(self)
        self._stack = QStackedLayout(self._stage)
        self._stack.addWidget(self._note)
        self._stack.addWidget(self._view)
        self._absence = StageNote(self)
        self._absence.hide()
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(1, 1, 1, 1)
        self._box.setSpacing(0)
        self._box.addWidget(self._stage, 1)
        self._box.addWidget(self.controls)

    def _connect(self) -> None:
        self._settle.timeout.connect(self._open)
        self.playback.frame_ready.connect(self._on_frame)
        self.playback.failed.connect(self._on_playback_failed)
        self._stream.frame_ready.connect(self._on_streamed)
        self._stream.place_changed.connect(self.controls.show_place)
        self._stream.handed_over.connect(self._on_handed_over)
        self._stream.state_changed.connect(self.controls.refresh_icons)
        self._stream.failed.connect(self._on_stream_failed)
        self.controls.full_screen_requested.connect(self.toggle_full_screen)
        self.controls.sound_changed.connect(self.sound_changed)
        self.controls.loop_changed.connect(self.loop_changed)
        self._view.clicked.connect(self.playback.toggle)
        self._view.double_clicked.connect(self.toggle_full_screen)
        self._view.menu_requested.connect(self._open_menu)
        self._view.painted.connect(self.frame_shown)

    def _open_menu(self, place: QPoint) -> None:
        open_picture_menu(
            self._view,
            place,
            toggle=self.playback.toggle,
            take_snapshot=self.snapshot_requested.emit,
            toggle_full_screen=self.toggle_full_screen,
            show_more=lambda: self.menu_requested.emit(place),
        )

    @property
    def keys(self) -> dict[str, Callable[[], None]]:
        """What single keys do, also while the list has the focus, by their names."""
        playback, controls, view = self.playback, self.controls, self._view
        return {
            "Space": playback.toggle,
            "M": controls.toggle_mute,
            "L": controls.toggle_loop,
            "F": self.toggle_full_screen,
            "Shift+Space": self.toggle_full_screen,
            "Z": view.next_scale,
            "Alt+Left": lambda: view.pan(-1, 0),
            "Alt+Right": lambda: view.pan(1, 0),
            "Alt+Up": lambda: view.pan(0, -1),
            "Alt+Down": lambda: view.pan(0, 1),
            "A": playback.mark_section,
            "S": self.snapshot_requested.emit,
            ".": lambda: playback.step(1),
            ",": lambda: playback.step(-1),
            "]": lambda: playback.change_rate(1),
            "[": lambda: playback.change_rate(-1),
            "Backspace": lambda: playback.set_rate(1.0),
        }

    def _own_keys(self) -> dict[str, Callable[[], None]]:
        """And those that would move in the list, if it had the focus."""
        steps = {"Right": 1, "Left": -1}
        return self.keys | {key: partial(self.controls.step, by) for key, by in steps.items()}

    def _turning_keys(self) -> dict[str, Callable[[], None]]:
        """Those that move in the list, where it is not to be seen."""
        turns = {"Down": 1, "PgDown": 1, "Up": -1, "PgUp": -1}
        return {key: partial(self.turn_requested.emit, by) for key, by in turns.items()}

    def _add_shortcuts(self) -> None:
        for key, act in self._own_keys().items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)
        for child in (*self.findChildren(QAbstractButton), self.controls.volume):
            child.installEventFilter(self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.menu_requested.emit(event.globalPos())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave a button its Space and the loudness its arrows, while they have the focus."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            own = (Qt.Key.Key_Space,) if isinstance(watched, QAbstractButton) else _ARROWS
            if event.key() in own:
                event.accept()
                return True
        return super().eventFilter(watched, event)


def _has_clip(video: Video | None) -> bool:
    return video is not None and (video.is_fetchable or video.is_saved)
