"""A desktop whose notifications and progress are kept for tests to read, and to click on."""

from collections.abc import Callable

from pixverse_desktop.core.notices import Notice


class FakeNotifier:
    """The ``Notifier`` port.

    Attributes:
        shown: every notice so far, each in place of the one before.
        now: the one on the screen, or None.
        progress: every share on the icon so far, None for no bar.
    """

    def __init__(self) -> None:
        self.shown: list[Notice] = []
        self.now: Notice | None = None
        self.progress: list[float | None] = []
        self._chosen: Callable[[str], None] = lambda _: None

    @property
    def titles(self) -> list[str]:
        """The titles of every notice so far."""
        return [notice.title for notice in self.shown]

    def click(self, token: str = "") -> None:
        """Click on the notice on the screen, as a person does."""
        assert self.now is not None, "there is no notice to click on"
        self._chosen(token)

    def listen(self, chosen: Callable[[str], None]) -> None:
        self._chosen = chosen

    async def show(self, notice: Notice) -> None:
        self.now = notice
        self.shown.append(notice)

    async def withdraw(self) -> None:
        self.now = None

    async def show_progress(self, share: float | None) -> None:
        self.progress.append(share)

    async def aclose(self) -> None:
        self.now = None
