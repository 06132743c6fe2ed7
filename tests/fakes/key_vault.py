"""A keychain in memory."""

from threading import Event

from pixverse_desktop.core.errors import KeychainUnavailable
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account


class FakeKeyVault:
    """The ``KeyVault`` port.

    Attributes:
        trouble: what every call fails with, while set.
        unlocked: every call waits for it, as for a person at an unlock prompt.
    """

    def __init__(self) -> None:
        self._keys: dict[Account, ApiKey] = {}
        self.trouble: KeychainUnavailable | None = None
        self.unlocked = Event()
        self.unlocked.set()

    def __len__(self) -> int:
        return len(self._keys)

    def get(self, account: Account) -> ApiKey | None:
        self._wait()
        return self._keys.get(account)

    def put(self, account: Account, key: ApiKey) -> None:
        self._wait()
        self._keys[account] = key

    def remove(self, account: Account) -> bool:
        self._wait()
        return self._keys.pop(account, None) is not None

    def _wait(self) -> None:
        self.unlocked.wait()
        if self.trouble is not None:
            raise self.trouble
