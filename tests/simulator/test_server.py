"""Over a real loopback socket, with the client library that the program uses."""

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pixverse_desktop.simulator import (
    Answer,
    Life,
    Place,
    Request,
    Simulation,
    SimulatorServer,
    faults,
    stories,
)
from pixverse_desktop.simulator.faults import Fault

from .conftest import CLIPS, KEY, VIDEO_ID, HandClock, Serving

CLIP = CLIPS["01-sea.mp4"]
RESULT = f"/openapi/v2/video/result/{VIDEO_ID}"


@pytest.fixture
def simulation(clock: HandClock) -> Simulation:
    return Simulation(clock, [Life(video_id=VIDEO_ID, steps=stories.quick(0))], keys=[KEY])


@pytest.fixture
def server(simulation: Simulation, serving: Serving) -> SimulatorServer:
    return serving(simulation)


@pytest.fixture
def client(server: SimulatorServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, trust_env=False, timeout=10) as client:
        yield client


def ask(client: httpx.Client, trace_id: str = "t-1") -> httpx.Response:
    return client.get(RESULT, headers={"API-KEY": KEY, "Ai-trace-id": trace_id})


@pytest.fixture
def clip_url(client: httpx.Client) -> str:
    return str(ask(client, "for the address").json()["Resp"]["url"])


def test_a_result_comes_as_json_in_its_envelope(client: httpx.Client, server: SimulatorServer) -> None:
    response = ask(client)

    assert response.json()["ErrCode"] == 0
    assert response.json()["Resp"]["url"].startswith(f"{server.url}/media/openapi%2F")
    assert response.headers["content-type"] == "application/json; charset=utf-8"


def test_one_connection_serves_many_requests(client: httpx.Client) -> None:
    connections = {id(ask(client, f"t-{n}").extensions["network_stream"]) for n in range(3)}

    assert len(connections) == 1


def test_a_clip_comes_whole_and_in_part(client: httpx.Client, clip_url: str) -> None:
    whole = client.get(clip_url)
    part = client.get(clip_url, headers={"Range": "bytes=100-", "If-Range": whole.headers["etag"]})

    assert (whole.status_code, whole.content) == (200, CLIP)
    assert (part.status_code, part.content) == (206, CLIP[100:])
    assert part.headers["content-range"] == f"bytes 100-{len(CLIP) - 1}/{len(CLIP)}"


def test_head_tells_the_length_and_sends_nothing(client: httpx.Client, clip_url: str) -> None:
    response = client.head(clip_url)

    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["content-length"] == str(len(CLIP))
    assert client.get(clip_url).content == CLIP  # on the same connection


def test_a_range_beyond_the_end_is_refused(client: httpx.Client, clip_url: str) -> None:
    assert client.get(clip_url, headers={"Range": "bytes=9999-"}).status_code == 416


def test_other_methods_are_not_there(client: httpx.Client) -> None:
    assert client.post(RESULT, json={}).status_code == 501


def test_clips_may_come_from_a_folder(tmp_path: Path, simulation: Simulation) -> None:
    (tmp_path / "b.mp4").write_bytes(b"second")
    (tmp_path / "a.mp4").write_bytes(b"first")
    (tmp_path / "a.txt").write_bytes(b"no clip")

    with SimulatorServer(simulation, tmp_path) as server, httpx.Client(base_url=server.url) as client:
        assert client.get(ask(client).json()["Resp"]["url"]).content == b"first"


# Trouble on the wire.


@pytest.mark.parametrize("place", [Place.RESULT, Place.MEDIA])
def test_a_stalled_answer_never_comes(
    place: Place, client: httpx.Client, simulation: Simulation, clip_url: str
) -> None:
    simulation.inject(faults.stall(), place=place)

    with pytest.raises(httpx.ReadTimeout):
        client.get(
            RESULT if place is Place.RESULT else clip_url,
            headers={"API-KEY": KEY, "Ai-trace-id": "t-2"},
            timeout=0.05,
        )
    assert ask(client, "t-3").status_code == 200


def test_a_reset_breaks_the_answer_in_the_middle(client: httpx.Client, simulation: Simulation) -> None:
    simulation.inject(faults.reset())

    with pytest.raises((httpx.ReadError, httpx.RemoteProtocolError)):
        ask(client)
    assert ask(client, "t-2").status_code == 200


def test_an_endless_answer_ends_when_the_client_has_enough(
    client: httpx.Client, simulation: Simulation
) -> None:
    simulation.inject(faults.endless())

    received = 0
    with client.stream("GET", RESULT, headers={"API-KEY": KEY, "Ai-trace-id": "t"}) as response:
        for piece in response.iter_raw():
            received += len(piece)
            if received > 5_000_000:
                break

    assert "content-length" not in response.headers
    assert ask(client, "t-2").status_code == 200


