"""The program with its window: one Qt application, one asyncio loop inside it, one orderly end."""

import asyncio
import contextlib
import gc
import logging
import signal
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PySide6.QtCore import QProcess, QProcessEnvironment
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from pixverse_desktop import __version__
from pixverse_desktop.adapters.desktop_notices import DesktopNotices
from pixverse_desktop.adapters.id_files import read_id_file, read_stream, write_text_file
from pixverse_desktop.adapters.instance import ListOwnership, Request
from pixverse_desktop.adapters.logs import LogFile
from pixverse_desktop.adapters.pictures import LentPictures, write_picture
from pixverse_desktop.adapters.places import places, videos_folder
from pixverse_desktop.adapters.poster_files import PosterFiles
from pixverse_desktop.app.composition import KEY_VARIABLE, Run, environment_key, open_engine
from pixverse_desktop.app.demo import Demo, open_demo
from pixverse_desktop.app.event_loop import EventLoop
from pixverse_desktop.app.handover import answering, take_or_hand_over
from pixverse_desktop.app.scripted import ScriptedRun
from pixverse_desktop.app.versions import versions
from pixverse_desktop.cli.arguments import Options
from pixverse_desktop.cli.inputs import LINK_SCHEME, gather_ids, scan_link
from pixverse_desktop.core.errors import KeyMissing, PixverseError
from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.core.identifiers import IdScan, merge_scans, refusal_words
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.intake import Intake
from pixverse_desktop.services.tasks import share_the_interpreter
from pixverse_desktop.ui.main_window import MainWindow
from pixverse_desktop.ui.theme import apply_theme, choose_appearance
from pixverse_desktop.ui.window_context import WindowContext

APPLICATION_ID = "org.pixversedesktop.PixVerseDesktop"

_log = logging.getLogger(__name__)


