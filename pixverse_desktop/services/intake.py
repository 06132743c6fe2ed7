"""Taking ids in from files and streams, whatever their form."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan, OnProgress, decode_text, refusal_words, scan_ids
from pixverse_desktop.core.records import Row, rows_of_export

ReadFile = Callable[[Path], bytes]
"""Reads a whole file; raises ``InputUnreadable``."""
_NOTHING = IdScan()


@dataclass(frozen=True, slots=True)
class Haul:
    """What a text held: ids, or the whole rows of an export of ours."""

    scan: IdScan = _NOTHING
    rows: tuple[Row, ...] = ()


class Intake:
    """Finds ids in files. Blocking: large files belong off the loop.

    ``on_progress`` is told how far a reading is, and may end it by raising.
    """

    def __init__(self, read_file: ReadFile) -> None:
        self._read_file = read_file

    def read(self, path: Path) -> bytes:
        """The whole of a file. Raises ``InputUnreadable``."""
        return self._read_file(path)

    def scan_file(self, path: Path, on_progress: OnProgress | None = None) -> IdScan:
        """The ids in a file, also those of an export's rows.

        Raises:
            InputUnreadable: it cannot be read, is no text, or holds no id at all.
        """
        return self.scan_bytes(self.read(path), str(path), on_progress)

    def scan_bytes(self, data: bytes, name: str, on_progress: OnProgress | None = None) -> IdScan:
        """The ids in ``data``, which came from ``name``; raises like ``scan_file``."""
        return _scan(_decoded(data, name), name, on_progress)

    def haul(self, data: bytes, name: str, *, now_s: float, on_progress: OnProgress | None = None) -> Haul:
        """The rows of ``data`` if it is an export of ours, else its ids; raises like ``scan_file``."""
        text = _decoded(data, name)
        if rows := rows_of_export(text, now_s=now_s):
            return Haul(rows=tuple(rows))
        return Haul(_scan(text, name, on_progress))

    def haul_text(self, text: str, *, now_s: float, on_progress: OnProgress | None = None) -> Haul:
        """Like ``haul`` for what was typed or pasted, which may well hold nothing."""
        if rows := rows_of_export(text, now_s=now_s):
            return Haul(rows=tuple(rows))
        return Haul(scan_ids(text, on_progress))


def _decoded(data: bytes, name: str) -> str:
    text = decode_text(data)
    if text is None:
        raise InputUnreadable(f"{name} is not a text. Give a .txt, .csv or .json file with ids in it.")
    return text


def _scan(text: str, name: str, on_progress: OnProgress | None) -> IdScan:
    scan = scan_ids(text, on_progress)
    if not scan.ids:
        refused = f" It has {refusal_words(scan.refused)}." if scan.refused else ""
        raise InputUnreadable(f"No video id was found in {name}.{refused}")
    return scan
