"""How far all saving together is, and how long the rest will take."""

from collections.abc import Iterable

from pixverse_desktop.core.saves import SavingOverview
from pixverse_desktop.services.save_queue import Job


class SaveTally:
    """Counts what was saved since there was nothing to save."""

    def __init__(self) -> None:
        self._done = 0
        self._done_bytes = 0

    def count(self, size_bytes: int) -> None:
        """A clip is saved."""
        self._done += 1
        self._done_bytes += size_bytes

    def overview(self, jobs: Iterable[Job], *, is_paused: bool) -> SavingOverview:
        """How it stands with these still to be saved."""
        active, held = [], 0
        for job in jobs:
            if job.is_held:
                held += 1
            else:
                active.append(job)
        if not active:
            self._done = self._done_bytes = 0
            return SavingOverview(held=held, is_paused=is_paused)
        parts_done = self._done + sum(job.share for job in active)
        total = self._done + len(active)
        left_s = None if is_paused else self._left_s(active, total - parts_done)
        return SavingOverview(self._done, total, held, parts_done / total, left_s, is_paused)

    def _left_s(self, active: list[Job], clips_left: float) -> float | None:
        """Seconds for so many clips of the usual length at the speed of now."""
        measured = [job for job in active if job.total_bytes]
        speed_bytes_s = sum(job.speed.bytes_s for job in measured)
        counted = self._done + len(measured)
        if not (speed_bytes_s and counted):
            return None
        usual_bytes = (self._done_bytes + sum(job.total_bytes for job in measured)) / counted
        return clips_left * usual_bytes / speed_bytes_s
