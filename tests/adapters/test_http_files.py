import asyncio
import gzip
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest

from pixverse_desktop.adapters.http_files import HttpClipSource
from pixverse_desktop.core.errors import ClipAddressGone, ClipCutShort, ClipRefused, SaveFailed
from pixverse_desktop.simulator import Life, Place, Simulation, SimulatorServer, Step, UrlKind, faults
from tests.adapters.raw_server import RawServer, Reply, http, raw_server
from tests.core.boxes import WHOLE_CLIP

ID = "627410861853514292"
PUBLIC = "https://app-api.pixverse.ai"
LOCAL = "http://127.0.0.1:1"
VIDEO_TYPE = "Content-Type: video/mp4"


@asynccontextmanager
async def clips_of(base_url: str) -> AsyncIterator[HttpClipSource]:
    source = HttpClipSource(base_url=base_url)
    try:
        yield source
    finally:
        await source.aclose()


async def fetch(url: str, base_url: str = LOCAL) -> tuple[int | None, bytes]:
    async with clips_of(base_url) as source, source.open(url) as stream:
        total_bytes = stream.version.total_bytes
        return total_bytes, b"".join([chunk async for chunk in stream.chunks()])


async def fetch_from(reply: Reply | bytes) -> tuple[int | None, bytes]:
    async with raw_server(reply) as server:
        return await fetch(server.url + "/clip.mp4")


@pytest.fixture
def simulation() -> Simulation:
    steps = {ID: UrlKind.CLIP, "1": UrlKind.BROKEN, "2": UrlKind.PAGE}
    lives = [Life(video_id=video_id, steps=(Step(0, 1, kind),)) for video_id, kind in steps.items()]
    return Simulation(time.time, lives, keys=["k"])


@pytest.fixture
def service(simulation: Simulation) -> Iterator[SimulatorServer]:
    with SimulatorServer(simulation, {"a.mp4": WHOLE_CLIP}) as server:
        yield server


def address(service: SimulatorServer, kind: UrlKind = UrlKind.CLIP, video_id: str = ID) -> str:
    return kind.address(service.url, video_id)


# The ordinary way.


async def test_a_clip_comes_whole_with_its_length(service: SimulatorServer) -> None:
    assert "%2F" in address(service)

    assert await fetch(address(service)) == (len(WHOLE_CLIP), WHOLE_CLIP)


async def test_neither_key_nor_trace_id_is_sent_for_a_clip(
    simulation: Simulation, service: SimulatorServer
) -> None:
    await fetch(address(service))

    (request,) = simulation.requests
    assert not {"api-key", "ai-trace-id", "authorization", "cookie", "referer"} & set(request.header_names)
    assert "accept-encoding" in request.header_names


async def test_a_clip_without_a_length_comes_whole(simulation: Simulation, service: SimulatorServer) -> None:
    simulation.inject(faults.chunked(), place=Place.MEDIA)

    assert await fetch(address(service)) == (None, WHOLE_CLIP)


async def test_a_reading_that_is_left_is_over_with_its_transfer() -> None:
    body = bytes(range(256)) * 12_000
    async with raw_server(http(body, 200, VIDEO_TYPE)) as server, clips_of(LOCAL) as source:
        async with source.open(server.url + "/clip.mp4") as stream:
            chunks = stream.chunks()
            await anext(chunks)

        with pytest.raises(StopAsyncIteration):
            await anext(chunks)


@pytest.mark.parametrize("kind", ["video/mp4", "application/octet-stream", "binary/octet-stream", ""])
async def test_any_type_that_can_be_a_clip_is_taken(kind: str) -> None:
    assert await fetch_from(http(WHOLE_CLIP, 200, f"Content-Type: {kind}")) == (len(WHOLE_CLIP), WHOLE_CLIP)


async def test_a_packed_clip_is_unpacked_and_its_length_is_not_believed() -> None:
    packed = gzip.compress(WHOLE_CLIP)

    assert await fetch_from(http(packed, 200, VIDEO_TYPE, "Content-Encoding: gzip")) == (None, WHOLE_CLIP)


async def test_a_long_clip_comes_in_pieces() -> None:
    body = bytes(range(256)) * 12_000
    async with (
        raw_server(http(body, 200, VIDEO_TYPE)) as server,
        clips_of(LOCAL) as source,
        source.open(server.url + "/clip.mp4") as stream,
    ):
        pieces = [piece async for piece in stream.chunks()]

    assert b"".join(pieces) == body
    assert max(map(len, pieces)) < len(body) / 4


async def test_a_transfer_left_early_gives_its_connection_back(service: SimulatorServer) -> None:
    async with clips_of(service.url) as source:
        for _ in range(20):  # more than the pool holds
            async with source.open(address(service)):
                pass

        async with source.open(address(service)) as stream:
            assert b"".join([chunk async for chunk in stream.chunks()]) == WHOLE_CLIP


