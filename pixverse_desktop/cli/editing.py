"""``add`` and ``remove``: what became of the ids, in one line."""

from collections.abc import Mapping
from typing import Any, TextIO

from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.core.identifiers import IdScan, refusal_words
from pixverse_desktop.core.video import VideoRef


def refs(scan: IdScan, account: str) -> list[VideoRef]:
    """The rows that ids stand for in an account."""
    return [VideoRef(account, video_id) for video_id in scan.ids]


def tell_added(answer: Mapping[str, Any], scan: IdScan, out: TextIO, err: TextIO) -> ExitCode:
    """Say what was added: "12 added, 3 already here, 1 not an id: ‘abc’"."""
    if _is_refused(answer, err):
        return ExitCode.UNUSABLE_INPUT
    words = [f"{answer.get('added', 0)} added"]
    if answer.get("already"):
        words.append(f"{answer['already']} already here")
    if scan.refused:
        words.append(refusal_words(scan.refused))
    out.write(", ".join(words) + "\n")
    return ExitCode.ALL_READY


def tell_removed(answer: Mapping[str, Any], scan: IdScan, out: TextIO, err: TextIO) -> ExitCode:
    """Say what was removed, and name what was not in the list."""
    if _is_refused(answer, err):
        return ExitCode.UNUSABLE_INPUT
    removed = set(answer.get("removed", ()))
    out.write(f"{len(removed)} removed\n")
    tell_refused(scan, err)
    strangers = [video_id for video_id in scan.ids if video_id not in removed]
    if strangers:
        err.write(f"Not in the list: {', '.join(strangers)}\n")
        return ExitCode.SOME_ENDED_OTHERWISE
    return ExitCode.ALL_READY


def tell_refused(scan: IdScan, err: TextIO) -> None:
    """Name what was not an id, if anything."""
    if scan.refused:
        err.write(refusal_words(scan.refused) + "\n")


def _is_refused(answer: Mapping[str, Any], err: TextIO) -> bool:
    if error := answer.get("error"):
        err.write(f"pixverse-desktop: {error}\n")
        return True
    return False
