"""A keychain in memory."""

from threading import Event

from pixverse_desktop.core.errors import PixverseError
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account


class FakeKeyVault:
    """The ``KeyVault`` port.

    Attributes:
        trouble: what every call fails with, while set.
        denied: the accounts whose key is not given out, while ``trouble`` is set; all, if there are none.
        unlocked: every call waits for it, as for a person at an unlock prompt.
        calls: how often it was asked for anything; each may have opened a prompt.
    """

    def __init__(self) -> None:
        self._keys: dict[Account, ApiKey] = {}
        self.trouble: PixverseError | None = None
        self.denied: set[Account] = set()
        self.calls = 0
        self.unlocked = Event()
        self.unlocked.set()

    def __len__(self) -> int:
        return len(self._keys)

    def get(self, account: Account) -> ApiKey | None:
        self._wait(account)
        return self._keys.get(account)

    def put(self, account: Account, key: ApiKey) -> None:
        self._wait(account)
        self._keys[account] = key

    def remove(self, account: Account) -> bool:
        self._wait(account)
        return self._keys.pop(account, None) is not None

    def _wait(self, account: Account) -> None:
        self.calls += 1
        self.unlocked.wait()
        if self.trouble is not None and account in (self.denied or {account}):
            raise self.trouble
