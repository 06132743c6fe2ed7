import pytest

from pixverse_desktop.simulator import STORIES, Life, UrlKind, named_life, stories

from .conftest import BASE_URL, VIDEO_ID, HandClock, Living, document

CLIP = UrlKind.CLIP.address(BASE_URL, VIDEO_ID)
PLACEHOLDER = UrlKind.PLACEHOLDER.address(BASE_URL, VIDEO_ID)
BROKEN = UrlKind.BROKEN.address(BASE_URL, VIDEO_ID)
PAGE = UrlKind.PAGE.address(BASE_URL, VIDEO_ID)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("quick", {0: (5, ""), 2: (1, CLIP)}),
        ("queued", {0: (9, ""), 4: (10, ""), 9: (1, CLIP)}),
        ("moderated", {0: (5, ""), 8: (7, "")}),
        ("failed", {0: (5, ""), 10: (8, "")}),
        ("deleted", {0: (6, "")}),
        ("unknown_code", {0: (42, ""), 10: (1, CLIP)}),
        ("without_status", {0: (None, ""), 10: (1, CLIP)}),
        ("empty_url_first", {0: (5, ""), 2: (1, ""), 20: (1, CLIP)}),
        ("early_address", {0: (10, CLIP), 6: (1, CLIP)}),
        ("placeholder", {0: (5, ""), 2: (1, PLACEHOLDER), 9999: (1, PLACEHOLDER)}),
        ("broken_address", {0: (5, ""), 2: (1, BROKEN)}),
        ("page_address", {0: (5, ""), 2: (1, PAGE)}),
        ("late_moderation", {0: (5, ""), 2: (1, CLIP), 61: (1, CLIP), 62: (7, "")}),
        ("never", {0: (5, ""), 99_999: (5, "")}),
    ],
)
def test_a_story_tells_status_and_address_by_age(
    name: str, told: dict[int, tuple[object, str]], living: Living, clock: HandClock
) -> None:
    caller = living(named_life(name, VIDEO_ID))
    born_s = clock()

    for age_s, expected in told.items():
        clock.now_s = born_s + age_s
        resp = caller.resp()
        assert (resp.get("status"), resp["url"]) == expected


def test_an_id_of_another_account_is_refused_at_http_400(living: Living) -> None:
    answer = living(named_life("not_known", VIDEO_ID)).ask()

    assert answer.status == 400
    assert document(answer) == {"ErrCode": 500047, "ErrMsg": "The provided media is invalid", "Resp": None}


def test_a_late_record_is_not_found_at_first(living: Living, clock: HandClock) -> None:
    caller = living(named_life("late_record", VIDEO_ID))

    assert document(caller.ask())["ErrCode"] == 500008
    clock.advance(5)
    assert caller.resp()["status"] == 5
    clock.advance(5)
    assert caller.resp()["status"] == 1


def test_without_status_means_no_such_field(living: Living) -> None:
    assert "status" not in living(named_life("without_status", VIDEO_ID)).resp()


@pytest.mark.parametrize("status", ["1", None, True, 1.0, [1], {"code": 1}, -1, 10**30])
def test_a_status_may_be_any_json_value(status: object, living: Living) -> None:
    resp = living(Life(video_id=VIDEO_ID, steps=stories.unknown_code(status))).resp()

    assert resp["status"] == status
    assert type(resp["status"]) is type(status)


def test_every_story_has_its_name() -> None:
    assert {"quick", "queued", "never", "not_known", "late_moderation"} <= set(STORIES)
    with pytest.raises(KeyError):
        named_life("happy", VIDEO_ID)
