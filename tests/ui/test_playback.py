"""The playing itself, in a process of its own: a frozen one cannot tell."""

import os
import subprocess
import sys

from pixverse_desktop.resources import resource_path

_SWITCHING = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.playback import Playback

app = QApplication([])
left = list(range(150))

def switch(former=None):
    if former is not None:
        former.unload()
        former.deleteLater()
    if not left:
        app.quit()
        return
    playback = Playback(Settings())
    playback.load(Path(sys.argv[1]))
    QTimer.singleShot(20 + left.pop() * 7 % 60, lambda: switch(playback))

QTimer.singleShot(0, switch)
app.exec()
"""


def test_switching_between_clips_with_sound_never_freezes() -> None:
    """Before it was mended, one in a hundred switches did (see ``media_players.settle_overrides``)."""
    clip = resource_path("clips") / "02-green.mp4"
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

    done = subprocess.run(
        [sys.executable, "-c", _SWITCHING, str(clip)], timeout=90, env=environment, capture_output=True
    )

    assert done.returncode == 0, done.stderr.decode()
