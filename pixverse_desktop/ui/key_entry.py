"""From the text of a key form to a working connection, with a sentence at each end."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from pixverse_desktop.core.errors import KeychainUnavailable, PixverseError
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.services.session import Session
from pixverse_desktop.ui.pages import KeyForm


async def enter_key(
    form: KeyForm, text: str, session: Session, *, keep: bool, done: Callable[[], None]
) -> None:
    """Try a key; keep it, or use it for this run; then call ``done``. The form says how it went."""
    try:
        key = ApiKey(text)
        balance = await (session.test_and_store(key) if keep else session.test_and_use_once(key))
    except KeychainUnavailable as error:
        form.say(str(error), is_error=True, offer_once=True)
    except PixverseError as error:
        form.say(str(error), is_error=True)
    else:
        form.clear()
        words = QCoreApplication.translate("key_entry", "The key works: %1 credits.")
        form.say(words.replace("%1", f"{balance.total:,}"))
        done()
