"""Taking out of a text what nobody else may read: keys, and addresses that open a clip without one."""

import json
import re
from urllib.parse import quote

from pixverse_desktop.core.secrets import ApiKey

HIDDEN = "●●●"

# Scheme, whoever logs in, host; and the rest, which may be signed and is as good as a key to the clip.
_ADDRESS = re.compile(r"\b(https?://)(?:[^\s/@\"'<>]*@)?([^\s/?#\"'<>@]+)([/?#][^\s\"'<>]*)?", re.IGNORECASE)


class Redactor:
    """Knows the keys of a run."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def hide(self, key: ApiKey) -> None:
        """Never let ``key`` through from now on, nor in the forms it takes in addresses and JSON."""
        text = key.reveal()
        self._secrets |= {text, quote(text, safe=""), json.dumps(text)[1:-1]}

    def __call__(self, text: str) -> str:
        """``text`` without any key; of an address only the host is left."""
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, HIDDEN)
        return _ADDRESS.sub(_host_alone, text)


def _host_alone(address: re.Match[str]) -> str:
    scheme, host, rest = address.groups()
    return f"{scheme}{host}" + (f"/{HIDDEN}" if rest and rest != "/" else rest or "")
