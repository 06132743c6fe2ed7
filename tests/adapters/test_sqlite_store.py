import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, closing
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.migrations import MIGRATIONS, migrate, schema_version
from pixverse_desktop.adapters.sqlite_store import FILE_NAME, SqliteVideoStore
from pixverse_desktop.core.attempts import AttemptRun
from pixverse_desktop.core.errors import StoreFailed, StoreTooNew
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.video import Account, Video, VideoRef, VideoStatus
from tests.adapters.damage import change, die_writing
from tests.adapters.small_disk import SmallDisk
from tests.contracts.attempt_store import AttemptStoreContract
from tests.contracts.save_store import SaveStoreContract
from tests.contracts.video_store import BARE, FULL, FULL_MARKS, VideoStoreContract


@asynccontextmanager
async def opened(
    path: Path, *, read_only: bool = False, is_guest: bool = False
) -> AsyncIterator[SqliteVideoStore]:
    store = SqliteVideoStore(path, read_only=read_only, is_guest=is_guest)
    try:
        await store.open()
        yield store
    finally:
        await store.aclose()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / FILE_NAME


class TestSqliteAttemptStore(AttemptStoreContract):
    @pytest.fixture
    async def attempt_store(self, path: Path) -> AsyncIterator[SqliteVideoStore]:
        async with opened(path) as store:
            yield store


class TestSqliteSaveStore(SaveStoreContract):
    @pytest.fixture
    async def save_store(self, path: Path) -> AsyncIterator[SqliteVideoStore]:
        async with opened(path) as store:
            yield store


class TestSqliteVideoStore(VideoStoreContract):
    @pytest.fixture
    async def store(self, path: Path) -> AsyncIterator[SqliteVideoStore]:
        async with opened(path) as store:
            yield store


async def test_what_was_put_is_there_after_reopening(path: Path) -> None:
    async with opened(path) as store:
        await store.put([BARE, FULL])
        await store.put_account(Account("studio", "https://app-api.pixverse.ai"))
        await store.remove([BARE.ref], at_s=2000.0)

    async with opened(path) as store:
        assert list(await store.load()) == [FULL]
        assert list(await store.find_removed([BARE.ref])) == [BARE]
        assert list(await store.accounts()) == [Account("studio", "https://app-api.pixverse.ai")]


async def test_what_was_put_is_in_the_file_before_put_returns(path: Path) -> None:
    async with opened(path) as store, opened(path, read_only=True) as reader:
        await store.put([BARE])

        assert list(await reader.load()) == [BARE]


async def test_nobody_else_may_read_the_list(path: Path) -> None:
    before = os.umask(0)
    try:
        async with opened(path) as store:
            await store.put([FULL])
            modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    finally:
        os.umask(before)

    assert modes == {FILE_NAME: 0o600, f"{FILE_NAME}-wal": 0o600, f"{FILE_NAME}-shm": 0o600}


async def test_a_put_that_fails_halfway_changes_nothing(path: Path) -> None:
    async with opened(path) as store:
        await store.put([BARE])

        with pytest.raises(StoreFailed):
            await store.put([replace(BARE, prompt="changed"), replace(FULL, url=None)])  # type: ignore[arg-type]

        assert list(await store.load()) == [BARE]
        await store.put([FULL])
        assert list(await store.load()) == [BARE, FULL]


async def test_a_store_that_is_not_open_says_so(path: Path) -> None:
    store = SqliteVideoStore(path)
    try:
        with pytest.raises(StoreFailed, match="not open"):
            await store.load()
    finally:
        await store.aclose()


# Versions.


@pytest.mark.parametrize("journal", ["DELETE", "WAL"])
@pytest.mark.parametrize("read_only", [False, True])
async def test_a_newer_list_is_refused_and_left_untouched(path: Path, journal: str, read_only: bool) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA journal_mode = {journal}")
        connection.execute("CREATE TABLE from_the_future (x)")
        connection.execute("INSERT INTO from_the_future VALUES (1)")
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        connection.commit()
    before = path.read_bytes()

    with pytest.raises(StoreTooNew, match="newer"):
        async with opened(path, read_only=read_only):
            pass

    assert path.read_bytes() == before


