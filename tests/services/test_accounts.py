import asyncio
from contextlib import AbstractAsyncContextManager

import pytest

from pixverse_desktop.core.addresses import CHINA_URL, INTERNATIONAL_URL
from pixverse_desktop.core.errors import (
    InputUnreadable,
    KeychainUnavailable,
    KeyMissing,
    KeyRefused,
    ServiceUnreachable,
    StoreFailed,
)
from pixverse_desktop.core.events import BalanceChanged, ConnectionKind
from pixverse_desktop.core.ports import VideoApi
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account, Balance
from pixverse_desktop.services import accounts as accounts_module
from pixverse_desktop.services.accounts import Accounts
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.polling import Poller
from pixverse_desktop.services.session import Session
from tests.fakes.clock import FakeClock
from tests.fakes.heard import Heard
from tests.fakes.key_vault import FakeKeyVault
from tests.fakes.video_api import FakeVideoApi
from tests.fakes.video_store import FakeVideoStore

KEY, OTHER_KEY = ApiKey("sk-stored"), ApiKey("sk-other")
HOME = Account("default", INTERNATIONAL_URL)
ELSEWHERE = Account("default", "https://proxy.example")


class Connections:
    """Opens connections, and remembers which key went to which address."""

    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock
        self.opened: list[tuple[str, ApiKey]] = []
        self.open_now = 0
        self.balance: Balance | KeyRefused | ServiceUnreachable = Balance(10, 5)

    def __call__(self, account: Account, key: ApiKey) -> AbstractAsyncContextManager[VideoApi]:
        self.opened.append((account.base_url, key))
        api = FakeVideoApi(self._clock)
        api.balance = self.balance
        return _Connection(self, api)


class _Connection(AbstractAsyncContextManager[VideoApi]):
    """A connection that only its user closes; a generator would be closed by the garbage collector too."""

    def __init__(self, owner: Connections, api: VideoApi) -> None:
        self._owner = owner
        self._api = api

    async def __aenter__(self) -> VideoApi:
        self._owner.open_now += 1
        return self._api

    async def __aexit__(self, *_: object) -> None:
        self._owner.open_now -= 1


@pytest.fixture
def connections(clock: FakeClock) -> Connections:
    return Connections(clock)


@pytest.fixture
def vault() -> FakeKeyVault:
    return FakeKeyVault()


@pytest.fixture
def accounts(
    store: FakeVideoStore, vault: FakeKeyVault, connections: Connections, announcer: Announcer
) -> Accounts:
    return Accounts(store=store, vault=vault, connect=connections, announcer=announcer)


@pytest.fixture
def with_environment_key(
    store: FakeVideoStore, vault: FakeKeyVault, connections: Connections, announcer: Announcer
) -> Accounts:
    return Accounts(
        store=store,
        vault=vault,
        connect=connections,
        announcer=announcer,
        environment_key=ApiKey("sk-environment"),
    )


async def test_an_unknown_account_lives_at_the_international_address(accounts: Accounts) -> None:
    assert await accounts.find("default") == HOME


async def test_an_account_is_found_at_its_own_address_or_at_the_one_given(accounts: Accounts) -> None:
    await accounts.store(Account("studio", CHINA_URL), KEY)

    assert await accounts.find("studio") == Account("studio", CHINA_URL)
    assert await accounts.find("studio", ELSEWHERE.base_url) == Account("studio", ELSEWHERE.base_url)


async def test_a_stored_key_is_for_its_own_address_and_no_other(accounts: Accounts) -> None:
    await accounts.store(HOME, KEY)

    assert await accounts.key_of(HOME) == KEY
    with pytest.raises(KeyMissing, match=r"https://proxy\.example"):
        await accounts.key_of(ELSEWHERE)


async def test_a_missing_key_is_told_with_what_to_do(accounts: Accounts) -> None:
    with pytest.raises(KeyMissing, match=r"“studio”.*key set.*PIXVERSE_API_KEY"):
        await accounts.key_of(Account("studio", INTERNATIONAL_URL))


async def test_a_key_of_the_environment_counts_for_any_address_and_is_never_stored(
    with_environment_key: Accounts, vault: FakeKeyVault, store: FakeVideoStore
) -> None:
    for account in (HOME, ELSEWHERE):
        assert await with_environment_key.key_of(account) == ApiKey("sk-environment")
        await with_environment_key.test(account, await with_environment_key.key_of(account))

    assert len(vault) == 0
    assert store.writes == 0


async def test_a_key_of_the_environment_goes_before_a_stored_one_without_replacing_it(
    with_environment_key: Accounts, vault: FakeKeyVault
) -> None:
    vault.put(HOME, KEY)

    assert await with_environment_key.key_of(HOME) == ApiKey("sk-environment")
    assert vault.get(HOME) == KEY


