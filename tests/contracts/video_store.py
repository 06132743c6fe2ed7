"""What every ``VideoStore`` has to do."""

from dataclasses import replace

import pytest

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.ports import VideoStore
from pixverse_desktop.core.video import Account, Video, VideoRef, VideoStatus

BARE = Video(video_id="7", added_at_s=1000.25)
FULL = Video(
    account="studio",
    video_id="18446744073709551615",  # 2**64 - 1
    added_at_s=1001.5,
    status=VideoStatus.READY,
    status_code=1,
    message="“quoted” and 'quoted'; DROP TABLE videos --",
    url="https://media.pixverse.ai/openapi%2Fa.mp4",
    prompt="夜の海辺 👩\u200d🚀\nsecond line\x00",
    negative_prompt="hens",
    style="anime",
    seed=2**63 - 1,
    width=1280,
    height=720,
    size_bytes=2**40,
    has_audio=False,
    credits=0,
    created_at_s=900.125,
    modified_at_s=950.0,
    ended_at_s=1060.0,
    no_file_since_s=0.0,
    second_look_done=True,
    saved_path="/clips/a.mp4",
    saved_bytes=2**40,
    trace_id="123e4567-e89b-12d3-a456-426614174000",
    raw='{"status": 1}',
)

FULL_MARKS = Marks(
    tags=("hero", "o'clock; --", "夜の海"),
    rating=5,
    is_rejected=True,
    note="a\nb “c” 👩\u200d🚀",
    batch="drop 1",
)


