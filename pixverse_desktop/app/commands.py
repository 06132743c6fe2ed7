"""The verbs without a window, each put together from its parts."""

import asyncio
import io
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

from pixverse_desktop.adapters.backups import BackupFolder
from pixverse_desktop.adapters.clock import SystemClock
from pixverse_desktop.adapters.id_files import read_id_file, read_stream
from pixverse_desktop.adapters.instance import Request, own_within
from pixverse_desktop.adapters.logs import LogFile
from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.app.composition import (
    Run,
    build_accounts,
    environment_key,
    open_engine,
    open_own_store,
    opened,
)
from pixverse_desktop.app.handover import answering, take, take_or_hand_over
from pixverse_desktop.cli import editing, keys
from pixverse_desktop.cli.arguments import Options
from pixverse_desktop.cli.inputs import gather_hauls, gather_ids
from pixverse_desktop.cli.listing import render
from pixverse_desktop.cli.watch import watch
from pixverse_desktop.core.errors import InputUnreadable, ListInUse, StoreFailed
from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.core.identifiers import IdScan
from pixverse_desktop.core.marks import NO_MARKS
from pixverse_desktop.core.records import as_json
from pixverse_desktop.core.retention import BackupReason
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.intake import Haul, Intake
from pixverse_desktop.services.keeping import LARGE_IMPORT
from pixverse_desktop.services.library import Library

Command = Callable[[Options, Places, LogFile], Coroutine[Any, Any, int]]


_NOTHING_SAVED_WORDS = (
    "Clips are not saved: no folder was chosen yet. Give one with --save-to, or choose one in the window."
)
_KEY_WAIT_S = 1.0  # for a short command; a window keeps the list


async def print_list(options: Options, where: Places) -> int:
    """``list`` and ``export``: read the list, whoever owns it, and print it."""
    async with opened(SqliteVideoStore(where.library, read_only=True)) as store:
        videos, marks = await store.load(), await store.load_marks()
    wanted = [video for video in videos if not options.statuses or video.status in options.statuses]
    rows = [(video, marks.get(video.ref, NO_MARKS)) for video in wanted]
    out = _utf8_output()
    out.write(render(rows, options.format))
    out.flush()
    return ExitCode.ALL_READY


async def _watch(options: Options, where: Places, log: LogFile) -> int:
    scan = _gather(options) if options.inputs else IdScan()
    run = Run(options, where, log, _log_only, environment_key())
    words = "A window or a watch uses this list already. Give it the ids with “pixverse-desktop add”."
    with take(where, words) as ownership:
        async with open_engine(run) as engine, answering(ownership, engine.library, None):
            if engine.complaint:
                _tell(engine.complaint)
            folder = _save_folder(options, engine)
            if folder is None and not options.no_save:
                _tell(_NOTHING_SAVED_WORDS)
            return await watch(
                engine,
                scan.ids,
                account=options.account,
                folder=folder,
                timeout_s=options.timeout_s,
                as_json=options.as_json,
                out=_utf8_output(),
                err=sys.stderr,
            )


async def _add(options: Options, where: Places, log: LogFile) -> int:
    haul = gather_hauls(_inputs(options), Intake(read_id_file), _read_stdin, now_s=time.time())

    async def add(library: Library) -> Request:
        ids = await library.add(haul.scan.ids, account=options.account)
        rows = await library.take_in(haul.rows)
        return {"added": len(ids.added + rows.added), "already": len(ids.already + rows.already)}

    answer = await _on_list(options, where, haul, add)
    return editing.tell_added(answer, haul.scan, sys.stdout, sys.stderr)


async def _remove(options: Options, where: Places, log: LogFile) -> int:
    scan = _gather(options)

    async def remove(library: Library) -> Request:
        removed = await library.remove(editing.refs(scan, options.account))
        return {"removed": [video.video_id for video in removed]}

    answer = await _on_list(options, where, Haul(scan), remove)
    return editing.tell_removed(answer, scan, sys.stdout, sys.stderr)


