"""How the state between an account and the service looks: a word, an icon, a colour; and which is worst."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind
from pixverse_desktop.ui import theme

_WORST_FIRST = (
    ConnectionKind.KEY_REFUSED,
    ConnectionKind.KEY_MISSING,
    ConnectionKind.OFFLINE,
    ConnectionKind.PAUSED,
    ConnectionKind.ONLINE,
    ConnectionKind.IDLE,
)


def worst_first(states: Iterable[ConnectionChanged]) -> list[ConnectionChanged]:
    """The states in the order in which a person should hear of them; quiet ones last."""
    return sorted(states, key=lambda state: _WORST_FIRST.index(state.kind))


def face(kind: ConnectionKind) -> tuple[str, str, str]:
    """The word, the icon's name and the colour of a state."""
    tones = theme.colours()
    return {
        ConnectionKind.IDLE: (_tr("Nothing to ask"), "clock", tones.muted),
        ConnectionKind.ONLINE: (_tr("Connected"), "check", tones.good),
        ConnectionKind.OFFLINE: (_tr("Offline"), "offline", tones.bad),
        ConnectionKind.PAUSED: (_tr("Paused by PixVerse"), "hourglass", tones.warning),
        ConnectionKind.KEY_REFUSED: (_tr("Key refused"), "key", tones.bad),
        ConnectionKind.KEY_MISSING: (_tr("No key yet"), "key", tones.warning),
    }[kind]


def _tr(text: str) -> str:
    return QCoreApplication.translate("connection_faces", text)