async def test_a_name_taken_at_another_address_is_refused_and_its_key_stays(
    accounts: Accounts, vault: FakeKeyVault
) -> None:
    await accounts.store(HOME, KEY)

    with pytest.raises(InputUnreadable, match=r"belongs to https://app-api\.pixverse\.ai.*--account"):
        await accounts.store(ELSEWHERE, OTHER_KEY)

    assert vault.get(HOME) == KEY
    assert vault.get(ELSEWHERE) is None


async def test_a_key_is_replaced_at_the_same_address(accounts: Accounts) -> None:
    await accounts.store(HOME, KEY)

    await accounts.store(HOME, OTHER_KEY)

    assert await accounts.key_of(HOME) == OTHER_KEY


async def test_a_stored_key_takes_the_place_of_one_for_this_run(accounts: Accounts) -> None:
    accounts.use_for_this_run(HOME, KEY)

    await accounts.store(HOME, OTHER_KEY)

    assert await accounts.key_of(HOME) == OTHER_KEY


async def test_the_keychain_is_asked_one_thing_at_a_time(accounts: Accounts, vault: FakeKeyVault) -> None:
    vault.put(HOME, KEY)
    vault.calls = 0
    vault.unlocked.clear()

    asking = asyncio.gather(accounts.key_of(HOME), accounts.key_of(HOME))
    while vault.calls == 0:
        await asyncio.sleep(0)
    prompts = vault.calls
    vault.unlocked.set()

    assert set(await asking) == {KEY}
    assert prompts == 1


async def test_a_key_has_one_budget_at_an_address_whatever_the_account_is_called(accounts: Accounts) -> None:
    budget = accounts.budget_of(HOME, KEY)

    others = [accounts.budget_of(*each) for each in ((ELSEWHERE, KEY), (HOME, OTHER_KEY))]

    assert accounts.budget_of(Account("studio", HOME.base_url), ApiKey(KEY.reveal())) is budget
    assert all(other is not budget for other in others)


async def test_a_removed_key_frees_the_name_for_another_address(accounts: Accounts) -> None:
    await accounts.store(HOME, KEY)

    removed = [await accounts.remove(HOME), await accounts.remove(HOME)]
    await accounts.store(ELSEWHERE, OTHER_KEY)

    assert removed == [True, False]
    assert await accounts.find("default") == ELSEWHERE


async def test_removing_a_key_that_is_not_there_leaves_the_account_of_that_name_alone(
    accounts: Accounts,
) -> None:
    await accounts.store(Account("studio", CHINA_URL), KEY)

    was_there = await accounts.remove(Account("studio", INTERNATIONAL_URL))

    assert not was_there
    assert await accounts.find("studio") == Account("studio", CHINA_URL)
    assert await accounts.key_of(await accounts.find("studio")) == KEY


async def test_accounts_whose_key_is_gone_are_not_listed(accounts: Accounts, vault: FakeKeyVault) -> None:
    await accounts.store(Account("studio", CHINA_URL), KEY)
    await accounts.store(HOME, KEY)
    vault.remove(HOME)

    assert await accounts.with_keys() == [Account("studio", CHINA_URL)]


async def test_a_test_asks_for_the_balance_with_this_key_and_hangs_up(
    accounts: Accounts, connections: Connections, heard: Heard
) -> None:
    balance = await accounts.test(HOME, KEY)

    assert balance == Balance(10, 5)
    assert heard.events == [BalanceChanged("default", balance)]
    assert connections.opened == [(INTERNATIONAL_URL, KEY)]
    assert connections.open_now == 0


async def test_a_locked_keychain_is_told_in_its_own_words(accounts: Accounts, vault: FakeKeyVault) -> None:
    vault.trouble = KeychainUnavailable("The keychain is locked.")

    with pytest.raises(KeychainUnavailable, match="locked"):
        await accounts.key_of(HOME)
    with pytest.raises(KeychainUnavailable, match="locked"):
        await accounts.store(HOME, KEY)

    assert await accounts.find("default") == HOME


async def test_a_keychain_nobody_unlocks_is_not_waited_for_for_ever(
    accounts: Accounts, vault: FakeKeyVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts_module, "_KEYCHAIN_TIMEOUT_S", 0.02)
    vault.unlocked.clear()

    with pytest.raises(KeychainUnavailable, match="did not answer"):
        await accounts.key_of(HOME)

    vault.unlocked.set()


# The session.


@pytest.fixture
def session(accounts: Accounts, connections: Connections, poller: Poller, announcer: Announcer) -> Session:
    return Session(account=HOME, accounts=accounts, connect=connections, poller=poller, announcer=announcer)


async def test_a_session_opens_with_the_stored_key(
    session: Session, accounts: Accounts, connections: Connections, poller: Poller
) -> None:
    await accounts.store(HOME, KEY)

    await session.open()

    assert session.is_connected
    assert connections.opened == [(INTERNATIONAL_URL, KEY)]
    assert poller.connection.kind is ConnectionKind.IDLE
    await session.aclose()
    assert connections.open_now == 0


