"""A row as other programs see it, and back: the JSON, CSV and id exports, and the reading of our own JSON."""

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pixverse_desktop.core.identifiers import check_id
from pixverse_desktop.core.marks import MAX_RATING, Marks, clean_tag
from pixverse_desktop.core.video import DEFAULT_ACCOUNT, Video, VideoRef, VideoStatus

Row = tuple[Video, Marks]

COLUMNS = (
    "account", "video_id", "status", "status_code", "message", "prompt", "negative_prompt", "style",
    "seed", "width", "height", "size_bytes", "has_audio", "credits", "created_at", "modified_at",
    "added_at", "ended_at", "url", "saved_path", "saved_bytes",
    "tags", "rating", "is_rejected", "note", "batch", "trace_id",
)  # fmt: skip

_SAME_NAME = (
    "account", "video_id", "status_code", "message", "prompt", "negative_prompt", "style",
    "seed", "width", "height", "size_bytes", "has_audio", "credits",
    "url", "saved_path", "saved_bytes", "trace_id",
)  # fmt: skip
_MOMENTS = {
    "created_at": "created_at_s",
    "modified_at": "modified_at_s",
    "added_at": "added_at_s",
    "ended_at": "ended_at_s",
}
_MAX_NUMBER = 2**63 - 1
_QUOTED_ENDS = "\r\n"  # csv quotes only the marks of its own line end, and a lone \r ends a row too
_FORMULA_BEGINS = ("=", "+", "-", "@", "\t", "\r")


def as_record(row: Row) -> dict[str, Any]:
    """A row with the names of ``COLUMNS``; times as RFC 3339 in UTC, or None."""
    video, marks = row
    values: dict[str, Any] = {name: getattr(video, name) for name in _SAME_NAME}
    values["status"] = video.status.value
    values.update({name: rfc3339(getattr(video, field)) for name, field in _MOMENTS.items()})
    values.update(tags=list(marks.tags), rating=marks.rating, is_rejected=marks.is_rejected)
    values.update(note=marks.note, batch=marks.batch)
    return {name: values[name] for name in COLUMNS}


def as_json(rows: Iterable[Row]) -> str:
    """The rows as a JSON list, each with the service's last answer as it came, so that nothing is lost."""
    records = [{**as_record(row), "raw": _raw_value(row[0].raw)} for row in rows]
    return json.dumps(records, ensure_ascii=False, indent=2) + "\n"


def as_csv(rows: Iterable[Row]) -> str:
    """The rows as CSV with a heading; several tags share a cell with commas between."""
    return _as_table(rows, str, ",")


def as_tsv(rows: Iterable[Row]) -> str:
    """The rows as a spreadsheet takes them from the clipboard: each on one line, tabs between the cells."""
    return _as_table(rows, lambda text: " ".join(text.split()), "\t")


def _as_table(rows: Iterable[Row], written: Callable[[str], str], delimiter: str) -> str:
    lines: list[str] = []
    writer = csv.writer(_Sink(lines.append), delimiter=delimiter, lineterminator=_QUOTED_ENDS)
    writer.writerow(COLUMNS)
    for row in rows:
        record = as_record(row)
        values = {**record, "tags": ", ".join(record["tags"])}.values()
        writer.writerow(_as_cell(written(each)) if isinstance(each, str) else each for each in values)
    return "".join(line.removesuffix(_QUOTED_ENDS) + "\n" for line in lines)


@dataclass(frozen=True, slots=True)
class _Sink:
    """What ``csv.writer`` writes into, a row at a time."""

    write: Callable[[str], object]


def _as_cell(text: str) -> str:
    """``text`` with a mark before what a spreadsheet would run; our own reader of ids takes it off again."""
    return f"'{text}" if text.startswith(_FORMULA_BEGINS) else text


def as_ids(rows: Iterable[Row]) -> str:
    """The ids alone, one a line."""
    return "".join(f"{video.video_id}\n" for video, _ in rows)


FORMATS: Mapping[str, Callable[[Iterable[Row]], str]] = {"json": as_json, "csv": as_csv, "ids": as_ids}


def rows_of_export(text: str, *, now_s: float) -> list[Row] | None:
    """The rows of a JSON export of our own, or None if ``text`` is anything else.

    A record that makes no sense is read as far as it does: its id is what counts.
    """
    if not text.lstrip("\ufeff \t\r\n").startswith("["):
        return None
    try:
        records = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(records, list) or not records or not all(map(_is_record, records)):
        return None
    return [_row(record, now_s) for record in records]


