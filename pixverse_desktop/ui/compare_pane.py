"""One of the clips that are compared: its picture, its marks, and what differs from the others."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QFocusEvent, QKeySequence, QMouseEvent
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from pixverse_desktop.core.differences import Kind, differences
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import Video
from pixverse_desktop.ui import messages
from pixverse_desktop.ui.elided_label import ElidedLabel
from pixverse_desktop.ui.facts_label import FactsLabel
from pixverse_desktop.ui.frame_view import FrameView
from pixverse_desktop.ui.stage import Deed, StageNote
from pixverse_desktop.ui.star_label import StarLabel

_LINES = 2  # of differences, whether needed or not: pictures in a row are of one height
_EMPHASIS = {Kind.SHARED: "{}", Kind.OWN: "<b><u>{}</u></b>", Kind.MISSING: "<s>{}</s>"}
_ISOLATED = "\u2068{}\u2069"  # so that a prompt from right to left turns nothing else around
_USUAL_SHAPE = QSize(16, 9)


class ComparePane(QFrame):
    """One clip among those compared. It can have the focus, and that chooses it.

    Signals:
        chosen(): the person turned to it.
        rated(int): the person clicked so many stars.
        reject_toggled(): the person rejects it, or takes that back.
        list_requested(): the person wishes to see it in the list.
    """

    chosen = Signal()
    rated = Signal(int)
    reject_toggled = Signal()
    list_requested = Signal()

    def __init__(self, place_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place_words = place_words
        self._shape = _USUAL_SHAPE
        self.setObjectName("pane")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view = FrameView(self)
        self.stage = QWidget(self)
        self._note = StageNote(self)
        self._title = ElidedLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setObjectName("paneTitle")
        self._lost = QLabel(self.tr("No longer in the list"), self)
        self._stars = StarLabel(self)
        self._reject = QToolButton(self)
        self._facts = FactsLabel(_LINES, self)
        self._dress()
        self._connect()
        self._lay_out()
        self.set_chosen(False)

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown, not a sentence."""
        return self._stack.currentWidget() is self.view

    @property
    def shape(self) -> QSize:
        """The shape of its picture, as far as is known."""
        return self._shape

    @property
    def words_px(self) -> int:
        """How much of its height is not the picture's."""
        layout = self.layout()
        assert layout is not None
        stage_px = 0 if self.stage.isHidden() else self.stage.sizeHint().height()
        return layout.sizeHint().height() - stage_px

    def show_frame(self, frame: QVideoFrame) -> None:
        """Show a frame."""
        self.view.show_frame(frame)
        if not self.has_picture:
            self._shape = _upright_size(frame)
            self._stack.setCurrentWidget(self.view)

    def say(self, icon: str, text: str, *, share: float | None = None, action: Deed | None = None) -> None:
        """Show a sentence in the picture's place."""
        if self._note.isAncestorOf(self.focusWidget() or self):
            self.setFocus()  # a button that goes would pass it on to the next clip
        self._note.show_note(icon, text, share=share, action=action)
        self._stack.setCurrentWidget(self._note)

    def set_chosen(self, is_chosen: bool) -> None:
        """Show whether keys that mark a clip are meant for this one."""
        for part in (self, self._title):
            part.setProperty("isChosen", is_chosen)
            part.style().unpolish(part)
            part.style().polish(part)

    def describe(self, video: Video, others: Sequence[Video]) -> None:
        """Show the id, and what differs from ``others``."""
        if video.width and video.height and not self.has_picture:
            self._shape = QSize(video.width, video.height)
        self._title.setText(video.video_id)
        facts, pieces = self._facts_of(video, others), self._prompt_pieces(video, others)
        prompt = " ".join(_EMPHASIS[kind].format(escape(words)) for words, kind in pieces)
        told = [escape(fact) for fact in facts] + [f"“{_ISOLATED.format(prompt)}”"] * bool(prompt)
        same = self.tr("Same prompt, seed, size and style")
        text = " · ".join(told) or escape(same)
        self._facts.setText(text)
        spoken = facts + [self._spoken(words, kind) for words, kind in pieces if kind is not Kind.SHARED]
        self.setAccessibleDescription("; ".join([*(spoken or [same]), video.prompt]))

    def show_marks(self, marks: Marks | None) -> None:
        """Show rating and reject, or with ``None`` that the row is not in the list any more."""
        self._lost.setVisible(marks is None)
        for control in (self._stars, self._reject):
            control.setVisible(marks is not None)
        rating, is_rejected = (marks.rating, marks.is_rejected) if marks else (0, False)
        rejected = self.tr("Rejected")
        self._stars.show_stars(rating)
        self._reject.setChecked(is_rejected)
        self._reject.setText(rejected if is_rejected else self.tr("Reject"))
        stars = self.tr("%1 of 5 stars").replace("%1", str(rating)) if rating else ""
        lost = self._lost.text() if marks is None else ""
        spoken = (self._place_words, self._title.text(), stars, rejected if is_rejected else "", lost)
        self.setAccessibleName(", ".join(part for part in spoken if part))

    def _facts_of(self, video: Video, others: Sequence[Video]) -> list[str]:
        return [
            word or self.tr("no %1").replace("%1", name)
            for name, word, theirs in self._compared(video, others)
            if any(word != other for other in theirs)
        ]

    def _prompt_pieces(self, video: Video, others: Sequence[Video]) -> list[tuple[str, Kind]]:
        return [(words, kind) for words, kind in differences(video.prompt, [one.prompt for one in others])]

    def _spoken(self, words: str, kind: Kind) -> str:
        if kind is Kind.MISSING:
            return self.tr("without “%1”").replace("%1", words)
        return self.tr("with “%1”").replace("%1", words)

    def _compared(self, video: Video, others: Sequence[Video]) -> list[tuple[str, str, list[str]]]:
        """Each fact: what it is called, what it is here, and what it is with the others."""
        seed, size, style = self.tr("seed"), self.tr("size"), self.tr("style")
        return [
            (self.tr("account"), video.account, [other.account for other in others]),
            (seed, self._seed(video), [self._seed(other) for other in others]),
            (size, messages.resolution_text(video), [messages.resolution_text(other) for other in others]),
            (style, video.style, [other.style for other in others]),
        ]

    def _seed(self, video: Video) -> str:
        return self.tr("seed %1").replace("%1", str(video.seed)) if video.seed else ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.chosen.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.setFocus()

    def _dress(self) -> None:
        self._lost.setObjectName("muted")
        self._reject.setCheckable(True)
        self._reject.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        name = self.tr("Reject")
        self._reject.setAccessibleName(name)
        self._reject.setToolTip(f"{name} (X)")
        in_list = QAction(self.tr("Show in the list"), self)
        in_list.setShortcut(QKeySequence(Qt.Key.Key_Return))
        in_list.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        in_list.triggered.connect(self.list_requested)
        self.addAction(in_list)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _connect(self) -> None:
        self.view.clicked.connect(self.setFocus)
        self._stars.rated.connect(self._on_rated)
        self._reject.clicked.connect(self._on_reject)

    def _on_rated(self, stars: int) -> None:
        self.setFocus()
        self.rated.emit(stars)

    def _on_reject(self) -> None:
        self.setFocus()
        self._reject.setChecked(not self._reject.isChecked())  # until it is done
        self.reject_toggled.emit()

    def _lay_out(self) -> None:
        self._stack = QStackedLayout(self.stage)
        self._stack.addWidget(self._note)
        self._stack.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3, 3, 3, 6)
        layout.setSpacing(2)
        layout.addWidget(self.stage, 1)
        line = QHBoxLayout()
        line.setContentsMargins(8, 4, 8, 0)
        line.addWidget(self._title, 1)
        for part in (self._lost, self._stars, self._reject):
            line.addWidget(part)
        layout.addLayout(line)
        facts = QHBoxLayout()
        facts.setContentsMargins(8, 0, 8, 0)
        facts.addWidget(self._facts)
        layout.addLayout(facts)


def _upright_size(frame: QVideoFrame) -> QSize:
    turned_by = frame.rotation().value + frame.surfaceFormat().rotation().value
    return frame.size().transposed() if turned_by % 180 else frame.size()
