"""Where the tiles of the gallery lie: by arithmetic, so that a hundred thousand cost no more than ten."""

from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize, Qt

GAP = 6
PADDING = 6  # inside a tile, around its picture
_NO_BAR = 2  # pixels beside a picture that come of rounding, and are not worth a dark line


def fitted(picture: QSize, room: QSize) -> QSize:
    """As large as ``room`` lets a picture be that keeps its shape."""
    size = picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
    bars = room - size
    return room if max(bars.width(), bars.height()) <= _NO_BAR else size


@dataclass(frozen=True, slots=True)
class TileGrid:
    """Tiles in rows of equal length, which fill ``width`` pixels.

    Attributes:
        width: of the whole grid.
        least: how wide a tile is at least, where there is room for one.
        caption: the height of what stands below a picture.
    """

    width: int
    least: int
    caption: int

    @property
    def columns(self) -> int:
        """How many tiles lie beside each other."""
        return max(1, (self.width - GAP) // (self.least + GAP))

    @property
    def tile_width(self) -> int:
        """How wide a tile is: the tiles share what is left over."""
        return max(1, (self.width - GAP) // self.columns - GAP)

    @property
    def tile_height(self) -> int:
        """How high a tile is, with picture and caption."""
        return self._picture_height + self.caption + 2 * PADDING

    @property
    def step(self) -> int:
        """From the top of a tile to that of the one below."""
        return self.tile_height + GAP

    def height(self, count: int) -> int:
        """The height of so many tiles."""
        return -(-count // self.columns) * self.step + GAP

    def tile(self, place: int) -> QRect:
        """Where a tile lies."""
        line, column = divmod(place, self.columns)
        left, top = GAP + column * (self.tile_width + GAP), GAP + line * self.step
        return QRect(left, top, self.tile_width, self.tile_height)

    def picture(self, tile: QRect) -> QRect:
        """Where in a tile its picture lies."""
        width = tile.width() - 2 * PADDING
        return QRect(tile.left() + PADDING, tile.top() + PADDING, width, self._picture_height)

    def place_at(self, point: QPoint) -> int | None:
        """Which tile a point is in, counted from 0, or None between them."""
        column, line = (point.x() - GAP) // (self.tile_width + GAP), (point.y() - GAP) // self.step
        place = line * self.columns + column
        is_one = 0 <= column < self.columns and line >= 0 and self.tile(place).contains(point)
        return place if is_one else None

    def spans_in(self, area: QRect, count: int) -> Iterator[tuple[int, int]]:
        """The runs of the first ``count`` tiles that ``area`` touches, line by line."""
        step_x = self.tile_width + GAP
        first = max(0, area.left() // step_x)
        last = min(self.columns - 1, (area.right() - GAP) // step_x)
        top = max(0, area.top() // self.step)
        bottom = min((area.bottom() - GAP) // self.step, (count - 1) // self.columns)
        if first > last:
            return
        if first == 0 and last == self.columns - 1 and top <= bottom:
            yield top * self.columns, min((bottom + 1) * self.columns, count) - 1
            return
        for line in range(top, bottom + 1):
            begin = line * self.columns
            if begin + first < count:
                yield begin + first, min(begin + last, count - 1)

    @property
    def _picture_height(self) -> int:
        return round((self.tile_width - 2 * PADDING) * 9 / 16)
