"""Everything the window does with accounts: their windows, whose new ids are, and rows that move."""

from collections.abc import Awaitable, Sequence
from functools import partial

from PySide6.QtCore import QLocale, QObject, QTimer, Signal
from PySide6.QtWidgets import QMenu, QWidget

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.events import AccountsChanged, ConnectionChanged, ConnectionKind, CreditsLow
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Balance, VideoRef
from pixverse_desktop.services.census import Census
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.library import MoveOutcome
from pixverse_desktop.services.session import Session
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.account_chooser import AccountChooser
from pixverse_desktop.ui.account_dialogs import AccountRow, AccountsDialog, AddAccountDialog, service_name
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.connection_faces import face
from pixverse_desktop.ui.key_entry import KeyEntry
from pixverse_desktop.ui.undo import Moved
from pixverse_desktop.ui.video_table import VideoTable

_LOOK_EVERY_MS = 1000  # a pause counts down


class AccountCommands(QObject):
    """Deeds on accounts.

    Signals:
        move_requested(str): the selected rows are to go to the account of that name.
    """

    move_requested = Signal(str)

    def __init__(self, engine: Engine, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._engine = engine
        self._commands = commands
        self._window = parent
        self._dialog: AccountsDialog | None = None
        self._offered: list[str] = []
        self.key_entry = KeyEntry(engine.sessions, engine.nursery, parent)
        self.chooser = AccountChooser(parent)
        self.chooser.chosen.connect(self._choose)
        self.key_entry.key_works.connect(lambda words: self._tell(words))
        self.key_entry.key_removed.connect(lambda: self._tell(self.tr("The stored key is removed.")))
        self.key_entry.failed.connect(lambda words: self._tell(words, is_error=True))

    @property
    def names(self) -> list[str]:
        """The accounts this run has to do with."""
        return [session.account.name for session in self._engine.sessions.at_work()]

    @property
    def current(self) -> str:
        """The name of the account that new ids go to."""
        return self._engine.current.account.name

    def states(self) -> list[ConnectionChanged]:
        """How each account and the service stand now."""
        return [session.poller.connection for session in self._engine.sessions.at_work()]

    def balances(self) -> dict[str, Balance]:
        """The credits of each account, as far as they are known."""
        found = {name: self._engine.credits.of(name) for name in self.names}
        return {name: balance for name, balance in found.items() if balance is not None}

    def refresh(self) -> None:
        """Show the accounts of now."""
        self.chooser.show_accounts(self.names, self.current)
        if self._dialog is not None:
            rows = [self._row(session) for session in self._engine.sessions]
            self._dialog.show_rows(rows, may_add=not self._engine.sessions.is_alone)

    def fill_move_menu(self, menu: QMenu) -> None:
        """Offer to move rows to each of the accounts, where there are several."""
        names = self.names if self._engine.sessions.are_several else []
        menu.menuAction().setVisible(bool(names))
        if names != self._offered:
            self._offered = names
            menu.clear()
            for name in names:
                action = menu.addAction(name.replace("&", "&&"))
                action.triggered.connect(lambda _=False, name=name: self.move_requested.emit(name))

    def show_column_once(self, census: Census, table: VideoTable) -> None:
        """Show whose the rows are, the first time that there is more than one answer to it."""
        has_several = sum(count > 0 for count in census.accounts.values()) > 1
        if has_several and not self._engine.settings.has_shown_accounts:
            self._engine.preferences.change(has_shown_accounts=True)
            table.show_column(Column.ACCOUNT, True)

    def warn_of_credits(self, event: CreditsLow) -> None:
        """Tell that an account runs out of credits."""
        words = self.tr("Few credits are left: %1.")
        if self._engine.sessions.are_several:
            words = self.tr("%2: few credits are left: %1.").replace("%2", event.account)
        figure = QLocale().toString(event.balance.total)
        self._commands.news.emit(words.replace("%1", figure), "warning", None)

    def open_key(self) -> None:
        """Open the window for the key, or the one for all keys where there are several accounts."""
        if self._engine.sessions.are_several:
            self.open_dialog()
        else:
            self.key_entry.open_dialog(self._engine.current.account.name)

    def open_dialog(self) -> None:
        """Open the window for all accounts."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        dialog = self._dialog = AccountsDialog(self._window)
        dialog.add_requested.connect(self._open_form)
        dialog.test_requested.connect(self._test)
        dialog.replace_requested.connect(lambda name: self.key_entry.open_dialog(name, dialog))
        dialog.removal_requested.connect(self.key_entry.remove)
        dialog.finished.connect(self._on_finished)
        timer = QTimer(dialog)
        timer.timeout.connect(self.refresh)
        timer.start(_LOOK_EVERY_MS)
        dialog.finished.connect(timer.stop)
        self.refresh()
        if self._engine.sessions.is_alone:
            dialog.say(self.tr("This run uses one account alone: its key or its address came from outside."))
        dialog.open()

    def move(self, refs: Sequence[VideoRef], name: str) -> None:
        """Give rows to another account and ask there at once."""
        going = [ref for ref in refs if ref.account != name]
        if going:
            deed = self.tr("Move 1 video") if len(going) == 1 else self.tr("Move %1 videos")
            deed = deed.replace("%1", QLocale().toString(len(going)))
            told, history = partial(self._on_moved, name=name), self._commands.undo_stack
            history.push(Moved(going, name, self._engine.library, history, told, deed))

    def _on_moved(self, outcome: MoveOutcome, name: str) -> None:
        refs = [after.ref for _, after in outcome.moved]
        if refs:
            self._engine.sessions.check_now(refs)
            self._commands.added.emit(refs[0])
        figures = QLocale()
        parts = []
        if refs:
            words = self.tr("%1 moved to %2, which is asked now")
            parts.append(words.replace("%1", figures.toString(len(refs))))
        if outcome.stayed:
            words = self.tr("%1 stayed: %2 has the same id already")
            parts.append(words.replace("%1", figures.toString(len(outcome.stayed))))
        sentence = "; ".join(parts).replace("%2", name)
        self._commands.news.emit(sentence + ".", "check" if refs else "warning", None)

    def _choose(self, name: str) -> None:
        self._engine.preferences.change(current_account=name)
        self._engine.announcer.announce(AccountsChanged())

    def _tell(self, words: str, *, is_error: bool = False) -> None:
        """Say it where the person looks: in the window for accounts while that is open."""
        if self._dialog is not None:
            self._dialog.say(words, is_error=is_error)
        else:
            self._commands.news.emit(words, "warning" if is_error else "key", None)

    def _open_form(self) -> None:
        parent = self._dialog or self._window
        form = AddAccountDialog(parent)
        form.finished.connect(parent.activateWindow)  # not every desktop gives the keyboard back by itself

        def use(key: ApiKey, keep: bool) -> Awaitable[Balance]:
            return self._engine.sessions.add(form.account(), key, keep=keep)

        def done() -> None:
            name = form.account().name
            form.accept()
            if self._dialog is not None:
                self._dialog.choose(name)

        self.key_entry.serve(form.form, use, done)
        form.open()

    def _test(self, name: str) -> None:
        self._tell(self.tr("Asking PixVerse…"))
        self._engine.nursery.start(self._try(name), name="test key")

    async def _try(self, name: str) -> None:
        try:
            balance = await self._engine.sessions.test(name)
        except PixverseError as error:
            self._tell(f"{name}: {error}", is_error=True)
        else:
            words = self.tr("The key of “%1” works: %2 credits.").replace("%1", name)
            self._tell(words.replace("%2", QLocale().toString(balance.total)))

    def _on_finished(self) -> None:
        self._dialog = None

    def _row(self, session: Session) -> AccountRow:
        name, sessions = session.account.name, self._engine.sessions
        balance = self._engine.credits.of(name)
        state = session.poller.connection
        is_used = session is sessions.own or not sessions.is_alone
        kind = state.kind if session.is_connected else ConnectionKind.KEY_MISSING
        if kind is ConnectionKind.IDLE and balance is not None:
            kind = ConnectionKind.ONLINE  # nothing was to be asked but the credits, and they were told
        words, icon, colour = face(kind)
        if state.retry_in_s > 0 and session.is_connected:
            words = self.tr("%1, %2 s").replace("%1", words).replace("%2", f"{state.retry_in_s:.0f}")
        if not is_used:
            words, icon, colour = self.tr("Not used in this run"), "clock", theme.colours().muted
        return AccountRow(
            name=name,
            address=service_name(session.account.base_url),
            state=words,
            icon=icon,
            colour=colour,
            credits=QLocale().toString(balance.total) if balance is not None else "",
            has_key=is_used and (session.is_connected or session.is_stored),
            is_removable=is_used,
            tip=state.message,
        )
