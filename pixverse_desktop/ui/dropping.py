"""From what was dropped or pasted to ids, with files read off the window's thread."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan, merge_scans
from pixverse_desktop.core.records import Row
from pixverse_desktop.services.intake import Haul, Intake

_NOTHING = IdScan()


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
    """What a drop held: ids, whole rows of an export of ours, and a sentence for each unusable file.

    ``unread`` are the files whose bytes could not be had, so that they may be tried again.
    """

    scan: IdScan = _NOTHING
    rows: tuple[Row, ...] = ()
    troubles: tuple[str, ...] = ()
    unread: tuple[Path, ...] = ()


class Reading:
    """A drop being read on another thread: how far it is, and a way to end it."""

    def __init__(self) -> None:
        self.share = 0.0
        self._is_cancelled = False

    def cancel(self) -> None:
        """End the reading; nothing of the drop is added."""
        self._is_cancelled = True

    def note(self, share: float) -> None:
        """Called on the reading thread. Raises ``ReadingCancelled``."""
        if self._is_cancelled:
            raise ReadingCancelled("The reading was cancelled; nothing of it was added.")
        self.share = share


class ReadingCancelled(InputUnreadable):
    """A person ended a reading."""


async def find_ids(dropped: Dropped, intake: Intake, reading: Reading, *, now_s: float) -> Found:
    """Read what was dropped, off the window's thread; all of it, or nothing where a person cancels."""
    hauls: list[Haul] = []
    troubles: list[str] = []
    unread: list[Path] = []

    def read(data: bytes | str, name: str) -> Haul:
        reading.note(reading.share)
        if isinstance(data, str):
            haul = intake.haul_text(data, now_s=now_s, on_progress=reading.note)
        else:
            haul = intake.haul(data, name, now_s=now_s, on_progress=reading.note)
        reading.note(1.0)
        return haul

    try:
        if dropped.text:
            hauls.append(await asyncio.to_thread(read, dropped.text, ""))
        for path in dropped.paths:
            try:
                unread.append(path)
                data = await asyncio.to_thread(intake.read, path)
                unread.remove(path)
                hauls.append(await asyncio.to_thread(read, data, str(path)))
            except ReadingCancelled:
                raise
            except InputUnreadable as error:
                troubles.append(str(error))
    except ReadingCancelled as cancelled:
        return Found(troubles=(str(cancelled),))
    rows = tuple(row for haul in hauls for row in haul.rows)
    return Found(merge_scans(haul.scan for haul in hauls), rows, tuple(troubles), tuple(unread))
