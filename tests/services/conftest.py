"""The services under a clock moved by hand, with the outer world played by fakes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import VideoRef, VideoStatus
from pixverse_desktop.resources import resource_path
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import Poller
from pixverse_desktop.services.saving import Saver
from pixverse_desktop.services.sidecars import Sidecars
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock
from tests.fakes.executor import InlineExecutor
from tests.fakes.video_api import CLIP_URL, FakeVideoApi
from tests.fakes.video_store import FakeVideoStore

RED = (resource_path("clips") / "01-red.mp4").read_bytes()


def ref(video_id: str) -> VideoRef:
    """The row of an id in the usual account."""
    return VideoRef("default", video_id)


async def add_ready(library: Library, *video_ids: str, url: str = CLIP_URL) -> None:
    """Put rows into the list that have a clip."""
    await library.add(video_ids, account="default")
    for video_id in video_ids:
        await library.update(ref(video_id), lambda video: replace(video, status=VideoStatus.READY, url=url))


@pytest.fixture
async def threadless() -> None:
    """Do on the spot what is handed to a thread, so that the fake clock knows when all is quiet."""
    asyncio.get_running_loop().set_default_executor(InlineExecutor())


@pytest.fixture
def source() -> FakeClipSource:
    found = FakeClipSource()
    found.clips[CLIP_URL] = RED
    return found


@dataclass
class Wishes:
    """What a person set, for a test to change."""

    now: Settings = field(default_factory=Settings)


@pytest.fixture
def wishes() -> Wishes:
    return Wishes()


@pytest.fixture
def sidecars(library: Library, announcer: Announcer, wishes: Wishes) -> Sidecars:
    return Sidecars(
        library=library,
        folders=DiskFolders(),
        announcer=announcer,
        is_wanted=lambda: wishes.now.writes_sidecar,
    )


@pytest.fixture
def clips(
    library: Library,
    source: FakeClipSource,
    clock: FakeClock,
    tmp_path: Path,
    threadless: None,
) -> Clips:
    """Return clips that have no other address than their own."""

    async def refresh(asked_for: VideoRef) -> None:
        """Ask nobody."""

    return Clips(
        library=library,
        sources=lambda _: source,
        folders=DiskFolders(),
        clock=clock,
        cache=tmp_path / "cache",
        refresh=refresh,
    )


@pytest.fixture
def saver(
    library: Library,
    clips: Clips,
    store: FakeVideoStore,
    clock: FakeClock,
    announcer: Announcer,
    nursery: TaskNursery,
    sidecars: Sidecars,
    wishes: Wishes,
) -> Saver:
    return Saver(
        library=library,
        clips=clips,
        folders=DiskFolders(),
        store=store,
        clock=clock,
        announcer=announcer,
        nursery=nursery,
        sidecars=sidecars,
        name_template=lambda: wishes.now.name_template,
    )


@pytest.fixture
def poller(
    library: Library, announcer: Announcer, clock: FakeClock, nursery: TaskNursery, api: FakeVideoApi
) -> Poller:
    return Poller(
        account="default", api=api, library=library, announcer=announcer, clock=clock, nursery=nursery
    )


Run = Callable[[], None]


@pytest.fixture
def run(poller: Poller, nursery: TaskNursery) -> Run:
    """Begin to ask; what was added before is in the list already."""

    def start() -> None:
        nursery.start(poller.run(), name="poll")

    return start
