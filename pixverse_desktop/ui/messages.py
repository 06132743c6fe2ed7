"""Words for what a person sees: statuses, sizes, spans of time, and what became of added ids."""

import textwrap
from collections.abc import Sequence
from functools import cache, lru_cache
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, QTimeZone

from pixverse_desktop.core.events import SavePhase, SaveProgressed
from pixverse_desktop.core.identifiers import NOT_AN_ID, IdScan
from pixverse_desktop.core.saves import SavingOverview
from pixverse_desktop.core.video import Video, VideoStatus

_MAX_NAMED = 3
_LAST_MOMENT_S = 253_402_300_799.0  # the end of the year 9999


def status_word(video: Video) -> str:
    """A row's status in one or two words."""
    return _status_word(video.status, video.status_code, video.is_saved, video.no_file_since_s is not None)


def status_order(video: Video) -> str:
    """What rows are sorted by that are sorted by status: asked of each of a hundred thousand."""
    lacks_file = video.no_file_since_s is not None
    return _folded_status(video.status, video.status_code, bool(video.saved_path), lacks_file)


@lru_cache(maxsize=256)
def _folded_status(status: VideoStatus, code: int | None, is_saved: bool, lacks_file: bool) -> str:
    return _status_word(status, code, is_saved, lacks_file).casefold()


@lru_cache(maxsize=256)
def _status_word(status: VideoStatus, code: int | None, is_saved: bool, lacks_file: bool) -> str:
    if status is VideoStatus.UNKNOWN:
        return _tr("Unknown (%1)").replace("%1", "?" if code is None else str(code))
    if status is VideoStatus.READY and is_saved:
        return _tr("Saved")
    if status is VideoStatus.WAITING:
        return _waiting_word(code, lacks_file)
    return {
        VideoStatus.READY: _tr("Ready"),
        VideoStatus.MODERATED: _tr("Moderated"),
        VideoStatus.FAILED: _tr("Failed"),
        VideoStatus.DELETED: _tr("Deleted"),
        VideoStatus.NOT_FOUND: _tr("Not found"),
        VideoStatus.STOPPED: _tr("Needs you"),
    }[status]


