"""The life of a key: found, tested, stored, removed; and the connection that carries it."""

import threading
from collections import defaultdict
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import TypeVar

from pixverse_desktop.core.addresses import INTERNATIONAL_URL
from pixverse_desktop.core.budget import RequestBudget
from pixverse_desktop.core.errors import InputUnreadable, KeychainUnavailable, KeyMissing
from pixverse_desktop.core.events import BalanceChanged
from pixverse_desktop.core.ports import KeyVault, VideoApi, VideoStore
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import DEFAULT_ACCOUNT, Account, Balance
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.tasks import run_in_daemon_thread

_KEYCHAIN_TIMEOUT_S = 120.0  # as long as a person may take to unlock it

_T = TypeVar("_T")

Connect = Callable[[Account, ApiKey], AbstractAsyncContextManager[VideoApi]]
"""Opens a connection with a key, closed on leaving."""


class Accounts:
    """Names, addresses and keys.

    A key from the environment counts for this run alone and for the run's own account alone, toward
    whatever address the run uses, and is never stored. A stored key goes to the address it was stored
    for and to no other.
    """

    def __init__(
        self,
        *,
        store: VideoStore,
        vault: KeyVault,
        connect: Connect,
        announcer: Announcer,
        environment_key: ApiKey | None = None,
        environment_account: str = DEFAULT_ACCOUNT,
    ) -> None:
        self._store = store
        self._vault = vault
        self._connect = connect
        self._announcer = announcer
        self._environment_key = environment_key
        self._environment_account = environment_account
        self._run_keys: dict[Account, ApiKey] = {}
        self._budgets: defaultdict[tuple[str, ApiKey], RequestBudget] = defaultdict(RequestBudget)
        self._vault_turn = threading.Lock()

    async def find(self, name: str, service_url: str | None = None) -> Account:
        """The account of that name, at ``service_url`` if given, else at its own address."""
        if service_url is not None:
            return Account(name, service_url)
        known = {account.name: account for account in await self._store.accounts()}
        return known.get(name, Account(name, INTERNATIONAL_URL))

    async def key_of(self, account: Account) -> ApiKey:
        """The key to use for ``account`` in this run.

        Raises:
            KeyMissing: there is none for this account and address.
            KeychainUnavailable: the keychain cannot be asked.
        """
        if (run_key := self._run_keys.get(account)) is not None:
            return run_key
        if self._environment_key is not None and account.name == self._environment_account:
            return self._environment_key
        key = await self._in_vault(lambda: self._vault.get(account))
        if key is None:
            raise KeyMissing(
                f"No key is stored for the account “{account.name}” at {account.base_url}. "
                "Store one with “pixverse-desktop key set”, or set PIXVERSE_API_KEY for this run."
            )
        return key

    def use_for_this_run(self, account: Account, key: ApiKey) -> None:
        """Use ``key`` for ``account`` until the program ends; it is not stored."""
        self._run_keys[account] = key

    def budget_of(self, account: Account, key: ApiKey) -> RequestBudget:
        """What ``key`` may ask at the account's address: one budget, under however many names it is kept."""
        return self._budgets[account.base_url, key]

    async def test(self, account: Account, key: ApiKey) -> Balance:
        """Ask for the balance with ``key``: the cheapest proof that it works."""
        async with self._connect(account, key) as api:
            balance = await api.get_account_balance()
        self._announcer.announce(BalanceChanged(account.name, balance))
        return balance

    async def check_address(self, account: Account) -> None:
        """Make sure that a key for ``account`` may be stored; to be done before it is sent anywhere.

        Raises:
            InputUnreadable: the account has a key for another address already.
        """
        known = {each.name: each for each in await self._store.accounts()}.get(account.name)
        if known is not None and known.base_url != account.base_url:
            raise InputUnreadable(
                f"The account “{account.name}” belongs to {known.base_url}. Use another name with "
                "--account, or remove its key first."
            )

    async def store(self, account: Account, key: ApiKey) -> None:
        """Put ``key`` into the keychain, and the account's address into the list.

        It replaces a key that was to be used for this run. Raises as ``check_address`` does.
        """
        await self.check_address(account)
        await self._in_vault(lambda: self._vault.put(account, key))
        self._run_keys.pop(account, None)
        await self._store.put_account(account)

    async def remove(self, account: Account) -> bool:
        """Take the key out of the keychain and forget the account's address; whether there was a key."""
        self._run_keys.pop(account, None)
        was_there = await self._in_vault(lambda: self._vault.remove(account))
        if account in await self._store.accounts():  # not one of that name at another address
            await self._store.remove_account(account.name)
        return was_there

    async def known(self) -> list[Account]:
        """The accounts whose address is in the list."""
        return list(await self._store.accounts())

    async def with_keys(self) -> list[Account]:
        """The accounts whose key is in the keychain."""
        known = await self._store.accounts()
        keys = [await self._in_vault(partial(self._vault.get, account)) for account in known]
        return [account for account, key in zip(known, keys, strict=True) if key is not None]

    async def _in_vault(self, work: Callable[[], _T]) -> _T:
        """Do ``work`` at the keychain, one after another: each may open a prompt, and one is enough."""

        def in_turn() -> _T:
            with self._vault_turn:
                return work()

        try:
            return await run_in_daemon_thread(in_turn, timeout_s=_KEYCHAIN_TIMEOUT_S, name="keychain")
        except TimeoutError as error:
            raise KeychainUnavailable("The keychain did not answer. Unlock it and try again.") from error
