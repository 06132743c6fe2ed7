"""From the words of a command line to ids."""

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan, Refusal, check_id, merge_scans, scan_ids
from pixverse_desktop.services.intake import Haul, Intake

LINK_SCHEME = "pixverse-desktop:"
# An address, ids with marks between, or ids with their label: not the name of a file that is not there.
_TEXT_OF_IDS = re.compile(
    r"(?!file:)[A-Za-z][\w+.-]+:[^\\]|[\d\s,;|\"'()\[\]]+\Z|(?:video[ _-]?)?ids?\s*[:=#\s]", re.I
)

Found = TypeVar("Found", IdScan, Haul)


def gather_ids(inputs: Iterable[str], intake: Intake, read_stdin: Callable[[], bytes]) -> IdScan:
    """The ids that ``inputs`` stand for: ids, files, links, and "-" for standard input.

    Raises:
        InputUnreadable: one of them is none of these, cannot be read, or holds no id at all.
    """
    return merge_scans(_read(word, read_stdin, intake.scan_bytes, intake.scan_file) for word in inputs)


def gather_hauls(
    inputs: Iterable[str], intake: Intake, read_stdin: Callable[[], bytes], *, now_s: float
) -> Haul:
    """Like ``gather_ids``, with the whole rows of exports of ours."""

    def haul(data: bytes, name: str) -> Haul:
        return intake.haul(data, name, now_s=now_s)

    def haul_file(path: Path) -> Haul:
        return haul(intake.read(path), str(path))

    hauls = [
        each if isinstance(each, Haul) else Haul(each)
        for each in (_read(word, read_stdin, haul, haul_file) for word in inputs)
    ]
    return Haul(merge_scans(each.scan for each in hauls), tuple(row for each in hauls for row in each.rows))


def scan_link(word: str) -> IdScan:
    """The ids in a link of ours, or a refusal that says there is none."""
    scan = scan_ids(word)
    return scan if scan.ids else IdScan(refused=(Refusal(word[:200], "the link has no video id"),))


def _read(
    word: str,
    read_stdin: Callable[[], bytes],
    scan_bytes: Callable[[bytes, str], Found],
    scan_file: Callable[[Path], Found],
) -> Found | IdScan:
    if word == "-":
        return scan_bytes(read_stdin(), "standard input")
    outcome = check_id(word.strip())
    if isinstance(outcome, str):
        return IdScan((outcome,))
    path = _path_of(word)
    if _is_there(path):
        return scan_file(path)
    found = scan_ids(word) if _TEXT_OF_IDS.match(word.strip()) else IdScan()
    if found.ids:
        return found
    reason = f" ({outcome.reason})" if outcome.reason != "not an id" else ""
    raise InputUnreadable(f"‘{outcome.token}’ is neither a video id nor a file{reason}.")


def _path_of(word: str) -> Path:
    """A path as typed, or that of a ``file:`` address, as desktops hand files over."""
    try:
        parts = urlsplit(word)
    except ValueError:  # "https://[391…", say
        return Path(word)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else Path(word)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
