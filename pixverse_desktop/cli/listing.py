"""The list on standard output: for people as a table, for programs as JSON, CSV or ids."""

from collections.abc import Iterable

from pixverse_desktop.core.records import FORMATS, Row
from pixverse_desktop.core.video import Video

_PROMPT_WIDTH = 48


def render(rows: Iterable[Row], form: str) -> str:
    """The rows in one of the forms ``table``, ``json``, ``csv`` or ``ids``, ending in a line break."""
    if form == "table":
        return _table([video for video, _ in rows])
    return FORMATS[form](rows)


def _table(videos: list[Video]) -> str:
    if not videos:
        return "The list is empty. Add ids with “pixverse-desktop add ID”.\n"
    rows = [("ID", "STATUS", "SAVED", "PROMPT"), *(_row(video) for video in videos)]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    lines = (
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]])
        for row in rows
    )
    return "".join(line.rstrip() + "\n" for line in lines)


def _row(video: Video) -> tuple[str, str, str, str]:
    saved = "yes" if video.is_saved else ""
    return video.video_id, video.status.value.replace("_", " "), saved, one_line(video.prompt, _PROMPT_WIDTH)


def one_line(text: str, limit: int) -> str:
    """Foreign text for a terminal: one line, shortened, without the marks that terminals obey."""
    plain = " ".join("".join(mark if mark.isprintable() else " " for mark in text).split())
    return plain if len(plain) <= limit else plain[: limit - 1] + "…"
