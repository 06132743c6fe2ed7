import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.core.errors import ClipCutShort
from pixverse_desktop.core.events import (
    ConnectionChanged,
    ConnectionKind,
    SavePhase,
    SaveProgressed,
    WriteFailed,
)
from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.core.video import Video, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.run_tracker import RunTracker, summary_words
from pixverse_desktop.services.saving import Saver
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock, settle
from tests.fakes.heard import Heard
from tests.fakes.video_api import CLIP_URL
from tests.fakes.video_store import FakeVideoStore
from tests.services.conftest import add_ready, ref

REFUSED = ConnectionChanged("default", ConnectionKind.KEY_REFUSED, "PixVerse does not accept this key.")
Follow = Callable[..., RunTracker]


@pytest.fixture
def follow(library: Library, saver: Saver, announcer: Announcer, clock: FakeClock) -> Follow:
    def begin(video_ids: Iterable[str], folder: Path | None = None) -> RunTracker:
        return RunTracker(
            [ref(video_id) for video_id in video_ids],
            account="default",
            library=library,
            saver=saver,
            announcer=announcer,
            clock=clock,
            folder=folder,
        )

    return begin


async def end(library: Library, video_id: str, status: VideoStatus) -> None:
    """Let a video end."""
    url = CLIP_URL if status is VideoStatus.READY else ""
    await library.update(ref(video_id), lambda video: replace(video, status=status, url=url))


async def outcome(running: asyncio.Task[ExitCode], clock: FakeClock) -> ExitCode | None:
    """The code of a run once all is quiet, or None while it goes on; it is ended then."""
    await clock.advance(1)
    if running.done():
        return running.result()
    running.cancel()
    await settle()
    return None


def begin(tracker: RunTracker, timeout_s: float | None = None) -> asyncio.Task[ExitCode]:
    return asyncio.ensure_future(tracker.wait(timeout_s))


async def test_a_run_ends_when_every_video_has_ended(
    library: Library, follow: Follow, clock: FakeClock
) -> None:
    await library.add(["1", "2", "3"], account="default")
    running = begin(follow(["1", "2"]))

    await end(library, "1", VideoStatus.READY)
    await clock.advance(1)
    early = running.done()
    await end(library, "2", VideoStatus.READY)

    assert not early
    assert await outcome(running, clock) is ExitCode.ALL_READY


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (VideoStatus.READY, ExitCode.ALL_READY),
        (VideoStatus.MODERATED, ExitCode.SOME_ENDED_OTHERWISE),
        (VideoStatus.FAILED, ExitCode.SOME_ENDED_OTHERWISE),
        (VideoStatus.DELETED, ExitCode.SOME_ENDED_OTHERWISE),
        (VideoStatus.NOT_FOUND, ExitCode.SOME_ENDED_OTHERWISE),
        (VideoStatus.STOPPED, ExitCode.SOME_ENDED_OTHERWISE),
        (VideoStatus.WAITING, None),
        (VideoStatus.UNKNOWN, None),
    ],
)
async def test_each_status_has_its_code(
    library: Library, follow: Follow, clock: FakeClock, status: VideoStatus, code: ExitCode | None
) -> None:
    await add_ready(library, "1")
    await library.add(["2"], account="default")
    await end(library, "2", status)

    assert await outcome(begin(follow(["1", "2"])), clock) is code


async def test_with_nothing_to_watch_a_run_is_over_at_once(follow: Follow, clock: FakeClock) -> None:
    assert await outcome(begin(follow([])), clock) is ExitCode.ALL_READY


async def test_a_removed_row_is_waited_for_no_more(
    library: Library, follow: Follow, clock: FakeClock
) -> None:
    await library.add(["1"], account="default")
    running = begin(follow(["1"]))
    await settle()

    await library.remove([ref("1")])

    assert await outcome(running, clock) is ExitCode.ALL_READY