def schema(connection: sqlite3.Connection) -> list[tuple[str]]:
    return connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL ORDER BY name").fetchall()


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        yield connection


def test_a_step_that_fails_leaves_neither_column_nor_number(connection: sqlite3.Connection) -> None:
    migrate(connection)
    before = schema(connection)
    failing = [
        *MIGRATIONS,
        ["ALTER TABLE videos ADD COLUMN stars INTEGER", "UPDATE videos SET no_such_column = 1"],
    ]

    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, failing)

    assert schema(connection) == before
    assert schema_version(connection) == len(MIGRATIONS)
    assert not connection.in_transaction


def test_steps_that_went_well_before_a_failure_stay(connection: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, [["CREATE TABLE a (x)"], ["CREATE TABLE b (x)"], ["nonsense"]])

    assert schema_version(connection) == 2
    assert len(schema(connection)) == 2


def test_migrating_twice_changes_nothing(connection: sqlite3.Connection) -> None:
    migrate(connection)
    before = schema(connection)

    migrate(connection)

    assert schema(connection) == before
    assert schema_version(connection) == len(MIGRATIONS)


# Schemas as they were released: never edited, so that every old list keeps opening.
RELEASED = Path(__file__).parent / "schemas"


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
async def test_a_list_of_every_released_version_opens(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / f"version_{version}.sql").read_text(encoding="utf-8"))

    async with opened(path) as store:
        videos = await store.load()
        removed = await store.find_removed([Video(video_id="9", added_at_s=0).ref])

    assert [video.video_id for video in videos] == ["18446744073709551615", "391504857968062"]
    assert [video.video_id for video in removed] == ["9"]


def columns(connection: sqlite3.Connection) -> dict[str, list[tuple[object, ...]]]:
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: connection.execute(f"PRAGMA table_xinfo({table})").fetchall() for table in sorted(tables)}


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_frozen_schema_is_what_its_version_makes(connection: sqlite3.Connection, version: int) -> None:
    migrate(connection, MIGRATIONS[:version])

    with closing(sqlite3.connect(":memory:")) as frozen:
        frozen.executescript((RELEASED / f"version_{version}.sql").read_text(encoding="utf-8"))
        assert columns(frozen) == columns(connection)
        assert frozen.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_the_marks_and_views_of_version_2_are_read(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / "version_2.sql").read_text(encoding="utf-8"))

    async with opened(path) as store:
        assert dict(await store.load_marks()) == {
            VideoRef("default", "391504857968062"): Marks(("hero", "夜"), 4, True, "a note", "drop 1")
        }
        assert dict(await store.views()) == {"heroes": "tag:hero"}


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS)))
async def test_an_older_list_is_read_without_being_changed(path: Path, version: int) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / f"version_{version}.sql").read_text(encoding="utf-8"))
    before = path.read_bytes()

    async with opened(path, read_only=True) as reader:
        ids = [video.video_id for video in await reader.load()]
        marks, views = await reader.load_marks(), await reader.views()

    assert ids == ["18446744073709551615", "391504857968062"]
    has_marks = version >= 2
    assert (bool(marks), bool(views)) == (has_marks, has_marks)
    assert path.read_bytes() == before


async def test_the_attempts_of_version_3_are_read(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / "version_3.sql").read_text(encoding="utf-8"))

    async with opened(path) as store:
        assert list(await store.attempts(VideoRef("default", "391504857968062"))) == [
            AttemptRun(1003.5, 1058.5, 12, 5, "waiting", ("t1", "t2")),
            AttemptRun(1061.5, 1061.5, 1, None, "no answer came", ()),
        ]