def test_a_compressed_answer_is_read_by_a_client_that_can(
    client: httpx.Client, simulation: Simulation
) -> None:
    simulation.inject(faults.gzipped())

    with client.stream("GET", RESULT, headers={"API-KEY": KEY, "Ai-trace-id": "t"}) as response:
        raw = b"".join(response.iter_raw())
    assert gzip.decompress(raw).startswith(b'{"ErrCode": 0')


@pytest.mark.parametrize("fault", [faults.cut(), faults.wrong_length(+10)])
def test_a_file_shorter_than_announced_is_noticed(
    fault: Fault, client: httpx.Client, simulation: Simulation, clip_url: str
) -> None:
    simulation.inject(fault, place=Place.MEDIA)

    with pytest.raises(httpx.RemoteProtocolError):
        client.get(clip_url)
    assert client.get(clip_url).content == CLIP


def test_a_file_longer_than_announced_arrives_short(
    client: httpx.Client, simulation: Simulation, clip_url: str
) -> None:
    simulation.inject(faults.wrong_length(-100), place=Place.MEDIA)

    with client.stream("GET", clip_url) as response:
        assert response.headers["content-length"] == str(len(CLIP) - 100)
        assert response.headers["connection"] == "close"


def test_a_chunked_file_has_no_length(client: httpx.Client, simulation: Simulation, clip_url: str) -> None:
    simulation.inject(faults.chunked(), place=Place.MEDIA)

    response = client.get(clip_url)
    assert "content-length" not in response.headers
    assert response.content == CLIP


def test_a_slow_file_arrives_whole_in_small_pieces(
    client: httpx.Client, simulation: Simulation, clip_url: str
) -> None:
    simulation.inject(faults.slow(len(CLIP) * 10), place=Place.MEDIA)

    with client.stream("GET", clip_url) as response:
        pieces = list(response.iter_raw())
    assert len(pieces) > 1
    assert b"".join(pieces) == CLIP


# Opening and closing.


def test_there_is_no_address_before_the_start(simulation: Simulation) -> None:
    with pytest.raises(RuntimeError, match="no address"):
        _ = SimulatorServer(simulation, CLIPS).url


def test_a_closed_server_refuses_and_may_come_back_at_the_same_address(simulation: Simulation) -> None:
    server = SimulatorServer(simulation, CLIPS).start()
    url = server.url
    server.close()
    server.close()

    with httpx.Client(base_url=url, trust_env=False) as client:
        with pytest.raises(httpx.ConnectError):
            ask(client)
        with server:
            assert server.start().url == url
            assert ask(client, "t-2").status_code == 200


def test_a_taken_port_is_an_error(server: SimulatorServer, simulation: Simulation) -> None:
    port = int(server.url.rpartition(":")[2])

    with pytest.raises(OSError, match=r"in use|usage"):
        SimulatorServer(simulation, CLIPS, port).start()


@pytest.mark.parametrize("fault", [faults.stall(), faults.endless(), faults.slow(1), faults.page()])
def test_closing_hangs_up_on_clients_that_wait(
    fault: Fault, server: SimulatorServer, client: httpx.Client, simulation: Simulation, clip_url: str
) -> None:
    entered = threading.Event()

    def noticed(request: Request, whole: Answer) -> Answer:
        entered.set()
        return fault(request, whole)

    simulation.inject(noticed, place=Place.MEDIA)
    ended = threading.Thread(target=read_to_the_end, args=(client, clip_url))
    ended.start()
    entered.wait()

    server.close()

    ended.join(5)
    assert not ended.is_alive()
    assert [thread.name for thread in threading.enumerate() if "simulator" in thread.name] == []


def read_to_the_end(client: httpx.Client, url: str) -> None:
    try:
        with client.stream("GET", url) as response:
            for _ in response.iter_raw():
                pass
    except httpx.TransportError:
        pass


def test_many_clients_are_served_at_once(server: SimulatorServer, simulation: Simulation) -> None:
    answered: list[int] = []

    def run(number: int) -> None:
        with httpx.Client(base_url=server.url, trust_env=False, timeout=30) as client:
            answered.extend(ask(client, f"t-{number}-{n}").status_code for n in range(10))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answered == [200] * 80
    assert simulation.statistics().results == 80
    assert simulation.statistics().reused_traces == 0


def test_a_bug_of_ours_is_shown(
    client: httpx.Client, simulation: Simulation, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(request: Request, whole: Answer) -> Answer:
        raise ZeroDivisionError

    simulation.inject(broken)

    with pytest.raises(httpx.RemoteProtocolError):
        ask(client)
    assert "ZeroDivisionError" in capsys.readouterr().err
