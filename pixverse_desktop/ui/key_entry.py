"""From the text of a key form to a working connection, with a sentence at each end."""

from PySide6.QtCore import QLocale, QObject, Signal
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.errors import KeychainUnavailable, PixverseError
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.services.session import Session
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui.dialogs import KeyDialog
from pixverse_desktop.ui.pages import KeyForm


class KeyEntry(QObject):
    """Takes keys from forms to the session.

    Signals:
        key_works(str): a key was accepted; a sentence about it.
        key_removed(): the stored key is gone.
        failed(str): the key could not be removed; a sentence.
    """

    key_works = Signal(str)
    key_removed = Signal()
    failed = Signal(str)

    def __init__(self, session: Session, nursery: TaskNursery, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._nursery = nursery
        self._window = parent
        self._dialog: KeyDialog | None = None

    def serve(self, form: KeyForm) -> None:
        """Try whatever is submitted in ``form``."""
        form.submitted.connect(lambda text, keep: self._submit(form, text, keep))

    def open_dialog(self) -> None:
        """Open the window for the key."""
        if self._dialog is not None:
            self._dialog.raise_()
            return
        self._dialog = KeyDialog(self._session.account, self._window)
        self.serve(self._dialog.form)
        self._dialog.remove_button.clicked.connect(self._remove)
        self._dialog.finished.connect(self._on_dialog_finished)
        self._dialog.open()
        self._dialog.form.focus_field()

    def _on_dialog_finished(self) -> None:
        self._dialog = None

    def _close_dialog(self) -> None:
        if self._dialog is not None:
            self._dialog.accept()

    def _submit(self, form: KeyForm, text: str, keep: bool) -> None:
        form.set_busy(True)
        trying = self._nursery.start(self._try(form, text, keep), name="key")
        form.destroyed.connect(lambda: trying.cancel())  # closed meanwhile: nobody is left to be told

    async def _try(self, form: KeyForm, text: str, keep: bool) -> None:
        try:
            key = ApiKey(text)
            balance = await (
                self._session.test_and_store(key) if keep else self._session.test_and_use_once(key)
            )
        except KeychainUnavailable as error:
            form.say(str(error), is_error=True, offer_once=True)
        except PixverseError as error:
            form.say(str(error), is_error=True)
        else:
            form.clear()
            form.say("")
            self._close_dialog()
            words = self.tr("The key works: %1 credits.")
            self.key_works.emit(words.replace("%1", QLocale().toString(balance.total)))

    def _remove(self) -> None:
        self._nursery.start(self._forget(), name="forget key")
        self._close_dialog()

    async def _forget(self) -> None:
        try:
            await self._session.forget_key()
        except PixverseError as error:
            self.failed.emit(str(error))
        else:
            self.key_removed.emit()
