"""What both HTTP clients have in common: certificates, proxies, time-outs, and no redirects of their own."""

import ssl
from urllib.parse import urlsplit

import httpx
import truststore

from pixverse_desktop.core.addresses import is_loopback_host

_USER_AGENT = "PixVerse-Desktop"


def new_client(*, address: str, max_connections: int, read_timeout_s: float) -> httpx.AsyncClient:
    """A client that trusts the system's certificates and never follows a redirect by itself.

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
    )


def _certificates() -> ssl.SSLContext:
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
