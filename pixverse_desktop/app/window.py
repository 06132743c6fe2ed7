"""The program with its window: one Qt application, one asyncio loop inside it, one orderly end."""

import asyncio
import contextlib
import logging
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import qasync
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from pixverse_desktop import __version__
from pixverse_desktop.adapters.id_files import read_id_file
from pixverse_desktop.adapters.instance import ListOwnership, Request
from pixverse_desktop.adapters.logs import LogFile
from pixverse_desktop.adapters.places import places, videos_folder
from pixverse_desktop.app.composition import Run, environment_key, open_engine
from pixverse_desktop.app.demo import Demo, open_demo
from pixverse_desktop.app.handover import answering, take_or_hand_over
from pixverse_desktop.cli.arguments import Options
from pixverse_desktop.cli.inputs import gather_ids
from pixverse_desktop.core.errors import FolderUnusable, KeychainUnavailable, KeyMissing, PixverseError
from pixverse_desktop.core.exit_codes import ExitCode, exit_code_for
from pixverse_desktop.core.identifiers import IdScan, refusal_words
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.intake import Intake
from pixverse_desktop.services.run_tracker import RunTracker
from pixverse_desktop.ui.main_window import MainWindow, WindowContext
from pixverse_desktop.ui.theme import apply_theme, choose_appearance

APPLICATION_ID = "org.pixversedesktop.PixVerseDesktop"
_FRAME_LIMIT_S = 30.0
_FRAMES_BEFORE_PICTURE = 12  # far enough into the clip that it is seen to play

_log = logging.getLogger(__name__)


def run_window(options: Options) -> int:
    """Open the window, or hand the ids to the one that is open; the exit code."""
    scan = _gather(options)
    with ExitStack() as stack:
        demo = stack.enter_context(open_demo(options)) if options.is_demo else None
        options = demo.options if demo else options
        where = places(options.data_dir)
        where.prepare()
        taken = take_or_hand_over(where, {"verb": "open", "ids": list(scan.ids), "account": options.account})
        if isinstance(taken, dict):
            return _handed_over(taken)
        stack.enter_context(taken)
        log = stack.enter_context(contextlib.closing(LogFile(where.logs)))
        key = demo.key if demo else environment_key()
        loop = stack.enter_context(_qt_loop())
        report = _Reporter(log)
        run = Run(options, where, log, report, key)
        if demo is not None and not scan.ids:
            scan = IdScan(demo.video_ids)
        return loop.run_until_complete(_WindowRun(run, scan, demo, report).main(taken))


class _Reporter:
    """Tells a defect of ours once, in the window; the log has its traceback."""

    def __init__(self, log: LogFile) -> None:
        self._log = log
        self._told: set[str] = set()
        self.window: MainWindow | None = None

    def __call__(self, error: BaseException) -> None:
        kind = f"{type(error).__name__}: {error}"
        if self.window is not None and kind not in self._told:
            self._told.add(kind)
            words = self.window.tr("Something went wrong in this program. The log has the details: %1")
            self.window.say(words.replace("%1", str(self._log.path)), "warning")


