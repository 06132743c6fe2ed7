"""What every ``PosterCache`` has to do."""

import pytest

from pixverse_desktop.core.ports import PosterCache
from pixverse_desktop.core.video import VideoRef

REF = VideoRef("default", "391504857968062")
LIMIT_BYTES = 1000


class PosterCacheContract:
    """Subclass it, and give it an empty cache of ``LIMIT_BYTES`` by overriding the fixture ``posters``."""

    @pytest.fixture
    def posters(self) -> PosterCache:
        """Override me."""
        raise NotImplementedError

    def test_an_empty_cache_has_no_picture(self, posters: PosterCache) -> None:
        assert posters.get(REF, 7) is None

    def test_a_picture_comes_back_as_it_was_put(self, posters: PosterCache) -> None:
        posters.put(REF, 7, b"\xff\xd8 red")

        assert posters.get(REF, 7) == b"\xff\xd8 red"

    def test_a_later_picture_replaces_an_earlier_one(self, posters: PosterCache) -> None:
        posters.put(REF, 7, b"red")

        posters.put(REF, 7, b"blue")

        assert posters.get(REF, 7) == b"blue"

    @pytest.mark.parametrize(
        ("ref", "clip_bytes"),
        [(REF, 8), (VideoRef("default", "3915"), 7), (VideoRef("工作室/" * 80, REF.video_id), 7)],
    )
    def test_other_clips_have_pictures_of_their_own(
        self, posters: PosterCache, ref: VideoRef, clip_bytes: int
    ) -> None:
        posters.put(REF, 7, b"red")

        assert posters.get(ref, clip_bytes) is None
        posters.put(ref, clip_bytes, b"blue")

        assert posters.get(ref, clip_bytes) == b"blue"
        assert posters.get(REF, 7) == b"red"

    def test_what_was_not_asked_for_the_longest_goes_first(self, posters: PosterCache) -> None:
        for number in range(4):
            posters.put(REF, number, bytes(250))
        assert posters.get(REF, 0) is not None

        posters.put(REF, 4, bytes(250))

        left = [number for number in range(5) if posters.get(REF, number) is not None]
        assert {0, 4} <= set(left)
        assert 1 not in left
        assert 250 * len(left) <= LIMIT_BYTES
