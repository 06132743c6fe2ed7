"""The bar beside the list: groups by status, accounts, tags, batches and saved searches, with live counts."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QLocale, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QTreeWidget, QTreeWidgetItem, QWidget

from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.services.census import Census
from pixverse_desktop.ui import theme

_QUERY = Qt.ItemDataRole.UserRole
_VIEW = Qt.ItemDataRole.UserRole + 1
_REFRESH_AFTER_MS = 150
_MOST_LISTED = 200


class SideBar(QTreeWidget):
    """Groups to choose from; each stands for a search.

    Signals:
        query_chosen(str): the search of the group that was chosen; empty for all.
        view_removal_requested(str): the name of a saved search that is wanted no more.
    """

    query_chosen = Signal(str)
    view_removal_requested = Signal(str)

    def __init__(self, census: Census, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._census = census
        self._views: dict[str, str] = {}
        self._is_filling = False
        self.setObjectName("sideBar")
        self.setAccessibleName(self.tr("Groups"))
        self._set_behaviour()
        self._status_items = [self._leaf(None, *each) for each in self._groups()]
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

    @property
    def query(self) -> str:
        """The search of the chosen group."""
        item = self.currentItem()
        return str(item.data(0, _QUERY) or "") if item is not None else ""

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

    def refresh(self) -> None:
        """Show the counts of now."""
        self._is_filling = True
        chosen = self.query
        for item, count in zip(self._status_items, self._counts(), strict=True):
            item.setText(1, _figure(count))
            item.setHidden(
                count == 0 and item is not self._status_items[0] and item.data(0, _QUERY) != chosen
            )
        named = {name: count for name, count in self._census.accounts.items() if count > 0}
        self._fill(self._accounts, "account", named if len(named) > 1 else {})
        self._fill(self._tags, "tag", self._census.tags)
        self._fill(self._batches, "batch", self._census.batches)
        self._fill_views()
        self._choose(chosen)
        self._is_filling = False

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        for item, (_, name, _) in zip(self._status_items, self._groups(), strict=True):
            item.setIcon(0, theme.icon(name, theme.colours().muted))
        for heading in (self._accounts, self._tags, self._batches, self._searches):
            heading.setForeground(0, QBrush(QColor(theme.colours().muted)))
        for item in self._leaves():
            item.setForeground(1, QBrush(QColor(theme.colours().muted)))

    def _groups(self) -> list[tuple[str, str, str]]:
        """Words, icon and search of each group; in step with ``_counts``."""
        return [
            (self.tr("All"), "film", ""),
            (self.tr("In progress"), "hourglass", "is:open"),
            (self.tr("Needs you"), "stopped", "is:needs-you"),
            (self.tr("Ready"), "ready", "status:ready"),
            (self.tr("Not saved yet"), "save", "is:unsaved"),
            (self.tr("Saved"), "check", "is:saved"),
            (self.tr("Moderated"), "blocked", "status:moderated"),
            (self.tr("Failed"), "failed", "status:failed"),
            (self.tr("Not found"), "not-found", "status:not_found"),
            (self.tr("Deleted"), "deleted", "status:deleted"),
            (self.tr("Rejected"), "trash", "is:rejected"),
        ]

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

    def _fill(self, heading: QTreeWidgetItem, name: str, counts: Mapping[str, int]) -> None:
        wanted = sorted((each for each, count in counts.items() if count > 0), key=str.casefold)[
            :_MOST_LISTED
        ]
        self._replace(heading, ((each, f'{name}:"{each}"', _figure(counts[each]), "") for each in wanted))

    def _fill_views(self) -> None:
        self._replace(self._searches, ((name, query, "", name) for name, query in self._views.items()))

    def _replace(self, heading: QTreeWidgetItem, leaves: Iterable[tuple[str, str, str, str]]) -> None:
        wanted = list(leaves)
        shown = [
            (child.text(0), child.data(0, _QUERY), child.text(1), child.data(0, _VIEW))
            for child in _children(heading)
        ]
        if wanted != shown:
            heading.takeChildren()
            for words, query, count, view in wanted:
                item = self._leaf(heading, words, "", query)
                item.setText(1, count)
                item.setData(0, _VIEW, view)
        heading.setHidden(not wanted)

    def _choose(self, query: str) -> None:
        """Keep the chosen group chosen, or go back to all if it is gone."""
        found = [item for item in self._leaves() if item.data(0, _QUERY) == query]
        self.setCurrentItem(found[0] if found else self._status_items[0])
        if not found:
            self.query_chosen.emit("")

    def _leaves(self) -> list[QTreeWidgetItem]:
        headings = (self._accounts, self._tags, self._batches, self._searches)
        return [*self._status_items, *(child for each in headings for child in _children(each))]

    def _leaf(self, heading: QTreeWidgetItem | None, words: str, icon: str, query: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([words, ""])
        item.setData(0, _QUERY, query)
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setForeground(1, QBrush(QColor(theme.colours().muted)))
        item.setToolTip(0, "")
        if icon:
            item.setIcon(0, theme.icon(icon, theme.colours().muted))
        if heading is None:
            self.addTopLevelItem(item)
        else:
            heading.addChild(item)
        return item

    def _heading(self, words: str) -> QTreeWidgetItem:
        item = QTreeWidgetItem([words, ""])
        item.setFlags(Qt.ItemFlag.ItemIsEnabled)
        item.setForeground(0, QBrush(QColor(theme.colours().muted)))
        self.addTopLevelItem(item)
        item.setExpanded(True)
        return item

    def _tell(self) -> None:
        if not self._is_filling:
            self.query_chosen.emit(self.query)

    def _show_menu(self, position: QPoint) -> None:
        item = self.itemAt(position)
        name = str(item.data(0, _VIEW) or "") if item is not None else ""
        if name:
            menu = QMenu(self)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            remove = menu.addAction(theme.icon("trash"), self.tr("Remove this search"))
            remove.triggered.connect(lambda: self.view_removal_requested.emit(name))
            menu.popup(self.viewport().mapToGlobal(position))

    def _set_behaviour(self) -> None:
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setIndentation(10)
        self.setUniformRowHeights(True)
        self.setMinimumWidth(150)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)


def _children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    found = (item.child(place) for place in range(item.childCount()))
    return [child for child in found if child is not None]


def _figure(count: int) -> str:
    return QLocale().toString(count) if count else ""
