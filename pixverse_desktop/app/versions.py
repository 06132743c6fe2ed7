"""What this program runs on, for a report: itself, Python, its libraries, the system and the desktop."""

import os
import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from pixverse_desktop import __version__


def versions() -> dict[str, str]:
    """Each part by its name."""
    desktop = [os.environ.get(name, "") for name in ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE")]
    return {
        "PixVerse Desktop": __version__,
        "Python": platform.python_version(),
        "Qt": qVersion(),
        "PySide6": pyside_version,
        "httpx": _version("httpx"),
        "SQLite": sqlite3.sqlite_version,
        "System": platform.platform(),
        "Desktop": " ".join([*filter(None, desktop), QGuiApplication.platformName()]),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:  # a bundle may come without it
        return "unknown"
