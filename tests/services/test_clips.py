import asyncio
import threading
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.core.errors import (
    ClipAddressGone,
    ClipCutShort,
    ClipRefused,
    FolderUnusable,
    SaveFailed,
)
from pixverse_desktop.core.ports import PartFile
from pixverse_desktop.core.video import VideoRef, VideoStatus
from pixverse_desktop.resources import resource_path
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.growing import GrowingClip
from pixverse_desktop.services.library import Library
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock, settle
from tests.fakes.video_api import CLIP_URL
from tests.services.conftest import RED, add_ready, ref

NEW_URL = "https://media.pixverse.ai/openapi%2Frenewed.mp4"
NAME = "7_a fox.mp4"


class Refresher:
    """Asks nobody, but gives a row the address it was told to."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self.asked: list[VideoRef] = []
        self.url = CLIP_URL
        self.answers = True

    async def __call__(self, asked_for: VideoRef) -> None:
        self.asked.append(asked_for)
        if not self.answers:
            await asyncio.Event().wait()
        await self._library.update(asked_for, lambda video: replace(video, url=self.url))


def no_progress(received_bytes: int, total_bytes: int) -> None:
    """Take no notice."""


@pytest.fixture
def refresher(library: Library) -> Refresher:
    return Refresher(library)


@pytest.fixture
def clips(
    library: Library,
    source: FakeClipSource,
    clock: FakeClock,
    tmp_path: Path,
    refresher: Refresher,
    threadless: None,
) -> Clips:
    return Clips(
        library=library,
        sources=lambda _: source,
        folders=DiskFolders(),
        clock=clock,
        cache=tmp_path / "cache",
        refresh=refresher,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "saved"


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def test_a_clip_arrives_whole_under_its_name_and_alone(
    library: Library, clips: Clips, folder: Path
) -> None:
    await add_ready(library, "7")

    path = await clips.bring(ref("7"), folder, NAME, no_progress)

    assert path == folder / NAME
    assert path.read_bytes() == RED
    assert names_in(folder) == [NAME]


@pytest.mark.parametrize(("names_version", "expected_bytes"), [(True, len(RED)), (False, 0)])
async def test_progress_is_told_with_the_length_if_there_is_one(
    library: Library,
    clips: Clips,
    source: FakeClipSource,
    folder: Path,
    names_version: bool,
    expected_bytes: int,
) -> None:
    await add_ready(library, "7")
    source.names_version = names_version
    told: list[tuple[int, int]] = []

    await clips.bring(ref("7"), folder, NAME, lambda received, total: told.append((received, total)))

    assert told[0] == (4096, expected_bytes)
    assert told[-1] == (len(RED), expected_bytes)
    assert told == sorted(told)


async def test_a_clip_to_play_is_fetched_once_and_then_at_hand(
    library: Library, clips: Clips, source: FakeClipSource
) -> None:
    await add_ready(library, "7")

    paths = {await clips.open(ref("7"), no_progress) for _ in range(3)}

    assert [path.read_bytes() for path in paths] == [RED]
    assert source.opened == [CLIP_URL]


async def test_the_player_and_the_saver_together_download_once(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")

    played, saved, again = await asyncio.gather(
        clips.open(ref("7"), no_progress),
        clips.bring(ref("7"), folder, NAME, no_progress),
        clips.open(ref("7"), no_progress),
    )

    assert source.opened == [CLIP_URL]
    assert played != saved
    assert again == saved
    assert played.read_bytes() == saved.read_bytes() == RED


async def test_who_waits_for_a_save_plays_what_it_saved(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")

    saved, played = await asyncio.gather(
        clips.bring(ref("7"), folder, NAME, no_progress), clips.open(ref("7"), no_progress)
    )

    assert source.opened == [CLIP_URL]
    assert played == saved


async def test_a_copy_that_does_not_play_is_fetched_afresh(
    library: Library, clips: Clips, source: FakeClipSource
) -> None:
    await add_ready(library, "7")
    await clips.open(ref("7"), no_progress)

    await clips.forget_cached(ref("7"))
    await clips.open(ref("7"), no_progress)

    assert source.opened == [CLIP_URL, CLIP_URL]


async def test_the_same_id_of_two_accounts_is_two_clips(
    library: Library, clips: Clips, source: FakeClipSource
) -> None:
    await add_ready(library, "7")
    await library.add(["7"], account="studio")
    theirs = VideoRef("studio", "7")
    await library.update(theirs, lambda video: replace(video, status=VideoStatus.READY, url=NEW_URL))
    source.clips[NEW_URL] = (resource_path("clips") / "03-blue.mp4").read_bytes()

    paths = [await clips.open(each, no_progress) for each in (ref("7"), theirs)]

    assert [path.read_bytes() for path in paths] == [RED, source.clips[NEW_URL]]


async def test_a_saved_clip_is_played_from_where_it_is(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")
    saved = await clips.bring(ref("7"), folder, NAME, no_progress)
    await library.update(ref("7"), lambda video: replace(video, saved_path=str(saved), saved_bytes=len(RED)))

    played = await clips.open(ref("7"), no_progress)

    assert played == saved
    assert len(source.opened) == 1


async def test_a_clip_saved_elsewhere_is_copied_and_not_downloaded(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path, tmp_path: Path
) -> None:
    await add_ready(library, "7")
    saved = await clips.bring(ref("7"), folder, NAME, no_progress)
    await library.update(ref("7"), lambda video: replace(video, saved_path=str(saved), saved_bytes=len(RED)))

    copied = await clips.bring(ref("7"), tmp_path / "other", NAME, no_progress)
    again = await clips.bring(ref("7"), folder, "7_another name.mp4", no_progress)

    assert copied == tmp_path / "other" / NAME
    assert copied.read_bytes() == saved.read_bytes() == RED
    assert again == saved
    assert names_in(folder) == [NAME]
    assert len(source.opened) == 1


@pytest.mark.parametrize("left", [None, b"", RED[:-1]])
async def test_a_saved_clip_that_is_gone_or_damaged_is_fetched_anew(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path, left: bytes | None
) -> None:
    await add_ready(library, "7")
    folder.mkdir()
    if left is not None:
        (folder / NAME).write_bytes(left)
    await library.update(
        ref("7"),
        lambda video: replace(video, saved_path=str(folder / NAME), saved_bytes=len(RED)),
    )

    path = await clips.bring(ref("7"), folder, NAME, no_progress)

    assert path.read_bytes() == RED
    assert len(source.opened) == 1


async def test_a_transfer_that_breaks_off_is_tried_again_after_growing_pauses(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.cuts = 3
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    counts = []
    for pause_s in (0.9, 0.2, 2.8, 0.2, 8.8):
        await clock.advance(pause_s)
        counts.append(len(source.opened))
    await clock.advance(0.2)

    assert counts == [1, 2, 2, 3, 3]
    assert (await bringing).read_bytes() == RED
    assert names_in(folder) == [NAME]


async def test_a_transfer_that_always_breaks_off_is_given_up_and_kept(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.cuts = 99
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(60)

    with pytest.raises(ClipCutShort):
        await bringing
    assert len(source.opened) == 4
    assert names_in(folder) == [NAME + ".part", NAME + ".part.json"]


async def test_an_address_that_has_run_out_is_renewed_once(
    library: Library, clips: Clips, source: FakeClipSource, refresher: Refresher, folder: Path
) -> None:
    await add_ready(library, "7", url="https://media.pixverse.ai/old.mp4")

    path = await clips.bring(ref("7"), folder, NAME, no_progress)

    assert path.read_bytes() == RED
    assert source.opened == ["https://media.pixverse.ai/old.mp4", CLIP_URL]
    assert refresher.asked == [ref("7")]


async def test_a_defect_in_asking_for_a_fresh_address_is_not_hidden(
    library: Library, source: FakeClipSource, clock: FakeClock, folder: Path, tmp_path: Path, threadless: None
) -> None:
    async def refresh(asked_for: VideoRef) -> None:
        raise RuntimeError("a defect")

    clips = Clips(
        library=library,
        sources=lambda _: source,
        folders=DiskFolders(),
        clock=clock,
        cache=tmp_path / "cache",
        refresh=refresh,
    )
    await add_ready(library, "7", url="https://media.pixverse.ai/old.mp4")

    with pytest.raises(RuntimeError, match="a defect"):
        await clips.bring(ref("7"), folder, NAME, no_progress)


async def test_an_address_that_stays_dead_is_not_renewed_for_ever(
    library: Library,
    clips: Clips,
    source: FakeClipSource,
    refresher: Refresher,
    folder: Path,
    clock: FakeClock,
) -> None:
    await add_ready(library, "7")
    source.clips.clear()
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(10)

    with pytest.raises(ClipAddressGone):
        await bringing
    assert len(source.opened) == 4
    assert len(refresher.asked) == 1


async def test_a_fresh_file_that_is_not_everywhere_yet_is_waited_for(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.clips.clear()
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(1)
    source.clips[CLIP_URL] = RED
    await clock.advance(5)

    assert (await bringing).read_bytes() == RED


async def test_a_refresh_that_nobody_answers_is_waited_for_a_minute(
    library: Library,
    clips: Clips,
    source: FakeClipSource,
    refresher: Refresher,
    folder: Path,
    clock: FakeClock,
) -> None:
    await add_ready(library, "7")
    source.clips.clear()
    refresher.answers = False
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))

    await clock.advance(59)
    early = bringing.done()
    await clock.advance(10)

    assert not early
    with pytest.raises(ClipAddressGone):
        await bringing


async def test_what_turns_out_to_be_moderated_is_not_fetched(
    library: Library, source: FakeClipSource, clock: FakeClock, tmp_path: Path, threadless: None
) -> None:
    await add_ready(library, "7")
    source.clips.clear()

    async def refresh(asked_for: VideoRef) -> None:
        await library.update(asked_for, lambda video: replace(video, status=VideoStatus.MODERATED))

    clips = Clips(
        library=library,
        sources=lambda _: source,
        folders=DiskFolders(),
        clock=clock,
        cache=tmp_path,
        refresh=refresh,
    )

    with pytest.raises(SaveFailed, match="no clip"):
        await clips.bring(ref("7"), tmp_path / "saved", NAME, no_progress)

    assert len(source.opened) == 1


async def test_a_row_that_left_the_list_is_not_fetched(clips: Clips, folder: Path) -> None:
    with pytest.raises(SaveFailed, match="no longer in the list"):
        await clips.bring(ref("7"), folder, NAME, no_progress)


async def test_a_page_instead_of_a_clip_is_refused_and_leaves_nothing(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")
    source.clips[CLIP_URL] = b"<html>sign in</html>"

    with pytest.raises(ClipRefused):
        await clips.bring(ref("7"), folder, NAME, no_progress)

    assert names_in(folder) == []
    assert len(source.opened) == 1


async def test_a_folder_that_cannot_be_used_is_told_and_not_tried_again(
    library: Library, clips: Clips, source: FakeClipSource, tmp_path: Path
) -> None:
    await add_ready(library, "7")
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(FolderUnusable, match="not a folder"):
        await clips.bring(ref("7"), tmp_path / "file", NAME, no_progress)

    assert source.opened == []


async def test_a_cancelled_download_frees_the_way(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")
    source.gate = asyncio.Event()
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))
    await settle()

    bringing.cancel()
    await settle()
    source.gate = None
    path = await clips.bring(ref("7"), folder, NAME, no_progress)

    assert bringing.cancelled()
    assert path.read_bytes() == RED
    assert names_in(folder) == [NAME]


@pytest.mark.parametrize("name", [NAME, "7_a fox (2).mp4"])
async def test_a_clip_that_is_there_and_that_the_list_does_not_know_of_is_not_fetched_again(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path, name: str
) -> None:
    await add_ready(library, "7")
    folder.mkdir()
    (folder / NAME).write_bytes(b"somebody's own")
    (folder / name).write_bytes(RED)

    path = await clips.bring(ref("7"), folder, NAME, no_progress)

    assert path == folder / name
    assert source.opened == []


@pytest.mark.parametrize("content", [RED[:-1], b"", b"no clip at all", b"\x1aE\xdf\xa3 of another kind"])
async def test_a_file_of_that_name_that_is_no_whole_clip_is_left_alone(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path, content: bytes
) -> None:
    await add_ready(library, "7")
    folder.mkdir()
    (folder / NAME).write_bytes(content)

    path = await clips.bring(ref("7"), folder, NAME, no_progress)

    assert path.name == "7_a fox (2).mp4"
    assert path.read_bytes() == RED
    assert (folder / NAME).read_bytes() == content


async def test_a_clip_that_may_be_another_account_s_is_not_taken(
    library: Library, clips: Clips, source: FakeClipSource, folder: Path
) -> None:
    await add_ready(library, "7")
    await library.add(["7"], account="studio")
    folder.mkdir()
    (folder / NAME).write_bytes(RED)

    await clips.bring(ref("7"), folder, NAME, no_progress)

    assert len(source.opened) == 1


class SlowFolders(DiskFolders):
    """A network folder: opening a file takes until ``released``."""

    def __init__(self) -> None:
        super().__init__()
        self.begun = threading.Event()
        self.released = threading.Event()

    def begin(self, folder: Path, name: str, ref: VideoRef) -> PartFile:  # type: ignore[override]
        self.begun.set()
        self.released.wait()
        return super().begin(folder, name, ref)


@pytest.fixture
async def slow_folders() -> AsyncIterator[SlowFolders]:
    folders = SlowFolders()
    yield folders
    folders.released.set()


@pytest.fixture
async def bringing_slowly(
    library: Library, source: FakeClipSource, clock: FakeClock, folder: Path, slow_folders: SlowFolders
) -> asyncio.Future[Path]:
    """A download whose file is just being opened."""
    await add_ready(library, "7")
    clips = Clips(
        library=library,
        sources=lambda _: source,
        folders=slow_folders,
        clock=clock,
        cache=folder,
        refresh=Refresher(library),
    )
    bringing = asyncio.ensure_future(clips.bring(ref("7"), folder, NAME, no_progress))
    await asyncio.to_thread(slow_folders.begun.wait)
    return bringing


async def test_a_download_cancelled_while_its_file_is_being_opened_leaves_nothing(
    bringing_slowly: asyncio.Future[Path], folder: Path, slow_folders: SlowFolders
) -> None:
    bringing_slowly.cancel()
    slow_folders.released.set()
    await asyncio.wait([bringing_slowly])

    assert bringing_slowly.cancelled()
    assert names_in(folder) == []


async def test_a_download_cancelled_twice_while_its_file_is_being_opened_leaves_nothing(
    bringing_slowly: asyncio.Future[Path], folder: Path, slow_folders: SlowFolders
) -> None:
    bringing_slowly.cancel()  # a window closes
    await asyncio.sleep(0)
    bringing_slowly.cancel()  # and the program ends
    await asyncio.sleep(0)
    slow_folders.released.set()
    await asyncio.wait([bringing_slowly])

    assert bringing_slowly.cancelled()
    assert names_in(folder) == []


async def test_the_cache_does_not_grow_without_end(
    library: Library, clips: Clips, source: FakeClipSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pixverse_desktop.services.clips.CACHE_LIMIT_BYTES", 2 * len(RED))
    ids = [str(number) for number in range(1, 6)]
    await add_ready(library, *ids)

    for video_id in ids:
        await clips.open(ref(video_id), no_progress)

    assert len(names_in(tmp_path / "cache")) == 2


async def test_who_saves_a_clip_that_is_being_fetched_to_be_played_hears_how_far_it_is(
    library: Library, clips: Clips, source: FakeClipSource, tmp_path: Path
) -> None:
    await add_ready(library, "7")
    source.gate = asyncio.Event()
    heard: list[int] = []
    playing = asyncio.ensure_future(clips.open(ref("7"), no_progress))
    saving = asyncio.ensure_future(
        clips.bring(ref("7"), tmp_path / "saved", NAME, lambda done, _: heard.append(done))
    )
    while not heard:
        await asyncio.sleep(0)
    source.gate.set()
    await asyncio.gather(playing, saving)
    assert heard[-1] == len(RED)
    assert source.begun_at == [0]


async def test_who_watches_is_given_what_comes(
    library: Library, clips: Clips, source: FakeClipSource, tmp_path: Path
) -> None:
    await add_ready(library, "7")
    source.gate = asyncio.Event()
    given: list[GrowingClip] = []
    saving = asyncio.ensure_future(clips.bring(ref("7"), tmp_path / "saved", NAME, no_progress))
    while not source.begun_at:
        await asyncio.sleep(0)
    playing = asyncio.ensure_future(clips.open(ref("7"), no_progress, given.append))
    while not given:
        await asyncio.sleep(0)
    source.gate.set()
    await asyncio.gather(playing, saving)
    assert given[0].read(0, len(RED)) == RED
    assert given[0].is_over
