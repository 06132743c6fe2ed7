"""The bar beside the list: groups by status, accounts, tags, batches and saved searches, with live counts."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QLocale, QModelIndex, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from pixverse_desktop.core.query import quoted
from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.services.census import Census
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.side_items import Leaf, children, leaf_of, new_item, put, sync

_REFRESH_AFTER_MS = 150
_MOST_LISTED = 200
_MORE = "more"
_UPWARDS = (QAbstractItemView.CursorAction.MoveUp, QAbstractItemView.CursorAction.MovePageUp)


class SideBar(QTreeWidget):
    """Groups to choose from; each stands for a search.

    Signals:
        query_chosen(str): the search of the group that was chosen; empty for all.
        view_removal_requested(str): the name of a saved search that is wanted no more.
        tag_renaming_requested(str): the name of a tag that is wanted under another name.
    """

    query_chosen = Signal(str)
    view_removal_requested = Signal(str)
    tag_renaming_requested = Signal(str)

    def __init__(self, census: Census, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._census = census
        self._views: dict[str, str] = {}
        self._view_counts: Mapping[str, int] = {}
        self._listed: dict[str, int] = {}
        self._is_filling = False
        self.setObjectName("sideBar")
        self.setAccessibleName(self.tr("Groups"))
        self._set_behaviour()
        self._status_items = [self._top(new_item(Leaf("group", *each))) for each in self._groups()]
        self._accounts = self._heading(self.tr("Accounts"))
        self._tags = self._heading(self.tr("Tags"))
        self._batches = self._heading(self.tr("Batches"))
        self._searches = self._heading(self.tr("Saved searches"))
        self.setCurrentItem(self._status_items[0])
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_REFRESH_AFTER_MS)
        self._later.timeout.connect(self.refresh)
        self.currentItemChanged.connect(lambda *_: self._tell())
        self.customContextMenuRequested.connect(self._show_menu)
        self.refresh()
        self.refresh_icons()

    @property
    def query(self) -> str:
        """The search of the chosen group."""
        leaf = leaf_of(self.currentItem())
        return leaf.query if leaf is not None else ""

    @property
    def group(self) -> str:
        """The name of the chosen group; empty for all."""
        leaf = leaf_of(self.currentItem())
        return leaf.name if leaf is not None and leaf.query else ""

    @property
    def views(self) -> Mapping[str, str]:
        """The saved searches that are shown."""
        return self._views

    @property
    def usual_width(self) -> int:
        """Wide enough for the longest status and a large count."""
        metrics = self.fontMetrics()
        widest = max(metrics.horizontalAdvance(name) for name, _ in self._groups())
        return widest + metrics.horizontalAdvance(_figure(99_999)) + 48

    def choose_all(self) -> None:
        """Choose the group of all rows."""
        self.setCurrentItem(self._status_items[0])

    def refresh_later(self) -> None:
        """Count anew, a moment after the last of many changes."""
        if not self._later.isActive():
            self._later.start()

    def set_views(self, views: Mapping[str, str]) -> None:
        """Show these saved searches."""
        self._views = dict(views)
        self.refresh()

    def show_view_counts(self, counts: Mapping[str, int]) -> None:
        """Show how many rows fit each saved search, by its name."""
        self._view_counts = counts
        self._change(self._fill_views)

    def refresh(self) -> None:
        """Show the counts of now."""
        self._change(self._fill_all)

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        muted = QBrush(QColor(theme.colours().muted))
        for item, name in zip(self._status_items, self._icons(), strict=True):
            item.setIcon(0, theme.icon(name, theme.colours().muted))
        for heading in self._headings():
            heading.setForeground(0, muted)
        for item in self._leaves():
            item.setForeground(1, muted)

    def _groups(self) -> list[tuple[str, str]]:
        """Words and search of each group; in step with ``_icons`` and ``_counts``."""
        return [
            (self.tr("All"), ""),
            (self.tr("In progress"), "is:open"),
            (self.tr("Needs you"), "is:needs-you"),
            (self.tr("Ready"), "status:ready"),
            (self.tr("Not saved yet"), "is:unsaved"),
            (self.tr("Saved"), "is:saved"),
            (self.tr("Moderated"), "status:moderated"),
            (self.tr("Failed"), "status:failed"),
            (self.tr("Not found"), "status:not_found"),
            (self.tr("Deleted"), "status:deleted"),
            (self.tr("Rejected"), "is:rejected"),
        ]

    def _icons(self) -> list[str]:
        first = ["film", "hourglass", "stopped", "ready", "save", "check", "blocked"]
        return [*first, "failed", "not-found", "deleted", "trash"]

    def _counts(self) -> list[int]:
        census = self._census
        return [
            census.total,
            census.open,
            census.needs_you,
            census.statuses[VideoStatus.READY],
            census.unsaved,
            census.saved,
            census.statuses[VideoStatus.MODERATED],
            census.statuses[VideoStatus.FAILED],
            census.statuses[VideoStatus.NOT_FOUND],
            census.statuses[VideoStatus.DELETED],
            census.rejected,
        ]

    # Filling: lines that stay are left where they are, so that nothing scrolls or is chosen anew

    def _change(self, fill: Callable[[], None]) -> None:
        leaf, scroll = leaf_of(self.currentItem()), self.verticalScrollBar().value()
        self._is_filling = True
        fill()
        self._is_filling = False
        if leaf is not None and leaf_of(self.currentItem()) != leaf:
            self._keep(leaf)
        self.verticalScrollBar().setValue(scroll)

    def _keep(self, leaf: Leaf) -> None:
        """The chosen line is gone, moved, or stands for another search than it did."""
        found = [item for item in self._leaves() if (each := leaf_of(item)) and each.key == leaf.key]
        item = found[0] if found else self._status_items[0]
        is_same_search = bool(found) and self._query_of(item) == leaf.query
        self._is_filling = True
        self.setCurrentItem(item)
        self._is_filling = False
        if not is_same_search:
            self._tell()

    def _query_of(self, item: QTreeWidgetItem) -> str:
        leaf = leaf_of(item)
        return leaf.query if leaf is not None else ""

    def _fill_all(self) -> None:
        chosen = self.currentItem()
        for item, group, count in zip(self._status_items, self._groups(), self._counts(), strict=True):
            put(item, Leaf("group", *group, _figure(count)))
            item.setHidden(count == 0 and item is not self._status_items[0] and item is not chosen)
        accounts, tags, batches = self._census.accounts, self._census.tags, self._census.batches
        named = {name: accounts[name] for name in sorted(accounts, key=str.casefold) if accounts[name] > 0}
        self._fill(self._accounts, "account", named if len(named) > 1 else {})
        self._fill(self._tags, "tag", {tag: tags[tag] for tag in sorted(tags, key=str.casefold)})
        self._fill(self._batches, "batch", {batch: batches[batch] for batch in reversed(batches)})
        self._fill_views()

    def _fill(self, heading: QTreeWidgetItem, name: str, counts: Mapping[str, int]) -> None:
        """Fill a heading in the order of ``counts``, as far as a person has asked to see."""
        leaves = [
            Leaf(name, each, f"{name}:{quoted(each)}", _figure(count))
            for each, count in counts.items()
            if count > 0
        ]
        most = self._listed.get(name, _MOST_LISTED)
        if len(leaves) > most:
            words = self.tr("%1 more…").replace("%1", _figure(len(leaves) - most))
            leaves[most:] = [Leaf(_MORE, name, "", words=words)]
        sync(heading, leaves)

    def _fill_views(self) -> None:
        counts = self._view_counts
        leaves = [
            Leaf("view", name, query, QLocale().toString(counts[name]) if name in counts else "")
            for name, query in self._views.items()
        ]
        sync(self._searches, leaves)

    def _show_more(self, name: str) -> None:
        self._listed[name] = self._listed.get(name, _MOST_LISTED) + _MOST_LISTED
        self.refresh()

    def _headings(self) -> Sequence[QTreeWidgetItem]:
        return (self._accounts, self._tags, self._batches, self._searches)

    def _leaves(self) -> list[QTreeWidgetItem]:
        return [*self._status_items, *(child for each in self._headings() for child in children(each))]

    def _top(self, item: QTreeWidgetItem) -> QTreeWidgetItem:
        self.addTopLevelItem(item)
        return item

    def _heading(self, words: str) -> QTreeWidgetItem:
        item = self._top(QTreeWidgetItem([words, ""]))
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.setExpanded(True)
        return item

    def _tell(self) -> None:
        if not self._is_filling:
            self.query_chosen.emit(self.query)

    # Hands

    def moveCursor(self, action: QAbstractItemView.CursorAction, held: Qt.KeyboardModifier) -> QModelIndex:
        """Step over headings, and let more come when the end of what is listed is reached."""
        index = super().moveCursor(action, held)
        step = self.indexAbove if action in _UPWARDS else self.indexBelow
        while index.isValid() and not self._can_be_chosen(index):
            leaf, last = leaf_of(self.itemFromIndex(index)), self.itemFromIndex(self.indexAbove(index))
            if leaf is not None and step == self.indexBelow:
                self._show_more(leaf.name)
                index = self.indexFromItem(last)
            index = step(index)
        return index if index.isValid() else self.currentIndex()

    def _can_be_chosen(self, index: QModelIndex) -> bool:
        leaf = leaf_of(self.itemFromIndex(index))
        return leaf is not None and leaf.kind != _MORE

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A heading is no group, and what asks for more is none either."""
        item = self.itemAt(event.position().toPoint())
        leaf = leaf_of(item)
        if leaf is not None and leaf.kind == _MORE:
            self._show_more(leaf.name)
        elif leaf is not None:
            super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        leaf = leaf_of(self.currentItem())
        deeds = self._deeds(leaf) if leaf is not None else {}
        if event.key() in deeds:
            deeds[Qt.Key(event.key())][1]()
        else:
            super().keyPressEvent(event)

    def _deeds(self, leaf: Leaf) -> dict[Qt.Key, tuple[str, Callable[[], None]]]:
        """What can be done to a group, by key: its words and how."""
        if leaf.kind == "view":
            removing = partial(self.view_removal_requested.emit, leaf.name)
            return {Qt.Key.Key_Delete: (self.tr("Remove this search"), removing)}
        if leaf.kind == "tag":
            renaming = partial(self.tag_renaming_requested.emit, leaf.name)
            return {Qt.Key.Key_F2: (self.tr("Rename this tag…"), renaming)}
        return {}

    def _show_menu(self, position: QPoint) -> None:
        leaf = leaf_of(self.itemAt(position))
        deeds = self._deeds(leaf) if leaf is not None else {}
        if deeds:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            for key, (words, deed) in deeds.items():
                action = menu.addAction(words)
                action.setShortcut(key)
                action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
                action.triggered.connect(lambda _=False, deed=deed: deed())
            menu.popup(self.viewport().mapToGlobal(position))

    def _set_behaviour(self) -> None:
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setItemsExpandable(False)
        self.setIndentation(10)
        self.setUniformRowHeights(True)
        self.setMinimumWidth(self.usual_width * 3 // 4)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)


def _figure(count: int) -> str:
    return QLocale().toString(count) if count else ""
