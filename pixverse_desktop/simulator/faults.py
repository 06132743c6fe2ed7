"""Ways to misbehave: each function returns a fault, a pure change of the right answer."""

import gzip
import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from pixverse_desktop.simulator.exchange import (
    JSON_TYPE,
    Answer,
    Delivery,
    Request,
    envelope,
    html_page,
    json_answer,
    typed_answer,
)
from pixverse_desktop.simulator.media import ranged

Fault = Callable[[Request, Answer], Answer]
"""Takes the request and the right, whole answer (before any Range); returns what is sent instead."""

_WRONG_TYPES: Mapping[str, object] = {
    "create_time": 1_788_249_600,
    "id": ["1"],
    "modify_time": False,
    "negative_prompt": [],
    "outputHeight": None,
    "outputWidth": "wide",
    "prompt": {"text": "a lighthouse"},
    "resolution_ratio": "16:9",
    "seed": "none",
    "size": "large",
    "status": {"code": 1},
    "style": 3,
    "url": 17,
    "has_audio": "yes",
    "credits": [45],
    "customer_paths": "none",
}
_NUMBERS = ("id", "status", "size", "seed", "outputWidth", "outputHeight", "resolution_ratio", "credits")


# Any place.


def exactly(body: bytes, status: int = 200, content_type: str = JSON_TYPE) -> Fault:
    """Send these bytes, whatever was asked."""
    return _always(typed_answer(status, content_type, body))


def page(status: int = 502) -> Fault:
    """Send a web page: a gateway's 500 or 502, or a sign-in page with 200."""
    return _always(html_page(status))


def bare(status: int) -> Fault:
    """Send a status with JSON that is no envelope: 401, 403, 404."""
    return _always(json_answer({"message": f"HTTP {status}"}, status))


def redirect(location: str, status: int = 302) -> Fault:
    """Send the client to ``location``, which may be another host, address or scheme."""
    return _always(Answer(status, (("Location", location),)))


def stall() -> Fault:
    """Send nothing until the client or the server hangs up."""
    return _always(Answer(200, delivery=Delivery.STALLED))


def reset() -> Fault:
    """Send half of the right answer, then reset the connection."""
    return lambda request, whole: replace(ranged(request, whole), delivery=Delivery.RESET)


def endless() -> Fault:
    """Send blanks, which JSON allows before a value, until the client or the server hangs up."""
    blanks = typed_answer(200, JSON_TYPE, b" " * 65_536)
    return _always(replace(blanks, delivery=Delivery.ENDLESS))


# The API.


def error(code: int, message: str = "something went wrong", status: int = 200) -> Fault:
    """Send an envelope with this ErrCode at this HTTP status."""
    return _always(envelope(code, message, None, status))


def too_many(retry_after: int | datetime | str | None = None, *, with_envelope: bool = False) -> Fault:
    """Send HTTP 429; ``retry_after`` is seconds, a UTC date, a text sent as it stands, or left out."""
    answer = envelope(429, "Too Many Requests", None, 429) if with_envelope else html_page(429)
    if isinstance(retry_after, datetime):
        retry_after = format_datetime(retry_after, usegmt=True)
    return _always(answer if retry_after is None else answer.with_header("Retry-After", str(retry_after)))


