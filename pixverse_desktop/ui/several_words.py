"""Words for what several selected videos have in common, and for how they differ."""

from collections.abc import Callable, Sequence
from html import escape
from operator import attrgetter
from os.path import dirname

from PySide6.QtCore import QCoreApplication, QLocale

from pixverse_desktop.core.common_values import MOST_VALUES, Extent, Gathering, Spread, Summary
from pixverse_desktop.core.differences import Kind, Piece, told_apart
from pixverse_desktop.ui import messages
from pixverse_desktop.ui.row_list import Row

_MOST_CHARS = 120  # of a value among others
_MOST_PROMPT_CHARS = 140
_EMPHASIS = {Kind.SHARED: "{}", Kind.OWN: "<b><u>{}</u></b>"}


def gathering(now_s: float) -> Gathering[Row]:
    """What is to be found out about the selected rows; ``now_s`` is the wall clock."""
    return Gathering(
        facts={
            "prompt": attrgetter("video.prompt"),
            "status": lambda row: messages.status_word(row.video),
            "negative": attrgetter("video.negative_prompt"),
            "style": attrgetter("video.style"),
            "seed": lambda row: str(row.video.seed) if row.video.seed else "",
            "picture": lambda row: messages.resolution_text(row.video),
            "saved": lambda row: dirname(row.video.saved_path),
            "account": attrgetter("video.account"),
            "rating": lambda row: "★" * row.marks.rating,
            "rejected": lambda row: _tr("Rejected") if row.marks.is_rejected else "",
            "batch": attrgetter("marks.batch"),
            "note": attrgetter("marks.note"),
        },
        figures={
            "size": lambda row: row.video.saved_bytes or row.video.size_bytes or None,
            "credits": attrgetter("video.credits"),
            "created": attrgetter("video.created_at_s"),
            "elapsed": lambda row: None if row.video.status.is_open else messages.elapsed_s(row.video, now_s),
        },
    )


def values_of(summary: Summary) -> dict[str, str]:
    """A text for each fact but the prompt, empty where there is nothing to tell."""
    facts, figures, rows = summary.facts, summary.figures, summary.rows
    texts = {name: _spread_text(facts[name]) for name in ("status", "negative", "style", "seed", "picture")}
    texts |= {name: _spread_text(facts[name]) for name in ("batch", "note")}
    return texts | {
        "size": _total_text(figures["size"], rows, lambda size: messages.size_text(round(size))),
        "credits": _total_text(figures["credits"], rows, lambda number: QLocale().toString(round(number))),
        "created": _range_text(figures["created"], rows, messages.moment_text),
        "elapsed": _range_text(figures["elapsed"], rows, messages.span_text),
        "saved": _spread_text(facts["saved"], _tr("not saved")),
        "account": "" if facts["account"].distinct == 1 else _spread_text(facts["account"]),
        "rating": _rating_text(facts["rating"], facts["rejected"]),
        "tags": _tags_text(summary.tags, rows),
    }


def prompts_of(summary: Summary) -> str:
    """The prompt all have, or those that most have with what tells them apart; as HTML."""
    prompts = summary.facts["prompt"]
    if prompts.common is not None:
        words = prompts.common or _tr("The prompts are not known yet.")
        return f"<div style='white-space: pre-wrap'>{escape(words)}</div>"
    shown = _first_of(prompts)
    is_all = len(shown) == prompts.distinct and all(prompt for prompt, _ in shown)
    pieces: Sequence[Sequence[Piece]] = told_apart([prompt for prompt, _ in shown]) if is_all else []
    pieces = pieces or [[]] * len(shown)
    lines = [
        _counted(_prompt_html(prompt, own), count, prompts)
        for (prompt, count), own in zip(shown, pieces, strict=True)
    ]
    return "".join(f"<p style='margin: 0 0 6px 0'>{line}</p>" for line in [*lines, *_more(prompts)])


def _prompt_html(prompt: str, pieces: Sequence[Piece]) -> str:
    if pieces:
        return " ".join(_EMPHASIS[kind].format(escape(words)) for words, kind in pieces)
    return escape(_short(prompt, _MOST_PROMPT_CHARS) or _tr("no prompt known"))


def _spread_text(spread: Spread, blank: str = "") -> str:
    """The value all have as it is, or a line for each of the first values."""
    if spread.common is not None:
        return spread.common
    lines = [
        _counted(_short(value, _MOST_CHARS) or blank or _tr("none"), count, spread)
        for value, count in _first_of(spread)
    ]
    return "\n".join([*lines, *_more(spread)])


def _rating_text(ratings: Spread, rejected: Spread) -> str:
    if ratings.common is not None and rejected.common is not None:
        return "  ".join(part for part in (ratings.common, rejected.common) if part)
    counted = [_counted(value, count) for value, count in rejected.values if value]
    lines = [] if ratings.common == "" else [_spread_text(ratings)]
    return "\n".join([*lines, *counted])


def _tags_text(tags: Spread, rows: int) -> str:
    """Tags that all have stand alone, the others with how many have them."""
    common = [tag for tag, count in tags.values if count == rows]
    lines = [_counted(tag, count) for tag, count in _first_of(tags) if count != rows]
    return "\n".join([*([", ".join(common)] if common else []), *lines, *_more(tags)])


def _total_text(extent: Extent, rows: int, words: Callable[[float], str]) -> str:
    if not extent.known:
        return ""
    if extent.known == 1:
        return _with_known(words(extent.total), extent, rows)
    text = _tr("%1 in all, %2 each").replace("%1", words(extent.total))
    return _with_known(text.replace("%2", _from_to(extent, words)), extent, rows)


def _range_text(extent: Extent, rows: int, words: Callable[[float], str]) -> str:
    return _with_known(_from_to(extent, words), extent, rows) if extent.known else ""


def _from_to(extent: Extent, words: Callable[[float], str]) -> str:
    lowest, highest = words(extent.lowest), words(extent.highest)
    return lowest if lowest == highest else f"{lowest} – {highest}"


def _with_known(text: str, extent: Extent, rows: int) -> str:
    """Say of how many it is known, where it is not of all."""
    if extent.known == rows:
        return text
    return _tr("%1 (known of %2)").replace("%1", text).replace("%2", _figure(extent.known))


def _first_of(spread: Spread) -> Sequence[tuple[str, int]]:
    """As many as are shown: where one more would be all, that one too."""
    return spread.values if spread.distinct <= MOST_VALUES else spread.values[:-1]


def _more(spread: Spread) -> list[str]:
    left = spread.distinct - len(_first_of(spread))
    return [_tr("and %1 more").replace("%1", _figure(left))] if left else []


def _counted(words: str, count: int, spread: Spread | None = None) -> str:
    """Say how many have a value; where each value is one row's, that would tell nothing."""
    are_single = spread is not None and spread.values[0][1] == 1
    return words if are_single else f"{words} ({_figure(count)})"


def _short(text: str, most: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _figure(number: int) -> str:
    return QLocale().toString(number)


def _tr(text: str) -> str:
    return QCoreApplication.translate("details", text)
