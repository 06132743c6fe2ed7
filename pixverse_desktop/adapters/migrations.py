"""The list's shape on disk, version by version. A version that was released is never edited."""

import sqlite3
from collections.abc import Sequence

from pixverse_desktop.core.errors import StoreTooNew

# One entry a version; `PRAGMA user_version` counts them. All entries of a step run in one transaction.
MIGRATIONS: Sequence[Sequence[str]] = (
    (
        """
        CREATE TABLE accounts (
            name TEXT NOT NULL PRIMARY KEY,
            base_url TEXT NOT NULL
        ) STRICT
        """,
        # The row number keeps the order of adding. Ids are text: uint64 does not fit an INTEGER.
        """
        CREATE TABLE videos (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            account TEXT NOT NULL,
            video_id TEXT NOT NULL,
            added_at_s REAL NOT NULL,
            status TEXT NOT NULL,
            status_code INTEGER,
            message TEXT NOT NULL,
            url TEXT NOT NULL,
            prompt TEXT NOT NULL,
            negative_prompt TEXT NOT NULL,
            style TEXT NOT NULL,
            seed INTEGER,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            size_bytes INTEGER NOT NULL,
            has_audio INTEGER,
            credits INTEGER,
            created_at_s REAL,
            modified_at_s REAL,
            ended_at_s REAL,
            no_file_since_s REAL,
            second_look_done INTEGER NOT NULL,
            saved_path TEXT NOT NULL,
            saved_bytes INTEGER NOT NULL,
            trace_id TEXT NOT NULL,
            raw TEXT NOT NULL,
            removed_at_s REAL,
            UNIQUE (account, video_id)
        ) STRICT
        """,
    ),
    (
        # Apart from the videos: what a person says outlives what the service says, and is changed in bulk.
        """
        CREATE TABLE marks (
            account TEXT NOT NULL,
            video_id TEXT NOT NULL,
            tags TEXT NOT NULL,
            rating INTEGER NOT NULL,
            is_rejected INTEGER NOT NULL,
            note TEXT NOT NULL,
            batch TEXT NOT NULL,
            PRIMARY KEY (account, video_id)
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE views (
            name TEXT NOT NULL PRIMARY KEY,
            query TEXT NOT NULL
        ) STRICT
        """,
    ),
    (
        # One row a video: its attempts are read and written together, and equal ones are folded.
        """
        CREATE TABLE attempts (
            account TEXT NOT NULL,
            video_id TEXT NOT NULL,
            last_at_s REAL NOT NULL,
            runs TEXT NOT NULL,
            PRIMARY KEY (account, video_id)
        ) STRICT, WITHOUT ROWID
        """,
    ),
    (
        # What is to be saved, until it is; and what was given up, which automatic saving leaves alone.
        """
        CREATE TABLE saves (
            account TEXT NOT NULL,
            video_id TEXT NOT NULL,
            folder TEXT NOT NULL,
            queued_at_s REAL NOT NULL,
            reason TEXT NOT NULL,
            is_over INTEGER NOT NULL,
            PRIMARY KEY (account, video_id)
        ) STRICT, WITHOUT ROWID
        """,
    ),
)


def migrate(connection: sqlite3.Connection, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Bring a list to the newest version, each step in one transaction with its number.

    ``connection`` must be in autocommit mode.

    Raises:
        StoreTooNew: a newer program wrote it.
    """
    version = schema_version(connection)
    refuse_newer(version, migrations)
    for number, statements in enumerate(migrations[version:], start=version + 1):
        _step(connection, number, statements)


def refuse_newer(version: int, migrations: Sequence[Sequence[str]] = MIGRATIONS) -> None:
    """Raise ``StoreTooNew`` for a version this program does not know."""
    if version > len(migrations):
        raise StoreTooNew(
            f"This list was written by a newer PixVerse Desktop (list version {version}, this program "
            f"knows {len(migrations)}). Nothing was changed. Update the program to open it."
        )


def schema_version(connection: sqlite3.Connection) -> int:
    """The version a list is at; 0 for a new file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _step(connection: sqlite3.Connection, number: int, statements: Sequence[str]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements:
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {number}")
    except BaseException:
        if connection.in_transaction:  # SQLite has ended it by itself when the disk is full
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
