"""One banner for everything that keeps whole accounts waiting, with the way to mend it."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind
from pixverse_desktop.ui.banner import Banner
from pixverse_desktop.ui.connection_faces import worst_first
from pixverse_desktop.ui.stage import Deed

_ICONS = {
    ConnectionKind.KEY_REFUSED: "key",
    ConnectionKind.KEY_MISSING: "key",
    ConnectionKind.OFFLINE: "offline",
    ConnectionKind.PAUSED: "hourglass",
}


class TroubleBanner(Banner):
    """Shows what is wrong between accounts and the service, and goes when it is mended.

    ``enter_key`` is called with the name of the account whose key is to be entered.
    """

    def __init__(
        self, enter_key: Callable[[str], None], try_now: Callable[[], None], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._enter_key = enter_key
        self._try_now = try_now

    def follow(self, states: Sequence[ConnectionChanged], *, rows: Mapping[str, int]) -> None:
        """Show the worst trouble of ``states``, by the account's name where there are several.

        ``rows`` tells how many videos an account has: one without any misses no key.
        """
        troubles = [state for state in worst_first(states) if _is_trouble(state, rows)]
        if not troubles:
            self.hide()
            return
        worst = troubles[0]
        words = self._words(worst) if len(states) == 1 else f"{worst.account}: {self._words(worst)}"
        if others := len(troubles) - 1:
            more = (
                self.tr("1 other account waits too.")
                if others == 1
                else self.tr("%1 other accounts wait too.")
            )
            words += " " + more.replace("%1", str(others))
        self.show_news(words, icon=_ICONS[worst.kind], tone="warning", action=self._deed(worst), stays=True)

    def _words(self, state: ConnectionChanged) -> str:
        if state.kind is ConnectionKind.KEY_MISSING:
            return self.tr("A key is needed to ask PixVerse about these videos.")
        return state.message

    def _deed(self, state: ConnectionChanged) -> Deed | None:
        match state.kind:
            case ConnectionKind.KEY_REFUSED | ConnectionKind.KEY_MISSING:
                return (self.tr("Enter key"), lambda: self._enter_key(state.account))
            case ConnectionKind.OFFLINE:
                return (self.tr("Try now"), self._try_now)
            case _:
                return None


def _is_trouble(state: ConnectionChanged, rows: Mapping[str, int]) -> bool:
    if state.kind is ConnectionKind.KEY_MISSING:
        return rows.get(state.account, 0) > 0
    return state.kind in _ICONS
