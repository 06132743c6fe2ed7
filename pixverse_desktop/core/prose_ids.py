"""Ids out of a line that people or programs wrote: every run of 14 digits is taken, or refused by name.

Shorter ids count when labelled (``video_id: 7``) or alone on their line.
"""

import re
from collections.abc import Callable, Generator, Iterable, Iterator
from urllib.parse import unquote

from pixverse_desktop.core.refusals import (
    NOT_AN_ID,
    ROUNDED,
    Outcome,
    Refusal,
    bare,
    check_id,
    check_unlabelled,
    refuse,
)

_OWNERS = r"(?:trace|account|user|image|img|media|template|webhook|project|author|creator)"
_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_RUN = re.compile(r"\d{14,}")  # of any script: what is not ASCII is refused by name
_ID_WITHIN = re.compile(r"(?<![0-9A-Za-z.,%])[0-9]{14,20}(?![0-9A-Za-z]|[.,][0-9])")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+\Z")
_LONG_NUMBER = re.compile(r"[0-9]{5,}\Z")
_LABELLED_TOKEN = r"[0-9][^\s,;\"'’”\])}&<>#(|，。、；）（【】]*"
_LABELLED = re.compile(
    r"(?<![\w-])(?P<label>video[ _-]?ids?|ids?|pixverse-desktop)(?![A-Za-z0-9_])[\"'’*`]{0,2}"
    r"(?P<sign>\s{0,9}(?:[:=]>?|->|[#>：＝])\s{0,9}|\s{1,9})[\[(\"'‘“{/]{0,4}"
    rf"(?P<list>{_LABELLED_TOKEN}(?:[\"'’”]?\s{{0,9}}[,，、]\s{{0,9}}[\"'‘“]?{_LABELLED_TOKEN})*)",
    re.IGNORECASE,
)
_LABELLED_ROW = re.compile(
    r"(?<![\w-])(?P<label>video[ _-]?ids|ids)[\"'’]?\s{0,9}[:=：]\s{0,9}"
    r"(?P<list>[0-9]+(?:[ \t]+[0-9]+)+)\s*\Z",
    re.IGNORECASE,
)
# What a number says that stands behind a label of its own. A verb may precede an id, so it needs a sign.
_OTHER_LABEL = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    rf"(?P<noun>(?:seed|size|{_OWNERS}[ _-]?id)s?(?:_[a-z]+)?)[\"']?(?:\s{{0,9}}[:=#>：]\s{{0,9}}|\s{{1,9}})"
    r"|(?P<verb>(?:bytes|time|timestamp|created|modified|updated|date|duration|expires|phone|credits?)"
    r"(?:[_-]?[a-z]{1,12})?)[\"']?\s{0,9}[:=#>：]\s{0,9})"
    r"(?:\[[^\]]{0,2000}\]|[\[(\"'‘“]{0,3}[0-9]+)",
    re.IGNORECASE,
)
_OTHER_OWNER = re.compile(  # user_id: 7, user: {id: 7}
    rf"{_OWNERS}(?:[ _-]?|s?(?:_?info)?[\"']?\s{{0,3}}[:=]\s{{0,3}}[{{\[]{{1,2}}\s{{0,3}}[\"']?)\Z",
    re.IGNORECASE,
)
_OWNER_CHARS = 40
_GROUPED = re.compile(
    r"(?<![0-9A-Za-z])[0-9]{1,3}(?P<mark>[ \u00a0\u202f,.'’_])[0-9]{3}(?:(?P=mark)[0-9]{3}){3,}(?![0-9])"
)
_SPACED_SCIENTIFIC = re.compile(
    r"(?<![\w.,])[0-9]+(?:[.,][0-9]+)?(?: ?[eE] ?\+ ?[0-9]{1,2}|\s?[×xX*]\s?10(?:\^|\*\*)[0-9]{1,2})(?!\w)"
)
# 20261124065500, with or without milliseconds; epoch microseconds and nanoseconds from 2014 to 2039.
_DATE_LIKE = re.compile(
    r"(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d(?:\d{3})?"
    r"|(?:1[4-9]|2[01])\d{14}(?:\d{3})?)\Z"
)

Remains = Generator[Outcome, None, str]
"""Yields what was found in a line and returns the line without it."""


def scan_line(line: str) -> Iterable[Outcome]:
    """What a line holds; one that is a number and nothing else, as in a long list, needs no closer look."""
    plain = line.strip()
    if plain.isascii() and plain.isdigit():
        return (check_unlabelled(plain),)
    return _scan_mixed(line)


def scan_cell(cell: str, check: Callable[[str], Outcome]) -> Iterator[Outcome]:
    """What stands where an id should: an id, several, or one with words around it."""
    for token in _tokens_of(cell):
        outcome = check(bare(token))
        if isinstance(outcome, str) or outcome.reason != NOT_AN_ID:
            yield outcome
        else:
            yield from list(_scan_mixed(token)) or (outcome,)


def is_long_run(text: str) -> bool:
    """Whether ``text`` is nothing but a number as long as an id, and no moment."""
    return bool(_RUN.fullmatch(text)) and not _DATE_LIKE.match(text)


def name_runs(text: str, reason: str) -> Iterator[Refusal]:
    """A refusal of every number as long as an id that stands in ``text``."""
    return (refuse(run[0], reason) for run in _RUN.finditer(text))


def _tokens_of(cell: str) -> list[str]:
    """Several long ids may share a cell; "1,234" and "1,23E+14" are one damaged number each."""
    parts = [part for part in re.split(r"[\s,;|]+", cell) if part]
    if parts and all(map(_LONG_NUMBER.match, parts)):
        return parts
    return [cell.lstrip("=")]  # spreadsheets write ="123" to keep a number text


