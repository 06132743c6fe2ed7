"""Settings as a JSON file that people can read and mend."""

import contextlib
import json
import math
import os
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from pixverse_desktop.core.errors import InputUnreadable, StoreFailed
from pixverse_desktop.core.names import template_problem
from pixverse_desktop.core.pace import MIN_INTERVAL_S
from pixverse_desktop.core.settings import APPEARANCES, Settings


class SettingsFile:
    """The ``SettingsStore`` port over ``settings.json``. Entries it does not know are kept."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> Settings:
        """The settings; defaults where there is no file.

        Raises:
            InputUnreadable: the file is damaged; it was set aside under another name.
        """
        try:
            entries = self._read()
            return _checked(entries)
        except ValueError as error:
            aside = self._path.with_suffix(".damaged.json")
            with contextlib.suppress(OSError):  # it then stays where it is, as unreadable as before
                os.replace(self._path, aside)
            raise InputUnreadable(
                f"The settings could not be read ({error}). They were set aside as {aside.name}; "
                "the usual settings are in force."
            ) from error

    def save(self, settings: Settings) -> None:
        """Write the settings, whole. Raises ``StoreFailed``."""
        try:
            kept = self._read()
        except ValueError:
            kept = {}
        text = json.dumps({**kept, **asdict(settings)}, indent=2, ensure_ascii=False)
        part = self._path.with_suffix(".json.part")
        try:
            handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            # A folder's name need not be UTF-8; the escape of a byte that is not is good JSON.
            with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace") as file:
                file.write(text + "\n")
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, self._path)
        except OSError as error:
            raise StoreFailed(f"The settings could not be saved: {error.strerror or error}.") from error

    def _read(self) -> dict[str, Any]:
        try:
            entries = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except RecursionError as error:
            raise ValueError("they are nested beyond reason") from error
        except OSError as error:
            raise StoreFailed(f"The settings could not be read: {error.strerror or error}.") from error
        if not isinstance(entries, dict):
            raise ValueError("they are not a JSON object")
        return entries


def _checked(entries: dict[str, Any]) -> Settings:
    known = {field.name: entries[field.name] for field in fields(Settings) if field.name in entries}
    defaults = Settings()
    for name, value in known.items():
        wanted = type(getattr(defaults, name))
        if wanted is float and isinstance(value, int) and not isinstance(value, bool):
            known[name] = float(min(value, 1e9))
        elif type(value) is not wanted:
            raise ValueError(f"“{name}” has an unusable value")
    settings = Settings(**known)
    if not settings.interval_s >= MIN_INTERVAL_S or math.isinf(settings.interval_s):
        raise ValueError("“interval_s” must be 3 or more")
    if not 0 <= settings.volume_percent <= 100:
        raise ValueError("“volume_percent” must be between 0 and 100")
    if settings.save_limit_bytes_s < 0:
        raise ValueError("“save_limit_bytes_s” must not be negative")
    if settings.appearance not in APPEARANCES:
        raise ValueError("“appearance” must be system, light or dark")
    if problem := template_problem(settings.name_template):
        raise ValueError(f"“name_template” has an unusable value: {problem.removesuffix('.')}")
    return settings