async def test_the_saves_of_version_4_are_read(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((RELEASED / "version_4.sql").read_text(encoding="utf-8"))

    async with opened(path) as store:
        assert list(await store.saves()) == [
            QueuedSave(VideoRef("default", "18446744073709551615"), "/clips", 1070.5, "The disk is full."),
            QueuedSave(VideoRef("default", "391504857968062"), "/other", 1071.5, is_over=True),
        ]


async def test_saves_leave_with_the_rows_that_are_erased(path: Path) -> None:
    async with opened(path) as store:
        await store.put([BARE, FULL])
        await store.put_saves([QueuedSave(row.ref, "/clips", 1.0) for row in (BARE, FULL)], [])
        await store.remove([BARE.ref], at_s=2.0)

        await store.erase_removed()

        assert [save.ref for save in await store.saves()] == [FULL.ref]


async def test_attempts_leave_with_the_rows_that_are_erased(path: Path) -> None:
    run = AttemptRun(1.0, 1.0, 1, 5, "waiting", ())
    async with opened(path) as store:
        await store.put([BARE, FULL])
        await store.put_attempts({BARE.ref: [run], FULL.ref: [run]})
        await store.remove([BARE.ref], at_s=2.0)
        assert await store.attempts(BARE.ref)

        await store.erase_removed()

        assert not await store.attempts(BARE.ref)
        assert await store.attempts(FULL.ref)


@pytest.mark.parametrize("cell", ["[[1.0,", "7", '[["x"]]', "null"])
async def test_a_damaged_cell_of_attempts_counts_as_empty(path: Path, cell: str) -> None:
    async with opened(path) as store:
        await store.put_attempts({BARE.ref: [AttemptRun(1.0, 1.0, 1, 5, "waiting", ())]})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE attempts SET runs = ?", (cell,))
        connection.commit()

    async with opened(path) as store:
        assert list(await store.attempts(BARE.ref)) == []


# Marks.


async def test_rows_marked_alike_share_one_value(path: Path) -> None:
    refs = [VideoRef("default", str(number)) for number in range(1, 501)]
    async with opened(path) as store:
        await store.put_marks({ref: Marks(("hero",), 3) for ref in refs})
        await store.put_marks({refs[0]: Marks(("other",))})

    async with opened(path) as store:
        loaded = await store.load_marks()

    assert len(loaded) == 500
    assert len({id(marks) for marks in loaded.values()}) == 2


async def test_marks_and_views_are_there_after_reopening(path: Path) -> None:
    async with opened(path) as store:
        await store.put([FULL])
        await store.put_marks({FULL.ref: FULL_MARKS})
        await store.put_view("heroes", "tag:hero")

    async with opened(path, read_only=True) as store:
        assert dict(await store.load_marks()) == {FULL.ref: FULL_MARKS}
        assert dict(await store.views()) == {"heroes": "tag:hero"}


async def test_marks_that_fail_halfway_change_nothing(path: Path) -> None:
    async with opened(path) as store:
        await store.put_marks({BARE.ref: Marks(rating=1), FULL.ref: Marks(rating=2)})

        with pytest.raises(StoreFailed):
            await store.put_marks(
                {BARE.ref: Marks(rating=5), FULL.ref: Marks(note=None)}  # type: ignore[arg-type]
            )

        assert dict(await store.load_marks()) == {BARE.ref: Marks(rating=1), FULL.ref: Marks(rating=2)}


async def test_a_damaged_cell_costs_itself_and_not_the_list(path: Path) -> None:
    async with opened(path) as store:
        await store.put([BARE, FULL])
        await store.put_marks({BARE.ref: FULL_MARKS})
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE videos SET status = 'rea?y' WHERE video_id = '7'")
        connection.execute("UPDATE marks SET tags = '[\"hero'")
        connection.commit()

    async with opened(path) as store:
        assert list(await store.load()) == [replace(BARE, status=VideoStatus.UNKNOWN), FULL]
        assert dict(await store.load_marks()) == {BARE.ref: replace(FULL_MARKS, tags=())}


# Another file in its place.


async def test_a_swap_has_the_files_to_itself_and_reads_the_new_ones(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite3"
    async with opened(other) as store:
        await store.put([FULL])
        await store.put_marks({FULL.ref: FULL_MARKS})
    seen: list[set[str]] = []

    def replace_files() -> None:
        seen.append({file.name for file in path.parent.iterdir()})
        other.replace(path)

    async with opened(path) as store:
        await store.put([BARE])
        await store.swap(replace_files)

        assert list(await store.load()) == [FULL]
        assert dict(await store.load_marks()) == {FULL.ref: FULL_MARKS}
    assert seen == [{FILE_NAME, "other.sqlite3"}]


# Reading without owning.


async def test_reading_a_list_nobody_has_made_makes_none(path: Path) -> None:
    async with opened(path, read_only=True) as store:
        assert list(await store.load()) == []
        assert list(await store.accounts()) == []

    assert list(path.parent.iterdir()) == []


async def test_a_reader_cannot_write(path: Path) -> None:
    async with opened(path) as store:
        await store.put([BARE])

    async with opened(path, read_only=True) as reader:
        assert list(await reader.load()) == [BARE]
        with pytest.raises(StoreFailed):
            await reader.put([FULL])


async def test_a_path_with_odd_characters_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "50% of #1? ü" / FILE_NAME
    path.parent.mkdir()
    async with opened(path) as store:
        await store.put([BARE])

    async with opened(path, read_only=True) as reader:
        assert list(await reader.load()) == [BARE]


# A world that fails.


@pytest.mark.parametrize("read_only", [False, True])
async def test_a_file_that_is_no_list_is_refused_in_words(path: Path, read_only: bool) -> None:
    path.write_bytes(b"this is no database, and it is longer than a header " * 100)
    before = path.read_bytes()

    with pytest.raises(StoreFailed, match="could not be read or written"):
        async with opened(path, read_only=read_only):
            pass

    assert path.read_bytes() == before


async def test_a_folder_that_is_not_there_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="check the folder"):
        async with opened(tmp_path / "gone" / FILE_NAME):
            pass


async def test_a_read_only_folder_is_told_in_words(small_disk: SmallDisk) -> None:
    small_disk.make_read_only()

    with pytest.raises(StoreFailed, match="check the folder"):
        async with opened(small_disk.folder / FILE_NAME):
            pass


@pytest.mark.parametrize("size_bytes", [500_000, 5_000_000], ids=["at the commit", "before the commit"])
async def test_a_full_disk_is_told_in_words_and_survived(small_disk: SmallDisk, size_bytes: int) -> None:
    async with opened(small_disk.folder / FILE_NAME) as store:
        await store.put([BARE])
        small_disk.fill()

        with pytest.raises(StoreFailed, match="full"):
            await store.put([replace(FULL, raw="x" * size_bytes), replace(FULL, video_id="8")])
        assert list(await store.load()) == [BARE]

        small_disk.free()
        await store.put([FULL])
        assert list(await store.load()) == [BARE, FULL]


_WRITER = """
import asyncio, sys
from pathlib import Path
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.core.video import Video

async def main(path, first):
    store = SqliteVideoStore(path)
    await store.open()
    for number in range(first, first + 100_000):
        await store.put([Video(video_id=str(number), added_at_s=0.0)])
        print(number, flush=True)

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
"""


async def test_a_program_killed_in_the_middle_loses_nothing_it_was_told_is_written(path: Path) -> None:
    acknowledged: list[str] = []
    for kill in range(10):
        with subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(path), str(10**17 + kill * 10**6)],
            stdout=subprocess.PIPE,
            text=True,
        ) as child:
            assert child.stdout is not None
            acknowledged += [child.stdout.readline().strip() for _ in range(3 + 5 * kill)]
            child.send_signal(signal.SIGKILL)
            acknowledged += [line.strip() for line in child.stdout if line.endswith("\n")]

    async with opened(path) as store:
        stored = [video.video_id for video in await store.load()]

    assert len(acknowledged) > 200
    assert set(acknowledged) <= set(stored)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


