"""Clips over plain HTTP: no key, redirects followed by hand, and only what can be a clip."""

import asyncio
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, closing, contextmanager, suppress
from urllib.parse import urljoin, urlsplit

import httpx

from pixverse_desktop.adapters.http_client import (
    http_date_s,
    new_client,
    packing,
    retry_after_s,
    unpacked,
)
from pixverse_desktop.core.addresses import is_loopback_host
from pixverse_desktop.core.answers import is_clip_address
from pixverse_desktop.core.errors import ClipAddressGone, ClipCutShort, ClipRefused, ClipServerBusy
from pixverse_desktop.core.half_clips import UNKNOWN_VERSION, ClipVersion, HalfClip, is_validator

_MAX_REDIRECTS = 5
_STALL_LIMIT_S = 30.0
# Bytes may come although nothing gets on: a header without an end, or what stands between two chunks.
_STANDSTILL_LIMIT_S = 120.0
# OSS tells its errors in XML; gateways in HTML.
_REFUSED_TYPES = ("text/html", "text/xml", "application/json", "application/xml", "application/xhtml")
_GONE_STATUSES = (403, 404, 410)
_BUSY_STATUSES = (429, 503)
# A date of change proves nothing about a file that may have changed twice within its second.
_SETTLED_S = 60.0
_FAKE_ADDRESSES = ipaddress.ip_network("198.18.0.0/15")
_TRANSLATED_ADDRESSES = ipaddress.ip_network("64:ff9b::/96")
_OLD_PRIVATE_ADDRESSES = ipaddress.ip_network("fec0::/10")
_NOWHERE_WORDS = "The clip’s address leads where no clip may come from, so it was not followed."

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class HttpClipSource:
    """The ``ClipSource`` port. Knows no key, and so cannot give one away.

    ``allow_private`` lets addresses of this machine and its network through; meant for a service
    that itself runs there. Otherwise a clip may only come from the open internet; from link-local
    addresses it may never come.
    """

    def __init__(self, *, base_url: str, max_connections: int = 8) -> None:
        self._allow_private = _is_private_host(urlsplit(base_url).hostname or "")
        self._client = new_client(
            address=base_url, max_connections=max_connections, read_timeout_s=_STALL_LIMIT_S
        )

    async def aclose(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    @asynccontextmanager
    async def open(self, url: str, half: HalfClip | None = None) -> AsyncIterator["HttpClipStream"]:
        """Begin a download of ``url``, or of what ``half`` lacks of it."""
        with _in_our_words():
            answer, rest_of = await self._ask(url, half)
        stream = HttpClipStream(answer, rest_of)
        try:
            _refuse_unless_clip(answer, is_rest=rest_of is not None, has_begun=half is not None)
            yield stream
        finally:
            await answer.aclose()
            await stream.aclose()

    async def _ask(self, url: str, half: HalfClip | None) -> tuple[httpx.Response, HalfClip | None]:
        """The answer, and ``half`` where that is proven to be its rest."""
        if half is not None:
            answer = await self._follow(url, _wish_for_the_rest_of(half))
            if _goes_on(answer, half):
                return answer, half
            if answer.status_code not in (206, 416):
                return answer, None
            await answer.aclose()
        return await self._follow(url, {}), None

    async def _follow(self, url: str, headers: Mapping[str, str]) -> httpx.Response:
        # Identity: a length can only be held against bytes that nobody has repacked.
        headers = {"Accept-Encoding": "identity", **headers}
        for _ in range(_MAX_REDIRECTS + 1):
            await self._refuse_unless_public(url)
            request = self._client.build_request("GET", url, headers=headers)
            async with asyncio.timeout(_STANDSTILL_LIMIT_S):
                answer = await self._client.send(request, stream=True)
            if not answer.has_redirect_location:
                return answer
            await answer.aclose()
            url = urljoin(url, answer.headers["location"])
        raise ClipRefused("The clip’s address leads in circles.")

    async def _refuse_unless_public(self, url: str) -> None:
        if not is_clip_address(url) or "@" in urlsplit(url).netloc:
            raise ClipRefused(_NOWHERE_WORDS)
        for address in await _addresses_of(urlsplit(url).hostname or ""):
            # Link-local is the cable itself, where clouds keep their secrets and no service is.
            if address.is_link_local or (_is_ours_alone(address) and not self._allow_private):
                raise ClipRefused(_NOWHERE_WORDS)


class HttpClipStream:
    """The ``ClipStream`` port over one answer."""

    def __init__(self, answer: httpx.Response, half: HalfClip | None) -> None:
        self._answer = answer
        self._version = half.version if half is not None else _version_of(answer)
        self._begins_at = half.held_bytes if half is not None else 0
        self._chunks: AsyncGenerator[bytes, None] | None = None

    @property
    def version(self) -> ClipVersion:
        """What the server said of the whole file; nothing if the body is packed on its way."""
        return self._version

    @property
    def begins_at(self) -> int:
        """How many bytes of the file come before."""
        return self._begins_at

    def chunks(self) -> AsyncIterator[bytes]:
        """The bytes in order; for one reader."""
        self._chunks = self._read()
        return self._chunks

    async def aclose(self) -> None:
        """End a reading that was left: the collector would have httpx end it outside of any task."""
        if self._chunks is not None:
            await self._chunks.aclose()

    async def _read(self) -> AsyncGenerator[bytes, None]:
        with _in_our_words(), closing(_Patience(self._answer)) as patience:
            async with aclosing(unpacked(self._answer)) as chunks:
                while (chunk := await patience.wait_for(chunks)) is not None:
                    yield chunk


class _Patience:
    """Hangs up where we wait too long for one chunk. A single alarm sees to all: one for each is costly."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer
        self._waits_since_s: float | None = None
        self._look_later()

    async def wait_for(self, chunks: AsyncIterator[bytes]) -> bytes | None:
        """The next chunk, or None after the last one."""
        self._waits_since_s = time.monotonic()
        try:
            return await anext(chunks, None)
        finally:
            self._waits_since_s = None

    def close(self) -> None:
        """Look no more."""
        self._alarm.cancel()

    def _look_later(self) -> None:
        self._alarm = asyncio.get_running_loop().call_later(_STANDSTILL_LIMIT_S / 2, self._look)

    def _look(self) -> None:
        since_s = self._waits_since_s
        if since_s is None or time.monotonic() - since_s < _STANDSTILL_LIMIT_S:
            self._look_later()
            return
        with suppress(OSError):  # the reading then ends as with any transfer that breaks off
            self._answer.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)


def _is_plain(answer: httpx.Response) -> bool:
    return packing(answer) == ""


def _wish_for_the_rest_of(half: HalfClip) -> dict[str, str]:
    return {"Range": f"bytes={half.held_bytes}-", "If-Range": half.version.validator}


def _goes_on(answer: httpx.Response, half: HalfClip) -> bool:
    """Whether an answer proves to be the rest of ``half`` to its last byte, and of no other file."""
    known = half.version
    header = "etag" if known.validator.startswith('"') else "last-modified"
    rest = f"bytes {half.held_bytes}-{(known.total_bytes or 0) - 1}/{known.total_bytes}"
    return (
        answer.status_code == 206
        and answer.headers.get("content-range", "").strip() == rest
        and answer.headers.get(header) == known.validator
        and _is_plain(answer)
    )


def _version_of(answer: httpx.Response) -> ClipVersion:
    length = answer.headers.get("content-length", "")
    if not _is_plain(answer) or not (length.isascii() and length.isdigit()):
        return UNKNOWN_VERSION
    return ClipVersion(_validator_of(answer), int(length))


def _validator_of(answer: httpx.Response) -> str:
    """A strong ETag; else the date of the last change, if no second change can hide in it."""
    etag, changed = answer.headers.get("etag", ""), answer.headers.get("last-modified", "")
    if etag.startswith('"') and is_validator(etag):
        return str(etag)
    changed_s, now_s = http_date_s(changed), http_date_s(answer.headers.get("date", ""))
    is_settled = changed_s is not None and now_s is not None and now_s - changed_s >= _SETTLED_S
    return str(changed) if is_settled and is_validator(changed) else ""


def _plain(address: Address) -> Address:
    """The IPv4 address that an IPv6 address leads to, or else the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in _TRANSLATED_ADDRESSES:
        return ipaddress.IPv4Address(int(address) % 2**32)
    return address.ipv4_mapped or address.sixtofour or address


def _is_ours_alone(address: Address) -> bool:
    """Whether an address is of this machine or network, where no clip of PixVerse's can be.

    198.18.0.0/15 is let through: proxies of the Clash kind answer every name with one of these.
    """
    if address in _FAKE_ADDRESSES:
        return False
    return any(
        (
            address.is_private,
            address.is_loopback,
            address.is_link_local,
            address.is_multicast,
            address.is_unspecified,
            address in _OLD_PRIVATE_ADDRESSES,
        )
    )


def _is_private_host(host: str) -> bool:
    """Whether a service address names this machine, or a private network by number."""
    try:
        return is_loopback_host(host) or ipaddress.ip_address(host).is_private
    except ValueError:
        return False


async def _addresses_of(host: str) -> list[Address]:
    """What ``host`` stands for; nothing if it cannot be told here (a proxy may know it)."""
    with suppress(ValueError):
        return [_plain(ipaddress.ip_address(host))]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None)
    except OSError:
        return []
    return [_plain(ipaddress.ip_address(str(entry[4][0]).partition("%")[0])) for entry in found]


