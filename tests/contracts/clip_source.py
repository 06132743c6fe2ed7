"""What every ``ClipSource`` has to do."""

from abc import abstractmethod
from contextlib import AbstractAsyncContextManager

import pytest

from pixverse_desktop.core.errors import ClipAddressGone, ClipCutShort
from pixverse_desktop.core.half_clips import ClipVersion, HalfClip
from pixverse_desktop.core.ports import ClipSource, ClipStream
from pixverse_desktop.core.video import VideoRef
from tests.core.boxes import WHOLE_CLIP, box

CLIP = WHOLE_CLIP + box(b"free", bytes(range(256)) * 80)
OTHER_CLIP = CLIP[:-1] + b"!"
REF = VideoRef("default", "7")


async def all_of(stream: ClipStream) -> bytes:
    return b"".join([chunk async for chunk in stream.chunks()])


class World:
    """A source, and what is at its far end."""

    source: ClipSource

    @abstractmethod
    def put(self, clip: bytes | None) -> str:
        """Let there be this clip at the address that is returned, or none."""

    @abstractmethod
    def cut_next(self) -> None:
        """Let the next transfer break off in the middle of the clip."""


class ClipSourceContract:
    """Subclass it, and override the fixture ``world``."""

    @pytest.fixture
    def world(self) -> World:
        """Override me."""
        raise NotImplementedError

    async def version(self, world: World, url: str) -> ClipVersion:
        async with world.source.open(url) as stream:
            return stream.version

    async def test_a_clip_comes_whole_and_can_be_known_again(self, world: World) -> None:
        url = world.put(CLIP)

        async with world.source.open(url) as stream:
            data = await all_of(stream)

        assert data == CLIP
        assert stream.begins_at == 0
        assert stream.version.total_bytes == len(CLIP)
        assert stream.version.can_be_resumed
        assert stream.version == await self.version(world, url)

    @pytest.mark.parametrize("held_bytes", [1, 10_000, len(CLIP) - 1])
    async def test_the_rest_comes_alone(self, world: World, held_bytes: int) -> None:
        url = world.put(CLIP)
        half = HalfClip(REF, await self.version(world, url), held_bytes)

        async with world.source.open(url, half) as stream:
            data = await all_of(stream)

        assert (stream.begins_at, stream.version) == (held_bytes, half.version)
        assert data == CLIP[held_bytes:]

    async def test_another_clip_of_the_same_length_comes_whole(self, world: World) -> None:
        half = HalfClip(REF, await self.version(world, world.put(CLIP)), 10_000)
        url = world.put(OTHER_CLIP)

        async with world.source.open(url, half) as stream:
            data = await all_of(stream)

        assert stream.begins_at == 0
        assert stream.version != half.version
        assert data == OTHER_CLIP

    async def test_a_clip_that_is_not_there_is_gone(self, world: World) -> None:
        url = world.put(CLIP)
        half = HalfClip(REF, await self.version(world, url), 10_000)
        world.put(None)

        for held in (None, half):
            with pytest.raises(ClipAddressGone):
                await self.enter(world.source.open(url, held))

    async def test_a_transfer_that_breaks_off_gives_what_came(self, world: World) -> None:
        url = world.put(CLIP)
        world.cut_next()
        came: list[bytes] = []

        async with world.source.open(url) as stream:
            with pytest.raises(ClipCutShort):
                await self.collect(stream, came)

        assert b"".join(came) == CLIP[: len(CLIP) // 2]

    @staticmethod
    async def collect(stream: ClipStream, into: list[bytes]) -> None:
        async for chunk in stream.chunks():
            into.append(chunk)

    @staticmethod
    async def enter(opening: AbstractAsyncContextManager[ClipStream]) -> None:
        async with opening:
            pass
