"""From what was dropped or pasted to ids, with files read off the window's thread."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan, merge_scans, scan_ids
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


async def find_ids(dropped: Dropped, intake: Intake) -> tuple[IdScan, Sequence[str]]:
    """The ids in ``dropped``, and a sentence for each file that could not be used."""
    scans, troubles = [], []
    if dropped.text:
        scans.append(await asyncio.to_thread(scan_ids, dropped.text))
    for path in dropped.paths:
        try:
            scans.append(await asyncio.to_thread(intake.scan_file, path))
        except InputUnreadable as error:
            troubles.append(str(error))
    return merge_scans(scans), troubles
