"""The credits of every account: remembered as last told, asked for now and then, warned of once a fall."""

from collections.abc import Callable

from pixverse_desktop.core.events import AccountsChanged, BalanceChanged, CreditsLow, Event
from pixverse_desktop.core.ports import Clock
from pixverse_desktop.core.video import Balance
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.sessions import Sessions

REFRESH_EVERY_S = 600.0


class Credits:
    """Follows what is told of credits from the moment it is made.

    ``low`` is the number below which a person wishes to be warned, as it is now; 0 for never.
    """

    def __init__(
        self,
        *,
        sessions: Sessions,
        library: Library,
        announcer: Announcer,
        clock: Clock,
        low: Callable[[], int],
    ) -> None:
        self._sessions = sessions
        self._library = library
        self._announcer = announcer
        self._clock = clock
        self._low = low
        self._balances: dict[str, Balance] = {}
        self._warned: set[str] = set()
        self._unsubscribe = announcer.subscribe(self._on_event)

    def of(self, account: str) -> Balance | None:
        """The credits of an account as last told."""
        return self._balances.get(account)

    def close(self) -> None:
        """Stop following."""
        self._unsubscribe()

    async def run(self) -> None:
        """Ask at once, and then rarely, while something is open: what is generated costs credits."""
        await self._sessions.refresh_balances()
        while True:
            await self._clock.sleep(REFRESH_EVERY_S)
            if any(video.status.is_open for video in self._library):
                await self._sessions.refresh_balances()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, BalanceChanged):
            self._balances[event.account] = event.balance
            self._warn(event.account, event.balance)
        elif isinstance(event, AccountsChanged):
            known = {session.account.name for session in self._sessions if session.is_connected}
            for name in self._balances.keys() - known:
                session = self._sessions.get(name)
                if session is not None and not session.is_connected:
                    del self._balances[name]
                    self._warned.discard(name)

    def _warn(self, account: str, balance: Balance) -> None:
        if balance.total >= self._low():
            self._warned.discard(account)
        elif account not in self._warned:
            self._warned.add(account)
            self._announcer.announce(CreditsLow(account, balance))
