"""Which file a clip is on this machine, so that one found to be useless is not opened again and again."""

import asyncio
from pathlib import Path
from typing import NamedTuple

from pixverse_desktop.core.video import Video
from pixverse_desktop.services.clips import Clips


class LocalCopy(NamedTuple):
    """A file as it is now: fetched anew, it is another one under the same name."""

    path: Path
    size_bytes: int
    changed_ns: int


async def find_copy(clips: Clips, video: Video) -> LocalCopy | None:
    """The copy of a clip that is on this machine, or None. Nothing is fetched."""
    path = await clips.local_copy(video)
    return None if path is None else await asyncio.to_thread(_as_it_is, path)


def _as_it_is(path: Path) -> LocalCopy | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return LocalCopy(path, status.st_size, status.st_mtime_ns)
