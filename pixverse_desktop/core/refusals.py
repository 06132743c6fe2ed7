"""What makes a piece of text an id, and the words for what is none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_ID = 2**64 - 1  # ids are typed uint64 by the service (seen in a client that was refused otherwise)
_MAX_SHOWN = 40
_MAX_NAMED = 5
NOT_AN_ID = "not an id"
ROUNDED = "a spreadsheet has rounded it; format the column as text and copy it again"
PERHAPS_ROUNDED = "a spreadsheet may have rounded it; write video_id: in front of it if it is right"

_EDGES = "\"'`’‘“”«»()[]{}<>,;:.!?*#=|，。、；：！？（）【】《》…\u200b\u200c\u200d\u2060\ufeff"
_DIGITS = re.compile(r"[0-9]+\Z")
_SCIENTIFIC = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+\Z")
_FRACTION = re.compile(r"[+-]?[0-9]+[.,][0-9]+\Z")
SPREADSHEET_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Refusal:
    """A piece of text that looked like an id, or stood in its place, and is none."""

    token: str
    reason: str


Outcome = str | Refusal
"""An id, or a piece that is none."""


def refuse(token: str, reason: str = NOT_AN_ID) -> Refusal:
    """A refusal of ``token``, shortened to what can be shown."""
    return Refusal(token if len(token) <= _MAX_SHOWN else token[: _MAX_SHOWN - 1] + "…", reason)


def check_id(token: str) -> Outcome:
    """``token`` as an id, or why it is none."""
    if _DIGITS.match(token):
        if len(token) > 20 or int(token) > MAX_ID:
            return refuse(token, "too long for an id")
        return refuse(token, "an id does not begin with 0") if token.startswith("0") else token
    if _SCIENTIFIC.match(token):
        return refuse(token, ROUNDED)
    return refuse(token, "it has a decimal point" if _FRACTION.match(token) else NOT_AN_ID)


def check_unlabelled(token: str) -> Outcome:
    """Like ``check_id``, but doubts what a spreadsheet makes of long numbers: 15 digits and then zeros."""
    if token[-1:] == "0" and len(token) > SPREADSHEET_DIGITS and not token[SPREADSHEET_DIGITS:].strip("0"):
        outcome = check_id(token)
        return refuse(token, PERHAPS_ROUNDED) if isinstance(outcome, str) else outcome
    return check_id(token)


def bare(token: str) -> str:
    """``token`` without the quotes, brackets and stops around it."""
    return token.strip().strip(_EDGES)


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
