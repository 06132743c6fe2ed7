"""A program that brings clips to disk and nothing else, to be killed while it does: run it with ``-m``.

Arguments: the base address of the clips' server, the folder, a file for notes, and the ids; what has
its name already is done. The notes outlive a kill: for each id eight bytes that say how much has come.
"""

import asyncio
import mmap
import socket
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

from pixverse_desktop.adapters.clock import SystemClock
from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.adapters.http_files import HttpClipSource
from pixverse_desktop.core.video import VideoRef, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.library import Library
from tests.fakes.video_store import FakeVideoStore

_AT_ONCE = 3


class _SmallSocket(socket.socket):
    """Keeps little in the system, so that what a server has sent has come."""

    def __init__(self, *args: object, **more: object) -> None:
        super().__init__(*args, **more)  # type: ignore[arg-type]
        self.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 128 * 1024)


class Notes:
    """How many bytes have come of each clip, in a file that is shared and not flushed."""

    def __init__(self, path: Path, ids: list[str]) -> None:
        if not path.exists():
            path.write_bytes(bytes(8 * len(ids)))
        with path.open("r+b") as file:
            self._bytes = memoryview(mmap.mmap(file.fileno(), 0)).cast("Q")
        self._places = {video_id: place for place, video_id in enumerate(ids)}

    def note(self, video_id: str, received_bytes: int, total_bytes: int) -> None:
        """Note what has come of a clip."""
        self._bytes[self._places[video_id]] = received_bytes

    def received_bytes(self, video_id: str) -> int:
        """What had come of a clip when it was noted last."""
        return self._bytes[self._places[video_id]]


async def _download(url: str, folder: Path, ids: list[str], notes: Notes) -> None:
    library = Library(FakeVideoStore(), SystemClock(), Announcer(_fail))
    await library.add(ids, account="default")
    source = HttpClipSource(base_url=url)
    clips = Clips(
        library=library,
        sources=lambda _: source,
        folders=DiskFolders(),
        clock=SystemClock(),
        cache=folder / "cache",
        refresh=_refresh,
    )
    places = asyncio.Semaphore(_AT_ONCE)

    async def bring(video_id: str) -> None:
        ref = VideoRef("default", video_id)
        address = f"{url}/{video_id}.mp4"
        await library.update(ref, lambda video: replace(video, status=VideoStatus.READY, url=address))
        async with places:
            await clips.bring(ref, folder, f"{video_id}.mp4", partial(notes.note, video_id))

    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await asyncio.gather(*map(bring, ids))
    await source.aclose()


def _fail(error: BaseException) -> None:
    raise error


async def _refresh(ref: VideoRef) -> None:
    """Ask nobody."""


def main() -> None:
    """Download what is not there yet, or not yet alone."""
    url, folder, notes, *ids = sys.argv[1:]
    done = Path(folder)
    socket.socket = _SmallSocket  # type: ignore[misc]
    names = {path.name for path in done.iterdir()}
    wanted = [each for each in ids if names.isdisjoint({f"{each}.mp4"}) or f"{each}.mp4.part.json" in names]
    asyncio.run(_download(url, done, wanted, Notes(Path(notes), ids)))


if __name__ == "__main__":
    main()
