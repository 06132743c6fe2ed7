import asyncio
import os
import sqlite3
import stat
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pixverse_desktop.adapters.backups import BackupFolder, count_videos, is_restorable
from pixverse_desktop.adapters.list_file import is_sound
from pixverse_desktop.adapters.migrations import MIGRATIONS
from pixverse_desktop.adapters.sqlite_store import FILE_NAME, SqliteVideoStore
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.retention import DAYS_KEPT, BackupReason
from pixverse_desktop.core.video import Video
from tests.adapters.small_disk import SmallDisk
from tests.contracts.video_store import BARE, FULL, FULL_MARKS

NOW_S = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()
DAY_S = 86_400.0


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "backups"


@pytest.fixture
def backups(path: Path, folder: Path) -> BackupFolder:
    return BackupFolder(path, folder)


async def write(path: Path, videos: Iterable[Video]) -> None:
    """Put rows into a list and close it."""
    store = SqliteVideoStore(path)
    try:
        await store.open()
        await store.put(videos)
        await store.put_marks({video.ref: FULL_MARKS for video in videos if video.ref == FULL.ref})
    finally:
        await store.aclose()


async def ids_in(path: Path) -> list[str]:
    store = SqliteVideoStore(path, read_only=True)
    try:
        await store.open()
        return [video.video_id for video in await store.load()]
    finally:
        await store.aclose()


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


async def test_a_backup_holds_the_whole_list_in_one_private_file(
    path: Path, folder: Path, backups: BackupFolder
) -> None:
    await write(path, [BARE, FULL])
    before = os.umask(0)
    try:
        made = backups.make(BackupReason.DAILY, now_s=NOW_S)
    finally:
        os.umask(before)

    assert made is not None
    assert names(folder) == ["library-2026-11-24T12-00-00-daily.sqlite3"]
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert await ids_in(made) == [BARE.video_id, FULL.video_id]
    assert names(folder) == [made.name]  # reading it leaves nothing beside it
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
        assert connection.execute("SELECT note FROM marks").fetchall() == [(FULL_MARKS.note,)]


async def test_what_is_only_in_the_write_ahead_log_is_in_the_backup(
    path: Path, backups: BackupFolder
) -> None:
    store = SqliteVideoStore(path)
    try:
        await store.open()
        await store.put([BARE, FULL])
        made = backups.make(BackupReason.DAILY, now_s=NOW_S)
    finally:
        await store.aclose()

    assert made is not None
    assert await ids_in(made) == [BARE.video_id, FULL.video_id]


def test_without_a_list_there_is_no_backup(backups: BackupFolder, folder: Path) -> None:
    assert backups.make(BackupReason.DAILY, now_s=NOW_S) is None
    assert not folder.exists()
    assert backups.all() == []
    assert not backups.has_made(BackupReason.DAILY, now_s=NOW_S)
    assert list(backups.restorable(now_s=NOW_S)) == []


@pytest.mark.timeout(60)
async def test_a_list_that_is_written_meanwhile_is_backed_up_whole(path: Path, backups: BackupFolder) -> None:
    """Each transaction adds a pair: an odd number of rows would be half of one.

    A copy made in several steps would start anew with every write, and never come to its end.
    """
    filler = [replace(BARE, video_id=str(10**17 + number), raw="x" * 20_000) for number in range(1200)]
    await write(path, filler)
    stop = threading.Event()
    written = []

    async def keep_writing() -> None:
        store = SqliteVideoStore(path)
        try:
            await store.open()
            number = 2 * 10**17
            while not stop.is_set():
                await store.put(
                    [replace(BARE, video_id=str(number)), replace(BARE, video_id=str(number + 1))]
                )
                number += 2
                written.append(number)
        finally:
            await store.aclose()

    writer = threading.Thread(target=lambda: asyncio.run(keep_writing()))
    writer.start()
    try:
        made = [
            await asyncio.to_thread(backups.make, BackupReason.MIGRATION, now_s=NOW_S + number)
            for number in range(3)
        ]
        writes = len(written)
    finally:
        stop.set()
        writer.join()

    counts = [count_videos(backup) for backup in made if backup is not None]
    assert writes > 5
    assert len(counts) == 3
    assert all(count is not None and count % 2 == 0 for count in counts)
    assert counts == sorted(counts, key=lambda count: count or 0)
    assert (counts[0] or 0) >= 1200
    assert all(is_sound(backup) for backup in made if backup is not None)


