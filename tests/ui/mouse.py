"""A hand on the mouse. ``QTest.mouseMove`` would run Qt's loop inside asyncio's, which loses wake-ups."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

_LEFT = Qt.MouseButton.LeftButton
_NONE = Qt.MouseButton.NoButton


def press(widget: QWidget, place: QPoint) -> None:
    """Press the left button."""
    _send(QEvent.Type.MouseButtonPress, widget, place, _LEFT, _LEFT)


def move(widget: QWidget, place: QPoint, *, is_held: bool = False) -> None:
    """Move the mouse, with or without the left button held."""
    _send(QEvent.Type.MouseMove, widget, place, _NONE, _LEFT if is_held else _NONE)


def release(widget: QWidget, place: QPoint) -> None:
    """Let go of the left button."""
    _send(QEvent.Type.MouseButtonRelease, widget, place, _LEFT, _NONE)


def drag(widget: QWidget, start: QPoint, end: QPoint) -> None:
    """Press, move in some steps, and let go."""
    press(widget, start)
    for part in range(1, 5):
        move(widget, start + (end - start) * (part / 4), is_held=True)
    release(widget, end)


def wheel(widget: QWidget, place: QPoint, *, steps: int) -> None:
    """Turn the wheel away from the hand, or with less than nothing, towards it."""
    seen, shown = QPointF(place), QPointF(widget.mapToGlobal(place))
    turn, plain, phase = QPoint(0, 120 * steps), Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    QApplication.sendEvent(widget, QWheelEvent(seen, shown, QPoint(), turn, _NONE, plain, phase, False))


def _send(
    kind: QEvent.Type, widget: QWidget, place: QPoint, button: Qt.MouseButton, held: Qt.MouseButton
) -> None:
    seen, shown = QPointF(place), QPointF(widget.mapToGlobal(place))
    plain = Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QMouseEvent(kind, seen, shown, button, held, plain))
