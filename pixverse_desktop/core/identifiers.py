"""From any text to video ids, naming what was refused and why.

An id is decimal text below 2**64 and never passes through a float. In prose it has 14 to 20
digits; shorter ones count when labelled (``video_id: 7``), in an id column or key, or alone on a line.
"""

import re
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pixverse_desktop.core.structured_ids import ids_from_json, ids_from_json_lines, ids_from_table

MAX_ID = 2**64 - 1  # ids are typed uint64 by the service (seen in a client that was refused otherwise)
_MAX_SHOWN = 40
_TELL_EVERY_LINES = 20_000
_MAX_NAMED = 5
NOT_AN_ID = "not an id"

_TOKEN_EDGES = "\"'`’‘“”«»()[]{}<>,;:.!?*#=|"
_DIGITS = re.compile(r"[0-9]+\Z")
_LONG_RUN = re.compile(r"(?<![0-9])[0-9]{14,}(?![0-9])")
_ID_WITHIN = re.compile(r"(?<![0-9A-Za-z.,])[0-9]{14,20}(?![0-9A-Za-z]|[.,][0-9])")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+\Z")
_FRACTION = re.compile(r"[+-]?[0-9]+[.,][0-9]+\Z")
_LABELLED = re.compile(
    r"(?<![\w-])(?P<label>video[ _-]?ids?|ids?)(?![A-Za-z0-9_])[\"'’]?(?P<sign>\s*[:=#]\s*|\s+)[\[(\"'‘“]*"
    r"(?P<list>[0-9][^\s,;\"'’”\])}&]*(?:[\"'’”]?\s*,\s*[\"'‘“]?[0-9][^\s,;\"'’”\])}&]*)*)",
    re.IGNORECASE,
)
_OTHER_LABEL = re.compile(
    r"(?:seed|size|bytes|time|timestamp|created|modified|updated|date|duration|expires|phone|credits?"
    r"|(?:trace|account|user|image|img|media|template|webhook)[ _-]?id)(?:[_ ][a-z]+)?"
    r"[\"']?(?:\s*[:=#]\s*|\s+)[\"']?[0-9]+",
    re.IGNORECASE,
)
_OTHER_OWNER = re.compile(r"(?:trace|account|user|image|img|media|template|webhook)[ _-]?\Z", re.IGNORECASE)
# 20261124065500, with or without milliseconds; epoch microseconds and nanoseconds from 2014 to 2039.
_DATE_LIKE = re.compile(
    r"(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?"
    r"|(?:1[4-9]|2[01])\d{14}(?:\d{3})?)\Z"
)


OnProgress = Callable[[float], None]
"""Called with the share of a text that was read, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A piece of text that looked like an id, or stood in its place, and is none."""

    token: str
    reason: str


@dataclass(frozen=True, slots=True)
class IdScan:
    """What a text held: ids in order without repeats, and what was refused."""

    ids: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()
    repeated: int = 0


def check_id(token: str) -> str | Refusal:
    """``token`` as an id, or why it is none."""
    shown = token if len(token) <= _MAX_SHOWN else token[: _MAX_SHOWN - 1] + "…"
    if _SCIENTIFIC.match(token):
        return Refusal(shown, "a spreadsheet has rounded it; format the column as text and copy it again")
    if _FRACTION.match(token):
        return Refusal(shown, "it has a decimal point")
    if not _DIGITS.match(token):
        return Refusal(shown, NOT_AN_ID)
    if len(token) > 20 or int(token) > MAX_ID:
        return Refusal(shown, "too long for an id")
    if token.startswith("0"):
        return Refusal(shown, "an id does not begin with 0")
    return token


def scan_ids(text: str, on_progress: OnProgress | None = None) -> IdScan:
    """All ids in ``text``: prose, one a line, CSV or TSV with a heading, JSON, JSON lines. Never raises.

    ``on_progress`` is told now and then which share was read, 0 to 1; what it raises ends the reading.
    """
    text = text.lstrip("\ufeff")
    tokens = ids_from_json(text)
    if tokens is None:
        tokens = ids_from_json_lines(text)
    if tokens is None:
        tokens = ids_from_table(text)
    if tokens:
        return _gather(check_id(_bare(token)) for token in tokens)
    lines = text.splitlines()
    return _gather(found for line in _told(lines, on_progress) for found in _read_line(line))


def merge_scans(scans: Iterable[IdScan]) -> IdScan:
    """Several texts' ids as if they had been one text."""
    ids: dict[str, None] = {}
    refused: dict[Refusal, None] = {}
    repeated = 0
    for scan in scans:
        repeated += scan.repeated + sum(video_id in ids for video_id in scan.ids)
        ids.update(dict.fromkeys(scan.ids))
        refused.update(dict.fromkeys(scan.refused))
    return IdScan(tuple(ids), tuple(refused), repeated)


