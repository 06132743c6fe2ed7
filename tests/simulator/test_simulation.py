import pytest

from pixverse_desktop.simulator import (
    Balance,
    Life,
    Place,
    Simulation,
    Step,
    UrlKind,
    faults,
    named_life,
    stories,
)

from .conftest import CLIPS, KEY, VIDEO_ID, Caller, HandClock, Living, document

OTHER_ID = "627410861853514292"


@pytest.fixture
def caller(living: Living) -> Caller:
    return living(
        Life(video_id=VIDEO_ID, steps=stories.quick(2), prompt="Ein Fuchs 🦊", seed=7, style="anime")
    )


# The record.


def test_a_running_video_has_neither_picture_nor_size(caller: Caller) -> None:
    resp = caller.resp()

    assert (resp["outputWidth"], resp["outputHeight"], resp["size"], resp["url"]) == (0, 0, 0, "")


def test_a_finished_video_tells_every_documented_field(caller: Caller, clock: HandClock) -> None:
    caller.ask()
    clock.advance(30)
    resp = caller.resp()

    assert resp.pop("customer_paths")
    assert resp.pop("render_lane")
    assert resp == {
        "create_time": "1970-01-12T13:46:40Z",
        "id": int(VIDEO_ID),
        "modify_time": "1970-01-12T13:46:42Z",
        "negative_prompt": "",
        "outputHeight": 720,
        "outputWidth": 1280,
        "prompt": "Ein Fuchs 🦊",
        "resolution_ratio": 0,
        "seed": 7,
        "size": len(CLIPS["01-sea.mp4"]),
        "status": 1,
        "style": "anime",
        "url": UrlKind.CLIP.address("http://pixverse.test", VIDEO_ID),
        "has_audio": True,
        "credits": 45,
    }


def test_a_finished_video_without_address_has_its_size_as_in_the_guide(living: Living) -> None:
    resp = living(Life(video_id=VIDEO_ID, steps=(Step(0, 1),))).resp()

    assert (resp["url"], resp["size"]) == ("", len(CLIPS["01-sea.mp4"]))


@pytest.mark.parametrize(
    ("clip", "name"), [(1, "02-fox.mp4"), (5, "03-kite.mp4"), ("02-fox.mp4", "02-fox.mp4")]
)
def test_a_clip_is_chosen_by_name_or_by_number_wrapping_round(
    clip: int | str, name: str, living: Living
) -> None:
    caller = living(Life(video_id=VIDEO_ID, steps=stories.quick(0), clip=clip))

    assert caller.media(caller.resp()["url"]).body == CLIPS[name]


def test_an_unknown_clip_is_not_there(living: Living) -> None:
    caller = living(Life(video_id=VIDEO_ID, steps=stories.quick(0), clip="gone.mp4"))

    assert caller.media(caller.resp()["url"]).status == 404


def test_an_address_may_be_any_text_or_null(living: Living) -> None:
    for url in ("http://elsewhere.test/a.mp4", "../../etc/passwd", None):
        assert living(Life(video_id=VIDEO_ID, steps=(Step(0, 1, url),))).resp()["url"] == url


def test_a_life_starts_at_the_first_question(caller: Caller, clock: HandClock) -> None:
    clock.advance(100)

    assert caller.resp()["status"] == 5
    clock.advance(2)
    assert caller.resp()["status"] == 1


def test_a_life_may_have_started_before(living: Living, clock: HandClock) -> None:
    life = Life(video_id=VIDEO_ID, steps=stories.quick(2), started_at_s=clock() - 3)

    assert living(life).resp()["status"] == 1


def test_a_video_added_again_begins_anew(caller: Caller, clock: HandClock) -> None:
    caller.ask()
    clock.advance(2)
    caller.simulation.add(named_life("quick", VIDEO_ID))

    assert caller.resp()["status"] == 5


# Ids.


def test_an_id_nobody_knows_is_refused_like_one_of_another_account(caller: Caller) -> None:
    answer = caller.ask(OTHER_ID)

    assert (answer.status, document(answer)["ErrCode"]) == (400, 500047)


@pytest.mark.parametrize("video_id", ["abc", "", "1e5", str(2**64), "1/2"])
def test_an_id_that_is_no_number_is_a_bad_parameter(video_id: str, caller: Caller) -> None:
    assert document(caller.ask(video_id))["ErrCode"] == 400013


# Key and trace id.


@pytest.mark.parametrize(
    ("headers", "code"), [({}, 10003), ({"API_KEY": ""}, 10004), ({"api_key": "wrong"}, 10001)]
)
def test_without_a_good_key_nothing_is_told(headers: dict[str, str], code: int, caller: Caller) -> None:
    answer = caller.get("/openapi/v2/account/balance", Ai_trace_id="t", **headers)

    assert (answer.status, document(answer)["ErrCode"], document(answer)["Resp"]) == (200, code, None)
    assert caller.simulation.statistics().refused_keys == 1


def test_a_refused_key_may_come_with_another_http_status(clock: HandClock) -> None:
    answer = Caller(Simulation(clock, keys=["other"], key_status=401)).ask()

    assert (answer.status, document(answer)["ErrCode"]) == (401, 10001)


def test_a_key_can_be_revoked(caller: Caller) -> None:
    caller.simulation.keys = frozenset()

    assert document(caller.ask())["ErrCode"] == 10001


