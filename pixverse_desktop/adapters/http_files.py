"""Clips over plain HTTP: no key, redirects followed by hand, and only what can be a clip."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from urllib.parse import urljoin, urlsplit

import httpx

from pixverse_desktop.adapters.http_client import new_client
from pixverse_desktop.core.addresses import is_loopback_host
from pixverse_desktop.core.answers import is_clip_address
from pixverse_desktop.core.errors import ClipAddressGone, ClipCutShort, ClipRefused

_MAX_REDIRECTS = 5
_STALL_LIMIT_S = 30.0
# OSS tells its errors in XML; gateways in HTML.
_REFUSED_TYPES = ("text/html", "text/xml", "application/json", "application/xml", "application/xhtml")
_GONE_STATUSES = (403, 404, 410)
_FAKE_ADDRESSES = ipaddress.ip_network("198.18.0.0/15")
_NOWHERE_WORDS = "The clip’s address leads where no clip may come from, so it was not followed."

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class HttpClipSource:
    """The ``ClipSource`` port. Knows no key, and so cannot give one away.

    ``allow_private`` lets addresses of this machine and its network through; meant for a service
    that itself runs there. Otherwise a clip may only come from the open internet.
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
    async def open(self, url: str) -> AsyncIterator["HttpClipStream"]:
        """Begin a download of ``url``."""
        with _in_our_words():
            answer = await self._follow(url)
        try:
            _refuse_unless_clip(answer)
            yield HttpClipStream(answer)
        finally:
            await answer.aclose()

    async def _follow(self, url: str) -> httpx.Response:
        for _ in range(_MAX_REDIRECTS + 1):
            await self._refuse_unless_public(url)
            # Identity: a length can only be held against bytes that nobody has repacked.
            request = self._client.build_request("GET", url, headers={"Accept-Encoding": "identity"})
            answer = await self._client.send(request, stream=True)
            if not answer.has_redirect_location:
                return answer
            await answer.aclose()
            url = urljoin(url, answer.headers["location"])
        raise ClipRefused("The clip’s address leads in circles.")

    async def _refuse_unless_public(self, url: str) -> None:
        if not is_clip_address(url):
            raise ClipRefused(_NOWHERE_WORDS)
        if self._allow_private:
            return
        host = urlsplit(url).hostname or ""
        for address in await _addresses_of(host):
            if _is_ours_alone(address):
                raise ClipRefused(_NOWHERE_WORDS)


class HttpClipStream:
    """The ``ClipStream`` port over one answer."""

    def __init__(self, answer: httpx.Response) -> None:
        self._answer = answer

    @property
    def total_bytes(self) -> int | None:
        """The length the server named, in bytes, unless the body is packed on its way."""
        length = self._answer.headers.get("content-length", "")
        packed = self._answer.headers.get("content-encoding", "identity").lower() not in ("", "identity")
        return int(length) if length.isascii() and length.isdigit() and not packed else None

    async def chunks(self) -> AsyncIterator[bytes]:
        """The bytes in order."""
        with _in_our_words():
            async for chunk in self._answer.aiter_bytes():
                yield chunk


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
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None)
    except OSError:
        return []
    return [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]


def _refuse_unless_clip(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in _GONE_STATUSES:
        raise ClipAddressGone(f"The clip is not (any more) at its address (HTTP {status}).")
    if status != 200:
        raise ClipCutShort(f"The clip’s server has a fault (HTTP {status}).")
    kind = answer.headers.get("content-type", "").lower()
    if kind.startswith(_REFUSED_TYPES):
        raise ClipRefused("The clip’s address gave a page of text instead of a clip.")


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except httpx.TimeoutException as error:
        raise ClipCutShort("The clip’s server stopped sending.") from error
    except (httpx.InvalidURL, httpx.UnsupportedProtocol, ValueError) as error:
        raise ClipRefused(_NOWHERE_WORDS) from error
    except (httpx.HTTPError, httpx.StreamError, ssl.SSLError) as error:
        raise ClipCutShort("The transfer of the clip broke off.") from error
