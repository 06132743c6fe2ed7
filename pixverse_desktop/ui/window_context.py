"""What the window needs to know beside the engine."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pixverse_desktop.core.desktop_ports import Notifier, ProgramLog
from pixverse_desktop.core.ports import PosterCache


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowContext:
    """What the window needs to know beside the engine.

    Attributes:
        is_demo: whether the service is the built-in one.
        window_file: where the window's shape is remembered.
        suggested_folder: what is offered when a folder for clips is chosen the first time.
        write_file: writes a whole text file; raises ``PixverseError``.
        write_picture: writes a new file of a name, or of a like one, into a folder; raises ``PixverseError``.
        lend_picture: writes a picture of a name to where it stays for a while, for another program; raises
            ``PixverseError``.
        open_demo: starts a second program with the demo.
        posters: small pictures of clips, for the gallery.
        log: the program's log.
        notifier: the desktop's notifications.
        versions: what the program runs on, for a report.
    """

    is_demo: bool
    window_file: Path
    suggested_folder: Path
    open_demo: Callable[[], None]
    write_file: Callable[[Path, str], None]
    write_picture: Callable[[Path, str, bytes], Path]
    lend_picture: Callable[[str, bytes], Path]
    posters: PosterCache
    log: ProgramLog
    notifier: Notifier
    versions: Callable[[], Mapping[str, str]]
