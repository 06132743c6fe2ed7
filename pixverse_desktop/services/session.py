"""One account's connection for the life of a run: opened when there is a key, replaced when the key is."""

from contextlib import AsyncExitStack

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.events import AccountsChanged, BalanceChanged
from pixverse_desktop.core.ports import VideoApi
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account, Balance
from pixverse_desktop.services.accounts import Accounts, Connect
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.polling import Poller


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
        self._turn = 0  # counts what became of the key; one that was asked for in an earlier turn is stale
        self._opening_turn: int | None = None

    @property
    def is_connected(self) -> bool:
        """Whether there is a key to work with."""
        return self._api is not None

    @property
    def is_opening(self) -> bool:
        """Whether the keychain is being asked for the key, which may wait for a person."""
        return self._opening_turn == self._turn

    @property
    def is_locked_out(self) -> bool:
        """Whether there should be a key in the keychain, and nobody has it or is asking for it."""
        return self.is_stored and not self.is_connected and not self.is_opening

    async def open(self) -> None:
        """Connect with the key of the account, unless it is replaced or removed before the keychain gives it.

        Raises ``KeyMissing`` or ``KeychainUnavailable``.
        """
        turn = self._opening_turn = self._turn
        try:
            key = await self._accounts.key_of(self.account)
        finally:
            if self._opening_turn == turn:
                self._opening_turn = None
        if turn == self._turn:
            await self._use(key)

    async def test(self) -> Balance:
        """Ask for the balance with the key in use. Raises ``KeyMissing`` and the ``ServiceError`` family."""
        return await self._accounts.test(self.account, await self._accounts.key_of(self.account))

    async def test_and_store(self, key: ApiKey, *, at: Account | None = None) -> Balance:
        """Try ``key``; if it works, keep it in the keychain and go on with it, ``at`` that address if given.

        Raises:
            InputUnreadable: the account has a key for another address; this one was sent nowhere.
        """
        account = at or self.account
        await self._accounts.check_address(account)
        balance = await self._accounts.test(account, key)
        await self._accounts.store(account, key)
        self.account, self.is_stored = account, True
        await self._use(key)
        return balance

    async def test_and_use_once(self, key: ApiKey, *, at: Account | None = None) -> Balance:
        """Try ``key``; if it works, go on with it until the program ends, ``at`` that address if given."""
        account = at or self.account
        balance = await self._accounts.test(account, key)
        self._accounts.use_for_this_run(account, key)
        self.account = account
        await self._use(key)
        return balance

    async def move_to(self, account: Account) -> None:
        """Be at another address from now on; the key in use is not for it, and is let go of."""
        self.account = account
        await self.aclose()

    async def forget_key(self) -> None:
        """Remove the key from the keychain and ask nothing more."""
        self._turn += 1
        await self._accounts.remove(self.account)
        self.is_stored = False
        await self.aclose()
        self._announcer.announce(AccountsChanged())

    async def refresh_balance(self) -> None:
        """Ask for the credits and tell them; a failure is the poller's to notice, not this one's.

        It takes its turn among the questions about videos; nothing is asked while the key is refused or
        PixVerse wishes for a pause.
        """
        if not await self.poller.has_turn() or self._api is None:
            return
        try:
            balance = await self._api.get_account_balance()
        except PixverseError:
            return
        self._announcer.announce(BalanceChanged(self.account.name, balance))

    async def aclose(self) -> None:
        """Close the connection."""
        self._turn += 1
        self._api = None
        self.poller.use(None)
        await self._connection.aclose()

    async def _use(self, key: ApiKey) -> None:
        self._turn += 1
        account = self.account
        former, self._connection = self._connection, AsyncExitStack()
        self._api = await self._connection.enter_async_context(self._connect(account, key))
        self.poller.use(self._api, self._accounts.budget_of(account, key))
        self._announcer.announce(AccountsChanged())
        await former.aclose()
