"""``key set | test | remove | list``: the key comes from a prompt or stdin and goes into the keychain."""

import getpass
import sys
from collections.abc import Callable
from typing import TextIO

from pixverse_desktop.core.errors import ServiceBusy, ServiceUnreachable
from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account, Balance
from pixverse_desktop.services.accounts import Accounts


def read_key() -> str:
    """The key: from a prompt that does not echo, or the first line of a redirected stdin."""
    if sys.stdin.isatty():
        return getpass.getpass("PixVerse API key: ")
    return sys.stdin.readline()


async def set_key(accounts: Accounts, account: Account, read: Callable[[], str], out: TextIO) -> ExitCode:
    """Test a key and store it; one that could not be tested for want of an answer is stored all the same."""
    key = ApiKey(read())
    await accounts.check_address(account)
    try:
        balance = await accounts.test(account, key)
    except (ServiceUnreachable, ServiceBusy) as error:
        await accounts.store(account, key)
        out.write(f"The key for “{account.name}” is stored, but could not be tested: {error}\n")
        return ExitCode.ALL_READY
    await accounts.store(account, key)
    out.write(f"The key for “{account.name}” works and is stored. {balance_words(balance)}\n")
    return ExitCode.ALL_READY


async def test_key(accounts: Accounts, account: Account, out: TextIO) -> ExitCode:
    """Ask for the balance with the key in use."""
    balance = await accounts.test(account, await accounts.key_of(account))
    out.write(f"The key for “{account.name}” works. {balance_words(balance)}\n")
    return ExitCode.ALL_READY


async def remove_key(accounts: Accounts, account: Account, out: TextIO) -> ExitCode:
    """Take a key out of the keychain; the account's videos stay in the list."""
    if await accounts.remove(account):
        out.write(f"The key for “{account.name}” is removed. Its videos stay in the list.\n")
        return ExitCode.ALL_READY
    out.write(f"There was no key for “{account.name}”.\n")
    return ExitCode.KEY_REFUSED


async def list_keys(accounts: Accounts, out: TextIO, err: TextIO) -> ExitCode:
    """Name the accounts that have a key, with their addresses; never the keys."""
    found = await accounts.with_keys()
    for account in found:
        out.write(f"{account.name}\t{account.base_url}\n")
    if not found:
        err.write("No key is stored. Store one with “pixverse-desktop key set”.\n")
        return ExitCode.KEY_REFUSED
    return ExitCode.ALL_READY


def balance_words(balance: Balance) -> str:
    """Credits for people: "1,500 credits (1,200 monthly, 300 package)."."""
    return f"{balance.total:,} credits ({balance.monthly:,} monthly, {balance.package:,} package)."
