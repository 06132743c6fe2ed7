"""Whether a person can see a part of the window, so that nothing moves where nobody looks."""

from PySide6.QtWidgets import QApplication, QWidget


def is_in_front(part: QWidget) -> bool:
    """Whether ``part`` is in sight and no other window of the program is in front of its own."""
    window, active = part.window(), QApplication.activeWindow()
    handle = window.windowHandle()
    return (
        part.isVisible()
        and not window.isMinimized()
        and active in (None, window)
        and QApplication.activeModalWidget() is None
        and handle is not None
        and handle.isExposed()
    )