# What is no clip.


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_clip_that_is_not_there_is_gone(status: int) -> None:
    with pytest.raises(ClipAddressGone, match=str(status)):
        await fetch_from(http(b"<Error/>", status, "Content-Type: application/xml"))


async def test_the_storage_s_own_not_found_is_gone(service: SimulatorServer) -> None:
    with pytest.raises(ClipAddressGone):
        await fetch(address(service, UrlKind.BROKEN, "1"))


@pytest.mark.parametrize("status", [206, 304, 400, 401, 416, 429, 500, 502, 503])
async def test_another_fault_of_the_server_is_worth_another_try(status: int) -> None:
    with pytest.raises(ClipCutShort, match=str(status)):
        await fetch_from(http(b"", status))


@pytest.mark.parametrize(
    "kind",
    [
        "text/html; charset=utf-8",
        "TEXT/HTML",
        "application/json",
        "application/xml",
        "application/xhtml+xml",
    ],
)
async def test_a_page_is_refused(kind: str) -> None:
    with pytest.raises(ClipRefused, match="page of text"):
        await fetch_from(http(b"<html>", 200, f"Content-Type: {kind}"))


async def test_a_sign_in_page_of_the_simulator_is_refused(service: SimulatorServer) -> None:
    with pytest.raises(ClipRefused):
        await fetch(address(service, UrlKind.PAGE, "2"))


# Transfers that break off.


async def reset(_: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(http(WHOLE_CLIP, 200, VIDEO_TYPE)[:-20])
    await writer.drain()
    writer.transport.abort()


@pytest.mark.parametrize(
    "reply",
    [
        reset,
        b"",
        b"nonsense\r\n\r\n",
        http(WHOLE_CLIP, 200, VIDEO_TYPE, length=len(WHOLE_CLIP) + 1),
        http(WHOLE_CLIP, 200, VIDEO_TYPE, "Content-Encoding: gzip"),
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
    ],
    ids=["reset", "hung up", "not http", "too short", "not gzip", "chunks cut", "absurd length"],
)
async def test_a_transfer_that_breaks_off_is_told_as_such(reply: Reply | bytes) -> None:
    with pytest.raises(ClipCutShort):
        await fetch_from(reply)


async def drip_a_header(_: bytes, writer: asyncio.StreamWriter) -> None:
    await drip(b"HTTP/1.1 200 OK\r\nX-Endless: ", b"a", writer)


async def drip_early_hints(_: bytes, writer: asyncio.StreamWriter) -> None:
    await drip(b"", b"HTTP/1.1 103 Early Hints\r\n\r\n", writer)


async def drip_between_chunks(_: bytes, writer: asyncio.StreamWriter) -> None:
    await drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", b"a", writer)


async def drip(beginning: bytes, drop: bytes, writer: asyncio.StreamWriter) -> None:
    writer.write(beginning)
    while not writer.is_closing():
        writer.write(drop)
        await writer.drain()
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("reply", [drip_a_header, drip_early_hints, drip_between_chunks])
async def test_a_server_that_drips_what_is_no_clip_is_left(
    reply: Reply, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pixverse_desktop.adapters.http_files._STANDSTILL_LIMIT_S", 0.1)

    with pytest.raises(ClipCutShort):
        await asyncio.wait_for(fetch_from(reply), 5.0)


async def test_a_refused_connection_is_worth_another_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

    with pytest.raises(ClipCutShort):
        await fetch(f"http://127.0.0.1:{port}/clip.mp4")


@pytest.mark.parametrize("cut", [0.0, 0.5])
async def test_a_cut_by_the_simulator_is_told_as_such(
    simulation: Simulation, service: SimulatorServer, cut: float
) -> None:
    simulation.inject(faults.cut(cut), place=Place.MEDIA)

    with pytest.raises(ClipCutShort):
        await fetch(address(service))


async def test_a_plain_server_behind_https_is_worth_another_try() -> None:
    async with raw_server(http(WHOLE_CLIP)) as server:
        with pytest.raises(ClipCutShort):
            await fetch(server.url.replace("http:", "https:") + "/clip.mp4")


async def test_a_transfer_can_be_cancelled(simulation: Simulation, service: SimulatorServer) -> None:
    simulation.inject(faults.stall(), place=Place.MEDIA)
    task = asyncio.create_task(fetch(address(service)))
    while not simulation.requests:
        await asyncio.sleep(0.001)

    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


# Redirects.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_followed_without_a_word_about_where_from(status: int) -> None:
    async with raw_server(http(WHOLE_CLIP, 200, VIDEO_TYPE)) as there:
        reply = http(b"", status, f"Location: {there.url}/real.mp4", "Set-Cookie: a=b")

        assert await fetch_from(reply) == (len(WHOLE_CLIP), WHOLE_CLIP)

    (head,) = there.heads
    assert head.startswith("GET /real.mp4 ")
    assert not {"api-key", "authorization", "cookie", "referer"} & {
        line.partition(":")[0].lower() for line in head.splitlines()
    }


async def test_a_relative_redirect_is_followed() -> None:
    async def twice(head: bytes, writer: asyncio.StreamWriter) -> None:
        is_first = head.startswith(b"GET /a/clip.mp4")
        writer.write(http(b"", 302, "Location: ../b.mp4?x=1") if is_first else http(WHOLE_CLIP))

    async with raw_server(twice) as server:
        _, data = await fetch(server.url + "/a/clip.mp4")

    assert data == WHOLE_CLIP
    assert server.heads[1].startswith("GET /b.mp4?x=1 ")


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "ftp://127.0.0.1/clip.mp4",
        "data:video/mp4;base64,AAAA",
        "javascript:alert(1)",
        "http://",
        "//",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::ffff:169.254.169.254]/latest/",
        "http://[fe80::1]/clip.mp4",
        "https://media.pixverse.ai/pixverse%2Fmp4%2Fmedia%2Fdefault.mp4",
        "http://name:word@127.0.0.1/clip.mp4",
        "http://@127.0.0.1/clip.mp4",
        "http://[64:ff9b::169.254.169.254]/latest/",
    ],
)
async def test_a_redirect_to_nowhere_good_is_refused(location: str) -> None:
    with pytest.raises(ClipRefused):
        await fetch_from(http(b"", 302, f"Location: {location}"))


