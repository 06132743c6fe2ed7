"""What to do at the start with a list that is damaged: nothing is deleted, as much as possible comes back.

A new list is built beside the damaged one from the newest good backup and from whatever can still be
read. Then a note is written of what is to be told; while it is there, the recovery is to be finished or
to be told. A program killed at any moment thus leaves the damaged list, or the new one and the note.
"""

import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from pixverse_desktop.adapters.backups import BackupFolder
from pixverse_desktop.adapters.list_file import (
    HEADER_BYTES,
    ONE_PAGE,
    copy_files,
    copy_list,
    flush_folder,
    graft,
    has_header,
    is_blank,
    is_damaged,
    move_files,
    new_private_file,
    open_to_read,
    page_bytes,
    primary_code,
    put_in_place,
    roll_back,
    size_of,
    use_wal,
)
from pixverse_desktop.adapters.migrations import MIGRATIONS, migrate, schema_version
from pixverse_desktop.adapters.rescue import merge
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.retention import Backup, BackupReason

_FIRST_LOG_BYTES = 200_000  # more than making the tables writes: such a log has held videos
_BACKUPS_USED = 4  # the newest, and a few in case it was made from a shorter list or dated by a wrong clock


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was done about a list that was damaged or missing.

    Attributes:
        aside: the name under which the damaged file is kept, beside the list; empty if there was none.
        backup_made_at: when the restored backup was made, or empty if there was none.
        restored: videos that came back from the backup.
        merged: further videos that only other backups had.
        rescued: further videos that could still be read from the damaged file.
    """

    aside: str
    backup_made_at: str
    restored: int
    rescued: int
    merged: int = 0

    def words(self) -> str:
        """What happened, for the person."""
        day, _, time = self.backup_made_at.partition("T")
        made_at = f"{day} {time.replace('-', ':')} UTC"
        came = f"{self.restored} videos came back from the backup of {made_at}"
        parts = [came if self.backup_made_at else "there was no backup to restore"]
        if self.merged:
            parts.append(f"{self.merged} more from other backups")
        if self.rescued:
            parts.append(f"{self.rescued} more could be read from the damaged file")
        what = "damaged" if self.aside else "missing"
        kept = f" The damaged file is kept as {self.aside}." if self.aside else ""
        return f"The list was {what}: {', and '.join(parts)}. Ids added since may be missing.{kept}"


def make_ready(library: Path, backups: BackupFolder, *, now_s: float) -> Recovery | None:
    """Before a list is opened by its owner: mend it if it is damaged, back it up if it is to be migrated.

    Returns what is to be told, until ``was_told`` is called. A list that cannot be looked into for
    another reason, such as its folder's permissions, is not damaged. Raises ``StoreFailed``, and has
    then lost nothing; ``StoreTooNew``, and has then changed nothing.
    """
    library = library.resolve()  # a link to a list stays one
    with _in_our_words():
        recovery = _finish(library, backups, now_s)
        if not _is_settled(library):
            return _recover(library, backups, now_s)
        if _is_new(library, backups):
            return recovery
        if not _is_in_order(library):
            return _recover(library, backups, now_s)
        with closing(open_to_read(library)) as connection:
            version = schema_version(connection)
    if 0 < version < len(MIGRATIONS):
        backups.make(BackupReason.MIGRATION, now_s=now_s)
    return recovery


def was_told(library: Path) -> None:
    """Forget what ``make_ready`` returned; call it when the person has been told."""
    with suppress(OSError):  # then it is told once more
        _note(library.resolve()).unlink()


def _is_new(library: Path, backups: BackupFolder) -> bool:
    """Whether there never was a list. None where there are backups, or the remains of one, means a loss."""
    log_bytes = size_of(Path(f"{library}-wal"))
    if not is_blank(library) or log_bytes > (_FIRST_LOG_BYTES if size_of(library) else 0):
        return False
    return backups.newest_aside() is None and not backups.all()


def _is_settled(library: Path) -> bool:
    """Whether nothing is left half done by a killed program, after undoing what was.

    It is tried on a copy first: the journal of another database would overwrite the list with its pages.
    """
    if not size_of(library) or not size_of(Path(f"{library}-journal")):
        return True
    with _scratch(library) as folder:
        trial = folder / "trial.sqlite3"
        copy_files(library, trial, ("-wal", "-journal"))
        _try_to_roll_back(trial)
        was_begun = size_of(library) <= ONE_PAGE and is_blank(trial)  # a list is longer than that
        if not was_begun and is_damaged(trial):
            return False
    roll_back(library)
    return True


def _is_in_order(library: Path) -> bool:
    """Whether a file is a whole list."""
    if is_blank(library):
        return False
    try:
        return not is_damaged(library)
    except sqlite3.OperationalError as error:
        if primary_code(error) != sqlite3.SQLITE_READONLY:
            raise
        roll_back(library)
        return not is_damaged(library)


def _recover(library: Path, backups: BackupFolder, now_s: float) -> Recovery:
    used = list(islice(backups.restorable(now_s=now_s), _BACKUPS_USED))
    damaged, aside = library, backups.free_aside(now_s=now_s).name if _is_there(library) else ""
    former = backups.newest_aside()
    # If there is no list, a recovery by an earlier program broke off; but what is older than the newest
    # backup has been recovered long ago, and knows less.
    if former and not size_of(library) and not (used and former.name < _aside_of(library, used[0])):
        damaged, aside = former, aside or former.name
    with _scratch(library) as folder:
        merged, rescued = _build(_part(library), used, damaged, folder, now_s)
    recovery = Recovery(
        aside=aside,
        backup_made_at=used[0].name.made_at if used else "",
        restored=used[0].videos if used else 0,
        rescued=rescued,
        merged=merged,
    )
    use_wal(_part(library))
    _write_note(library, recovery)
    _finish(library, backups, now_s)
    return recovery


def _aside_of(library: Path, backup: Backup) -> str:
    """The name a list would have that was set aside when ``backup`` was made."""
    return f"{library.stem}.damaged-{backup.name.made_at}"


def _build(part: Path, used: Sequence[Backup], damaged: Path, folder: Path, now_s: float) -> tuple[int, int]:
    """Make the new list out of backups and of copies of the damaged one; how many videos the others gave."""
    new_private_file(part)
    if used:
        copy_list(used[0].path, part)
    with closing(sqlite3.connect(part, isolation_level=None)) as connection:
        migrate(connection)
        merged = sum(merge(each.path, connection, is_newer=False, now_s=now_s) for each in used[1:])
        rescued = sum(
            merge(each, connection, is_newer=True, now_s=now_s) for each in _copies(damaged, folder, part)
        )
    return merged, rescued


def _copies(damaged: Path, folder: Path, donor: Path) -> Iterator[Path]:
    """The damaged list alone, and then as it is with its side files, which may be another database's."""
    sides = tuple(suffix for suffix in ("-wal", "-journal") if size_of(Path(f"{damaged}{suffix}")))
    for suffixes in ((), sides) if sides else ((),):
        copy = folder / f"with{''.join(suffixes)}.sqlite3"
        copy_files(damaged, copy, suffixes)
        if size_of(copy) and not has_header(copy):
            graft(copy, donor, HEADER_BYTES)
        if not _try_to_roll_back(copy) and size_of(copy):
            graft(copy, donor, page_bytes(donor))  # with it, where the tables begin
        yield copy