class VideoStoreContract:
    """Subclass it, and give it an open, empty store by overriding the fixture ``store``."""

    @pytest.fixture
    def store(self) -> VideoStore:
        """Override me."""
        raise NotImplementedError

    async def test_a_new_list_is_empty(self, store: VideoStore) -> None:
        assert list(await store.load()) == []
        assert list(await store.accounts()) == []

    @pytest.mark.parametrize("video", [BARE, FULL, replace(FULL, has_audio=True)])
    async def test_a_row_comes_back_as_it_was_put(self, store: VideoStore, video: Video) -> None:
        await store.put([video])

        (loaded,) = await store.load()

        assert loaded == video
        assert type(loaded.status) is VideoStatus
        assert type(loaded.has_audio) is type(video.has_audio)

    @pytest.mark.parametrize("status", list(VideoStatus))
    async def test_every_status_comes_back(self, store: VideoStore, status: VideoStatus) -> None:
        await store.put([replace(BARE, status=status)])

        assert [video.status for video in await store.load()] == [status]

    async def test_rows_come_in_the_order_of_their_adding(self, store: VideoStore) -> None:
        videos = [replace(BARE, video_id=video_id) for video_id in ("9", "10", "1", "391504857968062", "2")]
        await store.put(videos[:2])
        await store.put(videos[2:])

        await store.put([replace(videos[0], prompt="changed last")])

        assert [video.video_id for video in await store.load()] == ["9", "10", "1", "391504857968062", "2"]

    async def test_a_later_row_replaces_an_earlier_one(self, store: VideoStore) -> None:
        await store.put([BARE])

        await store.put([replace(FULL, account=BARE.account, video_id=BARE.video_id)])

        assert list(await store.load()) == [replace(FULL, account=BARE.account, video_id=BARE.video_id)]

    async def test_the_same_id_of_two_accounts_is_two_rows(self, store: VideoStore) -> None:
        await store.put([BARE, replace(BARE, account="studio", prompt="theirs")])

        await store.remove([VideoRef("studio", BARE.video_id)], at_s=2000.0)

        assert list(await store.load()) == [BARE]

    async def test_ids_that_look_alike_as_numbers_are_different_rows(self, store: VideoStore) -> None:
        ids = ["9007199254740992", "9007199254740993", "18446744073709551614", "18446744073709551615"]
        await store.put([replace(BARE, video_id=video_id) for video_id in ids])

        assert [video.video_id for video in await store.load()] == ids

    async def test_a_removed_row_leaves_the_list_and_its_facts_are_kept(self, store: VideoStore) -> None:
        await store.put([BARE, FULL])

        await store.remove([FULL.ref], at_s=2000.0)

        assert list(await store.load()) == [BARE]
        assert list(await store.find_removed([FULL.ref])) == [FULL]

    async def test_only_removed_rows_are_found_as_removed(self, store: VideoStore) -> None:
        await store.put([BARE, FULL])
        await store.remove([FULL.ref], at_s=2000.0)

        found = await store.find_removed([BARE.ref, VideoRef("default", "404"), FULL.ref])

        assert list(found) == [FULL]

    async def test_a_removed_row_comes_back_when_it_is_put(self, store: VideoStore) -> None:
        await store.put([BARE, FULL])
        await store.remove([BARE.ref, FULL.ref], at_s=2000.0)

        await store.put(await store.find_removed([FULL.ref]))

        assert list(await store.load()) == [FULL]
        assert list(await store.find_removed([FULL.ref])) == []

    async def test_removing_what_is_not_there_changes_nothing(self, store: VideoStore) -> None:
        await store.put([BARE])

        await store.remove([VideoRef("default", "404")], at_s=2000.0)
        await store.remove([], at_s=2000.0)
        await store.put([])

        assert list(await store.load()) == [BARE]
        assert list(await store.find_removed([VideoRef("default", "404")])) == []

    async def test_rows_may_be_given_one_by_one(self, store: VideoStore) -> None:
        await store.put(video for video in (BARE, FULL))
        await store.remove((video.ref for video in (BARE,)), at_s=2000.0)

        assert list(await store.find_removed(ref for ref in (BARE.ref,))) == [BARE]

    async def test_thousands_of_rows_are_one_call(self, store: VideoStore) -> None:
        videos = [replace(BARE, video_id=str(10**17 + number)) for number in range(5000)]

        await store.put(videos)
        await store.remove([video.ref for video in videos[1:]], at_s=2000.0)

        assert list(await store.load()) == videos[:1]
        assert len(await store.find_removed([video.ref for video in videos])) == 4999

    async def test_accounts_are_kept_replaced_and_forgotten(self, store: VideoStore) -> None:
        await store.put_account(Account("default", "https://app-api.pixverse.ai"))
        await store.put_account(Account("studio", "https://app-api.pixverse.ai"))
        await store.put_account(Account("studio", "https://app-api.pixverseai.cn"))

        await store.remove_account("default")
        await store.remove_account("nobody")

        assert list(await store.accounts()) == [Account("studio", "https://app-api.pixverseai.cn")]

    async def test_the_videos_of_a_forgotten_account_stay(self, store: VideoStore) -> None:
        await store.put_account(Account("studio", "https://app-api.pixverse.ai"))
        await store.put([FULL])

        await store.remove_account("studio")

        assert list(await store.load()) == [FULL]

    @pytest.mark.parametrize("marks", [FULL_MARKS, Marks(rating=1), Marks(note="n"), Marks(tags=("a",))])
    async def test_marks_come_back_as_they_were_put(self, store: VideoStore, marks: Marks) -> None:
        await store.put([BARE, FULL])

        await store.put_marks({FULL.ref: marks})

        assert dict(await store.load_marks()) == {FULL.ref: marks}
        assert [type(value) for value in _values(marks)] == [
            type(value) for value in _values((await store.load_marks())[FULL.ref])
        ]
        assert list(await store.load()) == [BARE, FULL]

    async def test_later_marks_replace_earlier_ones_and_empty_ones_leave_nothing(
        self, store: VideoStore
    ) -> None:
        await store.put([BARE, FULL])
        await store.put_marks({BARE.ref: FULL_MARKS, FULL.ref: FULL_MARKS})

        await store.put_marks({BARE.ref: NO_MARKS, FULL.ref: Marks(rating=2)})

        assert dict(await store.load_marks()) == {FULL.ref: Marks(rating=2)}

    async def test_the_same_id_of_two_accounts_has_two_marks(self, store: VideoStore) -> None:
        theirs = VideoRef("studio", BARE.video_id)

        await store.put_marks({BARE.ref: Marks(rating=1), theirs: Marks(rating=2)})

        assert dict(await store.load_marks()) == {BARE.ref: Marks(rating=1), theirs: Marks(rating=2)}

    async def test_marks_outlive_a_change_and_a_removal_of_their_row(self, store: VideoStore) -> None:
        await store.put([BARE])
        await store.put_marks({BARE.ref: FULL_MARKS})

        await store.put([replace(BARE, prompt="changed")])
        await store.remove([BARE.ref], at_s=2000.0)

        assert dict(await store.load_marks()) == {BARE.ref: FULL_MARKS}

    async def test_removed_rows_are_told_the_last_one_first_and_old_ones_are_left_out(
        self, store: VideoStore
    ) -> None:
        videos = [replace(BARE, video_id=str(number)) for number in range(1, 6)]
        await store.put(videos)
        await store.remove([videos[0].ref], at_s=1999.0)
        await store.remove([videos[1].ref], at_s=2000.0)
        await store.remove([videos[4].ref, videos[3].ref], at_s=3000.0)

        found = await store.load_removed(since_s=2000.0)

        assert [video.video_id for video in found] == ["4", "5", "2"]

    async def test_a_row_that_came_back_is_no_removed_one(self, store: VideoStore) -> None:
        await store.put([BARE])
        await store.remove([BARE.ref], at_s=2000.0)

        await store.put([BARE])

        assert list(await store.load_removed(since_s=0.0)) == []

    async def test_erasing_forgets_removed_rows_and_their_marks_alone(self, store: VideoStore) -> None:
        await store.put([BARE, FULL])
        await store.put_marks({BARE.ref: Marks(rating=1), FULL.ref: FULL_MARKS})
        await store.remove([FULL.ref], at_s=2000.0)

        assert await store.erase_removed() == 1
        assert await store.erase_removed() == 0

        assert list(await store.load()) == [BARE]
        assert dict(await store.load_marks()) == {BARE.ref: Marks(rating=1)}
        assert list(await store.load_removed(since_s=0.0)) == []
        assert list(await store.find_removed([FULL.ref])) == []

    async def test_an_erased_row_put_again_comes_last_and_bare(self, store: VideoStore) -> None:
        await store.put([FULL, BARE])
        await store.put_marks({FULL.ref: FULL_MARKS})
        await store.remove([FULL.ref], at_s=2000.0)
        await store.erase_removed()

        await store.put([FULL])

        assert list(await store.load()) == [BARE, FULL]
        assert dict(await store.load_marks()) == {}

    async def test_views_are_kept_replaced_and_forgotten(self, store: VideoStore) -> None:
        await store.put_view("unsaved heroes", "tag:hero is:unsaved")
        await store.put_view("failed", "status:failed")
        await store.put_view("failed", "status:failed,stopped")
        await store.put_view("gone", "boat")

        await store.remove_view("gone")
        await store.remove_view("nobody")

        assert list((await store.views()).items()) == [
            ("failed", "status:failed,stopped"),
            ("unsaved heroes", "tag:hero is:unsaved"),
        ]

    async def test_the_list_goes_on_after_a_swap(self, store: VideoStore) -> None:
        done: list[str] = []
        await store.put([BARE])
        await store.put_marks({BARE.ref: FULL_MARKS})

        await store.swap(lambda: done.append("work"))
        await store.put([FULL])

        assert done == ["work"]
        assert list(await store.load()) == [BARE, FULL]
        assert dict(await store.load_marks()) == {BARE.ref: FULL_MARKS}

    async def test_the_list_goes_on_after_a_swap_that_failed(self, store: VideoStore) -> None:
        def fail() -> None:
            raise StoreFailed("no such backup")

        await store.put([BARE])

        with pytest.raises(StoreFailed, match="no such backup"):
            await store.swap(fail)

        await store.put([FULL])
        assert list(await store.load()) == [BARE, FULL]

    async def test_a_moved_row_keeps_its_place_and_its_marks(self, store: VideoStore) -> None:
        rows = [replace(BARE, video_id=video_id) for video_id in ("1", "2", "3")]
        await store.put(rows)
        await store.put_marks({rows[0].ref: FULL_MARKS})
        after = replace(rows[0], account="studio", prompt="asked afresh")

        await store.move([(rows[0].ref, after)])

        assert list(await store.load()) == [after, rows[1], rows[2]]
        assert await store.load_marks() == {after.ref: FULL_MARKS}
        assert list(await store.find_removed([rows[0].ref])) == []

    async def test_a_moved_row_takes_the_place_of_one_in_the_bin_and_an_unmarked_one_its_marks(
        self, store: VideoStore
    ) -> None:
        binned = replace(BARE, account="studio")
        await store.put([binned, BARE])
        await store.put_marks({binned.ref: FULL_MARKS})
        await store.remove([binned.ref], at_s=2000.0)

        await store.move([(BARE.ref, binned)])

        assert list(await store.load()) == [binned]
        assert list(await store.load_removed(since_s=0.0)) == []
        assert await store.load_marks() == {binned.ref: FULL_MARKS}


def _values(marks: Marks) -> tuple[object, ...]:
    return marks.tags, marks.rating, marks.is_rejected, marks.note, marks.batch
