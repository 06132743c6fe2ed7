import asyncio
import logging
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.core.events import Event, SavePhase, SaveProgressed
from pixverse_desktop.core.marks import batched
from pixverse_desktop.core.saves import unsaved
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import SavedCopy, Video, VideoRef, VideoStatus
from pixverse_desktop.resources import resource_path
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.saving import MAX_AT_ONCE, Saver
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock, settle
from tests.fakes.heard import Heard
from tests.fakes.video_api import CLIP_URL
from tests.fakes.video_store import DISK_FULL, FakeVideoStore
from tests.services.conftest import RED, Wishes, add_ready, ref

BLUE = (resource_path("clips") / "03-blue.mp4").read_bytes()
FOREVER_S = 3600.0


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "saved"


def row(library: Library, video_id: str = "7") -> Video:
    video = library.get(ref(video_id))
    assert video is not None
    return video


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


async def test_a_saved_clip_is_noted_in_the_list_before_it_is_told(
    library: Library,
    saver: Saver,
    announcer: Announcer,
    folder: Path,
    clock: FakeClock,
    heard: Heard,
    store: FakeVideoStore,
) -> None:
    await add_ready(library, "7")
    at_the_end: list[Video | None] = []

    def on_event(event: Event) -> None:
        if isinstance(event, SaveProgressed) and event.phase is SavePhase.SAVED:
            at_the_end.append(store.row("7"))

    announcer.subscribe(on_event)

    begun = saver.save([ref("7")], folder)
    await clock.advance(1)

    assert begun == 1
    assert heard.phases("7") == [SavePhase.QUEUED, SavePhase.RECEIVING, SavePhase.SAVED]
    assert heard.of(SaveProgressed)[-1].received_bytes == len(RED)
    assert row(library).saved_path == str(folder / "7.mp4")
    assert row(library).saved_bytes == len(RED)
    assert at_the_end == [row(library)]
    assert Path(row(library).saved_path).read_bytes() == RED
    assert saver.is_idle


async def test_what_has_no_clip_or_is_on_its_way_is_not_begun(
    library: Library, saver: Saver, folder: Path, clock: FakeClock
) -> None:
    await library.add(["8"], account="default")
    await add_ready(library, "7")

    begun = [saver.save([ref("404"), ref("8"), ref("7"), ref("7")], folder), saver.save([ref("7")], folder)]
    is_saving = saver.is_saving(ref("7"))
    await clock.advance(1)

    assert begun == [1, 0]
    assert is_saving
    assert names_in(folder) == ["7.mp4"]


