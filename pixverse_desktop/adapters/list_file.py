"""How the files of a list are looked at, copied and moved without harming what is in them."""

import contextlib
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from pixverse_desktop.adapters.migrations import refuse_newer, schema_version

SIDE_FILES = ("-wal", "-shm", "-journal")
_MAGIC = b"SQLite format 3\0"
BUSY_TIMEOUT_S = 5.0
HEADER_BYTES = 100

_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
ONE_PAGE = 4096


def open_to_read(path: Path) -> sqlite3.Connection:
    """Without any writing: closing it leaves every byte as it was."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_TIMEOUT_S)


def roll_back(path: Path) -> None:
    """Let SQLite undo what a killed program left half done, which a reader may not do."""
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_TIMEOUT_S)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def is_damaged(path: Path) -> bool:
    """Whether a file is no whole list; one that is busy or locked away is not damaged.

    Raises:
        StoreTooNew: a newer program wrote it; what it looks like inside is that one's affair.
        sqlite3.Error: it could not be looked into.
    """
    refuse_newer(header_version(path))
    try:
        with closing(open_to_read(path)) as connection:
            refuse_newer(schema_version(connection))  # again: a newer one may stand in the write-ahead log
            return not (_has_videos(connection) and is_whole(connection))
    except sqlite3.Error as error:
        if primary_code(error) in _DAMAGE:
            return True
        raise


def is_sound(path: Path) -> bool:
    """Whether SQLite finds nothing wrong with a file."""
    try:
        with closing(open_to_read(path)) as connection:
            return is_whole(connection)
    except (sqlite3.Error, OSError):
        return False


def is_whole(connection: sqlite3.Connection) -> bool:
    """Whether every page is in order, and every index has what its table has (``quick_check`` skips that)."""
    return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")


def is_blank(path: Path) -> bool:
    """Whether a file is one that a program killed at its first start had only just begun.

    No list fits into one page, so a longer file without tables is not blank but hidden, as by the
    write-ahead log of another database.
    """
    if size_of(path) == 0:
        return True
    if size_of(path) > ONE_PAGE or header_version(path) != 0:
        return False
    try:
        with closing(open_to_read(path)) as connection:
            is_empty = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
            return is_empty and schema_version(connection) == 0
    except sqlite3.Error:
        return False


def header_version(path: Path) -> int:
    """The version in a file's own header; 0 where there is no such header."""
    header = _first(path)
    return int.from_bytes(header[60:64], "big") if header.startswith(_MAGIC) else 0


def has_header(path: Path) -> bool:
    """Whether a file begins as SQLite's files do."""
    return _first(path).startswith(_MAGIC)


def graft(path: Path, donor: Path, count: int) -> None:
    """Give a file whose first ``count`` bytes are lost those of another list; its pages say the rest."""
    first = bytearray(_first(donor, count))
    first[18:20] = b"\2\2" if size_of(Path(f"{path}-wal")) else b"\1\1"
    first[28:32] = (size_of(path) // page_bytes(donor)).to_bytes(4, "big")
    first[32:40] = bytes(8)  # its free pages: not to be known, and not needed for reading
    first[92:96] = first[24:28]
    with path.open("r+b") as file:
        file.write(first)


def page_bytes(path: Path) -> int:
    """The size of a list's pages."""
    return int.from_bytes(_first(path)[16:18], "big")


def size_of(path: Path) -> int:
    """A file's size in bytes; 0 where there is none."""
    with contextlib.suppress(FileNotFoundError):
        return path.stat().st_size
    return 0


def new_private_file(path: Path) -> None:
    """Make an empty file that nobody else may read, in place of one that may be there."""
    for suffix in ("", *SIDE_FILES):
        Path(f"{path}{suffix}").unlink(missing_ok=True)
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


def copy_list(source: Path, target: Path) -> None:
    """Copy a list, whoever writes into it meanwhile, as one file with nothing beside it."""
    with closing(open_to_read(source)) as reading, closing(sqlite3.connect(target)) as writing:
        writing.execute("PRAGMA synchronous = FULL")
        reading.backup(writing)  # in one go: under WAL nobody waits for it, and no writer makes it start anew
        writing.execute("PRAGMA journal_mode = DELETE")


def copy_files(source: Path, target: Path, suffixes: tuple[str, ...]) -> None:
    """Copy a list byte by byte, with those of its side files."""
    for suffix in ("", *suffixes):
        if Path(f"{source}{suffix}").exists():
            shutil.copyfile(f"{source}{suffix}", f"{target}{suffix}")


def move_files(source: Path, target: Path) -> None:
    """Move a list; its side files first, so that whoever goes on after a crash finds the rest by the list."""
    for suffix in (*SIDE_FILES, ""):
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{source}{suffix}", f"{target}{suffix}")
    flush_folder(source.parent)


def put_in_place(part: Path, library: Path) -> None:
    """Give a finished file the list's name, and do not return before both are safe on the disk."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    for suffix in SIDE_FILES:  # of another list: SQLite would read them into this one
        Path(f"{library}{suffix}").unlink(missing_ok=True)
    os.replace(part, library)
    flush_folder(library.parent)


def use_wal(path: Path) -> None:
    """Leave a finished file in the mode the list is worked on in: no journal that a reader trips over."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA journal_mode = WAL")


def flush_folder(folder: Path) -> None:
    """Make renames in a folder survive a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's own kind of an error, without its finer shades."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def decoded(text: bytes) -> str:
    """Text of a damaged cell: what can be read of it."""
    return text.decode(errors="replace")


def _first(path: Path, count: int = HEADER_BYTES) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(count)
    except OSError:
        return b""


def _has_videos(connection: sqlite3.Connection) -> bool:
    statement = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'videos'"
    return schema_version(connection) > 0 and connection.execute(statement).fetchone()[0] == 1
