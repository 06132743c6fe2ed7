"""The controls under the picture: seek, play, time, speed, loop, sound, full screen.

Where there is room they stand in one row; else the slider gets a row of its own: the wider, the better.
"""

from collections.abc import Callable
from enum import Enum, auto
from itertools import pairwise

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QToolButton, QVBoxLayout, QWidget

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.playback import Playback
from pixverse_desktop.ui.seek_slider import SeekSlider
from pixverse_desktop.ui.together import PlayedTogether

_STEP_MS = 1000
_USUAL_FPS = 30
_SPACING_PX = 2
_ONE_ROW_PX = 520  # from here on the place has enough of it beside the buttons


class _Shape(Enum):
    """How the parts are arranged."""

    ONE_ROW = auto()
    TWO_ROWS = auto()
    NARROW = auto()


class PlayerControls(QWidget):
    """Buttons for one clip, or for several that are played together.

    Signals:
        sound_changed(bool, int): muted or not, and the loudness in percent, as the person set them.
        loop_changed(bool): looping or not, as the person set it.
        full_screen_requested(): the full-screen button was pressed.
    """

    sound_changed = Signal(bool, int)
    loop_changed = Signal(bool)
    full_screen_requested = Signal()

    def __init__(
        self, playback: Playback | PlayedTogether, volume_percent: int, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._playback = playback
        self._tones: theme.Colours | None = None
        self._shape: _Shape | None = None
        self._play = self._button(self.tr("Play or pause"), "Space", playback.toggle)
        self._loop = self._button(self.tr("Loop"), "L", self.toggle_loop, checkable=True)
        self._mute = self._button(self.tr("Mute"), "M", self.toggle_mute)
        self._full = self._button(self.tr("Full screen"), "F", self.full_screen_requested.emit)
        self._rate = self._button(self.tr("Usual speed"), "Backspace", lambda: playback.set_rate(1.0))
        self._time = QLabel("0:00 / 0:00", self)
        self._time.setObjectName("muted")
        self._time.setToolTip(self.tr("Time, length, and while it rests the number of the frame"))
        self._seek = SeekSlider(Qt.Orientation.Horizontal, self)
        self._seek.setAccessibleName(self.tr("Position"))
        self._seek.setMinimumWidth(70)  # or it shrinks to its handle
        self._volume = QSlider(Qt.Orientation.Horizontal, self)
        self._volume.setAccessibleName(self.tr("Volume"))
        self._volume.setRange(0, 100)
        self._volume.setValue(volume_percent)
        self._volume.setFixedWidth(50)
        self.setObjectName("controls")
        self._loop.setChecked(playback.is_looping)
        self._rate.setVisible(False)
        self._lay_out()
        self._connect()
        self.refresh_icons()
        self.setEnabled(False)

    @property
    def volume(self) -> QSlider:
        """The slider of the loudness."""
        return self._volume

    def toggle_mute(self) -> None:
        """Be silent, or be heard again."""
        self._playback.set_muted(not self._playback.is_muted)
        self.refresh_icons()
        self.sound_changed.emit(self._playback.is_muted, self._volume.value())

    def toggle_loop(self) -> None:
        """Begin again at the end, or not."""
        self._playback.set_looping(not self._playback.is_looping)
        self._loop.setChecked(self._playback.is_looping)
        self.loop_changed.emit(self._playback.is_looping)

    def step(self, steps: int) -> None:
        """Go ``steps`` seconds forward, or back."""
        self._playback.seek(self._playback.position_ms + steps * _STEP_MS)

    def refresh_icons(self) -> None:
        """Draw the buttons as things stand, in the colours of now."""
        names = {
            self._play: "pause" if self._will_play() else "play",
            self._mute: "mute" if self._playback.is_muted else "volume",
            self._loop: "loop",
            self._full: "fullscreen",
        }
        for button, name in names.items():
            button.setIcon(theme.icon(name, self._tones.text if self._tones else None))

    def set_tones(self, tones: theme.Colours | None) -> None:
        """Draw in these colours, or in those in force."""
        self._tones = self._seek.tones = tones
        self.refresh_icons()

    def _will_play(self) -> bool:
        playback = self._playback
        return playback.will_play if isinstance(playback, Playback) else playback.is_playing

    def _button(
        self, name: str, key: str, act: Callable[[], None], *, checkable: bool = False
    ) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        button.setToolTip(f"{name} ({key})")
        button.setCheckable(checkable)
        button.clicked.connect(lambda: act())
        return button

    def _lay_out(self) -> None:
        self._top, self._row = QHBoxLayout(), QHBoxLayout()
        rows = QVBoxLayout(self)
        rows.setContentsMargins(4, 4, 4, 4)
        rows.setSpacing(0)
        for row in (self._top, self._row):
            row.setSpacing(_SPACING_PX)
            rows.addLayout(row)
        self._place(_Shape.TWO_ROWS)
        order = (self._seek, self._play, self._rate, self._loop, self._mute, self._volume, self._full)
        for former, later in pairwise(order):
            QWidget.setTabOrder(former, later)

    def _place(self, shape: _Shape) -> None:
        """Put each part into its row."""
        if shape is self._shape:
            return
        self._shape = shape
        for row in (self._top, self._row):
            while row.takeAt(0) is not None:
                pass
        if shape is not _Shape.ONE_ROW:
            self._top.addWidget(self._seek, 1)
        self._row.addWidget(self._play)
        if shape is _Shape.ONE_ROW:
            self._row.addWidget(self._seek, 1)
        (self._top if shape is _Shape.NARROW else self._row).addWidget(self._time)
        if shape is not _Shape.ONE_ROW:
            self._row.addStretch(1)
        for part in (self._rate, self._loop, self._mute, self._volume, self._full):
            self._row.addWidget(part)

    def minimumSizeHint(self) -> QSize:
        """Without the loudness, which makes way where there is little room."""
        least = super().minimumSizeHint()
        return QSize(self._needed_width(), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_way(event.size().width())

    def _make_way(self, room: int) -> None:
        if room >= _ONE_ROW_PX:
            self._place(_Shape.ONE_ROW)
        else:
            is_narrow = room < self._needed_width(self._time, self._volume)
            self._place(_Shape.NARROW if is_narrow else _Shape.TWO_ROWS)
        self._volume.setVisible(room >= self._needed_width(self._volume))

    def _needed_width(self, *extras: QWidget) -> int:
        """What a row of all buttons and these parts needs at least."""
        layout = self.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        rate = () if self._rate.isHidden() else (self._rate,)
        parts: tuple[QWidget, ...] = (self._play, self._loop, self._mute, self._full, *rate, *extras)
        width = sum(max(part.minimumWidth(), part.minimumSizeHint().width()) for part in parts)
        return width + margins.left() + margins.right() + _SPACING_PX * len(parts)

    def _connect(self) -> None:
        self._playback.state_changed.connect(lambda _: self._on_state())
        self._playback.rate_changed.connect(self._on_rate)
        self._playback.position_changed.connect(self._on_position)
        self._playback.duration_changed.connect(self._on_duration)
        self._connect_seeking()
        self._volume.valueChanged.connect(self._on_volume)

    def _connect_seeking(self) -> None:
        playback, seek = self._playback, self._seek
        seek.actionTriggered.connect(lambda _: self._on_seek_action())
        if isinstance(playback, Playback):
            playback.prepare_scrubbing()
            playback.section_changed.connect(seek.show_section)
            seek.sliderPressed.connect(playback.begin_scrub)
            seek.sliderMoved.connect(playback.scrub)
            seek.sliderReleased.connect(playback.end_scrub)
        else:  # several together have no section, and rest at once where they are sent
            seek.sliderMoved.connect(playback.seek)

    def _on_seek_action(self) -> None:
        """Keys and the wheel; a hand that holds the slider is told of otherwise."""
        if not self._seek.isSliderDown():
            self._playback.seek(self._seek.sliderPosition())

    def show_place(self, position_ms: int, duration_ms: int) -> None:
        """Show where a clip is that something else plays."""
        self._seek.setRange(0, duration_ms)
        self._seek.setValue(position_ms)
        self._time.setText(f"{_clock(position_ms)} / {_clock(duration_ms)}")

    def show_fetched(self, share: float) -> None:
        """Show how much of the clip is here."""
        self._seek.show_fetched(share)

    def set_seekable(self, is_seekable: bool) -> None:
        """Whether the person can go to another place."""
        self._seek.setEnabled(is_seekable)
        if is_seekable:
            self._seek.show_fetched(1.0)

    def clear(self) -> None:
        """Show the times of no clip."""
        self.set_seekable(True)
        self._seek.setRange(0, 0)
        self._time.setText(f"{_clock(0)} / {_clock(0)}")

    def _on_position(self, position_ms: int) -> None:
        if not self._seek.isSliderDown():
            self._seek.setValue(position_ms)
        self._show_time()

    def _on_state(self) -> None:
        self.refresh_icons()
        self._show_time()

    def _on_rate(self, rate: float) -> None:
        self._rate.setText(f"{QLocale().toString(rate, 'g', 3)}×")
        self._rate.setVisible(rate != 1.0)
        self._make_way(self.width())

    def _show_time(self) -> None:
        """Where it is: by the second while it plays, by the frame while it rests."""
        playback = self._playback
        text = f"{_clock(playback.position_ms)} / {_clock(playback.duration_ms)}"
        number = 0 if playback.is_playing else playback.frame_number
        self._time.setText(f"{text} · {number}" if number else text)

    def _on_duration(self, duration_ms: int) -> None:
        self._seek.setRange(0, duration_ms)
        self._seek.setSingleStep(_STEP_MS)
        self._seek.setPageStep(max(_STEP_MS, duration_ms // 10))
        self._reserve_room_for_time(duration_ms)
        self._on_position(self._playback.position_ms)

    def _reserve_room_for_time(self, duration_ms: int) -> None:
        """For the widest it can be, or the other parts would move whenever it rests."""
        last_frame = "8" * len(str(duration_ms * _USUAL_FPS // 1000))
        widest = f"{_clock(duration_ms)} / {_clock(duration_ms)} · {last_frame}"
        self._time.setMinimumWidth(self._time.fontMetrics().horizontalAdvance(widest) + 2)
        self._make_way(self.width())

    def _on_volume(self, percent: int) -> None:
        self._playback.set_volume(percent)
        if self._playback.is_muted and percent > 0:
            self._playback.set_muted(False)
            self.refresh_icons()
        self.sound_changed.emit(self._playback.is_muted, percent)


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02}"
