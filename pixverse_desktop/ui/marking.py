"""Tags, ratings, rejects, notes and batches of the selected videos, each of which can be taken back."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.marks import (
    Marking,
    Marks,
    batched,
    clean_tag,
    noted,
    rated,
    rejected,
    with_tag,
    without_tag,
)
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.census import Census
from pixverse_desktop.services.library import Library
from pixverse_desktop.ui.actions import Actions
from pixverse_desktop.ui.list_views import ListViews
from pixverse_desktop.ui.mark_dialogs import TagDialog, TextDialog
from pixverse_desktop.ui.undo import History, Marked
from pixverse_desktop.ui.video_table import VideoTable

Deed = Callable[[list[VideoRef]], None]


class MarkCommands(QObject):
    """Deeds on what a person says of videos."""

    def __init__(self, library: Library, census: Census, history: History, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._library = library
        self._census = census
        self._history = history

    def rate(self, refs: Sequence[VideoRef], rating: int) -> None:
        """Give 1 to 5, or 0 to take the rating back."""
        self._mark(refs, rated(rating), self._title(self.tr("Rate"), self.tr("Rate %1 videos"), refs))

    def toggle_reject(self, refs: Sequence[VideoRef]) -> None:
        """Reject, or take it back if all are rejected."""
        are_all = all(self._library.marks(ref).is_rejected for ref in refs)
        of_one = self.tr("Take back reject") if are_all else self.tr("Reject")
        of_many = self.tr("Take back %1 rejects") if are_all else self.tr("Reject %1 videos")
        self._mark(refs, rejected(not are_all), self._title(of_one, of_many, refs))

    def ask_tags(self, refs: Sequence[VideoRef]) -> None:
        """Open the window for tags."""
        if refs:
            counts = Counter(tag for ref in refs for tag in self._library.marks(ref).tags)
            shares = {tag: count / len(refs) for tag, count in counts.items()}
            title = self._title(self.tr("Tags"), self.tr("Tags of %1 videos"), refs)
            TagDialog(title, shares, self._known_tags(), partial(self.tag, refs), self._window).open()

    def tag(self, refs: Sequence[VideoRef], added: Sequence[str], removed: Sequence[str] = ()) -> None:
        """Add and remove tags. A tag that is known is spelt as it is known."""
        known = {tag.casefold(): tag for tag in self._known_tags()}
        spelt = [known.setdefault(tag.casefold(), tag) for tag in added]
        if spelt or removed:
            deed = self._title(self.tr("Tag"), self.tr("Tag %1 videos"), refs)
            self._mark(refs, _retagging(spelt, removed), deed)

    def ask_new_name(self, tag: str) -> None:
        """Open the window for another name of a tag."""
        name, title = self.tr("New name"), self.tr("Rename the tag “%1”").replace("%1", tag)
        TextDialog(name, title, tag, partial(self.rename_tag, tag), self._window).open()

    def rename_tag(self, tag: str, wanted: str) -> None:
        """Give a tag another name, wherever it is; that of another tag makes one of the two."""
        new = clean_tag(wanted)
        known = {each.casefold(): each for each in self._known_tags() if each != tag}
        new = known.get(new.casefold(), new)
        if new and new != tag:
            refs = [video.ref for video in self._library if tag in self._library.marks(video.ref).tags]
            self._mark(refs, _retagging([new], [tag]), self.tr("Rename tag"))

    def ask_note(self, refs: Sequence[VideoRef]) -> None:
        """Open the window for a note."""
        if refs:
            name = self.tr("Note")
            title = self._title(name, self.tr("Note for %1 videos"), refs)
            text = _shared(self._library.marks(ref).note for ref in refs)
            give = partial(self._give_text, refs, noted, title)
            TextDialog(name, title, text, give, self._window, is_long=True).open()

    def ask_batch(self, refs: Sequence[VideoRef]) -> None:
        """Open the window for the name of a batch."""
        if refs:
            name = self.tr("Batch")
            title = self._title(name, self.tr("Batch of %1 videos"), refs)
            text = _shared(self._library.marks(ref).batch for ref in refs)
            TextDialog(name, title, text, partial(self._give_text, refs, batched, title), self._window).open()

    def serve(self, actions: Actions, views: ListViews) -> None:
        """Do each mark by the menu, and by a single key while the list has the focus."""
        pairs: list[tuple[QAction, str, Deed]] = [
            (actions.tags, "T", self.ask_tags),
            (actions.note, "N", self.ask_note),
            (actions.batch, "B", self.ask_batch),
            (actions.reject, "X", self.toggle_reject),
        ]
        for stars, action in enumerate(actions.ratings):
            pairs.append((action, str(stars), partial(self.rate, rating=stars)))
        for action, key, deed in pairs:
            shortcut = QShortcut(QKeySequence(key), views)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            for signal in (action.triggered, shortcut.activated):
                signal.connect(partial(_do_to_selected, deed, views.table))

    def single_keys(self, chosen: Callable[[], VideoRef | None]) -> dict[str, Callable[[], None]]:
        """What rates and rejects the one video that is ``chosen``, by the names of the keys."""

        def do(deed: Deed) -> None:
            if (ref := chosen()) is not None:
                deed([ref])

        ratings = {str(stars): partial(do, partial(self.rate, rating=stars)) for stars in range(6)}
        return {"X": partial(do, self.toggle_reject), **ratings}

    def _give_text(
        self, refs: Sequence[VideoRef], marking: Callable[[str], Marking], deed: str, text: str
    ) -> None:
        self._mark(refs, marking(text), deed)

    def _known_tags(self) -> list[str]:
        return [tag for tag, count in self._census.tags.items() if count > 0]

    def _title(self, of_one: str, of_many: str, refs: Sequence[VideoRef]) -> str:
        """What a window or a deed is called, which says of how many videos where there are several."""
        return of_one if len(refs) == 1 else of_many.replace("%1", QLocale().toString(len(refs)))

    def _mark(self, refs: Sequence[VideoRef], marking: Marking, text: str) -> None:
        if refs:
            self._history.push(Marked(refs, marking, self._library, self._history, text))


def _retagging(added: Sequence[str], removed: Sequence[str]) -> Marking:
    def marking(marks: Marks) -> Marks:
        for tag in removed:
            marks = without_tag(tag)(marks)
        for tag in added:
            marks = with_tag(tag)(marks)
        return marks

    return marking


def _shared(texts: Iterable[str]) -> str | None:
    """The one text all have, or None if they differ."""
    different = set(texts)
    return different.pop() if len(different) == 1 else None


def _do_to_selected(deed: Deed, table: VideoTable, *_: object) -> None:
    deed([video.ref for video in table.selected_videos()])
