"""What is told of the saving of clips: each step to whoever shows rows, each trouble to a person once."""

from pixverse_desktop.core.errors import FolderUnusable, PixverseError
from pixverse_desktop.core.events import SavePhase, SaveProgressed
from pixverse_desktop.core.ports import Clock
from pixverse_desktop.core.saves import QueuedSave, can_pass, is_folder_fault
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.fetching import OnProgress
from pixverse_desktop.services.save_queue import Job

_PROGRESS_EVERY_S = 0.1


class SaveNews:
    """Tells it; knows which troubles were told."""

    def __init__(self, announcer: Announcer) -> None:
        self._announcer = announcer
        self._told: set[str] = set()

    def tell(self, job: Job, phase: SavePhase) -> None:
        """Tell a step of one clip."""
        if phase is SavePhase.SAVED:
            self._told -= {job.save.folder, job.save.reason}
        self._announcer.announce(
            SaveProgressed(
                job.ref, phase, job.received_bytes, job.total_bytes, speed_bytes_s=job.speed.bytes_s
            )
        )

    def progress_of(self, job: Job, clock: Clock) -> OnProgress:
        """What notes how far a clip is, and tells it ten times a second at most."""
        told_at_s = -_PROGRESS_EVERY_S

        def on_progress(received_bytes: int, total_bytes: int) -> None:
            nonlocal told_at_s
            now_s = clock.monotonic_s()
            if now_s - told_at_s >= _PROGRESS_EVERY_S:
                told_at_s = now_s
                job.received_bytes, job.total_bytes = received_bytes, total_bytes
                job.speed.note(now_s, received_bytes)
                self.tell(job, SavePhase.RECEIVING)

        return on_progress

    def tell_failure(self, job: Job, error: PixverseError, *, is_listed: bool) -> None:
        """Tell that a clip is not saved. What can pass is news once, and not for each clip."""
        is_held = can_pass(error)
        trouble = job.save.folder if isinstance(error, FolderUnusable) else job.save.reason
        is_known = is_held and trouble in self._told
        self._told.add(trouble)
        self._announcer.announce(
            SaveProgressed(
                job.ref,
                SavePhase.HELD if is_held else SavePhase.FAILED,
                message=job.save.reason,
                is_disk_fault=is_folder_fault(error),
                is_news=is_listed and not is_known,
            )
        )


def standing(save: QueuedSave) -> SaveProgressed:
    """How a clip stands that nothing is done about just now."""
    phase = SavePhase.HELD if save.reason else SavePhase.QUEUED
    if save.is_over:
        phase = SavePhase.FAILED if save.reason else SavePhase.CANCELLED
    return SaveProgressed(save.ref, phase, message=save.reason, is_news=False)
