"""Clips that are gone on with: only where a server proves that its bytes are the same."""

import asyncio
import gzip
import os
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from pixverse_desktop.adapters.http_files import HttpClipSource
from pixverse_desktop.core.errors import ClipCutShort, ClipRefused, ClipServerBusy
from pixverse_desktop.core.half_clips import ClipVersion, HalfClip
from tests.adapters.raw_server import RawServer, Reply, http, raw_server
from tests.contracts.clip_source import CLIP, REF, ClipSourceContract, World, all_of
from tests.core.boxes import WHOLE_CLIP

ETAG = '"5d41402abc4b2a76"'
DATE, LATER = "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:59:37 GMT"
TOTAL = len(CLIP)
HELD = 10_000
HALF = HalfClip(REF, ClipVersion(ETAG, TOTAL), HELD)
DATED_HALF = HalfClip(REF, ClipVersion(DATE, TOTAL), HELD)
LOCAL = "http://127.0.0.1:1"

Answer = Callable[[str], bytes]
"""Gets the head of a request."""


class HttpWorld(World):
    """The real source before a small server that can resume."""

    def __init__(self, source: HttpClipSource) -> None:
        self.source: HttpClipSource = source
        self.server: RawServer | None = None
        self._clip: bytes | None = None
        self._is_cut = False

    def put(self, clip: bytes | None) -> str:
        assert self.server is not None
        self._clip = clip
        return self.server.url + "/clip.mp4?Signature=abc"

    def cut_next(self) -> None:
        self._is_cut = True

    async def answer(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        if self._clip is None:
            writer.write(http(b"", 403))
        else:
            etag = f'"{zlib.crc32(self._clip)}"'
            data = _answer_of(head.decode(), self._clip, etag)
            writer.write(data[: len(data) - len(self._clip) + len(self._clip) // 2] if self._is_cut else data)


def _answer_of(head: str, clip: bytes, etag: str) -> bytes:
    headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if line)
    if headers.get("if-range") != etag:
        return http(clip, 200, f"ETag: {etag}")
    start = int(headers["range"].removeprefix("bytes=").removesuffix("-"))
    place = f"Content-Range: bytes {start}-{len(clip) - 1}/{len(clip)}"
    return http(clip[start:], 206, f"ETag: {etag}", place)


class TestHttpClipSource(ClipSourceContract):
    @pytest.fixture
    async def world(self) -> AsyncIterator[World]:
        source = HttpClipSource(base_url=LOCAL)
        world = HttpWorld(source)
        async with raw_server(world.answer) as server:
            world.server = server
            yield world
        await source.aclose()


@asynccontextmanager
async def clips() -> AsyncIterator[HttpClipSource]:
    source = HttpClipSource(base_url=LOCAL)
    try:
        yield source
    finally:
        await source.aclose()


async def fetch_rest(reply: Reply | bytes, half: HalfClip | None = HALF) -> tuple[int, bytes, list[str]]:
    """Where the stream began, what came, and the heads of the requests."""
    async with (
        raw_server(reply) as server,
        clips() as source,
        source.open(server.url + "/clip.mp4", half) as stream,
    ):
        return stream.begins_at, await all_of(stream), server.heads


def rest(*headers: str, status: int = 206, place: str = "", body: bytes = CLIP[HELD:]) -> bytes:
    """A right answer to a wish for the rest, but for what is told otherwise."""
    where = place or f"bytes {HELD}-{TOTAL - 1}/{TOTAL}"
    return http(body, status, *(headers or (f"ETag: {ETAG}",)), f"Content-Range: {where}")


def whole_unless_asked(for_the_rest: bytes) -> Reply:
    """Answer a wish for the rest with this, and any other with the whole clip."""

    async def reply(head: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(for_the_rest if b"\r\nrange:" in head.lower() else http(CLIP, 200, f"ETag: {ETAG}"))

    return reply


async def test_the_rest_is_asked_for_on_condition_that_nothing_changed() -> None:
    begins_at, data, heads = await fetch_rest(rest())

    assert (begins_at, data) == (HELD, CLIP[HELD:])
    (head,) = heads
    assert f"Range: bytes={HELD}-\r\n" in head
    assert f"If-Range: {ETAG}\r\n" in head


async def test_a_date_of_change_will_do() -> None:
    begins_at, data, heads = await fetch_rest(rest(f"Last-Modified: {DATE}"), DATED_HALF)

    assert (begins_at, data) == (HELD, CLIP[HELD:])
    assert f"If-Range: {DATE}\r\n" in heads[0]


@pytest.mark.parametrize(
    ("headers", "validator"),
    [
        ((f"ETag: {ETAG}", f"Last-Modified: {DATE}", f"Date: {LATER}"), ETAG),
        ((f"ETag: W/{ETAG}", f"Last-Modified: {DATE}", f"Date: {LATER}"), DATE),
        ((f"ETag: W/{ETAG}",), ""),
        (("ETag: 5d41402abc4b2a76",), ""),
        ((f"Last-Modified: {DATE}", f"Date: {DATE}"), ""),
        ((f"Last-Modified: {DATE}",), ""),
        (("Last-Modified: yesterday", f"Date: {LATER}"), ""),
        ((f"Last-Modified: {DATE}", "Date: now"), ""),
        ((), ""),
    ],
)
async def test_a_file_is_known_by_a_strong_etag_or_a_settled_date(
    headers: tuple[str, ...], validator: str
) -> None:
    async with (
        raw_server(http(CLIP, 200, *headers)) as server,
        clips() as source,
        source.open(server.url + "/clip.mp4") as stream,
    ):
        assert stream.version == ClipVersion(validator, TOTAL)


@pytest.mark.parametrize(
    "answer",
    [
        rest(place=f"bytes {HELD + 1}-{TOTAL - 1}/{TOTAL}"),
        rest(place=f"bytes {HELD}-{TOTAL - 1}/{TOTAL + 1}"),
        rest(place=f"bytes {HELD}-{TOTAL - 2}/{TOTAL}", body=CLIP[HELD:-1]),
        rest(place=f"bytes {HELD}-{TOTAL - 1}/*"),
        rest(place="nonsense"),
        rest('ETag: "another"'),
        rest(f"ETag: W/{ETAG}"),
        rest("X: no validator"),
        rest(f"ETag: {ETAG}", "Content-Encoding: gzip", body=gzip.compress(CLIP[HELD:])),
        http(CLIP[HELD:], 206, f"ETag: {ETAG}"),
        http(b"", 416, f"Content-Range: bytes */{TOTAL}"),
        http(b"", 416),
    ],
    ids=[
        "later", "other length", "not to the end", "no length", "nonsense", "changed", "weak", "unproven",
        "packed", "no place", "416", "bare 416",
    ],
)  # fmt: skip
async def test_what_is_not_proven_to_be_the_rest_is_not_taken(answer: bytes) -> None:
    begins_at, data, heads = await fetch_rest(whole_unless_asked(answer))

    assert (begins_at, data) == (0, CLIP)
    assert ["\r\nRange:" in head for head in heads] == [True, False]


@pytest.mark.parametrize("answer", [http(CLIP, 200), http(WHOLE_CLIP, 200, 'ETag: "changed midway"')])
async def test_a_server_that_sends_the_whole_is_not_asked_again(answer: bytes) -> None:
    begins_at, data, heads = await fetch_rest(answer)

    assert begins_at == 0
    assert data in (CLIP, WHOLE_CLIP)
    assert len(heads) == 1


async def test_a_redirect_takes_the_condition_along_and_no_key() -> None:
    async with raw_server(rest()) as there:
        begins_at, data, _ = await fetch_rest(http(b"", 302, f"Location: {there.url}/real.mp4"))

    assert (begins_at, data) == (HELD, CLIP[HELD:])
    assert f"If-Range: {ETAG}" in there.heads[0]
    assert "api-key" not in there.heads[0].lower()


async def test_a_page_in_place_of_the_rest_is_worth_another_try() -> None:
    with pytest.raises(ClipCutShort, match="page of text"):
        await fetch_rest(http(b"<html>", 200, "Content-Type: text/html"))


async def test_a_rest_that_breaks_off_is_told_as_such() -> None:
    with pytest.raises(ClipCutShort):
        await fetch_rest(rest()[:-100])


async def test_a_server_that_stops_sending_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pixverse_desktop.adapters.http_files._STALL_LIMIT_S", 0.05)
    is_over = asyncio.Event()

    async def stall(_: bytes, writer: asyncio.StreamWriter) -> None:
        writer.write(rest()[:-100])
        await is_over.wait()

    with pytest.raises(ClipCutShort, match="stopped sending"):
        await fetch_rest(stall)


# A server that is busy.


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("headers", "pause_s"),
    [
        (("Retry-After: 7",), 7),
        ((f"Retry-After: {LATER}", f"Date: {DATE}"), 600),
        (("Retry-After: soon",), None),
        ((), None),
    ],
)
async def test_a_busy_server_says_how_long(
    status: int, headers: tuple[str, ...], pause_s: float | None
) -> None:
    with pytest.raises(ClipServerBusy) as caught:
        await fetch_rest(http(b"", status, *headers), None)

    assert caught.value.retry_after_s == pause_s


# Packed bodies.


async def test_a_packed_clip_is_unpacked_in_small_pieces() -> None:
    body = bytes(40_000_000)
    packed = gzip.compress(body)
    async with (
        raw_server(http(packed, 200, "Content-Encoding: gzip", f"ETag: {ETAG}")) as server,
        clips() as source,
        source.open(server.url + "/clip.mp4") as stream,
    ):
        sizes = [len(chunk) async for chunk in stream.chunks()]

    assert len(packed) < 60_000
    assert sum(sizes) == len(body)
    assert max(sizes) <= 256 * 1024
    assert not stream.version.can_be_resumed


async def test_a_packed_clip_that_breaks_off_is_told_as_such() -> None:
    packed = gzip.compress(os.urandom(20_000))[:-30]

    with pytest.raises(ClipCutShort):
        await fetch_rest(http(packed, 200, "Content-Encoding: gzip"), None)


@pytest.mark.parametrize("packing", ["br", "zstd", "deflate", "gzip, gzip", "what"])
async def test_a_clip_packed_in_another_way_is_refused(packing: str) -> None:
    with pytest.raises(ClipRefused, match="not asked for"):
        await fetch_rest(http(CLIP, 200, f"Content-Encoding: {packing}"), None)
