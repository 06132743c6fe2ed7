"""The list on standard output: for people as a table, for programs as JSON, CSV or ids."""

import csv
import io
import json
from collections.abc import Iterable

from pixverse_desktop.core.records import COLUMNS, as_full_record, as_record
from pixverse_desktop.core.video import Video

_PROMPT_WIDTH = 48


def render(videos: Iterable[Video], form: str) -> str:
    """``videos`` in one of the forms ``table``, ``json``, ``csv`` or ``ids``, ending in a line break."""
    return {"table": _table, "json": _json, "csv": _csv, "ids": _ids}[form](list(videos))


def _ids(videos: list[Video]) -> str:
    return "".join(f"{video.video_id}\n" for video in videos)


def _json(videos: list[Video]) -> str:
    return json.dumps([as_full_record(video) for video in videos], ensure_ascii=False, indent=2) + "\n"


def _csv(videos: list[Video]) -> str:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(as_record(video) for video in videos)
    return text.getvalue()


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
