import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.core.copies import CopyFault
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.events import VideosChanged
from pixverse_desktop.core.video import SavedCopy, Video, VideoStatus
from pixverse_desktop.resources import resource_path
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.saved_files import SavedFiles
from pixverse_desktop.services.saving import Saver
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock
from tests.fakes.heard import Heard
from tests.fakes.video_store import FakeVideoStore
from tests.services.conftest import RED, add_ready, ref

BLUE = (resource_path("clips") / "03-blue.mp4").read_bytes()


@pytest.fixture
def saved_files(library: Library, clips: Clips, saver: Saver) -> SavedFiles:
    return SavedFiles(library=library, folders=DiskFolders(), clips=clips, saver=saver)


def row(library: Library, video_id: str = "7") -> Video:
    video = library.get(ref(video_id))
    assert video is not None
    return video


def tell_nobody(done: int, total: int) -> None:
    """Ignore how far it is."""


async def save(library: Library, saver: Saver, clock: FakeClock, folder: Path, *ids: str) -> None:
    await add_ready(library, *ids)
    saver.save([ref(each) for each in ids], folder)
    await clock.advance(1)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


async def test_copies_that_are_not_what_they_were_are_found_and_nothing_is_changed(
    library: Library, saver: Saver, saved_files: SavedFiles, clock: FakeClock, tmp_path: Path, heard: Heard
) -> None:
    await save(library, saver, clock, tmp_path, "1", "2", "3", "4", "5")
    await library.add(["6"], account="default")
    (tmp_path / "2.mp4").unlink()
    (tmp_path / "3.mp4").write_bytes(RED[:-1])
    (tmp_path / "4.mp4").write_bytes(RED + b"more")
    (tmp_path / "5.mp4").write_bytes(b"x" * len(RED))
    before, changes = contents(tmp_path), len(heard.of(VideosChanged))
    told: list[tuple[int, int]] = []

    found = await saved_files.check(lambda done, total: told.append((done, total)))

    assert [(each.video.video_id, each.fault) for each in found] == [
        ("2", CopyFault.GONE),
        ("3", CopyFault.SHORT),
        ("4", CopyFault.CHANGED),
        ("5", CopyFault.NOT_A_CLIP),
    ]
    assert told == [(0, 5), (5, 5)]
    assert contents(tmp_path) == before
    assert len(heard.of(VideosChanged)) == changes


async def test_a_check_can_be_cancelled(
    library: Library, saver: Saver, saved_files: SavedFiles, clock: FakeClock, tmp_path: Path
) -> None:
    await save(library, saver, clock, tmp_path, *map(str, range(1, 61)))
    told: list[int] = []

    def on_progress(done: int, total: int) -> None:
        told.append(done)
        if done == 25:
            checking.cancel()

    checking = asyncio.ensure_future(saved_files.check(on_progress))
    await asyncio.wait([checking])

    assert checking.cancelled()
    assert told == [0, 25]


async def test_moved_copies_are_found_by_name_and_size_then_by_the_id(
    library: Library, saver: Saver, saved_files: SavedFiles, clock: FakeClock, tmp_path: Path
) -> None:
    await save(library, saver, clock, tmp_path / "was", "1", "2", "33", "4", "5")
    moved = tmp_path / "is" / "deep"
    moved.mkdir(parents=True)
    for number, name in {"1": "1.mp4", "2": "a fox_2 (old).MP4", "33": "133.mp4", "4": "4.mp4"}.items():
        (tmp_path / "was" / f"{number}.mp4").rename(moved / name)
    (moved / "4.mp4").write_bytes(RED[:-1])  # a broken one of the right name
    (moved / "x 4.mp4").write_bytes(BLUE)  # whole, by the id alone
    (moved / "x 2.mp4").write_bytes(BLUE)  # less like it than the one of the right size
    (moved / "5.txt").write_bytes(RED)
    (tmp_path / "was" / "5.mp4").unlink()

    found = await saved_files.look_for(list(library), tmp_path / "is", tell_nobody)

    assert found == {
        ref("1"): SavedCopy(str(moved / "1.mp4"), len(RED)),
        ref("2"): SavedCopy(str(moved / "a fox_2 (old).MP4"), len(RED)),
        ref("4"): SavedCopy(str(moved / "x 4.mp4"), len(BLUE)),
    }


async def test_copies_are_noted_in_one_change_that_can_be_taken_back(
    library: Library, saver: Saver, clock: FakeClock, tmp_path: Path, heard: Heard, store: FakeVideoStore
) -> None:
    await save(library, saver, clock, tmp_path, "1", "2", "3")
    copies = {ref("1"): SavedCopy("/1.mp4", 5), ref("2"): SavedCopy(), ref("3"): row(library, "3").copy}
    were = {each: row(library, each.video_id).copy for each in copies}
    changes = len(heard.of(VideosChanged))

    before = await library.note_copies({**copies, ref("404"): SavedCopy()})
    after = {each: row(library, each.video_id).copy for each in copies}
    kept = store.row("1")
    await library.note_copies(before)

    assert before == {ref(each): were[ref(each)] for each in "12"}
    assert after == copies
    assert kept is not None
    assert kept.copy == SavedCopy("/1.mp4", 5)
    assert len(heard.of(VideosChanged)) == changes + 2
    assert {each: row(library, each.video_id).copy for each in copies} == were


@pytest.mark.parametrize("broken", [b"x" * len(RED), RED[:-1], BLUE, None])
async def test_a_clip_is_fetched_again_and_the_broken_file_stays(
    library: Library,
    saver: Saver,
    saved_files: SavedFiles,
    source: FakeClipSource,
    clock: FakeClock,
    tmp_path: Path,
    broken: bytes | None,
) -> None:
    await save(library, saver, clock, tmp_path, "7")
    (tmp_path / "7.mp4").unlink()
    if broken is not None:
        (tmp_path / "7.mp4").write_bytes(broken)

    begun = await saved_files.fetch_again([row(library)], tmp_path)
    await clock.advance(1)

    assert begun == [ref("7")]
    assert len(source.opened) == 2
    assert Path(row(library).saved_path).read_bytes() == RED
    assert row(library).saved_bytes == len(RED)
    assert sorted(contents(tmp_path).values()) == sorted([RED, *([broken] if broken is not None else [])])


async def test_what_pixverse_does_not_have_is_not_fetched_and_keeps_its_copy(
    library: Library, saver: Saver, saved_files: SavedFiles, clock: FakeClock, tmp_path: Path
) -> None:
    await save(library, saver, clock, tmp_path, "7")
    await library.update(ref("7"), lambda video: replace(video, status=VideoStatus.DELETED))

    assert await saved_files.fetch_again([row(library)], tmp_path) == []
    assert row(library).is_saved


async def test_a_list_that_cannot_be_written_keeps_its_copies(
    library: Library, saver: Saver, clock: FakeClock, tmp_path: Path, store: FakeVideoStore
) -> None:
    await save(library, saver, clock, tmp_path, "7")
    store.is_failing = True

    with pytest.raises(StoreFailed):
        await library.note_copies({ref("7"): SavedCopy()})

    assert row(library).is_saved
