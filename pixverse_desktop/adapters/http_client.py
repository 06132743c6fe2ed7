"""What both HTTP clients share: certificates, proxies, time-outs, dates, no redirects, no cookies."""

import email.utils
import re
import ssl
import time
import zlib
from collections.abc import AsyncGenerator, Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from urllib.parse import urlsplit

import httpcore
import httpx
import truststore

from pixverse_desktop.core.addresses import is_loopback_host

UNPACKABLE = ("gzip", "x-gzip", "deflate")

_USER_AGENT = "PixVerse-Desktop"
_GZIP_OR_ZLIB = 32
_UNPACKED_BYTES = 256 * 1024
# As much as asyncio takes from a socket at once: in pieces of 64 kB a download costs a third more time.
httpcore.AsyncHTTP11Connection.READ_NUM_BYTES = 256 * 1024


def new_client(*, address: str, max_connections: int, read_timeout_s: float) -> httpx.AsyncClient:
    """A client that trusts the system's certificates, follows no redirect by itself and keeps no cookie.

    Proxies come from the environment, except for ``address`` on this very machine. HTTP/1.1 alone:
    over HTTP/2 many servers hang up after 1,000 streams and take all requests in flight with them.
    """
    return httpx.AsyncClient(
        verify=_certificates(),
        http2=False,
        follow_redirects=False,
        trust_env=not is_loopback_host(urlsplit(address).hostname or ""),
        timeout=httpx.Timeout(connect=15.0, read=read_timeout_s, write=15.0, pool=60.0),
        limits=httpx.Limits(max_connections=max_connections, max_keepalive_connections=max_connections),
        headers={"User-Agent": _USER_AGENT},
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
    )


def packing(answer: httpx.Response) -> str:
    """How the body of an answer is packed; nothing if it is not."""
    word = str(answer.headers.get("content-encoding", "")).strip().lower()
    return "" if word == "identity" else word


async def unpacked(answer: httpx.Response) -> AsyncGenerator[bytes, None]:
    """The body of an answer that is not packed, or in one of the ways that are ``UNPACKABLE``.

    In small pieces: a few kB can hold a thousand times as much. Raises ``zlib.error``.
    """
    if not packing(answer):
        async for piece in answer.aiter_raw():
            yield piece
        return
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | _GZIP_OR_ZLIB)
    async for piece in answer.aiter_raw():
        while piece:
            yield unpacking.decompress(piece, _UNPACKED_BYTES)
            piece = unpacking.unconsumed_tail
    yield unpacking.flush()
    if not unpacking.eof:
        raise zlib.error("the body ends too soon")


def _certificates() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def retry_after_s(headers: Mapping[str, str]) -> float | None:
    """``Retry-After`` in seconds, from seconds or from a date (measured against the server's own clock)."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]+)?", value):
        return float(value)
    until, now = http_date_s(value), http_date_s(headers.get("date", ""))
    if until is None:
        return None
    return max(0.0, until - (now if now is not None else time.time()))


def http_date_s(value: str) -> float | None:
    """A date as HTTP writes it in seconds since 1970, or None where it is none."""
    try:
        return email.utils.parsedate_to_datetime(value).timestamp()
    except (TypeError, ValueError, OverflowError, IndexError):
        return None