def is_record_of(text: str, ref: VideoRef) -> bool:
    """Whether ``text`` is an export of ours that holds this row and no other."""
    rows = rows_of_export(text, now_s=0.0)
    return rows is not None and [video.ref for video, _ in rows] == [ref]


def rfc3339(moment_s: float | None) -> str | None:
    """Seconds since 1970 UTC as text, to the microsecond where there are parts of a second, or None."""
    if moment_s is None:
        return None
    try:
        return datetime.fromtimestamp(moment_s, UTC).isoformat().replace("+00:00", "Z")
    except (OverflowError, OSError, ValueError):
        return None


def _is_record(value: object) -> bool:
    """Whether a value can be a record of ours: an id as text, and an account, status and adding time."""
    if not isinstance(value, dict) or not {"account", "status", "added_at"} <= value.keys():
        return False
    video_id = value.get("video_id")
    return isinstance(video_id, str) and check_id(video_id) == video_id


def _row(record: Mapping[str, Any], now_s: float) -> Row:
    status = _text(record, "status")
    known = status in set(VideoStatus)
    added_at_s = _moment_s(record, "added_at")
    video = Video(
        account=_text(record, "account").strip() or DEFAULT_ACCOUNT,
        video_id=record["video_id"],
        status=VideoStatus(status) if known else VideoStatus.WAITING,
        status_code=_whole(record, "status_code"),
        message=_text(record, "message"),
        url=_text(record, "url"),
        prompt=_text(record, "prompt"),
        negative_prompt=_text(record, "negative_prompt"),
        style=_text(record, "style"),
        seed=_whole(record, "seed"),
        width=_whole(record, "width") or 0,
        height=_whole(record, "height") or 0,
        size_bytes=_whole(record, "size_bytes") or 0,
        has_audio=_flag(record, "has_audio"),
        credits=_whole(record, "credits"),
        created_at_s=_moment_s(record, "created_at"),
        modified_at_s=_moment_s(record, "modified_at"),
        added_at_s=now_s if added_at_s is None else added_at_s,
        ended_at_s=_moment_s(record, "ended_at"),
        second_look_done=True,
        saved_path=_text(record, "saved_path"),
        saved_bytes=_whole(record, "saved_bytes") or 0,
        trace_id=_text(record, "trace_id"),
        raw=_raw_text(record.get("raw")),
    )
    return video, _marks(record)


def _marks(record: Mapping[str, Any]) -> Marks:
    tags = record.get("tags")
    cleaned = (clean_tag(tag) for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    return Marks(
        tags=tuple(sorted({tag for tag in cleaned if tag}, key=lambda tag: (tag.casefold(), tag))),
        rating=max(0, min(_whole(record, "rating") or 0, MAX_RATING)),
        is_rejected=_flag(record, "is_rejected") or False,
        note=_text(record, "note"),
        batch=_text(record, "batch"),
    )


def _text(record: Mapping[str, Any], name: str) -> str:
    value = record.get(name)
    return _storable(value) if isinstance(value, str) else ""


def _storable(text: str) -> str:
    """``text`` without halves of characters, which JSON can name and no file can hold."""
    return text.encode(errors="replace").decode()


def _whole(record: Mapping[str, Any], name: str) -> int | None:
    value = record.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) > _MAX_NUMBER:
        return None
    return value


def _flag(record: Mapping[str, Any], name: str) -> bool | None:
    value = record.get(name)
    return value if isinstance(value, bool) else None


def _moment_s(record: Mapping[str, Any], name: str) -> float | None:
    try:
        return datetime.fromisoformat(str(record.get(name))).timestamp()
    except (ValueError, OverflowError):
        return None


def _raw_value(raw: str) -> Any:  # noqa: ANN401 - any JSON value
    """The answer as a JSON object where that says exactly the same, else its text; None for none."""
    try:
        value = json.loads(raw) if raw else None
        return value if not raw or (isinstance(value, dict) and _compact(value) == raw) else raw
    except (ValueError, RecursionError):
        return raw


def _raw_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _storable(value)
    try:
        return _storable(_compact(value))
    except RecursionError:
        return ""


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
