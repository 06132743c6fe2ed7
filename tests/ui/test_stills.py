"""What may be turned to next is seen at once."""

from dataclasses import replace
from pathlib import Path

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.resources import resource_path
from tests.ui.conftest import OpenDesk
from tests.ui.desk import until
from tests.ui.lives import BLUE, ONE, RED, TWO
from tests.ui.saved import keep_saved

CLIPS = {ONE: "01-red.mp4", TWO: "03-blue.mp4"}


def _copied(folder: Path, *video_ids: str) -> dict[str, Path]:
    """Clips saved in ``folder``, by the ids of their videos."""
    paths = {video_id: folder / f"{video_id}.mp4" for video_id in video_ids}
    for video_id, path in paths.items():
        path.write_bytes((resource_path("clips") / CLIPS[video_id]).read_bytes())
    return paths


async def test_the_clip_below_is_seen_before_it_is_loaded(
    open_desk: OpenDesk, where: Places, tmp_path: Path
) -> None:
    await keep_saved(where, _copied(tmp_path, ONE, TWO))
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
    await keep_saved(where, _copied(tmp_path, ONE, TWO))
    async with open_desk(is_polling=False) as desk:
        await until(lambda: len(desk.ids) == 2)
        await desk.select(ONE)
        other = desk.engine.library.get(VideoRef("default", TWO))
        assert other is not None
        await until(lambda: desk.window.page.knows_first_frame(other))
        assert not desk.window.page.knows_first_frame(replace(other, saved_bytes=other.saved_bytes + 1))
