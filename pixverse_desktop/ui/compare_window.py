"""Two to four clips side by side, or two in one picture, played in step."""

import asyncio
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from pixverse_desktop.core.errors import SaveFailed
from pixverse_desktop.core.events import Event, ListReplaced, MarksChanged, VideosChanged
from pixverse_desktop.core.video import Video
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui import messages, theme
from pixverse_desktop.ui.compare_pane import ComparePane
from pixverse_desktop.ui.marking import MarkCommands
from pixverse_desktop.ui.player_controls import PlayerControls
from pixverse_desktop.ui.together import PlayedTogether
from pixverse_desktop.ui.undo import History
from pixverse_desktop.ui.wipe_view import WipeView

_LINE_STEP = 0.02
_LEAST_WIDTH = 560
_LEAST_HEIGHT = 300  # of a row
_STANDARD = QKeySequence.StandardKey


class CompareWindow(QWidget):
    """Compares the clips of some videos; the first is what the others are measured by.

    Signals:
        closed(): it let go of everything.
    """

    closed = Signal()

    def __init__(
        self, videos: Sequence[Video], engine: Engine, marks: MarkCommands, history: History, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._engine = engine
        self._marks = marks
        self._history = history
        self._videos = list(videos)
        self._chosen = 0
        self._openings: dict[int, asyncio.Task[None]] = {}
        self._together = PlayedTogether(len(videos), engine.settings, self)
        self._panes = [ComparePane(self._place_words(number), self) for number in range(len(videos))]
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
        text = self.tr("Fetching the clip… %1").replace("%1", messages.size_text(done))
        self._panes[number].say("film", text, share=done / total if total else -1.0)

    def _on_failed(self, number: int) -> None:
        words = self.tr("This clip cannot be played here. It may still be saved.")
        self._say_failed(number, words, partial(self._open, number, is_fresh=True))

    def _say_failed(self, number: int, words: str, retry: Callable[[], None]) -> None:
        self._set_wiping(False)
        self._panes[number].say("warning", words, action=(self.tr("Retry"), retry))
        self._refresh_wipe_button()

    # Showing

    def _on_frame(self, number: int, frame: QVideoFrame) -> None:
        pane = self._panes[number]
        is_first = not pane.has_picture
        pane.show_frame(frame)
        if self._is_wiping:
            self._wipe.update()
        if is_first:
            self._controls.setEnabled(True)
            self._refresh_wipe_button()

    def _refresh_wipe_button(self) -> None:
        self._wipe_button.setEnabled(all(pane.has_picture for pane in self._panes))

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
        for pane in self._panes:
            pane.stage.setVisible(not is_wiping)
        self._column.setStretch(1, 0 if is_wiping else 1)

    def _describe(self) -> None:
        first, *others = self._videos
        for video, pane in zip(self._videos, self._panes, strict=True):
            measure = others if video is first else [first]
            pane.describe(video, self._engine.library.marks(video.ref), measure)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, MarksChanged | VideosChanged | ListReplaced):
            library = self._engine.library
            self._videos = [library.get(video.ref) or video for video in self._videos]
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = Qt.Key(event.key()), event.modifiers()
        lines = {Qt.Key.Key_Right: _LINE_STEP, Qt.Key.Key_Left: -_LINE_STEP}
        if event.matches(_STANDARD.Undo):
            self._history.undo()
        elif event.matches(_STANDARD.Redo):
            self._history.redo()
        elif event.matches(_STANDARD.Close):
            self.close()
        elif held == Qt.KeyboardModifier.ShiftModifier and key in lines:
            self._wipe.move_line(lines[key])
        elif (
            held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier) and key in self._keys
        ):
            self._keys[key]()
        else:
            super().keyPressEvent(event)

    def _rate(self, stars: int) -> None:
        self._marks.rate([self._videos[self._chosen].ref], stars)

    def _toggle_reject(self) -> None:
        self._marks.toggle_reject([self._videos[self._chosen].ref])

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave(self) -> None:
        if self.isFullScreen():
            self._toggle_full_screen()
        else:
            self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._unsubscribe()
        for task in self._openings.values():
            task.cancel()
        self._together.unload()
        super().closeEvent(event)
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
        self._column.addLayout(self._grid(), 1)
        self._column.addLayout(foot)
        rows = (len(self._panes) + 1) // 2
        self.setMinimumSize(_LEAST_WIDTH, _LEAST_HEIGHT * rows)
        self.resize(1200, 220 + 340 * rows)

    def _grid(self) -> QGridLayout:
        """Two in a row; of three, the last has a row of its own."""
        grid = QGridLayout()
        grid.setSpacing(8)
        for number, pane in enumerate(self._panes):
            grid.addWidget(pane, number // 2, number % 2)
        for line in range(2):
            grid.setColumnStretch(line, 1)
        return grid
