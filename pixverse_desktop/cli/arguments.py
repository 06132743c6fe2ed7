"""The command line, read once into one value."""

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from pixverse_desktop import __version__
from pixverse_desktop.core.addresses import CHINA_URL, check_base_url
from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.exit_codes import ExitCode
from pixverse_desktop.core.pace import DEFAULT_INTERVAL_S, MIN_INTERVAL_S
from pixverse_desktop.core.video import DEFAULT_ACCOUNT, VideoStatus

WINDOW = "window"
VERBS = ("watch", "add", "list", "export", "remove", "key")
FORMATS = ("table", "json", "csv", "ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks for. ``inputs`` are ids, files, links or "-", as given."""

    verb: str = WINDOW
    inputs: tuple[str, ...] = ()
    is_demo: bool = False
    service_url: str | None = None
    data_dir: Path | None = None
    save_to: Path | None = None
    screenshot: Path | None = None
    exit_when_done: bool = False
    as_json: bool = False
    interval_s: float | None = None
    timeout_s: float | None = None
    no_save: bool = False
    account: str = DEFAULT_ACCOUNT
    format: str = "table"
    statuses: tuple[VideoStatus, ...] = ()
    key_action: str = ""


def parse_arguments(arguments: Sequence[str]) -> Options:
    """The options in ``arguments`` (without the program's name).

    Exits with 2 and a sentence on stderr when they make no sense, with 0 after ``--help``.
    """
    if arguments and arguments[0] in VERBS:
        return _VERB_PARSERS[arguments[0]](arguments[1:])
    return _parse_window(arguments)


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence and the way to help, instead of the whole usage."""
        self.exit(ExitCode.UNUSABLE_INPUT, f"{self.prog}: {message}. See “{self.prog} --help”.\n")


def _parser(verb: str, description: str) -> _Parser:
    program = "pixverse-desktop" if verb == WINDOW else f"pixverse-desktop {verb}"
    parser = _Parser(prog=program, description=description, allow_abbrev=False)
    parser.add_argument(
        "--service-url",
        type=_base_url,
        metavar="URL",
        help=f"another base address of the service (in China: {CHINA_URL})",
    )
    parser.add_argument("--data-dir", type=Path, metavar="DIR", help="where list, settings and logs live")
    return parser


def _with_account(parser: _Parser) -> None:
    parser.add_argument(
        "--account", type=_account, default=DEFAULT_ACCOUNT, metavar="NAME", help="whose key to use"
    )


def _with_inputs(parser: _Parser, forms: str) -> None:
    parser.add_argument(
        "inputs", nargs="*", metavar=forms, help="video ids, or files and texts that hold some"
    )


def _parse_window(arguments: Sequence[str]) -> Options:
    parser = _parser(WINDOW, "Track PixVerse videos in a window. Verbs: " + ", ".join(VERBS) + ".")
    _with_inputs(parser, "ID|FILE|URL")
    parser.add_argument("--version", action="version", version=f"PixVerse Desktop {__version__}")
    parser.add_argument(
        "--demo", action="store_true", dest="is_demo", help="try it with a built-in service; needs no key"
    )
    parser.add_argument(
        "--save-to", type=Path, metavar="DIR", help="save every clip that finishes there, in this run"
    )
    parser.add_argument(
        "--screenshot", type=Path, metavar="FILE", help="write the window as PNG when all is done"
    )
    parser.add_argument("--exit-when-done", action="store_true", help="quit when no video is open any more")
    options = _parsed(parser, arguments, WINDOW)
    if options.screenshot is not None and not options.exit_when_done:
        parser.error("--screenshot goes with --exit-when-done")
    if options.is_demo and options.service_url is not None:
        parser.error("--demo brings its own service; leave out --service-url")
    return options


def _parse_watch(arguments: Sequence[str]) -> Options:
    parser = _parser("watch", "Track videos without a window until each has ended; save them; exit.")
    _with_inputs(parser, "ID|FILE|-")
    _with_account(parser)
    parser.add_argument("--save-to", type=Path, metavar="DIR", help="where to save each clip")
    parser.add_argument("--no-save", action="store_true", help="do not save clips, whatever else is said")
    parser.add_argument(
        "--json", action="store_true", dest="as_json", help="one JSON object a line on stdout"
    )
    parser.add_argument("--interval", type=_interval, dest="interval_s", metavar="S",
                        help=f"seconds between two questions about one video, {MIN_INTERVAL_S:g} or more "
                             f"(usually learned; {DEFAULT_INTERVAL_S:g} at first)")  # fmt: skip
    parser.add_argument(
        "--timeout", type=_timeout, dest="timeout_s", metavar="S", help="give up after so many seconds"
    )
    return _parsed(parser, arguments, "watch")


def _parse_add(arguments: Sequence[str]) -> Options:
    parser = _parser("add", "Add ids to the list.")
    _with_inputs(parser, "ID|FILE|-")
    _with_account(parser)
    return _parsed(parser, arguments, "add")


def _parse_remove(arguments: Sequence[str]) -> Options:
    parser = _parser("remove", "Take ids off the list. Saved clips stay where they are.")
    _with_inputs(parser, "ID|FILE|-")
    _with_account(parser)
    return _parsed(parser, arguments, "remove")


def _parse_list(arguments: Sequence[str]) -> Options:
    return _parse_listing("list", "Show the list.", "table", arguments)


def _parse_export(arguments: Sequence[str]) -> Options:
    return _parse_listing("export", "Print the list for other programs.", "json", arguments)


def _parse_listing(verb: str, description: str, form: str, arguments: Sequence[str]) -> Options:
    parser = _parser(verb, description)
    parser.add_argument("--format", choices=FORMATS, default=form, help=f"usually {form}")
    parser.add_argument("--status", type=_statuses, action="extend", dest="statuses", metavar="STATUS",
                        help="only these, by comma: " + ", ".join(VideoStatus))  # fmt: skip
    return _parsed(parser, arguments, verb)


def _parse_key(arguments: Sequence[str]) -> Options:
    parser = _parser("key", "The API key: in the system's keychain, read from a prompt or stdin.")
    parser.add_argument("key_action", choices=("set", "test", "remove", "list"))
    _with_account(parser)
    return _parsed(parser, arguments, "key")


_VERB_PARSERS = {
    "watch": _parse_watch,
    "add": _parse_add,
    "remove": _parse_remove,
    "list": _parse_list,
    "export": _parse_export,
    "key": _parse_key,
}


def _parsed(parser: _Parser, arguments: Sequence[str], verb: str) -> Options:
    values = vars(parser.parse_intermixed_args(arguments))
    for name in ("inputs", "statuses"):
        if name in values:
            values[name] = tuple(values[name] or ())
    return Options(verb=verb, **values)


def _base_url(text: str) -> str:
    try:
        return check_base_url(text)
    except InputUnreadable as error:
        raise argparse.ArgumentTypeError(str(error).rstrip(".")) from error


def _interval(text: str) -> float:
    seconds = _seconds(text)
    if seconds < MIN_INTERVAL_S:
        raise argparse.ArgumentTypeError(
            f"PixVerse is not asked more often than every {MIN_INTERVAL_S:g} seconds"
        )
    return seconds


def _timeout(text: str) -> float:
    seconds = _seconds(text)
    if seconds <= 0:
        raise argparse.ArgumentTypeError("the time must be more than 0 seconds")
    return seconds


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds):
        raise argparse.ArgumentTypeError(f"“{text}” is not a number of seconds")
    return seconds


def _account(text: str) -> str:
    if not text.strip() or not text.isprintable():
        raise argparse.ArgumentTypeError("an account needs a name of visible characters")
    return text.strip()


def _statuses(text: str) -> list[VideoStatus]:
    try:
        return [VideoStatus(word.strip()) for word in text.split(",") if word.strip()]
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"“{text}” names no status; there are {', '.join(VideoStatus)}"
        ) from error