def run_window(options: Options) -> int:
    """Open the window, or hand the ids to the one that is open; the exit code."""
    scan = _gather(options)
    with ExitStack() as stack:
        demo = stack.enter_context(open_demo(options)) if options.is_demo else None
        options = demo.options if demo else options
        where = places(options.data_dir)
        where.prepare()
        refused = [[each.token, each.reason] for each in scan.refused]
        request = {"verb": "open", "ids": list(scan.ids), "refused": refused, "account": options.account}
        taken = take_or_hand_over(where, request)
        if isinstance(taken, dict):
            return _handed_over(taken, options)
        stack.enter_context(taken)
        log = stack.enter_context(contextlib.closing(LogFile(where.logs)))
        key = demo.key if demo else environment_key()
        loop = stack.enter_context(_qt_loop())
        report = _Reporter(log)
        run = Run(options, where, log, report, key)
        if demo is not None and not scan.ids:
            scan = IdScan(demo.video_ids)
        try:
            return loop.run_until_complete(_WindowRun(run, scan, demo, report).main(taken))
        except PixverseError:
            raise
        except Exception:
            log.write_traceback(traceback.format_exc())
            raise


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
        self._scripted: ScriptedRun | None = None
        self._notifier = DesktopNotices(application_id=APPLICATION_ID, name="PixVerse Desktop")

    async def main(self, ownership: ListOwnership) -> int:
        """Open everything, live, close everything in the opposite order."""
        gc.disable()  # a large list is made of millions of values, none of which is garbage
        async with open_engine(self._run) as engine:
            outcome = await engine.library.add(self._scan.ids, account=self._run.options.account)
            await self._save_as_told(engine, [video.ref for video in outcome.added + outcome.already])
            choose_appearance(_application(), engine.settings.appearance)
            window = MainWindow(engine, self._context())
            self._reporter.window = window
            window.close_requested.connect(self._closing.set)
            async with answering(ownership, engine.library, lambda words: _show(window, words)):
                self._begin(engine, window)
                await self._closing.wait()
            if self._scripted is not None:
                self._code = self._scripted.code
                self._scripted.close()
            window.hide()
            await engine.nursery.aclose()
            self._tell_held(engine)
            window.release()
            await self._notifier.aclose()
            self._reporter.window = None
            window.deleteLater()
        return self._code

    def _tell_held(self, engine: Engine) -> None:
        """Put ids that no disk took where they can still be read."""
        if not engine.held.is_safe:
            self._code = ExitCode.COULD_NOT_WRITE
            ids = "\n".join(ref.video_id for ref in engine.held.refs)
            sys.stderr.write(f"These ids could not be written anywhere. Keep them:\n{ids}\n")

    def _begin(self, engine: Engine, window: MainWindow) -> None:
        window.show()
        gc.freeze()  # what lives as long as the list is not looked through again
        gc.enable()
        if self._run.options.exit_when_done:
            self._scripted = ScriptedRun(engine, window, self._run.options.screenshot)
        engine.nursery.start(self._connect_and_poll(engine, window), name="connect")
        if engine.complaint:
            _log.warning("At the start: %s", engine.complaint)
            window.tell_of_start(engine.complaint)
        if self._scan.refused:
            window.say(refusal_words(self._scan.refused), "warning")
        _on_signals(self._closing.set)

    async def _save_as_told(self, engine: Engine, given: list[VideoRef]) -> None:
        """Save what an earlier run did not end, and by ourselves what the command line or the settings say.

        In the demo, which is new each time, only what we are told.
        """
        await engine.saver.take_up()
        options, settings = self._run.options, engine.settings
        if options.save_to is not None:
            folder = options.save_to.absolute()
            engine.saver.save_everything_to(folder)
            engine.saver.save(given, folder)
        elif settings.save_folder and settings.saves_automatically and self._demo is None:
            engine.saver.save_everything_to(Path(settings.save_folder))
            engine.saver.catch_up()

    async def _connect_and_poll(self, engine: Engine, window: MainWindow) -> None:
        """Connect with the stored key; without one the window asks for it."""
        try:
            await engine.session.open()
        except PixverseError as error:  # a key that is missing, locked away, or no key at all
            _log.info("Starting without a key: %s", type(error).__name__)
            if not isinstance(error, KeyMissing):
                window.say(str(error), "warning")
            if self._scripted is not None:
                self._scripted.give_up(error)
                self._closing.set()
                return
        engine.start_polling()
        await engine.sessions.open_others()  # which may wait for a person at the keychain's prompt
        engine.nursery.start(engine.credits.run(), name="balance")
        if self._scripted is not None:
            engine.nursery.start(self._run_script(self._scripted), name="exit when done")

    async def _run_script(self, scripted: ScriptedRun) -> None:
        try:
            await scripted.run()
        finally:
            self._closing.set()

    def _context(self) -> WindowContext:
        demo_folder = self._run.where.data / "clips"
        return WindowContext(
            is_demo=self._demo is not None,
            window_file=self._run.where.window_file,
            suggested_folder=demo_folder if self._demo else videos_folder(),
            open_demo=_start_demo_program,
            write_file=write_text_file,
            write_picture=write_picture,
            lend_picture=LentPictures(self._run.where.lent_pictures).write,
            posters=PosterFiles(self._run.where.posters),
            log=self._run.log,
            notifier=self._notifier,
            versions=versions,
        )


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
    share_the_interpreter()
    loop = EventLoop(app)
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
    """Start a second program of our own with the demo; it touches no real list and gets no real key."""
    is_bundle = getattr(sys, "frozen", False)
    process = QProcess()
    process.setProgram(sys.executable)
    process.setArguments(["--demo"] if is_bundle else ["-m", "pixverse_desktop", "--demo"])
    environment = QProcessEnvironment.systemEnvironment()
    environment.remove(KEY_VARIABLE)
    process.setProcessEnvironment(environment)
    process.startDetached()


def _gather(options: Options) -> IdScan:
    """The ids of the command line. A link without one is for the window to tell: nobody reads stderr then."""
    links = [word for word in options.inputs if word.startswith(LINK_SCHEME)]
    others = [word for word in options.inputs if word not in links]
    return merge_scans([*map(scan_link, links), gather_ids(others, Intake(read_id_file), _read_stdin)])


def _read_stdin() -> bytes:
    return read_stream(sys.stdin.buffer, "standard input")


def _show(window: MainWindow, words: str) -> None:
    window.bring_to_front()
    if words:
        window.say(words, "warning")


def _handed_over(answer: Request, options: Options) -> int:
    """Say that the open window has the ids now; what only a run of its own can do is refused."""
    if error := answer.get("error"):
        sys.stderr.write(f"pixverse-desktop: {error}\n")
        return ExitCode.UNUSABLE_INPUT
    sys.stderr.write("Handed over to the window that is open.\n")
    if options.exit_when_done or options.save_to is not None:
        sys.stderr.write(
            "It keeps its own settings: --save-to, --screenshot and --exit-when-done need it closed.\n"
        )
        return ExitCode.UNUSABLE_INPUT
    return ExitCode.ALL_READY
