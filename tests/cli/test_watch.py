import asyncio
import errno
import io
import json
import logging
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pixverse_desktop.cli.watch import watch
from pixverse_desktop.core.addresses import INTERNATIONAL_URL
from pixverse_desktop.core.answers import VideoAnswer
from pixverse_desktop.core.errors import (
    KeyMissing,
    KeyRefused,
    OutputFailed,
    RateLimited,
    RequestRefused,
    ServiceUnreachable,
    StoreFailed,
)
from pixverse_desktop.core.exit_codes import ExitCode, exit_code_for
from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.video import Account, VideoRef, VideoStatus
from pixverse_desktop.services.engine import Engine
from tests.cli.conftest import RED
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock, settle
from tests.fakes.key_vault import FakeKeyVault
from tests.fakes.video_api import CLIP_URL, READY, WAITING, FakeVideoApi
from tests.fakes.video_store import DISK_FULL, FakeVideoStore

EMPTY = {"video_id": None, "status": None, "status_code": None, "path": None, "bytes": None, "message": ""}


class Watching:
    """One run of ``watch``: what it prints, and how it ends."""

    def __init__(
        self,
        engine: Engine,
        *video_ids: str,
        folder: Path | None = None,
        timeout_s: float | None = None,
        as_json: bool = True,
        out: io.StringIO | None = None,
    ) -> None:
        self.out, self.err = out or io.StringIO(), io.StringIO()
        self._running = asyncio.ensure_future(
            watch(
                engine,
                video_ids,
                account="default",
                folder=folder,
                timeout_s=timeout_s,
                as_json=as_json,
                out=self.out,
                err=self.err,
            )
        )

    @property
    def is_over(self) -> bool:
        return self._running.done()

    async def code(self) -> ExitCode:
        """The exit code of a run that must be over."""
        assert self.is_over
        return await self._running

    async def ended(self) -> ExitCode:
        """The exit code of the run, as soon as it is over."""
        return await self._running

    def lines(self) -> list[dict[str, Any]]:
        """Each line of stdout as the object it must be."""
        return [json.loads(line) for line in self.out.getvalue().splitlines()]

    def of(self, video_id: str | None) -> list[tuple[str, str | None, int | None]]:
        """Event, status and code of each line about an id."""
        return [
            (line["event"], line["status"], line["status_code"])
            for line in self.lines()
            if line["video_id"] == video_id
        ]


async def test_each_change_is_one_line_exactly_as_promised(
    engine: Engine, api: FakeVideoApi, clock: FakeClock, tmp_path: Path
) -> None:
    api.script("7", WAITING, WAITING, READY)

    watching = Watching(engine, "7", folder=tmp_path / "saved")
    await clock.advance(20)

    path = str(tmp_path / "saved" / "7_a fox.mp4")
    ready = {**EMPTY, "video_id": "7", "status": "ready", "status_code": 1}
    assert await watching.code() is ExitCode.ALL_READY
    assert watching.lines() == [
        {**EMPTY, "event": "status", "video_id": "7", "status": "waiting"},
        {**EMPTY, "event": "status", "video_id": "7", "status": "waiting", "status_code": 5},
        {**ready, "event": "status"},
        {**ready, "event": "saved", "path": path, "bytes": len(RED)},
        {**EMPTY, "event": "summary", "message": "1 ready (1 saved)", "total": 1, "saved": 1, "ready": 1},
    ]
    assert Path(path).read_bytes() == RED


async def test_people_read_words_on_stderr_and_scripts_paths_on_stdout(
    engine: Engine, api: FakeVideoApi, clock: FakeClock, tmp_path: Path
) -> None:
    api.script("7", READY)

    watching = Watching(engine, "7", folder=tmp_path / "saved", as_json=False)
    await clock.advance(20)

    assert watching.out.getvalue() == f"{tmp_path / 'saved' / '7_a fox.mp4'}\n"
    assert "7  waiting" in watching.err.getvalue()
    assert "7  ready      a fox" in watching.err.getvalue()
    assert watching.err.getvalue().endswith("1 ready (1 saved)\n")