class _WindowRun:
    """One run of the window, from the first row to the exit code."""

    def __init__(self, run: Run, scan: IdScan, demo: Demo | None, reporter: _Reporter) -> None:
        self._run = run
        self._scan = scan
        self._demo = demo
        self._reporter = reporter
        self._closing = asyncio.Event()
        self._code = ExitCode.ALL_READY

    async def main(self, ownership: ListOwnership) -> int:
        """Open everything, live, close everything in the opposite order."""
        async with open_engine(self._run) as engine:
            outcome = await engine.library.add(self._scan.ids, account=self._run.options.account)
            self._save_as_told(engine, [video.ref for video in outcome.added + outcome.already])
            choose_appearance(_application(), engine.settings.appearance)
            window = MainWindow(engine, self._context())
            self._reporter.window = window
            window.close_requested.connect(self._closing.set)
            async with answering(ownership, engine.library, window.bring_to_front):
                self._begin(engine, window)
                await self._closing.wait()
            window.hide()
            await engine.nursery.aclose()
            window.release()
            self._reporter.window = None
            window.deleteLater()
        return self._code

    def _begin(self, engine: Engine, window: MainWindow) -> None:
        window.show()
        engine.nursery.start(self._connect_and_poll(engine, window), name="connect")
        if engine.complaint:
            window.say(engine.complaint, "warning")
        elif self._scan.refused:
            window.say(refusal_words(self._scan.refused), "warning")
        _on_signals(self._closing.set)

    def _save_as_told(self, engine: Engine, given: list[VideoRef]) -> None:
        """Save by ourselves where the command line or the settings say so; in the demo only if told."""
        options, settings = self._run.options, engine.settings
        if options.save_to is not None:
            folder = options.save_to.absolute()
            engine.saver.save_everything_to(folder)
            engine.saver.save(given, folder)
        elif settings.save_folder and self._demo is None:
            engine.saver.save_everything_to(Path(settings.save_folder))

    async def _connect_and_poll(self, engine: Engine, window: MainWindow) -> None:
        """Connect with the stored key; without one the window asks for it."""
        try:
            await engine.session.open()
        except (KeyMissing, KeychainUnavailable) as error:
            _log.info("Starting without a key: %s", type(error).__name__)
            if self._run.options.exit_when_done:
                self._give_up(error)
                return
            if isinstance(error, KeychainUnavailable):
                window.say(str(error), "warning")
        engine.start_polling()
        await engine.session.refresh_balance()
        if self._run.options.exit_when_done:
            await self._exit_when_done(engine, window)

    def _context(self) -> WindowContext:
        demo_folder = self._run.where.data / "clips"
        return WindowContext(
            is_demo=self._demo is not None,
            window_file=self._run.where.window_file,
            suggested_folder=demo_folder if self._demo else videos_folder(),
            open_demo=_start_demo_program,
        )

    # For scripts and pictures

    async def _exit_when_done(self, engine: Engine, window: MainWindow) -> None:
        try:
            self._code = await self._wait_and_picture(engine, window)
        except PixverseError as error:
            self._give_up(error)
        self._closing.set()

    def _give_up(self, error: PixverseError) -> None:
        sys.stderr.write(f"pixverse-desktop: {error}\n")
        self._code = exit_code_for(error)
        self._closing.set()

    async def _wait_and_picture(self, engine: Engine, window: MainWindow) -> ExitCode:
        tracker = RunTracker(
            [video.ref for video in engine.library],
            library=engine.library,
            saver=engine.saver,
            announcer=engine.announcer,
            clock=engine.clock,
            folder=engine.saver.automatic_folder,
        )
        try:
            code = await tracker.wait(None)
        finally:
            tracker.close()
        if self._run.options.screenshot is not None:
            await self._show_newest(engine, window)
            _write_picture(window, self._run.options.screenshot)
        return code

    async def _show_newest(self, engine: Engine, window: MainWindow) -> None:
        """Select the clip that became ready last, and let it play a moment."""
        ready = [video for video in engine.library if video.is_fetchable]
        if not ready:
            return
        newest = max(ready, key=lambda video: video.ended_at_s or 0.0)
        frames = _FrameCounter(window)
        window.show_video(newest.ref)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FRAME_LIMIT_S):
                await frames.wait(_FRAMES_BEFORE_PICTURE)
        frames.close()


class _FrameCounter:
    """Counts the frames that reached the screen."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._seen = 0
        self._changed = asyncio.Event()
        window.frame_shown.connect(self._on_frame)

    async def wait(self, frames: int) -> None:
        """Until so many frames were shown."""
        while self._seen < frames:
            self._changed.clear()
            await self._changed.wait()

    def close(self) -> None:
        """Stop counting."""
        self._window.frame_shown.disconnect(self._on_frame)

    def _on_frame(self) -> None:
        self._seen += 1
        self._changed.set()


def _write_picture(window: MainWindow, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not window.grab().save(str(path), "PNG"):
        raise FolderUnusable(f"The picture cannot be written to {path}. Choose another place.")


def _application() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app


@contextmanager
def _qt_loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One Qt application, and the asyncio loop that runs inside its own."""
    app = QApplication(sys.argv[:1])
    app.setApplicationName("pixverse-desktop")
    app.setApplicationDisplayName("PixVerse Desktop")
    app.setApplicationVersion(__version__)
    QGuiApplication.setDesktopFileName(APPLICATION_ID)
    app.setQuitOnLastWindowClosed(False)  # the end is ours to order
    apply_theme(app)
    loop = qasync.QEventLoop(app)
    asyncio.set_event_loop(loop)
    with loop:
        yield loop


def _on_signals(close: Callable[[], None]) -> None:
    """Let Ctrl-C and a polite kill end the program as closing the window does."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(number, close)


def _start_demo_program() -> None:
    """Start a second program of our own with the demo; it touches no real list."""
    is_bundle = getattr(sys, "frozen", False)
    command = [sys.executable] if is_bundle else [sys.executable, "-m", "pixverse_desktop"]
    subprocess.Popen([*command, "--demo"], start_new_session=True)


def _gather(options: Options) -> IdScan:
    if not options.inputs:
        return IdScan()
    return gather_ids(options.inputs, Intake(read_id_file), sys.stdin.buffer.read)


def _handed_over(answer: Request) -> int:
    if error := answer.get("error"):
        sys.stderr.write(f"pixverse-desktop: {error}\n")
        return ExitCode.UNUSABLE_INPUT
    sys.stderr.write("Handed over to the window that is open.\n")
    return ExitCode.ALL_READY
