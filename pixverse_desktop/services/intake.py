"""Taking ids in from files and streams, whatever their form."""

from collections.abc import Callable
from pathlib import Path

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan, OnProgress, decode_text, refusal_words, scan_ids
from pixverse_desktop.core.records import Row, rows_of_export

ReadFile = Callable[[Path], bytes]
"""Reads a whole file; raises ``InputUnreadable``."""


class Intake:
    """Finds ids in files. Blocking: large files belong off the loop."""

    def __init__(self, read_file: ReadFile) -> None:
        self._read_file = read_file

    def scan_file(self, path: Path, on_progress: OnProgress | None = None) -> IdScan:
        """The ids in a file; ``on_progress`` may end the reading by raising.

        Raises:
            InputUnreadable: it cannot be read, is no text, or holds no id at all.
        """
        return self.scan_bytes(self._read_file(path), str(path), on_progress)

    def read_export(self, path: Path, *, now_s: float) -> list[Row] | None:
        """The whole rows of a JSON export of our own, or None for any other file."""
        if path.suffix.lower() != ".json":
            return None
        text = decode_text(self._read_file(path))
        return None if text is None else rows_of_export(text, now_s=now_s)

    def scan_bytes(self, data: bytes, name: str, on_progress: OnProgress | None = None) -> IdScan:
        """The ids in ``data``, which came from ``name``; raises like ``scan_file``."""
        text = decode_text(data)
        if text is None:
            raise InputUnreadable(f"{name} is not a text. Give a .txt, .csv or .json file with ids in it.")
        scan = scan_ids(text, on_progress)
        if not scan.ids:
            refused = f" It has {refusal_words(scan.refused)}." if scan.refused else ""
            raise InputUnreadable(f"No video id was found in {name}.{refused}")
        return scan
