"""A folder whose lists of ids are taken in as they appear."""

from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

_SUFFIXES = (".txt", ".csv", ".tsv", ".json", ".jsonl")
_SETTLE_MS = 700  # whoever writes a file may need a moment


class FolderWatch(QObject):
    """Tells of files that are new in a folder, or changed, once each.

    Signals:
        appeared(object): a tuple of ``Path``.
    """

    appeared = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._folder: Path | None = None
        self._seen: dict[Path, tuple[int, int]] = {}
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self._look)
        self._watcher.directoryChanged.connect(lambda _: self._settle.start())
        self._watcher.fileChanged.connect(lambda _: self._settle.start())

    @property
    def folder(self) -> Path | None:
        """The folder that is watched, or None."""
        return self._folder

    def watch(self, folder: Path | None) -> None:
        """Watch ``folder``, beginning with what is there; None ends it."""
        self._settle.stop()
        if watched := [*self._watcher.directories(), *self._watcher.files()]:
            self._watcher.removePaths(watched)
        self._seen.clear()
        self._folder = folder
        if folder is not None and folder.is_dir():
            self._watcher.addPath(str(folder))
            self._settle.start()

    def _look(self) -> None:
        fresh = []
        for path in self._lists():
            state = path.stat()
            stamp = (state.st_mtime_ns, state.st_size)
            if state.st_size and self._seen.get(path) != stamp:
                fresh.append(path)
                self._watcher.addPath(str(path))
            self._seen[path] = stamp
        if fresh:
            self.appeared.emit(tuple(fresh))

    def _lists(self) -> list[Path]:
        if self._folder is None or not self._folder.is_dir():
            return []
        return sorted(
            path for path in self._folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file()
        )
