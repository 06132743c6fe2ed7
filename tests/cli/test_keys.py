import io

import pytest

from pixverse_desktop.cli.keys import list_keys, remove_key, set_key
from pixverse_desktop.cli.keys import test_key as try_key
from pixverse_desktop.core.addresses import CHINA_URL, INTERNATIONAL_URL
from pixverse_desktop.core.errors import (
    InputUnreadable,
    KeyMissing,
    KeyRefused,
    ServiceBusy,
    ServiceUnreachable,
)
from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account, Balance
from pixverse_desktop.services.accounts import Accounts
from tests.cli.conftest import KEY
from tests.fakes.key_vault import FakeKeyVault
from tests.fakes.video_api import FakeVideoApi

STUDIO = Account("studio", CHINA_URL)
DEFAULT = Account("default", INTERNATIONAL_URL)
SECRET = "sk-very-secret"


async def test_a_key_is_tested_stored_and_not_shown(accounts: Accounts, vault: FakeKeyVault) -> None:
    out = io.StringIO()

    code = await set_key(accounts, STUDIO, lambda: f" '{SECRET}'\n", out)

    assert code is ExitCode.ALL_READY
    assert out.getvalue() == (
        "The key for “studio” works and is stored. 1,500 credits (1,200 monthly, 300 package).\n"
    )
    assert vault.get(STUDIO) == ApiKey(SECRET)


@pytest.mark.parametrize("error", [ServiceUnreachable("Offline."), ServiceBusy("Busy.")])
async def test_a_key_that_could_not_be_tested_is_stored_and_that_is_said(
    accounts: Accounts, vault: FakeKeyVault, api: FakeVideoApi, error: ServiceUnreachable | ServiceBusy
) -> None:
    api.balance = error
    out = io.StringIO()

    await set_key(accounts, STUDIO, lambda: SECRET, out)

    assert out.getvalue() == f"The key for “studio” is stored, but could not be tested: {error}\n"
    assert vault.get(STUDIO) == ApiKey(SECRET)


async def test_a_refused_key_is_not_stored(
    accounts: Accounts, vault: FakeKeyVault, api: FakeVideoApi
) -> None:
    api.balance = KeyRefused("Not accepted.", code=10001)

    with pytest.raises(KeyRefused):
        await set_key(accounts, STUDIO, lambda: SECRET, io.StringIO())

    assert vault.get(STUDIO) is None


async def test_a_key_for_an_account_that_belongs_elsewhere_is_sent_nowhere(
    accounts: Accounts, api: FakeVideoApi
) -> None:
    await accounts.store(DEFAULT, KEY)

    with pytest.raises(InputUnreadable, match="belongs to"):
        await set_key(accounts, Account("default", CHINA_URL), lambda: SECRET, io.StringIO())

    assert api.balances_asked == 0


@pytest.mark.parametrize("typed", ["", "\n", "two words\n", "clé\n"])
async def test_what_is_no_key_is_refused_before_anybody_is_asked(
    accounts: Accounts, api: FakeVideoApi, typed: str
) -> None:
    with pytest.raises(KeyRefused):
        await set_key(accounts, STUDIO, lambda: typed, io.StringIO())

    assert api.balances_asked == 0


async def test_a_key_is_tested_by_its_balance(accounts: Accounts, api: FakeVideoApi) -> None:
    api.balance = Balance(0, 7)
    out = io.StringIO()

    await try_key(accounts, DEFAULT, out)

    assert out.getvalue() == "The key for “default” works. 7 credits (0 monthly, 7 package).\n"


async def test_a_missing_key_cannot_be_tested(accounts: Accounts) -> None:
    with pytest.raises(KeyMissing):
        await try_key(accounts, STUDIO, io.StringIO())


async def test_a_key_is_removed_once(accounts: Accounts, vault: FakeKeyVault) -> None:
    out = io.StringIO()

    codes = [await remove_key(accounts, DEFAULT, out), await remove_key(accounts, DEFAULT, out)]

    assert codes == [0, 3]
    assert len(vault) == 0
    assert "removed" in out.getvalue().splitlines()[0]
    assert "There was no key" in out.getvalue().splitlines()[1]


async def test_keys_are_listed_by_name_and_address_alone(accounts: Accounts) -> None:
    await accounts.store(STUDIO, ApiKey(SECRET))
    await accounts.store(DEFAULT, KEY)
    out, err = io.StringIO(), io.StringIO()

    code = await list_keys(accounts, out, err)

    assert code is ExitCode.ALL_READY
    assert out.getvalue() == f"default\t{INTERNATIONAL_URL}\nstudio\t{CHINA_URL}\n"
    assert err.getvalue() == ""


async def test_no_key_at_all_is_said(accounts: Accounts) -> None:
    out, err = io.StringIO(), io.StringIO()

    assert await list_keys(accounts, out, err) is ExitCode.KEY_REFUSED
    assert (out.getvalue(), err.getvalue().count("\n")) == ("", 1)
