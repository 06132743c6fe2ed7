"""A text file beside the list, for ids the list cannot take yet."""

import contextlib
import logging
from collections.abc import Sequence
from pathlib import Path

from pixverse_desktop.adapters.id_files import write_text_file
from pixverse_desktop.core.errors import FolderUnusable
from pixverse_desktop.core.video import VideoRef

FILE_NAME = "ids-not-in-the-list-yet.txt"

_log = logging.getLogger(__name__)


class FolderShelf:
    """The ``IdShelf`` port over the first of several folders that takes a file.

    One row a line, ``account<TAB>id``: what a person, and our own reader of ids, can read too.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._files = [folder / FILE_NAME for folder in folders]

    def put(self, refs: Sequence[VideoRef]) -> bool:
        """Let the shelf hold exactly these; whether it does."""
        text = "".join(f"{ref.account}\t{ref.video_id}\n" for ref in refs)
        taken = next((file for file in self._files if not refs or self._takes(file, text)), None)
        for file in self._files:
            if file != taken or not refs:
                with contextlib.suppress(OSError):
                    file.unlink(missing_ok=True)
        return taken is not None

    def read(self) -> Sequence[VideoRef]:
        """What the shelf holds; a file that cannot be read stays for the next time."""
        found: dict[VideoRef, None] = {}
        for file in filter(Path.is_file, self._files):
            try:
                lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            except OSError as error:
                _log.warning("%s cannot be read: %s", file, error.strerror)
                continue
            found.update(dict.fromkeys(filter(None, map(_ref, lines))))
        return tuple(found)

    def _takes(self, file: Path, text: str) -> bool:
        try:
            write_text_file(file, text)
        except FolderUnusable:
            return False
        return True


def _ref(line: str) -> VideoRef | None:
    account, _, video_id = line.partition("\t")
    return VideoRef(account, video_id) if account and video_id.isascii() and video_id.isdigit() else None
