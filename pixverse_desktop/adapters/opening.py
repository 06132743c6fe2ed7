"""How a list is opened by whoever works on it or reads it, also where there is no room to do so."""

import os
import sqlite3
import tempfile
from pathlib import Path

from pixverse_desktop.adapters.list_file import BUSY_TIMEOUT_S, copy_files, primary_code, size_of

_LOGS = ("-wal", "-journal")
_NO_PLACE = (
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
)


def connect(target: Path | str) -> sqlite3.Connection:
    """Open a path or a URI, to be used by one thread after another."""
    return sqlite3.connect(
        target,
        uri=isinstance(target, str),
        isolation_level=None,
        timeout=BUSY_TIMEOUT_S,
        check_same_thread=False,
    )


def list_uri(path: Path, mode: str) -> str:
    """The URI of a list, to be opened in this mode."""
    return f"{path.absolute().as_uri()}?{mode}"


def open_reader(path: Path) -> sqlite3.Connection:
    """A list as it is; also on a disk that has no room, or no right, for the index of its log."""
    connection = connect(list_uri(path, "mode=ro"))
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if primary_code(error) not in _NO_PLACE:
            raise
        is_alone = not any(size_of(Path(f"{path}{suffix}")) for suffix in _LOGS)
        return connect(list_uri(path, "immutable=1")) if is_alone else _copied_reader(path)
    return connection


def _copied_reader(path: Path) -> sqlite3.Connection:
    """A copy in memory, made of files where there is room: a log has to be worked in before it is read."""
    in_memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=in_memory if os.access(in_memory, os.W_OK) else None) as folder:
        copy = Path(folder) / path.name
        copy_files(path, copy, _LOGS)
        return copy_in_memory(connect(copy))


def copy_in_memory(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A copy nobody else sees; closes what was copied."""
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.backup(memory)
    connection.close()
    return memory