async def _on_list(
    options: Options, where: Places, haul: Haul, work: Callable[[Library], Awaitable[Request]]
) -> Request:
    """Change the list ourselves, or have the window or watch that owns it do so; what came of it."""
    request: Request = {"verb": options.verb, "ids": list(haul.scan.ids), "account": options.account}
    if haul.rows:
        request["rows"] = as_json(haul.rows)
    taken = take_or_hand_over(where, request)
    if isinstance(taken, dict):
        return taken
    with taken:
        async with open_own_store(where, _tell) as store:
            library = Library(store, SystemClock(), Announcer(_log_only))
            await library.open()
            answer = await work(library)
            await asyncio.to_thread(_back_up, where, answer)
            return answer


def _back_up(where: Places, answer: Request) -> None:
    """After a removal or a large import; after anything else once a day. Its failing undoes nothing."""
    backups, now_s = BackupFolder(where.library, where.backups), time.time()
    try:
        if answer.get("removed"):
            backups.make(BackupReason.EXIT, now_s=now_s)
        elif answer.get("added", 0) >= LARGE_IMPORT:
            backups.make(BackupReason.IMPORT, now_s=now_s)
        elif not backups.has_made(BackupReason.DAILY, now_s=now_s):
            backups.make(BackupReason.DAILY, now_s=now_s)
    except StoreFailed as error:
        _tell(str(error))


@asynccontextmanager
async def _store_for_keys(options: Options, where: Places) -> AsyncIterator[SqliteVideoStore]:
    """To look, the list as it is; to write, our own, or that of its owner as a guest."""
    if options.key_action not in ("set", "remove"):
        async with opened(SqliteVideoStore(where.library, read_only=True)) as store:
            yield store
        return
    try:
        ownership = own_within(where.data, _KEY_WAIT_S)
    except ListInUse:
        async with opened(SqliteVideoStore(where.library, is_guest=True)) as store:
            yield store
        return
    with ownership:
        async with open_own_store(where, _tell) as store:
            yield store


async def _key(options: Options, where: Places, log: LogFile) -> int:
    async with _store_for_keys(options, where) as store:
        run = Run(options, where, log, _log_only, None)
        if options.key_action == "test":
            run = Run(options, where, log, _log_only, environment_key())
        accounts = build_accounts(run, store, Announcer(_log_only))
        account = await accounts.find(options.account, options.service_url)
        match options.key_action:
            case "set":
                return await keys.set_key(accounts, account, keys.read_key, sys.stdout)
            case "test":
                return await keys.test_key(accounts, account, sys.stdout)
            case "remove":
                return await keys.remove_key(accounts, account, sys.stdout)
            case _:
                return await keys.list_keys(accounts, sys.stdout, sys.stderr)


COMMANDS: Mapping[str, Command] = MappingProxyType(
    {"watch": _watch, "add": _add, "remove": _remove, "key": _key}
)


def _inputs(options: Options) -> Sequence[str]:
    if not options.inputs:
        raise InputUnreadable(
            f"Nothing to {options.verb}: give ids, a file with ids, or - for standard input."
        )
    return options.inputs


def _read_stdin() -> bytes:
    return read_stream(sys.stdin.buffer, "standard input")


def _gather(options: Options) -> IdScan:
    scan = gather_ids(_inputs(options), Intake(read_id_file), _read_stdin)
    if options.verb == "watch":
        editing.tell_refused(scan, sys.stderr)
    return scan


def _utf8_output() -> TextIO:
    """Standard output in UTF-8 whatever the locale: prompts come in every script, and JSON is UTF-8.

    What even that cannot write, a byte of a folder's name that is no text, is escaped as JSON does.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    return sys.stdout


def _save_folder(options: Options, engine: Engine) -> Path | None:
    """Where ``watch`` saves: as told, else where the window was told to, else nowhere."""
    if options.no_save:
        return None
    if options.save_to is not None:
        return options.save_to.absolute()
    return Path(engine.settings.save_folder) if engine.settings.save_folder else None


def _tell(words: str) -> None:
    sys.stderr.write(words + "\n")


def _log_only(_: BaseException) -> None:
    """Whoever reports has logged it with its traceback already; there is no window to tell."""
