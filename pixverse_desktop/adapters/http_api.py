"""The PixVerse Platform API over HTTP: two questions, and every way they can be answered."""

import asyncio
import re
import ssl
import uuid
import zlib
from collections.abc import Iterator, Mapping
from contextlib import aclosing, contextmanager
from typing import Any

import httpx

from pixverse_desktop.adapters.answer_reader import (
    decode_envelope,
    read_balance,
    read_video,
    short_text,
    whole_number,
)
from pixverse_desktop.adapters.http_client import UNPACKABLE, new_client, packing, retry_after_s, unpacked
from pixverse_desktop.core.answers import VideoAnswer
from pixverse_desktop.core.budget import PAUSE_WORDS
from pixverse_desktop.core.errors import (
    CreditsUsedUp,
    KeyRefused,
    PixverseError,
    RateLimited,
    RequestRefused,
    ServiceBusy,
    ServiceError,
    ServiceUnreachable,
    VideoGone,
    VideoModerated,
    VideoNotKnown,
)
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Balance

MAX_CONNECTIONS = 8  # the pool's cost grows with the square of this; 16 is the most that is sane
_MAX_ANSWER_BYTES = 1024 * 1024
_WHOLE_ANSWER_TIMEOUT_S = 30.0

_KEY_CODES = frozenset({10001, 10002, 10003, 10004, 10005, 400012, 500200})
_NOT_KNOWN_CODES = frozenset({500008, 500047, 400001})
_CREDIT_CODES = frozenset({500043, 500060, 500090})
_RATE_CODES = frozenset({429, 500044})
_MODERATED_CODES = frozenset({500054, 500063})
_GONE_CODE = 500064
_NO_PERMISSION_CODE = 500020
_INVALID_KEY_TEXT = re.compile(r"invalid\s+api[-_ ]?key", re.IGNORECASE)


