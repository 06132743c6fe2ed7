"""Where things live on this machine."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from pixverse_desktop.adapters.sqlite_store import FILE_NAME
from pixverse_desktop.core.errors import StoreFailed

_APP = "pixverse-desktop"


@dataclass(frozen=True, slots=True)
class Places:
    """The folders of one run. ``prepare`` makes them, closed to other users."""

    data: Path
    settings: Path
    logs: Path
    cache: Path

    @property
    def library(self) -> Path:
        """The list."""
        return self.data / FILE_NAME

    @property
    def backups(self) -> Path:
        """Copies of the list."""
        return self.data / "backups"

    @property
    def settings_file(self) -> Path:
        """The settings."""
        return self.settings / "settings.json"

    @property
    def window_file(self) -> Path:
        """Where the window remembers its own shape."""
        return self.settings / "window.ini"

    @property
    def clips_cache(self) -> Path:
        """Clips fetched for playing."""
        return self.cache / "clips"

    @property
    def posters(self) -> Path:
        """Small pictures of clips, for the gallery."""
        return self.cache / "posters"

    @property
    def lent_pictures(self) -> Path:
        """Frames that were dragged to other programs."""
        return self.cache / "frames"

    @property
    def shelves(self) -> tuple[Path, ...]:
        """Where ids may wait that the list cannot take yet, best first: they may be on different disks."""
        return (self.data, self.settings, self.logs, self.cache)

    def prepare(self) -> None:
        """Make every folder. Raises ``StoreFailed``."""
        for folder in (
            self.data,
            self.backups,
            self.settings,
            self.logs,
            self.cache,
            self.clips_cache,
            self.posters,
            self.lent_pictures,
        ):
            _make_private(folder)


def places(data_dir: Path | None) -> Places:
    """The platform's own places, or everything below ``data_dir``."""
    if data_dir is not None:
        root = data_dir.absolute()
        return Places(data=root, settings=root, logs=root / "logs", cache=root / "cache")
    dirs = platformdirs.PlatformDirs(_APP, appauthor=False)
    return Places(
        data=Path(dirs.user_data_dir),
        settings=Path(dirs.user_config_dir),
        logs=Path(dirs.user_log_dir),
        cache=Path(dirs.user_cache_dir),
    )


def videos_folder() -> Path:
    """Where this person's videos usually are."""
    return Path(platformdirs.user_videos_dir()) / "PixVerse"


def _make_private(folder: Path) -> None:
    """Make ``folder`` for this user alone. A folder with other things in it keeps its own permissions."""
    try:
        is_ours = not folder.exists() or not any(folder.iterdir())
        folder.mkdir(parents=True, exist_ok=True)
        if is_ours:
            with contextlib.suppress(PermissionError):
                os.chmod(folder, 0o700)
    except OSError as error:
        raise StoreFailed(
            f"The folder {folder} cannot be used: {error.strerror or error}. Choose another with --data-dir."
        ) from error
