"""The gallery's arithmetic: no tile overlaps another, and each point finds its own."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSize

from pixverse_desktop.ui.tile_grid import TileGrid, fitted

GRIDS = [TileGrid(width, least, 40) for width in (1, 90, 320, 783, 2560) for least in (120, 210, 400)]


@pytest.mark.parametrize("grid", GRIDS)
def test_each_tile_is_found_by_its_corners_and_no_other_tile(grid: TileGrid) -> None:
    for place in (0, 1, 2, 7, 99_999):
        tile = grid.tile(place)
        assert grid.place_at(tile.topLeft()) == grid.place_at(tile.bottomRight()) == place
        assert grid.place_at(tile.topLeft() - QPoint(1, 0)) is None
        assert grid.place_at(tile.bottomRight() + QPoint(0, 1)) is None


@pytest.mark.parametrize("grid", [grid for grid in GRIDS if grid.width >= 320])
def test_the_tiles_fill_the_width(grid: TileGrid) -> None:
    last = grid.tile(grid.columns - 1)

    assert last.right() < grid.width
    assert grid.width - last.right() < grid.columns + 8
    assert grid.columns == 1 or grid.tile_width >= grid.least


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("count", [0, 1, 5, 23])
def test_an_area_is_told_all_the_tiles_it_touches(grid: TileGrid, count: int) -> None:
    height = grid.height(count)
    areas = [QRect(0, 0, grid.width, height), QRect(8, 8, 1, 1), QRect(0, grid.step - 3, grid.width // 2, 9)]
    areas += [grid.tile(place).adjusted(-5, 3, 5, 7) for place in (0, 3)]
    for area in areas:
        told = [place for first, last in grid.spans_in(area, count) for place in range(first, last + 1)]

        touched = [place for place in range(count) if grid.tile(place).intersects(area)]
        assert told == touched


def test_a_picture_keeps_its_shape_but_for_what_comes_of_rounding() -> None:
    assert fitted(QSize(720, 1280), QSize(320, 180)) == QSize(101, 180)
    assert fitted(QSize(1280, 720), QSize(199, 111)) == QSize(199, 111)
    assert fitted(QSize(101, 180), QSize(320, 180)) == QSize(101, 180)
