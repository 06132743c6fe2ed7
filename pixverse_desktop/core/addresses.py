"""Which addresses this program may talk to."""

import ipaddress
from urllib.parse import urlsplit

from pixverse_desktop.core.errors import InputUnreadable

INTERNATIONAL_URL = "https://app-api.pixverse.ai"
CHINA_URL = "https://app-api.pixverseai.cn"
_USUAL_PORTS = {"https": 443, "http": 80}


def is_loopback_host(host: str) -> bool:
    """Whether ``host`` is this very machine."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_base_url(url: str) -> str:
    """``url`` as a base address in its one form: https, or http on this machine only.

    The host is in small letters, without a port that goes without saying and a slash at the end:
    keys and what they may ask are kept by address.

    Raises:
        InputUnreadable: it is another scheme, has no host, or carries a name, query or fragment.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InputUnreadable(f"The service address is not a web address: {error}.") from error
    if not host or parts.scheme not in ("http", "https") or any(map(str.isspace, url.strip())):
        raise InputUnreadable("The service address must look like https://app-api.pixverse.ai.")
    if parts.scheme == "http" and not is_loopback_host(host):
        raise InputUnreadable(
            "The service address must begin with https://, since the key travels to it. "
            "Plain http is for this machine (127.0.0.1) only."
        )
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InputUnreadable("The service address must be a plain address, without name, password, ? or #.")
    named_port = "" if port in (None, _USUAL_PORTS[parts.scheme]) else f":{port}"
    shown_host = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown_host}{named_port}{parts.path.rstrip('/')}"
