"""Taking ids in from files and streams, whatever their form."""

from collections.abc import Callable
from pathlib import Path

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan, decode_text, refusal_words, scan_ids

ReadFile = Callable[[Path], bytes]
"""Reads a whole file; raises ``InputUnreadable``."""


class Intake:
    """Finds ids in files. Blocking: large files belong off the loop."""

    def __init__(self, read_file: ReadFile) -> None:
        self._read_file = read_file

    def scan_file(self, path: Path) -> IdScan:
        """The ids in a file.

        Raises:
            InputUnreadable: it cannot be read, is no text, or holds no id at all.
        """
        return self.scan_bytes(self._read_file(path), str(path))

    def scan_bytes(self, data: bytes, name: str) -> IdScan:
        """The ids in ``data``, which came from ``name``; raises like ``scan_file``."""
        text = decode_text(data)
        if text is None:
            raise InputUnreadable(f"{name} is not a text. Give a .txt, .csv or .json file with ids in it.")
        scan = scan_ids(text)
        if not scan.ids:
            refused = f" It has {refusal_words(scan.refused)}." if scan.refused else ""
            raise InputUnreadable(f"No video id was found in {name}.{refused}")
        return scan
