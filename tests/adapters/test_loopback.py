"""Clips on their way, served on this machine: as they come, and only to who knows the name."""

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

import httpx
import pytest

from pixverse_desktop.adapters.loopback import LoopbackBroadcast, LoopbackBroadcaster
from pixverse_desktop.core.half_clips import ClipVersion
from pixverse_desktop.services.growing import GrowingClip

CLIP = b"".join(number.to_bytes(2, "big") for number in range(512))


@pytest.fixture
def growing() -> GrowingClip:
    clip = GrowingClip()
    clip.begin(ClipVersion('"one"', len(CLIP)), 0)
    return clip


async def _get(address: str, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as client:
        return await client.get(address, headers=headers)


@pytest.mark.parametrize(
    ("asked", "part", "status"),
    [
        ("", CLIP, 200),
        ("bytes=0-", CLIP, 206),
        ("bytes=1000-", CLIP[1000:], 206),
        ("bytes=10-19", CLIP[10:20], 206),
        ("bytes=1000-5000", CLIP[1000:], 206),
        ("bytes=5000-", b"", 416),
    ],
)
async def test_it_gives_what_is_asked_for(growing: GrowingClip, asked: str, part: bytes, status: int) -> None:
    growing.add(CLIP)
    broadcast = await LoopbackBroadcaster().begin(growing)
    answer = await _get(broadcast.address, **({"Range": asked} if asked else {}))
    broadcast.close()
    assert (answer.status_code, answer.content) == (status, part)
    if status == 206:
        first = CLIP.index(part)
        last = first + len(part) - 1
        assert answer.headers["content-range"] == f"bytes {first}-{last}/{len(CLIP)}"


async def test_it_waits_for_what_is_not_here_yet(growing: GrowingClip) -> None:
    broadcast = await LoopbackBroadcaster().begin(growing)
    growing.add(CLIP[:300])
    asking = asyncio.ensure_future(_get(broadcast.address))
    await asyncio.sleep(0)
    growing.add(CLIP[300:])
    assert (await asking).content == CLIP
    broadcast.close()


@pytest.mark.parametrize("name", ["", "x.mp4", "../etc/passwd"])
async def test_nobody_gets_it_who_does_not_know_the_name(growing: GrowingClip, name: str) -> None:
    growing.add(CLIP)
    broadcast = await LoopbackBroadcaster().begin(growing)
    parts = urlsplit(broadcast.address)
    assert parts.hostname == "127.0.0.1"
    assert (await _get(f"http://{parts.netloc}/{name}")).status_code == 404
    broadcast.close()


@pytest.mark.parametrize(
    "request_bytes", [b"\r\n\r\n", b"GET\r\n\r\n", b"x" * 100_000, b"POST /x HTTP/1.1\r\n\r\n"]
)
async def test_nonsense_gets_nothing(growing: GrowingClip, request_bytes: bytes) -> None:
    growing.add(CLIP)
    broadcast = await LoopbackBroadcaster().begin(growing)
    reader, writer = await _connect(broadcast)
    writer.write(request_bytes)
    writer.write_eof()
    answer = b""
    with suppress(ConnectionError):
        answer = await reader.read()
    assert CLIP[:50] not in answer
    writer.close()
    broadcast.close()


async def test_who_reads_is_cut_off_at_once(growing: GrowingClip) -> None:
    broadcast = await LoopbackBroadcaster().begin(growing)
    growing.add(CLIP[:300])
    reader, writer = await _connect(broadcast)
    writer.write(f"GET {urlsplit(broadcast.address).path} HTTP/1.1\r\n\r\n".encode())
    await reader.readuntil(CLIP[:300])

    broadcast.close()

    assert await asyncio.wait_for(reader.read(), 5) == b""
    writer.close()
    with pytest.raises(ConnectionError):
        await _connect(broadcast)


async def _connect(broadcast: LoopbackBroadcast) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    parts = urlsplit(broadcast.address)
    return await asyncio.open_connection(parts.hostname, parts.port)
