"""Texts in one font, measured and laid out once however often they are painted."""

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QStaticText, QTransform

_MOST_CHARS = 400
_MOST_LAID_OUT = 1024  # some screens full; each takes about 1 kB
_ASCII = [chr(code) for code in range(32, 127)]


class Letters:
    """How wide texts are in one font, and where each of their letters goes.

    Painting asks thousands of times a second, so few texts are measured, and one that comes again is not laid
    out again: that takes a fifth of the time.

    Attributes:
        font: the font.
    """

    def __init__(self, font: QFont) -> None:
        self.font = QFont(font)
        self._metrics = QFontMetrics(self.font)
        self._widest_ascii = max(self._metrics.horizontalAdvance(letter) for letter in _ASCII)
        self.laid_out = lru_cache(maxsize=_MOST_LAID_OUT)(self._lay_out)

    def fitted(self, text: str, elision: Qt.TextElideMode, width: int) -> str:
        """``text``, with dots for what does not fit into ``width`` pixels."""
        if text.isascii() and len(text) * self._widest_ascii <= width:
            return text
        return self._metrics.elidedText(text[:_MOST_CHARS], elision, width)

    @property
    def height(self) -> int:
        """The pixels a line takes."""
        return self._metrics.height()

    def width(self, text: str) -> int:
        """The pixels ``text`` takes."""
        return self._metrics.horizontalAdvance(text[:_MOST_CHARS])

    def _lay_out(self, text: str, elision: Qt.TextElideMode, width: int) -> QStaticText:
        """``fitted``, ready to be painted in ``font``."""
        laid_out = QStaticText(self.fitted(text, elision, width))
        laid_out.setTextFormat(Qt.TextFormat.PlainText)
        laid_out.prepare(QTransform(), self.font)
        return laid_out
