"""What a person may set, with every default in sight."""

from dataclasses import dataclass

from pixverse_desktop.core.names import DEFAULT_TEMPLATE
from pixverse_desktop.core.schedule import DEFAULT_INTERVAL_S

APPEARANCES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this program.

    Attributes:
        interval_s: seconds between two questions about one open video; 3 or more.
        save_folder: where clips are saved by themselves; empty until a folder was chosen once.
        saves_automatically: whether clips are saved as soon as they are finished, once there is a folder.
        watch_folder: where lists of ids are taken in as they appear; empty for none.
        name_template: how saved clips are named.
        is_muted: whether the player is silent.
        volume_percent: the player's loudness, 0 to 100.
        is_looping: whether the player begins again at the end.
        appearance: ``system``, ``light`` or ``dark``.
    """

    interval_s: float = DEFAULT_INTERVAL_S
    save_folder: str = ""
    saves_automatically: bool = True
    watch_folder: str = ""
    name_template: str = DEFAULT_TEMPLATE
    is_muted: bool = True
    volume_percent: int = 70
    is_looping: bool = True
    appearance: str = "system"
