"""What every ``KeyVault`` has to do."""

import string

import pytest

from pixverse_desktop.core.ports import KeyVault
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account

HOME = "https://app-api.pixverse.ai"
DEFAULT = Account("default", HOME)
KEY = ApiKey("sk-0123456789abcdef")


class KeyVaultContract:
    """Subclass it, and give it an empty vault by overriding the fixture ``vault``."""

    @pytest.fixture
    def vault(self) -> KeyVault:
        """Override me."""
        raise NotImplementedError

    def test_an_empty_vault_has_no_key(self, vault: KeyVault) -> None:
        assert vault.get(DEFAULT) is None

    @pytest.mark.parametrize(
        "text", ["sk-0123456789abcdef", "x", string.punctuation.strip("\"'"), "k" * 2000, "a%20b%00\\n{}"]
    )
    def test_a_key_comes_back_as_it_was_put(self, vault: KeyVault, text: str) -> None:
        vault.put(DEFAULT, ApiKey(text))

        kept = vault.get(DEFAULT)

        assert kept == ApiKey(text)

    def test_a_later_key_replaces_an_earlier_one(self, vault: KeyVault) -> None:
        vault.put(DEFAULT, KEY)

        vault.put(DEFAULT, ApiKey("sk-new"))

        assert vault.get(DEFAULT) == ApiKey("sk-new")

    @pytest.mark.parametrize("name", ["studio", "工作室", "a @ b", "Füchse & Hühner", " spaced ", "-- '\""])
    def test_accounts_of_any_name_have_keys_of_their_own(self, vault: KeyVault, name: str) -> None:
        vault.put(DEFAULT, KEY)
        vault.put(Account(name, HOME), ApiKey("sk-theirs"))

        assert vault.get(DEFAULT) == KEY
        assert vault.get(Account(name, HOME)) == ApiKey("sk-theirs")

    @pytest.mark.parametrize("address", ["https://app-api.pixverseai.cn", "http://127.0.0.1:1", HOME + "/x"])
    def test_a_key_is_not_found_for_another_address(self, vault: KeyVault, address: str) -> None:
        vault.put(DEFAULT, KEY)

        assert vault.get(Account("default", address)) is None
        assert vault.remove(Account("default", address)) is False
        assert vault.get(DEFAULT) == KEY

    def test_a_removed_key_is_gone(self, vault: KeyVault) -> None:
        vault.put(DEFAULT, KEY)

        assert vault.remove(DEFAULT) is True
        assert vault.get(DEFAULT) is None
        assert vault.remove(DEFAULT) is False
