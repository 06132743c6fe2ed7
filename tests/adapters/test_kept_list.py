"""The keeper, the library and the list on disk together: a list is replaced under a running program."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest

from pixverse_desktop.adapters.backups import BackupFolder
from pixverse_desktop.adapters.clock import SystemClock
from pixverse_desktop.adapters.id_files import read_id_file, write_text_file
from pixverse_desktop.adapters.sqlite_store import FILE_NAME, SqliteVideoStore
from pixverse_desktop.core.errors import FolderUnusable, StoreFailed
from pixverse_desktop.core.events import ListReplaced
from pixverse_desktop.core.marks import NO_MARKS, Marks, with_tag
from pixverse_desktop.core.records import as_json
from pixverse_desktop.core.retention import BackupReason
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.intake import Intake
from pixverse_desktop.services.keeping import ListKeeper
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tasks import TaskNursery
from tests.adapters.small_disk import SmallDisk
from tests.contracts.video_store import FULL, FULL_MARKS
from tests.fakes.heard import Heard

SEVEN = VideoRef("default", "7")


@dataclass
class Kept:
    """An open list with its keeper."""

    library: Library
    keeper: ListKeeper
    backups: BackupFolder
    path: Path


@pytest.fixture
async def kept(tmp_path: Path, announcer: Announcer, nursery: TaskNursery) -> AsyncIterator[Kept]:
    path = tmp_path / FILE_NAME
    backups = BackupFolder(path, tmp_path / "backups")
    async with AsyncExitStack() as stack:
        store = SqliteVideoStore(path)
        stack.push_async_callback(store.aclose)
        await store.open()
        clock = SystemClock()
        library = Library(store, clock, announcer)
        await library.open()
        keeper = ListKeeper(
            library=library, backups=backups, clock=clock, announcer=announcer, nursery=nursery
        )
        stack.push_async_callback(nursery.aclose)
        yield Kept(library, keeper, backups, path)


async def test_a_backup_is_restored_under_a_running_program_and_it_goes_on(kept: Kept, heard: Heard) -> None:
    await kept.library.add(["7"], account="default")
    await kept.library.mark([SEVEN], with_tag("hero"))
    backup = kept.backups.make(BackupReason.DAILY, now_s=SystemClock().now_s())
    await kept.library.remove([SEVEN])
    await kept.library.add(["8"], account="default")
    assert backup is not None

    await kept.keeper.restore(backup)

    assert [video.video_id for video in kept.library] == ["7"]
    assert kept.library.marks(SEVEN) == Marks(("hero",))
    assert heard.events[-1] == ListReplaced()
    await kept.library.add(["9"], account="default")
    (former,) = [each for each in await kept.keeper.all() if each.name.reason is BackupReason.RESTORE]
    await kept.keeper.restore(former.path)
    assert [video.video_id for video in kept.library] == ["8"]


async def test_a_damaged_backup_changes_nothing_and_the_program_goes_on(kept: Kept, heard: Heard) -> None:
    await kept.library.add(["7"], account="default")
    backup = kept.backups.make(BackupReason.DAILY, now_s=SystemClock().now_s())
    assert backup is not None
    backup.write_bytes(backup.read_bytes()[:5000])

    with pytest.raises(StoreFailed, match="not restored"):
        await kept.keeper.restore(backup)

    assert heard.of(ListReplaced) == []
    await kept.library.add(["8"], account="default")
    assert [video.video_id for video in kept.library] == ["7", "8"]


async def test_changes_made_while_a_backup_is_restored_go_into_the_list_that_is_there_then(
    kept: Kept,
) -> None:
    await kept.library.add(["7"], account="default")
    backup = kept.backups.make(BackupReason.DAILY, now_s=SystemClock().now_s())
    assert backup is not None

    await asyncio.gather(
        kept.keeper.restore(backup),
        kept.library.add(["8"], account="default"),
        kept.library.mark([SEVEN], with_tag("hero")),
    )

    found = {video.video_id: kept.library.marks(video.ref) for video in kept.library}
    await kept.library.open()
    assert found == {"7": Marks(("hero",)), "8": NO_MARKS}
    assert found == {video.video_id: kept.library.marks(video.ref) for video in kept.library}


async def test_the_end_of_a_run_that_changed_something_leaves_a_backup(kept: Kept) -> None:
    await kept.library.add(["7"], account="default")

    await kept.keeper.aclose()

    assert [(each.name.reason, each.videos) for each in kept.backups.all()] == [(BackupReason.EXIT, 1)]


# Exports as files.


def test_our_own_export_is_known_again_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "mine.json"
    write_text_file(file, as_json([(FULL, FULL_MARKS)]))

    rows = Intake(read_id_file).haul(read_id_file(file), "mine", now_s=0.0).rows

    assert [(video.ref, marks) for video, marks in rows] == [(FULL.ref, FULL_MARKS)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_export_that_went_through_another_editor_is_known_again(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "MINE.JSON"
    file.write_bytes(as_json([(FULL, FULL_MARKS)]).encode(encoding))

    rows = Intake(read_id_file).haul(read_id_file(file), "mine", now_s=0.0).rows

    assert [(video.prompt, marks) for video, marks in rows] == [(FULL.prompt, FULL_MARKS)]


@pytest.mark.parametrize(
    "data",
    [json.dumps([{"video_id": "7", "status": 1}]).encode(), b"7\n", b'[{"video_id": "7"}]'],
)
def test_any_other_file_is_no_export(data: bytes) -> None:
    assert Intake(read_id_file).haul(data, "theirs", now_s=0.0).rows == ()


def test_a_file_is_written_whole_and_replaces_the_former(tmp_path: Path) -> None:
    file = tmp_path / "ids.txt"
    file.write_text("old", encoding="utf-8")

    write_text_file(file, "夜\n7\r\n")

    assert file.read_bytes() == "夜\n7\r\n".encode()
    assert [each.name for each in tmp_path.iterdir()] == ["ids.txt"]


def test_half_a_character_does_not_keep_a_file_from_being_written(tmp_path: Path) -> None:
    write_text_file(tmp_path / "a.json", json.dumps(["/clips/\udcff.mp4"], ensure_ascii=False))

    assert json.loads((tmp_path / "a.json").read_text(encoding="utf-8")) == ["/clips/\udcff.mp4"]


def test_a_full_disk_leaves_the_former_file_and_nothing_half(small_disk: SmallDisk) -> None:
    file = small_disk.folder / "ids.txt"
    file.write_text("old", encoding="utf-8")

    with pytest.raises(FolderUnusable, match="cannot be written"):
        write_text_file(file, "7\n" * 3_000_000)

    assert file.read_text(encoding="utf-8") == "old"
    assert not list(small_disk.folder.glob("*.part"))


def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match="cannot be written"):
        write_text_file(tmp_path / "gone" / "ids.txt", "7\n")


async def test_a_list_that_cannot_be_read_after_a_restore_is_read_before_the_next_change(
    small_disk: SmallDisk, announcer: Announcer, heard: Heard
) -> None:
    path = small_disk.folder / FILE_NAME
    backups = BackupFolder(path, small_disk.folder / "backups")
    store = SqliteVideoStore(path)
    library = Library(store, SystemClock(), announcer)
    try:
        await store.open()
        await library.add(["7"], account="default")
        backup = backups.make(BackupReason.DAILY, now_s=SystemClock().now_s())
        assert backup is not None
        await library.add(["8"], account="default")

        def restore_the_last_that_fits() -> None:
            backups.restore(backup, now_s=SystemClock().now_s())
            small_disk.fill()

        with pytest.raises(StoreFailed):
            await library.swap(restore_the_last_that_fits)
        small_disk.free()
        outcome = await library.add(["8"], account="default")

        assert [video.video_id for video in outcome.added] == ["8"]
        assert [video.video_id for video in await store.load()] == ["7", "8"]
        assert len(heard.of(ListReplaced)) == 1
    finally:
        await store.aclose()


async def test_a_list_damaged_during_the_run_is_set_aside_by_a_restore(kept: Kept) -> None:
    await kept.library.add(["7"], account="default")
    backup = kept.backups.make(BackupReason.DAILY, now_s=SystemClock().now_s())
    assert backup is not None
    kept.path.write_bytes(b"\xa5" * kept.path.stat().st_size)
    Path(f"{kept.path}-wal").write_bytes(b"")

    await kept.keeper.restore(backup)
    await kept.library.add(["9"], account="default")

    assert [video.video_id for video in kept.library] == ["7", "9"]
    assert len(list(kept.path.parent.glob("library.damaged-*.sqlite3"))) == 1
