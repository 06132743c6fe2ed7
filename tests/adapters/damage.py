"""Harm done to the files of a list, as a failing disk or a killed program does it."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

# A statement that does not fit into its cache writes into the file before it is committed.
_DIE_WRITING = """
import os, signal, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA journal_mode = " + sys.argv[2])
connection.execute("PRAGMA cache_size = 5")
for statement in sys.argv[3:]:
    connection.execute(statement)
os.kill(os.getpid(), signal.SIGKILL)
"""


def die_writing(path: Path, journal_mode: str, *statements: str) -> None:
    """Let a program do ``statements`` and be killed before it closes the file."""
    command = [sys.executable, "-c", _DIE_WRITING, str(path), journal_mode, *statements]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL


def leaf_pages(path: Path, table: str) -> list[int]:
    """Where in the file the rows of a table lie, in the order of their row numbers."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT pgoffset FROM dbstat WHERE name = ? AND pagetype = 'leaf' ORDER BY path", (table,)
        )
        return [int(offset) for (offset,) in rows]


def overwrite(path: Path, offset: int, data: bytes) -> None:
    """Put other bytes into a file."""
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(data)


def break_pages(path: Path, table: str, *numbers: int) -> None:
    """Fill leaf pages of a table or an index, by their place in it, with garbage."""
    offsets = leaf_pages(path, table)
    for number in numbers:
        overwrite(path, offsets[number], b"\xa5" * 4096)


def change(path: Path, *statements: str) -> None:
    """Change rows behind the program's back."""
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()
