"""Saving clips: a queue that outlives the program, and nothing half-done under a final name."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pixverse_desktop.core.errors import FolderUnusable, PixverseError, SaveFailed, StoreFailed
from pixverse_desktop.core.events import (
    Event,
    ListReplaced,
    SavePhase,
    SaveProgressed,
    Trouble,
    VideosChanged,
)
from pixverse_desktop.core.ports import ClipFolders, Clock, SaveStore
from pixverse_desktop.core.saves import (
    FOLDER_PAUSE_S,
    QueuedSave,
    SavingOverview,
    can_pass,
    is_folder_fault,
    made_at_s,
    pause_s,
    unsaved,
)
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.clip_names import ClipNames
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.save_book import SaveBook
from pixverse_desktop.services.save_news import SaveNews, standing
from pixverse_desktop.services.save_queue import Job, SaveQueue
from pixverse_desktop.services.save_tally import SaveTally
from pixverse_desktop.services.sidecars import Sidecars
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.services.waiting import in_turns, wait_for_news

MAX_AT_ONCE = 4
_DEFECT_WORDS = "The clip could not be saved because of a fault in this program. The log has the details."


class Saver:
    """Saves clips into folders and notes in the list where they are.

    What is wished is written down before it is begun, and taken up by a later run with ``take_up``.
    With ``save_everything_to`` each clip is saved as soon as it becomes ready. What fails for a cause
    that can pass is held, and tried again by itself. ``name_template`` tells how clips are named just now.

    Attributes:
        names: what clips are called.
    """

    def __init__(
        self,
        *,
        library: Library,
        clips: Clips,
        folders: ClipFolders,
        store: SaveStore,
        clock: Clock,
        announcer: Announcer,
        nursery: TaskNursery,
        sidecars: Sidecars,
        name_template: Callable[[], str],
        is_paused: bool = False,
    ) -> None:
        self._library = library
        self._clips = clips
        self._folders = folders
        self._store = store
        self._clock = clock
        self._announcer = announcer
        self._nursery = nursery
        self._sidecars = sidecars
        self.names = ClipNames(library=library, folders=folders, template=name_template)
        self._is_paused = is_paused
        self._book = SaveBook(store)
        self._queue = SaveQueue()
        self._tally = SaveTally()
        self._save_news = SaveNews(announcer)
        self._fresh: list[Job] = []  # not on disk yet, and so not begun
        self._given_up: dict[VideoRef, QueuedSave] = {}
        self._tasks: dict[VideoRef, asyncio.Task[None]] = {}
        self._everything_to: Path | None = None
        self._has_closed = False  # a folder, and not all that waits for it was told yet
        self._news = asyncio.Event()
        self._runner: asyncio.Task[None] | None = None
        self._unsubscribe = announcer.subscribe(self._on_event)

    @property
    def automatic_folder(self) -> Path | None:
        """Where clips are saved by themselves, or None."""
        return self._everything_to

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being saved or waits for it."""
        return not len(self._queue)

    @property
    def overview(self) -> SavingOverview:
        """How all saving stands."""
        return self._tally.overview(self._queue, is_paused=self._is_paused)

    def is_saving(self, ref: VideoRef, folder: Path | None = None) -> bool:
        """Whether this clip is being saved or waits for it; into that folder, if one is given."""
        job = self._queue.get(ref)
        return job is not None and (folder is None or job.goes_to(folder))

    def refs(self) -> list[VideoRef]:
        """The clips that are being saved or wait for it."""
        return [job.ref for job in self._queue]

    def standing(self) -> list[SaveProgressed]:
        """How each clip stands that is not saved, for whoever was not there when it was told."""
        return [standing(save) for save in (*(job.save for job in self._queue), *self._given_up.values())]

    # Wishes

    def save_everything_to(self, folder: Path | None) -> None:
        """From now on save each clip that becomes ready into ``folder``; None ends that."""
        self._everything_to = folder

    def catch_up(self) -> None:
        """Save by itself what became ready while nobody did, but for what was given up."""
        if self._everything_to is not None:
            missed = [ref for ref in unsaved(self._library) if ref not in self._given_up]
            self.save((ref for ref in missed if not self.is_saving(ref)), self._everything_to)

    def save(self, refs: Iterable[VideoRef], folder: Path) -> int:
        """Save these clips into ``folder``; how many were begun, as some have no clip or are on their way.

        Those that were held are tried at once, and those that were to go elsewhere go here.
        """
        begun, redirected = 0, list[Job]()
        for ref in refs:
            video = self._library.get(ref)
            if video is not None and (video.is_fetchable or video.is_saved):
                if (job := self._queue.get(ref)) is not None and not job.goes_to(folder):
                    self._queue.remove(ref)
                    redirected.append(job)
                begun += self._wish(video, folder)
        self._stop(redirected)
        if begun:
            self._stir()
        return begun

    def redirect(self, folder: Path) -> None:
        """Save into ``folder`` what waits for a folder that cannot take it."""
        closed = [job.ref for job in self._queue if self._queue.blocker(job.save.folder) is not None]
        self.save(closed, folder)

    def focus(self, refs: Iterable[VideoRef]) -> None:
        """Let these clips come first, for a person looks at them."""
        self._queue.focus(refs)

    def retry(self) -> None:
        """Try what is held without waiting any longer."""
        for job in self._queue:
            self._queue.wake(job)
        self._news.set()

    def pause(self) -> None:
        """Stop all saving until ``resume``; each clip then goes on from the same byte."""
        self._is_paused = True
        for task in self._tasks.values():
            task.cancel()

    def resume(self) -> None:
        """Go on with saving."""
        self._is_paused = False
        self._news.set()

    def cancel(self, refs: Iterable[VideoRef]) -> None:
        """Stop saving these clips; nothing of them stays behind, and only a person begins them again."""
        jobs = [job for ref in refs if (job := self._queue.remove(ref)) is not None]
        for job in jobs:
            job.save = replace(job.save, reason="")
            self._give_up(job)
            self._announcer.announce(SaveProgressed(job.ref, SavePhase.CANCELLED))
        self._stop(jobs)

    def _stop(self, jobs: Collection[Job]) -> None:
        """End what was begun of jobs that are out of the queue."""
        tasks = [task for job in jobs if (task := self._tasks.pop(job.ref, None)) is not None]
        for task in tasks:
            task.cancel()
        if jobs:
            self._nursery.start(self._clear_away(jobs, tasks), name="cancel saving")

    # From run to run

    async def take_up(self, account: str | None = None) -> None:
        """Go on with what an earlier run did not end, of one account or of all."""
        try:
            saves = await self._store.saves()
        except StoreFailed as error:
            self._announcer.announce(Trouble(str(error)))
            return
        for save in saves:
            if account in (None, save.ref.account) and not self.is_saving(save.ref):
                self._take_up(save)
        self._stir()

    async def aclose(self) -> None:
        """Stop listening, and write what was not written yet. Call it when the nursery has ended."""
        self._unsubscribe()
        try:
            await self._book.write()
        except StoreFailed as error:
            self._library.tell_write_failed(error)

    def _take_up(self, save: QueuedSave) -> None:
        video = self._library.get(save.ref)
        if video is None:
            self._book.strike(save.ref)
        elif save.is_over:
            self._given_up[save.ref] = save
        else:
            self._queue.add(Job(save, made_at_s(video)))
        if video is not None:
            self._announcer.announce(standing(save))

    def _wish(self, video: Video, folder: Path) -> bool:
        """Take a clip into the queue, or wake it there; whether there was anything to do."""
        job = self._queue.get(video.ref)
        if job is not None:
            return self._queue.wake(job)
        job = Job(QueuedSave(video.ref, str(folder), self._clock.now_s()), made_at_s(video))
        self._given_up.pop(video.ref, None)
        self._queue.expect(job)
        self._fresh.append(job)
        self._book.note(job.save)
        return True

    def _stir(self) -> None:
        self._news.set()
        if self._runner is None:
            self._runner = self._nursery.start(self._run(), name="saving")

    async def _run(self) -> None:
        """Begin what may be begun, whenever there is news or a pause is over."""
        while True:
            self._news.clear()
            await self._write()
            self._begin()
            if self._has_closed:
                self._has_closed = False
                await in_turns(self._queue, self._hold_if_closed)
            await wait_for_news(self._news, self._clock, self._idle_s())

    async def _write(self) -> None:
        """Write the queue down; where that fails, clips are saved all the same."""
        fresh, self._fresh = self._fresh, []
        try:
            await self._book.write()
        except StoreFailed as error:
            self._library.tell_write_failed(error)
        await in_turns(fresh, self._line_up)

    def _line_up(self, job: Job) -> None:
        """Let a job that is on disk be begun, unless it was cancelled meanwhile."""
        if self._queue.get(job.ref) is job:
            self._queue.add(job)
            self._save_news.tell(job, SavePhase.QUEUED)
            self._hold_if_closed(job)

    def _begin(self) -> None:
        now_s = self._clock.monotonic_s()
        while not self._is_paused and len(self._tasks) < MAX_AT_ONCE:
            if (job := self._queue.next(now_s)) is None:
                return
            task = self._nursery.start(self._save(job), name=f"save {job.ref.video_id}")
            self._tasks[job.ref] = task
            task.add_done_callback(partial(self._on_end, job))

    def _idle_s(self) -> float | None:
        """Seconds until there may be something to do without any news."""
        now_s = self._clock.monotonic_s()
        moments = [now_s + FOLDER_PAUSE_S] if self._book.has_fresh else []
        due_s = self._queue.due_s
        if due_s is not None and not self._is_paused and len(self._tasks) < MAX_AT_ONCE:
            moments.append(due_s)
        return max(0.0, min(moments) - now_s) if moments else None

    # One clip

    async def _save(self, job: Job) -> None:
        try:
            path = await self._bring(job)
            size_bytes = await self._note(job.ref, path)
        except PixverseError as error:
            self._fail(job, error)
        else:
            self._queue.remove(job.ref)
            self._book.strike(job.ref)
            self._tally.count(size_bytes)
            job.received_bytes = job.total_bytes = size_bytes
            self._save_news.tell(job, SavePhase.SAVED)

    async def _bring(self, job: Job) -> Path:
        video = self._library.get(job.ref)
        if video is None:
            raise SaveFailed("The video is no longer in the list.")
        folder = Path(job.save.folder)
        name = await asyncio.to_thread(self.names.inside, folder, video)
        return await self._clips.bring(job.ref, folder, name, self._save_news.progress_of(job, self._clock))

    async def _note(self, ref: VideoRef, path: Path) -> int:
        """Write into the list where the clip is, and beside it what is known; its size in bytes."""
        size_bytes = await asyncio.to_thread(self._folders.size_of, path)
        await self._library.update(
            ref, lambda video: replace(video, saved_path=str(path), saved_bytes=size_bytes)
        )
        await self._sidecars.on_saved(ref)
        return size_bytes

    def _fail(self, job: Job, error: PixverseError) -> None:
        """Hold a clip until its cause may have passed, or give it up."""
        if self._queue.get(job.ref) is not job:
            return
        job.save = replace(job.save, reason=str(error))
        if can_pass(error):
            self._hold(job, error)
        else:
            self._queue.remove(job.ref)
            self._give_up(job)
        self._save_news.tell_failure(job, error, is_listed=self._library.get(job.ref) is not None)

    def _hold(self, job: Job, error: PixverseError) -> None:
        now_s = self._clock.monotonic_s()
        job.failures += 1
        job.speed.clear()
        self._book.note(job.save)
        wait_s = FOLDER_PAUSE_S if is_folder_fault(error) else pause_s(job.failures)
        self._queue.hold(job, now_s + wait_s, closes_folder=isinstance(error, FolderUnusable))
        self._has_closed = self._has_closed or isinstance(error, FolderUnusable)

    def _hold_if_closed(self, job: Job) -> None:
        """Tell that a clip has to wait because another one could not be written to its folder."""
        blocker = self._queue.blocker(job.save.folder)
        if blocker is not None and job.place is not None and not job.is_held:
            job.save = replace(job.save, reason=blocker.save.reason)
            self._book.note(job.save)
            self._announcer.announce(standing(job.save))

    def _give_up(self, job: Job) -> None:
        if self._library.get(job.ref) is None:
            self._book.strike(job.ref)
            self._nursery.start(self._clear_away([job], []), name="forget saving")
        else:
            self._given_up[job.ref] = replace(job.save, is_over=True)
            self._book.note(self._given_up[job.ref])
        self._news.set()

    async def _clear_away(self, jobs: Collection[Job], tasks: Collection[asyncio.Task[None]]) -> None:
        """Remove what was kept of clips that nobody wants any more."""
        if tasks:
            await asyncio.wait(tasks)
        parts: defaultdict[Path, list[VideoRef]] = defaultdict(list)
        for job in jobs:
            folder = Path(job.save.folder)
            if not self.is_saving(job.ref, folder):
                parts[await asyncio.to_thread(self.names.folder_of, job.ref, folder)].append(job.ref)
        for folder, refs in parts.items():
            await self._clips.drop_parts(refs, folder)

    def _on_end(self, job: Job, task: asyncio.Task[None]) -> None:
        """Make room for the next. What was stopped and is still wanted goes back into its line."""
        if self._tasks.get(job.ref) is task:
            del self._tasks[job.ref]
        is_wanted = self._queue.get(job.ref) is job and job.place is None
        if is_wanted and task.cancelled():
            job.speed.clear()
            self._queue.add(job)
            self._save_news.tell(job, SavePhase.QUEUED)
        elif is_wanted and task.exception() is not None:
            self._fail(job, SaveFailed(_DEFECT_WORDS))
        self._news.set()

    def _on_event(self, event: Event) -> None:
        if isinstance(event, ListReplaced):
            self._nursery.start(self._follow_list(), name="saving")
        elif self._everything_to is not None and isinstance(event, VideosChanged):
            became_ready = [
                after.ref for before, after in event.changes if after.is_fetchable and not before.is_fetchable
            ]
            self.save(became_ready, self._everything_to)

    async def _follow_list(self) -> None:
        """Another list has a queue of its own; what was wished here is wished still."""
        self._given_up.clear()
        for job in self._queue:
            self._book.note(job.save)
        await self.take_up()
