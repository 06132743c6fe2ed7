"""Which clip is saved next: what a person looks at, then the newest; what failed rests, and comes last."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from pathlib import Path

from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.speed import Speed
from pixverse_desktop.core.video import VideoRef

_Line = list[tuple[int, float, int, VideoRef]]


@dataclass(slots=True)
class Job:
    """A clip on its way to the disk.

    Attributes:
        made_at_s: when its video was made; the newest is saved first.
        failures: how often it failed, since a person last asked for it.
        is_wished_again: a person asked for it while it was being tried.
    """

    save: QueuedSave
    made_at_s: float
    failures: int = 0
    is_resting: bool = False
    is_wished_again: bool = False
    place: int | None = None
    received_bytes: int = 0
    total_bytes: int = 0
    speed: Speed = field(default_factory=Speed)

    @property
    def is_held(self) -> bool:
        """Whether it failed and waits to be tried again."""
        return bool(self.save.reason) and self.place is not None

    @property
    def ref(self) -> VideoRef:
        """Whose clip it is."""
        return self.save.ref

    @property
    def share(self) -> float:
        """How much of it is here, 0 to 1."""
        return self.received_bytes / self.total_bytes if self.total_bytes else 0.0

    def goes_to(self, folder: Path) -> bool:
        """Whether it is to be saved into ``folder``."""
        return self.save.folder == str(folder)


class SaveQueue:
    """Everything that is to be saved. Moved by its owner's monotonic clock, in seconds."""

    def __init__(self) -> None:
        self._jobs: dict[VideoRef, Job] = {}
        self._lines: dict[str, _Line] = {}  # one a folder, since a folder may be closed for a while
        self._closed: dict[str, tuple[float, Job]] = {}  # until when, and by whose failure
        self._resting: list[tuple[float, int, VideoRef]] = []
        self._focus: tuple[VideoRef, ...] = ()
        self._numbers = count()

    def __iter__(self) -> Iterator[Job]:
        return iter(tuple(self._jobs.values()))

    def __len__(self) -> int:
        return len(self._jobs)

    def get(self, ref: VideoRef) -> Job | None:
        """The job of that clip, if it is to be saved."""
        return self._jobs.get(ref)

    def focus(self, refs: Iterable[VideoRef]) -> None:
        """Let these come first, in their order."""
        self._focus = tuple(refs)

    def expect(self, job: Job) -> None:
        """Take up a job that is not to be begun yet."""
        self._jobs[job.ref] = job

    def add(self, job: Job) -> None:
        """Let a job be begun, or begun again."""
        self._jobs[job.ref] = job
        job.is_resting, job.place = False, next(self._numbers)
        line = self._lines.setdefault(job.save.folder, [])
        heappush(line, (job.failures, -job.made_at_s, job.place, job.ref))

    def remove(self, ref: VideoRef) -> Job | None:
        """Forget a job; what it was."""
        job = self._jobs.pop(ref, None)
        if job is not None:
            job.place, job.is_resting = None, False
        return job

    def hold(self, job: Job, until_s: float, *, closes_folder: bool) -> None:
        """Let a job that failed wait, or all that is to go into its folder."""
        if job.is_wished_again:
            job.is_wished_again = False
            self.add(job)
        elif closes_folder:
            self._closed[job.save.folder] = (until_s, job)
            self.add(job)
        else:
            job.is_resting, job.place = True, next(self._numbers)
            heappush(self._resting, (until_s, job.place, job.ref))

    def blocker(self, folder: str) -> Job | None:
        """The job that failed so that nothing is begun in its folder just now; None where that is open."""
        return self._closed[folder][1] if folder in self._closed else None

    def wake(self, job: Job) -> bool:
        """Let a job come without waiting any longer; whether it had to wait."""
        was_closed = self._closed.pop(job.save.folder, None) is not None
        job.is_wished_again = job.place is None
        if job.is_resting:
            job.failures = 0
            self.add(job)
            return True
        return was_closed and job.place is not None

    def next(self, now_s: float) -> Job | None:
        """Take the job to begin now out of the line; None if there is none."""
        self._closed = {folder: closed for folder, closed in self._closed.items() if closed[0] > now_s}
        while self._resting and self._resting[0][0] <= now_s:
            _, place, ref = heappop(self._resting)
            job = self._jobs.get(ref)
            if job is not None and job.place == place:
                self.add(job)
        job = self._looked_at() or self._newest()
        if job is not None:
            job.place = None
        return job

    @property
    def due_s(self) -> float | None:
        """When there may be a job to begin although there is none now."""
        closed = [until_s for folder, (until_s, _) in self._closed.items() if self._lines.get(folder)]
        return min([*closed, *(each[0] for each in self._resting[:1])], default=None)

    def _looked_at(self) -> Job | None:
        jobs = (self._jobs.get(ref) for ref in self._focus)
        waiting = (job for job in jobs if job is not None and job.place is not None and not job.is_resting)
        return next((job for job in waiting if job.save.folder not in self._closed), None)

    def _newest(self) -> Job | None:
        lines = [line for folder, line in self._lines.items() if folder not in self._closed]
        firsts = [line for line in lines if self._tidy(line)]
        if not firsts:
            return None
        return self._jobs[heappop(min(firsts))[3]]

    def _tidy(self, line: _Line) -> bool:
        """Drop from the front of a line what is no longer in it; whether any is left."""
        while line:
            _, _, place, ref = line[0]
            job = self._jobs.get(ref)
            if job is not None and job.place == place:
                return True
            heappop(line)
        return False