async def test_a_session_without_a_key_stays_closed(session: Session, connections: Connections) -> None:
    with pytest.raises(KeyMissing):
        await session.open()

    assert not session.is_connected
    assert connections.opened == []


async def test_a_key_that_works_is_stored_and_used_and_the_former_connection_closed(
    session: Session, accounts: Accounts, connections: Connections
) -> None:
    await accounts.store(HOME, KEY)
    await session.open()

    balance = await session.test_and_store(OTHER_KEY)

    assert balance == Balance(10, 5)
    assert await accounts.key_of(HOME) == OTHER_KEY
    assert connections.opened[-1] == (INTERNATIONAL_URL, OTHER_KEY)
    assert connections.open_now == 1
    await session.aclose()


@pytest.mark.parametrize("error", [KeyRefused("Not accepted.", code=10001), ServiceUnreachable("Offline.")])
async def test_a_key_that_does_not_work_changes_nothing(
    session: Session,
    accounts: Accounts,
    connections: Connections,
    poller: Poller,
    error: KeyRefused | ServiceUnreachable,
) -> None:
    await accounts.store(HOME, KEY)
    await session.open()
    connections.balance = error

    with pytest.raises(type(error)):
        await session.test_and_store(OTHER_KEY)
    with pytest.raises(type(error)):
        await session.test_and_use_once(OTHER_KEY)

    assert await accounts.key_of(HOME) == KEY
    assert session.is_connected
    assert connections.open_now == 1
    await session.aclose()


async def test_a_key_for_an_account_that_belongs_elsewhere_is_sent_nowhere(
    accounts: Accounts, session: Session, connections: Connections
) -> None:
    await accounts.store(ELSEWHERE, KEY)

    with pytest.raises(InputUnreadable, match=r"belongs to https://proxy\.example"):
        await session.test_and_store(OTHER_KEY)

    assert connections.opened == []


async def test_a_key_removed_while_the_keychain_is_asked_for_it_is_not_used(
    session: Session, accounts: Accounts, vault: FakeKeyVault, connections: Connections
) -> None:
    await accounts.store(HOME, KEY)
    vault.unlocked.clear()
    opening = asyncio.ensure_future(session.open())
    await asyncio.sleep(0)

    forgetting = asyncio.ensure_future(session.forget_key())
    await asyncio.sleep(0)
    vault.unlocked.set()
    await asyncio.gather(opening, forgetting)

    assert connections.opened == []
    assert not session.is_connected


async def test_a_session_closed_while_the_keychain_is_asked_stays_closed(
    session: Session, accounts: Accounts, vault: FakeKeyVault, connections: Connections
) -> None:
    await accounts.store(HOME, KEY)
    vault.unlocked.clear()
    opening = asyncio.ensure_future(session.open())
    await asyncio.sleep(0)

    await session.aclose()
    vault.unlocked.set()
    await opening

    assert connections.opened == []


async def test_a_key_that_cannot_be_stored_is_not_used(
    session: Session, vault: FakeKeyVault, connections: Connections
) -> None:
    vault.trouble = KeychainUnavailable("No keychain was found on this system.")

    with pytest.raises(KeychainUnavailable):
        await session.test_and_store(KEY)

    assert not session.is_connected
    assert connections.open_now == 0


async def test_a_key_for_this_run_is_used_and_not_stored(
    session: Session, accounts: Accounts, vault: FakeKeyVault
) -> None:
    await session.test_and_use_once(KEY)

    assert session.is_connected
    assert await accounts.key_of(HOME) == KEY
    assert len(vault) == 0
    await session.aclose()


async def test_a_forgotten_key_ends_the_connection(
    session: Session, accounts: Accounts, connections: Connections, poller: Poller
) -> None:
    await session.test_and_store(KEY)

    await session.forget_key()

    assert not session.is_connected
    assert connections.open_now == 0
    assert poller.connection.kind is ConnectionKind.KEY_MISSING
    with pytest.raises(KeyMissing):
        await accounts.key_of(HOME)


async def test_the_balance_is_told_when_it_comes_and_its_absence_is_no_news(
    session: Session, connections: Connections, heard: Heard
) -> None:
    await session.refresh_balance()
    connections.balance = ServiceUnreachable("Offline.")
    with pytest.raises(ServiceUnreachable):
        await session.test_and_use_once(KEY)
    without = heard.of(BalanceChanged)
    connections.balance = Balance(1, 2)
    await session.test_and_use_once(KEY)

    await session.refresh_balance()

    assert without == []
    assert heard.of(BalanceChanged) == [BalanceChanged("default", Balance(1, 2))] * 2
    await session.aclose()


async def test_a_session_may_be_closed_twice(session: Session) -> None:
    await session.test_and_use_once(KEY)

    await asyncio.gather(session.aclose(), session.aclose())

    assert not session.is_connected


async def test_a_disk_that_cannot_keep_the_account_is_told(accounts: Accounts, store: FakeVideoStore) -> None:
    store.is_failing = True

    with pytest.raises(StoreFailed):
        await accounts.store(HOME, KEY)
