"""A clock moved by hand, a client that needs no socket, and the promise that no thread stays."""

import json
import threading
from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from pixverse_desktop.simulator import Answer, Life, Request, Simulation, SimulatorServer

CLIPS = {"01-sea.mp4": bytes(range(256)) * 8, "02-fox.mp4": b"fox" * 100, "03-kite.mp4": b"kite" * 50}
VIDEO_ID = "391504857968062"
KEY = "a-key"
BASE_URL = "http://pixverse.test"


class HandClock:
    """Seconds since 1970 that pass only when told."""

    def __init__(self) -> None:
        self.now_s = 1_000_000.0

    def __call__(self) -> float:
        return self.now_s

    def advance(self, seconds: float) -> None:
        self.now_s += seconds


class Caller:
    """Asks a simulation as a good client would, with a trace id of its own each time."""

    def __init__(self, simulation: Simulation) -> None:
        self.simulation = simulation
        self._traces = count(1)

    def get(self, target: str, method: str = "GET", **headers: str) -> Answer:
        """Send exactly these headers; underscores stand for hyphens."""
        pairs = tuple((name.replace("_", "-"), value) for name, value in headers.items())
        return self.simulation.answer(Request(method, target, pairs, BASE_URL), CLIPS)

    def ask(self, video_id: str = VIDEO_ID, trace_id: str | None = None) -> Answer:
        trace_id = trace_id or f"trace-{next(self._traces)}"
        return self.get(f"/openapi/v2/video/result/{video_id}", API_KEY=KEY, Ai_trace_id=trace_id)

    def resp(self, video_id: str = VIDEO_ID) -> dict[str, Any]:
        answered = document(self.ask(video_id))["Resp"]
        assert isinstance(answered, dict)
        return answered

    def balance(self) -> Answer:
        trace_id = f"trace-{next(self._traces)}"
        return self.get("/openapi/v2/account/balance", API_KEY=KEY, Ai_trace_id=trace_id)

    def media(self, url: str, method: str = "GET", **headers: str) -> Answer:
        return self.get(url.removeprefix(BASE_URL), method, **headers)


def document(answer: Answer) -> dict[str, Any]:
    """Read an answer as JSON."""
    read = json.loads(answer.body)
    assert isinstance(read, dict)
    return read


Living = Callable[[Life], Caller]
Serving = Callable[[Simulation], SimulatorServer]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def living(clock: HandClock) -> Living:
    """Return a caller to a simulation in which one video lives."""
    return lambda life: Caller(Simulation(clock, [life], keys=[KEY]))


@pytest.fixture
def serving() -> Iterator[Serving]:
    """Open servers that are closed at the end of the test."""
    servers: list[SimulatorServer] = []

    def serve(simulation: Simulation) -> SimulatorServer:
        servers.append(SimulatorServer(simulation, CLIPS).start())
        return servers[-1]

    yield serve
    for server in servers:
        server.close()


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = set(threading.enumerate()) - before
    assert not left
