"""The contract of the key vault against a real, unlocked keyring service; run by test_keychain.py."""

from collections.abc import Iterator

import keyring
import pytest

from pixverse_desktop.adapters.keychain import SERVICE_NAME, SystemKeychain
from pixverse_desktop.core.ports import KeyVault
from tests.contracts.key_vault import DEFAULT, KEY, KeyVaultContract


class TestSystemKeychain(KeyVaultContract):
    @pytest.fixture
    def vault(self) -> Iterator[KeyVault]:
        vault = SystemKeychain()
        vault.remove(DEFAULT)
        yield vault
        vault.remove(DEFAULT)


def test_the_back_end_is_the_real_service() -> None:
    assert type(keyring.get_keyring()).__module__ == "keyring.backends.SecretService"


def test_another_vault_finds_the_key_that_one_has_put() -> None:
    SystemKeychain().put(DEFAULT, KEY)

    assert SystemKeychain().get(DEFAULT) == KEY
    assert SystemKeychain().remove(DEFAULT)


def test_the_entry_is_named_for_people_and_for_one_address() -> None:
    SystemKeychain().put(DEFAULT, KEY)

    assert keyring.get_password(SERVICE_NAME, "default @ https://app-api.pixverse.ai") == KEY.reveal()
    assert SystemKeychain().remove(DEFAULT)
