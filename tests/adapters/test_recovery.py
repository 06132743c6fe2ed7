import asyncio
import os
import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pixverse_desktop.adapters.backups import BackupFolder
from pixverse_desktop.adapters.migrations import MIGRATIONS, schema_version
from pixverse_desktop.adapters.places import places
from pixverse_desktop.adapters.recovery import Recovery, make_ready, was_told
from pixverse_desktop.adapters.sqlite_store import FILE_NAME, SqliteVideoStore
from pixverse_desktop.app.composition import open_own_store
from pixverse_desktop.core.errors import StoreFailed, StoreTooNew
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.retention import BackupReason
from pixverse_desktop.core.video import Video, VideoRef
from tests.adapters.damage import break_pages, change, die_writing, leaf_pages, overwrite
from tests.adapters.small_disk import SmallDisk
from tests.adapters.test_sqlite_store import opened
from tests.contracts.video_store import BARE

NOW_S = datetime(2026, 11, 24, 12, tzinfo=UTC).timestamp()
RELEASED = Path(__file__).parent / "schemas"
OLD = [replace(BARE, video_id=str(number), raw="x" * 700) for number in range(1001, 1301)]
NEW = [replace(BARE, video_id=str(number), raw="y" * 700) for number in range(2001, 2201)]
HERO = Marks(("hero",), 5)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


@pytest.fixture
def backups(path: Path, tmp_path: Path) -> BackupFolder:
    return BackupFolder(path, tmp_path / "backups")


async def write(path: Path, videos: Sequence[Video]) -> None:
    """Put rows into a list, each with a tag, and close it."""
    store = SqliteVideoStore(path)
    try:
        await store.open()
        await store.put(videos)
        await store.put_marks({video.ref: HERO for video in videos})
    finally:
        await store.aclose()


async def read(path: Path) -> tuple[list[str], dict[VideoRef, Marks]]:
    store = SqliteVideoStore(path)
    try:
        await store.open()
        return [video.video_id for video in await store.load()], dict(await store.load_marks())
    finally:
        await store.aclose()


def ids(videos: Sequence[Video]) -> set[str]:
    return {video.video_id for video in videos}


