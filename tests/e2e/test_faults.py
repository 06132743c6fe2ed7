"""A service that fails in every way it can: each job it finishes is noticed, and none is misread."""

import asyncio
import logging
import random
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

from pixverse_desktop.adapters.http_api import HttpVideoApi
from pixverse_desktop.adapters.logs import LogFile
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind, Event
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import Poller
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.simulator import Fault, Life, Simulation, SimulatorServer, Story, faults, stories

KEY = "a-key-that-no-log-may-show"
SPEED = 60.0  # a minute of the program's time a second
PATIENCE_S = 90.0

STORIES: dict[VideoStatus, Callable[[float], Story]] = {
    VideoStatus.READY: stories.quick,
    VideoStatus.FAILED: stories.failed,
    VideoStatus.MODERATED: stories.moderated,
}
FAULTS: list[Fault] = [
    faults.page(502),
    faults.page(200),
    faults.bare(503),
    faults.redirect("http://169.254.1.1/sign-in"),
    faults.stall(),
    faults.reset(),
    faults.endless(),
    faults.error(500, status=500),
    faults.error(99999),
    faults.error(500069),
    faults.error(500008),
    faults.too_many(),
    faults.too_many(20),
    faults.too_many("Wed, 21 Oct 2015 07:28:00 GMT"),
    faults.truncated_json(),
    faults.without_code(),
    faults.text_code(),
    faults.null_resp(),
    faults.empty_resp(),
    faults.list_resp(),
    faults.another_id(),
    faults.nan(),
    faults.nested(),
    faults.not_utf8(),
    faults.cut(),
    faults.wrong_length(-10),
    faults.wrong_length(10),
]


class FastClock:
    """Real time, sixty times as fast."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()

    def now_s(self) -> float:
        return 1.7e9 + self.monotonic_s()

    def monotonic_s(self) -> float:
        return (time.monotonic() - self._began_s) * SPEED

    async def sleep(self, duration_s: float) -> None:
        await asyncio.sleep(max(0.0, duration_s) / SPEED)


def a_bad_day(chance: random.Random) -> list[Fault | None]:
    """Every fault ten times over, in any order, with good answers between; then two storms."""
    mixed: list[Fault | None] = [fault for fault in FAULTS for _ in range(4)]
    mixed += [None] * len(mixed)
    chance.shuffle(mixed)
    return [*mixed, *[faults.too_many(5)] * 15, *[faults.page(503)] * 40]


def jobs(chance: random.Random) -> dict[str, tuple[VideoStatus, Life]]:
    """Sixty jobs, and how each ends."""
    found = {}
    for number in range(60):
        video_id, status = str(391504857968000 + number), chance.choice(list(STORIES))
        found[video_id] = (status, Life(video_id=video_id, steps=STORIES[status](chance.uniform(5, 300))))
    return found


async def test_every_job_is_noticed_whatever_the_service_does(
    tmp_path: Path, defects: list[BaseException], complaints: list[logging.LogRecord]
) -> None:
    chance, clock = random.Random(4), FastClock()
    lives = jobs(chance)
    simulation = Simulation(clock.now_s, [life for _, life in lives.values()], keys=[KEY])
    for fault in a_bad_day(chance):
        simulation.inject(fault or (lambda request, whole: whole))
    log = LogFile(tmp_path)
    log.hide(ApiKey(KEY))
    heard: list[Event] = []

    with SimulatorServer(simulation, {"01-red.mp4": b"clip"}) as server:
        store = SqliteVideoStore(tmp_path / "library.sqlite3")
        await store.open()
        announcer, nursery = Announcer(defects.append), TaskNursery(defects.append)
        announcer.subscribe(heard.append)
        library = Library(store, clock, announcer)
        api = HttpVideoApi(server.url, ApiKey(KEY), read_timeout_s=0.5)
        poller = Poller(
            account="default", api=api, library=library, announcer=announcer, clock=clock, nursery=nursery
        )
        nursery.start(poller.run(), name="poll")
        await library.add(lives, account="default")
        await asyncio.sleep(1.0)
        server.close()  # nobody listens for a minute of the program's time
        await asyncio.sleep(1.0)
        server.start()
        try:
            async with asyncio.timeout(PATIENCE_S):
                while any(video.status.is_open for video in library):
                    await asyncio.sleep(0.05)
        finally:
            await nursery.aclose()
            await api.aclose()
            await store.aclose()
            log.close()

    ended = {video.video_id: video.status for video in library}
    assert ended == {video_id: status for video_id, (status, _) in lives.items()}
    assert simulation.statistics().faults > 200
    assert simulation.statistics().reused_traces == 0
    assert ConnectionKind.OFFLINE in {each.kind for each in heard if isinstance(each, ConnectionChanged)}
    assert_no_key_anywhere(tmp_path)
    complaints.clear()  # what went wrong is for the log; defects are looked at by the fixture


def assert_no_key_anywhere(folder: Path) -> None:
    """Neither the log nor the list has the key."""
    for path in folder.iterdir():
        assert KEY.encode() not in path.read_bytes(), path
    with sqlite3.connect(folder / "library.sqlite3") as connection:
        assert KEY not in "\n".join(connection.iterdump())
