import asyncio
from dataclasses import replace

import pytest

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.events import Event, MarksChanged, VideosAdded
from pixverse_desktop.core.marks import (
    NO_MARKS,
    Marks,
    noted,
    rated,
    with_tag,
    without_tag,
)
from pixverse_desktop.core.records import Row, as_json, rows_of_export
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from tests.contracts.video_store import FULL, FULL_MARKS
from tests.fakes.clock import START_S, FakeClock
from tests.fakes.heard import Heard
from tests.fakes.video_store import FakeVideoStore
from tests.services.conftest import ref

DAY_S = 86_400.0


async def on_disk(store: FakeVideoStore) -> dict[str, Marks]:
    return {each.video_id: marks for each, marks in (await store.load_marks()).items()}


async def test_a_mark_is_written_before_anybody_hears_of_it(
    library: Library, announcer: Announcer, store: FakeVideoStore
) -> None:
    heard: list[tuple[Event, Marks, int]] = []
    await library.add(["7"], account="default")
    announcer.subscribe(lambda event: heard.append((event, library.marks(ref("7")), store.writes)))
    writes = store.writes

    await library.mark([ref("7")], rated(4))

    assert heard == [(MarksChanged((ref("7"),)), Marks(rating=4), writes + 1)]
    assert await on_disk(store) == {"7": Marks(rating=4)}


async def test_many_rows_marked_alike_are_one_write_one_event_and_one_value(
    library: Library, store: FakeVideoStore, heard: Heard
) -> None:
    ids = [str(number) for number in range(1, 1001)]
    await library.add(ids, account="default")
    writes = store.writes

    await library.mark(map(ref, ids), with_tag("hero"))

    assert store.writes == writes + 1
    assert [len(event.refs) for event in heard.of(MarksChanged)] == [1000]
    assert len({id(library.marks(ref(video_id))) for video_id in ids}) == 1


async def test_what_changes_nothing_is_neither_written_nor_told(
    library: Library, store: FakeVideoStore, heard: Heard
) -> None:
    await library.add(["7", "8"], account="default")
    await library.mark([ref("7")], with_tag("hero"))
    writes = store.writes

    assert await library.mark([ref("7")], with_tag("hero")) == {}
    assert await library.mark([ref("404")], with_tag("hero")) == {}
    assert await library.mark([], with_tag("hero")) == {}

    assert store.writes == writes
    assert len(heard.of(MarksChanged)) == 1


async def test_marking_gives_back_what_undoes_it(library: Library) -> None:
    await library.add(["7", "8"], account="default")
    await library.mark([ref("7")], with_tag("sea"))

    before = await library.mark([ref("7"), ref("8")], with_tag("hero"))
    assert before == {ref("7"): Marks(("sea",)), ref("8"): NO_MARKS}
    redo = await library.set_marks(before)

    assert (library.marks(ref("7")), library.marks(ref("8"))) == (Marks(("sea",)), NO_MARKS)
    await library.set_marks(redo)
    assert library.marks(ref("7")) == Marks(("hero", "sea"))


async def test_marks_made_at_the_same_time_are_not_lost(library: Library, store: FakeVideoStore) -> None:
    await library.add(["7", "8"], account="default")
    tags = [f"tag {number:02}" for number in range(50)]

    await asyncio.gather(
        *(library.mark([ref("7"), ref("8")], with_tag(tag)) for tag in tags),
        library.mark([ref("7")], noted("look")),
        library.mark([ref("8")], rated(3)),
    )

    assert library.marks(ref("7")) == Marks(tuple(tags), note="look")
    assert library.marks(ref("8")) == Marks(tuple(tags), rating=3)
    assert await on_disk(store) == {"7": library.marks(ref("7")), "8": library.marks(ref("8"))}


async def test_a_mark_that_cannot_be_written_is_not_made(
    library: Library, store: FakeVideoStore, heard: Heard
) -> None:
    await library.add(["7"], account="default")
    await library.mark([ref("7")], rated(2))
    events = len(heard.events)
    store.is_failing = True

    for change in (
        library.mark([ref("7")], rated(5)),
        library.set_marks({ref("7"): FULL_MARKS}),
        library.erase_removed(),
        library.take_in([(FULL, FULL_MARKS)]),
        library.put_view("a", "b"),
    ):
        with pytest.raises(StoreFailed):
            await change

    assert library.marks(ref("7")) == Marks(rating=2)
    assert len(library) == 1
    assert len(heard.events) == events


async def test_marks_are_there_after_reopening(
    library: Library, store: FakeVideoStore, clock: FakeClock, announcer: Announcer
) -> None:
    await library.add(["7"], account="default")
    await library.set_marks({ref("7"): FULL_MARKS})

    second = Library(store, clock, announcer)
    await second.open()

    assert second.marks(ref("7")) == FULL_MARKS


# Batches.


async def test_what_came_together_is_a_batch_and_what_was_there_stays_in_its_own(library: Library) -> None:
    await library.add(["7"], account="default", batch="first")

    await library.add(["7", "8"], account="default", batch="second")
    await library.add(["9"], account="default")

    assert [library.marks(video.ref).batch for video in library] == ["first", "second", ""]


