"""What may be turned to next is seen at once."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.resources import resource_path
from tests.ui.conftest import OpenDesk
from tests.ui.desk import until
from tests.ui.lives import BLUE, ONE, RED, THREE, TWO

CLIPS = {ONE: "01-red.mp4", TWO: "03-blue.mp4", THREE: "02-green.mp4"}


async def _keep(where: Places, folder: Path, video_ids: Sequence[str]) -> None:
    """Rows whose clips are saved in ``folder``."""
    store = SqliteVideoStore(where.library)
    await store.open()
    for number, video_id in enumerate(video_ids):
        path = folder / f"{video_id}.mp4"
        path.write_bytes((resource_path("clips") / CLIPS[video_id]).read_bytes())
        video = Video(
            video_id=video_id,
            added_at_s=1.76e9 + number,
            ended_at_s=1.76e9,
            status=VideoStatus.READY,
            status_code=1,
            second_look_done=True,
            url="http://127.0.0.1:9/gone.mp4",
            saved_path=str(path),
            saved_bytes=path.stat().st_size,
        )
        await store.put([video])
    await store.aclose()


async def test_the_clip_below_is_seen_before_it_is_loaded(
    open_desk: OpenDesk, where: Places, tmp_path: Path
) -> None:
    await _keep(where, tmp_path, [ONE, TWO])
    async with open_desk(is_polling=False) as desk:
        await until(lambda: len(desk.ids) == 2)
        await desk.select(desk.ids[0])
        first, second = (RED, BLUE) if desk.ids[0] == ONE else (BLUE, RED)
        await until(lambda: desk.sees_colour(first))
        await until(lambda: desk.is_playing())
        other = desk.engine.library.get(VideoRef("default", desk.ids[1]))
        assert other is not None
        await until(lambda: desk.window.page.knows_first_frame(other))

        desk.window.page.table.show_video(other.ref)

        assert desk.window.player.playback.path is None
        assert desk.sees_colour(second)
        await until(lambda: desk.is_playing())
        assert desk.sees_colour(second)


async def test_of_another_file_the_old_frame_is_not_shown(
    open_desk: OpenDesk, where: Places, tmp_path: Path
) -> None:
    await _keep(where, tmp_path, [ONE, TWO])
    async with open_desk(is_polling=False) as desk:
        await until(lambda: len(desk.ids) == 2)
        await desk.select(ONE)
        other = desk.engine.library.get(VideoRef("default", TWO))
        assert other is not None
        await until(lambda: desk.window.page.knows_first_frame(other))
        assert not desk.window.page.knows_first_frame(replace(other, saved_bytes=other.saved_bytes + 1))
