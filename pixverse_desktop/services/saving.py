"""Saving clips: a queue with a few at a time, progress told, and nothing half-done under a final name."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from pixverse_desktop.core.errors import FolderUnusable, PixverseError, SaveFailed, StoreFailed
from pixverse_desktop.core.events import Event, SavePhase, SaveProgressed, VideosChanged
from pixverse_desktop.core.names import NameRoom, clip_name
from pixverse_desktop.core.ports import ClipFolders, Clock
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.sidecars import Sidecars
from pixverse_desktop.services.tasks import TaskNursery

MAX_AT_ONCE = 3
_PROGRESS_EVERY_S = 0.1
_DEFECT_WORDS = "The clip could not be saved because of a fault in this program. The log has the details."


class Saver:
    """Saves clips into folders and notes in the list where they are.

    ``name_template`` tells how they are named just now. With
    ``save_everything_to`` each clip is saved as soon as it becomes ready.
    """

    def __init__(
        self,
        *,
        library: Library,
        clips: Clips,
        folders: ClipFolders,
        clock: Clock,
        announcer: Announcer,
        nursery: TaskNursery,
        sidecars: Sidecars,
        name_template: Callable[[], str],
    ) -> None:
        self._library = library
        self._clips = clips
        self._folders = folders
        self._clock = clock
        self._announcer = announcer
        self._nursery = nursery
        self._sidecars = sidecars
        self._name_template = name_template
        self._places = asyncio.Semaphore(MAX_AT_ONCE)
        self._saving: dict[VideoRef, asyncio.Task[None]] = {}
        self._everything_to: Path | None = None
        self._unsubscribe = announcer.subscribe(self._on_event)

    @property
    def automatic_folder(self) -> Path | None:
        """Where clips are saved by themselves, or None."""
        return self._everything_to

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being saved or waits for it."""
        return not self._saving

    def is_saving(self, ref: VideoRef) -> bool:
        """Whether this clip is being saved or waits for it."""
        return ref in self._saving

    def save_everything_to(self, folder: Path | None) -> None:
        """From now on save each clip that becomes ready into ``folder``; None ends that."""
        self._everything_to = folder

    def save(self, refs: Iterable[VideoRef], folder: Path) -> int:
        """Save these clips into ``folder``; how many were begun, as some have no clip or are on their way."""
        begun = 0
        for ref in refs:
            video = self._library.get(ref)
            if video is None or ref in self._saving or not (video.is_fetchable or video.is_saved):
                continue
            task = self._nursery.start(self._save(ref, folder), name=f"save {ref.video_id}")
            self._saving[ref] = task
            task.add_done_callback(partial(self._on_end, ref))
            self._tell(ref, SavePhase.QUEUED)
            begun += 1
        return begun

    def cancel(self, refs: Iterable[VideoRef]) -> None:
        """Stop saving these clips; nothing of them stays behind."""
        for ref in refs:
            if (task := self._saving.get(ref)) is not None:
                task.cancel()

    def name_of(self, video: Video, template: str, room: NameRoom | None = None) -> str:
        """The name of a clip by ``template``, with the folders before it; ``room`` is ample if not given."""
        marks = self._library.marks(video.ref)
        return clip_name(video, self._folders.clean, template, marks=marks, room=room or NameRoom())

    def close(self) -> None:
        """Stop listening; tasks end with their nursery."""
        self._unsubscribe()

    async def _save(self, ref: VideoRef, folder: Path) -> None:
        try:
            async with self._places:
                path = await self._bring(ref, folder)
            size_bytes = await self._note(ref, path)
        except PixverseError as error:
            is_disk_fault = isinstance(error, FolderUnusable | StoreFailed)
            event = SaveProgressed(ref, SavePhase.FAILED, message=str(error), is_disk_fault=is_disk_fault)
            self._saving.pop(ref, None)
            self._announcer.announce(event)
        else:
            self._saving.pop(ref, None)
            self._tell(ref, SavePhase.SAVED, size_bytes, size_bytes)

    async def _bring(self, ref: VideoRef, folder: Path) -> Path:
        video = self._library.get(ref)
        if video is None:
            raise SaveFailed("The video is no longer in the list.")
        name = await asyncio.to_thread(self._name, video, folder)
        told_at_s = -_PROGRESS_EVERY_S

        def on_progress(received_bytes: int, total_bytes: int) -> None:
            nonlocal told_at_s
            now_s = self._clock.monotonic_s()
            if now_s - told_at_s >= _PROGRESS_EVERY_S:
                told_at_s = now_s
                self._tell(ref, SavePhase.RECEIVING, received_bytes, total_bytes)

        return await self._clips.bring(ref, folder, name, on_progress)

    def _name(self, video: Video, folder: Path) -> str:
        return self.name_of(video, self._name_template(), self._folders.room(folder))

    async def _note(self, ref: VideoRef, path: Path) -> int:
        """Write into the list where the clip is, and beside it what is known; its size in bytes."""
        size_bytes = await asyncio.to_thread(self._folders.size_of, path)
        await self._library.update(
            ref, lambda video: replace(video, saved_path=str(path), saved_bytes=size_bytes)
        )
        await self._sidecars.on_saved(ref)
        return size_bytes

    def _on_end(self, ref: VideoRef, task: asyncio.Task[None]) -> None:
        """Tell how a task ended that did not live to tell it; it may never have begun."""
        if self._saving.get(ref) is not task:
            return
        del self._saving[ref]
        if task.cancelled():
            self._tell(ref, SavePhase.CANCELLED)
        else:
            self._announcer.announce(SaveProgressed(ref, SavePhase.FAILED, message=_DEFECT_WORDS))

    def _tell(self, ref: VideoRef, phase: SavePhase, received_bytes: int = 0, total_bytes: int = 0) -> None:
        self._announcer.announce(SaveProgressed(ref, phase, received_bytes, total_bytes))

    def _on_event(self, event: Event) -> None:
        if self._everything_to is not None and isinstance(event, VideosChanged):
            became_ready = [
                after.ref for before, after in event.changes if after.is_fetchable and not before.is_fetchable
            ]
            self.save(became_ready, self._everything_to)


def unsaved(videos: Iterable[Video]) -> list[VideoRef]:
    """The rows that have a clip which was not saved yet."""
    return [video.ref for video in videos if video.is_fetchable and not video.is_saved]