async def test_a_run_that_saves_ends_when_all_is_saved(
    library: Library, follow: Follow, clock: FakeClock, source: FakeClipSource, tmp_path: Path
) -> None:
    await add_ready(library, "1")  # ended before the run began
    await library.add(["2"], account="default")
    source.gate = asyncio.Event()
    running = begin(follow(["1", "2"], tmp_path / "saved"))
    await end(library, "2", VideoStatus.READY)
    await clock.advance(1)
    early = running.done()
    source.gate.set()

    assert not early
    assert await outcome(running, clock) is ExitCode.ALL_READY
    assert sorted(path.name for path in (tmp_path / "saved").iterdir()) == ["1.mp4", "2.mp4"]


async def test_rows_of_other_runs_are_neither_saved_nor_counted(
    library: Library, follow: Follow, clock: FakeClock, tmp_path: Path
) -> None:
    await add_ready(library, "1", "2")
    await library.add(["3"], account="default")
    await end(library, "3", VideoStatus.FAILED)

    code = await outcome(begin(follow(["1"], tmp_path / "saved")), clock)

    assert code is ExitCode.ALL_READY
    assert [path.name for path in (tmp_path / "saved").iterdir()] == ["1.mp4"]


async def test_a_full_disk_elsewhere_is_not_this_run_s(
    library: Library, follow: Follow, clock: FakeClock, saver: Saver, tmp_path: Path
) -> None:
    await add_ready(library, "1", "2")
    (tmp_path / "file").write_bytes(b"")
    running = begin(follow(["1"], tmp_path / "saved"))

    saver.save([ref("2")], tmp_path / "file")

    assert await outcome(running, clock) is ExitCode.ALL_READY


async def test_a_clip_that_cannot_be_fetched_ended_otherwise(
    library: Library, follow: Follow, clock: FakeClock, source: FakeClipSource, tmp_path: Path
) -> None:
    await add_ready(library, "1")
    source.clips.clear()
    running = begin(follow(["1"], tmp_path / "saved"))
    await clock.advance(10)

    assert await outcome(running, clock) is ExitCode.SOME_ENDED_OTHERWISE


async def test_what_is_held_does_not_keep_a_run_open_and_counts_once_it_is_saved(
    library: Library,
    follow: Follow,
    clock: FakeClock,
    source: FakeClipSource,
    store: FakeVideoStore,
    tmp_path: Path,
) -> None:
    await add_ready(library, "1")
    await library.add(["2"], account="default")
    source.trouble = ClipCutShort("The clip’s server does not answer.")
    tracker = follow(["1", "2"], tmp_path / "saved")
    running = begin(tracker)
    await clock.advance(14)
    as_it_stood = tracker.exit_code(is_over=True)
    kept = [save.ref for save in await store.saves()]
    source.trouble = None
    await clock.advance(60)
    await end(library, "2", VideoStatus.READY)

    assert as_it_stood is ExitCode.SOME_ENDED_OTHERWISE
    assert kept == [ref("1")]
    assert await outcome(running, clock) is ExitCode.ALL_READY


async def test_a_list_that_cannot_be_written_again_and_again_ends_the_run(
    library: Library, follow: Follow, announcer: Announcer, clock: FakeClock
) -> None:
    await library.add(["1"], account="default")
    running = begin(follow(["1"]))
    await settle()

    for _ in range(3):
        announcer.announce(WriteFailed())

    assert await outcome(running, clock) is ExitCode.COULD_NOT_WRITE


async def test_a_cancelled_save_ended_otherwise(
    library: Library, follow: Follow, clock: FakeClock, source: FakeClipSource, saver: Saver, tmp_path: Path
) -> None:
    await add_ready(library, "1")
    source.gate = asyncio.Event()
    running = begin(follow(["1"], tmp_path / "saved"))
    await settle()

    saver.cancel([ref("1")])

    assert await outcome(running, clock) is ExitCode.SOME_ENDED_OTHERWISE


async def test_a_time_out_ends_the_run_and_not_a_moment_earlier(
    library: Library, follow: Follow, clock: FakeClock
) -> None:
    await library.add(["1"], account="default")
    running = begin(follow(["1"]), timeout_s=100)

    await clock.advance(60)
    await library.update(ref("1"), lambda video: replace(video, prompt="a change that ends nothing"))
    await clock.advance(39)
    early = running.done()

    assert not early
    assert await outcome(running, clock) is ExitCode.TIMED_OUT