def _refuse_unless_clip(answer: httpx.Response, *, is_rest: bool, has_begun: bool) -> None:
    """Raise unless the answer can be a clip. A page in place of a rest may pass, and costs no byte."""
    status = answer.status_code
    if status in _GONE_STATUSES:
        raise ClipAddressGone(f"The clip is not (any more) at its address (HTTP {status}).")
    if status in _BUSY_STATUSES:
        raise ClipServerBusy(
            f"The clip’s server is busy (HTTP {status}).", retry_after_s=retry_after_s(answer.headers)
        )
    if status != 200 and not is_rest:
        raise ClipCutShort(f"The clip’s server has a fault (HTTP {status}).")
    kind = answer.headers.get("content-type", "").lower()
    if kind.startswith(_REFUSED_TYPES):
        refusal = ClipCutShort if has_begun else ClipRefused
        raise refusal("The clip’s address gave a page of text instead of a clip.")
    if packing(answer) not in ("", "gzip", "x-gzip"):
        raise ClipRefused("The clip’s server packed it in a way that was not asked for.")


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except (httpx.TimeoutException, TimeoutError) as error:
        raise ClipCutShort("The clip’s server stopped sending.") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
        raise ClipRefused(_NOWHERE_WORDS) from error
    except (httpx.HTTPError, httpx.StreamError, ssl.SSLError, zlib.error) as error:
        raise ClipCutShort("The transfer of the clip broke off.") from error
