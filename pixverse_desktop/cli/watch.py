"""``watch``: the engine without a window. Events on stdout, words for people on stderr."""

import asyncio
import json
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TextIO

from pixverse_desktop.cli.listing import one_line
from pixverse_desktop.core.errors import OutputFailed, PixverseError
from pixverse_desktop.core.events import (
    ConnectionChanged,
    ConnectionKind,
    Event,
    SavePhase,
    SaveProgressed,
    Trouble,
    VideosChanged,
)
from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.core.video import Video, VideoRef
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.services.run_tracker import RunTracker, summary_words
from pixverse_desktop.services.waiting import wait_for_news

_PROMPT_WIDTH = 60
_MESSAGE_WIDTH = 400


class WatchReport:
    """Turns events about the watched rows into JSON lines, or into saved paths, and into words.

    Once something could not be printed ``give_up`` is called, and nothing is printed any more.
    """

    def __init__(
        self,
        engine: Engine,
        refs: Sequence[VideoRef],
        *,
        as_json: bool,
        out: TextIO,
        err: TextIO,
        give_up: Callable[[], None],
    ) -> None:
        self._engine = engine
        self._refs = frozenset(refs)
        self._as_json = as_json
        self._out = out
        self._err = err
        self._give_up = give_up
        self._failure: OSError | None = None
        self._is_offline = False
        self._unsubscribe = engine.announcer.subscribe(self._on_event)

    def close(self) -> None:
        """Stop listening."""
        self._unsubscribe()

    def raise_failure(self) -> None:
        """Do nothing, unless something could not be printed.

        Raises:
            BrokenPipeError: nobody reads any longer.
            OutputFailed: it was something else, such as a full disk.
        """
        if isinstance(self._failure, BrokenPipeError):
            raise self._failure
        if self._failure is not None:
            why = self._failure.strerror or type(self._failure).__name__
            raise OutputFailed(f"What is printed could not be written: {why}.") from self._failure

    def tell_status(self, video: Video) -> None:
        """Report what a row is doing."""
        self._emit("status", video, message=video.message)
        words = one_line(video.message, _MESSAGE_WIDTH) or one_line(video.prompt, _PROMPT_WIDTH)
        self._say(f"{video.video_id}  {video.status.value.replace('_', ' '):<10} {words}")

    def tell_error(self, message: str) -> None:
        """Report, to programs alone, why the run cannot begin."""
        self._emit("error", None, message=message)

    def tell_summary(self, videos: Sequence[Video]) -> None:
        """Report how the run ended."""
        words = summary_words(videos)
        if self._as_json:
            self._line({**_entry("summary", None), "message": words, **_counts(videos)})
        self._say(words)

    def _on_event(self, event: Event) -> None:
        match event:
            case VideosChanged(changes):
                for before, after in changes:
                    if after.ref in self._refs and _reads_differently(before, after):
                        self.tell_status(after)
            case SaveProgressed(ref=ref) if ref in self._refs:
                self._on_save(event)
            case ConnectionChanged():
                self._on_connection(event)
            case Trouble(message):
                self._emit("error", None, message=message)
                self._say(message)

    def _on_save(self, event: SaveProgressed) -> None:
        video = self._engine.library.get(event.ref)
        if video is None:
            return
        if event.phase is SavePhase.SAVED:
            self._emit("saved", video, path=video.saved_path, size_bytes=video.saved_bytes)
            if not self._as_json:
                self._print(video.saved_path)
            self._say(f"{video.video_id}  saved      {video.saved_path}")
        elif event.phase in (SavePhase.HELD, SavePhase.FAILED):
            self._emit("error", video, message=event.message)
            self._say(f"{video.video_id}  not saved  {event.message}")

    def _on_connection(self, event: ConnectionChanged) -> None:
        """Tell what holds the run up, and of an absent network that it is lost and that it is back."""
        was_offline, self._is_offline = self._is_offline, event.kind is ConnectionKind.OFFLINE
        if event.message and not (was_offline and self._is_offline):
            self._tell_connection(event)
        elif was_offline and event.kind is ConnectionKind.ONLINE:
            self._say("PixVerse answers again.")

    def _tell_connection(self, event: ConnectionChanged) -> None:
        wait = f" Next try in {event.retry_in_s:.0f} s." if event.retry_in_s else ""
        self._emit("error", None, message=event.message)
        self._say(event.message + ("" if event.kind is ConnectionKind.KEY_REFUSED else wait))

    def _emit(
        self,
        event: str,
        video: Video | None,
        *,
        message: str = "",
        path: str | None = None,
        size_bytes: int | None = None,
    ) -> None:
        if self._as_json:
            entry = {**_entry(event, video), "path": path, "bytes": size_bytes, "message": message}
            self._line(entry)

    def _line(self, entry: dict[str, Any]) -> None:
        self._print(json.dumps(entry, ensure_ascii=False))

    def _print(self, line: str) -> None:
        if self._failure is not None:
            return
        try:
            self._out.write(line + "\n")
            self._out.flush()
        except OSError as error:
            self._failure = error
            self._give_up()

    def _say(self, words: str) -> None:
        self._err.write(words + "\n")
        self._err.flush()


