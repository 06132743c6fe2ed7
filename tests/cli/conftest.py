"""A whole engine whose outer world is played by fakes, apart from a folder of this disk."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.adapters.loopback import LoopbackBroadcaster
from pixverse_desktop.core.addresses import INTERNATIONAL_URL
from pixverse_desktop.core.ports import VideoApi
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import Account
from pixverse_desktop.resources import resource_path
from pixverse_desktop.services.accounts import Accounts
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.attempt_log import AttemptLog
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.credits import Credits
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.held_ids import HeldIds
from pixverse_desktop.services.intake import Intake
from pixverse_desktop.services.keeping import ListKeeper
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import Poller
from pixverse_desktop.services.preferences import Preferences
from pixverse_desktop.services.saved_files import SavedFiles
from pixverse_desktop.services.saving import Saver
from pixverse_desktop.services.session import Session
from pixverse_desktop.services.sessions import Sessions
from pixverse_desktop.services.sidecars import Sidecars
from pixverse_desktop.services.streams import Streams
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.backups import FakeBackups
from tests.fakes.clip_source import FakeClipSource
from tests.fakes.clock import FakeClock
from tests.fakes.executor import InlineExecutor
from tests.fakes.id_shelf import FakeShelf
from tests.fakes.key_vault import FakeKeyVault
from tests.fakes.settings_store import FakeSettingsStore
from tests.fakes.video_api import CLIP_URL, FakeVideoApi
from tests.fakes.video_store import FakeVideoStore

RED = (resource_path("clips") / "01-red.mp4").read_bytes()
KEY = ApiKey("sk-0123456789")


@pytest.fixture
def source() -> FakeClipSource:
    found = FakeClipSource()
    found.clips[CLIP_URL] = RED
    return found


@pytest.fixture
def vault() -> FakeKeyVault:
    """Return a keychain with a key in it."""
    filled = FakeKeyVault()
    filled.put(Account("default", INTERNATIONAL_URL), KEY)
    return filled


@pytest.fixture
def accounts(store: FakeVideoStore, vault: FakeKeyVault, api: FakeVideoApi, announcer: Announcer) -> Accounts:
    @asynccontextmanager
    async def connect(account: Account, key: ApiKey) -> AsyncIterator[VideoApi]:
        yield api

    return Accounts(store=store, vault=vault, connect=connect, announcer=announcer)


@pytest.fixture
async def engine(
    library: Library,
    announcer: Announcer,
    nursery: TaskNursery,
    clock: FakeClock,
    api: FakeVideoApi,
    source: FakeClipSource,
    accounts: Accounts,
    tmp_path: Path,
    store: FakeVideoStore,
) -> AsyncIterator[Engine]:
    """Return an engine on which nothing is asked before somebody says so."""
    asyncio.get_running_loop().set_default_executor(InlineExecutor())

    @asynccontextmanager
    async def connect(account: Account, key: ApiKey) -> AsyncIterator[VideoApi]:
        yield api

    def make_session(account: Account) -> Session:
        poller = Poller(
            account=account.name, api=None, library=library, announcer=announcer, clock=clock, nursery=nursery
        )
        return Session(
            account=account, accounts=accounts, connect=connect, poller=poller, announcer=announcer
        )

    sessions = Sessions(
        Account("default", INTERNATIONAL_URL),
        make_session=make_session,
        accounts=accounts,
        library=library,
        announcer=announcer,
        nursery=nursery,
        is_alone=True,
    )
    credit = Credits(sessions=sessions, library=library, announcer=announcer, clock=clock, low=lambda: 100)
    folders = DiskFolders()
    clips = Clips(
        library=library,
        sources=lambda _: source,
        folders=folders,
        clock=clock,
        cache=tmp_path / "cache",
        refresh=sessions.check,
    )
    preferences = Preferences(
        Settings(), store=FakeSettingsStore(), clock=clock, announcer=announcer, nursery=nursery
    )
    sidecars = Sidecars(
        library=library,
        folders=folders,
        announcer=announcer,
        is_wanted=lambda: preferences.now.writes_sidecar,
    )
    saver = Saver(
        library=library,
        clips=clips,
        folders=folders,
        store=store,
        clock=clock,
        announcer=announcer,
        nursery=nursery,
        sidecars=sidecars,
        name_template=lambda: preferences.now.name_template,
    )
    keeper = ListKeeper(
        library=library, backups=FakeBackups(), clock=clock, announcer=announcer, nursery=nursery
    )
    yield Engine(
        clock=clock,
        announcer=announcer,
        nursery=nursery,
        library=library,
        held=HeldIds(FakeShelf()),
        intake=Intake(lambda path: path.read_bytes()),
        accounts=accounts,
        sessions=sessions,
        credits=credit,
        clips=clips,
        streams=Streams(
            library=library, sources=lambda _: source, broadcaster=LoopbackBroadcaster(), clock=clock
        ),
        saver=saver,
        sidecars=sidecars,
        saved_files=SavedFiles(library=library, folders=folders, clips=clips, saver=saver),
        preferences=preferences,
        keeper=keeper,
        attempts=AttemptLog(store, clock=clock, announcer=announcer, nursery=nursery),
    )
    await keeper.aclose()
    await sessions.aclose()
