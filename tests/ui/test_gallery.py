"""The gallery: the same rows as in the table as tiles, with the same hands."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.simulator import Simulation
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.gallery import GalleryView
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, is_close, turns, until
from tests.ui.lives import GREEN, ONE, RED, THREE, TWO, ready
from tests.ui.numbered_clips import make_clip, number_of
from tests.ui.test_video_table import Painted

ALL = [ONE, TWO, THREE]
MANY = [str(10_000 + number) for number in range(300)]
NONE, SHIFT, CONTROL = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)


def gallery(desk: Desk) -> GalleryView:
    return next(desk.visible(GalleryView))


def tile_of(desk: Desk, video_id: str) -> QPoint:
    """The middle of a tile."""
    view = gallery(desk)
    return view.visualRect(view.model().index(desk.ids.index(video_id), 0)).center()


def in_sight(desk: Desk) -> list[str]:
    """The ids of the tiles that can be seen whole."""
    view = gallery(desk)
    space = view.viewport().rect()
    rects = [view.visualRect(view.model().index(row, 0)) for row in range(len(desk.ids))]
    return [video_id for video_id, rect in zip(desk.ids, rects, strict=True) if space.contains(rect)]


def columns(desk: Desk) -> int:
    view = gallery(desk)
    top = view.visualRect(view.model().index(0, 0)).top()
    rows = range(len(desk.ids))
    return sum(view.visualRect(view.model().index(row, 0)).top() == top for row in rows)


async def click(desk: Desk, video_id: str, held: Qt.KeyboardModifier = NONE) -> None:
    viewport = gallery(desk).viewport()
    QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, held, tile_of(desk, video_id))
    await turns()


def move(
    desk: Desk,
    place: QPoint,
    held: Qt.MouseButton = Qt.MouseButton.NoButton,
    keys: Qt.KeyboardModifier = NONE,
) -> None:
    """Move the mouse. ``QTest.mouseMove`` would run Qt's loop inside asyncio's, which loses wake-ups."""
    viewport = gallery(desk).viewport()
    seen, shown = QPointF(place), QPointF(viewport.mapToGlobal(place))
    none = Qt.MouseButton.NoButton
    QApplication.sendEvent(viewport, QMouseEvent(QEvent.Type.MouseMove, seen, shown, none, held, keys))


async def test_the_gallery_shows_what_the_table_does(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(TWO)

        await desk.click("Gallery")

        assert not desk.table.isVisible()
        assert in_sight(desk) == ALL
        assert desk.selected == [TWO]
        assert desk.action("Gallery").isChecked()
        await desk.click("Table")
        assert desk.table.isVisible()
        assert desk.selected == [TWO]


async def test_the_keyboard_goes_along(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)

        await desk.control(Qt.Key.Key_2)
        assert gallery(desk).hasFocus()
        await desk.press(Qt.Key.Key_Right)
        assert desk.selected == [TWO]
        await desk.control(Qt.Key.Key_1)

        assert desk.table.hasFocus()
        await desk.press(Qt.Key.Key_Down)
        assert desk.selected == [THREE]


async def test_the_view_is_the_same_after_a_restart(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.click("Gallery")
        desk.slider("Size of the tiles").setValue(300)

    async with open_desk(key=None) as desk:
        assert gallery(desk).hasFocus()
        assert gallery(desk).visualRect(gallery(desk).model().index(0, 0)).width() >= 300
        assert desk.slider("Size of the tiles").value() == 300
        assert desk.action("Gallery").isChecked()


async def test_clicks_select_as_in_the_table(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")

        await click(desk, MANY[1])
        assert desk.selected == [MANY[1]]
        await click(desk, MANY[5], CONTROL)
        assert desk.selected == [MANY[1], MANY[5]]
        await click(desk, MANY[2])
        await click(desk, MANY[7], SHIFT)
        assert desk.selected == MANY[2:8]  # in reading order, over the end of a line


async def test_a_click_beside_the_tiles_selects_none(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.click("Gallery")
        await click(desk, TWO)

        bare = gallery(desk).viewport().rect().bottomRight() - QPoint(5, 5)
        QTest.mouseClick(gallery(desk).viewport(), Qt.MouseButton.LeftButton, NONE, bare)
        await turns()

        assert desk.selected == []


async def test_a_rubber_band_selects_what_it_touches(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        viewport, across = gallery(desk).viewport(), columns(desk)
        begin, end = QPoint(1, 1), tile_of(desk, MANY[across + 1])

        QTest.mousePress(viewport, Qt.MouseButton.LeftButton, NONE, begin)
        for place in ((begin + end) / 2, end):
            move(desk, place, Qt.MouseButton.LeftButton)
            await turns()
        QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, NONE, end)

        assert desk.selected == [MANY[0], MANY[1], MANY[across], MANY[across + 1]]


async def test_keys_go_from_tile_to_tile(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        across = columns(desk)
        await click(desk, MANY[1])

        for key, expected in (
            (Qt.Key.Key_Down, 1 + across),
            (Qt.Key.Key_Right, 2 + across),
            (Qt.Key.Key_Up, 2),
            (Qt.Key.Key_Up, 2),
            (Qt.Key.Key_Left, 1),
            (Qt.Key.Key_Home, 0),
            (Qt.Key.Key_Left, 0),
            (Qt.Key.Key_End, 299),
            (Qt.Key.Key_Down, 299),
        ):
            await desk.press(key)
            assert desk.selected == [MANY[expected]]
            assert MANY[expected] in in_sight(desk)

        await desk.press(Qt.Key.Key_Home)
        await desk.press(Qt.Key.Key_PageDown)
        assert desk.ids.index(desk.selected[0]) % across == 0
        assert desk.selected != [MANY[0]]
        await desk.press(Qt.Key.Key_Home)
        await desk.press(Qt.Key.Key_Down, SHIFT)
        assert desk.selected == MANY[: across + 1]


async def test_the_single_keys_act_on_tiles(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.click("Gallery")
        await click(desk, TWO)

        await desk.press(Qt.Key.Key_4)
        await desk.press(Qt.Key.Key_X)
        await until(lambda: desk.cell(TWO, "Rating") == "★★★★")
        marks = desk.engine.library.marks
        await until(
            lambda: [marks(each.ref).is_rejected for each in desk.engine.library] == [False, True, False]
        )
        await desk.press(Qt.Key.Key_Delete)

        await until(lambda: desk.ids == [ONE, THREE])
        assert desk.selected == [THREE]
        await desk.control(Qt.Key.Key_Z)
        await until(lambda: desk.ids == ALL)


async def test_a_right_click_opens_the_menu_of_the_rows(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.click("Gallery")
        await click(desk, TWO)

        gallery(desk).customContextMenuRequested.emit(tile_of(desk, TWO))
        await turns()

        assert "Remove from list" in [action.iconText() for action in desk.menus()[0].actions()]
        desk.menus()[0].close()


async def test_larger_tiles_keep_the_cursor_in_sight(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        await click(desk, MANY[0])
        await desk.press(Qt.Key.Key_End)
        across = columns(desk)

        desk.slider("Size of the tiles").setValue(390)
        await turns()

        assert columns(desk) < across
        assert MANY[299] in in_sight(desk)


async def test_a_search_and_its_end_keep_the_selection(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        await click(desk, MANY[3])

        await desk.type(MANY[3], into="Search")
        await until(lambda: desk.ids == [MANY[3]])
        assert in_sight(desk) == [MANY[3]]
        assert desk.selected == [MANY[3]]
        await desk.press(Qt.Key.Key_Escape)
        await until(lambda: len(desk.ids) == 300)

        assert desk.selected == [MANY[3]]


def shows(desk: Desk, video_id: str, colour: str) -> bool:
    """Whether the picture of a tile is of this flat colour."""
    view = gallery(desk)
    tile = view.visualRect(view.model().index(desk.ids.index(video_id), 0))
    picture = view.viewport().grab(tile).toImage()
    return is_close(picture.pixelColor(tile.width() // 4, tile.height() // 3), colour, 8)


async def save_all(desk: Desk, folder: Path) -> None:
    await until(lambda: all(video.is_fetchable for video in desk.engine.library))
    desk.engine.saver.save([video.ref for video in desk.engine.library], folder)
    await until(lambda: all(video.is_saved for video in desk.engine.library))


async def test_a_tile_shows_its_clip_once_that_is_here(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(ready(ONE, "01-red.mp4"))
    simulation.add(ready(TWO, "02-green.mp4"))
    async with open_desk(ids=[ONE, TWO]) as desk:
        await desk.click("Gallery")
        await until(lambda: desk.status(TWO) == "Ready")
        assert not shows(desk, TWO, GREEN)

        await save_all(desk, tmp_path / "clips")

        await until(lambda: shows(desk, ONE, RED))
        await until(lambda: shows(desk, TWO, GREEN))


async def test_pictures_outlive_the_run_and_the_clip(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(ready(TWO, "02-green.mp4"))
    async with open_desk(ids=[TWO]) as desk:
        await save_all(desk, tmp_path / "clips")
        await desk.click("Gallery")
        await until(lambda: shows(desk, TWO, GREEN))
        await desk.nothing_under_way("posters")
    for clip in (tmp_path / "clips").glob("*.mp4"):
        clip.unlink()

    async with open_desk(key=None) as desk:
        await until(lambda: shows(desk, TWO, GREEN))


async def test_a_damaged_picture_is_made_anew(
    open_desk: OpenDesk, simulation: Simulation, where: Places, tmp_path: Path
) -> None:
    simulation.add(ready(TWO, "02-green.mp4"))
    async with open_desk(ids=[TWO]) as desk:
        await save_all(desk, tmp_path / "clips")
        await desk.click("Gallery")
        await until(lambda: shows(desk, TWO, GREEN))
        await desk.nothing_under_way("posters")
    (kept,) = where.posters.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(b"no picture")

    async with open_desk(key=None) as desk:
        await until(lambda: shows(desk, TWO, GREEN))
        await desk.nothing_under_way("posters")

    assert kept.read_bytes() == whole


async def test_a_clip_with_nothing_to_see_keeps_its_sign(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(ready(ONE, "hollow.mp4"))
    simulation.add(ready(TWO, "02-green.mp4"))
    async with open_desk(ids=[ONE, TWO]) as desk:
        await desk.click("Gallery")

        await save_all(desk, tmp_path / "clips")
        await until(lambda: shows(desk, TWO, GREEN))
        await desk.nothing_under_way("posters")

        assert shows(desk, ONE, theme.colours().window)


def frame_on(desk: Desk, place: int) -> int:
    """Which frame of its clip a tile shows."""
    view = gallery(desk)
    tile = view.visualRect(view.model().index(place, 0)).adjusted(6, 6, -6, 0)
    stage = QRect(tile.left(), tile.top(), tile.width(), tile.width() * 9 // 16)
    return number_of(view.viewport().grab(stage).toImage())


async def test_a_clip_plays_while_the_pointer_rests_on_its_tile(open_desk: OpenDesk, tmp_path: Path) -> None:
    clip = make_clip(tmp_path / "numbered.mp4", fps=20, frames=200)
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.click("Gallery")
        desk.slider("Size of the tiles").setValue(400)
        (video,) = desk.engine.library
        await desk.engine.library.update(
            video.ref,
            lambda row: replace(
                row, status=VideoStatus.READY, saved_path=str(clip), saved_bytes=clip.stat().st_size
            ),
        )
        await desk.nothing_under_way("posters")
        await until(lambda: shows(desk, ONE, "#000000"))
        assert frame_on(desk, 0) == 0

        move(desk, tile_of(desk, ONE))
        await until(lambda: frame_on(desk, 0) > 5)
        move(desk, gallery(desk).viewport().rect().bottomRight() - QPoint(3, 3))

        await until(lambda: frame_on(desk, 0) == 0)


async def test_nothing_is_fetched_for_a_picture(
    open_desk: OpenDesk, simulation: Simulation, where: Places
) -> None:
    simulation.add(ready(ONE, "01-red.mp4"))
    simulation.add(ready(TWO, "02-green.mp4"))
    async with open_desk(ids=[ONE, TWO]) as desk:
        await desk.click("Gallery")
        await until(lambda: all(video.is_fetchable for video in desk.engine.library))
        await until(desk.view)  # the player has fetched the clip it shows

        move(desk, tile_of(desk, TWO))
        shown = desk.selected[0]
        await until(lambda: shows(desk, shown, RED if shown == ONE else GREEN))
        await desk.nothing_under_way("posters")

        assert [shown in clip.name for clip in where.clips_cache.glob("*.mp4")] == [True]


async def test_a_tile_that_changed_is_painted_and_no_other(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.click("Gallery")
        view = gallery(desk)
        await until(lambda: view.currentIndex().row() < 0)
        await turns(20)
        painted = Painted(view.viewport())
        view.viewport().installEventFilter(painted)
        (first, *_) = desk.engine.library

        await desk.engine.library.update(first.ref, lambda row: replace(row, prompt="a paper boat"))
        await until(lambda: not painted.region.isEmpty())

        assert painted.region.boundingRect() == view.visualRect(view.model().index(0, 0))
