"""One of the clips that are compared: its picture, its marks, and what differs from the others."""

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QMouseEvent
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from pixverse_desktop.core.differences import Kind, differences
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import Video
from pixverse_desktop.ui import messages
from pixverse_desktop.ui.elided_label import ElidedLabel
from pixverse_desktop.ui.frame_view import FrameView
from pixverse_desktop.ui.stage import Deed, StageNote

_LINES = 2  # of differences, whether needed or not: pictures in a row are of one height
_EMPHASIS = {Kind.SHARED: "{}", Kind.OWN: "<b><u>{}</u></b>", Kind.MISSING: "<s>{}</s>"}


class ComparePane(QFrame):
    """One clip among those compared. It can have the focus, and that chooses it.

    Signals:
        chosen(): the person turned to it.
    """

    chosen = Signal()

    def __init__(self, place_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place_words = place_words
        self.setObjectName("pane")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.view = FrameView(self)
        self.stage = QWidget(self)
        self._note = StageNote(self)
        self._title = ElidedLabel(self)
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setObjectName("paneTitle")
        self._marks = QLabel(self)
        self._facts = QLabel(self)
        self._facts.setTextFormat(Qt.TextFormat.RichText)
        self._facts.setWordWrap(True)
        self._facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._facts.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.view.clicked.connect(self.setFocus)
        self._lay_out()
        self.set_chosen(False)

    @property
    def has_picture(self) -> bool:
        """Whether a picture is shown, not a sentence."""
        return self._stack.currentWidget() is self.view

    def show_frame(self, frame: QVideoFrame) -> None:
        """Show a frame."""
        self.view.show_frame(frame)
        self._stack.setCurrentWidget(self.view)

    def say(self, icon: str, text: str, *, share: float | None = None, action: Deed | None = None) -> None:
        """Show a sentence in the picture's place."""
        self._note.show_note(icon, text, share=share, action=action)
        self._stack.setCurrentWidget(self._note)

    def set_chosen(self, is_chosen: bool) -> None:
        """Show whether keys that mark a clip are meant for this one."""
        for part in (self, self._title):
            part.setProperty("isChosen", is_chosen)
            part.style().unpolish(part)
            part.style().polish(part)

    def describe(self, video: Video, marks: Marks, others: Sequence[Video]) -> None:
        """Show id and marks, and what differs from ``others``."""
        rejected = self.tr("Rejected") if marks.is_rejected else ""
        self._title.setText(video.video_id)
        self._marks.setText("  ".join(part for part in ("★" * marks.rating, rejected) if part))
        self._facts.setText(self._differences(video, others))
        self._facts.setToolTip(self._facts.text())
        stars = self.tr("%1 of 5 stars").replace("%1", str(marks.rating)) if marks.rating else ""
        spoken = (self._place_words, video.video_id, stars, rejected)
        self.setAccessibleName(", ".join(part for part in spoken if part))
        self.setAccessibleDescription(video.prompt)

    def _differences(self, video: Video, others: Sequence[Video]) -> str:
        facts = [
            escape(word or self.tr("no %1").replace("%1", name))
            for name, word, theirs in self._compared(video, others)
            if any(word != other for other in theirs)
        ]
        pieces = differences(video.prompt, [other.prompt for other in others])
        prompt = " ".join(_EMPHASIS[kind].format(escape(words)) for words, kind in pieces)
        if prompt:
            facts.append(f"“{prompt}”")
        return " · ".join(facts) or escape(self.tr("Same prompt, seed, size and style"))

    def _compared(self, video: Video, others: Sequence[Video]) -> list[tuple[str, str, list[str]]]:
        """Each fact: what it is called, what it is here, and what it is with the others."""
        seed, size, style = self.tr("seed"), self.tr("size"), self.tr("style")
        return [
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

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.FontChange:
            self._fit_facts()

    def _fit_facts(self) -> None:
        self._facts.setFixedHeight(_LINES * self._facts.fontMetrics().lineSpacing())

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
        line.addWidget(self._marks)
        layout.addLayout(line)
        layout.addWidget(self._facts)
        self._facts.setContentsMargins(8, 0, 8, 0)
        self._fit_facts()
