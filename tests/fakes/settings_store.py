"""Settings that are kept nowhere."""

from pixverse_desktop.core.settings import Settings


class FakeSettingsStore:
    """The ``SettingsStore`` port."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()

    def load(self) -> Settings:
        return self._settings

    def save(self, settings: Settings) -> None:
        self._settings = settings
