import asyncio
from dataclasses import replace

import pytest

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.events import Event, MarksChanged, VideosAdded, VideosChanged, VideosRemoved
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from tests.fakes.clock import START_S, FakeClock
from tests.fakes.heard import Heard
from tests.fakes.video_store import FakeVideoStore

SEVEN = VideoRef("default", "7")


def ids(library: Library) -> list[str]:
    return [video.video_id for video in library]


def fresh(video_id: str) -> Video:
    return Video(video_id=video_id, added_at_s=START_S)


def with_prompt(video: Video) -> Video:
    return replace(video, prompt="a fox")


async def test_an_added_id_waits_from_now_on(library: Library) -> None:
    await library.add(["7"], account="studio")

    assert library.get(VideoRef("studio", "7")) == Video(account="studio", video_id="7", added_at_s=START_S)


async def test_every_change_is_on_disk_before_anybody_hears_of_it(
    library: Library, announcer: Announcer, store: FakeVideoStore
) -> None:
    on_disk: list[tuple[Event, Video | None]] = []
    announcer.subscribe(lambda event: on_disk.append((event, store.row("7"))))

    await library.add(["7"], account="default")
    changed = await library.update(SEVEN, with_prompt)
    await library.remove([SEVEN])

    assert on_disk[0] == (VideosAdded((Video(video_id="7", added_at_s=START_S),)), fresh("7"))
    assert on_disk[1][1] == changed
    assert isinstance(on_disk[2][0], VideosRemoved)
    assert on_disk[2][1] is None


async def test_many_ids_are_one_write_and_one_event(
    library: Library, store: FakeVideoStore, heard: Heard
) -> None:
    outcome = await library.add([str(number) for number in range(1, 1001)], account="default")

    assert len(outcome.added) == len(library) == 1000
    assert store.writes == 1
    assert [len(event.videos) for event in heard.of(VideosAdded)] == [1000]


async def test_very_many_rows_are_told_in_pieces_with_turns_for_others_and_in_order(
    library: Library, heard: Heard
) -> None:
    turns = 0
    adding = asyncio.ensure_future(library.add(map(str, range(1, 25_001)), account="default"))
    removing = asyncio.ensure_future(library.remove([VideoRef("default", "25000")]))
    while not adding.done():
        turns += bool(heard.of(VideosAdded))
        await asyncio.sleep(0)
    await removing

    told = [event for event in heard.events if isinstance(event, VideosAdded | VideosRemoved)]
    assert [len(event.videos) for event in told] == [10_000, 10_000, 5_000, 1]
    assert isinstance(told[-1], VideosRemoved)
    assert turns == 2  # between the three pieces


async def test_ids_already_here_are_told_apart_and_repeats_count_once(library: Library) -> None:
    await library.add(["7"], account="default")

    outcome = await library.add(["8", "7", "8"], account="default")

    assert [video.video_id for video in outcome.added] == ["8"]
    assert [video.video_id for video in outcome.already] == ["7"]
    assert ids(library) == ["7", "8"]