# Damaged cells, which SQLite finds nothing wrong with.


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE videos SET prompt = CAST(x'ff66' AS TEXT)", "\ufffdf"),
        ("UPDATE videos SET added_at_s = 9e999, created_at_s = 1e300, ended_at_s = -1e300", ""),
        ("UPDATE marks SET note = CAST(x'ff66' AS TEXT), rating = 4611686018427387904", ""),
        ("UPDATE marks SET tags = replace(hex(zeroblob(60000)), '0', '['), rating = -1", ""),
        ("INSERT INTO views VALUES (CAST(x'ff66' AS TEXT), 'b')", ""),
        ("INSERT INTO accounts VALUES ('cn', CAST(x'ff66' AS TEXT))", ""),
    ],
)
async def test_a_cell_of_nonsense_keeps_no_list_from_opening(
    path: Path, statement: str, expected: str
) -> None:
    async with opened(path) as store:
        await store.put([BARE], {BARE.ref: Marks(("hero",), 3)})
    change(path, statement)

    for read_only in (False, True):
        async with opened(path, read_only=read_only) as store:
            (video,) = await store.load()
            (marks,) = (await store.load_marks()).values()
            await store.views()
            await store.accounts()

        assert video.prompt == expected
        times = (video.added_at_s, video.created_at_s, video.ended_at_s)
        assert all(0 <= time_s <= 253_402_300_799 for time_s in times if time_s is not None)
        assert 0 <= marks.rating <= 5


