import asyncio

import pytest

from pixverse_desktop.core.desktop_ports import Notifier
from pixverse_desktop.core.ports import (
    AttemptStore,
    Backups,
    ClipSource,
    Clock,
    KeyVault,
    PosterCache,
    SaveStore,
    SettingsStore,
    VideoApi,
    VideoStore,
)
from tests.contracts.attempt_store import AttemptStoreContract
from tests.contracts.clip_source import ClipSourceContract, World
from tests.contracts.key_vault import KeyVaultContract
from tests.contracts.poster_cache import LIMIT_BYTES, PosterCacheContract
from tests.contracts.save_store import SaveStoreContract
from tests.contracts.video_store import VideoStoreContract
from tests.fakes.backups import FakeBackups
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock
from tests.fakes.key_vault import FakeKeyVault
from tests.fakes.notifier import FakeNotifier
from tests.fakes.poster_cache import FakePosterCache
from tests.fakes.settings_store import FakeSettingsStore
from tests.fakes.video_api import CLIP_URL, FakeVideoApi
from tests.fakes.video_store import FakeVideoStore


class TestFakeAttemptStore(AttemptStoreContract):
    @pytest.fixture
    def attempt_store(self) -> FakeVideoStore:
        return FakeVideoStore()


class TestFakeSaveStore(SaveStoreContract):
    @pytest.fixture
    def save_store(self) -> FakeVideoStore:
        return FakeVideoStore()


class TestFakeVideoStore(VideoStoreContract):
    @pytest.fixture
    def store(self) -> FakeVideoStore:
        return FakeVideoStore()


class TestFakeKeyVault(KeyVaultContract):
    @pytest.fixture
    def vault(self) -> FakeKeyVault:
        return FakeKeyVault()


class TestFakePosterCache(PosterCacheContract):
    @pytest.fixture
    def posters(self) -> FakePosterCache:
        return FakePosterCache(LIMIT_BYTES)


class _FakeWorld(World):
    def __init__(self) -> None:
        self.source: FakeClipSource = FakeClipSource()

    def put(self, clip: bytes | None) -> str:
        self.source.clips = {CLIP_URL: clip} if clip is not None else {}
        return CLIP_URL

    def cut_next(self) -> None:
        self.source.cuts = 1


class TestFakeClipSource(ClipSourceContract):
    @pytest.fixture
    def world(self) -> World:
        return _FakeWorld()


def test_each_fake_fits_its_port(clock: FakeClock) -> None:
    """The type checker is what fails here."""
    ports: tuple[
        Clock,
        VideoApi,
        VideoStore,
        AttemptStore,
        SaveStore,
        KeyVault,
        ClipSource,
        PosterCache,
        SettingsStore,
        Backups,
        Notifier,
    ] = (
        clock,
        FakeVideoApi(clock),
        FakeVideoStore(),
        FakeVideoStore(),
        FakeVideoStore(),
        FakeKeyVault(),
        FakeClipSource(),
        FakePosterCache(),
        FakeSettingsStore(),
        FakeBackups(),
        FakeNotifier(),
    )

    assert all(ports[:2])


async def test_sleepers_wake_in_order_at_their_own_time(clock: FakeClock) -> None:
    woken: list[tuple[str, float]] = []

    async def nap(name: str, *durations_s: float) -> None:
        for duration_s in durations_s:
            await clock.sleep(duration_s)
            woken.append((name, clock.monotonic_s() - began_s))

    began_s = clock.monotonic_s()
    async with asyncio.TaskGroup() as group:
        group.create_task(nap("slow", 4))
        group.create_task(nap("quick", 1, 2, 5))
        group.create_task(nap("never", -1))
        await clock.advance(5)
        halfway = list(woken)
        await clock.advance(3)

    assert halfway == [("never", 0), ("quick", 1), ("quick", 3), ("slow", 4)]
    assert woken[4:] == [("quick", 8)]


async def test_both_clocks_move_together_and_the_wall_clock_can_jump_alone(clock: FakeClock) -> None:
    before = clock.monotonic_s(), clock.now_s()

    await clock.advance(10)
    clock.jump(-3600)

    assert (clock.monotonic_s() - before[0], clock.now_s() - before[1]) == (10, -3590)


async def test_a_loop_that_never_rests_is_told(clock: FakeClock) -> None:
    async def spin() -> None:
        while True:
            await clock.sleep(0)

    spinning = asyncio.ensure_future(spin())
    with pytest.raises(AssertionError, match="rest"):
        await clock.advance(1)
    spinning.cancel()
