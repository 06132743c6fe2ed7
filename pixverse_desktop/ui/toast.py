"""News that lies over the foot of the list for a while, so that no row moves when it comes or goes."""

from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QGraphicsDropShadowEffect, QLabel, QWidget

from pixverse_desktop.ui.banner import Banner

_MARGINS = QMargins(18, 18, 18, 18)
_WIDEST_CHARS = 64
_NARROWEST = 320
_MOVES = (QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.Show, QEvent.Type.Hide)


class Toast(Banner):
    """A banner over the lower edge of one part of a page, or of the whole page where that is too narrow."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("toast")
        self._page: QWidget = parent
        self._anchor: QWidget = parent
        self._words = next(label for label in self.findChildren(QLabel) if label.wordWrap())
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        shadow.setColor(QColor(0, 0, 0, 90))
        self.setGraphicsEffect(shadow)

    def lie_over(self, page: QWidget, anchor: QWidget) -> None:
        """Belong to ``page`` from now on, at the foot of its part ``anchor``, which gets the focus back."""
        self._page, self._anchor = page, anchor
        self.setParent(page)
        for watched in (page, anchor):
            watched.installEventFilter(self)
        away = QShortcut(QKeySequence(Qt.Key.Key_Escape), anchor.focusProxy() or anchor)
        away.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        away.activated.connect(self.hide)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _MOVES and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest and not self.isHidden():
            self._place()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        focus = QApplication.focusWidget()
        if focus is not None and self.isAncestorOf(focus):
            self._anchor.setFocus()
        super().hideEvent(event)

    def _place(self) -> None:
        metrics = self._words.fontMetrics()
        words = min(
            metrics.horizontalAdvance(self._words.text()) + 3 * metrics.averageCharWidth(),
            metrics.averageCharWidth() * _WIDEST_CHARS,
        )
        layout = self.layout()
        beside = 0 if layout is None else layout.minimumSize().width() - self._words.minimumSizeHint().width()
        room = self._room(beside + words // 2)
        width = min(room.width(), max(beside + words, _NARROWEST))
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        left = room.left() + (room.width() - width) // 2
        self.setGeometry(left, room.bottom() + 1 - height, width, height)

    def _room(self, needed: int) -> QRect:
        """Where it may lie, in the page's own coordinates: over its part if that is there and wide enough."""
        part, whole = self._anchor, self._page.rect().marginsRemoved(_MARGINS)
        if part is self._page or not part.isVisibleTo(self._page):
            return whole
        room = QRect(part.mapTo(self._page, QPoint(0, 0)), part.size()).marginsRemoved(_MARGINS)
        return room if room.width() >= needed else whole
