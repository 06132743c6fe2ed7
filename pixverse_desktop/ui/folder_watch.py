"""A folder whose lists of ids are taken in as they appear, and not before they are whole."""

import os
import stat
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

_SUFFIXES = (".txt", ".csv", ".tsv", ".json", ".jsonl")
_LINE_ENDS = b"\n\r]}"  # a list that ends in one of these is not cut within an id
_CALM_LOOKS = 4  # of no change make a file whole

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Pace:
    """How often a watched folder is looked at, in milliseconds.

    Attributes:
        settle: after a notice; whoever writes a file may need a moment.
        calm: between looks at a file that may be half written.
        again: in any case: network drives give no notice, and a folder may come back.
    """

    settle: int = 700
    calm: int = 2_500
    again: int = 30_000


class FolderWatch(QObject):
    """Tells of files that are new in a folder, or changed, once each and when they are whole.

    Signals:
        appeared(object): a tuple of ``Path``.
        troubled(str): the system's words for why the folder cannot be looked at; once for each reason.
    """

    appeared = Signal(object)
    troubled = Signal(str)

    def __init__(self, parent: QObject | None = None, pace: Pace = Pace()) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._folder: Path | None = None
        self._told: dict[Path, Stamp] = {}
        self._growing: dict[Path, tuple[Stamp, float]] = {}
        self._calm_s = pace.calm * _CALM_LOOKS / 1000
        self._trouble = ""
        self._settle = self._timer(pace.settle)
        self._calm = self._timer(pace.calm)
        self._again = self._timer(pace.again)
        self._watcher.directoryChanged.connect(lambda _: self._settle.start())
        self._watcher.fileChanged.connect(lambda _: self._settle.start())

    @property
    def folder(self) -> Path | None:
        """The folder that is watched, or None."""
        return self._folder

    def watch(self, folder: Path | None) -> None:
        """Watch ``folder``, beginning with what is there; None ends it. It need not be there yet."""
        for timer in (self._settle, self._calm, self._again):
            timer.stop()
        if watched := [*self._watcher.directories(), *self._watcher.files()]:
            self._watcher.removePaths(watched)
        self._told.clear()
        self._growing.clear()
        self._trouble = ""
        self._folder = folder
        if folder is not None:
            self._notice([folder])
            self._settle.start()

    def forget(self, paths: Iterable[Path]) -> None:
        """Tell of these files again at the next look: they could not be read."""
        for path in paths:
            self._told.pop(path, None)

    def _timer(self, interval_ms: int) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(interval_ms)
        timer.timeout.connect(self._look)
        return timer

    def _look(self) -> None:
        lists = self._lists()
        fresh = tuple(path for path, stamp in lists.items() if self._is_fresh(path, stamp))
        self._growing = {path: each for path, each in self._growing.items() if path in lists}
        if self._folder is not None:
            self._notice([self._folder, *lists])
            self._again.start()
        if self._growing:
            self._calm.start()
        if fresh:
            self._told.update((path, lists[path]) for path in fresh)
            self.appeared.emit(fresh)

    def _is_fresh(self, path: Path, stamp: Stamp) -> bool:
        """Whether a file was not told of as it is now, and holds something whole."""
        if self._told.get(path) == stamp or stamp[1] == 0:
            return False
        now_s = time.monotonic()
        before, since_s = self._growing.pop(path, (stamp, now_s))
        if before != stamp:
            since_s = now_s
        if now_s - since_s >= self._calm_s or _ends_whole(path):
            return True
        self._growing[path] = (stamp, since_s)
        return False

    def _lists(self) -> dict[Path, Stamp]:
        """The lists in the folder, each with what changes when it does."""
        if self._folder is None:
            return {}
        try:
            paths = sorted(path for path in self._folder.iterdir() if path.suffix.lower() in _SUFFIXES)
        except OSError as error:
            self._tell(error.strerror or str(error))
            return {}
        self._trouble = ""
        stamps = ((path, _stamp(path)) for path in paths)
        return {path: stamp for path, stamp in stamps if stamp is not None}

    def _tell(self, trouble: str) -> None:
        if trouble != self._trouble:
            self._trouble = trouble
            self.troubled.emit(trouble)

    def _notice(self, paths: Iterable[Path]) -> None:
        """Be told of changes, also of a file that was replaced, or is empty yet."""
        known = {*self._watcher.directories(), *self._watcher.files()}
        if missing := [str(path) for path in paths if str(path) not in known and os.path.exists(path)]:
            self._watcher.addPaths(missing)


def _stamp(path: Path) -> Stamp | None:
    """What changes with a file, its permissions too; None for what is no ordinary file, or just went."""
    try:
        state = path.stat()
    except OSError:
        return None
    return (state.st_mtime_ns, state.st_size, state.st_mode) if stat.S_ISREG(state.st_mode) else None


def _ends_whole(path: Path) -> bool:
    """Whether a file ends where a line does; what cannot be read is left to the reader to tell."""
    try:
        with path.open("rb") as file:
            file.seek(-min(4, path.stat().st_size), 2)
            return file.read().rstrip(b"\0 \t")[-1:] in (b"", *(bytes([end]) for end in _LINE_ENDS))
    except OSError:
        return True