def refusal_words(refused: Iterable[Refusal]) -> str:
    """What was refused, by name: "1 not an id: ‘1.2E+14’ (a spreadsheet …)"; empty for none."""
    refusals = list(refused)
    if not refusals:
        return ""
    named = ", ".join(
        f"‘{each.token}’" + ("" if each.reason == NOT_AN_ID else f" ({each.reason})")
        for each in refusals[:_MAX_NAMED]
    )
    more = f" and {len(refusals) - _MAX_NAMED} more" if len(refusals) > _MAX_NAMED else ""
    return f"{len(refusals)} not {'an id' if len(refusals) == 1 else 'ids'}: {named}{more}"


def decode_text(data: bytes) -> str | None:
    """``data`` as text in whatever common encoding it is, or None for a file that is no text."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        return _decode_bare_utf16(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _decode_bare_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark, told by where the zero bytes of plain digits fall."""
    sample = data[:4096]
    if sample[1::2].count(0) > len(sample) // 3:
        return data.decode("utf-16-le", errors="replace")
    if sample[0::2].count(0) > len(sample) // 3:
        return data.decode("utf-16-be", errors="replace")
    return None


def _gather(found: Iterable[str | Refusal]) -> IdScan:
    ids: dict[str, None] = {}
    refused: dict[Refusal, None] = {}
    repeated = 0
    for item in found:
        if isinstance(item, Refusal):
            refused[item] = None
        elif item in ids:
            repeated += 1
        else:
            ids[item] = None
    return IdScan(tuple(ids), tuple(refused), repeated)


def _bare(token: str) -> str:
    return token.strip().strip(_TOKEN_EDGES)


def _told(lines: Sequence[str], on_progress: OnProgress | None) -> Iterator[str]:
    for number, line in enumerate(lines):
        if on_progress is not None and number % _TELL_EVERY_LINES == 0:
            on_progress(number / len(lines))
        yield line


def _read_line(line: str) -> Iterable[str | Refusal]:
    """A line; one that is a number and nothing else, as in a long list of ids, needs no closer look."""
    plain = line.strip()
    if plain.isascii() and plain.isdigit():
        return (check_id(plain),)
    return _scan_line(line)


def _scan_line(line: str) -> Iterator[str | Refusal]:
    alone = _bare(line)
    if not alone:
        return
    is_single = not re.search(r"\s|[,;|]", alone) and not _LABELLED.search(line) and "/" not in alone
    if is_single or _SCIENTIFIC.match(alone):
        yield from _scan_single(alone)
        return
    rest = yield from _scan_labelled(line)
    rest = _OTHER_LABEL.sub(" ", rest)
    is_list = _is_list(rest)
    for token in re.split(r"[\s,;|]+" if not is_list else r"\s*[,;|]\s*|\s+", rest):
        yield from _scan_token(token, named=is_list)


def _scan_single(token: str) -> Iterator[str | Refusal]:
    """A token that has its line to itself: an id of any length, or refused by name."""
    within = _ID_WITHIN.findall(token)
    if _DIGITS.match(token) or not within:
        yield check_id(token)
    else:  # a file name, say: clip_391504857968062.mp4
        yield from (_unless_date(run) for run in within)


def _scan_labelled(line: str) -> Generator[str | Refusal, None, str]:
    """Yield what stands behind ``video_id:`` and the like; return the line without it."""
    rest, last = [], 0
    for match in _LABELLED.finditer(line):
        is_bare_label = match["label"].lower() in ("id", "ids")
        if _OTHER_OWNER.search(line, 0, match.start()) or (is_bare_label and not match["sign"].strip()):
            continue
        for token in re.split(r"[\s,;\"'’”‘“]+", match["list"]):
            if token:
                yield check_id(_bare(token))
        rest.append(line[last : match.start()])
        last = match.end()
    rest.append(line[last:])
    return " ".join(rest)


def _is_list(line: str) -> bool:
    """Whether a line is ids separated by commas or the like, so that strangers in it deserve a word."""
    parts = [_bare(part) for part in re.split(r"[,;|\t]", line)]
    parts = [part for part in parts if part]
    return len(parts) > 1 and all(" " not in part for part in parts) and any(map(_LONG_RUN.search, parts))


def _scan_token(token: str, *, named: bool) -> Iterator[str | Refusal]:
    bare = _bare(token)
    ids = [run for run in _ID_WITHIN.findall(token) if isinstance(check_id(run), str)]
    if ids:
        yield from (_unless_date(run) for run in ids)
    elif bare and (named or _LONG_RUN.search(token) or _SCIENTIFIC.match(bare)):
        yield _as_refusal(check_id(bare))


def _unless_date(run: str) -> str | Refusal:
    if _DATE_LIKE.match(run):
        return Refusal(run, "it looks like a time stamp; put it on a line of its own if it is an id")
    return check_id(run)


def _as_refusal(result: str | Refusal) -> Refusal:
    if isinstance(result, Refusal):
        return result
    return Refusal(result, "too short to be told from other numbers; put it on a line of its own")