async def test_without_a_folder_nothing_is_saved(
    engine: Engine, api: FakeVideoApi, clock: FakeClock, source: FakeClipSource
) -> None:
    api.script("7", READY)

    watching = Watching(engine, "7")
    await clock.advance(20)

    assert await watching.code() is ExitCode.ALL_READY
    assert source.opened == []


async def test_an_answer_that_tells_nothing_new_is_no_line(
    engine: Engine, api: FakeVideoApi, clock: FakeClock
) -> None:
    watching = Watching(engine, "7", timeout_s=300)
    await clock.advance(301)

    assert await watching.code() is ExitCode.TIMED_OUT
    assert len(watching.of("7")) == 2
    assert len(api.asked) > 50


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (VideoAnswer(status_code=7), "moderated"),
        (VideoAnswer(status_code=8), "failed"),
        (VideoAnswer(status_code=6), "deleted"),
        (RequestRefused("PixVerse refuses this id. Check it.", code=400013), "stopped"),
    ],
)
async def test_an_ending_says_why(
    engine: Engine,
    api: FakeVideoApi,
    clock: FakeClock,
    answer: VideoAnswer | RequestRefused,
    status: str,
) -> None:
    api.script("7", answer)

    watching = Watching(engine, "7")
    await clock.advance(20)

    assert await watching.code() is ExitCode.SOME_ENDED_OTHERWISE
    assert watching.lines()[-2]["status"] == status
    assert watching.lines()[-2]["message"]
    assert status in watching.err.getvalue()


async def test_a_clip_that_could_not_be_saved_is_an_error_of_its_video(
    engine: Engine, api: FakeVideoApi, clock: FakeClock, tmp_path: Path
) -> None:
    api.script("7", READY)
    (tmp_path / "file").write_bytes(b"")

    watching = Watching(engine, "7", folder=tmp_path / "file")
    await clock.advance(20)

    assert await watching.code() is ExitCode.COULD_NOT_WRITE
    assert ("error", "ready", 1) in watching.of("7")
    assert "not a folder" in watching.lines()[-2]["message"]


async def test_what_an_earlier_run_did_not_save_is_saved_and_waited_for(
    engine: Engine, clock: FakeClock, store: FakeVideoStore, tmp_path: Path
) -> None:
    await engine.library.add(["7"], account="default")
    await engine.library.update(
        VideoRef("default", "7"), lambda video: replace(video, status=VideoStatus.READY, url=CLIP_URL)
    )
    await store.put_saves([QueuedSave(VideoRef("default", "7"), str(tmp_path / "earlier"), 1.0)], [])

    watching = Watching(engine, folder=tmp_path / "saved", as_json=False)
    await clock.advance(20)

    assert await watching.code() is ExitCode.ALL_READY
    assert watching.out.getvalue() == f"{tmp_path / 'earlier' / '7.mp4'}\n"


async def test_what_is_named_is_saved_where_this_run_says_and_not_where_an_earlier_one_did(
    engine: Engine, clock: FakeClock, store: FakeVideoStore, tmp_path: Path
) -> None:
    await engine.library.add(["7"], account="default")
    await engine.library.update(
        VideoRef("default", "7"), lambda video: replace(video, status=VideoStatus.READY, url=CLIP_URL)
    )
    (tmp_path / "file").write_bytes(b"")
    await store.put_saves([QueuedSave(VideoRef("default", "7"), str(tmp_path / "file"), 1.0)], [])

    watching = Watching(engine, "7", folder=tmp_path / "saved", as_json=False)
    await clock.advance(20)

    assert await watching.code() is ExitCode.ALL_READY
    assert watching.out.getvalue() == f"{tmp_path / 'saved' / '7.mp4'}\n"