async def test_the_name_tells_the_prompt_and_a_taken_name_gets_a_number(
    library: Library, saver: Saver, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    await library.update(ref("7"), lambda video: replace(video, prompt="a fox\nat night?"))
    folder.mkdir()
    (folder / "7_a fox at night.mp4").write_bytes(b"somebody's own")

    saver.save([ref("7")], folder)
    await clock.advance(1)

    assert Path(row(library).saved_path).name == "7_a fox at night (2).mp4"
    assert (folder / "7_a fox at night.mp4").read_bytes() == b"somebody's own"


async def test_two_clips_that_share_a_name_are_both_kept(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    source.clips["https://media.pixverse.ai/blue.mp4"] = BLUE
    await add_ready(library, "7")
    await library.add(["7"], account="studio")
    await library.update(
        VideoRef("studio", "7"),
        lambda video: replace(video, status=VideoStatus.READY, url="https://media.pixverse.ai/blue.mp4"),
    )

    saver.save([ref("7"), VideoRef("studio", "7")], folder)
    await clock.advance(1)

    assert sorted(path.read_bytes() for path in folder.iterdir()) == sorted([RED, BLUE])


async def test_saving_again_into_the_same_folder_keeps_one_file(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock, heard: Heard
) -> None:
    await add_ready(library, "7")
    for _ in range(2):
        saver.save([ref("7")], folder)
        await clock.advance(1)

    assert names_in(folder) == ["7.mp4"]
    assert len(source.opened) == 1
    assert heard.phases("7")[-1] is SavePhase.SAVED


async def test_folders_of_the_template_are_made_and_saving_again_keeps_one_file(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock, wishes: Wishes
) -> None:
    await add_ready(library, "7")
    await library.mark([ref("7")], batched("march"))
    wishes.now = Settings(name_template="{batch}/{id}")
    saver.save([ref("7")], folder)
    await clock.advance(1)
    first = row(library).saved_path
    mine = (folder / "march" / "7.mp4").rename(folder / "march" / "mine.mp4")
    await library.note_copies({ref("7"): SavedCopy(str(mine), len(RED))})

    saver.save([ref("7")], folder)
    await clock.advance(1)

    assert first == str(folder / "march" / "7.mp4")
    assert row(library).saved_path == str(mine)
    assert list(folder.rglob("*.mp4")) == [mine]
    assert len(source.opened) == 1


async def test_another_template_counts_from_the_next_clip_on(
    library: Library, saver: Saver, folder: Path, clock: FakeClock, wishes: Wishes
) -> None:
    await add_ready(library, "7", "8")
    saver.save([ref("7")], folder)
    await clock.advance(1)
    wishes.now = Settings(name_template="clip {id}")
    saver.save([ref("8")], folder)
    await clock.advance(1)

    assert names_in(folder) == ["7.mp4", "clip 8.mp4"]


async def test_saving_elsewhere_copies_and_the_list_knows_the_new_place(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, tmp_path: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    for target in (folder, tmp_path / "other"):
        saver.save([ref("7")], target)
        await clock.advance(1)

    assert len(source.opened) == 1
    assert row(library).saved_path == str(tmp_path / "other" / "7.mp4")
    assert (folder / "7.mp4").read_bytes() == (tmp_path / "other" / "7.mp4").read_bytes() == RED


async def test_a_moderated_video_with_a_copy_can_still_be_copied(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, tmp_path: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    saver.save([ref("7")], folder)
    await clock.advance(1)
    await library.update(ref("7"), lambda video: replace(video, status=VideoStatus.MODERATED))

    saver.save([ref("7")], tmp_path / "other")
    await clock.advance(1)

    assert names_in(tmp_path / "other") == ["7.mp4"]
    assert len(source.opened) == 1


async def test_a_few_are_saved_at_a_time_and_none_is_forgotten(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    ids = [str(number) for number in range(1, 21)]
    await add_ready(library, *ids)
    source.gate = asyncio.Event()

    saver.save([ref(video_id) for video_id in ids], folder)
    await clock.advance(10)
    running = source.running
    source.gate.set()
    await clock.advance(10)

    assert running == source.most_running == MAX_AT_ONCE
    assert names_in(folder) == sorted(f"{video_id}.mp4" for video_id in ids)


async def test_progress_is_not_told_more_than_ten_times_a_second(
    library: Library, saver: Saver, folder: Path, clock: FakeClock, heard: Heard
) -> None:
    await add_ready(library, "7")

    saver.save([ref("7")], folder)
    await clock.advance(1)

    receiving = [event for event in heard.of(SaveProgressed) if event.phase is SavePhase.RECEIVING]
    assert len(receiving) == 1
    assert (receiving[0].received_bytes, receiving[0].total_bytes) == (4096, len(RED))


# Failing.


async def test_a_clip_that_cannot_be_fetched_is_told_and_can_be_tried_again(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock, heard: Heard
) -> None:
    await add_ready(library, "7")
    source.cuts = 4
    saver.save([ref("7")], folder)
    await clock.advance(60)
    failure = heard.of(SaveProgressed)[-1]

    saver.save([ref("7")], folder)
    await clock.advance(1)

    assert (failure.phase, failure.is_disk_fault) == (SavePhase.HELD, False)
    assert "broke off" in failure.message
    assert heard.phases("7")[-1] is SavePhase.SAVED
    assert names_in(folder) == ["7.mp4"]


async def test_a_folder_that_cannot_take_it_is_told_as_the_disk_s_fault(
    library: Library, saver: Saver, tmp_path: Path, clock: FakeClock, heard: Heard
) -> None:
    await add_ready(library, "7")
    (tmp_path / "file").write_bytes(b"")

    saver.save([ref("7")], tmp_path / "file")
    await clock.advance(1)

    failure = heard.of(SaveProgressed)[-1]
    assert (failure.phase, failure.is_disk_fault) == (SavePhase.HELD, True)
    assert "not a folder" in failure.message
    assert not row(library).is_saved


async def test_a_clip_that_cannot_be_noted_is_told_as_the_disk_s_fault_and_the_file_stays(
    library: Library, saver: Saver, folder: Path, clock: FakeClock, heard: Heard, store: FakeVideoStore
) -> None:
    await add_ready(library, "7")
    store.is_failing = True

    saver.save([ref("7")], folder)
    await clock.advance(1)

    failure = heard.of(SaveProgressed)[-1]
    assert (failure.phase, failure.is_disk_fault, failure.message) == (SavePhase.HELD, True, DISK_FULL)
    assert (folder / "7.mp4").read_bytes() == RED
    assert not row(library).is_saved


async def test_a_row_removed_while_it_is_saved_keeps_its_file_and_stays_away(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.gate = asyncio.Event()
    saver.save([ref("7")], folder)
    await settle()

    await library.remove([ref("7")])
    source.gate.set()
    await clock.advance(1)

    assert list(library) == []
    assert names_in(folder) == ["7.mp4"]


async def test_what_came_of_a_row_that_was_removed_does_not_stay(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.gate = asyncio.Event()
    saver.save([ref("7")], folder)
    await settle()
    saver.pause()
    await settle()
    kept = names_in(folder)

    await library.remove([ref("7")])
    saver.resume()
    await clock.advance(1)

    assert kept == ["7.mp4.part", "7.mp4.part.json"]
    assert names_in(folder) == []
    assert saver.is_idle


async def test_a_defect_of_ours_ends_the_saving_as_failed_and_is_reported(
    library: Library,
    saver: Saver,
    source: FakeClipSource,
    folder: Path,
    clock: FakeClock,
    heard: Heard,
    defects: list[BaseException],
    complaints: list[logging.LogRecord],
) -> None:
    await add_ready(library, "7")
    source.clips[CLIP_URL] = None  # type: ignore[assignment]

    saver.save([ref("7")], folder)
    await clock.advance(1)

    assert heard.phases("7")[-1] is SavePhase.FAILED
    assert saver.is_idle
    assert len(defects) == len(complaints) == 1
    defects.clear()
    complaints.clear()


# Cancelling.


async def test_a_cancelled_save_leaves_nothing_and_the_rest_goes_on(
    library: Library, saver: Saver, source: FakeClipSource, folder: Path, clock: FakeClock, heard: Heard
) -> None:
    ids = [str(number) for number in range(1, 6)]
    await add_ready(library, *ids)
    source.gate = asyncio.Event()
    saver.save([ref(video_id) for video_id in ids], folder)
    await settle()

    saver.cancel([ref("1"), ref("5"), ref("404")])  # one under way, one in the queue, one unknown
    source.gate.set()
    await clock.advance(1)

    assert heard.phases("1")[-1] is heard.phases("5")[-1] is SavePhase.CANCELLED
    assert names_in(folder) == ["2.mp4", "3.mp4", "4.mp4"]
    assert saver.is_idle
    assert not row(library, "1").is_saved


async def test_a_save_cancelled_before_it_began_is_told(
    library: Library, saver: Saver, folder: Path, heard: Heard
) -> None:
    await add_ready(library, "7")
    saver.save([ref("7")], folder)

    saver.cancel([ref("7")])
    await settle()

    assert heard.phases("7") == [SavePhase.CANCELLED]
    assert saver.is_idle


async def test_what_is_begun_again_on_the_news_of_its_end_is_not_forgotten(
    library: Library, saver: Saver, source: FakeClipSource, announcer: Announcer, tmp_path: Path
) -> None:
    await add_ready(library, "7")
    begun: list[int] = []

    def on_event(event: Event) -> None:
        if isinstance(event, SaveProgressed) and event.phase is SavePhase.SAVED and not begun:
            source.gate = asyncio.Event()
            source.clips[CLIP_URL] = BLUE
            (tmp_path / "first" / "7.mp4").unlink()
            begun.append(saver.save([ref("7")], tmp_path / "second"))

    announcer.subscribe(on_event)
    saver.save([ref("7")], tmp_path / "first")
    await settle()

    assert begun == [1]
    assert saver.is_saving(ref("7"))
    saver.cancel([ref("7")])
    await settle()
    assert names_in(tmp_path / "second") == []


# By themselves.


async def test_what_becomes_ready_is_saved_by_itself_into_the_chosen_folder(
    library: Library, saver: Saver, folder: Path, clock: FakeClock
) -> None:
    saver.save_everything_to(folder)

    await add_ready(library, "7")
    await clock.advance(1)
    saver.save_everything_to(None)
    await add_ready(library, "8")
    await clock.advance(1)

    assert names_in(folder) == ["7.mp4"]
    assert saver.automatic_folder is None


async def test_a_ready_row_that_changes_is_not_saved_again(
    library: Library, saver: Saver, folder: Path, clock: FakeClock, heard: Heard
) -> None:
    saver.save_everything_to(folder)
    await add_ready(library, "7")
    await clock.advance(1)

    await library.update(ref("7"), lambda video: replace(video, second_look_done=True))
    await clock.advance(1)

    assert heard.phases("7").count(SavePhase.QUEUED) == 1


async def test_a_closed_saver_saves_nothing_by_itself(
    library: Library, saver: Saver, folder: Path, clock: FakeClock
) -> None:
    saver.save_everything_to(folder)
    await saver.aclose()

    await add_ready(library, "7")
    await clock.advance(1)

    assert names_in(folder) == []


async def test_only_clips_that_are_there_and_not_saved_count_as_unsaved(
    library: Library, saver: Saver, folder: Path, clock: FakeClock
) -> None:
    await library.add(["6"], account="default")
    await add_ready(library, "7", "8")
    saver.save([ref("7")], folder)
    await clock.advance(1)

    assert unsaved(library) == [ref("8")]
