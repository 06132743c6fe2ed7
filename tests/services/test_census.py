import random
from collections import Counter
from dataclasses import replace

import pytest

from pixverse_desktop.core.marks import Marking, batched, rated, rejected, with_tag, without_tag
from pixverse_desktop.core.needs import needs_you
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.census import Census
from pixverse_desktop.services.library import Library
from tests.fakes.video_store import FakeVideoStore
from tests.services.conftest import ref

IDS = [str(number) for number in range(1, 31)]
MARKINGS: list[Marking] = [
    with_tag("hero"),
    with_tag("sea"),
    without_tag("hero"),
    rejected(True),
    rejected(False),
    batched("drop 1"),
    batched(""),
    rated(3),
]


@pytest.fixture
def census(library: Library, announcer: Announcer) -> Census:
    census = Census(library)
    announcer.subscribe(census.on_event)
    return census


def counts(census: Census) -> tuple[object, ...]:
    """Return everything it counts; what there is none of counts as not there."""
    return (
        census.total,
        census.open,
        census.saved,
        census.unsaved,
        census.needs_you,
        census.rejected,
        +census.statuses,
        +census.tags,
        +census.batches,
    )


def by_hand(library: Library) -> tuple[object, ...]:
    videos, marks = list(library), [library.marks(video.ref) for video in library]
    return (
        len(videos),
        sum(video.status.is_open for video in videos),
        sum(video.is_saved for video in videos),
        sum(video.is_fetchable and not video.is_saved for video in videos),
        sum(map(needs_you, videos)),
        sum(each.is_rejected for each in marks),
        Counter(video.status for video in videos),
        Counter(tag for each in marks for tag in each.tags),
        Counter(each.batch for each in marks if each.batch),
    )


def _changed(chance: random.Random) -> Video:
    return Video(
        video_id="1",
        added_at_s=0.0,
        status=chance.choice(list(VideoStatus)),
        url=chance.choice(["", "https://a/b.mp4"]),
        saved_path=chance.choice(["", "/c.mp4"]),
    )


async def do_anything(library: Library, chance: random.Random, removed: list[Video]) -> None:
    refs = [ref(video_id) for video_id in chance.sample(IDS, chance.randint(1, 8))]
    match chance.randint(0, 8):
        case 0:
            await library.add([each.video_id for each in refs], account="default")
        case 1:
            batch = chance.choice(["drop 1", "drop 2"])
            await library.add([each.video_id for each in refs], account="default", batch=batch)
        case 2:
            removed.extend(await library.remove(refs))
        case 3:
            await library.put_back(removed)
        case 4:
            like = _changed(chance)
            for each in refs:
                await library.update(
                    each,
                    lambda video: replace(
                        video, status=like.status, url=like.url, saved_path=like.saved_path
                    ),
                )
        case 5:
            undo = await library.mark(refs, chance.choice(MARKINGS))
            if chance.random() < 0.3:
                await library.set_marks(undo)
        case 6:
            await library.set_marks({each: chance.choice(MARKINGS)(library.marks(each)) for each in refs})
        case 7:
            rows = [
                (
                    replace(_changed(chance), video_id=each.video_id),
                    chance.choice(MARKINGS)(library.marks(each)),
                )
                for each in refs
            ]
            await library.take_in(rows)
        case 8 if chance.random() < 0.3:
            await library.erase_removed()
            removed.clear()


@pytest.mark.parametrize("seed", range(40))
async def test_whatever_happens_the_counts_are_those_of_counting_anew(
    library: Library, census: Census, seed: int
) -> None:
    chance, removed = random.Random(seed), list[Video]()
    for _ in range(60):
        await do_anything(library, chance, removed)

        assert counts(census) == by_hand(library)

    census.recount()
    assert counts(census) == by_hand(library) == counts(Census(library))


async def test_another_list_is_counted_anew(library: Library, census: Census, store: FakeVideoStore) -> None:
    await library.add(["1", "2"], account="default", batch="drop 1")
    await library.mark([ref("1")], with_tag("hero"))

    def another_list() -> None:
        store.replace_with([Video(video_id="9", added_at_s=0.0, status=VideoStatus.READY)])

    await library.swap(another_list)

    assert counts(census) == by_hand(library)
    assert (census.total, census.open, +census.tags) == (1, 0, Counter())


async def test_marks_of_a_removed_row_do_not_count(library: Library, census: Census) -> None:
    await library.add(["1"], account="default")
    await library.remove([ref("1")])

    await library.set_marks({VideoRef("default", "1"): rejected(True)(library.marks(ref("1")))})

    assert census.rejected == 0