class HttpVideoApi:
    """The ``VideoApi`` port over one HTTP client that knows one key and one base address.

    Every attempt carries a new ``Ai-trace-id`` (documented: repeated ones are ineffective). The key
    goes into the request at the moment of asking and nowhere else.
    """

    def __init__(self, base_url: str, key: ApiKey, *, read_timeout_s: float = 20.0) -> None:
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._client = new_client(
            address=base_url, max_connections=MAX_CONNECTIONS, read_timeout_s=read_timeout_s
        )

    def __repr__(self) -> str:
        return f"HttpVideoApi({self._base_url!r})"

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def get_video_result(self, video_id: str) -> VideoAnswer:
        """Ask what became of ``video_id`` (documented: ``GET /openapi/v2/video/result/{id}``)."""
        trace_id = str(uuid.uuid4())
        try:
            resp = await self._ask(f"/openapi/v2/video/result/{video_id}", trace_id)
            return read_video(resp, video_id=video_id, trace_id=trace_id)
        except PixverseError as error:
            error.trace_id = trace_id
            raise

    async def get_account_balance(self) -> Balance:
        """Ask for the credits (documented: ``GET /openapi/v2/account/balance``)."""
        return read_balance(await self._ask("/openapi/v2/account/balance", str(uuid.uuid4())))

    async def _ask(self, path: str, trace_id: str) -> object:
        headers = {
            "API-KEY": self._key.reveal(),
            "Ai-trace-id": trace_id,
            "Accept": "application/json",
            "Accept-Encoding": "gzip, deflate",
        }
        with _in_our_words():
            async with (
                asyncio.timeout(_WHOLE_ANSWER_TIMEOUT_S),
                self._client.stream("GET", self._base_url + path, headers=headers) as answer,
            ):
                body = await _read_bounded(answer)
        envelope = decode_envelope(body, secret=self._key.reveal())
        if _is_sign_in_page(answer, envelope):
            raise ServiceUnreachable(_SIGN_IN_WORDS)
        return _judge(answer.status_code, answer.headers, envelope, is_empty=not body.strip())


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turn the transport's exceptions into the core's; their text may name addresses, ours does not."""
    try:
        yield
    except (httpx.TimeoutException, TimeoutError) as error:
        raise ServiceUnreachable("PixVerse did not answer in time.") from error
    except zlib.error as error:
        raise ServiceBusy("PixVerse’s answer could not be unpacked.") from error
    except httpx.TransportError as error:
        raise ServiceUnreachable(_transport_words(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as error:
        raise ServiceUnreachable("PixVerse could not be reached.") from error
    except ssl.SSLError as error:  # a damaged record passes through httpx untranslated
        raise ServiceUnreachable("The secure connection to PixVerse broke off.") from error


def _transport_words(error: httpx.TransportError) -> str:
    text = str(error).lower()
    if "certificate" in text or "ssl" in text or "tls" in text:
        return "No secure connection to PixVerse: its certificate could not be checked."
    if isinstance(error, httpx.ConnectError):
        return "PixVerse cannot be reached. Check the network connection."
    return "The connection to PixVerse broke off."


async def _read_bounded(answer: httpx.Response) -> bytes:
    """The whole body, or as much as any honest answer could need."""
    if packing(answer) not in ("", *UNPACKABLE):  # more than once, as only bombs are, or unasked
        raise ServiceBusy("PixVerse’s answer was packed in a way that was not asked for.")
    body = bytearray()
    async with aclosing(unpacked(answer)) as pieces:
        async for piece in pieces:
            body += piece
            if len(body) > _MAX_ANSWER_BYTES:
                raise ServiceBusy("PixVerse’s answer was far too long.")
    return bytes(body)


_SIGN_IN_WORDS = (
    "A sign-in page of the network answered instead of PixVerse. Open a web browser and sign in there; "
    "if there is nothing to sign in to, check the service address."
)


def _is_sign_in_page(answer: httpx.Response, envelope: dict[str, Any] | None) -> bool:
    """Whether the network and not PixVerse answered, as in hotels and trains (HTTP 511 is RFC 6585)."""
    if envelope is not None and "ErrCode" in envelope:
        return False
    if answer.status_code == 511 or _redirects_to_another_host(answer):
        return True
    is_page = answer.headers.get("content-type", "").lower().startswith("text/html")
    return is_page and 200 <= answer.status_code < 300


def _redirects_to_another_host(answer: httpx.Response) -> bool:
    if not 300 <= answer.status_code < 400:
        return False
    try:
        target = answer.url.join(answer.headers.get("location", ""))
        return target.host != answer.url.host
    except (httpx.InvalidURL, UnicodeError):  # the latter of a host whose name is written wrongly
        return False


def _judge(
    http_status: int, headers: Mapping[str, str], envelope: dict[str, Any] | None, *, is_empty: bool
) -> object:
    """``Resp`` of a good answer; raises what any other stands for. ``ErrCode`` decides before HTTP does."""
    code = whole_number(envelope.get("ErrCode")) if envelope is not None else None
    if http_status == 429 or code in _RATE_CODES:
        pause_s = retry_after_s(headers)
        raise RateLimited(PAUSE_WORDS, code=code or http_status, retry_after_s=pause_s)
    if code is None and envelope and _INVALID_KEY_TEXT.search(short_text(envelope.get("ErrMsg"))):
        raise KeyRefused(_KEY_WORDS, code=http_status)
    if envelope is None or code is None:
        raise _without_envelope(http_status, has_json=envelope is not None, is_empty=is_empty)
    if code != 0:
        raise _error_for(code, short_text(envelope.get("ErrMsg")))
    return envelope.get("Resp")


def _without_envelope(http_status: int, *, has_json: bool, is_empty: bool) -> ServiceError:
    """What an answer without ``ErrCode`` stands for; a page may as well be a gateway's."""
    if http_status in (401, 403):
        return KeyRefused(_KEY_WORDS, code=http_status, is_certain=has_json or is_empty)
    if http_status == 404:
        return VideoNotKnown(_NOT_KNOWN_WORDS, code=http_status)
    if 300 <= http_status < 400:
        return ServiceBusy("PixVerse’s address leads elsewhere. Check the service address.", code=http_status)
    kind = "an incomplete answer" if has_json else "a page instead of an answer"
    return ServiceBusy(f"PixVerse sent {kind} (HTTP {http_status}).", code=http_status)


_KEY_WORDS = "PixVerse does not accept this key. Copy it again, or make a new one."
_NOT_KNOWN_WORDS = (
    "Not known to this key. The id is wrong, belongs to another account, or was made in the web app, "
    "whose ids do not work here."
)


def _error_for(code: int, text: str) -> ServiceError:
    """The error a non-zero ``ErrCode`` stands for (documented table, and codes seen in clients)."""
    said = f" PixVerse says: {text} ({code})." if text else f" (PixVerse’s code {code}.)"
    if code in _KEY_CODES or _INVALID_KEY_TEXT.search(text):
        return KeyRefused("PixVerse does not accept this key." + said, code=code)
    if code in _NOT_KNOWN_CODES:
        return VideoNotKnown(_NOT_KNOWN_WORDS, code=code)
    if code == _GONE_CODE:
        return VideoGone("Deleted at PixVerse.", code=code)
    if code in _MODERATED_CODES:
        return VideoModerated("Blocked by PixVerse’s moderation. The credits are given back.", code=code)
    if code in _CREDIT_CODES:
        return CreditsUsedUp("The credits of this account are used up." + said, code=code)
    if code == _NO_PERMISSION_CODE:
        return RequestRefused("This account may not read the video." + said, code=code)
    if 400000 <= code <= 400999:
        return RequestRefused("PixVerse refuses this id. Check it." + said, code=code)
    return ServiceBusy("PixVerse is busy or has a fault; asking again later." + said, code=code)
