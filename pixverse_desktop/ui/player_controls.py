"""The row of buttons under the picture: play, time, seek, speed, loop, sound, full screen."""

from collections.abc import Callable

from PySide6.QtCore import QLocale, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSlider, QStyle, QStyleOptionSlider, QToolButton, QWidget

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.playback import Playback
from pixverse_desktop.ui.together import PlayedTogether

_STEP_MS = 1000


class SeekSlider(QSlider):
    """A slider that goes to where it was clicked, and shows the section that plays in a loop."""

    _section_ms = (-1, -1)
    _fetched = 1.0

    def show_section(self, from_ms: int, to_ms: int) -> None:
        """Show where a section begins and ends, or with -1 none."""
        self._section_ms = (from_ms, to_ms)
        self.update()

    def show_fetched(self, share: float) -> None:
        """Show how much of the clip is here, or with 1 nothing of the kind."""
        self._fetched = share
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        from_ms, to_ms = self._section_ms
        if self._fetched < 1.0:
            self._underline(0, round(self.maximum() * self._fetched), theme.colours().muted)
        if from_ms >= 0 and self.maximum() > 0:
            self._underline(from_ms, max(from_ms, to_ms), theme.colours().warning)

    def _underline(self, from_ms: int, to_ms: int, colour: str) -> None:
        left, right = self._place_of(from_ms), self._place_of(to_ms)
        painter = QPainter(self)
        painter.fillRect(left - 1, self.height() - 4, max(3, right - left + 2), 3, QColor(colour))
        painter.end()

    def _place_of(self, value: int) -> int:
        handle = self._handle().width()
        room = self.width() - handle
        return QStyle.sliderPositionFromValue(0, self.maximum(), value, room) + handle // 2

    def _handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, control, self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.maximum() > 0:
            handle = self._handle()
            if not handle.contains(event.position().toPoint()):
                room = self.width() - handle.width()
                offset = round(event.position().x() - handle.width() / 2)
                value = QStyle.sliderValueFromPosition(0, self.maximum(), offset, room)
                self.setValue(value)
                self.sliderMoved.emit(value)
        super().mousePressEvent(event)


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
        self._volume.setFixedWidth(60)
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
        self._play.setIcon(theme.icon("pause" if self._playback.is_playing else "play"))
        self._mute.setIcon(theme.icon("mute" if self._playback.is_muted else "volume"))
        self._loop.setIcon(theme.icon("loop"))
        self._full.setIcon(theme.icon("fullscreen"))

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
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self._play)
        layout.addWidget(self._seek, 1)
        layout.addWidget(self._time)
        for widget in (self._rate, self._loop, self._mute, self._volume, self._full):
            layout.addWidget(widget)

    def minimumSizeHint(self) -> QSize:
        """Without time and loudness, which make way where there is little room."""
        least = super().minimumSizeHint()
        return QSize(self._needed_width(), least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_way(event.size().width())

    def _make_way(self, room: int) -> None:
        self._time.setVisible(room >= self._needed_width(self._time))
        self._volume.setVisible(room >= self._needed_width(self._time, self._volume))

    def _needed_width(self, *extras: QWidget) -> int:
        """What the row needs at least with only these of the parts that can make way."""
        layout = self.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        usual = (self._play, self._seek, self._loop, self._mute, self._full)
        rate = () if self._rate.isHidden() else (self._rate,)
        parts: tuple[QWidget, ...] = (*usual, *rate, *extras)
        width = sum(max(part.minimumWidth(), part.minimumSizeHint().width()) for part in parts)
        return width + margins.left() + margins.right() + layout.spacing() * (len(parts) - 1)

    def _connect(self) -> None:
        self._playback.state_changed.connect(lambda _: self._on_state())
        self._playback.rate_changed.connect(self._on_rate)
        if isinstance(self._playback, Playback):  # several together have no section
            self._playback.section_changed.connect(self._seek.show_section)
        self._playback.position_changed.connect(self._on_position)
        self._playback.duration_changed.connect(self._on_duration)
        self._seek.sliderMoved.connect(self._playback.seek)
        self._seek.actionTriggered.connect(lambda _: self._playback.seek(self._seek.sliderPosition()))
        self._volume.valueChanged.connect(self._on_volume)

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
        self._on_position(self._playback.position_ms)

    def _on_volume(self, percent: int) -> None:
        self._playback.set_volume(percent)
        if self._playback.is_muted and percent > 0:
            self._playback.set_muted(False)
            self.refresh_icons()
        self.sound_changed.emit(self._playback.is_muted, percent)


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(round(milliseconds / 1000), 60)
    return f"{minutes}:{seconds:02}"
