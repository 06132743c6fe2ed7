"""A clip source for each service address: what may be downloaded depends on where the service itself is."""

from pixverse_desktop.adapters.http_files import HttpClipSource
from pixverse_desktop.core.addresses import INTERNATIONAL_URL
from pixverse_desktop.services.sessions import Sessions


class ClipSources:
    """The clips of an account may come from private addresses only if its own service runs at one.

    One account at a service on this machine opens nothing for the videos of another.
    """

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._sources: dict[str, HttpClipSource] = {}

    def __call__(self, account: str) -> HttpClipSource:
        """The source for the clips of the account of that name."""
        session = self._sessions.get(account)
        address = session.account.base_url if session is not None else INTERNATIONAL_URL
        if address not in self._sources:
            self._sources[address] = HttpClipSource(base_url=address)
        return self._sources[address]

    async def aclose(self) -> None:
        """Close all connections."""
        for source in self._sources.values():
            await source.aclose()
