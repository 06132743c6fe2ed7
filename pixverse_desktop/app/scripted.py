"""``--exit-when-done`` and ``--screenshot``: a window that ends by itself, for scripts and pictures."""

import asyncio
import contextlib
import sys
from pathlib import Path

from pixverse_desktop.core.errors import FolderUnusable, PixverseError
from pixverse_desktop.core.exit_codes import ExitCode, exit_code_for
from pixverse_desktop.core.video import Video
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.run_tracker import RunTracker
from pixverse_desktop.ui.main_window import MainWindow

_FRAME_LIMIT_S = 30.0
_FRAMES_BEFORE_PICTURE = 12  # far enough into the clip that it is seen to play
_MOST_TRIED = 3


class ScriptedRun:
    """Waits until no row of the account is open and all saving is done, then takes the picture.

    Follows the account from the moment it is made. ``code`` is watch's exit code; until the run is
    over it is that of an interrupted one.
    """

    def __init__(self, engine: Engine, window: MainWindow, picture: Path | None) -> None:
        self._engine = engine
        self._window = window
        self._picture = picture
        self.code = ExitCode.INTERRUPTED
        self._tracker = RunTracker(
            None,
            account=engine.session.account.name,
            library=engine.library,
            saver=engine.saver,
            announcer=engine.announcer,
            clock=engine.clock,
            folder=engine.saver.automatic_folder,
        )

    def close(self) -> None:
        """Stop following."""
        self._tracker.close()

    def give_up(self, error: PixverseError) -> None:
        """End with the code of an error, and its sentence on stderr."""
        sys.stderr.write(f"pixverse-desktop: {error}\n")
        self.code = exit_code_for(error)

    async def run(self) -> None:
        """Return when all is done and the picture, if one is wanted, is written."""
        code = await self._tracker.wait(None)
        try:
            if self._picture is not None:
                await self._show_newest()
                self._write_picture(self._picture)
        except PixverseError as error:
            self.give_up(error)
        else:
            self.code = code

    async def _show_newest(self) -> None:
        """Select the clip that became ready last and let it play a moment; one that cannot gives way."""
        ready = [video for video in self._engine.library if video.is_fetchable]
        newest_first = sorted(ready, key=_finished_at_s, reverse=True)
        for video in newest_first[:_MOST_TRIED]:
            if await self._plays(video):
                return

    async def _plays(self, video: Video) -> bool:
        frames = _FrameCounter(self._window)
        try:
            self._window.show_video(video.ref)
            async with asyncio.timeout(_FRAME_LIMIT_S):
                return await frames.wait(_FRAMES_BEFORE_PICTURE)
        except TimeoutError:
            return False
        finally:
            frames.close()

    def _write_picture(self, path: Path) -> None:
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
        if not self._window.grab().save(str(path), "PNG"):
            raise FolderUnusable(f"The picture cannot be written to {path}. Choose another place.")


def _finished_at_s(video: Video) -> float:
    """When PixVerse finished a clip; of one that does not tell, when that was noticed."""
    return video.modified_at_s or video.ended_at_s or 0.0


class _FrameCounter:
    """Counts the frames that reached the screen, until it is told that none will."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._seen = 0
        self._has_failed = False
        self._changed = asyncio.Event()
        window.frame_shown.connect(self._on_frame)
        window.player.clip_failed.connect(self._on_failed)

    async def wait(self, frames: int) -> bool:
        """Until so many frames were shown; False as soon as the clip cannot be played."""
        while self._seen < frames and not self._has_failed:
            self._changed.clear()
            await self._changed.wait()
        return not self._has_failed

    def close(self) -> None:
        """Stop counting."""
        self._window.frame_shown.disconnect(self._on_frame)
        self._window.player.clip_failed.disconnect(self._on_failed)

    def _on_frame(self) -> None:
        self._seen += 1
        self._changed.set()

    def _on_failed(self) -> None:
        self._has_failed = True
        self._changed.set()