async def test_rows_and_marks_are_one_transaction(path: Path) -> None:
    async with opened(path) as store:
        with pytest.raises(StoreFailed):
            await store.put([BARE], {BARE.ref: Marks(note=None)})  # type: ignore[arg-type]

        assert await store.load() == []
        await store.put([BARE], {BARE.ref: FULL_MARKS})
        assert dict(await store.load_marks()) == {BARE.ref: FULL_MARKS}


async def test_what_a_swap_broke_off_with_is_told_and_the_list_opens_when_it_can(
    small_disk: SmallDisk,
) -> None:
    path = small_disk.folder / FILE_NAME

    def fail() -> None:
        small_disk.fill()
        raise StoreFailed("the first error")

    async with opened(path) as store:
        await store.put([BARE])
        with pytest.raises(StoreFailed, match="the first error"):
            await store.swap(fail)
        with pytest.raises(StoreFailed, match="could not be read"):
            await store.load()

        small_disk.free()
        assert await store.load() == [BARE]


# Guests.


async def test_a_guest_writes_into_a_list_that_is_open_elsewhere(path: Path) -> None:
    async with opened(path) as store, opened(path, is_guest=True) as guest:
        await guest.put_account(Account("cn", "https://app-api.pixverseai.cn"))

        assert list(await store.accounts()) == [Account("cn", "https://app-api.pixverseai.cn")]


@pytest.mark.parametrize("version", [None, 0, 1])
async def test_a_guest_neither_makes_nor_migrates_a_list(path: Path, version: int | None) -> None:
    if version is not None:
        change(path, f"PRAGMA user_version = {version}", "CREATE TABLE t (x)")
    before = path.read_bytes() if version is not None else None

    with pytest.raises(StoreFailed):
        async with opened(path, is_guest=True):
            pass

    assert (path.read_bytes() if path.exists() else None) == before


# Reading where nothing can be written.


async def test_a_list_on_a_read_only_disk_is_read(small_disk: SmallDisk) -> None:
    path = small_disk.folder / FILE_NAME
    async with opened(path) as store:
        await store.put([BARE, FULL])
    small_disk.make_read_only()

    async with opened(path, read_only=True) as reader:
        assert await reader.load() == [BARE, FULL]


async def test_a_killed_program_s_list_on_a_full_disk_is_read_with_its_log(small_disk: SmallDisk) -> None:
    path = small_disk.folder / FILE_NAME
    async with opened(path) as store:
        await store.put([BARE, FULL])
    die_writing(path, "WAL", "UPDATE videos SET prompt = 'in the log'")
    Path(f"{path}-shm").unlink()
    small_disk.fill()

    async with opened(path, read_only=True) as reader:
        assert {video.prompt for video in await reader.load()} == {"in the log"}


async def test_a_reader_does_not_take_half_a_change_for_the_list(path: Path) -> None:
    async with opened(path) as store:
        await store.put([replace(BARE, video_id=str(number), raw="x" * 700) for number in range(1, 300)])
    die_writing(path, "DELETE", "BEGIN IMMEDIATE", "UPDATE videos SET message = 'half' || raw")

    async with opened(path, read_only=True) as reader:
        assert {video.message for video in await reader.load()} == {""}
