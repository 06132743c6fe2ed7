"""From the text of a key form to a working connection, with a sentence at each end."""

from collections.abc import Awaitable, Callable

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.errors import KeychainUnavailable, PixverseError
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Balance
from pixverse_desktop.services.session import Session
from pixverse_desktop.services.sessions import Sessions
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui.dialogs import KeyDialog
from pixverse_desktop.ui.pages import KeyForm

Use = Callable[[ApiKey, bool], Awaitable[Balance]]
"""Tries a key; keeps it in the keychain, or uses it for this run only."""


class KeyEntry(QObject):
    """Takes keys from forms to sessions.

    Signals:
        key_works(str): a key was accepted; a sentence about it.
        key_removed(): a stored key is gone.
        failed(str): the key could not be removed; a sentence.
    """

    key_works = Signal(str)
    key_removed = Signal()
    failed = Signal(str)

    def __init__(self, sessions: Sessions, nursery: TaskNursery, parent: QWidget) -> None:
        super().__init__(parent)
        self._sessions = sessions
        self._nursery = nursery
        self._window = parent
        self._dialog: KeyDialog | None = None

    def serve(self, form: KeyForm, use: Use, done: Callable[[], object]) -> None:
        """Try whatever is submitted in ``form``; call ``done`` when it works."""
        form.submitted.connect(lambda text, keep: self._submit(form, use, done, text, keep))

    def serve_own(self, form: KeyForm) -> None:
        """Try whatever is submitted in ``form`` for the run's own account."""
        self.serve(form, _use_of(self._sessions.own), lambda: None)

    def open_dialog(self, name: str, parent: QWidget | None = None) -> None:
        """Open the window for the key of an account."""
        session = self._sessions.get(name)
        if self._dialog is not None:
            self._dialog.raise_()
        elif session is not None:
            dialog = self._dialog = KeyDialog(
                session.account, parent or self._window, names_it=self._sessions.are_several
            )
            self.serve(dialog.form, _use_of(session), self._close_dialog)
            dialog.remove_button.setEnabled(session.is_connected or session.is_stored)
            dialog.remove_button.clicked.connect(lambda: self._remove(name))
            dialog.finished.connect(self._on_dialog_finished)
            dialog.open()
            dialog.form.focus_field()

    def remove(self, name: str) -> None:
        """Forget the key of an account."""
        self._nursery.start(self._forget(name), name="forget key")

    def _on_dialog_finished(self) -> None:
        self._dialog = None

    def _close_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.accept()

    def _submit(self, form: KeyForm, use: Use, done: Callable[[], object], text: str, keep: bool) -> None:
        form.set_busy(True)
        trying = self._nursery.start(self._try(form, use, done, text, keep), name="key")
        form.destroyed.connect(lambda: trying.cancel())  # closed meanwhile: nobody is left to be told

    async def _try(self, form: KeyForm, use: Use, done: Callable[[], object], text: str, keep: bool) -> None:
        try:
            balance = await use(ApiKey(text), keep)
        except KeychainUnavailable as error:
            form.say(str(error), is_error=True, offer_once=True)
        except PixverseError as error:
            form.say(str(error), is_error=True)
        else:
            form.clear()
            form.say("")
            done()
            words = self.tr("The key works: %1 credits.")
            self.key_works.emit(words.replace("%1", QLocale().toString(balance.total)))

    def _remove(self, name: str) -> None:
        self.remove(name)
        self._close_dialog()

    async def _forget(self, name: str) -> None:
        try:
            await self._sessions.remove_key(name)
        except PixverseError as error:
            self.failed.emit(str(error))
        else:
            self.key_removed.emit()


def _use_of(session: Session) -> Use:
    def use(key: ApiKey, keep: bool) -> Awaitable[Balance]:
        return session.test_and_store(key) if keep else session.test_and_use_once(key)

    return use
