"""The composition root: the one place that names concrete classes, and that owns start and stop."""

import asyncio
import os
import sys
import traceback

from pixverse_desktop.adapters.logs import LogFile
from pixverse_desktop.adapters.places import places
from pixverse_desktop.app.commands import COMMANDS, print_list
from pixverse_desktop.app.start_failure import nobody_reads_stderr, tell_in_a_window
from pixverse_desktop.cli.arguments import WINDOW, Options
from pixverse_desktop.core.errors import OutputFailed, PixverseError
from pixverse_desktop.core.exit_codes import ExitCode, exit_code_for

_QUIET_QT = "qt.multimedia.*.info=false;qt.multimedia.symbolsresolver.warning=false"


def run(options: Options) -> int:
    """Do what ``options`` ask for; the exit code. A failure of the world ends as one sentence on stderr."""
    try:
        return _run(options)
    except PixverseError as error:
        if sys.stderr is not None:
            sys.stderr.write(f"pixverse-desktop: {error}\n")
        if options.verb == WINDOW and not options.exit_when_done and nobody_reads_stderr():
            tell_in_a_window(str(error))
        if isinstance(error, OutputFailed):
            _print_nothing_more()
        return exit_code_for(error)
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        _print_nothing_more()
        return ExitCode.COULD_NOT_WRITE


def _print_nothing_more() -> None:
    """Throw away what could not be written; without this the interpreter complains at its own end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _keep_from_proxies(host: str) -> None:
    """The player reads clips on their way from this machine, and would ask a proxy for them."""
    others = os.environ.get("no_proxy") or os.environ.get("NO_PROXY", "")
    os.environ["no_proxy"] = f"{others},{host}" if others else host


def _run(options: Options) -> int:
    if options.verb == WINDOW:
        # A sound system that is not there is no news: Qt tries the next one by itself.
        os.environ.setdefault("QT_LOGGING_RULES", _QUIET_QT)
        _keep_from_proxies("127.0.0.1")
        from pixverse_desktop.app.window import run_window

        return run_window(options)
    where = places(options.data_dir)
    if options.verb in ("list", "export"):
        return asyncio.run(print_list(options, where))
    where.prepare()
    log = LogFile(where.logs)
    try:
        return asyncio.run(COMMANDS[options.verb](options, where, log))
    except PixverseError:
        raise
    except Exception:
        log.write_traceback(traceback.format_exc())
        raise
    finally:
        log.close()
