"""The log file, from which keys are taken out before they are written."""

import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pixverse_desktop.core.secrets import ApiKey

_MAX_BYTES = 2 * 1024 * 1024
_BACKUPS = 3
_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_HIDDEN = "●●●"


class RedactingFormatter(logging.Formatter):
    """Formats a record with its traceback, then takes out every key it was told of."""

    def __init__(self) -> None:
        super().__init__(_FORMAT)
        self._secrets: set[str] = set()

    def hide(self, key: ApiKey) -> None:
        """Never let ``key`` through from now on."""
        self._secrets.add(key.reveal())

    def format(self, record: logging.LogRecord) -> str:
        """The record as text without any key."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text


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

    def write_traceback(self, text: str) -> None:
        """Keep the traceback of a defect, however early it came."""
        logging.getLogger("pixverse_desktop").error("The program ended by a defect:\n%s", text)

    def close(self) -> None:
        """Stop logging to the file."""
        logging.getLogger("pixverse_desktop").removeHandler(self._handler)
        self._handler.close()