async def test_a_backup_that_finds_no_room_leaves_nothing_half(small_disk: SmallDisk, tmp_path: Path) -> None:
    path = tmp_path / FILE_NAME
    await write(path, [replace(BARE, raw="x" * 3_000_000)])
    backups = BackupFolder(path, small_disk.folder / "backups")

    with pytest.raises(StoreFailed, match="could not be made"):
        backups.make(BackupReason.DAILY, now_s=NOW_S)

    assert names(small_disk.folder / "backups") == []
    assert await ids_in(path) == [BARE.video_id]


async def test_a_damaged_list_is_not_backed_up_as_if_it_were_whole(path: Path, backups: BackupFolder) -> None:
    await write(path, [replace(BARE, video_id=str(number), raw="x" * 500) for number in range(1, 500)])
    data = bytearray(path.read_bytes())
    data[8192:40960] = b"\xa5" * 32768
    path.write_bytes(data)

    with pytest.raises(StoreFailed):
        backups.make(BackupReason.DAILY, now_s=NOW_S)

    assert backups.all() == []


# Which are kept.


async def test_the_days_backup_is_made_once_a_day(path: Path, backups: BackupFolder) -> None:
    await write(path, [BARE])
    backups.make(BackupReason.DAILY, now_s=NOW_S)
    backups.make(BackupReason.EXIT, now_s=NOW_S + DAY_S)

    assert backups.has_made(BackupReason.DAILY, now_s=NOW_S + 3600)
    assert not backups.has_made(BackupReason.DAILY, now_s=NOW_S + DAY_S)
    assert backups.has_made(BackupReason.EXIT, now_s=NOW_S + DAY_S)


async def test_old_backups_go_when_new_ones_are_made(path: Path, folder: Path, backups: BackupFolder) -> None:
    await write(path, [BARE])
    stranger = "library-2020-13-45T99-99-99-daily.sqlite3"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    (folder / stranger).write_text("mine too")

    for day in range(20):
        backups.make(BackupReason.DAILY, now_s=NOW_S + day * DAY_S)

    days = [backup.name.day.day for backup in backups.all()]
    assert len(days) == DAYS_KEPT + 1
    assert days[0] == 13  # of December
    assert {"notes.txt", stranger} <= set(names(folder))


async def test_two_backups_of_one_second_are_two_files(
    path: Path, folder: Path, backups: BackupFolder
) -> None:
    await write(path, [BARE])
    made = [backups.make(BackupReason.MIGRATION, now_s=NOW_S) for _ in range(3)]

    assert len(set(made)) == len(names(folder)) == len(backups.all()) == 3


async def test_the_list_of_backups_says_when_why_and_how_much(path: Path, backups: BackupFolder) -> None:
    await write(path, [BARE])
    backups.make(BackupReason.DAILY, now_s=NOW_S)
    await write(path, [FULL])
    backups.make(BackupReason.IMPORT, now_s=NOW_S + 60)

    assert [(each.name.made_at, each.name.reason, each.videos) for each in backups.all()] == [
        ("2026-11-24T12-01-00", BackupReason.IMPORT, 2),
        ("2026-11-24T12-00-00", BackupReason.DAILY, 1),
    ]


# And back.


async def test_a_restored_list_is_the_backups_and_the_former_one_is_kept(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, [BARE])
    first = backups.make(BackupReason.DAILY, now_s=NOW_S)
    assert first is not None
    await write(path, [FULL])

    former = backups.restore(first, now_s=NOW_S + 60)

    assert former is not None
    assert await ids_in(path) == [BARE.video_id]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert await ids_in(former) == [BARE.video_id, FULL.video_id]


async def test_a_restore_can_be_undone_and_undone_again(path: Path, backups: BackupFolder) -> None:
    await write(path, [BARE])
    first = backups.make(BackupReason.DAILY, now_s=NOW_S)
    await write(path, [FULL])
    assert first is not None

    former = backups.restore(first, now_s=NOW_S + 60)
    assert former is not None
    undone = backups.restore(former, now_s=NOW_S + 120)
    assert undone is not None

    assert await ids_in(path) == [BARE.video_id, FULL.video_id]
    backups.restore(undone, now_s=NOW_S + 180)
    assert await ids_in(path) == [BARE.video_id]
    assert await ids_in(former) == [BARE.video_id, FULL.video_id]


async def test_the_oldest_backup_can_be_restored_though_its_time_is_over(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, [BARE])
    oldest = backups.make(BackupReason.DAILY, now_s=NOW_S)
    for day in (1, 2):
        backups.make(BackupReason.DAILY, now_s=NOW_S + day * DAY_S)
    await write(path, [FULL])
    assert oldest is not None

    backups.restore(oldest, now_s=NOW_S + 60 * DAY_S)

    assert await ids_in(path) == [BARE.video_id]


