"""Requests and answers as plain values, so that everything but the socket can be tested without one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self

JSON_TYPE = "application/json; charset=utf-8"

Headers = tuple[tuple[str, str], ...]


class Place(Enum):
    """The parts of the service that can be asked, and made to misbehave, apart from one another."""

    RESULT = "video result"
    BALANCE = "account balance"
    MEDIA = "media file"
    NOWHERE = "any other path"


class Delivery(Enum):
    """How an answer reaches the client."""

    WHOLE = "in one go, with its length"
    CHUNKED = "in chunks, without a length"
    STALLED = "never: not a byte until one side hangs up"
    RESET = "half of the body, then the connection is reset"
    ENDLESS = "the body over and over, until one side hangs up"


def _find(headers: Headers, name: str) -> str | None:
    wanted = name.lower()
    return next((value for given, value in headers if given.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; ``target`` keeps its percent-encoding, ``base_url`` is where the service lives."""

    method: str
    target: str
    headers: Headers = field(default=(), repr=False)  # the key is among them
    base_url: str = "http://127.0.0.1"

    @property
    def path(self) -> str:
        """The target without its query."""
        return self.target.partition("?")[0]

    def header(self, name: str) -> str | None:
        """Return the first header of that name in any case, or None."""
        return _find(self.headers, name)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer and the manner of its delivery.

    ``length`` is a Content-Length that lies, in bytes; None tells the truth.
    ``bytes_per_s`` paces the body; None sends it as fast as it goes.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    delivery: Delivery = Delivery.WHOLE
    length: int | None = None
    bytes_per_s: int | None = None

    def header(self, name: str) -> str | None:
        """Return the first header of that name in any case, or None."""
        return _find(self.headers, name)

    def with_header(self, name: str, value: str) -> Self:
        """Return a copy in which ``name`` has this value and no other."""
        others = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*others, (name, value)))


def typed_answer(status: int, content_type: str, body: bytes) -> Answer:
    """Answer with these bytes under this content type."""
    return Answer(status, (("Content-Type", content_type),), body)


def json_answer(document: object, status: int = 200) -> Answer:
    """Answer with ``document`` as JSON."""
    return typed_answer(status, JSON_TYPE, json.dumps(document, ensure_ascii=False).encode())


def envelope(code: int, message: str, resp: Mapping[str, object] | None, status: int = 200) -> Answer:
    """Answer with PixVerse's envelope (documented); errors carry a null ``Resp`` (seen)."""
    return json_answer({"ErrCode": code, "ErrMsg": message, "Resp": resp}, status)


def html_page(status: int) -> Answer:
    """Answer with a web page, as a gateway does when the service behind it is away."""
    text = f"<!DOCTYPE html><html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>"
    return typed_answer(status, "text/html; charset=utf-8", text.encode())


def no_such_file() -> Answer:
    """Answer as the object storage behind the media host does: its errors are XML (seen)."""
    text = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchKey</Code></Error>'
    return typed_answer(404, "application/xml", text.encode())
