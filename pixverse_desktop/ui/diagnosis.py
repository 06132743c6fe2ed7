"""What helps when something is wrong: the attempts of a video, the log, and a report to send to somebody."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.attempts import AttemptRun
from pixverse_desktop.core.events import AttemptMade, Event
from pixverse_desktop.core.log_lines import last_complaints
from pixverse_desktop.core.report import ReportFacts, report_text
from pixverse_desktop.core.support import attempt_lines
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui.actions import Actions, connect
from pixverse_desktop.ui.attempts_dialog import AttemptsDialog
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.list_page import ListPage
from pixverse_desktop.ui.log_view import MOST_LINES, LogView
from pixverse_desktop.ui.window_context import WindowContext

_LOOK_EVERY_S = 1.0
_MOST_COMPLAINTS = 20


class Diagnosis(QObject):
    """Opens the windows of the entries it is given, and fills them."""

    def __init__(
        self,
        engine: Engine,
        context: WindowContext,
        commands: Commands,
        page: ListPage,
        actions: Actions,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._context = context
        self._commands = commands
        self._page = page
        self._window = parent
        self._attempts: AttemptsDialog | None = None
        self._end_attempts: Callable[[], None] = lambda: None
        connect(
            {
                actions.attempts: self.show_attempts,
                actions.check_failed: commands.check_failed,
                actions.log: self.show_log,
                actions.report: self.copy_report,
            }
        )

    def close(self) -> None:
        """Follow nothing any more."""
        self._end_attempts()

    def show_attempts(self) -> None:
        """Open the window with the attempts of the selected video."""
        video = next(iter(self._page.table.selected_videos(most=1)), None)
        if video is not None:
            self._open_attempts(video)

    def show_log(self) -> None:
        """Open the window with the end of the log, which follows it until it is closed."""
        view = LogView(self._window)
        view.folder_requested.connect(self._open_folder)
        following = self._engine.nursery.start(self._follow(view), name="log")
        view.finished.connect(lambda _: following.cancel())
        view.open()

    def copy_report(self) -> None:
        """Put a report about the program on the clipboard."""
        self._commands.start(self._copy_report(), "report")

    def _open_attempts(self, video: Video) -> None:
        dialog = AttemptsDialog(video, self._copy_attempts, self._window)

        def refresh(event: Event) -> None:
            if isinstance(event, AttemptMade) and event.attempt.ref == video.ref:
                self._commands.start(self._fill(dialog, video.ref), "attempts of a video")

        self._attempts = dialog
        self._end_attempts = self._engine.announcer.subscribe(refresh)
        dialog.finished.connect(lambda _: self._on_attempts_closed())
        self._commands.start(self._fill(dialog, video.ref), "attempts of a video")
        dialog.open()

    async def _fill(self, dialog: AttemptsDialog, ref: VideoRef) -> None:
        runs = await self._engine.attempts.of(ref)
        if dialog is self._attempts:  # it may have been closed meanwhile
            dialog.show_runs(runs)

    def _on_attempts_closed(self) -> None:
        self._attempts = None
        self._end_attempts()

    def _copy_attempts(self, runs: Sequence[AttemptRun]) -> None:
        QGuiApplication.clipboard().setText("\n".join(line.strip() for line in attempt_lines(runs)))

    async def _follow(self, view: LogView) -> None:
        """Read the end of the log whenever it has grown, off the loop."""
        log, shown = self._context.log, object()
        while True:
            if (mark := await asyncio.to_thread(log.mark)) != shown:
                shown = mark
                view.show_lines(await asyncio.to_thread(log.tail, MOST_LINES))
            await self._engine.clock.sleep(_LOOK_EVERY_S)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._context.log.path.parent)))

    async def _copy_report(self) -> None:
        texts = await asyncio.to_thread(self._context.log.tail, MOST_LINES)
        facts = ReportFacts(
            versions=self._context.versions(),
            settings=self._engine.settings,
            counts=self._counts(),
            connections=[session.poller.connection for session in self._engine.sessions.at_work()],
            complaints=last_complaints(texts, _MOST_COMPLAINTS),
            home=str(Path.home()),
        )
        QGuiApplication.clipboard().setText(self._context.log.redact(report_text(facts)))
        self._commands.news.emit(self.tr("Copied. It holds no key and no address of a clip."), "copy", None)

    def _counts(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for video in self._engine.library:
            counts[video.status.value] = counts.get(video.status.value, 0) + 1
        return counts
