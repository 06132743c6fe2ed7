"""Where a clip is, as a slider: a click goes there, a drag scrubs, and under the pointer stands the time."""

from PySide6.QtCore import QEvent, QLocale, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QHideEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSlider, QStyle, QStyleOptionSlider, QWidget

from pixverse_desktop.ui import theme

_TIP_GAP = 6


class SeekSlider(QSlider):
    """A slider that goes to where it was clicked, and shows the section that plays in a loop.

    Attributes:
        tones: the colours of its ground, where they are not those in force.
    """

    _section_ms = (-1, -1)
    _fetched = 1.0

    def __init__(self, orientation: Qt.Orientation, parent: QWidget | None = None) -> None:
        super().__init__(orientation, parent)
        self.tones: theme.Colours | None = None
        self._tip: QLabel | None = None
        self.setMouseTracking(True)

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
        tones = self.tones or theme.colours()
        from_ms, to_ms = self._section_ms
        if self._fetched < 1.0:
            self._underline(0, round(self.maximum() * self._fetched), tones.muted)
        if from_ms >= 0 and self.maximum() > 0:
            self._underline(from_ms, max(from_ms, to_ms), tones.warning)

    def _underline(self, from_ms: int, to_ms: int, colour: str) -> None:
        left, right = self._place_of(from_ms), self._place_of(to_ms)
        painter = QPainter(self)
        painter.fillRect(left - 1, self.height() - 4, max(3, right - left + 2), 3, QColor(colour))
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        value = self._value_at(event.position().toPoint())
        is_elsewhere = not self._handle().contains(event.position().toPoint())
        is_meant = event.button() is Qt.MouseButton.LeftButton and self.maximum() > 0
        if is_meant and is_elsewhere:
            self.setValue(value)  # the handle comes under the pointer, and is held from here on
        super().mousePressEvent(event)
        if is_meant and is_elsewhere:
            self.sliderMoved.emit(value)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        place = event.position().toPoint()
        if self.maximum() > 0 and (self.isSliderDown() or self.rect().contains(place)):
            self._show_tip(self.value() if self.isSliderDown() else self._value_at(place))
        else:
            self._hide_tip()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hide_tip()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._hide_tip()

    def _show_tip(self, value: int) -> None:
        """Over the slider, as a part of its window: a window of its own would come too late for a drag."""
        tip = self._tip
        if tip is None or tip.parentWidget() is not self.window():
            self._hide_tip()
            tip = self._tip = QLabel(self.window())
            tip.setObjectName("hint")
            tip.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        tip.setText(f"{QLocale().toString(value / 1000, 'f', 2)} s")
        tip.adjustSize()
        over = self.mapTo(self.window(), QPoint(self._place_of(value), 0))
        left = max(2, min(over.x() - tip.width() // 2, self.window().width() - tip.width() - 2))
        tip.move(left, over.y() - tip.height() - _TIP_GAP)
        tip.show()
        tip.raise_()

    def _hide_tip(self) -> None:
        if self._tip is not None:
            self._tip.hide()
            self._tip.deleteLater()
            self._tip = None

    def _value_at(self, place: QPoint) -> int:
        handle = self._handle().width()
        return QStyle.sliderValueFromPosition(
            0, self.maximum(), place.x() - handle // 2, self.width() - handle
        )

    def _place_of(self, value: int) -> int:
        handle = self._handle().width()
        room = self.width() - handle
        return QStyle.sliderPositionFromValue(0, self.maximum(), value, room) + handle // 2

    def _handle(self) -> QRect:
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        control = QStyle.SubControl.SC_SliderHandle
        return self.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, control, self)
