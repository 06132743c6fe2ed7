"""One account's connection for the life of a run: opened when there is a key, replaced when the key is."""

from contextlib import AsyncExitStack

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.events import AccountsChanged, BalanceChanged, ConnectionKind
from pixverse_desktop.core.ports import VideoApi
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account, Balance
from pixverse_desktop.services.accounts import Accounts, Connect
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.polling import Poller

_SILENT = (ConnectionKind.KEY_REFUSED, ConnectionKind.PAUSED)


class Session:
    """Connects a ``Poller`` with the service as soon as a key for ``account`` is known.

    Attributes:
        account: whose connection it is, and where its key goes.
        poller: who asks about the account's videos.
        is_stored: whether the account's address is in the list, and so a key in the keychain.
    """

    def __init__(
        self, *, account: Account, accounts: Accounts, connect: Connect, poller: Poller, announcer: Announcer
    ) -> None:
        self.account = account
        self.poller = poller
        self.is_stored = False
        self._accounts = accounts
        self._connect = connect
        self._announcer = announcer
        self._connection = AsyncExitStack()
        self._api: VideoApi | None = None

    @property
    def is_connected(self) -> bool:
        """Whether there is a key to work with."""
        return self._api is not None

    async def open(self) -> None:
        """Connect with the key of the account. Raises ``KeyMissing`` or ``KeychainUnavailable``."""
        await self._use(await self._accounts.key_of(self.account))

    async def test(self) -> Balance:
        """Ask for the balance with the key in use. Raises ``KeyMissing`` and the ``ServiceError`` family."""
        return await self._accounts.test(self.account, await self._accounts.key_of(self.account))

    async def test_and_store(self, key: ApiKey) -> Balance:
        """Try ``key``; if it works, keep it in the keychain and go on with it."""
        balance = await self._accounts.test(self.account, key)
        await self._accounts.store(self.account, key)
        self.is_stored = True
        await self._use(key)
        return balance

    async def test_and_use_once(self, key: ApiKey) -> Balance:
        """Try ``key``; if it works, go on with it until the program ends."""
        balance = await self._accounts.test(self.account, key)
        self._accounts.use_for_this_run(self.account, key)
        await self._use(key)
        return balance

    async def forget_key(self) -> None:
        """Remove the key from the keychain and ask nothing more."""
        await self._accounts.remove(self.account)
        self.is_stored = False
        await self.aclose()
        self._announcer.announce(AccountsChanged())

    async def refresh_balance(self) -> None:
        """Ask for the credits and tell them; a failure is the poller's to notice, not this one's.

        Nothing is asked while the key is refused or PixVerse wishes for a pause.
        """
        if self._api is None or self.poller.connection.kind in _SILENT:
            return
        try:
            balance = await self._api.get_account_balance()
        except PixverseError:
            return
        self._announcer.announce(BalanceChanged(self.account.name, balance))

    async def aclose(self) -> None:
        """Close the connection."""
        self._api = None
        self.poller.use(None)
        await self._connection.aclose()

    async def _use(self, key: ApiKey) -> None:
        former, self._connection = self._connection, AsyncExitStack()
        self._api = await self._connection.enter_async_context(self._connect(self.account, key))
        self.poller.use(self._api)
        self._announcer.announce(AccountsChanged())
        await former.aclose()
