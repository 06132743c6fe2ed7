"""What is selected, as runs of rows: a hundred thousand rows that are all selected are one of them."""

from collections.abc import Iterable, Sequence
from itertools import islice, pairwise

from PySide6.QtCore import QItemSelection, QItemSelectionModel

from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.video_table_model import VideoTableModel

Span = tuple[int, int]


def spans_of(rows: Sequence[int]) -> list[Span]:
    """Sorted numbers as runs: 1 2 3 7 as (1, 3), (7, 7)."""
    breaks = [at for at, (one, other) in enumerate(pairwise(rows), 1) if other - one > 1]
    edges = [0, *breaks, len(rows)] if rows else []
    return [(rows[first], rows[end - 1]) for first, end in pairwise(edges)]


def selection_of(model: VideoTableModel, spans: Iterable[Span]) -> QItemSelection:
    """These runs of whole rows."""
    selection = QItemSelection()
    for first, last in spans:
        selection.select(model.index(first, 0), model.index(last, len(Column) - 1))
    return selection


def selected_spans(selected: QItemSelectionModel) -> list[Span]:
    """The selected runs from the top down, without looking at each row."""
    selection = selected.selection()
    return sorted({(span.top(), span.bottom()) for span in map(selection.at, range(selection.count()))})


def selected_rows(selected: QItemSelectionModel, most: int | None = None) -> list[int]:
    """The selected rows from the top down, or the first ``most`` of them, without looking at the others."""
    rows = (row for first, last in selected_spans(selected) for row in range(first, last + 1))
    return list(islice(rows, most))
