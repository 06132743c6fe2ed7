"""Another program on the same screen: something to drag from, and eyes that see the whole screen.

Run as ``python -m tests.e2e.robot``. Obeys lines on standard input, answers each with one line:
``offer PATH`` makes its window a file to be dragged, ``grab PATH`` writes the screen as PNG.
"""

import sys
import threading

from PySide6.QtCore import QMimeData, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QColor, QDrag, QGuiApplication, QMouseEvent, QPainter, QPaintEvent, QRasterWindow


class DragSource(QRasterWindow):
    """A small window in the corner of the screen; pressing it begins to drag a file."""

    def __init__(self) -> None:
        super().__init__()
        self.path = ""
        self.setFlag(Qt.WindowType.FramelessWindowHint)
        self.setFlag(Qt.WindowType.WindowStaysOnTopHint)
        self.setGeometry(0, 840, 60, 60)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self.path or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(self.path)])
        self.path = ""
        drag = QDrag(self)
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)

    def paintEvent(self, _: QPaintEvent) -> None:
        QPainter(self).fillRect(0, 0, self.width(), self.height(), QColor("black"))


class Orders(QObject):
    """Brings the lines of standard input to the thread that may draw."""

    came = Signal(str)


def main() -> int:
    """Obey until standard input ends."""
    app = QGuiApplication(sys.argv)
    source, orders = DragSource(), Orders()
    source.show()

    def obey(line: str) -> None:
        order, _, argument = line.partition(" ")
        if order == "offer":
            source.path = argument
        elif order == "grab":
            QGuiApplication.primaryScreen().grabWindow(0).save(argument, "PNG")
        elif order == "quit":
            app.quit()
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    def listen() -> None:
        for line in sys.stdin:
            orders.came.emit(line.strip())
        orders.came.emit("quit")

    orders.came.connect(obey)
    threading.Thread(target=listen, daemon=True).start()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