async def test_a_redirect_to_a_broken_address_fails_in_words() -> None:
    with pytest.raises(SaveFailed):
        await fetch_from(http(b"", 302, "Location: http://[::1"))


async def test_a_redirect_in_circles_is_refused_soon() -> None:
    async with raw_server(http(b"", 302, "Location: /clip.mp4")) as server:
        with pytest.raises(ClipRefused, match="circles"):
            await fetch(server.url + "/clip.mp4")

    assert server.connections <= 10


async def test_a_redirect_without_a_target_is_a_fault() -> None:
    with pytest.raises(ClipCutShort):
        await fetch_from(http(b"", 302))


# Where a clip may come from.


@pytest.fixture
async def bait() -> AsyncIterator[RawServer]:
    """Serve something on this machine that nobody may fetch."""
    async with raw_server(http(WHOLE_CLIP, 200, VIDEO_TYPE)) as server:
        yield server


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "[::ffff:127.0.0.1]", "0.0.0.0"]
)
async def test_this_machine_is_closed_to_clips_of_a_public_service(bait: RawServer, host: str) -> None:
    with pytest.raises(ClipRefused):
        await fetch(f"http://{host}:{bait.port}/clip.mp4", PUBLIC)

    assert bait.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        *("10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "012.0.0.1"),
        *("[fe80::1]", "[fd00::1]", "[fec0::1]", "[64:ff9b::10.0.0.1]", "[2002:a00:1::1]"),
    ],
)
async def test_the_private_network_is_closed_to_clips_of_a_public_service(host: str) -> None:
    with pytest.raises(ClipRefused):
        await fetch(f"http://{host}/clip.mp4", PUBLIC)


@pytest.mark.parametrize("base_url", [LOCAL, "http://localhost:8000", "http://[::1]:8000"])
async def test_this_machine_is_open_to_a_service_that_runs_on_it(bait: RawServer, base_url: str) -> None:
    _, data = await fetch(bait.url + "/clip.mp4", base_url)

    assert data == WHOLE_CLIP


@pytest.mark.parametrize(
    "url",
    [
        "",
        "file:///etc/passwd",
        "ftp://media.pixverse.ai/a.mp4",
        "https://",
        "http://[",
        "https://media.pixverse.ai/media/default.mp4",
        "https://" + "a" * 70 + ".invalid/a.mp4",
        "https://a..b/a.mp4",
        "http://127.0.0.1:notaport/a.mp4",
        "http://127.0.0.1:1/\x00",
    ],
)
@pytest.mark.parametrize("base_url", [PUBLIC, LOCAL])
async def test_an_address_that_is_none_fails_in_words(url: str, base_url: str) -> None:
    with pytest.raises(SaveFailed):
        await fetch(url, base_url)


async def test_a_name_that_leads_nowhere_is_worth_another_try() -> None:
    with pytest.raises(ClipCutShort):
        await fetch("https://nowhere.invalid/a.mp4", PUBLIC)
