"""Locks the system itself lets go of when a process dies, however it dies."""

import sys

if sys.platform == "win32":
    import msvcrt

    def lock_handle(handle: int) -> bool:
        """Lock an open file for this process alone, without waiting; whether that worked."""
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def lock_handle(handle: int) -> bool:
        """Lock an open file for this process alone, without waiting; whether that worked."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system that knows no locks: nobody else can hold one either
            return True
        return True
