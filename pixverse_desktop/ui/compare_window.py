"""Two to four clips side by side, or two in one picture, played in step."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QElapsedTimer, QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from pixverse_desktop.core.errors import SaveFailed
from pixverse_desktop.core.events import (
    Event,
    ListReplaced,
    MarksChanged,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
)
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui import messages, theme
from pixverse_desktop.ui.compare_grid import CompareGrid
from pixverse_desktop.ui.compare_pane import ComparePane
from pixverse_desktop.ui.marking import MarkCommands
from pixverse_desktop.ui.player_controls import PlayerControls
from pixverse_desktop.ui.together import PlayedTogether
from pixverse_desktop.ui.undo import History
from pixverse_desktop.ui.wipe_view import WipeView

_USUAL_SIZE = QSize(1200, 900)
_PAIR_HEIGHT = 560  # of two that lie side by side
_SHARE_OF_SCREEN = 0.95
_PROGRESS_EVERY_MS = 100
_STANDARD = QKeySequence.StandardKey
_LIST_NEWS = (MarksChanged, VideosChanged, VideosAdded, VideosRemoved, ListReplaced)
_LETTERS = range(Qt.Key.Key_A.value, Qt.Key.Key_Z.value + 1)


class CompareWindow(QWidget):
    """Compares the clips of some videos; the first is what the others are measured by.

    Signals:
        closed(): it let go of everything.
        list_requested(VideoRef): the person wishes to see this one in the list.
    """

    closed = Signal()
    list_requested = Signal(object)

    def __init__(
        self, videos: Sequence[Video], engine: Engine, marks: MarkCommands, history: History, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._engine = engine
        self._marks = marks
        self._history = history
        self._videos = list(videos)
        self._told: list[tuple[Video, Marks | None]] = []
        self._chosen = 0
        self._is_closed = False
        self._since_progress = QElapsedTimer()
        self._since_progress.start()
        self._openings: dict[int, asyncio.Task[None]] = {}
        self._together = PlayedTogether(len(videos), engine.settings, self)
        self._panes = [ComparePane(self._place_words(number), self) for number in range(len(videos))]
        self._grid = CompareGrid(self._panes, self)
        self._controls = PlayerControls(self._together, engine.settings.volume_percent, self)
        self._wipe = WipeView(self._panes[0].view, self._panes[1].view, self)
        self._wipe_button = QToolButton(self)
        self._keys = self._all_keys()
        self.setWindowTitle(self.tr("Compare"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._lay_out()
        self._connect()
        self.refresh_icons()
        self._unsubscribe = engine.announcer.subscribe(self._on_event)
        self._describe()
        self._panes[0].setFocus()
        for number in range(len(videos)):
            self._open(number)

    @property
    def refs(self) -> list[VideoRef]:
        """The rows that are compared, in their order."""
        return [video.ref for video in self._videos]

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        self._controls.refresh_icons()
        self._wipe_button.setIcon(theme.icon("wipe"))

    # Fetching

    def _open(self, number: int, *, is_fresh: bool = False) -> None:
        if not self._engine.nursery.is_closed:
            video_id = self._videos[number].video_id
            self._panes[number].say("film", self.tr("One moment…"))
            task = self._engine.nursery.start(self._bring(number, is_fresh), name=f"compare {video_id}")
            self._openings[number] = task

    async def _bring(self, number: int, is_fresh: bool) -> None:
        """Load a clip; ``is_fresh`` if the copy at hand does not play."""
        ref, clips = self._videos[number].ref, self._engine.clips
        try:
            if is_fresh:
                await clips.forget_cached(ref)
            path = await clips.open(ref, partial(self._on_progress, number))
        except SaveFailed as error:
            self._together.leave_out(number)
            self._say_failed(number, str(error), partial(self._open, number))
        else:
            self._together.load(number, path)

    def _on_progress(self, number: int, done: int, total: int) -> None:
        if done < total and not self._since_progress.hasExpired(_PROGRESS_EVERY_MS):
            return
        self._since_progress.restart()
        text = self.tr("Fetching the clip… %1").replace("%1", messages.size_text(done))
        self._panes[number].say("film", text, share=done / total if total else -1.0)

    def _on_failed(self, number: int) -> None:
        words = self.tr("This clip cannot be played here. It may still be saved.")
        self._say_failed(number, words, partial(self._open, number, is_fresh=True))

    def _say_failed(self, number: int, words: str, retry: Callable[[], None]) -> None:
        self._set_wiping(False)
        self._panes[number].say("warning", words, action=(self.tr("Retry"), retry))
        self._refresh_controls()

    # Showing

    def _on_frame(self, number: int, frame: QVideoFrame) -> None:
        pane = self._panes[number]
        is_first = not pane.has_picture
        pane.show_frame(frame)
        if self._is_wiping:
            self._wipe.update()
        if is_first:
            self._grid.fit()
            self._refresh_controls()

    def _refresh_controls(self) -> None:
        has_pictures = [pane.has_picture for pane in self._panes]
        self._controls.setEnabled(any(has_pictures))
        self._wipe_button.setEnabled(all(has_pictures))

    @property
    def _is_wiping(self) -> bool:
        return not self._wipe.isHidden()

    def _toggle_wipe(self) -> None:
        if self._wipe_button.isVisibleTo(self) and self._wipe_button.isEnabled():
            self._set_wiping(not self._is_wiping)

    def _set_wiping(self, is_wiping: bool) -> None:
        """Show both clips in one picture, with what is said of them below it, or each in its own."""
        self._wipe.setVisible(is_wiping)
        self._wipe_button.setChecked(is_wiping)
        self._grid.show_pictures(not is_wiping)

    def _describe(self) -> None:
        """Tell of each what the list says of it now, and measure all by the first."""
        library = self._engine.library
        listed = [library.get(video.ref) for video in self._videos]
        self._videos = [now or former for now, former in zip(listed, self._videos, strict=True)]
        told = [
            (one, library.marks(one.ref) if now else None)
            for one, now in zip(self._videos, listed, strict=True)
        ]
        if told == self._told:
            return
        self._told = told
        first, *others = self._videos
        for (video, marks), pane in zip(told, self._panes, strict=True):
            pane.describe(video, others if video is first else [first])
            pane.show_marks(marks)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, _LIST_NEWS):
            self._describe()

    def _choose(self, number: int) -> None:
        self._chosen = number
        self._together.hear(number)
        for place, pane in enumerate(self._panes):
            pane.set_chosen(place == number)

    # Keys

    def _all_keys(self) -> dict[Qt.Key, Callable[[], None]]:
        together, controls = self._together, self._controls
        marks = {Qt.Key(Qt.Key.Key_0.value + stars): partial(self._rate, stars) for stars in range(6)}
        return marks | {
            Qt.Key.Key_X: self._toggle_reject,
            Qt.Key.Key_W: self._toggle_wipe,
            Qt.Key.Key_F: self._toggle_full_screen,
            Qt.Key.Key_F11: self._toggle_full_screen,
            Qt.Key.Key_Escape: self._leave,
            Qt.Key.Key_Space: together.toggle,
            Qt.Key.Key_M: controls.toggle_mute,
            Qt.Key.Key_L: controls.toggle_loop,
            Qt.Key.Key_Period: partial(together.step, 1),
            Qt.Key.Key_Comma: partial(together.step, -1),
            Qt.Key.Key_BracketRight: partial(together.change_rate, 1),
            Qt.Key.Key_BracketLeft: partial(together.change_rate, -1),
            Qt.Key.Key_Backspace: partial(together.set_rate, 1.0),
            Qt.Key.Key_Right: partial(controls.step, 1),
            Qt.Key.Key_Left: partial(controls.step, -1),
        }

    def _deed(self, event: QKeyEvent) -> Callable[[], None] | None:
        """What a single key is to do. Where a digit or a sign needs Shift or AltGr, that is no other key."""
        modifier = Qt.KeyboardModifier
        key, held = Qt.Key(event.key()), event.modifiers() & ~modifier.KeypadModifier
        lines = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
        if self._is_wiping and held == modifier.ShiftModifier and key in lines:
            return partial(self._wipe.move_line, lines[key])
        is_sign = event.text().isprintable() and event.text() != "" and key.value not in _LETTERS
        if is_sign and key is not Qt.Key.Key_Space:
            held = held & ~(modifier.ShiftModifier | modifier.GroupSwitchModifier)
            if held == modifier.ControlModifier | modifier.AltModifier:
                held = modifier.NoModifier
        return self._keys.get(key) if held == modifier.NoModifier else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(_STANDARD.Undo):
            self._history.undo()
        elif event.matches(_STANDARD.Redo):
            self._history.redo()
        elif event.matches(_STANDARD.Close):
            self.close()
        elif (deed := self._deed(event)) is not None:
            deed()
        else:
            super().keyPressEvent(event)

    def _rate(self, stars: int) -> None:
        self._marks.rate([self._videos[self._chosen].ref], stars)

    def _toggle_reject(self) -> None:
        self._marks.toggle_reject([self._videos[self._chosen].ref])

    def _show_in_list(self) -> None:
        self.list_requested.emit(self._videos[self._chosen].ref)

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave(self) -> None:
        if self.isFullScreen():
            self._toggle_full_screen()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self._is_closed:
            return
        self._is_closed = True
        self._unsubscribe()
        for task in self._openings.values():
            task.cancel()
        self._together.unload()
        self.closed.emit()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_unsubscribe"):
            self.refresh_icons()

    # Putting it together

    def _place_words(self, number: int) -> str:
        words = self.tr("Clip %1 of %2").replace("%1", str(number + 1))
        return words.replace("%2", str(len(self._videos)))

    def _connect(self) -> None:
        self._together.frame_ready.connect(self._on_frame)
        self._together.failed.connect(self._on_failed)
        self._controls.full_screen_requested.connect(self._toggle_full_screen)
        self._wipe_button.clicked.connect(self._toggle_wipe)
        for number, pane in enumerate(self._panes):
            pane.chosen.connect(partial(self._choose, number))
            pane.rated.connect(self._rate)
            pane.reject_toggled.connect(self._toggle_reject)
            pane.list_requested.connect(self._show_in_list)

    def _lay_out(self) -> None:
        name = self.tr("One picture with a line between")
        self._wipe_button.setAccessibleName(name)
        self._wipe_button.setToolTip(f"{name} (W)")
        self._wipe_button.setCheckable(True)
        self._wipe_button.setEnabled(False)
        self._wipe_button.setVisible(len(self._panes) == 2)
        self._wipe.hide()
        foot = QHBoxLayout()
        foot.setSpacing(0)
        foot.addWidget(self._controls, 1)
        foot.addWidget(self._wipe_button)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(10, 10, 10, 6)
        self._column.setSpacing(6)
        self._column.addWidget(self._wipe, 1)
        self._column.addWidget(self._grid, 1)
        self._column.addLayout(foot)
        self.resize(self._usual_size())

    def _usual_size(self) -> QSize:
        """What suits the clips, and no more than the screen has."""
        size = QSize(_USUAL_SIZE)
        is_wide = all(video.width >= video.height for video in self._videos)
        if len(self._videos) == 2 and is_wide:
            size.setHeight(_PAIR_HEIGHT)
        return size.boundedTo(self.screen().availableSize() * _SHARE_OF_SCREEN)