@pytest.mark.parametrize("harm", ["truncated", "garbage", "header", "empty", "no list", "newer", "gone"])
async def test_a_backup_that_is_no_whole_list_is_never_restored(
    path: Path, backups: BackupFolder, harm: str
) -> None:
    await write(path, [replace(BARE, video_id=str(number), raw="x" * 500) for number in range(1, 300)])
    good = backups.make(BackupReason.DAILY, now_s=NOW_S)
    bad = backups.make(BackupReason.IMPORT, now_s=NOW_S + 60)
    assert bad is not None
    _harm(bad, harm)
    before = path.read_bytes()

    with pytest.raises(StoreFailed, match="not restored"):
        backups.restore(bad, now_s=NOW_S + 120)
    assert path.read_bytes() == before

    assert [each.path for each in backups.restorable(now_s=NOW_S + 120)] == [good]


def _harm(path: Path, how: str) -> None:
    data = bytearray(path.read_bytes())
    match how:
        case "truncated":
            path.write_bytes(data[: len(data) // 2])
        case "garbage":
            data[8192 : len(data) // 2] = b"\xa5" * (len(data) // 2 - 8192)
            path.write_bytes(data)
        case "header":
            data[:100] = bytes(100)
            path.write_bytes(data)
        case "empty":
            path.write_bytes(b"")
        case "gone":
            path.unlink()
        case "no list" | "newer":
            with closing(sqlite3.connect(path)) as connection:
                if how == "newer":
                    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
                else:
                    connection.execute("DROP TABLE videos")
                connection.commit()
    assert not is_restorable(path)


async def test_setting_aside_moves_the_side_files_too_and_deletes_nothing(
    path: Path, backups: BackupFolder
) -> None:
    contents = {suffix: f"content {suffix}" for suffix in ("", "-wal", "-shm", "-journal")}
    for suffix, content in contents.items():
        Path(f"{path}{suffix}").write_text(content)

    aside = backups.set_aside(now_s=NOW_S)

    assert aside.name == "library.damaged-2026-11-24T12-00-00.sqlite3"
    assert {suffix: Path(f"{aside}{suffix}").read_text() for suffix in contents} == contents
    assert not list(path.parent.glob("library.sqlite3*"))


async def test_a_second_damaged_list_of_one_second_does_not_replace_the_first(
    path: Path, backups: BackupFolder
) -> None:
    asides = []
    for content in ("first", "second", "third"):
        path.write_text(content)
        asides.append(backups.set_aside(now_s=NOW_S))

    assert [aside.read_text() for aside in asides] == ["first", "second", "third"]


async def test_a_damaged_list_is_set_aside_by_a_restore(path: Path, backups: BackupFolder) -> None:
    await write(path, [BARE])
    good = backups.make(BackupReason.DAILY, now_s=NOW_S)
    assert good is not None
    damaged = b"\xa5" * path.stat().st_size
    path.write_bytes(damaged)

    former = backups.restore(good, now_s=NOW_S + 60)

    assert former is not None
    assert former.read_bytes() == damaged
    assert await ids_in(path) == [BARE.video_id]


async def test_a_restored_list_is_in_the_mode_the_list_is_worked_on_in(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, [BARE])
    good = backups.make(BackupReason.DAILY, now_s=NOW_S)
    assert good is not None

    backups.restore(good, now_s=NOW_S + 60)

    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert not path.with_suffix(".restoring").exists()


async def test_what_a_killed_backup_left_goes_with_the_next_one(
    path: Path, folder: Path, backups: BackupFolder
) -> None:
    await write(path, [BARE])
    folder.mkdir()
    left, under_way = (folder / f"library-2026-11-2{day}T00-00-00-daily.part" for day in (0, 4))
    for part in (left, under_way):
        part.write_bytes(b"half")
    os.utime(left, (0, 0))

    backups.make(BackupReason.DAILY, now_s=NOW_S)

    assert not left.exists()
    assert under_way.exists()


async def test_a_thousand_backups_of_one_second_find_names(
    path: Path, folder: Path, backups: BackupFolder
) -> None:
    await write(path, [BARE])
    folder.mkdir()
    stem = "library-2026-11-24T12-00-00-at-exit"
    for number in range(1, 1001):
        (folder / (f"{stem}.sqlite3" if number == 1 else f"{stem}-{number}.sqlite3")).touch()

    made = backups.make(BackupReason.EXIT, now_s=NOW_S)

    assert made == folder / f"{stem}-1001.sqlite3"
