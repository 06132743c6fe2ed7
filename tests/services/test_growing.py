"""Clips on their way: what is here of them, and who waits for the rest."""

import asyncio

import pytest

from pixverse_desktop.core.half_clips import UNKNOWN_VERSION, ClipVersion
from pixverse_desktop.services.growing import GrowingClip

VERSION = ClipVersion('"one"', 10)


@pytest.fixture
def growing() -> GrowingClip:
    clip = GrowingClip()
    clip.begin(VERSION, 0)
    return clip


def test_it_gives_what_is_here_without_a_gap(growing: GrowingClip) -> None:
    growing.add(b"0123")
    growing.put_end(b"89")

    assert growing.read(1, 100) == b"123"
    assert growing.read(4, 100) == b""
    assert growing.read(7, 100) == b""
    assert growing.read(8, 1) == b"8"
    assert growing.read(9, 100) == b"9"
    assert growing.read(10, 100) == b""


async def test_who_waits_is_told_when_it_comes(growing: GrowingClip) -> None:
    waiting = asyncio.ensure_future(growing.wait_for(5))
    growing.add(b"01234")
    await asyncio.sleep(0)
    assert not waiting.done()
    growing.add(b"5")
    assert await waiting


async def test_who_waits_is_told_when_it_never_comes(growing: GrowingClip) -> None:
    waiting = asyncio.ensure_future(growing.wait_for(5))
    await asyncio.sleep(0)
    growing.end()
    assert not await waiting


def test_a_download_that_breaks_off_goes_on_where_it_was(growing: GrowingClip) -> None:
    growing.add(b"0123")
    growing.begin(VERSION, 4)
    growing.add(b"45")
    assert growing.read(0, 100) == b"012345"
    assert not growing.is_over


@pytest.mark.parametrize(
    ("version", "begins_at"), [(VERSION, 0), (VERSION, 3), (ClipVersion('"two"', 10), 4)]
)
def test_what_does_not_go_on_with_it_ends_it(
    growing: GrowingClip, version: ClipVersion, begins_at: int
) -> None:
    growing.add(b"0123")
    growing.begin(version, begins_at)
    growing.add(b"45")
    assert growing.is_over
    assert growing.read(0, 100) == b"0123"


@pytest.mark.parametrize("version", [UNKNOWN_VERSION, ClipVersion("", 10), ClipVersion('"one"', 2**40)])
def test_nothing_is_kept_of_what_cannot_be_proven_or_is_huge(version: ClipVersion) -> None:
    clip = GrowingClip()
    clip.begin(version, 0)
    clip.add(b"0123")
    assert clip.is_over
    assert clip.front_bytes == 0
