"""What is known of a clip, written beside it as JSON that our own reader takes in again."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from pixverse_desktop.core.errors import FolderUnusable
from pixverse_desktop.core.events import Trouble
from pixverse_desktop.core.ports import ClipFolders
from pixverse_desktop.core.records import as_json, is_record_of
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library


class Sidecars:
    """Writes ``NAME.json`` beside ``NAME.mp4``: when a clip is saved and that ``is_wanted``, and when told.

    Marks that change later do not renew it.
    """

    def __init__(
        self,
        *,
        library: Library,
        folders: ClipFolders,
        announcer: Announcer,
        is_wanted: Callable[[], bool],
    ) -> None:
        self._library = library
        self._folders = folders
        self._announcer = announcer
        self._is_wanted = is_wanted

    async def on_saved(self, ref: VideoRef) -> None:
        """Write it if it is wanted. Where it cannot be written that is told, and the clip counts as saved."""
        if self._is_wanted():
            try:
                await self.write(ref)
            except FolderUnusable as error:
                self._announcer.announce(Trouble(str(error)))

    async def write(self, ref: VideoRef) -> Path | None:
        """Write or renew it; where it is, or None for a row without a copy. Raises ``FolderUnusable``."""
        video = self._library.get(ref)
        if video is None or not video.is_saved:
            return None
        record = as_json([(video, self._library.marks(ref))])
        clip = Path(video.saved_path)
        return await asyncio.to_thread(
            self._folders.write_beside, clip, record, lambda text: is_record_of(text, ref)
        )
