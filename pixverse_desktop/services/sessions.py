"""All accounts of a run at once: one session each, with a state of its own and a budget for its key."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import groupby

from pixverse_desktop.core.errors import InputUnreadable, KeyMissing, PixverseError
from pixverse_desktop.core.events import AccountsChanged, Event, ListReplaced, Trouble, VideosAdded
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account, Balance, VideoRef
from pixverse_desktop.services.accounts import Accounts
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.session import Session
from pixverse_desktop.services.tasks import TaskNursery

MakeSession = Callable[[Account], Session]
"""Makes the session of an account, unconnected."""


class Sessions:
    """The run's own account, those the list knows by address, and those its rows name.

    With ``is_alone`` only the run's own account is ever connected: a key that came from outside, or an
    address that did, is no business of the others, and ``watch`` follows one account. A refused key
    or a silence stops the account it belongs to and no other; a pause, all that have the same key.
    """

    def __init__(
        self,
        own: Account,
        *,
        make_session: MakeSession,
        accounts: Accounts,
        library: Library,
        announcer: Announcer,
        nursery: TaskNursery,
        is_alone: bool,
    ) -> None:
        self.is_alone = is_alone
        self._make_session = make_session
        self._accounts = accounts
        self._library = library
        self._announcer = announcer
        self._nursery = nursery
        self.own = make_session(own)
        self._sessions: dict[str, Session] = {own.name: self.own}
        self._named: set[str] = set()
        self._polls: dict[str, asyncio.Task[None]] = {}
        self._is_polling = self._is_open = False
        self._unsubscribe = announcer.subscribe(self._on_event)

    def __iter__(self) -> Iterator[Session]:
        """Every session a person should know of, by name.

        The run's own account is left out where it has neither key nor rows and others have.
        """
        shown = [session for session in self._sessions.values() if self._is_shown(session)]
        return iter(sorted(shown or [self.own], key=lambda session: session.account.name.casefold()))

    @property
    def are_several(self) -> bool:
        """Whether there is more than one account to tell apart."""
        return len(self.at_work()) > 1

    def get(self, name: str) -> Session | None:
        """The session of that account, or None if nobody knows of it."""
        return self._sessions.get(name)

    def at_work(self) -> list[Session]:
        """Those this run has to do with: all, or the own one where it is alone."""
        return [self.own] if self.is_alone else list(self)

    def current(self, wanted: str) -> Session:
        """Whose new ids are: the account ``wanted``, or else the run's own, or else the first with a key."""
        known = {session.account.name: session for session in self.at_work()}
        usual = known.get(self.own.account.name)
        fitting = [known.get(wanted), usual, *(each for each in known.values() if each.is_connected)]
        return next((session for session in fitting if session is not None), self.own)

    # Opening and closing

    async def prepare(self) -> None:
        """Find out which accounts there are; nobody is asked anything."""
        known = {account.name: account for account in await self._accounts.known()}
        self._named = {video.account for video in self._library}
        for name in sorted((known.keys() | self._named) - self._sessions.keys()):
            self._take_up(await self._accounts.find(name))
        for name, session in list(self._sessions.items()):
            account = known.get(name, session.account)
            if account != session.account and not self.is_alone:
                await session.move_to(account)
            session.is_stored = known.get(name) == session.account

    async def open_others(self) -> None:
        """Connect every account but the run's own with the key it has in the keychain, if it has one.

        What keeps one of them from it is told, once for all whom it keeps, and keeps no other.
        """
        self._is_open = not self.is_alone
        if self._is_open:
            await self._open(session for session in self._sessions.values() if session is not self.own)

    def start(self) -> None:
        """Begin to ask about open videos."""
        self._is_polling = True
        for session in [self.own] if self.is_alone else list(self._sessions.values()):
            self._poll(session)

    async def aclose(self) -> None:
        """Close every connection."""
        self._unsubscribe()
        for session in self._sessions.values():
            await session.aclose()

    # Accounts that come and go

    async def add(self, account: Account, key: ApiKey, *, keep: bool = True) -> Balance:
        """Try the key of a new account; if it works, keep it (or use it for this run) and begin to ask.

        Raises:
            InputUnreadable: the name is taken, or this run is for one account alone.
        """
        self._refuse_if_taken(account, self._sessions.get(account.name))
        session = self._take_up(account)  # before the key is tried: rows of that name may come meanwhile
        try:
            use = session.test_and_store if keep else session.test_and_use_once
            balance = await use(key, at=account)
        finally:
            self._let_go_if_unused(session)
        self._announcer.announce(AccountsChanged())
        return balance

    async def test(self, name: str) -> Balance:
        """Try the key an account has; if it works, go on with it, whatever was the matter before."""
        session = self._sessions[name]
        balance = await session.test()
        if not session.is_connected:
            await session.open()
        session.poller.check_now([])
        return balance

    async def remove_key(self, name: str) -> None:
        """Forget the key of an account; its videos stay, and so does the account while it has some."""
        session = self._sessions[name]
        await session.forget_key()
        self._let_go_if_unused(session)
        self._announcer.announce(AccountsChanged())

    async def refresh_balances(self) -> None:
        """Ask for the credits of every account that is connected, all at the same time."""
        await asyncio.gather(*(session.refresh_balance() for session in self.at_work()))

    # Questions about rows, each to its own account

    def check_now(self, refs: Iterable[VideoRef]) -> None:
        """Ask about these rows as soon as politeness allows; without any, try the network again at once.

        An account whose key could not be had, such as for a locked keychain, tries once to get it.
        """
        groups = {name: list(group) for name, group in groupby(sorted(refs), key=lambda ref: ref.account)}
        asked = [self._asked(name) for name in groups] if groups else self.at_work()
        sessions = [session for session in asked if session is not None]
        for session in sessions:
            session.poller.check_now(groups.get(session.account.name, ()))
        if any(session.is_locked_out for session in sessions):
            self._nursery.start(self._open(sessions), name="open")

    async def check(self, ref: VideoRef) -> None:
        """Ask about one row, and return when that was tried; at once where nobody can be asked."""
        session = self._asked(ref.account)
        if session is not None and session.is_connected:
            await session.poller.check(ref)

    def focus(self, refs: Iterable[VideoRef]) -> None:
        """Tell each account which of its rows a person looks at; the others look at none."""
        wanted = tuple(refs)
        for session in self.at_work():
            session.poller.focus(wanted)

    def _asked(self, name: str) -> Session | None:
        session = self._sessions.get(name)
        return session if session is self.own or not self.is_alone else None

    def _is_shown(self, session: Session) -> bool:
        return session.is_connected or session.is_stored or session.account.name in self._named

    def _refuse_if_taken(self, account: Account, session: Session | None) -> None:
        if self.is_alone and account.name != self.own.account.name:
            raise InputUnreadable("This run is for one account alone. Start the program without options.")
        if session is not None and (session.is_connected or session.is_stored):
            raise InputUnreadable(
                f"There is an account “{account.name}” already. Replace its key, or choose another name."
            )

    def _take_up(self, account: Account) -> Session:
        """The session of an account; made if there is none of that name yet."""
        if (known := self._sessions.get(account.name)) is not None:
            return known
        session = self._sessions[account.name] = self._make_session(account)
        if self._is_polling and not self.is_alone:
            self._poll(session)
        return session

    def _let_go_if_unused(self, session: Session) -> None:
        """Forget an account that has neither a key nor rows."""
        if session is self.own or self._is_shown(session):
            return
        self._sessions.pop(session.account.name, None)
        if (poll := self._polls.pop(session.account.name, None)) is not None:
            poll.cancel()

    def _poll(self, session: Session) -> None:
        name = session.account.name
        if name not in self._polls:
            self._polls[name] = self._nursery.start(session.poller.run(), name="poll")

    async def _open(self, sessions: Iterable[Session]) -> None:
        """Connect those that have a key in the keychain; no second time while one is being asked for."""
        troubles: dict[str, None] = {}
        for session in list(sessions):
            try:
                with suppress(KeyMissing):  # the account's own state, and no news
                    if session.is_locked_out:
                        await session.open()
            except PixverseError as error:
                troubles[str(error)] = None
        for words in troubles:
            self._announcer.announce(Trouble(words))

    def _on_event(self, event: Event) -> None:
        match event:
            case VideosAdded(videos):
                names = {video.account for video in videos}
            case ListReplaced():
                names = {video.account for video in self._library}
            case _:
                return
        strangers = names - self._sessions.keys()
        has_new = bool(names - self._named)
        self._named |= names
        if strangers or isinstance(event, ListReplaced):
            self._nursery.start(self._meet(), name="accounts")
        elif has_new:
            self._announcer.announce(AccountsChanged())

    async def _meet(self) -> None:
        """Take up accounts that rows name, or that came with another list."""
        try:
            await self.prepare()
            if self._is_open:
                await self._open(self._sessions.values())
        except PixverseError as error:
            self._announcer.announce(Trouble(str(error)))
        self._announcer.announce(AccountsChanged())
