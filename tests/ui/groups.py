"""The bar of groups as a person sees it, and the hand that clicks there."""

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QTreeWidgetItemIterator

from tests.ui.desk import Desk, turns


def bar(desk: Desk) -> QTreeWidget:
    """The bar in sight."""
    return next(desk.visible(QTreeWidget))


def items(desk: Desk) -> Iterator[QTreeWidgetItem]:
    """Its lines in sight."""
    each = QTreeWidgetItemIterator(bar(desk))
    while (item := each.value()) is not None:
        parent = item.parent()
        if not item.isHidden() and (parent is None or not parent.isHidden()):
            yield item
        each += 1


def groups(desk: Desk) -> dict[str, str]:
    """Each line in sight with its count."""
    return {item.text(0): item.text(1) for item in items(desk)}


def chosen(desk: Desk) -> str:
    """The group that is chosen."""
    item = bar(desk).currentItem()
    return item.text(0) if item is not None else ""


def find(desk: Desk, name: str) -> QTreeWidgetItem:
    """The line with this name."""
    return next(item for item in items(desk) if item.text(0) == name)


async def click_group(desk: Desk, name: str) -> None:
    """Choose a group with the mouse."""
    tree = bar(desk)
    item = find(desk, name)
    tree.scrollToItem(item)
    middle = tree.visualItemRect(item).center()
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    await turns()