def _try_to_roll_back(copy: Path) -> bool:
    """Whether SQLite gets as far as the names of the tables."""
    try:
        roll_back(copy)
    except sqlite3.DatabaseError:
        return False
    return True


def _finish(library: Path, backups: BackupFolder, now_s: float) -> Recovery | None:
    """Do the rest of a recovery that a note tells of; without one, what was built is not whole."""
    part, recovery = _part(library), _read_note(library)
    if recovery is None:
        part.unlink(missing_ok=True)
        return None
    if part.exists():
        if _is_there(library):
            aside = library.with_name(recovery.aside)
            is_free = recovery.aside and not aside.exists()
            move_files(library, aside if is_free else backups.free_aside(now_s=now_s))
        put_in_place(part, library)
    return recovery


def _is_there(library: Path) -> bool:
    return library.exists() or size_of(Path(f"{library}-wal")) > 0


def _write_note(library: Path, recovery: Recovery) -> None:
    note = _note(library)
    half = note.with_suffix(".part")
    with half.open("w", encoding="utf-8") as file:
        json.dump(asdict(recovery), file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(half, note)
    flush_folder(library.parent)


def _read_note(library: Path) -> Recovery | None:
    try:
        return Recovery(**json.loads(_note(library).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):  # not one of ours, which appear whole
        _note(library).unlink()
        return None


def _note(library: Path) -> Path:
    return library.with_suffix(".recovery")


def _part(library: Path) -> Path:
    return library.with_suffix(".restoring")


@contextmanager
def _scratch(library: Path) -> Iterator[Path]:
    """A private folder for copies, where a killed program's is cleared away."""
    folder = library.with_suffix(".recovering")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise StoreFailed(
            f"The list could not be read or mended: {error}. Nothing was lost or changed. Free some space or "
            "check the folder’s permissions, then start again."
        ) from error
