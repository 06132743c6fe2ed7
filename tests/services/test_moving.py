"""Rows that go to another account, with everything a person said of them, and back."""

from dataclasses import replace

import pytest

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.events import VideosAdded, VideosRemoved
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import VideoRef, VideoStatus
from pixverse_desktop.services.library import Library, MoveOutcome
from tests.fakes.heard import Heard
from tests.fakes.video_store import FakeVideoStore

OURS, THEIRS = VideoRef("default", "1"), VideoRef("studio", "1")
MARKS = Marks(tags=("hero",), rating=4, is_rejected=False, note="", batch="drop")


@pytest.fixture
async def not_found(library: Library) -> Library:
    """Return a list with a row that the key of its account does not know."""
    await library.add(["1", "2"], account="default")
    await library.update(
        OURS,
        lambda video: replace(video, status=VideoStatus.NOT_FOUND, message="Not known.", ended_at_s=5.0),
    )
    await library.set_marks({OURS: MARKS})
    return library


async def test_a_moved_row_is_asked_about_afresh_and_keeps_its_marks(
    not_found: Library, store: FakeVideoStore, heard: Heard
) -> None:
    outcome = await not_found.move([OURS], "studio")

    ((before, after),) = outcome.moved
    assert (before.ref, after.ref) == (OURS, THEIRS)
    assert after.status is VideoStatus.WAITING
    assert after.message == ""
    assert not_found.get(OURS) is None
    assert not_found.marks(THEIRS) == MARKS
    assert store.row("1", "studio") == after
    assert await store.load_marks() == {THEIRS: MARKS}
    assert heard.events[-2:] == [VideosRemoved((before,)), VideosAdded((after,))]
    assert [video.video_id for video in not_found] == ["1", "2"]


async def test_what_one_key_was_told_of_a_row_is_not_what_anothers_was(not_found: Library) -> None:
    await not_found.update(OURS, lambda video: replace(video, status_code=5, raw='{"id":1}'))

    ((_, after),) = (await not_found.move([OURS], "studio")).moved

    assert (after.status_code, after.raw) == (None, "")


async def test_a_row_whose_id_is_there_already_stays(not_found: Library) -> None:
    await not_found.add(["1"], account="studio")
    theirs = not_found.get(THEIRS)

    outcome = await not_found.move([OURS, VideoRef("default", "2")], "studio")

    assert [after.video_id for _, after in outcome.moved] == ["2"]
    assert [video.ref for video in outcome.stayed] == [OURS]
    assert not_found.get(THEIRS) == theirs
    assert not_found.get(OURS) is not None


async def test_of_two_rows_with_one_id_the_first_goes(not_found: Library) -> None:
    await not_found.add(["1"], account="other")

    outcome = await not_found.move([OURS, VideoRef("other", "1"), VideoRef("default", "2")], "studio")

    assert [before.ref for before, _ in outcome.moved] == [OURS, VideoRef("default", "2")]
    assert [video.ref for video in outcome.stayed] == [VideoRef("other", "1")]


async def test_many_moves_are_told_in_pieces_before_the_next_change(library: Library, heard: Heard) -> None:
    await library.add([str(number) for number in range(10_001)], account="default")
    heard.events.clear()

    outcome = await library.move([video.ref for video in library], "studio")
    assert [len(event.videos) for event in heard.of(VideosRemoved)] == [10_000, 1]
    assert [len(event.videos) for event in heard.of(VideosAdded)] == [10_000, 1]

    heard.events.clear()
    assert len(await library.move_back(outcome.moved)) == 10_001
    assert [len(event.videos) for event in heard.of(VideosAdded)] == [10_000, 1]


async def test_moving_to_its_own_account_does_nothing(not_found: Library, heard: Heard) -> None:
    heard.events.clear()

    outcome = await not_found.move([OURS], "default")

    assert outcome == MoveOutcome((), ())
    assert heard.events == []


async def test_what_the_bin_knows_of_the_id_comes_out_of_it(not_found: Library) -> None:
    await not_found.add(["1"], account="studio")
    await not_found.update(THEIRS, lambda video: replace(video, prompt="a fox", saved_path="/a.mp4"))
    await not_found.remove([THEIRS])

    await not_found.move([OURS], "studio")

    moved = not_found.get(THEIRS)
    assert moved is not None
    assert (moved.prompt, moved.saved_path) == ("a fox", "/a.mp4")


async def test_a_move_is_undone_whole_but_for_what_was_saved_meanwhile(not_found: Library) -> None:
    before = not_found.get(OURS)
    assert before is not None
    outcome = await not_found.move([OURS], "studio")
    await not_found.update(THEIRS, lambda video: replace(video, saved_path="/b.mp4", saved_bytes=7))

    await not_found.move_back(outcome.moved)

    assert not_found.get(THEIRS) is None
    assert not_found.get(OURS) == replace(before, saved_path="/b.mp4", saved_bytes=7)
    assert not_found.marks(OURS) == MARKS


async def test_a_move_that_cannot_be_written_is_not_made(not_found: Library, store: FakeVideoStore) -> None:
    store.is_failing = True

    with pytest.raises(StoreFailed):
        await not_found.move([OURS], "studio")

    assert not_found.get(OURS) is not None
    assert not_found.get(THEIRS) is None
    assert not_found.marks(OURS) == MARKS