async def test_without_a_folder_the_queue_of_another_run_is_left_alone(
    engine: Engine, clock: FakeClock, store: FakeVideoStore, source: FakeClipSource, tmp_path: Path
) -> None:
    await engine.library.add(["7"], account="default")
    await engine.library.update(
        VideoRef("default", "7"), lambda video: replace(video, status=VideoStatus.READY, url=CLIP_URL)
    )
    await store.put_saves([QueuedSave(VideoRef("default", "7"), str(tmp_path), 1.0)], [])

    watching = Watching(engine)
    await clock.advance(20)

    assert await watching.code() is ExitCode.ALL_READY
    assert source.opened == []
    assert len(await store.saves()) == 1


async def test_what_concerns_the_whole_account_is_an_error_of_no_video(
    engine: Engine, api: FakeVideoApi, clock: FakeClock
) -> None:
    silence = ServiceUnreachable("PixVerse cannot be reached.")
    api.script("7", silence, silence, RateLimited("Fewer."), READY)

    watching = Watching(engine, "7")
    await clock.advance(60)

    errors = [line for line in watching.lines() if line["event"] == "error"]
    assert errors == [
        {**EMPTY, "event": "error", "message": "PixVerse cannot be reached."},
        {**EMPTY, "event": "error", "message": "PixVerse asks for fewer questions."},
    ]
    assert "PixVerse cannot be reached. Next try in 10 s." in watching.err.getvalue()
    assert await watching.code() is ExitCode.ALL_READY


async def test_an_absent_network_is_told_when_it_is_lost_and_when_it_is_back(
    engine: Engine, api: FakeVideoApi, clock: FakeClock
) -> None:
    watching = Watching(engine, "7")
    await clock.advance(10)
    api.outage = ServiceUnreachable("PixVerse cannot be reached.")

    await clock.advance(600)
    api.outage = None
    await clock.advance(100)
    api.script("7", READY)
    await clock.advance(20)

    told = [line for line in watching.err.getvalue().splitlines() if line.startswith("PixVerse")]
    assert told == ["PixVerse cannot be reached. Next try in 10 s.", "PixVerse answers again."]
    assert [line["event"] for line in watching.lines()].count("error") == 1
    assert await watching.code() is ExitCode.ALL_READY


