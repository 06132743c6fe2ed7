"""Keeps on disk what is to be saved: changes gather, and are written in one go."""

from pixverse_desktop.core.errors import StoreFailed
from pixverse_desktop.core.ports import SaveStore
from pixverse_desktop.core.saves import QueuedSave
from pixverse_desktop.core.video import VideoRef


class SaveBook:
    """What was noted and not written yet; ``write`` is for one caller at a time."""

    def __init__(self, store: SaveStore) -> None:
        self._store = store
        self._fresh: dict[VideoRef, QueuedSave | None] = {}

    @property
    def has_fresh(self) -> bool:
        """Whether something is not written yet."""
        return bool(self._fresh)

    def note(self, save: QueuedSave) -> None:
        """Keep this."""
        self._fresh[save.ref] = save

    def strike(self, ref: VideoRef) -> None:
        """Forget this."""
        self._fresh[ref] = None

    async def write(self) -> None:
        """Write what is new. Raises ``StoreFailed``; it is new still, then."""
        if not self._fresh:
            return
        taken, self._fresh = self._fresh, {}
        kept = [save for save in taken.values() if save is not None]
        try:
            await self._store.put_saves(kept, [ref for ref, save in taken.items() if save is None])
        except StoreFailed:
            self._fresh = {**taken, **self._fresh}
            raise
