"""Keys in the operating system's own keychain."""

from collections.abc import Iterator
from contextlib import contextmanager

import keyring
import keyring.errors

from pixverse_desktop.core.errors import KeychainUnavailable
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account

SERVICE_NAME = "pixverse-desktop"

# Back ends that keep nothing, or keep it in a plain file. Neither is a keychain.
_REFUSED_BACKENDS = ("keyring.backends.fail", "keyring.backends.null", "keyrings.alt.file")
_NO_KEYCHAIN_WORDS = (
    "No keychain was found on this system. Install and unlock one (on Linux: gnome-keyring or KWallet), "
    "use the key for this run only, or set PIXVERSE_API_KEY."
)


class SystemKeychain:
    """The ``KeyVault`` port over ``keyring``.

    An entry is named by account and base address together: a key stored for one address cannot be
    found, and so cannot be sent, for another.
    """

    def get(self, account: Account) -> ApiKey | None:
        """The key, or None."""
        with _in_our_words():
            text = keyring.get_password(SERVICE_NAME, _entry(account))
        return ApiKey(text) if text else None

    def put(self, account: Account, key: ApiKey) -> None:
        """Store the key."""
        with _in_our_words():
            keyring.set_password(SERVICE_NAME, _entry(account), key.reveal())

    def remove(self, account: Account) -> bool:
        """Remove the key; whether there was one."""
        with _in_our_words():
            if keyring.get_password(SERVICE_NAME, _entry(account)) is None:
                return False
            keyring.delete_password(SERVICE_NAME, _entry(account))
            return True


def _entry(account: Account) -> str:
    return f"{account.name} @ {account.base_url}"


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        if type(keyring.get_keyring()).__module__.startswith(_REFUSED_BACKENDS):
            raise keyring.errors.NoKeyringError
        yield
    except keyring.errors.NoKeyringError as error:
        raise KeychainUnavailable(_NO_KEYCHAIN_WORDS) from error
    except keyring.errors.KeyringLocked as error:
        raise KeychainUnavailable("The keychain is locked. Unlock it and try again.") from error
    except Exception as error:  # each platform's back end has errors of its own kind
        raise KeychainUnavailable(
            f"The keychain refused ({type(error).__name__}). Unlock it and try again, use the key for this "
            "run only, or set PIXVERSE_API_KEY."
        ) from error