async def test_a_row_that_comes_back_keeps_its_marks_and_its_batch(library: Library) -> None:
    await library.add(["7"], account="default", batch="first")
    await library.mark([ref("7")], with_tag("hero"))
    await library.remove([ref("7")])

    await library.add(["7", "8"], account="default", batch="second")

    assert library.marks(ref("7")) == Marks(("hero",), batch="first")
    assert library.marks(ref("8")).batch == "second"


# The bin.


async def test_the_bin_has_what_was_removed_lately_the_last_one_first(
    library: Library, clock: FakeClock
) -> None:
    await library.add(["7", "8", "9"], account="default")
    await library.remove([ref("7")])
    clock.jump(20 * DAY_S)
    await library.remove([ref("8")])
    clock.jump(11 * DAY_S)
    await library.remove([ref("9")])

    assert [video.video_id for video in await library.recently_removed(30)] == ["9", "8"]


async def test_an_emptied_bin_is_forgotten_for_good(library: Library, store: FakeVideoStore) -> None:
    await library.add(["7", "8"], account="default")
    await library.mark([ref("7"), ref("8")], with_tag("hero"))
    await library.update(ref("7"), lambda video: replace(video, prompt="a fox"))
    await library.remove([ref("7")])

    assert await library.erase_removed() == 1
    assert await library.recently_removed(30) == []
    await library.add(["7"], account="default")

    assert library.get(ref("7")) == Video(video_id="7", added_at_s=START_S)
    assert library.marks(ref("7")) == NO_MARKS
    assert library.marks(ref("8")) == Marks(("hero",))
    assert await on_disk(store) == {"8": Marks(("hero",))}


async def test_views_are_kept(library: Library) -> None:
    await library.put_view("heroes", "tag:hero")
    await library.put_view("old", "boat")
    await library.remove_view("old")

    assert await library.views() == {"heroes": "tag:hero"}


# Whole rows.


def exported(library: Library) -> list[Row]:
    return [(video, library.marks(video.ref)) for video in library]


async def test_an_own_export_taken_into_an_empty_list_makes_the_same_list(
    library: Library, announcer: Announcer, clock: FakeClock
) -> None:
    await library.add(["9", "10", "1"], account="default", batch="drop 1")
    await library.add(["10"], account="studio")
    await library.update(
        ref("10"),
        lambda video: replace(
            video, status=VideoStatus.READY, raw='{"status":1,"odd":[1,null,"夜"]}', seed=2**63 - 1
        ),
    )
    await library.set_marks({ref("10"): FULL_MARKS, VideoRef("studio", "10"): Marks(note="a\nb")})
    rows = rows_of_export(as_json(exported(library)), now_s=START_S + 999)
    assert rows is not None
    another = Library(FakeVideoStore(), clock, announcer)

    outcome = await another.take_in(rows)

    assert len(outcome.added) == 4
    assert [
        (replace(video, second_look_done=False), marks) for video, marks in exported(another)
    ] == exported(library)
    again = await another.take_in(rows)
    assert (len(again.added), len(again.already)) == (0, 4)
    assert exported(another) == rows


async def test_a_known_row_keeps_what_the_list_has_and_takes_what_it_has_none_of(
    library: Library, heard: Heard
) -> None:
    await library.add(["7", "8"], account="default")
    await library.mark([ref("7")], rated(1))
    before = list(library)
    rows = [
        (Video(video_id=video_id, added_at_s=5.0, prompt="theirs"), Marks(rating=5))
        for video_id in ("7", "8", "9")
    ]

    outcome = await library.take_in(rows)

    assert list(library) == [*(replace(video, prompt="theirs") for video in before), rows[2][0]]
    assert [library.marks(video.ref).rating for video in library] == [1, 5, 5]
    assert list(outcome.already) == before
    assert heard.of(VideosAdded)[-1].videos == outcome.added == (rows[2][0],)


async def test_a_row_that_an_export_has_twice_is_taken_in_once_as_it_came_first(library: Library) -> None:
    first = (Video(video_id="7", added_at_s=5.0, prompt="first"), Marks(rating=1))
    second = (Video(video_id="7", added_at_s=6.0, prompt="second"), Marks(rating=2))

    outcome = await library.take_in([first, second, first])

    assert outcome.added == (first[0],)
    assert exported(library) == [first]


async def test_a_mark_made_while_an_export_is_taken_in_is_not_lost(library: Library) -> None:
    await library.add(["7"], account="default")

    await asyncio.gather(
        library.mark([ref("7")], with_tag("hero")),
        library.take_in([(Video(video_id="7", added_at_s=5.0), Marks(rating=5))]),
        library.mark([ref("7")], without_tag("sea")),
    )

    assert library.marks(ref("7")) == Marks(("hero",), rating=5)


async def test_an_export_brings_its_marks_to_a_row_that_has_only_a_batch(library: Library) -> None:
    await library.add(["7"], account="default", batch="first")
    await library.mark([ref("7")], noted("mine"))
    theirs = Marks(("hero",), rating=4, note="theirs", batch="second")

    await library.take_in([(Video(video_id="7", added_at_s=5.0, prompt="a fox"), theirs)])

    assert library.marks(ref("7")) == Marks(("hero",), rating=4, note="mine", batch="first")
    assert [video.prompt for video in library] == ["a fox"]
