"""From the words of a command line to ids."""

from collections.abc import Callable, Iterable
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan, check_id, merge_scans, scan_ids
from pixverse_desktop.services.intake import Intake


def gather_ids(inputs: Iterable[str], intake: Intake, read_stdin: Callable[[], bytes]) -> IdScan:
    """The ids that ``inputs`` stand for: ids, files, links, and "-" for standard input.

    Raises:
        InputUnreadable: one of them is none of these, cannot be read, or holds no id at all.
    """
    return merge_scans(_read(word, intake, read_stdin) for word in inputs)


def _read(word: str, intake: Intake, read_stdin: Callable[[], bytes]) -> IdScan:
    if word == "-":
        return intake.scan_bytes(read_stdin(), "standard input")
    outcome = check_id(word.strip())
    if isinstance(outcome, str):
        return IdScan((outcome,))
    path = _path_of(word)
    if _is_there(path):
        return intake.scan_file(path)
    found = scan_ids(word)
    if found.ids:
        return found
    reason = f" ({outcome.reason})" if outcome.reason != "not an id" else ""
    raise InputUnreadable(f"‘{outcome.token}’ is neither a video id nor a file{reason}.")


def _path_of(word: str) -> Path:
    """A path as typed, or that of a ``file:`` address, as desktops hand files over."""
    parts = urlsplit(word)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else Path(word)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):
        return False
