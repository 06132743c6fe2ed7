"""Several accounts at once: each with its own key, budget and state, and none in another's way."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest

from pixverse_desktop.app.clip_sources import ClipSources
from pixverse_desktop.core.addresses import CHINA_URL, INTERNATIONAL_URL
from pixverse_desktop.core.errors import (
    ClipCutShort,
    ClipRefused,
    InputUnreadable,
    KeychainUnavailable,
    KeyRefused,
    PixverseError,
    RateLimited,
    SaveFailed,
    ServiceUnreachable,
)
from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind, CreditsLow, ListReplaced, Trouble
from pixverse_desktop.core.ports import VideoApi
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account, Balance, Video, VideoRef, VideoStatus
from pixverse_desktop.services.accounts import Accounts
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.credits import REFRESH_EVERY_S, Credits
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.polling import Poller
from pixverse_desktop.services.session import Session
from pixverse_desktop.services.sessions import Sessions
from pixverse_desktop.services.tasks import TaskNursery
from tests.fakes.clock import FakeClock
from tests.fakes.heard import Heard
from tests.fakes.key_vault import FakeKeyVault
from tests.fakes.video_api import READY, FakeVideoApi
from tests.fakes.video_store import FakeVideoStore

HOME = Account("default", INTERNATIONAL_URL)
STUDIO = Account("studio", CHINA_URL)
CLIENT = Account("client", "https://proxy.example")
OUTSIDE_KEY = ApiKey("sk-environment")


def key_of(account: Account) -> ApiKey:
    """The key that the keychain holds for an account."""
    return ApiKey(f"sk-{account.name}")


class World:
    """A PixVerse for each address, and a note of which key went where."""

    def __init__(self, clock: FakeClock) -> None:
        self.apis = {url: FakeVideoApi(clock) for url in (INTERNATIONAL_URL, CHINA_URL, CLIENT.base_url)}
        self.sent: set[tuple[str, ApiKey]] = set()

    @asynccontextmanager
    async def connect(self, account: Account, key: ApiKey) -> AsyncIterator[VideoApi]:
        self.sent.add((account.base_url, key))
        yield self.apis[account.base_url]

    def of(self, account: Account) -> FakeVideoApi:
        """The service of an account."""
        return self.apis[account.base_url]

    def asked(self, account: Account) -> set[str]:
        """The ids an account's service was asked about."""
        return {asked.video_id for asked in self.of(account).asked}


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


@pytest.fixture
def vault() -> FakeKeyVault:
    return FakeKeyVault()


Make = Callable[..., Sessions]


@pytest.fixture
async def make(
    world: World,
    vault: FakeKeyVault,
    store: FakeVideoStore,
    library: Library,
    announcer: Announcer,
    clock: FakeClock,
    nursery: TaskNursery,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Make]:
    """Return a maker of the sessions of a run, closed at the end."""
    made: list[Sessions] = []

    def make_one(*, is_alone: bool = False, key: ApiKey | None = None) -> Sessions:
        accounts = Accounts(
            store=store, vault=vault, connect=world.connect, announcer=announcer, environment_key=key
        )

        def session(account: Account) -> Session:
            poller = Poller(
                account=account.name,
                api=None,
                library=library,
                announcer=announcer,
                clock=clock,
                nursery=nursery,
            )
            return Session(
                account=account,
                accounts=accounts,
                connect=world.connect,
                poller=poller,
                announcer=announcer,
            )

        made.append(
            Sessions(
                HOME,
                make_session=session,
                accounts=accounts,
                library=library,
                announcer=announcer,
                nursery=nursery,
                is_alone=is_alone,
            )
        )
        return made[-1]

    yield make_one
    for sessions in made:
        await sessions.aclose()


async def keep(store: FakeVideoStore, vault: FakeKeyVault, *accounts: Account) -> None:
    """Have keys stored in an earlier run."""
    for account in accounts:
        await store.put_account(account)
        vault.put(account, key_of(account))


async def begin(sessions: Sessions) -> None:
    """Open and start everything as the window does."""
    await sessions.prepare()
    if sessions.own.is_stored or sessions.is_alone:
        await sessions.own.open()
    await sessions.open_others()
    sessions.start()


async def settle() -> None:
    """Let what waits for the keychain's thread have its turn."""
    for _ in range(50):
        await asyncio.sleep(0.002)


def names(sessions: Sessions) -> list[str]:
    return [session.account.name for session in sessions]


