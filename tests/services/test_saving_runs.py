"""Saving from run to run: what was wished is saved, whatever came between."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.core.errors import ClipCutShort, FolderUnusable
from pixverse_desktop.core.events import SavePhase, SaveProgressed, Trouble
from pixverse_desktop.core.names import DEFAULT_TEMPLATE
from pixverse_desktop.core.ports import PartFile
from pixverse_desktop.core.saves import SavingOverview
from pixverse_desktop.core.video import VideoRef, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.saving import MAX_AT_ONCE, Saver
from pixverse_desktop.services.sidecars import Sidecars
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock, settle
from tests.fakes.heard import Heard
from tests.fakes.video_api import CLIP_URL
from tests.fakes.video_store import DISK_FULL, FakeVideoStore
from tests.services.conftest import RED, add_ready, ref

NewRun = Callable[[], Saver]
PIECE_BYTES = 4096


class FickleFolders(DiskFolders):
    """Folders on a disk that may be away for a while."""

    def __init__(self) -> None:
        super().__init__()
        self.trouble = ""
        self.begun: list[str] = []

    def begin(self, folder: Path, name: str, ref: VideoRef) -> PartFile:  # type: ignore[override]
        self.begun.append(ref.video_id)
        if self.trouble:
            raise FolderUnusable(f"{self.trouble} {len(self.begun)}")
        return super().begin(folder, name, ref)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "saved"


@pytest.fixture
def folders() -> FickleFolders:
    return FickleFolders()


@pytest.fixture
def new_run(
    library: Library,
    source: FakeClipSource,
    clock: FakeClock,
    announcer: Announcer,
    nursery: TaskNursery,
    store: FakeVideoStore,
    folders: FickleFolders,
    sidecars: Sidecars,
    tmp_path: Path,
    threadless: None,
) -> NewRun:
    """Return how a run begins; its saver knows nothing but what is on disk."""

    async def refresh(asked_for: VideoRef) -> None:
        """Ask nobody."""

    def begin() -> Saver:
        clips = Clips(
            library=library,
            sources=lambda _: source,
            folders=folders,
            clock=clock,
            cache=tmp_path / "cache",
            refresh=refresh,
        )
        return Saver(
            library=library,
            clips=clips,
            folders=folders,
            store=store,
            clock=clock,
            announcer=announcer,
            nursery=nursery,
            sidecars=sidecars,
            name_template=lambda: DEFAULT_TEMPLATE,
        )

    return begin


@pytest.fixture
def saver(new_run: NewRun) -> Saver:
    return new_run()


async def kill(saver: Saver) -> None:
    """End a run in the midst of its work, as far as the disk can tell: nothing more is written."""
    saver.pause()
    await settle()
    saver.save_everything_to(None)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def kept_ids(store: FakeVideoStore) -> list[str]:
    return [save.ref.video_id for save in await store.saves() if not save.is_over]


# Taking up.


async def test_what_was_queued_is_written_down_before_it_is_told(
    library: Library, saver: Saver, folder: Path, heard: Heard, store: FakeVideoStore, clock: FakeClock
) -> None:
    await add_ready(library, "1", "2")

    saver.save([ref("1"), ref("2")], folder)
    at_once = heard.of(SaveProgressed)
    await clock.advance(1)

    assert at_once == []
    assert heard.phases("1") == [SavePhase.QUEUED, SavePhase.RECEIVING, SavePhase.SAVED]
    assert await store.saves() == []


async def test_what_a_run_did_not_end_the_next_one_ends_from_the_same_byte(
    library: Library,
    saver: Saver,
    new_run: NewRun,
    source: FakeClipSource,
    folder: Path,
    store: FakeVideoStore,
    clock: FakeClock,
) -> None:
    ids = [str(number) for number in range(1, 6)]
    await add_ready(library, *ids)
    source.gate = asyncio.Event()
    saver.save([ref(each) for each in ids], folder)
    await settle()
    await kill(saver)
    left = await kept_ids(store)
    source.gate = None

    await new_run().take_up()
    await clock.advance(10)

    assert left == ids
    assert names_in(folder) == [f"{each}.mp4" for each in ids]
    assert source.begun_at[MAX_AT_ONCE : 2 * MAX_AT_ONCE] == [PIECE_BYTES] * MAX_AT_ONCE
    assert await store.saves() == []


async def test_what_automatic_saving_took_up_is_taken_up_again_although_it_is_off_now(
    library: Library, saver: Saver, new_run: NewRun, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    source.gate = asyncio.Event()
    saver.save_everything_to(folder)
    await add_ready(library, "7")
    await settle()
    await kill(saver)
    source.gate = None

    await new_run().take_up()
    await clock.advance(1)

    assert names_in(folder) == ["7.mp4"]


async def test_only_one_account_s_are_taken_up_where_a_run_is_for_one(
    library: Library, saver: Saver, new_run: NewRun, folder: Path, store: FakeVideoStore, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await library.add(["8"], account="studio")
    other = VideoRef("studio", "8")
    await library.update(other, lambda video: replace(video, status=VideoStatus.READY, url=CLIP_URL))
    saver.pause()
    saver.save([ref("7"), other], folder)
    await settle()

    await new_run().take_up("default")
    await clock.advance(1)

    assert names_in(folder) == ["7.mp4"]
    assert await kept_ids(store) == ["8"]


async def test_what_is_no_longer_in_the_list_is_forgotten(
    library: Library,
    saver: Saver,
    new_run: NewRun,
    folder: Path,
    heard: Heard,
    store: FakeVideoStore,
    clock: FakeClock,
) -> None:
    await add_ready(library, "7")
    saver.pause()
    saver.save([ref("7")], folder)
    await settle()
    await library.remove([ref("7")])

    await new_run().take_up()
    await clock.advance(1)

    assert heard.phases("7") == [SavePhase.QUEUED]
    assert await store.saves() == []


async def test_a_clip_that_was_named_before_the_list_noted_it_is_not_fetched_again(
    library: Library,
    saver: Saver,
    new_run: NewRun,
    source: FakeClipSource,
    folder: Path,
    store: FakeVideoStore,
    clock: FakeClock,
) -> None:
    await add_ready(library, "7")
    store.is_failing = True  # the list notes neither the wish nor the end
    saver.save([ref("7")], folder)
    await clock.advance(1)
    await kill(saver)
    store.is_failing = False
    later = new_run()

    later.save([ref("7")], folder)
    await clock.advance(1)

    video = library.get(ref("7"))
    assert video is not None
    assert (video.saved_path, video.saved_bytes) == (str(folder / "7.mp4"), len(RED))
    assert len(source.opened) == 1
    assert names_in(folder) == ["7.mp4"]


async def test_a_queue_that_cannot_be_written_is_saved_all_the_same_and_told_once(
    library: Library, saver: Saver, folder: Path, store: FakeVideoStore, clock: FakeClock, heard: Heard
) -> None:
    await add_ready(library, "1", "2")
    store.is_failing = True

    saver.save([ref("1"), ref("2")], folder)
    await clock.advance(1)
    store.is_failing = False
    await clock.advance(60)

    assert [event.message for event in heard.of(Trouble)] == [DISK_FULL]
    assert names_in(folder) == ["1.mp4", "2.mp4"]
    assert [video.is_saved for video in library] == [True, True]
    assert await store.saves() == []


async def test_what_was_not_written_yet_is_written_at_the_end(
    library: Library, saver: Saver, folder: Path, store: FakeVideoStore, nursery: TaskNursery
) -> None:
    await add_ready(library, "7")
    saver.save([ref("7")], folder)
    await nursery.aclose()

    await saver.aclose()

    assert await kept_ids(store) == ["7"]


async def test_a_restored_list_s_queue_is_taken_up_beside_what_was_wished_here(
    library: Library, saver: Saver, folder: Path, store: FakeVideoStore, clock: FakeClock
) -> None:
    await add_ready(library, "1", "2")
    saver.pause()
    saver.save([ref("1")], folder)
    await settle()
    there = [replace(save, ref=ref("2")) for save in await store.saves()]
    rows = await store.load()

    def another_list() -> None:
        store.replace_with(rows)

    await store.put_saves(there, [ref("1")])
    await library.swap(another_list)
    saver.resume()
    await clock.advance(1)

    assert names_in(folder) == ["1.mp4", "2.mp4"]


# What fails for a cause that can pass.


async def test_a_server_s_failure_is_held_and_tried_with_ever_longer_pauses(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock, heard: Heard
) -> None:
    await add_ready(library, "7")
    source.trouble = ClipCutShort("The clip’s server does not answer.")
    saver.save([ref("7")], folder)
    tries = []
    for wait_s in (14, 60 + 14, 120 + 14):  # a round of tries takes 13 s
        await clock.advance(wait_s)
        tries.append(len(source.opened))
    source.trouble = None
    await clock.advance(241)

    events = [event for event in heard.of(SaveProgressed) if event.phase is SavePhase.HELD]
    assert tries == [4, 8, 12]
    assert [event.is_news for event in events] == [True, False, False]
    assert {event.message for event in events} == {"The clip’s server does not answer."}
    assert names_in(folder) == ["7.mp4"]


async def test_a_reason_is_known_after_a_restart_and_told_no_more(
    library: Library,
    saver: Saver,
    new_run: NewRun,
    source: FakeClipSource,
    folder: Path,
    clock: FakeClock,
    heard: Heard,
) -> None:
    await add_ready(library, "7")
    source.trouble = ClipCutShort("The clip’s server does not answer.")
    saver.save([ref("7")], folder)
    await clock.advance(14)
    await kill(saver)
    later = new_run()

    await later.take_up()

    held = SaveProgressed(
        ref("7"), SavePhase.HELD, message="The clip’s server does not answer.", is_news=False
    )
    assert heard.of(SaveProgressed)[-1] == held
    assert later.standing() == [held]
    source.trouble = None
    await clock.advance(1)
    assert names_in(folder) == ["7.mp4"]


async def test_what_is_held_is_tried_at_once_when_a_person_says_so(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7", "8")
    source.trouble = ClipCutShort("…")
    saver.save([ref("7"), ref("8")], folder)
    await clock.advance(14)
    source.trouble = None

    begun = saver.save([ref("7")], folder)
    await settle()
    first = names_in(folder)
    saver.retry()
    await settle()

    assert begun == 1
    assert first == ["7.mp4"]
    assert names_in(folder) == ["7.mp4", "8.mp4"]


def saved_path(library: Library) -> str:
    video = library.get(ref("7"))
    assert video is not None
    return video.saved_path


async def test_what_is_held_goes_into_another_folder_when_a_person_says_so(
    library: Library, saver: Saver, store: FakeVideoStore, clock: FakeClock, heard: Heard, tmp_path: Path
) -> None:
    await add_ready(library, "7", "8")
    (tmp_path / "file").write_bytes(b"")
    saver.save([ref("7"), ref("8")], tmp_path / "file")
    await clock.advance(1)
    assert saver.overview == SavingOverview(held=2)

    begun = saver.save([ref("7")], tmp_path / "other")
    await clock.advance(1)

    assert begun == 1
    assert saved_path(library) == str(tmp_path / "other" / "7.mp4")
    assert saver.overview == SavingOverview(held=1)
    assert [(save.ref, save.folder) for save in await store.saves()] == [(ref("8"), str(tmp_path / "file"))]


async def test_of_what_went_into_another_folder_nothing_stays_in_the_former(
    library: Library, saver: Saver, source: FakeClipSource, clock: FakeClock, tmp_path: Path
) -> None:
    await add_ready(library, "7")
    source.cuts = 4
    saver.save([ref("7")], tmp_path / "one")
    await clock.advance(50)
    before = [path.suffix for path in (tmp_path / "one").iterdir()]

    saver.save([ref("7")], tmp_path / "other")
    await clock.advance(1)

    assert ".part" in before
    assert list((tmp_path / "one").iterdir()) == []
    assert saved_path(library) == str(tmp_path / "other" / "7.mp4")


async def test_a_full_folder_is_tried_once_a_minute_and_its_trouble_told_once(
    library: Library,
    saver: Saver,
    folders: FickleFolders,
    folder: Path,
    tmp_path: Path,
    clock: FakeClock,
    heard: Heard,
    store: FakeVideoStore,
) -> None:
    ids = [str(number) for number in range(1, 21)]
    await add_ready(library, *ids)
    folders.trouble = "The disk is full."
    saver.save([ref(each) for each in ids], folder)
    await clock.advance(599)
    tries = len(folders.begun)
    kept = await kept_ids(store)
    folders.trouble = ""
    await clock.advance(60)

    news = [event for event in heard.of(SaveProgressed) if event.message and event.is_news]
    assert tries <= 10 * MAX_AT_ONCE
    assert len(news) == 1
    assert kept == sorted(ids)
    assert len(names_in(folder)) == 20
    assert saver.is_idle


async def test_what_a_bad_folder_cannot_take_goes_into_the_next_one_that_is_chosen(
    library: Library, saver: Saver, folder: Path, tmp_path: Path, clock: FakeClock, store: FakeVideoStore
) -> None:
    await add_ready(library, "7", "8")
    (tmp_path / "file").write_text("no folder")
    saver.save([ref("7"), ref("8")], tmp_path / "file")
    await clock.advance(1)

    begun = saver.save([ref("7")], folder)
    await clock.advance(1)
    first = names_in(folder)
    saver.save([ref("8")], tmp_path / "file")
    await clock.advance(1)
    saver.redirect(folder)
    await clock.advance(1)

    assert begun == 1
    assert first == ["7.mp4"]
    assert names_in(folder) == ["7.mp4", "8.mp4"]
    assert saver.is_idle
    assert await kept_ids(store) == []


async def test_a_clip_on_its_way_goes_elsewhere_when_a_person_says_so_and_leaves_nothing(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, tmp_path: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.gate = asyncio.Event()
    saver.save([ref("7")], tmp_path / "first")
    await settle()
    begun_in = names_in(tmp_path / "first")

    saver.save([ref("7")], folder)
    await settle()
    source.gate.set()
    await clock.advance(1)

    assert begun_in == ["7.mp4.part", "7.mp4.part.json"]
    assert names_in(tmp_path / "first") == []
    assert names_in(folder) == ["7.mp4"]
    assert source.running == 0


async def test_what_was_to_go_elsewhere_is_not_redirected_by_catching_up(
    library: Library, saver: Saver, new_run: NewRun, folder: Path, tmp_path: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    saver.pause()
    saver.save([ref("7")], folder)
    await clock.advance(1)

    later = new_run()
    await later.take_up()
    later.save_everything_to(tmp_path / "elsewhere")
    later.catch_up()
    await clock.advance(1)

    assert names_in(folder) == ["7.mp4"]
    assert names_in(tmp_path / "elsewhere") == []


async def test_a_folder_that_is_bad_does_not_hold_up_another(
    library: Library, saver: Saver, folder: Path, tmp_path: Path, clock: FakeClock
) -> None:
    await add_ready(library, "1", "2")
    (tmp_path / "file").write_bytes(b"")

    saver.save([ref("1")], tmp_path / "file")
    await clock.advance(1)
    saver.save([ref("2")], folder)
    await clock.advance(1)

    assert names_in(folder) == ["2.mp4"]
    assert saver.is_saving(ref("1"))


async def test_what_is_no_clip_is_given_up_and_its_reason_is_known_after_a_restart(
    library: Library,
    saver: Saver,
    new_run: NewRun,
    source: FakeClipSource,
    folder: Path,
    clock: FakeClock,
) -> None:
    await add_ready(library, "7")
    source.clips[CLIP_URL] = b"<html>sign in</html>"
    saver.save([ref("7")], folder)
    await clock.advance(1)
    later = new_run()
    later.save_everything_to(folder)

    await later.take_up()
    later.catch_up()
    await clock.advance(5000)

    (told,) = later.standing()
    assert (told.phase, told.is_news) == (SavePhase.FAILED, False)
    assert "page of text" in told.message
    assert len(source.opened) == 1
    assert later.is_idle


async def test_what_was_given_up_is_begun_again_by_a_person(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.clips[CLIP_URL] = b"<html>sign in</html>"
    saver.save([ref("7")], folder)
    await clock.advance(1)
    source.clips[CLIP_URL] = RED

    saver.save([ref("7")], folder)
    await clock.advance(1)

    assert names_in(folder) == ["7.mp4"]
    assert saver.standing() == []


# Order, pause, cancel.


async def test_what_a_person_looks_at_is_saved_first_and_then_the_newest(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock, heard: Heard
) -> None:
    ids = [str(number) for number in range(1, 9)]
    await add_ready(library, *ids)
    for each in ids:
        await library.update(
            ref(each), lambda video: replace(video, created_at_s=1000.0 + int(video.video_id))
        )
    saver.pause()
    saver.save([ref(each) for each in ids], folder)
    await settle()

    saver.focus([ref("2")])
    saver.resume()
    await clock.advance(1)

    begun = dict.fromkeys(e.ref.video_id for e in heard.of(SaveProgressed) if e.phase is SavePhase.RECEIVING)
    assert list(begun) == ["2", "8", "7", "6", "5", "4", "3", "1"]


async def test_a_pause_keeps_what_came_and_saving_goes_on_from_the_same_byte(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.gate = asyncio.Event()
    saver.save([ref("7")], folder)
    await settle()

    saver.pause()
    await clock.advance(5000)
    running, kept, overview = source.running, names_in(folder), saver.overview
    source.gate = None
    saver.resume()
    await clock.advance(1)

    assert running == 0
    assert kept == ["7.mp4.part", "7.mp4.part.json"]
    assert (overview.is_paused, overview.waiting) == (True, 1)
    assert source.begun_at == [0, PIECE_BYTES]
    assert names_in(folder) == ["7.mp4"]


async def test_what_is_cancelled_is_gone_also_after_a_pause_and_never_comes_back_by_itself(
    library: Library,
    saver: Saver,
    new_run: NewRun,
    source: FakeClipSource,
    folder: Path,
    clock: FakeClock,
    store: FakeVideoStore,
) -> None:
    await add_ready(library, "7", "8")
    source.gate = asyncio.Event()
    saver.save([ref("7"), ref("8")], folder)
    await settle()
    saver.pause()
    await settle()

    saver.cancel(saver.refs())
    await clock.advance(1)
    left = names_in(folder)
    source.gate = None
    later = new_run()
    later.save_everything_to(folder)
    await later.take_up()
    later.catch_up()
    await clock.advance(5000)

    assert left == names_in(folder) == []
    assert later.is_idle
    assert all(save.is_over for save in await store.saves())


async def test_what_became_ready_while_nobody_looked_is_caught_up_with(
    library: Library, saver: Saver, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    saver.catch_up()
    await clock.advance(1)
    before = names_in(folder)
    saver.save_everything_to(folder)

    saver.catch_up()
    await clock.advance(1)

    assert before == []
    assert names_in(folder) == ["7.mp4"]


# How far it is.


async def test_progress_tells_speed_share_and_the_time_that_is_left(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock, heard: Heard
) -> None:
    ids = [str(number) for number in range(1, MAX_AT_ONCE + 2)]
    await add_ready(library, *ids)
    source.piece_bytes = len(RED) // 10
    source.gate = asyncio.Event()
    saver.save([ref(each) for each in ids], folder)
    for _ in range(3):
        await clock.advance(1)
        source.gate.set()
        source.gate.clear()
        await settle()

    overview = saver.overview
    speeds = [event.speed_bytes_s for event in heard.of(SaveProgressed)]
    source.gate.set()
    await clock.advance(10)

    assert (overview.done, overview.total, overview.held) == (0, len(ids), 0)
    assert overview.share == pytest.approx(MAX_AT_ONCE * 0.4 / len(ids), rel=0.05)
    assert speeds[-1] == pytest.approx(len(RED) / 10, rel=0.05)
    clips_left = len(ids) - MAX_AT_ONCE * 0.4
    assert overview.left_s == pytest.approx(clips_left * 10 / MAX_AT_ONCE, rel=0.05)
    assert saver.overview == SavingOverview()


async def test_what_is_held_is_counted_apart(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.trouble = ClipCutShort("…")

    saver.save([ref("7")], folder)
    await clock.advance(14)

    assert saver.overview == SavingOverview(held=1)
