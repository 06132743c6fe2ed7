"""The last attempts of each video, kept across runs; written in batches, so that polling pays no flush."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from pixverse_desktop.core.attempts import AttemptRun, folded, run_of
from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.events import AttemptMade, Event
from pixverse_desktop.core.ports import AttemptStore, Clock
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.tasks import TaskNursery

WRITE_AFTER_S = 10.0
KEPT_S = 90 * 86_400.0
MOST_VIDEOS = 20_000

_log = logging.getLogger(__name__)


class AttemptLog:
    """Follows every question. A crash may cost the last seconds of it, which the list of ids never pays."""

    def __init__(
        self, store: AttemptStore, *, clock: Clock, announcer: Announcer, nursery: TaskNursery
    ) -> None:
        self._store = store
        self._clock = clock
        self._nursery = nursery
        self._fresh: dict[VideoRef, tuple[AttemptRun, ...]] = {}
        self._writer: asyncio.Task[None] | None = None
        self._has_complained = False
        self._has_pruned = False
        self._unsubscribe = announcer.subscribe(self._on_event)

    async def of(self, ref: VideoRef) -> Sequence[AttemptRun]:
        """The attempts of a video, equal ones folded, the last at the end. Raises ``StoreFailed``."""
        kept = await self._store.attempts(ref)
        return folded(kept, self._fresh.get(ref, ()))

    async def aclose(self) -> None:
        """Stop listening, and write what was not written yet. Call it when the nursery has ended."""
        self._unsubscribe()
        await self._write()

    def _on_event(self, event: Event) -> None:
        if not isinstance(event, AttemptMade):
            return
        self._take(event.attempt.ref, [run_of(event.attempt)])
        if self._writer is None or self._writer.done():
            self._writer = self._nursery.start(self._write_later(), name="attempts")

    def _take(self, ref: VideoRef, runs: Sequence[AttemptRun]) -> None:
        self._fresh[ref] = folded(self._fresh.get(ref, ()), runs)

    async def _write_later(self) -> None:
        await self._clock.sleep(WRITE_AFTER_S)
        await self._write()

    async def _write(self) -> None:
        """Write what is new. What could not be written is kept for later, which the log says once."""
        taken, self._fresh = self._fresh, {}
        try:
            if taken:
                await self._store.put_attempts(taken)
                await self._prune_once()
            self._has_complained = False
        except StoreFailed as error:
            self._put_back(taken)
            if not self._has_complained:
                self._has_complained = True
                _log.warning("The attempts were not written: %s", error)

    def _put_back(self, taken: Mapping[VideoRef, Sequence[AttemptRun]]) -> None:
        newer, self._fresh = self._fresh, {ref: tuple(runs) for ref, runs in taken.items()}
        for ref, runs in newer.items():
            self._take(ref, runs)

    async def _prune_once(self) -> None:
        if not self._has_pruned:
            before_s = self._clock.now_s() - KEPT_S
            await self._store.prune_attempts(before_s=before_s, most_videos=MOST_VIDEOS)
            self._has_pruned = True
