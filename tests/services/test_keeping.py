import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.events import ListReplaced, Trouble
from pixverse_desktop.core.marks import with_tag
from pixverse_desktop.core.retention import BackupReason
from pixverse_desktop.core.video import Video
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.keeping import LARGE_IMPORT, ListKeeper
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.backups import NO_ROOM, FakeBackups
from tests.fakes.clock import FakeClock, settle
from tests.fakes.heard import Heard
from tests.fakes.video_store import FakeVideoStore
from tests.services.conftest import ref

HOUR_S, DAY_S = 3600.0, 86_400.0
MANY = [str(number) for number in range(1, LARGE_IMPORT + 1)]


@pytest.fixture
def backups() -> FakeBackups:
    return FakeBackups()


@pytest.fixture
async def keeper(
    library: Library,
    backups: FakeBackups,
    clock: FakeClock,
    announcer: Announcer,
    nursery: TaskNursery,
    threadless: None,
) -> AsyncIterator[ListKeeper]:
    keeper = ListKeeper(library=library, backups=backups, clock=clock, announcer=announcer, nursery=nursery)
    yield keeper
    await nursery.aclose()


async def test_every_day_has_one_backup(
    library: Library, keeper: ListKeeper, backups: FakeBackups, clock: FakeClock, nursery: TaskNursery
) -> None:
    await library.add(["7"], account="default")
    nursery.start(keeper.run(), name="backups")

    await clock.advance(10 * DAY_S)

    assert backups.reasons == [BackupReason.DAILY] * 11
    assert len({int(at_s // DAY_S) for _, at_s in backups.made}) == 11


async def test_a_day_that_has_its_backup_from_an_earlier_run_gets_no_other(
    library: Library, keeper: ListKeeper, backups: FakeBackups, clock: FakeClock, nursery: TaskNursery
) -> None:
    await library.add(["7"], account="default")
    backups.make(BackupReason.DAILY, now_s=clock.now_s())
    nursery.start(keeper.run(), name="backups")

    await clock.advance(5 * HOUR_S)

    assert len(backups.made) == 1


async def test_an_empty_list_needs_no_backup_until_it_has_a_row(
    library: Library, keeper: ListKeeper, backups: FakeBackups, clock: FakeClock, nursery: TaskNursery
) -> None:
    nursery.start(keeper.run(), name="backups")
    await clock.advance(3 * HOUR_S)
    assert backups.made == []

    await library.add(["7"], account="default")
    await clock.advance(HOUR_S)

    assert backups.reasons == [BackupReason.DAILY]


async def test_a_large_import_is_backed_up_at_once_and_a_small_one_is_not(
    library: Library, keeper: ListKeeper, backups: FakeBackups
) -> None:
    await library.add(MANY[1:], account="default")
    await settle()
    assert backups.made == []

    await library.add(MANY, account="studio")
    await settle()

    assert backups.reasons == [BackupReason.IMPORT]


async def test_an_export_taken_in_is_an_import_too(
    library: Library, keeper: ListKeeper, backups: FakeBackups
) -> None:
    bare = Video(video_id="1", added_at_s=0.0)

    await library.take_in(
        [(replace(bare, video_id=each), with_tag("a")(library.marks(ref(each)))) for each in MANY]
    )
    await settle()

    assert backups.reasons == [BackupReason.IMPORT]


@pytest.mark.parametrize("change", ["add", "update", "mark", "remove"])
async def test_a_run_that_changed_anything_ends_with_a_backup(
    library: Library,
    backups: FakeBackups,
    clock: FakeClock,
    announcer: Announcer,
    nursery: TaskNursery,
    threadless: None,
    change: str,
) -> None:
    await library.add(["7"], account="default")
    keeper = ListKeeper(library=library, backups=backups, clock=clock, announcer=announcer, nursery=nursery)
    match change:
        case "add":
            await library.add(["8"], account="default")
        case "update":
            await library.update(ref("7"), lambda video: replace(video, prompt="a fox"))
        case "mark":
            await library.mark([ref("7")], with_tag("hero"))
        case "remove":
            await library.remove([ref("7")])

    await keeper.aclose()

    assert backups.reasons == [BackupReason.EXIT]


async def test_a_run_that_changed_nothing_ends_without_one(
    library: Library, keeper: ListKeeper, backups: FakeBackups, announcer: Announcer
) -> None:
    await library.add([], account="default")
    await library.mark([ref("7")], with_tag("hero"))
    announcer.announce(Trouble("something else"))

    await keeper.aclose()

    assert backups.made == []


async def test_after_its_end_it_hears_nothing(
    library: Library, keeper: ListKeeper, backups: FakeBackups
) -> None:
    await keeper.aclose()

    await library.add(MANY, account="default")
    await settle()

    assert backups.made == []


async def test_a_backup_that_fails_is_told_once_and_stops_nothing(
    library: Library,
    keeper: ListKeeper,
    backups: FakeBackups,
    clock: FakeClock,
    nursery: TaskNursery,
    heard: Heard,
    complaints: list[logging.LogRecord],
) -> None:
    backups.is_failing = True
    running = nursery.start(keeper.run(), name="backups")
    await library.add(MANY, account="default")
    await clock.advance(5 * HOUR_S)

    assert not running.done()
    assert heard.of(Trouble) == [Trouble(NO_ROOM)]
    assert len(library) == len(MANY)

    backups.is_failing = False
    await clock.advance(HOUR_S)
    assert backups.reasons == [BackupReason.DAILY]

    backups.is_failing = True
    await keeper.aclose()
    assert heard.of(Trouble) == [Trouble(NO_ROOM)] * 2
    assert complaints
    assert all("No backup was made" in record.getMessage() for record in complaints)
    complaints.clear()


async def test_restoring_replaces_the_list_and_tells_so(
    library: Library, keeper: ListKeeper, backups: FakeBackups, store: FakeVideoStore, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    await library.mark([ref("7")], with_tag("hero"))
    kept = Video(video_id="9", added_at_s=5.0)
    backups.on_restore = lambda: store.replace_with([kept])

    await keeper.restore(Path("a backup"))

    assert list(library) == [kept]
    assert library.marks(ref("7")) == library.marks(ref("9"))
    assert backups.restored == [Path("a backup")]
    assert backups.reasons == [BackupReason.RESTORE]
    assert heard.events[-1] == ListReplaced()


async def test_a_restore_that_fails_leaves_the_list_as_it_was(
    library: Library, keeper: ListKeeper, backups: FakeBackups, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    backups.is_failing = True

    with pytest.raises(StoreFailed):
        await keeper.restore(Path("a backup"))

    assert [video.video_id for video in library] == ["7"]
    assert heard.of(ListReplaced) == []
    await library.add(["8"], account="default")


async def test_all_backups_are_told(keeper: ListKeeper, backups: FakeBackups, clock: FakeClock) -> None:
    backups.make(BackupReason.DAILY, now_s=clock.now_s())

    assert [each.name.reason for each in await keeper.all()] == [BackupReason.DAILY]


@pytest.mark.parametrize("change", ["view", "erase"])
async def test_a_run_that_changed_a_search_or_emptied_the_bin_ends_with_a_backup(
    library: Library,
    backups: FakeBackups,
    clock: FakeClock,
    announcer: Announcer,
    nursery: TaskNursery,
    threadless: None,
    change: str,
) -> None:
    keeper = ListKeeper(library=library, backups=backups, clock=clock, announcer=announcer, nursery=nursery)
    if change == "view":
        await library.put_view("heroes", "tag:hero")
    else:
        await library.erase_removed()

    await keeper.aclose()

    assert backups.reasons == [BackupReason.EXIT]