async def test_adding_nothing_new_writes_and_tells_nothing(
    library: Library, store: FakeVideoStore, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    writes, events = store.writes, len(heard.events)

    await library.add(["7"], account="default")
    await library.add([], account="default")

    assert (store.writes, len(heard.events)) == (writes, events)


async def test_the_list_is_read_in_the_order_of_its_adding(
    store: FakeVideoStore, clock: FakeClock, announcer: Announcer
) -> None:
    first = Library(store, clock, announcer)
    await first.add(["9", "10", "1"], account="default")
    await first.remove([VideoRef("default", "10")])

    second = Library(store, clock, announcer)
    await second.open()

    assert ids(second) == ["9", "1"]


async def test_a_store_that_fails_leaves_the_list_as_it_was(
    library: Library, store: FakeVideoStore, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    before, events = list(library), len(heard.events)
    store.is_failing = True

    for change in (
        library.add(["8"], account="default"),
        library.update(SEVEN, with_prompt),
        library.remove([SEVEN]),
        library.put_back([fresh("9")]),
    ):
        with pytest.raises(StoreFailed):
            await change

    assert list(library) == before
    assert len(heard.events) == events


async def test_the_list_goes_on_after_the_disk_has_room_again(
    library: Library, store: FakeVideoStore
) -> None:
    store.is_failing = True
    with pytest.raises(StoreFailed):
        await library.add(["7"], account="default")
    store.is_failing = False

    await library.add(["7"], account="default")

    assert store.row("7") == library.get(SEVEN)


async def test_changes_at_the_same_time_are_not_lost(library: Library, store: FakeVideoStore) -> None:
    await library.add(["7"], account="default")

    def one_more(video: Video) -> Video:
        return replace(video, width=video.width + 1)

    await asyncio.gather(*(library.update(SEVEN, one_more) for _ in range(50)))

    row = library.get(SEVEN)
    assert row is not None
    assert row.width == 50
    assert store.row("7") == row


async def test_the_same_id_added_twice_at_once_is_added_once(library: Library) -> None:
    outcomes = await asyncio.gather(*(library.add(["7"], account="default") for _ in range(10)))

    assert sum(len(outcome.added) for outcome in outcomes) == 1
    assert ids(library) == ["7"]


async def test_a_change_that_changes_nothing_is_neither_written_nor_told(
    library: Library, store: FakeVideoStore, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    writes = store.writes

    await library.update(SEVEN, lambda video: replace(video))

    assert store.writes == writes
    assert heard.of(VideosChanged) == []


async def test_a_change_is_told_with_before_and_after(library: Library, heard: Heard) -> None:
    await library.add(["7"], account="default")

    await library.update(SEVEN, with_prompt)

    ((change,),) = [event.changes for event in heard.of(VideosChanged)]
    assert (change[0].prompt, change[1].prompt) == ("", "a fox")


async def test_news_of_a_row_that_was_removed_meanwhile_is_dropped(
    library: Library, store: FakeVideoStore
) -> None:
    await library.add(["7"], account="default")
    await library.remove([SEVEN])

    after = await library.update(SEVEN, with_prompt)

    assert after is None
    assert ids(library) == []
    assert store.row("7") is None


async def test_a_removed_id_added_again_comes_back_with_all_that_was_known(
    library: Library, clock: FakeClock
) -> None:
    await library.add(["7"], account="default")
    await library.update(
        SEVEN, lambda video: replace(video, status=VideoStatus.READY, url="https://a/b.mp4", saved_path="/c")
    )
    (removed,) = await library.remove([SEVEN])
    await clock.advance(60)

    outcome = await library.add(["7"], account="default")

    assert outcome.added == (replace(removed, added_at_s=START_S + 60),)
    assert library.get(SEVEN) == outcome.added[0]


@pytest.mark.parametrize("status", [VideoStatus.NOT_FOUND, VideoStatus.STOPPED])
async def test_a_verdict_that_may_have_been_a_slip_is_asked_for_anew(
    library: Library, status: VideoStatus
) -> None:
    await library.add(["7"], account="default")
    await library.update(
        SEVEN,
        lambda video: replace(
            video, status=status, message="no", ended_at_s=START_S, no_file_since_s=START_S - 9999
        ),
    )
    await library.remove([SEVEN])

    (again,) = (await library.add(["7"], account="default")).added

    assert again == fresh("7")


async def test_a_row_that_waited_for_its_file_has_its_whole_time_again(library: Library) -> None:
    await library.add(["7"], account="default")
    await library.update(SEVEN, lambda video: replace(video, no_file_since_s=START_S - 9999))
    await library.remove([SEVEN])

    (again,) = (await library.add(["7"], account="default")).added

    assert again == fresh("7")


async def test_undoing_a_removal_brings_the_very_rows_back(library: Library, heard: Heard) -> None:
    await library.add(["7", "8"], account="default")
    before = set(library)
    removed = await library.remove([SEVEN])

    await library.put_back(removed)

    assert set(library) == before
    assert heard.of(VideosAdded)[-1].videos == removed


async def test_undoing_twice_changes_nothing(library: Library, heard: Heard) -> None:
    await library.add(["7"], account="default")
    removed = await library.remove([SEVEN])
    await library.put_back(removed)
    events = len(heard.events)

    await library.put_back(removed)

    assert len(heard.events) == events


async def test_removing_strangers_writes_and_tells_nothing(
    library: Library, store: FakeVideoStore, heard: Heard
) -> None:
    removed = await library.remove([SEVEN, SEVEN])

    assert removed == ()
    assert (store.writes, heard.events) == (0, [])


async def test_a_row_named_twice_is_removed_once(library: Library) -> None:
    await library.add(["7", "8"], account="default")

    removed = await library.remove([SEVEN, SEVEN])

    assert [video.video_id for video in removed] == ["7"]
    assert ids(library) == ["8"]


async def test_ids_and_their_batch_are_one_write(
    library: Library, store: FakeVideoStore, heard: Heard
) -> None:
    await library.add(["7", "8"], account="default", batch="drop 1")

    assert store.writes == 1
    assert library.marks(SEVEN) is library.marks(VideoRef("default", "8"))
    assert library.marks(SEVEN).batch == "drop 1"
    assert [type(event) for event in heard.events] == [VideosAdded, MarksChanged]


async def test_a_drop_that_failed_brings_its_batch_when_it_is_tried_again(
    library: Library, store: FakeVideoStore
) -> None:
    store.is_failing = True
    with pytest.raises(StoreFailed):
        await library.add(["7"], account="default", batch="drop 1")
    store.is_failing = False

    await library.add(["7"], account="default", batch="drop 1")

    assert library.marks(SEVEN).batch == "drop 1"


async def test_what_comes_by_itself_brings_back_no_removed_row(library: Library) -> None:
    await library.add(["7", "8"], account="default")
    await library.remove([SEVEN])

    outcome = await library.add(["7", "8", "9"], account="default", brings_back=False)
    taken = await library.take_in([(Video(video_id="7", added_at_s=5.0), Marks())], brings_back=False)

    assert [video.video_id for video in library] == ["8", "9"]
    assert [video.video_id for video in outcome.added] == ["9"]
    assert [video.video_id for video in outcome.removed + taken.removed] == ["7", "7"]
    assert (await library.add(["7"], account="default")).removed == ()
    assert len(library) == 3


async def test_an_id_added_again_comes_back_to_its_place(library: Library) -> None:
    await library.add(["7", "8", "9"], account="default")
    await library.remove([SEVEN])

    await library.add(["7", "10"], account="default")

    assert ids(library) == ["7", "8", "9", "10"]


async def test_prompts_taken_in_for_many_rows_are_told_in_pieces(library: Library, heard: Heard) -> None:
    await library.add([str(number) for number in range(10_001)], account="default")

    await library.take_in([(with_prompt(video), Marks()) for video in library])

    assert [len(event.changes) for event in heard.of(VideosChanged)] == [10_000, 1]
