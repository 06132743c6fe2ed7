"""What every ``VideoStore`` has to do."""

from dataclasses import replace

import pytest

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
