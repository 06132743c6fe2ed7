"""The log file, from which keys are taken out before they are written."""

import logging
import os
from collections import deque
from collections.abc import Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pixverse_desktop.core.redaction import Redactor
from pixverse_desktop.core.secrets import ApiKey

_MAX_BYTES = 2 * 1024 * 1024
_BACKUPS = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_OLDER = ".1"


class RedactingFormatter(logging.Formatter):
    """Formats a record with its traceback, then takes out every key it was told of, and clips' addresses."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)
        self.redact = Redactor()

    def hide(self, key: ApiKey) -> None:
        """Never let ``key`` through from now on."""
        self.redact.hide(key)

    def format(self, record: logging.LogRecord) -> str:
        """The record as text without any key."""
        return self.redact(super().format(record))


class _PrivateFileHandler(RotatingFileHandler):
    def _open(self):  # type: ignore[no-untyped-def]  # noqa: ANN202 - the base class has none either
        stream = super()._open()
        os.chmod(self.baseFilename, 0o600)
        return stream


class LogFile:
    """The program's log for the life of a run; ``close`` takes it off the logging tree again."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "pixverse-desktop.log"
        self._formatter = RedactingFormatter()
        self._handler = _PrivateFileHandler(
            self.path,
            maxBytes=_MAX_BYTES,
            backupCount=_BACKUPS,
            encoding="utf-8",
            delay=True,
        )
        self._handler.setFormatter(self._formatter)
        root = logging.getLogger("pixverse_desktop")
        root.addHandler(self._handler)
        root.setLevel(logging.INFO)

    def hide(self, key: ApiKey) -> None:
        """Never let ``key`` be written."""
        self._formatter.hide(key)

    def redact(self, text: str) -> str:
        """``text`` as it would be written."""
        return self._formatter.redact(text)

    def tail(self, most: int) -> Sequence[str]:
        """The last ``most`` lines that were written, also those that were moved aside. Blocking."""
        older = self.path.with_name(self.path.name + _OLDER)
        lines: deque[str] = deque(maxlen=most)
        for path in (older, self.path):
            try:
                with path.open(encoding="utf-8", errors="replace") as file:
                    lines.extend(line.rstrip("\n") for line in file)
            except OSError:  # none yet, or moved aside this very moment
                continue
        return list(lines)

    def mark(self) -> object:
        """A value that is another one as soon as the log has more."""
        try:
            state = self.path.stat()
        except OSError:
            return None
        return (state.st_ino, state.st_size)

    def write_traceback(self, text: str) -> None:
        """Keep the traceback of a defect, however early it came."""
        logging.getLogger("pixverse_desktop").error("The program ended by a defect:\n%s", text)

    def close(self) -> None:
        """Stop logging to the file."""
        logging.getLogger("pixverse_desktop").removeHandler(self._handler)
        self._handler.close()
