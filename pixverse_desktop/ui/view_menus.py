"""Columns and order of the table as menus, since no key reaches a header."""

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu

from pixverse_desktop.ui import messages
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.video_table import VideoTable

_AS_ADDED = -1
_UP, _DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


class ViewMenus(QObject):
    """A menu of the columns and one of the order, which show how the table stands whenever they open."""

    def __init__(self, table: VideoTable) -> None:
        super().__init__(table)
        self._table = table
        self.columns = QMenu(self.tr("&Columns"), table)
        self.order = QMenu(self.tr("&Sort by"), table)
        self._shown = {column: _checkable(self.columns, column.name) for column in Column}
        self._orders = {
            _UP: self.order.addAction(self.tr("&Ascending")),
            _DOWN: self.order.addAction(self.tr("&Descending")),
        }
        self.order.addSeparator()
        self._sections = {_AS_ADDED: self.order.addAction(self.tr("Order of adding"))}
        self._sections |= {int(column): _checkable(self.order, column.name) for column in Column}
        _exclude_each_other(self.order, list(self._sections.values()))
        _exclude_each_other(self.order, list(self._orders.values()))
        self._connect()

    def open_columns(self, place: QPoint) -> None:
        """Open the menu of the columns somewhere on the screen."""
        self.columns.popup(place)

    def _connect(self) -> None:
        self.columns.aboutToShow.connect(self._show_columns)
        self.order.aboutToShow.connect(self._show_order)
        for column, action in self._shown.items():
            action.triggered.connect(lambda is_on, column=column: self._table.show_column(column, is_on))
        for section, action in self._sections.items():
            action.triggered.connect(lambda _, section=section: self._sort(section, self._order))
        for order, action in self._orders.items():
            action.triggered.connect(lambda _, order=order: self._sort(self._section, order))

    @property
    def _section(self) -> int:
        return self._table.horizontalHeader().sortIndicatorSection()

    @property
    def _order(self) -> Qt.SortOrder:
        return self._table.horizontalHeader().sortIndicatorOrder()

    def _sort(self, section: int, order: Qt.SortOrder) -> None:
        """Sort as a click on the header would, which shows the arrow too."""
        self._table.horizontalHeader().setSortIndicator(section, _UP if section == _AS_ADDED else order)

    def _show_columns(self) -> None:
        for column, action in self._shown.items():
            action.setChecked(not self._table.isColumnHidden(column))

    def _show_order(self) -> None:
        section = self._section if self._section in self._sections else _AS_ADDED
        self._sections[section].setChecked(True)
        self._orders[self._order].setChecked(True)
        for action in self._orders.values():
            action.setEnabled(section != _AS_ADDED)


def _checkable(menu: QMenu, name: str) -> QAction:
    action = menu.addAction(messages.column_title(name))
    action.setCheckable(True)
    return action


def _exclude_each_other(menu: QMenu, actions: list[QAction]) -> None:
    group = QActionGroup(menu)
    for action in actions:
        action.setCheckable(True)
        group.addAction(action)
