"""The page with the list: groups, table, player and details, kept in step with each other."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCursor, QKeySequence, QShortcut
from PySide6.QtWidgets import QLabel, QMenu, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from pixverse_desktop.core.events import (
    Event,
    ListReplaced,
    MarksChanged,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
)
from pixverse_desktop.core.query import parse_query
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.census import Census
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui import messages, theme
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.details import DetailsPanel
from pixverse_desktop.ui.player import PlayerPanel
from pixverse_desktop.ui.search_field import SearchField
from pixverse_desktop.ui.side_bar import SideBar
from pixverse_desktop.ui.video_table import VideoTable
from pixverse_desktop.ui.video_table_model import VideoTableModel


class ListPage(QSplitter):
    """Shows the list. ``search`` is made here and put where the window wishes.

    Signals:
        selection_changed(): other rows are selected, or what can be done with them changed.
    """

    selection_changed = Signal()

    def __init__(self, engine: Engine, census: Census, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._engine = engine
        self.model = VideoTableModel(engine.clock.now_s, self, engine.library.marks)
        # A splitter takes in every child at once, in the order of making: so they get their parents later.
        self.table = VideoTable(self.model)
        self.player = PlayerPanel(engine.clips, engine.nursery, engine.settings)
        self.details = DetailsPanel()
        self.side_bar = SideBar(census)
        self.search = SearchField()
        self._empty = _NothingFits()
        self._lay_out()
        self._connect()
        self._add_row_keys()
        self.model.reset(engine.library)

    @property
    def splitters(self) -> dict[str, QSplitter]:
        """What can be dragged, by the names it is remembered under."""
        return {"side": self, "player": self._side}

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

    def show_videos(self, refs: Sequence[VideoRef]) -> None:
        """Select these rows; if group and search hide one of them, they make way."""
        if any(self.model.row(ref) is None for ref in refs):
            self.clear_search()
        self.table.show_videos(refs)

    def clear_search(self) -> None:
        """Show all rows."""
        self.side_bar.choose_all()
        self.search.clear()
        self._apply()

    def on_event(self, event: Event) -> None:
        """Follow what happened."""
        if isinstance(event, ListReplaced):
            self.model.reset(self._engine.library)
        self.model.on_event(event)
        match event:
            case VideosChanged(changes):
                for before, after in changes:
                    self._follow(before, after)
            case MarksChanged(refs) if self.table.current_ref() in refs:
                self._show_details()
        if isinstance(event, VideosAdded | VideosRemoved | VideosChanged | MarksChanged | ListReplaced):
            self.side_bar.refresh_later()

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        self.player.controls.refresh_icons()
        self.side_bar.refresh_icons()
        self.search.refresh_icons()

    def _follow(self, before: Video, after: Video) -> None:
        """Keep player and details in step; the first clip that comes plays if nothing is selected."""
        current = self.table.current_ref()
        if current is None and after.is_fetchable and not before.is_fetchable:
            self.table.show_video(after.ref)
        elif current == after.ref:
            self.player.update_video(after)
            self._show_details()
            self.selection_changed.emit()

    def _on_current_changed(self, ref: VideoRef | None) -> None:
        self.player.show_video(self._engine.library.get(ref) if ref is not None else None)
        self._show_details()
        self.selection_changed.emit()

    def _show_details(self) -> None:
        ref = self.table.current_ref()
        video = self._engine.library.get(ref) if ref is not None else None
        marks = self._engine.library.marks(ref) if ref is not None else None
        self.details.show_video(video, marks, now_s=self._engine.clock.now_s())

    def _apply(self) -> None:
        """Show what fits group and search together."""
        text = f"{self.side_bar.query} {self.search.text()}"
        self.model.set_query(parse_query(text, datetime.now().astimezone().tzinfo or UTC))

    def _on_shown_changed(self) -> None:
        nothing_fits = self.model.rowCount() == 0 and self.model.total > 0
        self._stack.setCurrentWidget(self._empty if nothing_fits else self.table)
        self.selection_changed.emit()

    def _show_column_menu(self) -> None:
        """Let a person choose what the table shows."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in Column:
            action = menu.addAction(messages.column_title(column.name))
            action.setCheckable(True)
            action.setChecked(not self.table.isColumnHidden(column))
            action.toggled.connect(lambda is_on, column=column: self.table.show_column(column, is_on))
        menu.popup(QCursor.pos())

    def _lay_out(self) -> None:
        self._stack = QStackedWidget()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        self._side = QSplitter(Qt.Orientation.Vertical)
        for splitter, parts, weights in (
            (self._side, [self.player, self.details], [3, 2]),
            (self, [self.side_bar, self._stack, self._side], [0, 13, 7]),
        ):
            splitter.setHandleWidth(8)
            splitter.setChildrenCollapsible(False)
            for number, (part, weight) in enumerate(zip(parts, weights, strict=True)):
                splitter.addWidget(part)
                splitter.setStretchFactor(number, weight)
        self.setSizes([160, 840, 390])
        self._side.setSizes([410, 290])

    def _connect(self) -> None:
        self.table.current_video_changed.connect(self._on_current_changed)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.table.horizontalHeader().customContextMenuRequested.connect(lambda _: self._show_column_menu())
        self.model.shown_changed.connect(self._on_shown_changed)
        self.side_bar.query_chosen.connect(lambda _: self._apply())
        self.search.textChanged.connect(lambda _: self._apply())
        self.search.left.connect(self.table.setFocus)
        self._empty.cleared.connect(self.clear_search)

    def _add_row_keys(self) -> None:
        """Keys that act on the selected clip while the list has the focus."""
        keys: dict[Qt.Key, Callable[[], None]] = {
            Qt.Key.Key_Space: self.player.playback.toggle,
            Qt.Key.Key_M: self.player.controls.toggle_mute,
            Qt.Key.Key_L: self.player.controls.toggle_loop,
            Qt.Key.Key_F: self.player.toggle_full_screen,
        }
        for key, deed in keys.items():
            shortcut = QShortcut(QKeySequence(key), self.table)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(deed)


class _NothingFits(QWidget):
    """In the table's place when group and search leave nothing.

    Signals:
        cleared(): the person wishes to see all rows again.
    """

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        picture = QLabel(self)
        picture.setPixmap(theme.icon("search", theme.colours().muted).pixmap(40, 40))
        words = QLabel(self.tr("No video fits this search."), self)
        words.setObjectName("muted")
        button = QPushButton(self.tr("Clear the search"), self)
        button.clicked.connect(self.cleared)
        layout = QVBoxLayout(self)
        layout.addStretch(1)
        for part in (picture, words, button):
            layout.addWidget(part, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
