"""What a person may set, with every default in sight."""

from dataclasses import dataclass

from pixverse_desktop.core.names import DEFAULT_TEMPLATE
from pixverse_desktop.core.pace import DEFAULT_INTERVAL_S

APPEARANCES = ("system", "light", "dark")


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of this program.

    Attributes:
        interval_s: seconds between two questions about one open video; 3 or more. The default stands
            for the pace that is learned from earlier clips.
        save_folder: where clips are saved by themselves; empty until a folder was chosen once.
        saves_automatically: whether clips are saved as soon as they are finished, once there is a folder.
        watch_folder: where lists of ids are taken in as they appear; empty for none.
        is_muted: whether the player is silent.
        volume_percent: the player's loudness, 0 to 100.
        is_looping: whether the player begins again at the end.
        appearance: ``system``, ``light`` or ``dark``.
        notifies_ready: whether the system tells of finished clips while the window is not in front.
        notifies_failed: whether it tells of videos that failed, were refused, or need the person.
        notifies_connection: whether it tells of a refused key and of a connection that stays away.
        shows_badge: whether the program's icon shows how many rows ended since the window was in front.
        current_account: whose new ids are, where there are several accounts; empty for the run's own.
        low_credits: a warning is given when an account has fewer credits; 0 for never.
        has_shown_accounts: whether the column of accounts was shown by itself once.
        name_template: how saved clips are named; one without a ``template_problem``.
        writes_sidecar: whether everything known of a clip is written beside it when it is saved.
        is_saving_paused: whether all saving rests until a person goes on with it.
        save_limit_bytes_s: how fast all downloads together may go, in bytes a second; 0 for no limit.
    """

    interval_s: float = DEFAULT_INTERVAL_S
    save_folder: str = ""
    saves_automatically: bool = True
    watch_folder: str = ""
    is_muted: bool = True
    volume_percent: int = 70
    is_looping: bool = True
    appearance: str = "system"
    notifies_ready: bool = True
    notifies_failed: bool = True
    notifies_connection: bool = True
    shows_badge: bool = True
    current_account: str = ""
    low_credits: int = 100
    has_shown_accounts: bool = False
    name_template: str = DEFAULT_TEMPLATE
    writes_sidecar: bool = False
    is_saving_paused: bool = False
    save_limit_bytes_s: int = 0

    @property
    def fixed_interval_s(self) -> float | None:
        """The interval somebody chose, or None for the learned pace."""
        return None if self.interval_s == DEFAULT_INTERVAL_S else self.interval_s
