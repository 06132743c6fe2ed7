"""The page with the list: groups, table, player and details, kept in step with each other."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QLocale, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QCursor, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from pixverse_desktop.core.events import (
    Event,
    ListReplaced,
    MarksChanged,
    SaveProgressed,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
)
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.ports import PosterCache
from pixverse_desktop.core.query import parse_query
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.census import Census
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui.details import DetailsPanel
from pixverse_desktop.ui.in_front import is_in_front
from pixverse_desktop.ui.list_views import ListViews, ViewSwitch
from pixverse_desktop.ui.moving_tiles import MovingTiles
from pixverse_desktop.ui.nothing_fits import NothingFits
from pixverse_desktop.ui.player import PlayerPanel
from pixverse_desktop.ui.posters import Posters
from pixverse_desktop.ui.search_field import SearchField
from pixverse_desktop.ui.search_hints import SearchHint, search_hint
from pixverse_desktop.ui.several_details import SeveralDetails
from pixverse_desktop.ui.side_bar import SideBar
from pixverse_desktop.ui.stills import Stills
from pixverse_desktop.ui.usual_time import UsualTime
from pixverse_desktop.ui.video_table_model import VideoTableModel
from pixverse_desktop.ui.view_counting import ViewCounter
from pixverse_desktop.ui.view_menus import ViewMenus

_HANDLE = 8
_LOOK_AHEAD_MS = 400  # after turning to a clip, whose own opening comes first
_LIST_WIDTH = 320
_PLAYER_WIDTH = 260


class ListPage(QSplitter):
    """Shows the list. Where there is no room for all three parts, the groups make way: a search does as much.

    Signals:
        selection_changed(): other rows are selected, or what can be done with them changed.
    """

    selection_changed = Signal()

    def __init__(
        self, engine: Engine, census: Census, posters: PosterCache, parent: QWidget | None = None
    ) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._engine = engine
        self.model = VideoTableModel(engine.clock.now_s, self, engine.library.marks)
        # A splitter takes in every child at once, in the order of making: so they get their parents later.
        self._posters = Posters(engine.clips, posters, engine.nursery, self)
        self.moving = MovingTiles(engine.clips, engine.nursery, lambda: is_in_front(self), self)
        usual_s = UsualTime(engine.library, engine.clock.monotonic_s)
        self.views = ListViews(self.model, self._posters, self.moving, usual_s)
        self.table = self.views.table
        self.switch = ViewSwitch(self.views)
        self.player = PlayerPanel(engine.clips, engine.streams, engine.nursery, engine.settings)
        self.details = DetailsPanel()
        self._several = SeveralDetails(self.table, self.details, engine.clock, engine.nursery, self)
        self._stills = Stills(engine.clips, engine.nursery, self)
        self._look_ahead = QTimer(self, singleShot=True, interval=_LOOK_AHEAD_MS)
        self._look_ahead.timeout.connect(self._want_stills)
        self._details_soon = QTimer(self, singleShot=True, interval=0)  # a click changes cursor and selection
        self._details_soon.timeout.connect(self._show_details)
        self.side_bar = SideBar(census)
        self.search = SearchField()
        self.view_menus = ViewMenus(self.table)
        self._empty = NothingFits()
        self._view_counter = ViewCounter(engine.library, self)
        self._apply_soon = QTimer(self, singleShot=True, interval=0)  # once for all keys that are waiting
        self._apply_soon.timeout.connect(self._apply)
        self._lay_out()
        self._connect()
        self._add_row_keys()
        self.model.reset(engine.library)

    @property
    def splitters(self) -> dict[str, QSplitter]:
        """What can be dragged, by the names it is remembered under."""
        return {"side": self, "player": self._side}

    @property
    def query(self) -> str:
        """What is searched for, by group and field together."""
        return self._typed.strip()

    @property
    def _typed(self) -> str:
        """The same to its last space, which tells whether a word is finished."""
        return f"{self.side_bar.query} {self.search.text()}"

    def selected_refs(self) -> list[VideoRef]:
        """The selected rows from the top down."""
        return [video.ref for video in self.table.selected_videos()]

    def shown(self) -> Sequence[Video]:
        """All rows that fit group and search, in their order."""
        return self.model.videos()

    def show_video(self, ref: VideoRef) -> None:
        """Select a row, so that its clip plays; if group and search hide it, they make way."""
        if self.model.row(ref) is None:
            self.clear_search()
        self.table.show_video(ref)
        self.views.scroll_to_current()

    def show_videos(self, refs: Sequence[VideoRef]) -> None:
        """Select these rows; if group and search hide one of them, they make way."""
        if any(self.model.row(ref) is None for ref in refs):
            self.clear_search()
        self.table.show_videos(refs)
        self.views.scroll_to_current()

    def clear_search(self) -> None:
        """Show all rows."""
        self.side_bar.choose_all()
        self.search.clear()
        self._apply()

    def search_for(self, words: str) -> None:
        """Search all rows for ``words``; cursor and selection stay, and so does the keyboard."""
        self.side_bar.choose_all()
        self.search.setText(words)
        self.search.setCursorPosition(0)
        self._apply()

    def show_views(self, views: Mapping[str, str]) -> None:
        """Show these saved searches, and how many rows fit each."""
        self.side_bar.set_views(views)
        self._view_counter.set_views(views)

    def on_event(self, event: Event) -> None:
        """Follow what happened."""
        if isinstance(event, ListReplaced):
            self.model.reset(self._engine.library)
        self.model.on_event(event)
        match event:
            case VideosChanged(changes):
                for before, after in changes:
                    self._follow(before, after)
            case ListReplaced():
                self._on_current_changed(self.table.current_ref())
            case MarksChanged(refs) if self.table.current_ref() in refs:
                self._show_details()
            case SaveProgressed(ref, message=words) if ref == self.table.current_ref():
                self.details.show_trouble(words)
        if isinstance(event, VideosAdded | VideosRemoved | VideosChanged | MarksChanged | ListReplaced):
            self._several.follow_later()
            self.side_bar.refresh_later()
            self._view_counter.recount_later()

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        self.player.controls.refresh_icons()
        self.side_bar.refresh_icons()
        self.search.refresh_icons()
        self._empty.refresh_icons()

    def minimumSizeHint(self) -> QSize:
        """Without the groups, whether they are in sight or not."""
        least = super().minimumSizeHint()
        return QSize(_LIST_WIDTH + _HANDLE + _PLAYER_WIDTH, least.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        needed = self.side_bar.minimumWidth() + _LIST_WIDTH + _PLAYER_WIDTH + 2 * _HANDLE
        self.side_bar.setVisible(event.size().width() >= needed)
        super().resizeEvent(event)

    def _follow(self, before: Video, after: Video) -> None:
        """Keep player and details in step; the first clip that comes plays if nothing is selected."""
        if after.copy != before.copy:
            self.look_for_copies()
        current = self.table.current_ref()
        if current is None and after.is_fetchable and not before.is_fetchable:
            if self.table.selected_count() == 0 and not self.table.is_choice_hidden:
                self.table.show_video(after.ref)
        elif current == after.ref:
            self.player.update_video(after)
            self._show_details()
            self.selection_changed.emit()

    def look_for_copies(self) -> None:
        """A clip may have come to this machine."""
        self._posters.look_again()
        self.moving.look_again()

    def _on_current_changed(self, ref: VideoRef | None) -> None:
        video = self._engine.library.get(ref) if ref is not None else None
        self._stills.rest()
        self.player.show_video(video, self._stills.of(video) if video is not None else None)
        self._look_ahead.start()
        self._details_soon.start()
        self.selection_changed.emit()

    def knows_first_frame(self, video: Video) -> bool:
        """Whether its clip is seen at once when it is turned to."""
        return self._stills.of(video) is not None

    def _want_stills(self) -> None:
        """Of the rows below and above, which are turned to most often."""
        ref = self.table.current_ref()
        row = self.model.row(ref) if ref is not None else None
        if row is not None:
            near = [row + 1, row - 1, row + 2]
            self._stills.want([self.model.video(each) for each in near if 0 <= each < self.model.rowCount()])

    def _on_selection_changed(self) -> None:
        self._details_soon.start()
        self.selection_changed.emit()

    def _show_details(self) -> None:
        """Of the selected rows together where there are several, else of the one under the cursor."""
        ref = self.table.current_ref()
        video = self._engine.library.get(ref) if ref is not None else None
        marks = self._engine.library.marks(ref) if ref is not None else None
        self.player.show_title(self._title(video, marks))
        if self._several.follow():
            return
        self.details.show_video(video, marks, now_s=self._engine.clock.now_s())
        self.details.show_trouble(self.model.trouble(ref) if ref is not None else "")

    def _title(self, video: Video | None, marks: Marks | None) -> str:
        """The current row in a few words, with its place in the list, for where the list is not seen."""
        row = None if video is None else self.model.row(video.ref)
        if video is None or row is None or marks is None:
            return ""
        place = f"{QLocale().toString(row + 1)} / {QLocale().toString(self.model.rowCount())}"
        rejected = self.tr("Rejected") if marks.is_rejected else ""
        parts = (place, video.video_id, "★" * marks.rating, rejected)
        return "   ".join(part for part in parts if part)

    def _turn(self, by: int) -> None:
        """Go so many rows on in the order of the list, and stay at its ends."""
        ref = self.table.current_ref()
        row = self.model.row(ref) if ref is not None else None
        wanted = 0 if row is None else max(0, min(row + by, self.model.rowCount() - 1))
        if wanted == row:
            self._show_details()  # and say again where it is
        elif self.model.rowCount():
            self.show_video(self.model.video(wanted).ref)

    def _apply(self) -> None:
        """Show what fits group and search together."""
        self._apply_soon.stop()
        self.search.search_in(self.side_bar.group)
        zone = datetime.now().astimezone().tzinfo or UTC
        self.model.set_query(parse_query(self._typed, zone, is_typed=True))
        self._on_shown_changed()

    def _enter_list(self) -> None:
        """Go to the first row that was found. Where none was, stay: the search can be changed here."""
        if self._apply_soon.isActive():
            self._apply()
        if self.model.rowCount() == 0:
            return
        self.views.setFocus()
        if self.search.text() or self.table.selected_count() == 0:
            self.show_video(self.model.video(0).ref)

    def _on_shown_changed(self) -> None:
        nothing_fits = self.model.rowCount() == 0 and self.model.total > 0
        self._stack.setCurrentWidget(self._empty if nothing_fits else self.views)
        hint = search_hint(self._typed)
        self._empty.explain(hint)
        self._hint.explain(hint, is_read_elsewhere=nothing_fits)
        self.selection_changed.emit()

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.views)
        self._stack.addWidget(self._empty)
        self._side = QSplitter(Qt.Orientation.Vertical)
        self.column = self._list_column()
        for splitter, parts, weights in (
            (self._side, [self.player, self.details], [3, 2]),
            (self, [self.side_bar, self.column, self._side], [0, 13, 7]),
        ):
            splitter.setHandleWidth(_HANDLE)
            splitter.setChildrenCollapsible(False)
            for number, (part, weight) in enumerate(zip(parts, weights, strict=True)):
                splitter.addWidget(part)
                splitter.setStretchFactor(number, weight)
        self.column.setMinimumWidth(_LIST_WIDTH)
        self._side.setMinimumWidth(_PLAYER_WIDTH)
        self.setSizes([self.side_bar.usual_width, 800, 400])
        self.setFocusProxy(self.views)
        self._side.setSizes([410, 290])

    def _list_column(self) -> QWidget:
        """The search field above what it searches, where no tool bar can push it out of sight."""
        column = QWidget()
        column.setFocusProxy(self.views)
        layout = QVBoxLayout(column)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.switch)
        layout.addLayout(top)
        layout.addWidget(self._stack, 1)
        self._hint = SearchHint(self.search, column)
        return column

    def _connect(self) -> None:
        self.table.current_video_changed.connect(self._on_current_changed)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._on_selection_changed())
        self.table.horizontalHeader().customContextMenuRequested.connect(
            lambda _: self.view_menus.open_columns(QCursor.pos())
        )
        self.model.shown_changed.connect(self._on_shown_changed)
        self._view_counter.counted.connect(self.side_bar.show_view_counts)
        self.side_bar.query_chosen.connect(lambda _: self._apply())
        self.search.textChanged.connect(lambda _: self._apply_soon.start())
        self.player.playback.duration_changed.connect(lambda _: self.look_for_copies())
        self.player.playback.facts_changed.connect(self.details.show_clip)
        self.player.turn_requested.connect(self._turn)
        self.search.left.connect(self.views.setFocus)
        self.search.entered.connect(self._enter_list)
        self._empty.cleared.connect(self.clear_search)

    def _add_row_keys(self) -> None:
        """Keys that act on the selected clip while the list has the focus."""
        for key, deed in self.player.keys.items():
            shortcut = QShortcut(QKeySequence(key), self.views)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(deed)
