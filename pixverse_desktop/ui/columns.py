"""The columns of the table: how each shows a row, and by what it sorts."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from operator import attrgetter
from os.path import basename

from pixverse_desktop.ui import messages
from pixverse_desktop.ui.row_list import Row, SortKey


class Column(IntEnum):
    """The columns in their first order. Names are remembered; new ones are appended."""

    VIDEO_ID = 0
    STATUS = 1
    PROMPT = 2
    SIZE = 3
    RESOLUTION = 4
    CREATED = 5
    ELAPSED = 6
    RATING = 7
    TAGS = 8
    BATCH = 9
    SEED = 10
    STYLE = 11
    CREDITS = 12
    ADDED = 13
    FILE = 14
    NOTE = 15
    ACCOUNT = 16


FIRST_SHOWN = frozenset(
    {
        Column.VIDEO_ID,
        Column.STATUS,
        Column.PROMPT,
        Column.SIZE,
        Column.CREATED,
        Column.ELAPSED,
    }
)
_USUAL_WIDTH = 104
_WIDTHS = {
    Column.VIDEO_ID: 166,
    Column.STATUS: 160,  # for share and speed of a clip that is being saved
    Column.PROMPT: 176,  # and the spare room
    Column.SIZE: 80,
    Column.CREATED: 128,
    Column.ELAPSED: 74,
    Column.RATING: 84,
    Column.TAGS: 140,
    Column.BATCH: 140,
    Column.FILE: 200,
    Column.ACCOUNT: 112,
    Column.NOTE: 180,
}


def usual_width(column: Column) -> int:
    """The pixels a column takes until a person gives it others, with letters of usual size."""
    return _WIDTHS.get(column, _USUAL_WIDTH)


@dataclass(frozen=True, slots=True)
class Face:
    """How one column shows a row, given the wall clock in seconds, and by what it sorts."""

    text: Callable[[Row, float], str]
    order: SortKey
    is_figure: bool = False


def _plain_text(text: Callable[[Row], str]) -> Face:
    return Face(lambda row, _: text(row), lambda row: _folded(text(row)))


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    return text.casefold()


def _figure(text: Callable[[Row], str], order: SortKey) -> Face:
    return Face(lambda row, _: text(row), order, is_figure=True)


FACES: dict[Column, Face] = {
    Column.VIDEO_ID: _figure(lambda row: row.ref.video_id, lambda row: int(row.ref.video_id)),
    Column.STATUS: Face(
        lambda row, _: messages.status_word(row.video), lambda row: messages.status_order(row.video)
    ),
    Column.PROMPT: Face(
        lambda row, _: " ".join((row.video.prompt or row.video.message).split()), attrgetter("prompt")
    ),
    Column.SIZE: _figure(
        lambda row: messages.size_text(row.video.saved_bytes or row.video.size_bytes),
        lambda row: row.video.saved_bytes or row.video.size_bytes,
    ),
    Column.RESOLUTION: _figure(
        lambda row: messages.resolution_text(row.video),
        lambda row: (row.video.width * row.video.height, row.video.width),
    ),
    Column.CREATED: _figure(
        lambda row: messages.short_moment_text(row.video.created_at_s),
        lambda row: row.video.created_at_s or 0.0,
    ),
    Column.ELAPSED: Face(
        lambda row, now_s: messages.span_text(messages.elapsed_s(row.video, now_s)),
        lambda row: messages.elapsed_s(row.video, row.video.added_at_s),  # the model knows the time better
        is_figure=True,
    ),
    Column.RATING: _plain_text(lambda row: "★" * row.marks.rating),
    Column.TAGS: _plain_text(lambda row: ", ".join(row.marks.tags)),
    Column.BATCH: _plain_text(lambda row: row.marks.batch),
    Column.SEED: _figure(
        lambda row: "" if row.video.seed is None else str(row.video.seed),
        lambda row: -1 if row.video.seed is None else row.video.seed,
    ),
    Column.STYLE: _plain_text(lambda row: " ".join(row.video.style.split())),
    Column.CREDITS: _figure(
        lambda row: "" if row.video.credits is None else str(row.video.credits),
        lambda row: row.video.credits or 0,
    ),
    Column.ADDED: _figure(
        lambda row: messages.short_moment_text(row.video.added_at_s), lambda row: row.video.added_at_s
    ),
    Column.FILE: _plain_text(lambda row: basename(row.video.saved_path)),
    Column.NOTE: _plain_text(lambda row: " ".join(row.marks.note.split())),
    Column.ACCOUNT: _plain_text(lambda row: row.video.account),
}