class FullDisk(io.StringIO):
    """A file that takes so many lines and no more."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def flush(self) -> None:
        self._room -= 1
        if self._room < 0:
            raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("room", [0, 1])
async def test_output_that_finds_no_room_ends_the_run_in_one_sentence(
    engine: Engine, api: FakeVideoApi, clock: FakeClock, room: int
) -> None:
    watching = Watching(engine, "7", out=FullDisk(room))

    await clock.advance(20)

    assert watching.is_over
    with pytest.raises(OutputFailed, match="could not be written: No space left on device") as failed:
        await watching.code()
    assert exit_code_for(failed.value) is ExitCode.COULD_NOT_WRITE


async def test_a_keychain_that_waits_for_a_person_does_not_outwait_the_run(
    engine: Engine, vault: FakeKeyVault, clock: FakeClock
) -> None:
    vault.unlocked.clear()

    watching = Watching(engine, "7", timeout_s=5)
    await clock.advance(6)
    is_over = watching.is_over
    vault.unlocked.set()

    assert is_over
    assert await watching.code() is ExitCode.TIMED_OUT


async def test_a_run_may_be_ended_while_the_keychain_waits_for_a_person(
    engine: Engine, vault: FakeKeyVault
) -> None:
    vault.unlocked.clear()

    watching = Watching(engine, "7")
    await settle()
    os.kill(os.getpid(), signal.SIGTERM)
    code = await asyncio.wait_for(watching.ended(), 5)
    vault.unlocked.set()

    assert code is ExitCode.INTERRUPTED


async def test_a_refused_key_ends_the_run_at_once_and_fails_nothing(
    engine: Engine, api: FakeVideoApi, clock: FakeClock
) -> None:
    api.script("7", KeyRefused("PixVerse does not accept this key.", code=10001))

    watching = Watching(engine, "7", "8")
    await clock.advance(1)

    assert await watching.code() is ExitCode.KEY_REFUSED
    assert {line["status"] for line in watching.lines()} == {"waiting", None}
    assert "does not accept this key" in watching.err.getvalue()


async def test_without_a_key_the_ids_are_kept_all_the_same(
    engine: Engine, vault: FakeKeyVault, store: FakeVideoStore, clock: FakeClock
) -> None:
    vault.remove(Account("default", INTERNATIONAL_URL))

    watching = Watching(engine, "7")
    while not watching.is_over:
        await asyncio.sleep(0)

    with pytest.raises(KeyMissing):
        await watching.code()
    assert [line["event"] for line in watching.lines()] == ["error"]
    assert store.row("7") is not None


async def test_a_list_that_cannot_be_written_is_never_watched(
    engine: Engine, store: FakeVideoStore, api: FakeVideoApi, clock: FakeClock
) -> None:
    store.is_failing = True

    watching = Watching(engine, "7")
    await clock.advance(1)

    with pytest.raises(StoreFailed):
        await watching.code()
    assert api.asked == []


async def test_a_disk_that_becomes_full_is_told_once_and_ends_the_run(
    engine: Engine,
    store: FakeVideoStore,
    api: FakeVideoApi,
    clock: FakeClock,
    complaints: list[logging.LogRecord],
) -> None:
    api.delay_s = 1
    watching = Watching(engine, "7", "8")
    await clock.advance(0.5)
    store.is_failing = True

    await clock.advance(60)

    assert await watching.code() is ExitCode.COULD_NOT_WRITE
    assert watching.err.getvalue().count(DISK_FULL) == 1
    complaints.clear()  # the attempts were not written either, which is for the log alone


async def test_what_has_ended_before_is_reported_and_saved_again_from_its_copy(
    engine: Engine, api: FakeVideoApi, clock: FakeClock, tmp_path: Path, source: FakeClipSource
) -> None:
    api.script("7", READY)
    first = Watching(engine, "7", folder=tmp_path / "saved")
    await clock.advance(10)

    second = Watching(engine, "7", folder=tmp_path / "saved")
    await clock.advance(10)

    assert first.is_over
    assert [event for event, _, _ in second.of("7")] == ["status", "saved"]
    assert second.err.getvalue().startswith("1 of these were in the list already.\n")
    assert len(source.opened) == 1


async def test_without_ids_every_open_row_is_watched(
    engine: Engine, api: FakeVideoApi, clock: FakeClock
) -> None:
    await engine.library.add(["7", "8"], account="default")
    await engine.library.add(["9"], account="another")
    api.script("7", READY)
    api.script("8", READY)

    watching = Watching(engine)
    await clock.advance(10)

    assert {line["video_id"] for line in watching.lines()} == {"7", "8", None}


async def test_rows_that_are_not_watched_are_not_reported(
    engine: Engine, api: FakeVideoApi, clock: FakeClock, tmp_path: Path
) -> None:
    await engine.library.add(["8"], account="default")
    api.script("7", WAITING, READY)
    api.script("8", READY)

    watching = Watching(engine, "7")
    await clock.advance(1)
    engine.saver.save([VideoRef("default", "8")], tmp_path / "elsewhere")
    await clock.advance(9)

    assert watching.of("8") == []
    assert (tmp_path / "elsewhere" / "8_a fox.mp4").exists()
    assert await watching.code() is ExitCode.ALL_READY


async def test_a_prompt_from_outside_cannot_take_the_terminal_over(
    engine: Engine, api: FakeVideoApi, clock: FakeClock
) -> None:
    api.script(
        "7", VideoAnswer(status_text="\x1b]0;x\x07"), VideoAnswer(status_code=5, prompt="\x1b[2Jfox\r\n")
    )
    api.script("8", VideoAnswer(status_code=5, prompt="\x1b[2Jfox\r\n"))

    watching = Watching(engine, "7", "8", timeout_s=20)
    await clock.advance(21)

    assert "fox" in watching.err.getvalue()
    assert not {"\x1b", "\x07", "\r"} & set(watching.err.getvalue())
