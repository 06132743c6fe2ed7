"""Pictures of clips that are not as usual: upright, huge, damaged, or of another file under the same name."""

import asyncio
import os
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.core.video import Video, VideoStatus
from pixverse_desktop.resources import resource_path
from pixverse_desktop.ui import theme
from tests.ui.conftest import OpenDesk, sample_clips
from tests.ui.desk import Desk, is_close, turns, until
from tests.ui.lives import GREEN, ONE, RED
from tests.ui.test_gallery import gallery, shows

_RED_CLIP = resource_path("clips") / "01-red.mp4"


async def save_as(desk: Desk, clip: Path) -> None:
    """Let the only video be saved as this file."""
    (video,) = desk.engine.library
    await save_video_as(desk, video, clip)


async def save_video_as(desk: Desk, video: Video, clip: Path) -> None:
    """Let a video be saved as this file; the service told of another size."""
    saved_bytes = clip.stat().st_size
    await desk.engine.library.update(
        video.ref,
        lambda row: replace(
            row, status=VideoStatus.READY, saved_path=str(clip), saved_bytes=saved_bytes, size_bytes=1000
        ),
    )


def flat_clip(path: Path, size: str, colour: str) -> Path:
    source = f"color=c={colour.replace('#', '0x')}:size={size}:rate=24:duration=0.5"
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p"]
    subprocess.run([*command, str(path)], check=True)
    return path


def seen(desk: Desk, x: float, y: float) -> QColor:
    """The colour at a place of the first tile's picture, from its left and top, each 0 to 1."""
    view = gallery(desk)
    tile = view.visualRect(view.model().index(0, 0)).adjusted(6, 6, -6, 0)
    point = QPoint(round(tile.width() * x), round(tile.width() * 9 / 16 * y))
    return view.viewport().grab(tile).toImage().pixelColor(point)


async def test_an_upright_clip_is_seen_whole(open_desk: OpenDesk, tmp_path: Path) -> None:
    clip = flat_clip(tmp_path / "upright.mp4", "720x1280", GREEN)
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.click("Gallery")
        await save_as(desk, clip)

        await until(lambda: is_close(seen(desk, 0.5, 0.5), GREEN, 8))
        assert is_close(seen(desk, 0.5, 0.03), GREEN, 8)
        assert is_close(seen(desk, 0.5, 0.97), GREEN, 8)
        assert is_close(seen(desk, 0.1, 0.5), theme.colours().stage, 2)


async def test_a_huge_clip_has_a_small_picture(open_desk: OpenDesk, where: Places, tmp_path: Path) -> None:
    clip = flat_clip(tmp_path / "huge.mp4", "3840x2160", GREEN)
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.click("Gallery")
        await save_as(desk, clip)

        await until(lambda: shows(desk, ONE, GREEN))
        await desk.nothing_under_way("posters")
        assert sum(path.stat().st_size for path in where.posters.iterdir()) < 40_000


async def test_a_picture_cut_short_on_disk_is_made_anew(
    open_desk: OpenDesk, where: Places, tmp_path: Path
) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.click("Gallery")
        await save_as(desk, _RED_CLIP)
        await until(lambda: shows(desk, ONE, RED))
        await desk.nothing_under_way("posters")
    (kept,) = where.posters.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[: len(whole) * 2 // 3])

    async with open_desk(key=None) as desk:
        await until(lambda: shows(desk, ONE, RED))
        await desk.nothing_under_way("posters")

    assert kept.read_bytes() == whole


async def test_a_clip_that_shows_nothing_is_looked_into_once_and_again_when_it_changed(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    clip, good, hollow = tmp_path / "clip.mp4", _RED_CLIP.read_bytes(), sample_clips()["hollow.mp4"]
    padding = len(good) - len(hollow)
    clip.write_bytes(hollow + padding.to_bytes(4, "big") + b"free" + bytes(padding - 8))
    status = clip.stat()
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.click("Gallery")
        await save_as(desk, clip)
        await until(lambda: "posters" in {task.get_name() for task in asyncio.all_tasks()})
        await desk.nothing_under_way("posters")

        clip.write_bytes(good)
        os.utime(
            clip, ns=(status.st_atime_ns, status.st_mtime_ns)
        )  # so that nothing tells it from the former
        for _ in range(3):
            desk.window.page.look_for_copies()
            await desk.nothing_under_way("posters")
        assert shows(desk, ONE, theme.colours().window)

        os.utime(clip)
        desk.window.page.look_for_copies()
        await until(lambda: shows(desk, ONE, RED))


@pytest.mark.parametrize("width", [120, 400])
async def test_the_same_id_in_two_accounts_has_two_pictures(
    open_desk: OpenDesk, tmp_path: Path, width: int
) -> None:
    green = flat_clip(tmp_path / "green.mp4", "1280x720", GREEN)
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.engine.library.add([ONE], account="other")
        await desk.click("Gallery")
        desk.slider("Size of the tiles").setValue(width)
        for video, clip in zip(list(desk.engine.library), (_RED_CLIP, green), strict=True):
            await save_video_as(desk, video, clip)

        await until(lambda: is_close(middle_of_tile(desk, 0), RED, 8))
        await until(lambda: is_close(middle_of_tile(desk, 1), GREEN, 8))


def middle_of_tile(desk: Desk, place: int) -> QColor:
    view = gallery(desk)
    tile = view.visualRect(view.model().index(place, 0))
    picture = view.viewport().grab(tile).toImage()
    return picture.pixelColor(tile.width() // 4, tile.height() // 3)


async def test_pictures_of_what_is_in_sight_now_come_before_those_scrolled_by(
    open_desk: OpenDesk, where: Places
) -> None:
    ids = [str(20_000 + number) for number in range(120)]
    async with open_desk(key=None, ids=ids) as desk:
        await desk.click("Gallery")
        bar = gallery(desk).verticalScrollBar()
        for video in list(desk.engine.library):
            await save_video_as(desk, video, _RED_CLIP)
        for share in range(1, 11):
            bar.setValue(bar.maximum() * share // 10)
            await turns()

        await until(lambda: shows(desk, ids[-1], RED))
        assert len(list(where.posters.iterdir())) < len(ids) // 2
        bar.setValue(0)
        await until(lambda: shows(desk, ids[0], RED))
