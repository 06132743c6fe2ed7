"""A word about what of a search was not understood, where the person is looking while typing."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from pixverse_desktop.core.query_hints import Misread, Misreading, misread

_DROP = 4


def search_hint(text: str) -> str:
    """What to say about a search somebody types; empty if all of it is understood."""
    found = misread(text, is_typed=True)
    return "" if found is None else _words(found)


class SearchHint(QLabel):
    """Hangs below the search field while that has the focus. It lies over the list and moves nothing."""

    def __init__(self, field: QLineEdit, parent: QWidget) -> None:
        super().__init__(parent)
        self._field = field
        self._over = parent
        self._hint = ""
        self.setObjectName("hint")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        field.installEventFilter(self)

    def explain(self, hint: str, *, is_read_elsewhere: bool) -> None:
        """Say this while the field has the focus; with an empty sentence, nothing."""
        self._hint = "" if is_read_elsewhere else hint
        self._field.setAccessibleDescription(hint)
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut, QEvent.Type.Resize):
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        self.setVisible(bool(self._hint) and self._field.hasFocus())
        if not self.isHidden():
            self.setText(self._hint)
            self.setFixedWidth(self._field.width())
            self.adjustSize()
            self.move(self._field.mapTo(self._over, QPoint(0, self._field.height() + _DROP)))
            self.raise_()


def _words(found: Misread) -> str:
    words = {
        Misreading.UNFINISHED: _tr("“%1:” can be %3."),
        Misreading.NAME: _tr("“%1:” is no filter, so it is looked for as a word. Filters: %3."),
        Misreading.VALUE: _tr("“%1:” does not know “%2”. It knows %3."),
        Misreading.NUMBER: _tr("“%1:” needs a number, such as %1:4 or %1:>=3."),
        Misreading.DAY: _tr("“%1:” needs a day, such as %1:2026-11-01."),
        Misreading.WHOLE: _tr(
            "“%1:” takes a whole prompt, between quotes. For words of it, leave “%1:” out."
        ),
    }[found.why]
    known = ", ".join(found.known)
    return words.replace("%1", found.name).replace("%3", known).replace("%2", found.value)


def _tr(text: str) -> str:
    return QCoreApplication.translate("search", text)
