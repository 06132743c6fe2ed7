"""The parts of one run, handed to whoever shows them: the window or the command line."""

from dataclasses import dataclass

from pixverse_desktop.core.ports import Clock
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.services.accounts import Accounts
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.attempt_log import AttemptLog
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.credits import Credits
from pixverse_desktop.services.held_ids import HeldIds
from pixverse_desktop.services.intake import Intake
from pixverse_desktop.services.keeping import ListKeeper
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.preferences import Preferences
from pixverse_desktop.services.saved_files import SavedFiles
from pixverse_desktop.services.saving import Saver
from pixverse_desktop.services.session import Session
from pixverse_desktop.services.sessions import Sessions
from pixverse_desktop.services.sidecars import Sidecars
from pixverse_desktop.services.streams import Streams
from pixverse_desktop.services.tasks import TaskNursery


@dataclass(frozen=True, slots=True, kw_only=True)
class Engine:
    """Everything that works on the list, without any way to show it."""

    clock: Clock
    announcer: Announcer
    nursery: TaskNursery
    library: Library
    held: HeldIds
    intake: Intake
    accounts: Accounts
    sessions: Sessions
    credits: Credits
    clips: Clips
    streams: Streams
    saver: Saver
    sidecars: Sidecars
    saved_files: SavedFiles
    preferences: Preferences
    keeper: ListKeeper
    attempts: AttemptLog
    complaint: str = ""
    """What to tell a person about the start, such as settings that had to be set aside."""

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.preferences.now

    @property
    def session(self) -> Session:
        """The session of the run's own account."""
        return self.sessions.own

    @property
    def current(self) -> Session:
        """The session of the account that new ids go to."""
        return self.sessions.current(self.settings.current_account)

    def start_polling(self) -> None:
        """Begin to ask about open videos."""
        self.sessions.start()
        self.nursery.start(self.keeper.run(), name="backups")
