import pytest

from pixverse_desktop.simulator import Life, Step, UrlKind, stories

from .conftest import BASE_URL, VIDEO_ID


@pytest.mark.parametrize("steps", [(), (Step(1, 5),), (Step(0, 5), Step(9, 1), Step(3, 7))])
def test_a_life_begins_at_zero_and_goes_forward(steps: tuple[Step, ...]) -> None:
    with pytest.raises(ValueError, match="begins at 0 s"):
        Life(video_id=VIDEO_ID, steps=steps)


@pytest.mark.parametrize("video_id", ["", "12a", "-1", "1.0", "٣٩١٥٠٤", str(2**64), "0" * 21])
def test_a_life_needs_a_decimal_id_below_two_to_the_64(video_id: str) -> None:
    with pytest.raises(ValueError, match="not a decimal id"):
        Life(video_id=video_id, steps=stories.never())


def test_the_greatest_id_is_allowed() -> None:
    assert Life(video_id=str(2**64 - 1), steps=stories.never())


def test_a_step_begins_at_its_very_second() -> None:
    life = Life(video_id=VIDEO_ID, steps=stories.quick(2))

    assert [life.step_at(age_s).status for age_s in (-1, 0, 1.9, 2, 999)] == [5, 5, 5, 1, 1]


def test_a_clip_address_hides_its_slash_in_the_name() -> None:
    address = UrlKind.CLIP.address(BASE_URL, VIDEO_ID)

    name = address.removeprefix(f"{BASE_URL}/media/openapi%2F").removesuffix(".mp4")
    assert len(name) == 36
    assert address == UrlKind.CLIP.address(BASE_URL, VIDEO_ID)
    assert address != UrlKind.CLIP.address(BASE_URL, "627410861853514292")


def test_the_placeholder_has_the_address_it_has_in_the_wild() -> None:
    address = UrlKind.PLACEHOLDER.address(BASE_URL, VIDEO_ID)

    assert address == f"{BASE_URL}/media/pixverse-preview%2Fmp4%2Fmedia%2Fdefault.mp4"