def damage(path: Path, how: str) -> None:
    match how:
        case "cut to half":
            os.truncate(path, path.stat().st_size // 2)
        case "cut to an odd length":
            os.truncate(path, path.stat().st_size * 3 // 4 + 123)
        case "cut to a page":
            os.truncate(path, 4096)
        case "cut to nothing":
            os.truncate(path, 0)
        case "header of zeroes":
            overwrite(path, 0, bytes(100))
        case "all zeroes":
            overwrite(path, 0, bytes(path.stat().st_size))
        case "garbage in the middle":
            overwrite(path, 10 * 4096, b"\xa5" * (4096 * 5))
        case "garbage everywhere but the header":
            overwrite(path, 100, b"\xa5" * (path.stat().st_size - 100))
        case "another file":
            path.write_bytes(b"Dear diary, " * 1000)


HARMS = [
    "cut to half",
    "cut to an odd length",
    "cut to a page",
    "cut to nothing",
    "header of zeroes",
    "all zeroes",
    "garbage in the middle",
    "garbage everywhere but the header",
    "another file",
]


@pytest.mark.parametrize("how", HARMS)
async def test_a_damaged_list_is_kept_aside_and_the_newest_good_backup_comes_back(
    path: Path, backups: BackupFolder, how: str
) -> None:
    await write(path, OLD[:10])
    backups.make(BackupReason.DAILY, now_s=NOW_S - 2 * 86_400)
    await write(path, OLD)
    backups.make(BackupReason.DAILY, now_s=NOW_S - 86_400)
    broken = backups.make(BackupReason.DAILY, now_s=NOW_S)
    assert broken is not None
    os.truncate(broken, 5000)
    await write(path, NEW)
    damage(path, how)
    damaged = path.read_bytes()

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert (recovery.backup_made_at, recovery.restored) == ("2026-11-23T12-00-00", len(OLD))
    assert (path.parent / recovery.aside).read_bytes() == damaged
    found, marks = await read(path)
    assert ids(OLD) <= set(found) <= ids(OLD) | ids(NEW)
    assert len(found) == len(OLD) + recovery.rescued
    assert all(marks[video.ref] == HERO for video in OLD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    was_told(path)
    assert make_ready(path, backups, now_s=NOW_S) is None
    words = recovery.words()
    assert "300 videos came back from the backup of 2026-11-23 12:00:00 UTC" in words
    assert recovery.aside in words
    assert "may be missing" in words


async def test_rows_added_since_the_backup_are_rescued_from_both_sides_of_a_broken_page(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, OLD)
    backups.make(BackupReason.DAILY, now_s=NOW_S)
    await write(path, NEW)
    leaves = leaf_pages(path, "videos")
    overwrite(path, leaves[-8], b"\xa5" * 4096)

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    found, marks = await read(path)
    assert ids(OLD) <= set(found)
    assert {NEW[0].video_id, NEW[-1].video_id} <= set(found)  # before and behind the page
    assert set(found) == ids(OLD) | ids(NEW)  # and of the page, the ids
    assert recovery.rescued == len(NEW)
    assert all(marks[VideoRef("default", video_id)] == HERO for video_id in found)
    assert f"and {recovery.rescued} more could be read from the damaged file" in recovery.words()


async def test_without_any_backup_what_can_be_read_is_the_list(path: Path, backups: BackupFolder) -> None:
    await write(path, OLD)
    overwrite(path, leaf_pages(path, "videos")[5], b"\xa5" * 4096)

    before = os.umask(0)
    try:
        recovery = make_ready(path, backups, now_s=NOW_S)
    finally:
        os.umask(before)

    assert recovery is not None
    assert (recovery.backup_made_at, recovery.restored) == ("", 0)
    found, _ = await read(path)
    assert recovery.rescued == len(OLD)
    assert set(found) == ids(OLD)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "no backup" in recovery.words()


@pytest.mark.parametrize("how", ["all zeroes", "another file"])
async def test_without_any_backup_and_nothing_readable_a_new_list_begins(
    path: Path, backups: BackupFolder, how: str
) -> None:
    await write(path, OLD)
    damage(path, how)
    damaged = path.read_bytes()

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert (recovery.restored, recovery.rescued) == (0, 0)
    assert (path.parent / recovery.aside).read_bytes() == damaged
    assert await read(path) == ([], {})


async def test_rows_that_make_no_sense_are_not_rescued_and_keep_no_other_from_it(
    path: Path, backups: BackupFolder
) -> None:
    """A list without strict types, as garbage in a page makes one: each row is judged by itself."""
    await write(path, [])
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE loose AS SELECT * FROM videos")
        connection.execute("DROP TABLE videos")
        connection.execute("ALTER TABLE loose RENAME TO videos")
        good = (
            "INSERT INTO videos SELECT {position}, 'default', {video_id}, {added}, {status}, NULL, '', '', "
            "{prompt}, '', '', NULL, 0, 0, 0, NULL, NULL, NULL, NULL, NULL, NULL, 0, '', 0, '', '', {removed}"
        )
        usual = {"added": "1.5", "status": "'ready'", "prompt": "'fox'", "removed": "NULL"}
        for position, odd in enumerate(
            [
                {"video_id": "'7'"},
                {"video_id": "'07'"},
                {"video_id": "'1.5'"},
                {"video_id": "'99999999999999999999999'"},
                {"video_id": "12"},
                {"video_id": "NULL"},
                {"video_id": "x'00ff'"},
                {"video_id": "'13'", "status": "'re?dy'"},
                {"video_id": "'14'", "status": "NULL"},
                {"video_id": "'15'", "added": "NULL"},
                {"video_id": "'16'", "added": "'soon'"},
                {"video_id": "'17'", "prompt": "x'ff'"},
                {"video_id": "'18'", "removed": "5.0"},
                {"video_id": "'19'", "prompt": "CAST(x'66ff78' AS TEXT)"},
                {"video_id": "'20'"},
            ],
            start=1,
        ):
            connection.execute(good.format(position=position, **{**usual, **odd}))
        connection.execute("CREATE TABLE filler (x)")
        connection.execute("INSERT INTO filler VALUES (zeroblob(40000))")
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'filler'").fetchone()[0]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    overwrite(path, (root - 1) * 4096, b"\xa5" * 4096)

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert recovery.rescued == 9
    assert (await read(path))[0] == ["7", "12", "13", "14", "15", "16", "17", "19", "20"]


# A list in good order.


async def test_a_sound_list_and_a_new_one_are_left_alone(path: Path, backups: BackupFolder) -> None:
    assert make_ready(path, backups, now_s=NOW_S) is None
    path.touch()
    assert make_ready(path, backups, now_s=NOW_S) is None
    await write(path, OLD)
    before = path.read_bytes()

    assert make_ready(path, backups, now_s=NOW_S) is None

    assert path.read_bytes() == before
    assert backups.all() == []
    assert [file.name for file in path.parent.iterdir() if "damaged" in file.name] == []


async def test_a_list_left_by_a_killed_program_is_not_damaged(path: Path, backups: BackupFolder) -> None:
    store = SqliteVideoStore(path)
    try:
        await store.open()
        await store.put(OLD)
        copies = {suffix: Path(f"{path}{suffix}").read_bytes() for suffix in ("", "-wal")}
    finally:
        await store.aclose()
    for suffix, data in copies.items():
        Path(f"{path}{suffix}").write_bytes(data)

    assert make_ready(path, backups, now_s=NOW_S) is None
    assert set((await read(path))[0]) == ids(OLD)


async def test_a_list_that_is_busy_is_not_taken_for_damaged(
    path: Path, backups: BackupFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    await write(path, OLD)
    monkeypatch.setattr("pixverse_desktop.adapters.list_file.BUSY_TIMEOUT_S", 0.05)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")

        with pytest.raises(StoreFailed, match="could not be read"):
            await asyncio.to_thread(make_ready, path, backups, now_s=NOW_S)

        other.execute("ROLLBACK")
    assert set((await read(path))[0]) == ids(OLD)


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_an_older_list_is_backed_up_before_it_is_migrated(
    path: Path, backups: BackupFolder, version: int
) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / f"version_{version}.sql").read_text(encoding="utf-8"))

    assert make_ready(path, backups, now_s=NOW_S) is None
    found, _ = await read(path)

    assert found == ["18446744073709551615", "391504857968062"]
    (backup,) = backups.all()
    assert (backup.name.reason, backup.videos) == (BackupReason.MIGRATION, 2)
    with closing(sqlite3.connect(backup.path)) as connection:
        assert schema_version(connection) == version
    backups.restore(backup.path, now_s=NOW_S + 60)
    assert (await read(path))[0] == found


def test_an_older_list_that_cannot_be_backed_up_is_not_migrated(path: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / "version_1.sql").read_text(encoding="utf-8"))
    (tmp_path / "backups").write_text("a file, where the folder should be")

    with pytest.raises(StoreFailed):
        make_ready(path, BackupFolder(path, tmp_path / "backups"), now_s=NOW_S)


def test_the_words_of_a_full_recovery_are_whole_sentences() -> None:
    recovery = Recovery("library.damaged.sqlite3", "2026-11-24T12-00-00", 3, 2)

    assert recovery.words() == (
        "The list was damaged: 3 videos came back from the backup of 2026-11-24 12:00:00 UTC, and 2 more "
        "could be read from the damaged file. Ids added since may be missing. The damaged file is kept as "
        "library.damaged.sqlite3."
    )


async def test_whoever_opens_a_damaged_list_is_told_and_has_what_came_back(tmp_path: Path) -> None:
    where, told = places(tmp_path), list[str]()
    where.prepare()
    await write(where.library, OLD)
    BackupFolder(where.library, where.backups).make(BackupReason.DAILY, now_s=NOW_S)
    damage(where.library, "cut to half")

    async with open_own_store(where, told.append) as store:
        assert {video.video_id for video in await store.load()} == ids(OLD)
    async with open_own_store(where, told.append) as store:
        assert len(await store.load()) == len(OLD)

    (words,) = told
    assert "300 videos came back" in words


# A recovery that is broken off.


async def test_a_recovery_that_finds_no_room_changes_nothing_and_is_done_later(
    small_disk: SmallDisk,
) -> None:
    path = small_disk.folder / FILE_NAME
    backups = BackupFolder(path, small_disk.folder / "backups")
    await write(path, OLD)
    backups.make(BackupReason.DAILY, now_s=NOW_S)
    break_pages(path, "videos", 5, 6)
    damaged = path.read_bytes()
    small_disk.fill()

    with pytest.raises(StoreFailed, match="Free some space"):
        make_ready(path, backups, now_s=NOW_S)

    assert path.read_bytes() == damaged
    assert not list(path.parent.glob("*damaged*"))
    small_disk.free()
    assert make_ready(path, backups, now_s=NOW_S) is not None
    assert set((await read(path))[0]) == ids(OLD)


@pytest.mark.parametrize("has_moved", [False, True], ids=["before it was set aside", "after it"])
async def test_a_recovery_killed_before_the_new_list_is_in_place_is_finished_and_told(
    path: Path, backups: BackupFolder, has_moved: bool
) -> None:
    await write(path, OLD)
    break_pages(path, "videos", 5)
    damaged = path.read_bytes()
    recovery = make_ready(path, backups, now_s=NOW_S)
    assert recovery is not None
    aside = path.parent / recovery.aside
    path.rename(path.with_suffix(".restoring"))
    if not has_moved:
        aside.rename(path)

    again = make_ready(path, backups, now_s=NOW_S + 60)

    assert again == recovery
    assert aside.read_bytes() == damaged
    assert set((await read(path))[0]) == ids(OLD)


async def test_what_a_killed_recovery_had_only_begun_to_build_is_built_anew(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, OLD)
    break_pages(path, "videos", 5)
    await write(path.with_suffix(".restoring"), OLD[:3])
    path.with_suffix(".recovering").mkdir()

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert set((await read(path))[0]) == ids(OLD)
    assert sorted(
        each.name for each in path.parent.iterdir() if "rec" in each.name or "rest" in each.name
    ) == ["library.recovery"]


@pytest.mark.parametrize("how", ["gone", "empty"])
async def test_a_list_that_is_missing_comes_back_from_its_backup(
    path: Path, backups: BackupFolder, how: str
) -> None:
    await write(path, OLD)
    backups.make(BackupReason.DAILY, now_s=NOW_S)
    path.unlink()
    if how == "empty":
        path.touch()

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert recovery.restored == len(OLD)
    assert ("missing" if how == "gone" else "damaged") in recovery.words()
    assert set((await read(path))[0]) == ids(OLD)


async def test_a_missing_list_comes_back_from_the_damaged_one_that_was_set_aside(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, OLD)
    break_pages(path, "videos", 5)
    aside = backups.set_aside(now_s=NOW_S - 60)
    damaged = aside.read_bytes()

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert (recovery.rescued, recovery.aside) == (len(OLD), aside.name)
    assert aside.read_bytes() == damaged
    assert set((await read(path))[0]) == ids(OLD)


async def test_what_was_set_aside_before_the_newest_backup_changes_nothing_any_more(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, OLD)
    backups.set_aside(now_s=NOW_S - 86_400)
    await write(path, NEW)
    backups.make(BackupReason.DAILY, now_s=NOW_S - 60)
    path.unlink()

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert (recovery.aside, recovery.rescued) == ("", 0)
    assert set((await read(path))[0]) == ids(NEW)


async def test_a_recovery_is_told_until_a_run_has_come_to_its_end(tmp_path: Path) -> None:
    where, told = places(tmp_path), list[str]()
    where.prepare()
    await write(where.library, OLD)
    damage(where.library, "garbage in the middle")

    with pytest.raises(KeyboardInterrupt):
        async with open_own_store(where, told.append):
            raise KeyboardInterrupt
    for _ in range(2):
        async with open_own_store(where, told.append):
            pass

    assert len(told) == 2
    assert told[0] == told[1]


# A program killed in the middle of a change.


async def test_a_hot_journal_is_rolled_back_and_is_no_damage(path: Path, backups: BackupFolder) -> None:
    await write(path, OLD)
    die_writing(path, "DELETE", "BEGIN IMMEDIATE", "UPDATE videos SET message = 'half' || raw")
    assert Path(f"{path}-journal").stat().st_size

    assert make_ready(path, backups, now_s=NOW_S) is None

    async with opened(path) as store:
        assert {video.message for video in await store.load()} == {""}


async def test_the_journal_of_another_database_is_not_rolled_back_into_the_list(
    path: Path, backups: BackupFolder, tmp_path: Path
) -> None:
    await write(path, OLD)
    other = tmp_path / "other.sqlite3"
    change(other, "CREATE TABLE t (x)", "INSERT INTO t VALUES (zeroblob(400000))")
    die_writing(other, "DELETE", "BEGIN IMMEDIATE", "UPDATE t SET x = randomblob(400000)")
    Path(f"{other}-journal").rename(f"{path}-journal")

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert set((await read(path))[0]) == ids(OLD)


@pytest.mark.parametrize("has_backup", [True, False])
async def test_the_log_of_another_database_does_not_hide_the_list(
    path: Path, backups: BackupFolder, tmp_path: Path, has_backup: bool
) -> None:
    await write(path, OLD)
    if has_backup:
        backups.make(BackupReason.DAILY, now_s=NOW_S)
    await write(path, NEW)
    whole, other = path.read_bytes(), tmp_path / "other.sqlite3"
    die_writing(other, "WAL", "CREATE TABLE t (x)", "INSERT INTO t VALUES (zeroblob(20000))")
    log = Path(f"{other}-wal").read_bytes()
    Path(f"{path}-wal").write_bytes(log)

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    aside = path.parent / recovery.aside
    assert (aside.read_bytes(), Path(f"{aside}-wal").read_bytes()) == (whole, log)
    assert set((await read(path))[0]) == ids(OLD) | ids(NEW)


@pytest.mark.parametrize("has_journal", [False, True])
async def test_a_file_that_a_first_start_had_only_begun_is_a_new_list(
    path: Path, backups: BackupFolder, has_journal: bool
) -> None:
    die_writing(path, "WAL")
    if has_journal:
        hot = path.with_name("hot.sqlite3")
        die_writing(hot, "DELETE", "BEGIN IMMEDIATE", "CREATE TABLE t AS SELECT zeroblob(90000)")
        Path(f"{hot}-journal").rename(f"{path}-journal")
    assert path.stat().st_size > 0

    assert make_ready(path, backups, now_s=NOW_S) is None
    assert await read(path) == ([], {})


async def test_the_journal_of_a_database_that_was_new_does_not_empty_the_list(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, OLD)
    hot = path.with_name("hot.sqlite3")
    die_writing(hot, "DELETE", "BEGIN IMMEDIATE", "CREATE TABLE t AS SELECT zeroblob(90000)")
    Path(f"{hot}-journal").rename(f"{path}-journal")

    make_ready(path, backups, now_s=NOW_S)

    assert set((await read(path))[0]) == ids(OLD)


# What SQLite says of it.


async def test_a_newer_list_is_refused_whatever_its_tables_look_like(
    path: Path, backups: BackupFolder
) -> None:
    await write(path, OLD)
    backups.make(BackupReason.DAILY, now_s=NOW_S)
    change(
        path,
        "CREATE TABLE newer (a)",
        "PRAGMA user_version = 9",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET sql = 'CREATE TABLE newer (a NEWSYNTAX >> 3)' WHERE name = 'newer'",
    )
    before = path.read_bytes()

    with pytest.raises(StoreTooNew):
        make_ready(path, backups, now_s=NOW_S)

    assert path.read_bytes() == before


async def test_an_index_that_does_not_match_its_table_is_damage(path: Path, backups: BackupFolder) -> None:
    await write(path, OLD)
    data = path.read_bytes()
    (place,) = [
        found
        for page in leaf_pages(path, "sqlite_autoindex_videos_1")
        if (found := data.find(b"default1150", page, page + 4096)) >= 0
    ]
    overwrite(path, place, b"defaulu1150")

    recovery = make_ready(path, backups, now_s=NOW_S)

    assert recovery is not None
    assert [each for each in (await read(path))[0] if each == "1150"] == ["1150"]
    assert set((await read(path))[0]) == ids(OLD)


async def test_a_link_to_a_list_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "elsewhere" / FILE_NAME, tmp_path / FILE_NAME
    real.parent.mkdir()
    link.symlink_to(real)
    await write(real, OLD)
    break_pages(real, "videos", 5)

    recovery = make_ready(link, BackupFolder(link, tmp_path / "backups"), now_s=NOW_S)

    assert recovery is not None
    assert link.is_symlink()
    assert set((await read(real))[0]) == ids(OLD)