async def watch(
    engine: Engine,
    video_ids: Sequence[str],
    *,
    account: str,
    folder: Path | None,
    timeout_s: float | None,
    as_json: bool,
    out: TextIO,
    err: TextIO,
) -> ExitCode:
    """Track ``video_ids``, or every open row of the account if there are none, until each has ended.

    With a ``folder``, what an earlier run was to save and did not is saved too: what is named here into
    ``folder``, the others where they were to go.
    """
    outcome = await engine.library.add(video_ids, account=account)
    named = [VideoRef(account, video_id) for video_id in video_ids]
    if folder is not None:
        await engine.saver.take_up(account)
        engine.saver.save(filter(engine.saver.is_saving, named), folder)
    refs = named or _unfinished(engine, account)
    if outcome.already:
        err.write(f"{len(outcome.already)} of these were in the list already.\n")
    tracker = RunTracker(
        refs,
        account=account,
        library=engine.library,
        saver=engine.saver,
        announcer=engine.announcer,
        clock=engine.clock,
        folder=folder,
    )
    report = WatchReport(engine, refs, as_json=as_json, out=out, err=err, give_up=tracker.interrupt)
    try:
        code = await _follow(engine, tracker, report, timeout_s)
        report.tell_summary(tracker.videos)
        report.raise_failure()
        return code
    finally:
        tracker.close()
        report.close()


def _unfinished(engine: Engine, account: str) -> list[VideoRef]:
    """The rows of an account that are open, or still to be saved."""
    return [
        video.ref
        for video in engine.library
        if video.account == account and (video.status.is_open or engine.saver.is_saving(video.ref))
    ]


async def _follow(
    engine: Engine, tracker: RunTracker, report: WatchReport, timeout_s: float | None
) -> ExitCode:
    """Connect and poll until the run is over; signals and the time count from the beginning."""
    began_s, stopped = engine.clock.monotonic_s(), asyncio.Event()

    def interrupt() -> None:
        tracker.interrupt()
        stopped.set()

    with _interrupted_by_signals(interrupt):
        is_connected = await _connect(engine, report, stopped, timeout_s)
        for video in tracker.videos:
            report.tell_status(video)
        if is_connected:
            engine.start_polling()
        passed_s = engine.clock.monotonic_s() - began_s
        return await tracker.wait(None if timeout_s is None else max(0.0, timeout_s - passed_s))


async def _connect(
    engine: Engine, report: WatchReport, stopped: asyncio.Event, timeout_s: float | None
) -> bool:
    """Whether there is a connection before somebody stops the run, or its time is up.

    The keychain may wait for a person who is not there.
    """
    opening = asyncio.ensure_future(engine.session.open())
    opening.add_done_callback(lambda _: stopped.set())
    try:
        await wait_for_news(stopped, engine.clock, timeout_s)
        if opening.done():
            opening.result()
        return opening.done()
    except PixverseError as error:
        report.tell_error(str(error))
        raise
    finally:
        opening.cancel()
        await asyncio.gather(opening, return_exceptions=True)


class _interrupted_by_signals:
    """While entered, Ctrl-C and a polite kill call ``interrupt`` instead of tearing the loop down."""

    def __init__(self, interrupt: Callable[[], None]) -> None:
        self._interrupt = interrupt

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):  # Windows: Ctrl-C arrives as KeyboardInterrupt
            loop.add_signal_handler(signal.SIGINT, self._interrupt)
            loop.add_signal_handler(signal.SIGTERM, self._interrupt)

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        with suppress(NotImplementedError):
            loop.remove_signal_handler(signal.SIGINT)
            loop.remove_signal_handler(signal.SIGTERM)


def _entry(event: str, video: Video | None) -> dict[str, Any]:
    """What every line has; null where it does not apply."""
    return {
        "event": event,
        "video_id": video.video_id if video else None,
        "status": video.status.value if video else None,
        "status_code": video.status_code if video else None,
        "path": None,
        "bytes": None,
        "message": "",
    }


def _reads_differently(before: Video, after: Video) -> bool:
    return (before.status, before.status_code, before.message) != (
        after.status,
        after.status_code,
        after.message,
    )


def _counts(videos: Sequence[Video]) -> dict[str, int]:
    counts = {"total": len(videos), "saved": sum(video.is_saved for video in videos)}
    for video in videos:
        counts[video.status.value] = counts.get(video.status.value, 0) + 1
    return counts
