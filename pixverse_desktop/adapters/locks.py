"""Locks the system itself lets go of when a process dies, however it dies."""

import errno
import os
import sys
from pathlib import Path

if sys.platform == "win32":
    import msvcrt

    def lock_handle(handle: int) -> bool:
        """Lock an open file for this process alone, without waiting; whether that worked."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def lock_folder(folder: Path) -> int | None:
        """Nothing: an open lock file cannot be removed there, so it is enough."""
        return os.open(os.devnull, os.O_RDONLY)
else:
    import fcntl

    # A file system that knows no locks, or none for a folder: nobody else can hold one there either.
    _KNOWS_NONE = (errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL, errno.ENOLCK)
    _KNOWS_NONE_FOR_FOLDERS = (*_KNOWS_NONE, errno.EBADF)

    def lock_handle(handle: int) -> bool:
        """Lock an open file for this process alone, without waiting; whether that worked."""
        return _lock(handle, _KNOWS_NONE)

    def lock_folder(folder: Path) -> int | None:
        """Lock a folder itself, which nobody replaces; the handle to hold, or None if another has it."""
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            is_ours = _lock(handle, _KNOWS_NONE_FOR_FOLDERS)
        except OSError:
            os.close(handle)
            raise
        if not is_ours:
            os.close(handle)
            return None
        return handle

    def _lock(handle: int, tolerated: tuple[int, ...]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in tolerated:
                raise
        return True
