"""The lines of the bar of groups: what each stands for, and how a heading's lines follow in place."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor
from PySide6.QtWidgets import QTreeWidgetItem

from pixverse_desktop.ui import messages, theme

_LEAF = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Leaf:
    """One group.

    Attributes:
        kind: what sort of group; two of one kind have different names.
        query: the search it stands for.
        count: its figure as shown; empty for none.
        words: what is shown in place of the name.
    """

    kind: str
    name: str
    query: str
    count: str = ""
    words: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by while its count and its search change."""
        return self.kind, self.name


def leaf_of(item: QTreeWidgetItem | None) -> Leaf | None:
    """The group a line stands for; None for a heading."""
    found = None if item is None else item.data(0, _LEAF)
    return found if isinstance(found, Leaf) else None


def new_item(leaf: Leaf) -> QTreeWidgetItem:
    """A line for a group."""
    item = QTreeWidgetItem()
    item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    item.setForeground(1, QBrush(QColor(theme.colours().muted)))
    put(item, leaf)
    return item


def put(item: QTreeWidgetItem, leaf: Leaf) -> None:
    """Let a line show how its group stands now."""
    if leaf_of(item) != leaf:
        item.setData(0, _LEAF, leaf)
        item.setText(0, leaf.words or leaf.name)
        item.setText(1, leaf.count)
        item.setToolTip(0, messages.tool_tip(leaf.words or leaf.name))


def sync(heading: QTreeWidgetItem, leaves: Sequence[Leaf]) -> None:
    """Let a heading have these lines, leaving alone those that are there already."""
    wanted = {leaf.key for leaf in leaves}
    for item in children(heading):
        if (leaf := leaf_of(item)) is None or leaf.key not in wanted:
            heading.removeChild(item)
    known = {leaf.key: item for item in children(heading) if (leaf := leaf_of(item)) is not None}
    for place, leaf in enumerate(leaves):
        item = known.get(leaf.key) or new_item(leaf)
        if heading.indexOfChild(item) != place:
            heading.removeChild(item)
            heading.insertChild(place, item)
        put(item, leaf)
    heading.setHidden(not leaves)


def children(item: QTreeWidgetItem) -> list[QTreeWidgetItem]:
    """The lines under a heading."""
    found = (item.child(place) for place in range(item.childCount()))
    return [child for child in found if child is not None]
