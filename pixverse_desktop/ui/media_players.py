"""What Qt's media players need of whoever makes one."""

from PySide6.QtCore import QObject
from PySide6.QtMultimedia import QAudioOutput, QMediaDevices, QMediaPlayer

LOADED = (
    QMediaPlayer.MediaStatus.LoadedMedia,
    QMediaPlayer.MediaStatus.BufferingMedia,
    QMediaPlayer.MediaStatus.BufferedMedia,
)

BLANK_FOR_MS = 6000
"""How long a clip may show nothing.

Qt says nothing of one whose codec it knows but cannot decode here, such as AV1 without a graphics card, and
tries for ever.
"""


def settle_overrides(part: QObject) -> None:
    """Let PySide find out here that ``part`` overrides neither ``connectNotify`` nor ``disconnectNotify``.

    It asks at the first call, with Python's lock. A decoder's thread that ends would be the first: it waits
    for the lock while holding a mutex of Qt's that the window's thread, which has the lock, waits for in
    ``stop()`` (PySide6 6.11, clips with sound). Without this the window froze for ever, now and then.
    """
    part.objectNameChanged.connect(part.setObjectName)
    part.objectNameChanged.disconnect(part.setObjectName)


class Sound(QAudioOutput):
    """What a player is heard by, as long as this machine has anything to be heard with.

    Without a device Qt starts a thread for the sound of each clip all the same, which only warns that there
    is none; a handler of such messages in Python would then freeze a window that stops the clip meanwhile.
    """

    def __init__(self, player: QMediaPlayer) -> None:
        super().__init__(player)
        self._player = player
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._attach)
        settle_overrides(self)
        self._attach()

    def _attach(self) -> None:
        has_device = not QMediaDevices.defaultAudioOutput().isNull()
        self._player.setAudioOutput(self if has_device else None)  # type: ignore[arg-type]
