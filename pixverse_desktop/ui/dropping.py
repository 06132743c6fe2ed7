"""From what was dropped or pasted to ids, with files read off the window's thread."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan, merge_scans, scan_ids
from pixverse_desktop.core.records import Row
from pixverse_desktop.services.intake import Intake


@dataclass(frozen=True, slots=True)
class Dropped:
    """The files and the text of one drop or paste."""

    paths: tuple[Path, ...] = ()
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.paths or self.text.strip())


def content_of(mime: QMimeData) -> Dropped:
    """What ``mime`` carries; files count before the text that names them."""
    urls = mime.urls()
    paths = tuple(Path(url.toLocalFile()) for url in urls if url.isLocalFile())
    if paths:
        return Dropped(paths)
    links = "\n".join(url.toString() for url in urls)
    return Dropped(text=mime.text() or links)


def can_take(mime: QMimeData) -> bool:
    """Whether ``mime`` may carry ids; cheap, for answering while something is dragged."""
    return mime.hasUrls() or mime.hasText()


@dataclass(frozen=True, slots=True)
class Found:
    """What a drop held: ids, whole rows of an export of ours, and a sentence for each unusable file."""

    scan: IdScan
    rows: tuple[Row, ...]
    troubles: tuple[str, ...]


class Reading:
    """A drop being read on another thread: how far it is, and a way to end it."""

    def __init__(self) -> None:
        self.share = 0.0
        self._is_cancelled = False

    def cancel(self) -> None:
        """End the reading; nothing of the file is added."""
        self._is_cancelled = True

    def note(self, share: float) -> None:
        """Called on the reading thread."""
        if self._is_cancelled:
            raise InputUnreadable("The reading was cancelled; nothing of it was added.")
        self.share = share


async def find_ids(dropped: Dropped, intake: Intake, reading: Reading, *, now_s: float) -> Found:
    """Read what was dropped, off the window's thread."""
    scans: list[IdScan] = []
    rows: list[Row] = []
    troubles: list[str] = []
    if dropped.text:
        scans.append(await asyncio.to_thread(scan_ids, dropped.text))
    for path in dropped.paths:
        try:
            export = await asyncio.to_thread(intake.read_export, path, now_s=now_s)
            if export is not None:
                rows.extend(export)
            else:
                scans.append(await asyncio.to_thread(intake.scan_file, path, reading.note))
        except InputUnreadable as error:
            troubles.append(str(error))
    return Found(merge_scans(scans), tuple(rows), tuple(troubles))