async def test_a_refused_key_ends_the_run_at_once(
    library: Library, follow: Follow, clock: FakeClock, announcer: Announcer
) -> None:
    await library.add(["1"], account="default")
    running = begin(follow(["1"]))
    await settle()

    announcer.announce(REFUSED)

    assert await outcome(running, clock) is ExitCode.KEY_REFUSED


async def test_an_absent_network_does_not_end_the_run(
    library: Library, follow: Follow, clock: FakeClock, announcer: Announcer
) -> None:
    await library.add(["1"], account="default")
    running = begin(follow(["1"]))
    await settle()

    for kind in (ConnectionKind.OFFLINE, ConnectionKind.PAUSED, ConnectionKind.ONLINE):
        announcer.announce(ConnectionChanged("default", kind, "…", 5.0))

    assert await outcome(running, clock) is None


async def test_of_several_codes_the_first_of_3_130_5_4_1_counts(
    library: Library, follow: Follow, clock: FakeClock, announcer: Announcer, tmp_path: Path
) -> None:
    await add_ready(library, "1")
    await library.add(["2", "3"], account="default")
    await end(library, "2", VideoStatus.FAILED)
    (tmp_path / "file").write_bytes(b"")
    codes: list[ExitCode | None] = []

    plain = follow(["2", "3"])
    codes.append(plain.exit_code(is_over=True))
    codes.append(await outcome(begin(plain, timeout_s=0.5), clock))
    unwritable = follow(["1", "2", "3"], tmp_path / "file")
    codes.append(await outcome(begin(unwritable, timeout_s=0.5), clock))
    unwritable.interrupt()
    codes.append(await outcome(begin(unwritable), clock))
    announcer.announce(REFUSED)
    codes.append(await outcome(begin(unwritable), clock))

    assert codes == [1, 4, 5, 130, 3]


async def test_a_closed_tracker_follows_no_more(
    library: Library, follow: Follow, announcer: Announcer
) -> None:
    await add_ready(library, "1")
    tracker = follow(["1"])

    tracker.close()
    announcer.announce(REFUSED)

    assert tracker.exit_code(is_over=True) is ExitCode.ALL_READY


def test_a_summary_counts_each_ending() -> None:
    def video(status: VideoStatus, saved_path: str = "") -> Video:
        return Video(video_id="1", added_at_s=0, status=status, saved_path=saved_path)

    words = summary_words(
        [
            video(VideoStatus.NOT_FOUND),
            video(VideoStatus.READY),
            video(VideoStatus.READY, "/clips/1.mp4"),
            video(VideoStatus.MODERATED, "/clips/2.mp4"),
        ]
    )

    assert words == "2 ready (1 saved), 1 moderated, 1 not found"
    assert summary_words([]) == "nothing to watch"


async def test_a_ready_row_without_an_address_cannot_be_saved_and_ends_the_run_otherwise(
    library: Library, follow: Follow, clock: FakeClock, tmp_path: Path
) -> None:
    await library.add(["1"], account="default")
    await library.update(ref("1"), lambda video: replace(video, status=VideoStatus.READY, url=""))

    running = begin(follow(["1"], tmp_path))

    assert await outcome(running, clock) is ExitCode.SOME_ENDED_OTHERWISE


async def test_a_folder_that_takes_no_clips_is_tried_once_and_each_clip_told_once(
    library: Library,
    follow: Follow,
    source: FakeClipSource,
    clock: FakeClock,
    tmp_path: Path,
    heard: Heard,
) -> None:
    ids = ["1", "2", "3", "4", "5", "6"]
    await library.add(ids, account="default")
    (tmp_path / "file").write_bytes(b"")
    running = begin(follow(ids, tmp_path / "file"))
    for video_id in ids:
        await clock.advance(2)
        await end(library, video_id, VideoStatus.READY)

    assert await outcome(running, clock) is ExitCode.COULD_NOT_WRITE
    held = [event.ref.video_id for event in heard.of(SaveProgressed) if event.phase is SavePhase.HELD]
    assert held == ids
    assert len(source.opened) <= 1
