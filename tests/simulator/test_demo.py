import pytest

from pixverse_desktop.simulator import DEMO_KEY, DEMO_VIDEO_IDS, Simulation, demo_simulation

from .conftest import CLIPS, Caller, HandClock, document


class DemoCaller(Caller):
    """Asks with the demo's key."""

    def status(self, video_id: str) -> object:
        headers = {"API_KEY": DEMO_KEY, "Ai_trace_id": f"trace-{len(self.simulation.requests)}"}
        resp = document(self.get(f"/openapi/v2/video/result/{video_id}", **headers))["Resp"]
        return resp["status"] if resp else None


@pytest.fixture
def simulation(clock: HandClock) -> Simulation:
    return demo_simulation(clock, sorted(CLIPS))


@pytest.fixture
def caller(simulation: Simulation) -> DemoCaller:
    return DemoCaller(simulation)


def test_the_demo_knows_eight_ids_of_15_and_18_digits() -> None:
    assert len(set(DEMO_VIDEO_IDS)) == 8
    assert {len(video_id) for video_id in DEMO_VIDEO_IDS} == {15, 18}
    assert all(int(video_id) < 2**64 for video_id in DEMO_VIDEO_IDS)


def test_the_demo_comes_to_every_ending_within_25_seconds(caller: DemoCaller, clock: HandClock) -> None:
    running = [caller.status(video_id) for video_id in DEMO_VIDEO_IDS]
    clock.advance(25)
    ended = [caller.status(video_id) for video_id in DEMO_VIDEO_IDS]

    assert running == [5, 5, 9, 5, 5, 5, 5, 42]
    assert ended == [1, 1, 1, 1, 1, 7, 8, 1]


@pytest.mark.parametrize("video_id", ["12345678901234", "123456789012345678", str(2**64 - 1)])
def test_any_other_long_id_is_adopted_and_becomes_ready(
    video_id: str, caller: DemoCaller, clock: HandClock
) -> None:
    assert caller.status(video_id) in (5, 9)
    clock.advance(7)
    assert caller.status(video_id) == 1
    assert video_id in caller.simulation.video_ids


@pytest.mark.parametrize("video_id", ["1", "1234567890123"])
def test_a_short_id_is_not_known(video_id: str, caller: DemoCaller) -> None:
    answer = caller.get(f"/openapi/v2/video/result/{video_id}", API_KEY=DEMO_KEY, Ai_trace_id="t")

    assert (answer.status, document(answer)["ErrCode"]) == (400, 500047)


def test_an_adopted_id_gets_the_same_life_each_time(clock: HandClock) -> None:
    told = []
    for _ in range(2):
        caller = DemoCaller(demo_simulation(clock, sorted(CLIPS)))
        headers = {"API_KEY": DEMO_KEY, "Ai_trace_id": "t"}
        told.append(caller.get("/openapi/v2/video/result/123456789012345678", **headers))

    assert told[0] == told[1]


def test_the_demo_works_with_one_clip_and_not_with_none(clock: HandClock) -> None:
    assert demo_simulation(clock, ["only.mp4"])
    with pytest.raises(ValueError, match="at least one clip"):
        demo_simulation(clock, [])
