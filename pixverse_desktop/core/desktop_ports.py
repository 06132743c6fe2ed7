"""What the program needs of the desktop around it, as ports."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from pixverse_desktop.core.notices import Notice


class ProgramLog(Protocol):
    """The program's log file, for whoever wants to look into it. Reading blocks; do it off the loop."""

    @property
    def path(self) -> Path:
        """The file that is written to."""
        ...

    def tail(self, most: int) -> Sequence[str]:
        """The last ``most`` lines that were written; none where there is no log yet."""
        ...

    def mark(self) -> object:
        """A value that is another one as soon as the log has more; cheap."""
        ...

    def redact(self, text: str) -> str:
        """``text`` without any key this run knows, and without the addresses of clips."""
        ...


class Notifier(Protocol):
    """The desktop's notifications, and the bar on the program's icon in its task bar or dock.

    Where it has none, nothing happens and nobody is told but the log.
    """

    def listen(self, chosen: Callable[[str], None]) -> None:
        """Call ``chosen`` when a person clicks, with the desktop's token for coming to the front, or ""."""
        ...

    async def show(self, notice: Notice) -> None:
        """Show ``notice`` in place of the one shown before."""
        ...

    async def withdraw(self) -> None:
        """Take back what is shown, if anything is."""
        ...

    async def show_progress(self, share: float | None) -> None:
        """Show on the icon how much of the work is done, 0 to 1, or with None that there is none."""
        ...

    async def aclose(self) -> None:
        """Leave nothing shown, and let go of the desktop."""
        ...
