"""Downloads that break off, are cancelled, end with the program, or are too long, slow or many."""

import asyncio
import os
import tracemalloc
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.adapters.part_files import DiskPartFile
from pixverse_desktop.core.errors import ClipCutShort, ClipRefused, ClipServerBusy, FolderUnusable
from pixverse_desktop.core.half_clips import UNKNOWN_VERSION, ClipVersion, HalfClip, from_record, to_record
from pixverse_desktop.core.ports import ClipStream
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.fetching import UNSYNCED_BYTES
from pixverse_desktop.services.library import Library
from tests.core.boxes import FTYP, MOOV, box
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock, settle
from tests.fakes.executor import InlineExecutor
from tests.fakes.video_api import CLIP_URL
from tests.services.conftest import RED, add_ready, ref

NAME = "7_a fox.mp4"
KEPT = [NAME + ".part", NAME + ".part.json"]
NEW_URL = "https://media.pixverse.ai/openapi%2Frenewed.mp4"
BIG = FTYP + box(b"mdat", bytes(10 * 1024 * 1024)) + MOOV
HALFWAY = len(RED) // 2

MakeClips = Callable[..., Clips]


def no_progress(received_bytes: int, total_bytes: int) -> None:
    """Take no notice."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "saved"


@pytest.fixture
def make_clips(
    library: Library, source: FakeClipSource, clock: FakeClock, tmp_path: Path, threadless: None
) -> MakeClips:
    """Make the clips of a new run; the renewed address is ``NEW_URL``."""

    async def refresh(asked_for: VideoRef) -> None:
        await library.update(asked_for, lambda video: replace(video, url=NEW_URL))

    def make(**more: object) -> Clips:
        arguments: dict[str, object] = {
            "library": library,
            "sources": lambda _: source,
            "folders": DiskFolders(),
            "clock": clock,
            "cache": tmp_path / "cache",
            "refresh": refresh,
        }
        return Clips(**(arguments | more))  # type: ignore[arg-type]

    return make


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def held_bytes(folder: Path) -> int:
    """How far the record beside the part says that it is safe."""
    half = from_record((folder / KEPT[1]).read_text())
    assert half is not None
    return half.held_bytes


async def give_up(clips: Clips, source: FakeClipSource, folder: Path, clock: FakeClock) -> None:
    """Let a download break off halfway until it is given up."""
    source.cuts = 99
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))
    await clock.advance(60)
    with pytest.raises(ClipCutShort):
        await bringing
    source.cuts = 0
    source.begun_at.clear()


async def test_each_try_goes_on_where_the_last_one_ended(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.cuts = 1
    bringing = asyncio.ensure_future(make_clips().bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(2)

    assert (await bringing).read_bytes() == RED
    assert source.begun_at == [0, HALFWAY]
    assert names_in(folder) == [NAME]


async def test_a_later_run_goes_on_where_this_one_ended(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await give_up(make_clips(), source, folder, clock)
    left = names_in(folder)

    path = await make_clips().bring(ref("7"), folder, NAME, no_progress)

    assert left == KEPT
    assert source.begun_at == [HALFWAY]
    assert path.read_bytes() == RED
    assert names_in(folder) == [NAME]


async def test_progress_goes_on_from_what_is_there(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await give_up(make_clips(), source, folder, clock)
    told: list[tuple[int, int]] = []

    await make_clips().bring(ref("7"), folder, NAME, lambda received, total: told.append((received, total)))

    assert told[0] == (HALFWAY + 4096, len(RED))
    assert told[-1] == (len(RED), len(RED))


async def test_a_clip_that_changed_meanwhile_is_fetched_from_its_beginning(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await give_up(make_clips(), source, folder, clock)
    changed = RED + box(b"free", b"another")
    source.clips[CLIP_URL] = changed

    path = await make_clips().bring(ref("7"), folder, NAME, no_progress)

    assert source.begun_at == [0]
    assert path.read_bytes() == changed


async def test_a_fresh_address_of_the_same_clip_is_gone_on_with(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await give_up(make_clips(), source, folder, clock)
    source.clips[NEW_URL] = source.clips.pop(CLIP_URL)
    source.opened.clear()

    path = await make_clips().bring(ref("7"), folder, NAME, no_progress)

    assert source.opened == [CLIP_URL, NEW_URL]
    assert source.begun_at == [HALFWAY]
    assert path.read_bytes() == RED


async def test_what_was_whole_but_had_no_name_yet_is_not_asked_for(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")
    async with source.open(CLIP_URL) as stream:
        version = stream.version
    part = DiskFolders().begin(folder, NAME, ref("7"))
    part.start(version, 0)
    part.write(RED)
    part.keep()
    source.opened.clear()

    path = await make_clips().bring(ref("7"), folder, NAME, no_progress)

    assert source.opened == []
    assert path.read_bytes() == RED


async def test_a_transfer_that_gets_on_is_not_given_up(
    library: Library, make_clips: MakeClips, clock: FakeClock, folder: Path
) -> None:
    await add_ready(library, "7")
    dripping = DrippingSource(BIG, piece_bytes=len(BIG) // 20)
    clips = make_clips(sources=lambda _: dripping)
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(60)

    assert (await bringing).read_bytes() == BIG
    assert dripping.opened > 20


async def test_a_transfer_that_gets_on_by_a_byte_is_given_up(
    library: Library, make_clips: MakeClips, clock: FakeClock, folder: Path
) -> None:
    await add_ready(library, "7")
    dripping = DrippingSource(BIG, piece_bytes=1)
    clips = make_clips(sources=lambda _: dripping)
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(60)

    with pytest.raises(ClipCutShort):
        await bringing
    assert dripping.opened == 4


class DrippingSource:
    """Gives one piece a transfer, then breaks off."""

    def __init__(self, clip: bytes, piece_bytes: int) -> None:
        self._clip = clip
        self._piece_bytes = piece_bytes
        self.opened = 0

    @asynccontextmanager
    async def open(self, url: str, half: HalfClip | None = None) -> AsyncIterator[ClipStream]:
        self.opened += 1
        begins_at = half.held_bytes if half is not None else 0
        yield ScriptedStream(
            self._clip[begins_at : begins_at + self._piece_bytes],
            ClipVersion('"drip"', len(self._clip)),
            begins_at,
        )


class ScriptedStream:
    """These bytes, and then a break."""

    def __init__(self, data: bytes, version: ClipVersion, begins_at: int) -> None:
        self.version = version
        self.begins_at = begins_at
        self._data = data

    async def chunks(self) -> AsyncIterator[bytes]:
        yield self._data
        if self.begins_at + len(self._data) != self.version.total_bytes:
            raise ClipCutShort("The transfer of the clip broke off.")


# What is kept and what is removed.


async def under_way(clips: Clips, source: FakeClipSource, folder: Path) -> asyncio.Future[Path]:
    """A download that has its first piece and waits for more."""
    source.gate = asyncio.Event()
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))
    await settle()
    assert names_in(folder) == KEPT
    return bringing


async def test_what_is_cancelled_is_kept_for_the_next_try(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await give_up(make_clips(), source, folder, clock)
    bringing = await under_way(make_clips(), source, folder)

    bringing.cancel()
    await settle()
    source.gate = None

    assert bringing.cancelled()
    assert names_in(folder) == KEPT
    assert (await make_clips().bring(ref("7"), folder, NAME, no_progress)).read_bytes() == RED
    assert source.begun_at[-1] >= HALFWAY


async def test_what_is_cancelled_between_two_tries_is_kept(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.cuts = 1
    bringing = asyncio.ensure_future(make_clips().bring(ref("7"), folder, NAME, no_progress))
    await clock.advance(0.5)

    bringing.cancel()
    await settle()

    assert names_in(folder) == KEPT


async def test_what_was_kept_is_dropped_when_nobody_wants_it(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await give_up(make_clips(), source, folder, clock)

    await make_clips().drop_parts([ref("8")], folder)
    before = names_in(folder)
    await make_clips().drop_parts([ref("7")], folder)

    assert before == KEPT
    assert names_in(folder) == []


async def test_what_turns_out_to_be_no_clip_is_removed(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await give_up(make_clips(), source, folder, clock)
    source.clips[CLIP_URL] = b"<html>sign in</html>"

    with pytest.raises(ClipRefused):
        await make_clips().bring(ref("7"), folder, NAME, no_progress)

    assert names_in(folder) == []


async def test_a_row_that_has_no_clip_any_more_keeps_nothing(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await give_up(make_clips(), source, folder, clock)
    await library.update(ref("7"), lambda video: replace(video, url=""))

    with pytest.raises(Exception, match="no clip"):
        await make_clips().bring(ref("7"), folder, NAME, no_progress)

    assert names_in(folder) == []


# Flushing.


@pytest.mark.parametrize("piece_bytes", [64 * 1024, 65_521, 200_003])
async def test_a_long_clip_is_made_safe_every_few_megabytes(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, piece_bytes: int
) -> None:
    await add_ready(library, "7")
    source.piece_bytes = piece_bytes
    source.clips[CLIP_URL] = BIG
    safe: list[int] = []
    unsafe: list[int] = []

    def look(received_bytes: int, total_bytes: int) -> None:
        safe.append(held_bytes(folder))
        unsafe.append(received_bytes - safe[-1])

    await make_clips().bring(ref("7"), folder, NAME, look)

    assert max(safe) >= 7 * 1024 * 1024
    assert max(unsafe) < UNSYNCED_BYTES


async def test_a_slow_clip_is_made_safe_every_two_seconds(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    clips = make_clips()
    clips.bandwidth.limit_bytes_s = 4096
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(3)

    assert held_bytes(folder) >= 2 * 4096
    bringing.cancel()
    await asyncio.wait([bringing])


# Limits.


async def test_all_downloads_share_one_limit_that_can_change(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    ids = ["1", "2", "3"]
    await add_ready(library, *ids)
    clips = make_clips()
    clips.bandwidth.limit_bytes_s = 3 * len(RED) / 100
    came = dict.fromkeys(ids, 0)

    def bring(video_id: str) -> asyncio.Future[Path]:
        def note(received_bytes: int, total_bytes: int) -> None:
            came[video_id] = received_bytes

        return asyncio.ensure_future(clips.bring(ref(video_id), folder, f"{video_id}.mp4", note))

    bringing = [bring(video_id) for video_id in ids]
    await clock.advance(50)
    halfway = sum(came.values())
    clips.bandwidth.limit_bytes_s = None
    await clock.advance(1.1)

    assert halfway == pytest.approx(3 * len(RED) / 2, abs=3 * 4096)
    assert [done.result().read_bytes() for done in bringing] == [RED] * 3


async def test_our_own_limit_is_not_taken_for_a_slow_server(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    clips = make_clips()
    clips.bandwidth.limit_bytes_s = 100  # 6 kB a minute
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(len(RED) / 100 + 60)

    assert (await bringing).read_bytes() == RED
    assert len(source.opened) == 1


async def test_a_clip_that_says_it_is_too_long_is_refused(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")
    source.clips[CLIP_URL] = BIG

    with pytest.raises(ClipRefused, match="longer than"):
        await make_clips(max_bytes=10 * 1024 * 1024).bring(ref("7"), folder, NAME, no_progress)

    assert names_in(folder) == []


async def test_a_body_without_an_end_is_ended(library: Library, make_clips: MakeClips, folder: Path) -> None:
    await add_ready(library, "7")
    endless = EndlessSource()

    with pytest.raises(ClipRefused, match="longer than"):
        await make_clips(sources=lambda _: endless, max_bytes=5 * 1024 * 1024).bring(
            ref("7"), folder, NAME, no_progress
        )

    assert names_in(folder) == []
    assert endless.sent_bytes <= 5 * 1024 * 1024 + 64 * 1024


class EndlessSource:
    """Never ends."""

    def __init__(self, version: ClipVersion = UNKNOWN_VERSION) -> None:
        self.version = version
        self.begins_at = 0
        self.sent_bytes = 0

    @asynccontextmanager
    async def open(self, url: str, half: HalfClip | None = None) -> AsyncIterator[ClipStream]:
        yield self

    async def chunks(self) -> AsyncIterator[bytes]:
        while True:
            self.sent_bytes += 64 * 1024
            yield bytes(64 * 1024)


async def test_a_long_download_takes_little_memory(
    library: Library, make_clips: MakeClips, folder: Path
) -> None:
    await add_ready(library, "7")
    clips = make_clips(sources=lambda _: EndlessSource(), max_bytes=32 * 1024 * 1024)
    tracemalloc.start()

    with pytest.raises(ClipRefused):
        await clips.bring(ref("7"), folder, NAME, no_progress)
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak_bytes <= 8 * 1024 * 1024


async def test_a_disk_that_fills_up_while_a_person_cancels_does_not_hide_the_cancel(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")
    bringing = await under_way(make_clips(folders=FullFolders()), source, folder)

    bringing.cancel()
    await settle()

    assert bringing.cancelled()
    assert names_in(folder) == []


class FullFolders(DiskFolders):
    """Has room for no byte more."""

    def begin(self, folder: Path, name: str, ref: VideoRef) -> DiskPartFile:
        part = super().begin(folder, name, ref)
        part.write = self.refuse  # type: ignore[method-assign]
        return part

    def refuse(self, data: bytes | bytearray) -> None:
        raise FolderUnusable("The disk is full.")


async def test_more_than_was_said_is_not_taken(
    library: Library, make_clips: MakeClips, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    endless = EndlessSource(ClipVersion('"lies"', 1000))
    clips = make_clips(sources=lambda _: endless)
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(60)

    with pytest.raises(ClipCutShort, match="more than it had said"):
        await bringing
    assert names_in(folder) == []


@pytest.mark.parametrize(("asked_s", "waited_s"), [(20, 20), (10_000, 300), (0.1, 1), (None, 1)])
async def test_a_busy_server_is_left_alone_as_long_as_it_asks_within_reason(
    library: Library,
    make_clips: MakeClips,
    source: FakeClipSource,
    folder: Path,
    clock: FakeClock,
    asked_s: float | None,
    waited_s: float,
) -> None:
    await add_ready(library, "7")
    source.trouble = ClipServerBusy("The clip’s server is busy (HTTP 503).", retry_after_s=asked_s)
    bringing = asyncio.ensure_future(make_clips().bring(ref("7"), folder, NAME, no_progress))
    await settle()
    source.trouble = None

    await clock.advance(waited_s - 0.1)
    early = len(source.opened)
    await clock.advance(0.2)

    assert (early, len(source.opened)) == (1, 2)
    assert (await bringing).read_bytes() == RED


async def test_a_disk_without_room_is_told_before_a_byte_is_written(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")

    with pytest.raises(FolderUnusable, match="free space"):
        await make_clips(folders=DiskFolders(reserve_bytes=2**60)).bring(ref("7"), folder, NAME, no_progress)

    assert names_in(folder) == []
    assert len(source.opened) == 1


class LaggingExecutor(InlineExecutor):
    """Once told to lag, does nothing until it is released; then all in order but what was given up."""

    def __init__(self) -> None:
        super().__init__()
        self.is_lagging = False
        self._jobs: list[tuple[Future[Any], Callable[[], Any]]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ANN401
        if not self.is_lagging:
            return super().submit(fn, *args, **kwargs)
        future: Future[Any] = Future()
        self._jobs.append((future, partial(fn, *args, **kwargs)))
        return future

    def release(self) -> None:
        self.is_lagging = False
        for future, job in self._jobs:
            if future.set_running_or_notify_cancel():
                future.set_result(job())


async def test_a_cancel_while_a_block_waits_for_a_slow_disk_leaves_no_gap(
    library: Library, make_clips: MakeClips, source: FakeClipSource, folder: Path
) -> None:
    executor = LaggingExecutor()
    asyncio.get_running_loop().set_default_executor(executor)
    await add_ready(library, "7")
    clip = FTYP + box(b"mdat", bytes(range(251)) * 40_000) + MOOV
    source.clips[CLIP_URL] = clip

    def look(received_bytes: int, total_bytes: int) -> None:
        executor.is_lagging = executor.is_lagging or received_bytes > 2_000_000

    bringing = asyncio.ensure_future(make_clips().bring(ref("7"), folder, NAME, look))
    await settle()
    bringing.cancel()
    await settle()
    executor.release()
    await asyncio.wait([bringing])

    kept = (folder / f"{NAME}.part").read_bytes()
    assert len(kept) > 2_000_000
    assert kept == clip[: len(kept)]


@pytest.mark.parametrize("has_second_name", [True, False])
async def test_what_a_run_left_that_ended_just_after_the_name_was_given_is_tidied_up(
    library: Library, make_clips: MakeClips, folder: Path, has_second_name: bool
) -> None:
    await add_ready(library, "7")
    folder.mkdir()
    (folder / NAME).write_bytes(RED)
    part = folder / f"{NAME}.part"
    if has_second_name:
        os.link(folder / NAME, part)
    half = HalfClip(ref("7"), ClipVersion('"1"', len(RED)), len(RED))
    part.with_name(f"{part.name}.json").write_text(to_record(half))

    path = await make_clips().bring(ref("7"), folder, NAME, no_progress)

    assert path.read_bytes() == RED
    assert names_in(folder) == [NAME]