def _scan_mixed(line: str) -> Iterator[Outcome]:
    if "%" in line:
        line = _unquoted(line)
    alone = bare(line)
    if not alone:
        return
    is_single = not re.search(r"\s|[,;|/]", alone) and not _LABELLED.search(line)
    if is_single or _SCIENTIFIC.match(alone):
        yield from _scan_single(alone)
        return
    rest = yield from _cut_damaged(line)
    rest = yield from _cut_labelled(rest)
    rest = yield from _cut_others(rest)
    is_list = _is_list(rest)
    for token in re.split(r"[\s,;|]+" if not is_list else r"\s*[,;|]\s*|\s+", rest):
        yield from _scan_token(token, named=is_list)


def _unquoted(line: str) -> str:
    """``line`` without the escapes of addresses, whose digits would lengthen an id: ``%20391…``."""
    for _ in range(3):  # an address within an address is escaped twice
        line = _ESCAPES.sub(_unquote, line)
    return line


def _unquote(escapes: re.Match[str]) -> str:
    text = unquote(escapes[0], errors="replace")
    return escapes[0] if any(mark.isdigit() for mark in text) else text


def _scan_single(token: str) -> Iterator[Outcome]:
    """A token that has its line to itself: an id of any length, or refused by name."""
    if token.isascii() and token.isdigit():
        yield check_unlabelled(token)
    elif _RUN.search(token):  # a file name, say: clip_391504857968062.mp4
        yield from _scan_runs(token)
    else:
        yield check_id(token)


def _scan_token(token: str, *, named: bool) -> Iterator[Outcome]:
    word = bare(token)
    if _RUN.search(token):
        yield from _scan_runs(token)
    elif word and (named or _SCIENTIFIC.match(word)):
        yield _as_refusal(check_id(word))


def _scan_runs(token: str) -> Iterator[Outcome]:
    """Every long number of a token, taken or refused."""
    word = bare(token)
    runs = list(_RUN.finditer(token))
    for run in runs:
        within = _ID_WITHIN.match(token, run.start())
        if word.startswith("+" + run[0]):
            yield refuse(word, "it looks like a telephone number")
        elif within and within.end() == run.end():
            yield _unless_date(run[0])
        elif len(runs) == 1 and len(word) <= 2 * len(run[0]):
            yield _as_refusal(check_id(word), NOT_AN_ID)
        else:
            yield _as_refusal(check_id(run[0]), NOT_AN_ID)


def _unless_date(run: str) -> Outcome:
    if _DATE_LIKE.match(run):
        return Refusal(run, "it looks like a time stamp; put it on a line of its own if it is an id")
    return check_unlabelled(run)


def _as_refusal(
    outcome: Outcome, reason: str = "too short to be told from other numbers; put it on a line of its own"
) -> Refusal:
    return outcome if isinstance(outcome, Refusal) else Refusal(outcome, reason)


def _cut_damaged(line: str) -> Remains:
    """Numbers that were written for eyes: 391,504,857,968,062 and 6.27411 E+17."""
    for pattern, reason in (
        (_GROUPED, "its digits are in groups; write them as one number"),
        (_SPACED_SCIENTIFIC, ROUNDED),
    ):
        for match in pattern.finditer(line):
            yield refuse(match[0], reason)
        line = pattern.sub(" ", line)
    return line


def _cut_labelled(line: str) -> Remains:
    """What stands behind ``video_id:`` and the like; it is taken at its word."""
    row = _LABELLED_ROW.search(line)
    if row and not _is_of_another(line, row.start()):
        yield from map(check_id, row["list"].split())
        line = line[: row.start()]
    rest, last = [], 0
    for match in _LABELLED.finditer(line):
        if _is_of_another(line, match.start()) or not _can_label(match["label"].lower(), match["sign"]):
            continue
        for token in re.split(r"[\s,，、;\"'’”‘“]+", match["list"]):
            yield from _scan_labelled(token)
        rest.append(line[last : match.start()])
        last = match.end()
    rest.append(line[last:])
    return " ".join(rest)


def _is_of_another(line: str, start: int) -> bool:
    return bool(_OTHER_OWNER.search(line, max(0, start - _OWNER_CHARS), start))


def _can_label(label: str, sign: str) -> bool:
    """A link has its colon close by, and "id" needs a sign: "the id 7" may be anything."""
    if label == "pixverse-desktop":
        return sign == ":"
    return bool(sign.strip()) or label not in ("id", "ids")


def _scan_labelled(token: str) -> Iterator[Outcome]:
    if not token:
        return
    outcome = check_id(bare(token))
    if isinstance(outcome, Refusal) and outcome.reason == NOT_AN_ID and _RUN.search(token):
        yield from _scan_runs(token)  # 391504857968062.mp4
    else:
        yield outcome


def _cut_others(line: str) -> Remains:
    """Numbers that say themselves that they are something else; a long one is named all the same."""
    for match in _OTHER_LABEL.finditer(line):
        yield from name_runs(match[0], f"labelled ‘{match['noun'] or match['verb']}’")
    return _OTHER_LABEL.sub(" ", line)


def _is_list(line: str) -> bool:
    """Whether a line is ids separated by commas or the like, so that strangers in it deserve a word."""
    parts = [bare(part) for part in re.split(r"[,;|\t]", line)]
    parts = [part for part in parts if part]
    return len(parts) > 1 and all(" " not in part for part in parts) and any(map(_RUN.search, parts))
