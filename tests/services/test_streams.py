"""Clips that are played before they are whole: only where it is worth it, and with their index first."""

import asyncio
import hashlib

import pytest

from pixverse_desktop.core.errors import ClipCutShort
from pixverse_desktop.core.half_clips import ClipVersion
from pixverse_desktop.core.stream_ports import GrowingBytes
from pixverse_desktop.services.growing import GrowingClip
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.streams import Streams
from tests.core.boxes import FTYP, MOOV, box
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock
from tests.fakes.video_api import CLIP_URL
from tests.services.conftest import add_ready, ref

PICTURES = box(b"mdat", bytes(400_000))
INDEX_LAST = FTYP + PICTURES + MOOV
INDEX_FIRST = FTYP + MOOV + PICTURES


class _Broadcast:
    address = "http://127.0.0.1:1/x.mp4"

    def close(self) -> None:
        """There is nobody to cut off."""


class _Broadcaster:
    """The ``Broadcaster`` port, remembering what it was given."""

    def __init__(self) -> None:
        self.given: list[GrowingBytes] = []

    async def begin(self, clip: GrowingBytes) -> _Broadcast:
        self.given.append(clip)
        return _Broadcast()


@pytest.fixture
def broadcaster() -> _Broadcaster:
    return _Broadcaster()


@pytest.fixture
def streams(library: Library, source: FakeClipSource, clock: FakeClock, broadcaster: _Broadcaster) -> Streams:
    return Streams(library=library, sources=lambda _: source, broadcaster=broadcaster, clock=clock)


def _growing(clip: bytes) -> GrowingClip:
    growing = GrowingClip()
    growing.begin(ClipVersion(f'"{hashlib.sha256(clip).hexdigest()}"', len(clip)), 0)
    return growing


async def _open(
    streams: Streams, clock: FakeClock, clip: bytes, *, came_bytes: int = 10_000
) -> tuple[GrowingClip, bool]:
    """Have ``came_bytes`` come before and while it is looked how fast they come; whether it is streamed."""
    growing = _growing(clip)
    growing.add(clip[:5000])
    opening = asyncio.ensure_future(streams.open(ref("7"), growing))
    await asyncio.sleep(0)
    growing.add(clip[5000:came_bytes])
    await clock.advance(1)
    return growing, await opening is not None


async def test_the_index_is_asked_for_by_itself(
    library: Library, streams: Streams, source: FakeClipSource, clock: FakeClock, broadcaster: _Broadcaster
) -> None:
    await add_ready(library, "7")
    source.clips[CLIP_URL] = INDEX_LAST

    growing, is_streamed = await _open(streams, clock, INDEX_LAST)

    assert is_streamed
    assert source.begun_at == [len(INDEX_LAST) - len(MOOV)]
    assert growing.read(len(INDEX_LAST) - len(MOOV), 10_000) == MOOV
    assert broadcaster.given == [growing]


async def test_an_index_at_the_beginning_needs_no_other_question(
    library: Library, streams: Streams, source: FakeClipSource, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    _, is_streamed = await _open(streams, clock, INDEX_FIRST)
    assert is_streamed
    assert source.opened == []


async def test_what_is_here_soon_is_not_streamed(
    library: Library, streams: Streams, source: FakeClipSource, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    _, is_streamed = await _open(streams, clock, INDEX_LAST, came_bytes=300_000)
    assert not is_streamed
    assert source.opened == []


async def test_where_the_rest_cannot_be_had_it_is_waited_for(
    library: Library, streams: Streams, source: FakeClipSource, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.clips[CLIP_URL] = INDEX_LAST
    source.trouble = ClipCutShort("The transfer of the clip broke off.")
    _, is_streamed = await _open(streams, clock, INDEX_LAST)
    assert not is_streamed


async def test_another_file_at_the_address_is_not_mixed_in(
    library: Library, streams: Streams, source: FakeClipSource, clock: FakeClock
) -> None:
    await add_ready(library, "7")
    source.clips[CLIP_URL] = FTYP + box(b"mdat", bytes([1]) * 400_000) + MOOV
    growing, is_streamed = await _open(streams, clock, INDEX_LAST)
    assert not is_streamed
    assert growing.read(len(INDEX_LAST) - 1, 1) == b""


@pytest.mark.parametrize("clip", [b"\x1a\x45\xdf\xa3" + bytes(400_000), FTYP + bytes(400_000)])
async def test_what_is_no_mp4_is_waited_for(
    library: Library, streams: Streams, source: FakeClipSource, clock: FakeClock, clip: bytes
) -> None:
    await add_ready(library, "7")
    _, is_streamed = await _open(streams, clock, clip)
    assert not is_streamed
    assert source.opened == []
