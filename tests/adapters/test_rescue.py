"""What comes out of a damaged file: every id that stands anywhere in it."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.backups import BackupFolder
from pixverse_desktop.adapters.recovery import make_ready
from pixverse_desktop.adapters.sqlite_store import FILE_NAME
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.retention import BackupReason
from pixverse_desktop.core.video import Account, Video, VideoRef, VideoStatus
from tests.adapters.damage import break_pages, change, overwrite
from tests.adapters.test_recovery import NOW_S, read, write
from tests.adapters.test_sqlite_store import opened
from tests.contracts.video_store import BARE

DAY_S = 86_400.0
INDEX = "sqlite_autoindex_videos_1"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def backups(path: Path, tmp_path: Path) -> BackupFolder:
    return BackupFolder(path, tmp_path / "backups")


def videos(first: int, count: int) -> list[Video]:
    return [replace(BARE, video_id=str(first + each), raw="x" * 700) for each in range(count)]


def ids(rows: Sequence[Video]) -> list[str]:
    return [video.video_id for video in rows]


async def test_between_two_broken_pages_nothing_is_given_up(path: Path, backups: BackupFolder) -> None:
    many = videos(1, 3000)
    await write(path, many)
    break_pages(path, "videos", 3, 300, -3)

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert recovery.rescued == 3000
    async with opened(path) as store:
        found = await store.load()
    assert ids(found) == ids(many)  # in the order of their adding
    assert sum(video.raw != "" for video in found) > 2970  # of the three pages the ids alone


async def test_rows_between_broken_pages_are_found_without_the_index(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, videos(1, 3000))
    break_pages(path, "videos", 3, 100, 101, 300, -3)
    break_pages(path, INDEX, 0, 1, 2, 3, -1, -2, -3)

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert recovery.rescued > 2960


async def test_marks_between_two_broken_pages_come_too(path: Path, backups: BackupFolder) -> None:
    await write(path, videos(1, 3000))
    break_pages(path, "marks", 1, -2)

    make_ready(path, backups, now_s=NOW_S)

    _, marks = await read(path)
    assert len(marks) > 2600


async def test_a_status_nobody_knows_is_unknown_and_costs_no_id(path: Path, backups: BackupFolder) -> None:
    await write(path, videos(1, 300))
    change(
        path, "UPDATE videos SET status = 'queued' WHERE position > 100", "UPDATE videos SET message = 'm'"
    )
    break_pages(path, "videos", 0)

    make_ready(path, backups, now_s=NOW_S)

    async with opened(path) as store:
        found = {video.video_id: video for video in await store.load()}
    assert len(found) == 300
    assert (found["200"].status, found["200"].message) == (VideoStatus.UNKNOWN, "m")


async def test_what_was_done_since_the_backup_counts(path: Path, backups: BackupFolder) -> None:
    saved = replace(videos(6, 1)[0], saved_path="/clips/6.mp4", status=VideoStatus.READY)
    await write(path, videos(1, 300))
    async with opened(path) as store:
        await store.remove([VideoRef("default", "5")], at_s=1.0)
    backups.make(BackupReason.DAILY, now_s=NOW_S)
    async with opened(path) as store:
        await store.put([videos(5, 1)[0], saved], {saved.ref: Marks(rating=2)})
        await store.remove([VideoRef("default", "7")], at_s=2.0)
    break_pages(path, "videos", -1)

    make_ready(path, backups, now_s=NOW_S)

    async with opened(path) as store:
        found = {video.video_id: video for video in await store.load()}
        marks = await store.load_marks()
    assert "5" in found
    assert "7" not in found
    assert found["6"] == saved
    assert marks[saved.ref] == Marks(rating=2)


async def test_a_row_that_makes_no_sense_does_not_replace_the_backup_s(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, videos(1, 300))
    backups.make(BackupReason.DAILY, now_s=NOW_S)
    change(
        path,
        "UPDATE videos SET status = 'q', prompt = 'new' WHERE video_id = '8'",
        "UPDATE videos SET prompt = CAST(x'66ff' AS TEXT) WHERE video_id = '9'",
    )
    break_pages(path, "videos", -1)

    make_ready(path, backups, now_s=NOW_S)

    async with opened(path) as store:
        assert await store.load() == videos(1, 300)


async def test_without_a_backup_the_bin_the_searches_and_the_accounts_come_back(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, videos(1, 300))
    async with opened(path) as store:
        await store.remove([video.ref for video in videos(1, 50)], at_s=2000.0)
        await store.put_view("heroes", "tag:hero")
        await store.put_account(Account("studio", "https://app-api.pixverse.ai"))
    break_pages(path, "videos", -1)

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert recovery.rescued == 250
    async with opened(path) as store:
        assert len(await store.load()) == 250
        assert len(await store.load_removed(since_s=2000.0)) == 50
        assert dict(await store.views()) == {"heroes": "tag:hero"}
        assert list(await store.accounts()) == [Account("studio", "https://app-api.pixverse.ai")]


@pytest.mark.parametrize("lost_bytes", [100, 4096], ids=["header", "first page"])
@pytest.mark.parametrize("has_backup", [True, False])
async def test_a_list_that_lost_its_beginning_alone_loses_no_id(
    path: Path, backups: BackupFolder, has_backup: bool, lost_bytes: int
) -> None:
    await write(path, videos(1, 300))
    if has_backup:
        backups.make(BackupReason.DAILY, now_s=NOW_S - DAY_S)
    await write(path, videos(1001, 99))
    overwrite(path, 0, bytes(lost_bytes))

    make_ready(path, backups, now_s=NOW_S)

    assert (await read(path))[0] == ids([*videos(1, 300), *videos(1001, 99)])


async def test_a_damaged_list_of_an_older_version_is_rescued(path: Path, backups: BackupFolder) -> None:
    schemas = Path(__file__).parent / "schemas"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((schemas / "version_1.sql").read_text(encoding="utf-8"))
        connection.execute("CREATE TABLE filler (x)")
        connection.execute("INSERT INTO filler VALUES (zeroblob(40000))")
        connection.commit()
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'filler'").fetchone()
    overwrite(path, (page - 1) * 4096, b"\xa5" * 4096)

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert (await read(path))[0] == ["18446744073709551615", "391504857968062"]


# Which backup.


async def test_a_backup_dated_by_a_wrong_clock_does_not_win(path: Path, backups: BackupFolder) -> None:
    await write(path, videos(1, 10))
    backups.make(BackupReason.DAILY, now_s=NOW_S + 400 * DAY_S)
    await write(path, videos(11, 290))
    backups.make(BackupReason.DAILY, now_s=NOW_S - DAY_S)
    path.write_bytes(bytes(50_000))

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert (recovery.backup_made_at, recovery.restored) == ("2026-11-23T12-00-00", 300)


async def test_ids_that_only_another_recent_backup_has_come_too(path: Path, backups: BackupFolder) -> None:
    await write(path, videos(1, 300))
    backups.make(BackupReason.DAILY, now_s=NOW_S - DAY_S)
    path.unlink()
    await write(path, videos(1001, 5))
    backups.make(BackupReason.DAILY, now_s=NOW_S)
    path.write_bytes(bytes(50_000))

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert (recovery.restored, recovery.merged) == (5, 300)
    assert (await read(path))[0] == ids([*videos(1001, 5), *videos(1, 300)])
    assert "and 300 more from other backups" in recovery.words()
