"""The pages a person sees before there is a list: the key, and the place to drop ids."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from pixverse_desktop.ui import theme

_WIDTH = 480
_FIELD_HEIGHT = 36


class KeyForm(QWidget):
    """One field for the key, a button to test and save it, and a line that says how it went.

    Signals:
        submitted(str, bool): the text of the field, and whether it is to be kept in the keychain.
    """

    submitted = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = QLineEdit(self)
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.setPlaceholderText(self.tr("Paste your PixVerse API key"))
        self._field.setAccessibleName(self.tr("API key"))
        self._save = QPushButton(self.tr("Test and save"), self)
        self._save.setDefault(True)
        self._once = QPushButton(self.tr("Use for this run only"), self)
        self._once.setProperty("flat", "true")
        self._once.hide()
        self._words = QLabel(self)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._words.setWordWrap(True)
        self._words.hide()
        for widget in (self._field, self._save, self._once):
            widget.setMinimumHeight(_FIELD_HEIGHT)
        self._lay_out()
        self._field.returnPressed.connect(lambda: self._submit(keep=True))
        self._field.textChanged.connect(lambda text: self._save.setEnabled(bool(text.strip())))
        self._save.clicked.connect(lambda: self._submit(keep=True))
        self._once.clicked.connect(lambda: self._submit(keep=False))
        self._save.setEnabled(False)

    @property
    def words(self) -> str:
        """The line that says how it went."""
        return self._words.text()

    def say(self, words: str, *, is_error: bool = False, offer_once: bool = False) -> None:
        """Show a line; ``offer_once`` shows the way without a keychain."""
        self._words.setObjectName("bad" if is_error else "muted")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._once.setVisible(offer_once)
        self.set_busy(False)

    def set_busy(self, is_busy: bool) -> None:
        """Show that the key is being tried."""
        for widget in (self._field, self._save, self._once):
            widget.setEnabled(not is_busy)
        if is_busy:
            self._words.setObjectName("muted")
            self._words.setText(self.tr("Asking PixVerse…"))
            self._words.show()

    def clear(self) -> None:
        """Empty the field; the key has no more business on the screen."""
        self._field.clear()

    def focus_field(self) -> None:
        """Let the person type."""
        self._field.setFocus()

    def _submit(self, *, keep: bool) -> None:
        if self._field.text().strip():
            self.submitted.emit(self._field.text(), keep)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        row.addWidget(self._save)
        layout.addLayout(row)
        layout.addWidget(self._words)
        once = QHBoxLayout()
        once.addWidget(self._once)
        once.addStretch(1)
        layout.addLayout(once)


class WelcomePage(QFrame):
    """The first run: what this is, one field for the key, and a way to try it without one.

    Signals:
        demo_requested(): the person wishes to see the demo.
    """

    demo_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.form = KeyForm(self)
        demo = QPushButton(self.tr("Try the demo"), self)
        demo.setProperty("flat", "true")
        demo.clicked.connect(self.demo_requested)
        text = self.tr(
            "Paste the API key of your PixVerse account once. It is kept in your system’s keychain and "
            "goes to PixVerse alone. You find it at platform.pixverse.ai, under API keys."
        )
        column = _column(self)
        column.addWidget(_picture(theme.app_icon().pixmap(72, 72)))
        column.addWidget(_title(self.tr("Watch your PixVerse videos finish")))
        column.addWidget(_sentence(text))
        column.addSpacing(6)
        column.addWidget(self.form)
        column.addLayout(_in_the_middle(demo))
        column.addWidget(
            _sentence(self.tr("You can drop ids here already: they are kept until the key comes."))
        )


class EmptyPage(QFrame):
    """No videos yet: the place to drop ids.

    Signals:
        paste_requested(): the person pressed the button to paste ids.
    """

    paste_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        paste = QPushButton(self.tr("Paste ids"), self)
        paste.clicked.connect(self.paste_requested)
        text = self.tr(
            "As text, or a .txt, .csv or .json file, straight from wherever you made the videos. "
            "Each clip plays here as soon as it is finished."
        )
        area = QFrame(self)
        area.setObjectName("dropArea")
        inner = QVBoxLayout(area)
        inner.setContentsMargins(32, 36, 32, 36)
        inner.setSpacing(12)
        self._film = _picture(theme.icon("film", theme.colours().accent).pixmap(48, 48))
        inner.addWidget(self._film)
        inner.addWidget(_title(self.tr("Drop video ids here")))
        inner.addWidget(_sentence(text))
        inner.addSpacing(4)
        inner.addLayout(_in_the_middle(paste))
        _column(self).addWidget(area)

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        self._film.setPixmap(theme.icon("film", theme.colours().accent).pixmap(48, 48))


class DropOverlay(QWidget):
    """Lies over the page while something is dragged that would be taken."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._page = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self) -> None:
        """Lie over the whole of the parent."""
        self.setGeometry(self._page.rect())
        self.raise_()
        self.show()

    def paintEvent(self, _: QPaintEvent) -> None:
        tones = theme.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(tones.selection)
        veil.setAlphaF(0.97)
        painter.setBrush(veil)
        painter.setPen(QPen(QColor(tones.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 10, 10)
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 1.6)
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor(tones.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.tr("Drop to add the ids"))


_MIDDLE = Qt.AlignmentFlag.AlignHCenter


def _column(page: QWidget) -> QVBoxLayout:
    """A column of fixed width in the middle of a page, as high as its sentences need."""
    inner = QWidget(page)
    inner.setFixedWidth(_WIDTH)
    column = QVBoxLayout(inner)
    column.setSpacing(12)
    outer = QVBoxLayout(page)
    outer.addStretch(1)
    outer.addLayout(_in_the_middle(inner))
    outer.addStretch(1)
    return column


def _in_the_middle(widget: QWidget) -> QHBoxLayout:
    """A row with ``widget`` in its middle. Alignment flags would ignore what wrapped text needs in height."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget)
    row.addStretch(1)
    return row


def _picture(pixmap: QPixmap) -> QLabel:
    label = QLabel()
    label.setPixmap(pixmap)
    label.setAlignment(_MIDDLE)
    label.setMinimumHeight(round(pixmap.height() / pixmap.devicePixelRatio()))
    return label


def _title(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("title")
    label.setAlignment(_MIDDLE)
    label.setWordWrap(True)
    return label


def _sentence(text: str) -> QLabel:
    label = QLabel(text)
    label.setObjectName("muted")
    label.setAlignment(_MIDDLE)
    label.setWordWrap(True)
    return label