def test_without_a_trace_id_the_request_is_refused(caller: Caller) -> None:
    answer = caller.get(f"/openapi/v2/video/result/{VIDEO_ID}", API_KEY=KEY)

    assert document(answer)["ErrCode"] == 400011
    assert caller.simulation.statistics().missing_traces == 1


def test_a_trace_id_used_before_gets_what_was_true_at_the_start(caller: Caller, clock: HandClock) -> None:
    caller.ask(trace_id="same")
    clock.advance(60)
    stale = document(caller.ask(trace_id="same"))["Resp"]

    assert (stale["status"], stale["url"], stale["modify_time"]) == (5, "", stale["create_time"])
    assert caller.resp()["status"] == 1
    assert caller.simulation.statistics().reused_traces == 1


# Balance and other paths.


def test_the_balance_is_told_in_its_two_parts(caller: Caller) -> None:
    caller.simulation.balance = Balance(account_id=9, credit_monthly=0, credit_package=12)

    resp = document(caller.balance())["Resp"]
    assert resp == {"account_id": 9, "credit_monthly": 0, "credit_package": 12}


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/"), ("GET", "/openapi/v2/video/list"), ("HEAD", "/openapi/v2/account/balance")],
)
def test_other_paths_answer_404_without_an_envelope(method: str, path: str, caller: Caller) -> None:
    answer = caller.get(path, method, API_KEY=KEY, Ai_trace_id="t")

    assert (answer.status, document(answer)) == (404, {"message": "Not Found"})


# The log.


def test_every_request_is_logged(caller: Caller, clock: HandClock) -> None:
    caller.ask(trace_id="t-1")
    clock.advance(5)
    caller.balance()

    first, second = caller.simulation.requests
    assert (first.at_s, second.at_s) == (1_000_000, 1_000_005)
    assert (first.method, first.path) == ("GET", f"/openapi/v2/video/result/{VIDEO_ID}")
    assert (first.place, first.video_id, first.trace_id, first.key) == (Place.RESULT, VIDEO_ID, "t-1", KEY)
    assert (first.header_names, first.status) == (("api-key", "ai-trace-id"), 200)
    assert (second.place, second.video_id) == (Place.BALANCE, None)


def test_the_key_stays_out_of_sight(caller: Caller) -> None:
    caller.ask()

    assert KEY not in repr(caller.simulation.requests)


def test_a_media_request_is_logged_with_the_video_it_is_for(caller: Caller, clock: HandClock) -> None:
    caller.ask()
    clock.advance(2)
    caller.media(caller.resp()["url"])

    logged = caller.simulation.requests[-1]
    assert (logged.place, logged.video_id, logged.key, logged.status) == (Place.MEDIA, VIDEO_ID, None, 200)


def test_a_stalled_request_is_logged_without_a_status(caller: Caller) -> None:
    caller.simulation.inject(faults.stall())
    caller.ask()

    assert caller.simulation.requests[-1].status is None


def test_statistics_count_by_place_and_tell_of_leaked_keys(caller: Caller) -> None:
    caller.ask()
    caller.ask()
    caller.balance()
    caller.media("/media/openapi%2Fx.mp4", API_KEY=KEY)
    caller.get("/favicon.ico")

    counts = caller.simulation.statistics()
    assert (counts.requests, counts.results, counts.balances, counts.media) == (5, 2, 1, 1)
    assert (counts.keys_to_media, counts.faults) == (1, 0)


# Planned faults.


def test_a_fault_is_played_so_many_times(caller: Caller) -> None:
    caller.simulation.inject(faults.page(502), times=2)

    assert [caller.ask().status for _ in range(3)] == [502, 502, 200]
    assert caller.simulation.statistics().faults == 2


def test_faults_are_played_in_the_order_they_were_planned(caller: Caller) -> None:
    for status in (500, 503):
        caller.simulation.inject(faults.page(status))

    assert [caller.ask().status for _ in range(3)] == [500, 503, 200]


def test_a_fault_may_last_until_mended(caller: Caller) -> None:
    caller.simulation.inject(faults.page(), times=None)
    assert {caller.ask().status for _ in range(50)} == {502}

    caller.simulation.mend()
    assert caller.ask().status == 200


def test_a_fault_may_concern_one_video_alone(caller: Caller) -> None:
    caller.simulation.add(named_life("quick", OTHER_ID))
    caller.simulation.inject(faults.page(), video_id=OTHER_ID)

    assert (caller.ask().status, caller.ask(OTHER_ID).status) == (200, 502)


def test_a_fault_stays_in_its_place(caller: Caller, clock: HandClock) -> None:
    caller.ask()
    clock.advance(2)
    url = caller.resp()["url"]
    caller.simulation.inject(faults.page(500), place=Place.BALANCE)
    caller.simulation.inject(faults.page(503), place=Place.MEDIA, video_id=VIDEO_ID)

    assert [caller.ask().status, caller.balance().status, caller.media(url).status] == [200, 500, 503]
    assert [caller.ask().status, caller.balance().status, caller.media(url).status] == [200, 200, 200]


def test_a_fault_planned_for_no_time_is_never_played(caller: Caller) -> None:
    caller.simulation.inject(faults.page(), times=0)

    assert caller.ask().status == 200


def test_the_clock_of_a_life_runs_on_through_faults(caller: Caller, clock: HandClock) -> None:
    caller.simulation.inject(faults.page())
    caller.ask()
    clock.advance(2)

    assert caller.resp()["status"] == 1
