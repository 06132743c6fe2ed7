"""Everything known about the selected videos, in words that can be copied."""

from collections.abc import Mapping
from typing import NamedTuple

from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.video import Video
from pixverse_desktop.ui import messages
from pixverse_desktop.ui.clip_facts import NO_FACTS, ClipFacts


class SeveralValues(NamedTuple):
    """What several videos have in common.

    Attributes:
        videos: how many they are.
        prompts: as HTML, in which every foreign text was escaped.
        facts: a text for each fact, empty where there is nothing to tell.
    """

    videos: int
    prompts: str
    facts: Mapping[str, str]


class DetailsPanel(QScrollArea):
    """Prompt and facts of one video, or of several together. Foreign text is never read as HTML."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(self.tr("Details of the video"))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = QWidget(self)
        self._inner.setObjectName("panelInner")
        self._nothing = _label(is_muted=True)
        self._nothing.setText(self.tr("What is known of the selected video stands here."))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._known = QWidget(self._inner)
        self._title = _label(is_muted=False)
        self._title.setObjectName("heading")
        self._count = 1
        self._clip = ""  # what its file tells of itself
        self._prompt = _label(is_muted=False)
        self._message = _label(is_muted=True)
        self._trouble = _label(is_muted=True)
        self._facts = {name: (_label(is_muted=True), _label(is_muted=False)) for name in self._names()}
        self._lay_out()
        self.show_video(None, now_s=0.0)
        self.show_clip(NO_FACTS)

    def show_trouble(self, words: str) -> None:
        """Say why the clip is not saved, as long as that is so."""
        self._trouble.setText(words)
        self._trouble.setVisible(bool(words) and self._count == 1)

    def show_clip(self, facts: ClipFacts) -> None:
        """Show what the file of the clip tells of itself."""
        self._clip = facts.text()
        if self._count == 1:
            self._show_fact("clip", self._clip)

    def show_video(self, video: Video | None, marks: Marks | None = None, *, now_s: float) -> None:
        """Show the facts of ``video``, leaving out what is not known."""
        self._known.setVisible(video is not None)
        self._nothing.setVisible(video is None)
        self._set_count(1)
        if video is None:
            return
        self._prompt.setTextFormat(Qt.TextFormat.PlainText)
        self._prompt.setText(video.prompt or self.tr("The prompt is not known yet."))
        self._message.setText(video.message)
        self._message.setVisible(bool(video.message))
        own = self._values(video, now_s) | self._mark_values(marks or NO_MARKS)
        self._fill(own | {"clip": self._clip})

    def show_count(self, count: int) -> None:
        """Say that ``count`` videos are selected. What is told of another number goes at once."""
        if count != self._count:
            self.show_several(SeveralValues(count, "", {}))

    def show_several(self, values: SeveralValues) -> None:
        """Show what several videos have in common, and how they differ."""
        self._nothing.hide()
        self._message.hide()
        self._trouble.hide()
        if values.videos != self._count:
            self._set_count(values.videos)
        self._prompt.setTextFormat(Qt.TextFormat.RichText)
        self._prompt.setText(values.prompts)
        self._fill(values.facts)

    def _set_count(self, count: int) -> None:
        self._count = count
        words = self.tr("%1 videos selected").replace("%1", QLocale().toString(count))
        self._title.setText(words)
        self._title.setVisible(count > 1)
        of_one, of_many = self.tr("Details of the video"), self.tr("Details of %1 videos")
        self.setAccessibleName(of_one if count == 1 else of_many.replace("%1", QLocale().toString(count)))
        names = self._names()
        self._facts["saved"][0].setText(names["saved"] if count == 1 else self.tr("Saved in"))

    def _fill(self, values: Mapping[str, str]) -> None:
        """Show these facts. Meanwhile they are out of sight: Qt lays all out anew for each that appears.

        Where a label has the focus, somebody marks its text, and the focus would be gone.
        """
        focus = QApplication.focusWidget()
        if focus is None or not self._known.isAncestorOf(focus):
            self._known.hide()
        for name in self._facts:
            self._show_fact(name, values.get(name, ""))
        self._known.show()

    def _show_fact(self, name: str, value: str) -> None:
        title, label = self._facts[name]
        if label.text() != value:
            label.setText(value)
        title.setVisible(bool(value))
        label.setVisible(bool(value))

    def _names(self) -> dict[str, str]:
        return {
            "id": self.tr("Video id"),
            "status": self.tr("Status"),
            "negative": self.tr("Without"),
            "style": self.tr("Style"),
            "seed": self.tr("Seed"),
            "picture": self.tr("Picture"),
            "clip": self.tr("Clip"),
            "size": self.tr("Size"),
            "credits": self.tr("Credits"),
            "created": self.tr("Created"),
            "elapsed": self.tr("Took"),
            "saved": self.tr("Saved as"),
            "account": self.tr("Account"),
            "rating": self.tr("Rating"),
            "tags": self.tr("Tags"),
            "batch": self.tr("Batch"),
            "note": self.tr("Note"),
        }

    def _values(self, video: Video, now_s: float) -> dict[str, str]:
        return {
            "id": video.video_id,
            "status": messages.status_word(video),
            "negative": video.negative_prompt,
            "style": video.style,
            "seed": str(video.seed) if video.seed else "",
            "picture": messages.resolution_text(video),
            "size": messages.size_text(video.saved_bytes or video.size_bytes),
            "credits": "" if video.credits is None else str(video.credits),
            "created": messages.moment_text(video.created_at_s),
            "elapsed": "" if video.status.is_open else messages.span_text(messages.elapsed_s(video, now_s)),
            "saved": video.saved_path,
        }

    def _mark_values(self, marks: Marks) -> dict[str, str]:
        rejected = self.tr("Rejected") if marks.is_rejected else ""
        return {
            "rating": "  ".join(part for part in ("★" * marks.rating, rejected) if part),
            "tags": ", ".join(marks.tags),
            "batch": marks.batch,
            "note": marks.note,
        }

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self._inner)
        outer.setContentsMargins(16, 14, 16, 14)
        outer.addWidget(self._nothing, 1)
        outer.addWidget(self._known)
        layout = QVBoxLayout(self._known)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self._title)
        layout.addWidget(self._prompt)
        layout.addWidget(self._message)
        layout.addWidget(self._trouble)
        form = QFormLayout()
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(6)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        names = self._names()
        for name, (title, value) in self._facts.items():
            title.setText(names[name])
            title.setAlignment(Qt.AlignmentFlag.AlignTop)  # beside the first of several lines
            form.addRow(title, value)
        layout.addLayout(form)
        layout.addStretch(1)
        self.setWidget(self._inner)


def _label(*, is_muted: bool) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if is_muted:
        label.setObjectName("muted")
    return label
