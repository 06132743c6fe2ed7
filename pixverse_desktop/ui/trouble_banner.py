"""One banner for everything that keeps a whole account waiting, with the way to mend it."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.banner import Banner
from pixverse_desktop.ui.stage import Deed


class TroubleBanner(Banner):
    """Shows what is wrong between an account and the service, and goes when it is mended."""

    def __init__(
        self, enter_key: Callable[[], None], try_now: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._enter_key = (self.tr("Enter key"), enter_key)
        self._try_now = (self.tr("Try now"), try_now)

    def follow(self, event: ConnectionChanged, *, has_rows: bool) -> None:
        """Show the trouble ``event`` tells of, or nothing."""
        match event.kind:
            case ConnectionKind.KEY_REFUSED:
                self._tell(event.message, "key", self._enter_key)
            case ConnectionKind.KEY_MISSING if has_rows:
                words = self.tr("A key is needed to ask PixVerse about these videos.")
                self._tell(words, "key", self._enter_key)
            case ConnectionKind.OFFLINE:
                self._tell(event.message, "offline", self._try_now)
            case ConnectionKind.PAUSED:
                self._tell(event.message, "hourglass", None)
            case _:
                self.hide()

    def _tell(self, text: str, icon: str, deed: Deed | None) -> None:
        self.show_news(text, icon=icon, colour=theme.colours().warning, action=deed, stays=True)