def save_word(save: SaveProgressed) -> str:
    """How the saving of a clip stands, in a word or two."""
    if save.phase is SavePhase.FAILED:
        return _tr("Not saved")
    if save.phase is SavePhase.HELD:
        return _tr("Not saved yet")
    if save.phase is SavePhase.QUEUED:
        return _tr("Save queued")
    words = _tr("Saving")
    if save.total_bytes:
        words = _tr("Saving %1 %").replace("%1", str(100 * save.received_bytes // save.total_bytes))
    speed = speed_text(save.speed_bytes_s)
    return f"{words} · {speed}" if speed else words


def saving_words(saving: SavingOverview) -> str:
    """How all saving stands, in one line; nothing where nothing is to be saved."""
    figures = QLocale()
    if not saving.waiting:
        held = _tr("%1 not saved yet").replace("%1", figures.toString(saving.held))
        return held if saving.held else ""
    if saving.is_paused:
        return _tr("Saving is paused · %1 to go").replace("%1", figures.toString(saving.waiting))
    words = _tr("Saving %1 of %2 · %3 %").replace("%1", figures.toString(saving.done + 1))
    words = words.replace("%2", figures.toString(saving.total)).replace("%3", str(int(100 * saving.share)))
    return words if saving.left_s is None else f"{words} · {left_text(saving.left_s)}"


def left_text(left_s: float) -> str:
    """About how long something will take still."""
    minutes = round(left_s / 60)
    if minutes < 1:
        return _tr("less than a minute left")
    if minutes < 60:
        return _tr("%1 min left").replace("%1", str(minutes))
    return _tr("%1 h %2 min left").replace("%1", str(minutes // 60)).replace("%2", str(minutes % 60))


def speed_text(speed_bytes_s: float) -> str:
    """A speed for people, or nothing while unknown; short, for it stands in a narrow column."""
    decimals = 0 if len(str(int(speed_bytes_s))) % 3 == 0 else 1
    return _tr("%1/s").replace("%1", size_text(int(speed_bytes_s), decimals)) if speed_bytes_s >= 1 else ""


def column_title(name: str) -> str:
    """The heading of a column by its name."""
    return {
        "VIDEO_ID": _tr("Video id"),
        "STATUS": _tr("Status"),
        "PROMPT": _tr("Prompt"),
        "SIZE": _tr("Size"),
        "RESOLUTION": _tr("Resolution"),
        "CREATED": _tr("Created"),
        "ELAPSED": _tr("Elapsed"),
        "RATING": _tr("Rating"),
        "TAGS": _tr("Tags"),
        "BATCH": _tr("Batch"),
        "SEED": _tr("Seed"),
        "STYLE": _tr("Style"),
        "CREDITS": _tr("Credits"),
        "ADDED": _tr("Added"),
        "FILE": _tr("File"),
        "NOTE": _tr("Note"),
        "ACCOUNT": _tr("Account"),
    }[name]


def _waiting_word(code: int | None, lacks_file: bool) -> str:
    if code is None:
        return _tr("Waiting")
    if code == 9:
        return _tr("Queued")
    return _tr("No file yet") if lacks_file else _tr("Generating")


def size_text(size_bytes: int, decimals: int = 1) -> str:
    """A size for people, or nothing while unknown."""
    return (
        QLocale().formattedDataSize(size_bytes, decimals, QLocale.DataSizeFormat.DataSizeSIFormat)
        if size_bytes > 0
        else ""
    )


def resolution_text(video: Video) -> str:
    """Width and height, or nothing while unknown."""
    return f"{video.width} × {video.height}" if video.width and video.height else ""


def moment_text(moment_s: float | None) -> str:
    """A moment in local time, today's by the hour alone."""
    return _moment_text(moment_s, "d MMM yyyy, HH:mm")


def short_moment_text(moment_s: float | None) -> str:
    """The same for a column: this year's without the year, others' by the day alone."""
    now = QDateTime.currentDateTime()
    is_this_year = moment_s is not None and _local(moment_s).date().year() == now.date().year()
    return _moment_text(moment_s, "d MMM, HH:mm" if is_this_year else "d MMM yyyy")


def _moment_text(moment_s: float | None, elsewhen: str) -> str:
    if moment_s is None:
        return ""
    moment = _local(moment_s)
    if moment.date() == QDateTime.currentDateTime().date():
        return QLocale().toString(moment.time(), "HH:mm:ss")
    return QLocale().toString(moment, elsewhen)


def _local(moment_s: float) -> QDateTime:
    in_calendar_s = int(max(0.0, min(moment_s, _LAST_MOMENT_S)))  # Qt crashes on years no calendar has
    return QDateTime.fromSecsSinceEpoch(in_calendar_s, QTimeZone(QTimeZone.Initialization.LocalTime))


def span_text(seconds: float) -> str:
    """A span as 0:42, 12:05, 3:04:05 or 2 d."""
    whole = max(0, int(seconds))
    days, rest = divmod(whole, 86_400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    if days:
        return _tr("%1 d").replace("%1", str(days))
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def usual_words(elapsed: str, usual_s: float) -> str:
    """How long something has taken, and takes as a rule."""
    return _tr("%1 · usually %2").replace("%1", elapsed).replace("%2", span_text(usual_s))


def elapsed_s(video: Video, now_s: float) -> float:
    """How long a video has taken, or took, in seconds, by the service's times where it gave some."""
    began_s = video.added_at_s
    if video.created_at_s is not None and video.created_at_s <= now_s:
        began_s = video.created_at_s
    if video.ended_at_s is None:
        return now_s - began_s
    if video.modified_at_s is not None and video.modified_at_s >= began_s:
        return video.modified_at_s - began_s
    return video.ended_at_s - began_s


def added_sentence(scan: IdScan, *, added: int, already: int) -> str:
    """What became of ids that were dropped: "12 added, 3 already here, 1 not an id: ‘abc’"."""
    parts = []
    if added:
        parts.append(_tr("%Ln added", added))
    if already:
        parts.append(_tr("%Ln already here", already))
    if scan.refused:
        shown = ", ".join(f"‘{refusal.token}’" for refusal in scan.refused[:_MAX_NAMED])
        more = len(scan.refused) - _MAX_NAMED
        word = _tr("not an id") if len(scan.refused) == 1 else _tr("not ids")
        parts.append(
            f"{QLocale().toString(len(scan.refused))} {word}: {shown}"
            + (f" + {QLocale().toString(more)}" if more > 0 else "")
        )
    sentence = ", ".join(parts)
    if len({refusal.reason for refusal in scan.refused}) == 1 and scan.refused[0].reason != NOT_AN_ID:
        sentence += f" ({scan.refused[0].reason})"
    return sentence or _tr("No video ids were found there.")


def found_sentence(scan: IdScan, troubles: Sequence[str], *, added: int, already: int, removed: int) -> str:
    """What became of a drop: its ids, those a person removed before, and each file that was of no use."""
    parts = []
    if added or already or scan.refused or not (removed or troubles):
        parts.append(added_sentence(scan, added=added, already=already))
    if removed:
        parts.append(_tr("%n removed before, and left so", removed))
    return " ".join([*filter(None, [", ".join(parts)]), *troubles])


def is_doubtful(scan: IdScan) -> bool:
    """Whether a person should look before ids are added: numbers that may be meant as ids were refused."""
    return any(refusal.reason != NOT_AN_ID for refusal in scan.refused) and bool(scan.ids)


def batch_name(paths: Sequence[Path], now_s: float) -> str:
    """What a drop is called: the file it came in, or when it came."""
    if len(paths) == 1:
        return paths[0].name
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(now_s)), "d MMM yyyy, HH:mm")


def row_sentence(video: Video, now_s: float, save: SaveProgressed | None = None) -> str:
    """A row as one sentence, for screen readers, with how the saving of its clip stands."""
    status, message = status_word(video), video.message
    if save is not None:
        status, message = save_word(save), save.message or message
    parts = [_tr("Video %1").replace("%1", video.video_id), status, message]
    parts += [video.prompt, resolution_text(video), span_text(elapsed_s(video, now_s))]
    return ", ".join(part for part in parts if part)


def tool_tip(text: str) -> str:
    """A tool tip that shows ``text`` as it stands: Qt takes for HTML whatever looks like it ("a < b > c")."""
    lines = "\n".join(textwrap.wrap(text, 80))
    return f"<p style='white-space: pre'>{escape(lines)}</p>" if lines else ""


@cache
def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("messages", text, None, number)
