"""How the parts of a run are chosen and put together, opened in order and closed in the opposite one."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from pixverse_desktop.adapters.backups import BackupFolder
from pixverse_desktop.adapters.clock import SystemClock
from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.adapters.http_api import HttpVideoApi
from pixverse_desktop.adapters.id_files import read_id_file
from pixverse_desktop.adapters.id_shelf import FolderShelf
from pixverse_desktop.adapters.keychain import SystemKeychain
from pixverse_desktop.adapters.logs import LogFile
from pixverse_desktop.adapters.loopback import LoopbackBroadcaster
from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.recovery import make_ready, was_told
from pixverse_desktop.adapters.settings_file import SettingsFile
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.app.clip_sources import ClipSources
from pixverse_desktop.cli.arguments import Options
from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.ports import VideoApi
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import Account
from pixverse_desktop.services.accounts import Accounts, Connect
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
from pixverse_desktop.services.sessions import MakeSession, Sessions
from pixverse_desktop.services.sidecars import Sidecars
from pixverse_desktop.services.streams import Streams
from pixverse_desktop.services.tasks import TaskNursery

KEY_VARIABLE = "PIXVERSE_API_KEY"

Report = Callable[[BaseException], None]


@dataclass(frozen=True, slots=True)
class Run:
    """What every part of one run shares."""

    options: Options
    where: Places
    log: LogFile
    report: Report
    key: ApiKey | None
    """The key of the environment or of the demo: for this run alone."""


def environment_key() -> ApiKey | None:
    """The key in ``PIXVERSE_API_KEY``, if it is set."""
    text = os.environ.get(KEY_VARIABLE, "")
    return ApiKey(text) if text.strip() else None


@asynccontextmanager
async def open_own_store(where: Places, tell: Callable[[str], object]) -> AsyncIterator[SqliteVideoStore]:
    """The list on disk, which the caller owns; mended first if it is damaged, of which ``tell`` is told.

    What was told is told again at the next start unless this run comes to its end: a window may be
    killed before anybody has read it.
    """
    backups = BackupFolder(where.library, where.backups)
    recovery = await asyncio.to_thread(lambda: make_ready(where.library, backups, now_s=time.time()))
    if recovery is not None:
        tell(recovery.words())
    async with opened(SqliteVideoStore(where.library)) as store:
        yield store
    if recovery is not None:
        was_told(where.library)


@asynccontextmanager
async def opened(store: SqliteVideoStore) -> AsyncIterator[SqliteVideoStore]:
    """A store, open for as long as this is entered."""
    try:
        await store.open()
        yield store
    finally:
        await store.aclose()


def build_accounts(run: Run, store: SqliteVideoStore, announcer: Announcer) -> Accounts:
    """Names, addresses and keys."""
    return Accounts(
        store=store,
        vault=SystemKeychain(),
        connect=connector(run.log),
        announcer=announcer,
        environment_key=run.key,
        environment_account=run.options.account,
    )


def connector(log: LogFile) -> Connect:
    """How a key becomes a connection; from then on the log lets no such key through."""

    @asynccontextmanager
    async def connect(account: Account, key: ApiKey) -> AsyncIterator[VideoApi]:
        log.hide(key)
        try:
            api = HttpVideoApi(account.base_url, key)
        except ValueError as error:  # of a list that was edited by hand, or of another program's making
            raise InputUnreadable(
                f"The address of the account “{account.name}” cannot be used: {account.base_url}."
            ) from error
        try:
            yield api
        finally:
            await api.aclose()

    return connect


@asynccontextmanager
async def open_engine(run: Run) -> AsyncIterator[Engine]:
    """Every part that works on the list."""
    async with AsyncExitStack() as stack:
        clock, announcer, nursery = SystemClock(), Announcer(run.report), TaskNursery(run.report)
        complaints: list[str] = []
        store = await stack.enter_async_context(open_own_store(run.where, complaints.append))
        library = Library(store, clock, announcer)
        await library.open()
        held = HeldIds(FolderShelf(run.where.shelves))
        await held.take_up(library)
        keeper = ListKeeper(
            library=library,
            backups=BackupFolder(run.where.library, run.where.backups),
            clock=clock,
            announcer=announcer,
            nursery=nursery,
        )
        stack.push_async_callback(keeper.aclose)
        attempts = AttemptLog(store, clock=clock, announcer=announcer, nursery=nursery)
        stack.push_async_callback(attempts.aclose)
        accounts = build_accounts(run, store, announcer)
        account = await accounts.find(run.options.account, run.options.service_url)
        settings_store, settings, complaint = _load_settings(run.where)
        preferences = Preferences(
            settings, store=settings_store, clock=clock, announcer=announcer, nursery=nursery
        )
        sessions = Sessions(
            account,
            make_session=_session_maker(run, settings, accounts, library, announcer, clock, nursery),
            accounts=accounts,
            library=library,
            announcer=announcer,
            nursery=nursery,
            is_alone=_is_alone(run),
        )
        stack.push_async_callback(sessions.aclose)
        await sessions.prepare()
        credit = Credits(
            sessions=sessions,
            library=library,
            announcer=announcer,
            clock=clock,
            low=lambda: preferences.now.low_credits,
        )
        stack.callback(credit.close)
        sources = ClipSources(sessions)
        stack.push_async_callback(sources.aclose)
        clips = _build_clips(run.where, library, sources, clock, sessions)
        clips.bandwidth.limit_bytes_s = settings.save_limit_bytes_s or None
        sidecars = Sidecars(
            library=library,
            folders=DiskFolders(),
            announcer=announcer,
            is_wanted=lambda: preferences.now.writes_sidecar,
        )
        saver = _build_saver(run, library, clips, store, clock, announcer, nursery, sidecars, preferences)
        stack.push_async_callback(saver.aclose)
        stack.push_async_callback(preferences.aclose)
        stack.push_async_callback(nursery.aclose)
        yield Engine(
            clock=clock,
            announcer=announcer,
            nursery=nursery,
            library=library,
            held=held,
            intake=Intake(read_id_file),
            accounts=accounts,
            sessions=sessions,
            credits=credit,
            clips=clips,
            streams=Streams(library=library, sources=sources, broadcaster=LoopbackBroadcaster(), clock=clock),
            saver=saver,
            sidecars=sidecars,
            saved_files=SavedFiles(library=library, folders=DiskFolders(), clips=clips, saver=saver),
            preferences=preferences,
            keeper=keeper,
            attempts=attempts,
            complaint=" ".join([*complaints, complaint]).strip(),
        )


def _is_alone(run: Run) -> bool:
    """Whether this run has to do with its own account alone.

    A key or an address that came from outside was given for that account, and ``watch`` follows one.
    """
    return run.key is not None or run.options.service_url is not None or run.options.verb == "watch"


def _session_maker(
    run: Run,
    settings: Settings,
    accounts: Accounts,
    library: Library,
    announcer: Announcer,
    clock: SystemClock,
    nursery: TaskNursery,
) -> MakeSession:
    """How an account gets a session: with a poller of its own."""

    def make(account: Account) -> Session:
        poller = Poller(
            account=account.name,
            api=None,
            library=library,
            announcer=announcer,
            clock=clock,
            nursery=nursery,
            interval_s=run.options.interval_s or settings.fixed_interval_s,
        )
        connect = connector(run.log)
        return Session(
            account=account, accounts=accounts, connect=connect, poller=poller, announcer=announcer
        )

    return make


def _build_clips(
    where: Places,
    library: Library,
    sources: ClipSources,
    clock: SystemClock,
    sessions: Sessions,
) -> Clips:
    return Clips(
        library=library,
        sources=sources,
        folders=DiskFolders(),
        clock=clock,
        cache=where.clips_cache,
        refresh=sessions.check,
    )


def _build_saver(
    run: Run,
    library: Library,
    clips: Clips,
    store: SqliteVideoStore,
    clock: SystemClock,
    announcer: Announcer,
    nursery: TaskNursery,
    sidecars: Sidecars,
    preferences: Preferences,
) -> Saver:
    """The saver. Saving that was paused in the window is no reason for a script to wait for ever."""
    is_told = run.options.verb == "watch" or run.options.save_to is not None
    return Saver(
        library=library,
        clips=clips,
        folders=DiskFolders(),
        store=store,
        clock=clock,
        announcer=announcer,
        nursery=nursery,
        sidecars=sidecars,
        name_template=lambda: preferences.now.name_template,
        is_paused=preferences.now.is_saving_paused and not is_told,
    )


def _load_settings(where: Places) -> tuple[SettingsFile, Settings, str]:
    """The settings, and what to tell a person if they had to be set aside."""
    store = SettingsFile(where.settings_file)
    try:
        return store, store.load(), ""
    except InputUnreadable as error:
        return store, Settings(), str(error)
