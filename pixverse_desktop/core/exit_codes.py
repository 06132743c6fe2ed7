"""How a run ended, as scripts see it."""

from enum import IntEnum

from pixverse_desktop.core.errors import (
    FolderUnusable,
    InputUnreadable,
    KeychainUnavailable,
    KeyMissing,
    KeyRefused,
    ListInUse,
    OutputFailed,
    PixverseError,
    StoreFailed,
)


class ExitCode(IntEnum):
    """Of several that apply, the first of 3, 130, 5, 4, 1 counts."""

    ALL_READY = 0
    SOME_ENDED_OTHERWISE = 1
    UNUSABLE_INPUT = 2
    KEY_REFUSED = 3
    TIMED_OUT = 4
    COULD_NOT_WRITE = 5
    INTERRUPTED = 130


def exit_code_for(error: PixverseError) -> ExitCode:
    """The code of a run that ended with ``error``."""
    match error:
        case KeyRefused() | KeyMissing() | KeychainUnavailable():
            return ExitCode.KEY_REFUSED
        case FolderUnusable() | OutputFailed() | StoreFailed():
            return ExitCode.COULD_NOT_WRITE
        case InputUnreadable() | ListInUse():
            return ExitCode.UNUSABLE_INPUT
        case _:
            return ExitCode.SOME_ENDED_OTHERWISE
