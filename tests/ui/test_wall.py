"""All tiles in sight play: those with a clip on this machine, only while somebody can see them."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolButton

from pixverse_desktop.core.video import VideoRef, VideoStatus
from tests.ui.conftest import OpenDesk, sample_clips
from tests.ui.desk import Desk, turns, until
from tests.ui.numbered_clips import make_clip
from tests.ui.test_gallery import frame_on, gallery, move, tile_of

FEW = [str(70_000 + number) for number in range(4)]
MANY = [str(70_000 + number) for number in range(40)]
PLAY_ALL = "Play all in sight"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_clip(tmp_path_factory.mktemp("wall") / "numbered.mp4", fps=20, frames=60)


async def save_as(desk: Desk, clip: Path, video_ids: Sequence[str]) -> None:
    """Let these be saved, all as this file."""
    for video in list(desk.engine.library):
        if video.video_id in video_ids:
            await desk.engine.library.update(
                video.ref,
                lambda row: replace(
                    row, status=VideoStatus.READY, saved_path=str(clip), saved_bytes=clip.stat().st_size
                ),
            )


async def open_wall(desk: Desk, clip: Path, video_ids: Sequence[str], width: int = 120) -> None:
    await desk.click("Gallery")
    desk.slider("Size of the tiles").setValue(width)
    await save_as(desk, clip, video_ids)
    await until(lambda: desk.engine.nursery is not None and desk.action(PLAY_ALL).isEnabled())
    await desk.click(PLAY_ALL)


def frames(desk: Desk, places: Sequence[int]) -> list[int]:
    return [frame_on(desk, place) for place in places]


async def wait_moving(desk: Desk, places: Sequence[int]) -> None:
    """Until each of these tiles has shown another frame than it shows now."""
    still = dict(zip(places, frames(desk, places), strict=True))

    def all_moved() -> bool:
        for place in list(still):
            if frame_on(desk, place) != still[place]:
                del still[place]
        return not still

    await until(all_moved)


async def test_all_tiles_in_sight_play(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=FEW) as desk:
        await open_wall(desk, clip, FEW)

        await wait_moving(desk, range(4))
        await until(lambda: gallery(desk).playing == (4, 4, False))
        assert "4 of 4 play" in desk.action(PLAY_ALL).toolTip()


async def test_what_was_seen_whole_plays_on_again_and_again(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=FEW[:1]) as desk:
        await open_wall(desk, clip, FEW[:1])
        view = gallery(desk)
        await until(lambda: desk.window.page.moving.decoding == 0 < view.playing.playing)  # from its strip

        for _ in range(3):
            await until(lambda: frame_on(desk, 0) > 40)
            await until(lambda: frame_on(desk, 0) < 20)


async def test_the_key_lets_them_play_and_rest(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=FEW) as desk:
        assert not desk.action(PLAY_ALL).isEnabled()  # in the table nothing plays
        assert not desk.has_button(PLAY_ALL)
        await desk.control(Qt.Key.Key_2)
        await save_as(desk, clip, FEW)

        await desk.control(Qt.Key.Key_3)
        await until(lambda: gallery(desk).playing.playing == 4)
        assert desk.action(PLAY_ALL).isChecked()
        await desk.control(Qt.Key.Key_3)
        await until(lambda: gallery(desk).playing.playing == 0)

        await until(lambda: frames(desk, range(4)) == [0, 0, 0, 0])  # the pictures again
        assert desk.window.page.moving.decoding == 0


async def test_a_tile_without_a_clip_here_is_not_counted(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=FEW) as desk:
        await open_wall(desk, clip, FEW[:2])

        await until(lambda: gallery(desk).playing == (2, 2, False))
        await save_as(desk, clip, FEW[2:3])
        await until(lambda: gallery(desk).playing == (3, 3, False))


async def test_a_clip_that_cannot_be_played_is_left_out_and_not_tried_again(
    open_desk: OpenDesk, clip: Path, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.mp4"
    broken.write_bytes(sample_clips()["hollow.mp4"])
    async with open_desk(key=None, ids=FEW) as desk:
        await open_wall(desk, clip, FEW[:3])
        await until(lambda: gallery(desk).playing == (3, 3, False))

        await save_as(desk, broken, FEW[3:])
        await until(lambda: gallery(desk).playing.playable == 4)
        await until(lambda: gallery(desk).playing == (3, 3, False))
        moving, told = desk.window.page.moving, list[int]()
        moving.counted.connect(lambda: told.append(moving.counts.playable))
        moving.look_again()  # as after each clip that is saved
        await desk.nothing_under_way("find clips to play")
        await wait_moving(desk, range(3))

        assert told == []


async def test_scrolling_moves_what_plays(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        desk.window.resize(700, 500)
        await open_wall(desk, clip, MANY, width=200)
        moving, view = desk.window.page.moving, gallery(desk)
        first, last = desk.engine.library.get(_ref(desk, MANY[0])), _ref(desk, MANY[-1])
        assert first is not None
        await until(lambda: moving.is_moving(first.ref))

        view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
        assert not moving.is_moving(first.ref)  # at once
        await until(lambda: moving.is_moving(last))


def _ref(desk: Desk, video_id: str) -> VideoRef:
    return next(video.ref for video in desk.engine.library if video.video_id == video_id)


async def test_nothing_plays_where_nobody_looks(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=FEW) as desk:
        await open_wall(desk, clip, FEW)
        moving = desk.window.page.moving
        await wait_moving(desk, [0])

        await desk.press(Qt.Key.Key_F1)
        await desk.dialog()
        await until(lambda: moving.is_resting)
        await desk.press(Qt.Key.Key_Escape)
        await until(lambda: not moving.is_resting)
        await wait_moving(desk, [0])

        desk.window.showMinimized()
        await until(lambda: moving.is_resting)
        desk.window.showNormal()
        desk.window.activateWindow()
        await wait_moving(desk, [0])

        await desk.click("Table")
        await until(lambda: moving.counts.playing == 0)
        await desk.click("Gallery")
        await wait_moving(desk, [0])


async def test_the_wall_is_remembered(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=FEW) as desk:
        await open_wall(desk, clip, FEW)

    async with open_desk(key=None) as desk:
        assert desk.action(PLAY_ALL).isChecked()
        await until(lambda: gallery(desk).playing.playing == 4)


async def test_the_tile_under_the_pointer_comes_first(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await open_wall(desk, clip, MANY)
        moving = desk.window.page.moving
        await until(lambda: moving.counts.playable > 12)

        pointed = MANY[moving.counts.playable - 1]
        move(desk, tile_of(desk, pointed))

        await until(lambda: moving.is_moving(_ref(desk, pointed)))


async def test_rows_that_are_removed_play_no_more(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=FEW) as desk:
        await open_wall(desk, clip, FEW)
        await until(lambda: gallery(desk).playing.playing == 4)

        await desk.control(Qt.Key.Key_A)
        gallery(desk).setFocus()
        await desk.press(Qt.Key.Key_Delete)

        await until(lambda: desk.window.page.moving.counts.playing == 0)


async def test_the_button_has_a_name_and_a_place_beside_the_tiles_alone(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=FEW) as desk:
        await desk.click("Gallery")
        button = desk.button(PLAY_ALL)
        assert isinstance(button, QToolButton)
        assert button.isCheckable()
        move(desk, QPoint(2, 2))
        await turns()
        await desk.click("Table")
        assert not desk.has_button(PLAY_ALL)


async def test_the_tile_that_scrolling_brings_under_the_pointer_plays(
    open_desk: OpenDesk, clip: Path
) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        desk.window.resize(700, 500)
        await desk.click("Gallery")
        await save_as(desk, clip, MANY)
        moving, view, place = desk.window.page.moving, gallery(desk), tile_of(desk, MANY[0])
        move(desk, place)
        await until(lambda: moving.is_moving(_ref(desk, MANY[0])))

        step = view.visualRect(view.model().index(0, 0)).height() + 6
        view.verticalScrollBar().setValue(3 * step)
        assert not moving.is_moving(_ref(desk, MANY[0]))
        under = view.indexAt(place).row()

        assert under > 0
        await until(lambda: moving.is_moving(_ref(desk, MANY[under])))


async def test_a_row_that_comes_meanwhile_stops_nothing(open_desk: OpenDesk, clip: Path) -> None:
    async with open_desk(key=None, ids=FEW) as desk:
        await desk.click("Gallery")
        await save_as(desk, clip, FEW)
        moving = desk.window.page.moving
        move(desk, tile_of(desk, FEW[0]))
        await until(lambda: moving.is_moving(_ref(desk, FEW[0])))

        await desk.engine.library.add(["123456"], account="default")
        await until(lambda: len(desk.ids) == 5)

        assert moving.is_moving(_ref(desk, FEW[0]))