async def test_each_account_asks_its_own_service_with_its_own_key(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    await keep(store, vault, HOME, STUDIO)
    await library.add(["1", "2"], account="default")
    await library.add(["2", "3"], account="studio")
    world.of(STUDIO).script("3", READY)

    await begin(make())
    await clock.advance(1)

    assert world.asked(HOME) == {"1", "2"}
    assert world.asked(STUDIO) == {"2", "3"}
    assert world.sent == {(HOME.base_url, key_of(HOME)), (STUDIO.base_url, key_of(STUDIO))}
    ready = library.get(VideoRef("studio", "3"))
    assert ready is not None
    assert ready.status is VideoStatus.READY


async def test_one_key_under_two_names_is_asked_no_more_often_than_under_one(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    twin = Account("twin", HOME.base_url)
    await keep(store, vault, HOME)
    await store.put_account(twin)
    vault.put(twin, key_of(HOME))
    for account in (HOME, twin):
        await library.add([str(number) for number in range(1, 51)], account=account.name)

    await begin(make())
    await clock.advance(10)

    assert len(world.of(HOME).asked) == pytest.approx(50, abs=2)


async def test_a_refused_key_stops_its_own_account_alone_and_is_told_once(
    make: Make,
    world: World,
    store: FakeVideoStore,
    vault: FakeKeyVault,
    library: Library,
    clock: FakeClock,
    heard: Heard,
) -> None:
    await keep(store, vault, HOME, STUDIO)
    await library.add(["1", "2", "3"], account="default")
    await library.add(["4"], account="studio")
    world.of(HOME).outage = KeyRefused("Not accepted.", code=10001)

    await begin(make())
    await clock.advance(30)

    refused = [event for event in heard.of(ConnectionChanged) if event.kind is ConnectionKind.KEY_REFUSED]
    assert [event.account for event in refused] == ["default"]
    assert len(world.of(HOME).asked) <= 3
    assert len(world.of(STUDIO).asked) > 3


async def test_a_pause_of_one_account_does_not_hold_the_others(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    await keep(store, vault, HOME, STUDIO)
    await library.add(["1"], account="default")
    await library.add(["4"], account="studio")
    world.of(HOME).outage = RateLimited("Too many.", retry_after_s=120.0)
    sessions = make()

    await begin(sessions)
    await clock.advance(60)

    kinds = {session.account.name: session.poller.connection.kind for session in sessions}
    assert kinds == {"default": ConnectionKind.PAUSED, "studio": ConnectionKind.ONLINE}
    assert len(world.of(HOME).asked) == 1


async def test_a_key_from_outside_goes_to_the_runs_own_account_and_no_other_is_connected(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    await keep(store, vault, HOME, STUDIO)
    await library.add(["1"], account="default")
    await library.add(["4"], account="studio")
    sessions = make(is_alone=True, key=OUTSIDE_KEY)

    await begin(sessions)
    sessions.check_now([VideoRef("studio", "4")])
    await sessions.check(VideoRef("studio", "4"))
    await clock.advance(30)

    assert world.sent == {(HOME.base_url, OUTSIDE_KEY)}
    assert world.asked(STUDIO) == set()
    with pytest.raises(InputUnreadable, match="one account alone"):
        await sessions.add(CLIENT, key_of(CLIENT))


async def test_the_environments_key_is_no_other_accounts_key(
    store: FakeVideoStore, vault: FakeKeyVault, world: World, announcer: Announcer
) -> None:
    await keep(store, vault, STUDIO)
    accounts = Accounts(
        store=store,
        vault=vault,
        connect=world.connect,
        announcer=announcer,
        environment_key=OUTSIDE_KEY,
        environment_account="default",
    )

    assert await accounts.key_of(STUDIO) == key_of(STUDIO)
    assert await accounts.key_of(HOME) == OUTSIDE_KEY


async def test_an_account_is_added_while_running_and_asked_at_once(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    await keep(store, vault, HOME)
    sessions = make()
    await begin(sessions)

    balance = await sessions.add(STUDIO, key_of(STUDIO))
    await library.add(["4"], account="studio")
    await clock.advance(1)

    assert balance == Balance(1200, 300)
    assert names(sessions) == ["default", "studio"]
    assert world.asked(STUDIO) == {"4"}
    assert vault.get(STUDIO) == key_of(STUDIO)
    assert list(await store.accounts()) == [HOME, STUDIO]


async def test_a_key_that_does_not_work_adds_no_account(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault
) -> None:
    await keep(store, vault, HOME)
    world.of(STUDIO).balance = KeyRefused("Not accepted.", code=10001)
    sessions = make()
    await begin(sessions)

    with pytest.raises(KeyRefused):
        await sessions.add(STUDIO, key_of(STUDIO))

    assert names(sessions) == ["default"]
    assert vault.get(STUDIO) is None


@pytest.mark.parametrize("works", [True, False])
async def test_rows_that_come_while_a_key_is_tried_belong_to_the_account_it_is_for(
    make: Make,
    world: World,
    store: FakeVideoStore,
    vault: FakeKeyVault,
    library: Library,
    clock: FakeClock,
    works: bool,
) -> None:
    await keep(store, vault, HOME)
    sessions = make()
    await begin(sessions)
    gate = world.of(STUDIO).gate = asyncio.Event()
    if not works:
        world.of(STUDIO).balance = KeyRefused("Not accepted.", code=10001)

    adding = asyncio.ensure_future(sessions.add(STUDIO, key_of(STUDIO)))
    await clock.advance(1)
    before = names(sessions)
    await library.add(["4"], account="studio")
    await clock.advance(1)
    gate.set()
    await asyncio.wait([adding])
    await clock.advance(1)

    assert before == ["default"]
    assert names(sessions) == ["default", "studio"]
    assert (adding.exception() is None) is works
    assert world.asked(STUDIO) == ({"4"} if works else set())


async def test_a_name_that_is_taken_is_refused(
    make: Make, store: FakeVideoStore, vault: FakeKeyVault
) -> None:
    await keep(store, vault, HOME, STUDIO)
    sessions = make()
    await begin(sessions)

    with pytest.raises(InputUnreadable, match="“studio” already"):
        await sessions.add(Account("studio", INTERNATIONAL_URL), ApiKey("sk-x"))

    assert sessions.get("studio") is not None
    assert vault.get(STUDIO) == key_of(STUDIO)


async def test_the_runs_own_account_may_be_added_at_another_address(
    make: Make, world: World, vault: FakeKeyVault
) -> None:
    sessions = make()
    await begin(sessions)
    at_home_in_china = Account("default", CHINA_URL)

    await sessions.add(at_home_in_china, OUTSIDE_KEY)

    assert sessions.own.account == at_home_in_china
    assert world.sent == {(CHINA_URL, OUTSIDE_KEY)}


async def test_a_removed_key_keeps_the_videos_and_ends_the_questions(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    await keep(store, vault, HOME, STUDIO, CLIENT)
    await library.add(["4"], account="studio")
    sessions = make()
    await begin(sessions)
    await clock.advance(1)
    asked = len(world.of(STUDIO).asked)

    await sessions.remove_key("studio")
    await sessions.remove_key("client")
    await clock.advance(60)

    assert len(world.of(STUDIO).asked) == asked
    assert library.get(VideoRef("studio", "4")) is not None
    assert names(sessions) == ["default", "studio"]  # the one with videos is still there to be given a key
    assert vault.get(STUDIO) is None


async def test_an_account_that_rows_name_is_taken_up_as_they_come(
    make: Make, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    await keep(store, vault, HOME)
    sessions = make()
    await begin(sessions)

    await library.add(["4"], account="somebody")
    await clock.advance(1)

    assert names(sessions) == ["default", "somebody"]
    somebody = sessions.get("somebody")
    assert somebody is not None
    assert somebody.poller.connection.kind is ConnectionKind.KEY_MISSING


async def test_a_restored_list_brings_its_accounts(
    make: Make,
    world: World,
    store: FakeVideoStore,
    vault: FakeKeyVault,
    library: Library,
    announcer: Announcer,
    clock: FakeClock,
) -> None:
    await keep(store, vault, HOME)
    sessions = make()
    await begin(sessions)
    vault.put(STUDIO, key_of(STUDIO))
    await store.put_account(STUDIO)
    store.replace_with([Video(account="studio", video_id="4", added_at_s=0.0)])

    await library.open()
    announcer.announce(ListReplaced())
    await settle()
    await clock.advance(1)

    assert world.asked(STUDIO) == {"4"}


async def test_a_restored_list_takes_an_account_to_the_address_it_has_there(
    make: Make,
    world: World,
    store: FakeVideoStore,
    vault: FakeKeyVault,
    library: Library,
    announcer: Announcer,
    clock: FakeClock,
) -> None:
    await keep(store, vault, HOME, STUDIO)
    await library.add(["1"], account="default")
    await library.add(["4"], account="studio")
    sessions = make()
    await begin(sessions)
    await clock.advance(1)
    moved = Account("default", CLIENT.base_url), Account("studio", CLIENT.base_url)
    for account in moved:
        await store.put_account(account)
    vault.put(moved[0], OUTSIDE_KEY)
    asked = len(world.of(HOME).asked) + len(world.of(STUDIO).asked)

    announcer.announce(ListReplaced())
    await settle()
    await clock.advance(10)
    studio = sessions.get("studio")
    assert studio is not None
    await studio.test_and_store(key_of(CLIENT))
    await clock.advance(10)

    assert len(world.of(HOME).asked) + len(world.of(STUDIO).asked) == asked
    assert world.asked(CLIENT) == {"1", "4"}
    assert world.sent == {
        (HOME.base_url, key_of(HOME)),
        (STUDIO.base_url, key_of(STUDIO)),
        (CLIENT.base_url, OUTSIDE_KEY),
        (CLIENT.base_url, key_of(CLIENT)),
    }


async def test_the_runs_own_account_without_key_and_videos_is_no_account_to_choose(
    make: Make, store: FakeVideoStore, vault: FakeKeyVault
) -> None:
    await keep(store, vault, STUDIO)
    sessions = make()

    await begin(sessions)

    assert names(sessions) == ["studio"]
    assert not sessions.are_several
    assert sessions.current("").account == STUDIO


async def test_new_ids_go_to_the_account_that_was_chosen_while_it_is_there(
    make: Make, store: FakeVideoStore, vault: FakeKeyVault
) -> None:
    await keep(store, vault, HOME, STUDIO)
    sessions = make()
    await begin(sessions)

    found = [sessions.current(wanted).account.name for wanted in ("", "studio", "gone")]

    assert found == ["default", "studio", "default"]


async def test_a_locked_keychain_is_told_once_for_all_accounts(
    make: Make, store: FakeVideoStore, vault: FakeKeyVault, heard: Heard
) -> None:
    await keep(store, vault, STUDIO, CLIENT)
    vault.trouble = KeychainUnavailable("The keychain is locked.")
    sessions = make()

    await sessions.prepare()
    await sessions.open_others()

    assert [event.message for event in heard.of(Trouble)] == ["The keychain is locked."]
    assert not any(session.is_connected for session in sessions)


@pytest.mark.parametrize(
    "trouble", [KeychainUnavailable("The keychain refused."), KeyRefused("That is no key.", code=10001)]
)
async def test_what_keeps_one_account_from_its_key_keeps_no_other(
    make: Make, store: FakeVideoStore, vault: FakeKeyVault, heard: Heard, trouble: PixverseError
) -> None:
    await keep(store, vault, CLIENT, STUDIO)
    vault.trouble, vault.denied = trouble, {CLIENT}
    sessions = make()

    await sessions.prepare()
    await sessions.open_others()

    assert [session.account for session in sessions if session.is_connected] == [STUDIO]
    assert [event.message for event in heard.of(Trouble)] == [str(trouble)]


async def test_a_locked_account_is_opened_when_a_person_tries_again(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    await keep(store, vault, STUDIO)
    await library.add(["4"], account="studio")
    vault.trouble = KeychainUnavailable("The keychain is locked.")
    sessions = make()
    await begin(sessions)
    await clock.advance(10)
    vault.trouble = None

    sessions.check_now([VideoRef("studio", "4")])
    await settle()
    await clock.advance(1)

    assert world.asked(STUDIO) == {"4"}


async def test_an_impatient_person_opens_one_prompt_and_hears_one_word_of_it(
    make: Make, store: FakeVideoStore, vault: FakeKeyVault, heard: Heard
) -> None:
    await keep(store, vault, HOME)
    sessions = make()
    await sessions.prepare()
    vault.trouble = KeychainUnavailable("The keychain is locked.")
    vault.calls = 0
    vault.unlocked.clear()

    for _ in range(3):
        sessions.check_now([])
        await settle()
    vault.unlocked.set()
    await settle()

    assert vault.calls == 1
    assert [event.message for event in heard.of(Trouble)] == ["The keychain is locked."]


async def test_a_check_for_an_account_without_a_key_returns_at_once(
    make: Make, library: Library, clock: FakeClock
) -> None:
    await library.add(["4"], account="studio")
    sessions = make()
    await begin(sessions)

    checking = asyncio.ensure_future(sessions.check(VideoRef("studio", "4")))
    await clock.advance(1)

    assert checking.done()


async def test_questions_about_rows_go_to_their_own_account(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    await keep(store, vault, HOME, STUDIO)
    await library.add(["1"], account="default")
    await library.add(["4"], account="studio")
    sessions = make()
    await begin(sessions)
    await clock.advance(4)
    before = len(world.of(HOME).asked)

    sessions.check_now([VideoRef("studio", "4")])
    await clock.advance(0.5)
    sessions.focus([VideoRef("studio", "4")])

    assert len(world.of(HOME).asked) == before
    assert len(world.of(STUDIO).asked) == 2


async def test_a_refused_account_goes_on_when_a_test_of_its_key_succeeds(
    make: Make, world: World, store: FakeVideoStore, vault: FakeKeyVault, library: Library, clock: FakeClock
) -> None:
    await keep(store, vault, HOME, STUDIO)
    await library.add(["4"], account="studio")
    world.of(STUDIO).outage = KeyRefused("Not accepted.", code=10001)
    sessions = make()
    await begin(sessions)
    await clock.advance(5)
    world.of(STUDIO).outage = None

    await sessions.test("studio")
    await clock.advance(10)

    studio = sessions.get("studio")
    assert studio is not None
    assert studio.poller.connection.kind is ConnectionKind.ONLINE


async def test_a_service_on_this_machine_opens_it_to_the_clips_of_its_own_account_alone(
    make: Make, store: FakeVideoStore, vault: FakeKeyVault
) -> None:
    local = Account("local", "http://127.0.0.1:9")
    await keep(store, vault, HOME, local)
    sessions = make()
    await sessions.prepare()
    sources = ClipSources(sessions)

    refusals: dict[str, type[SaveFailed]] = {}
    for name in ("default", "local", "stranger"):
        try:
            async with sources(name).open("http://127.0.0.1:9/a.mp4"):
                pass
        except SaveFailed as error:
            refusals[name] = type(error)
    await sources.aclose()

    # Nobody listens there: where the address is let through, it is the transfer that fails.
    assert refusals == {"default": ClipRefused, "local": ClipCutShort, "stranger": ClipRefused}


# Credits.


@pytest.fixture
async def watched(
    make: Make,
    store: FakeVideoStore,
    vault: FakeKeyVault,
    library: Library,
    announcer: Announcer,
    clock: FakeClock,
    nursery: TaskNursery,
) -> AsyncIterator[Credits]:
    """Return the credits of two accounts, warned of below 100."""
    await keep(store, vault, HOME, STUDIO)
    sessions = make()
    await begin(sessions)
    made = Credits(sessions=sessions, library=library, announcer=announcer, clock=clock, low=lambda: 100)
    nursery.start(made.run(), name="balance")
    yield made
    made.close()


async def test_the_credits_of_each_account_are_told_at_the_start(watched: Credits, clock: FakeClock) -> None:
    await clock.advance(0.1)

    assert watched.of("default") == watched.of("studio") == Balance(1200, 300)


async def test_credits_are_asked_for_rarely_and_only_while_something_is_open(
    watched: Credits, world: World, library: Library, clock: FakeClock
) -> None:
    await clock.advance(2 * REFRESH_EVERY_S)
    asked_while_idle = world.of(HOME).balances_asked

    await library.add(["1"], account="default")
    await clock.advance(REFRESH_EVERY_S)

    assert asked_while_idle == 1
    assert world.of(HOME).balances_asked == 2


async def test_a_refused_key_is_not_asked_for_its_credits(
    watched: Credits, world: World, library: Library, clock: FakeClock
) -> None:
    await library.add(["1"], account="default")
    world.of(HOME).outage = KeyRefused("Refused.", code=10001)
    await clock.advance(10)
    asked = world.of(HOME).balances_asked

    await clock.advance(5 * REFRESH_EVERY_S)

    assert world.of(HOME).balances_asked == asked


async def test_low_credits_are_warned_of_once_a_fall(
    watched: Credits, world: World, clock: FakeClock, heard: Heard, library: Library
) -> None:
    await library.add(["1"], account="default")
    for credits in (99, 42, 500, 7):
        world.of(STUDIO).balance = Balance(credits, 0)
        await clock.advance(REFRESH_EVERY_S)

    warned = [(event.account, event.balance.total) for event in heard.of(CreditsLow)]
    assert [name for name, _ in warned] == ["studio", "studio"]
    assert warned[-1] == ("studio", 7)


async def test_the_credits_of_an_account_without_a_key_are_forgotten(
    watched: Credits, world: World, clock: FakeClock, make: Make
) -> None:
    await clock.advance(0.1)
    world.of(STUDIO).balance = ServiceUnreachable("Offline.")

    await watched._sessions.remove_key("studio")  # noqa: SLF001 - the fixture's own

    assert watched.of("studio") is None
    assert watched.of("default") is not None