def truncated_json() -> Fault:
    """Send the first half of the right JSON, with a length that fits."""
    return lambda _, whole: replace(whole, body=whole.body[: len(whole.body) // 2])


def without_code() -> Fault:
    """Leave ErrCode out."""
    return _edited(lambda document: document.pop("ErrCode"))


def text_code() -> Fault:
    """Send ErrCode as text (one client accepts that form)."""
    return _edited(lambda document: document.update(ErrCode=str(document["ErrCode"])))


def null_resp() -> Fault:
    """Say ErrCode 0 with a null ``Resp``."""
    return _always(envelope(0, "Success", None))


def empty_resp() -> Fault:
    """Say ErrCode 0 with an empty ``Resp``."""
    return _always(envelope(0, "Success", {}))


def list_resp() -> Fault:
    """Say ErrCode 0 with the right ``Resp`` inside a list."""
    return _edited(lambda document: document.update(Resp=[document["Resp"]]))


def changed_resp(fields: Mapping[str, object]) -> Fault:
    """Put these values into ``Resp``."""
    return _resp_edited(lambda resp: resp.update(fields))


def without_fields(*names: str) -> Fault:
    """Leave these fields out of ``Resp``."""
    return _resp_edited(lambda resp: [resp.pop(name, None) for name in names])


def another_id(video_id: str = "100000000000001") -> Fault:
    """Answer about another video."""
    return changed_resp({"id": int(video_id)})


def text_id() -> Fault:
    """Send the id as text, as the webhook does (documented there)."""
    return _resp_edited(lambda resp: resp.update(id=str(resp["id"])))


def wrong_types(*, keep: Collection[str] = ()) -> Fault:
    """Give every field of ``Resp`` but those in ``keep`` a value of a type it never has."""
    return changed_resp({name: value for name, value in _WRONG_TYPES.items() if name not in keep})


def huge_numbers(digits: int = 400, *, keep: Collection[str] = ()) -> Fault:
    """Make every number but those in ``keep`` ``digits`` long, and ``size`` the overflowing 1e400."""
    literals = {name: "1e400" if name == "size" else "9" * digits for name in _NUMBERS if name not in keep}
    return _with_literals(literals)


def nan() -> Fault:
    """Send NaN and Infinity, which JSON does not have and Python reads."""
    return _with_literals({"status": "NaN", "size": "Infinity", "seed": "-Infinity"})


def nested(depth: int = 100_000) -> Fault:
    """Send lists in lists, deep enough to exhaust a reader that recurses."""
    return exactly(b'{"ErrCode": 0, "ErrMsg": "", "Resp": ' + b"[" * depth + b"]" * depth + b"}")


def not_utf8() -> Fault:
    """Send bytes that are no UTF-8 inside otherwise good JSON."""
    return lambda _, whole: replace(
        whole, body=whole.body.replace(b'"prompt": "', b'"prompt": "\xff\xfe\xc3')
    )


def gzipped() -> Fault:
    """Send the right answer compressed, asked for or not."""
    return lambda _, whole: replace(whole, body=gzip.compress(whole.body)).with_header(
        "Content-Encoding", "gzip"
    )


# Media.


def ignores_range() -> Fault:
    """Send the whole file with 200, whatever Range says."""
    return lambda _, whole: whole


def wrong_length(by: int) -> Fault:
    """Announce a Content-Length ``by`` bytes more (or, negative, fewer) than are sent."""

    def fault(request: Request, whole: Answer) -> Answer:
        part = ranged(request, whole)
        return replace(part, length=max(0, len(part.body) + by))

    return fault


def cut(share: float = 0.5) -> Fault:
    """Announce the right length, send this share of it, and close."""

    def fault(request: Request, whole: Answer) -> Answer:
        part = ranged(request, whole)
        return replace(part, length=len(part.body), body=part.body[: int(len(part.body) * share)])

    return fault


def slow(bytes_per_s: int) -> Fault:
    """Send the right answer at this pace."""
    return lambda request, whole: replace(ranged(request, whole), bytes_per_s=bytes_per_s)


def chunked() -> Fault:
    """Send the right answer without a Content-Length."""
    return lambda request, whole: replace(ranged(request, whole), delivery=Delivery.CHUNKED)


def changed_etag(etag: str = '"changed"') -> Fault:
    """Send the file as another version of itself, so that an earlier If-Range no longer holds."""
    return lambda request, whole: ranged(request, whole.with_header("ETag", etag))


def _always(answer: Answer) -> Fault:
    return lambda request, whole: answer


def _edited(edit: Callable[[dict[str, Any]], object]) -> Fault:
    def fault(_: Request, whole: Answer) -> Answer:
        document = json.loads(whole.body)
        edit(document)
        return json_answer(document, whole.status)

    return fault


def _resp_edited(edit: Callable[[dict[str, Any]], object]) -> Fault:
    """Edit ``Resp`` where there is one; an error envelope passes as it is."""
    return _edited(lambda document: edit(document["Resp"]) if document["Resp"] is not None else None)


def _with_literals(literals: Mapping[str, str]) -> Fault:
    """Put texts into ``Resp`` unquoted: numbers that ``json.dumps`` would refuse to write."""
    marked = changed_resp({name: f"@{name}@" for name in literals})

    def fault(request: Request, whole: Answer) -> Answer:
        answer = marked(request, whole)
        body = answer.body
        for name, literal in literals.items():
            body = body.replace(f'"@{name}@"'.encode(), literal.encode())
        return replace(answer, body=body)

    return fault
