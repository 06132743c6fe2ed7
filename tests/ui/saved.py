"""Rows of a former run whose clips are noted to be saved."""

from collections.abc import Mapping
from pathlib import Path

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.core.video import Video, VideoStatus

NOWHERE = "http://127.0.0.1:9/gone.mp4"


async def keep_saved(where: Places, clips: Mapping[str, Path], url: str = NOWHERE) -> None:
    """Put a row into the list for each video id, saved at its path and otherwise to be had at ``url``."""
    store = SqliteVideoStore(where.library)
    await store.open()
    await store.put(
        Video(
            video_id=video_id,
            added_at_s=1.76e9 + number,
            ended_at_s=1.76e9,
            status=VideoStatus.READY,
            status_code=1,
            second_look_done=True,
            url=url,
            saved_path=str(path),
            saved_bytes=path.stat().st_size,
        )
        for number, (video_id, path) in enumerate(clips.items())
    )
    await store.aclose()
