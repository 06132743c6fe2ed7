"""A real X screen with nothing on it, and a person's hands and eyes."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from PySide6.QtGui import QColor, QImage

_SIZE = "1400x900x24"
_DEADLINE_S = 60.0
_LOOK_EVERY_S = 0.1

T = TypeVar("T")


class Desktop:
    """An Xvfb screen of its own; a context manager."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._display = ""
        self._processes: list[subprocess.Popen[str]] = []
        self._grabs = 0

    def __enter__(self) -> "Desktop":
        reading, writing = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writing), "-screen", "0", _SIZE, "-nolisten", "tcp"],
            pass_fds=[writing],
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._processes.append(server)
        os.close(writing)
        with os.fdopen(reading) as answer:
            self._display = ":" + answer.readline().strip()
        self._robot = self.start(
            [sys.executable, "-m", "tests.e2e.robot"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in reversed(self._processes):
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream is not None:
                    stream.close()

    def environment(self) -> dict[str, str]:
        """What a program needs to find this screen."""
        return {
            **os.environ,
            "DISPLAY": self._display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_RUNTIME_DIR": str(self._folder),
            "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        }

    def start(
        self,
        command: list[str],
        *,
        extra: Mapping[str, str] | None = None,
        stdin: int | None = None,
        stdout: int | None = None,
    ) -> subprocess.Popen[str]:
        """Start a program on this screen; it is ended with the screen at the latest."""
        with (self._folder / f"stderr-{len(self._processes)}.txt").open("w") as words:
            process = subprocess.Popen(
                command,
                env={**self.environment(), **(extra or {})},
                stdin=stdin,
                stdout=stdout,
                stderr=words,
                text=True,
            )
        self._processes.append(process)
        return process

    def hands(self, *orders: str) -> None:
        """Move the mouse and press keys, as ``xdotool`` understands it."""
        subprocess.run(["xdotool", *orders], env=self.environment(), check=True, timeout=30)

    def wait_window(self, title: str) -> str:
        """The number of the window with that title, once it is on the screen."""

        def find() -> str:
            command = ["xdotool", "search", "--onlyvisible", "--name", title]
            assert self._processes[-1].poll() is None, self.last_words()
            found = subprocess.run(
                command, env=self.environment(), capture_output=True, text=True, check=False, timeout=30
            )
            return found.stdout.split()[-1] if found.stdout.split() else ""

        return wait_for(find, f"a window called {title}")

    def last_words(self) -> str:
        """What the program that was started last wrote to its error stream."""
        return (self._folder / f"stderr-{len(self._processes) - 1}.txt").read_text()

    def drag_file(self, path: Path, *, onto: tuple[int, int]) -> None:
        """Drag a file from another program and drop it."""
        self._order(f"offer {path}")
        self.hands("mousemove", "30", "870", "mousedown", "1")
        for step in range(1, 6):  # a drag is told from a click by its way
            self.hands("mousemove", str(30 + step * 8), str(870 - step * 8))
        self.hands("mousemove", str(onto[0] - 20), str(onto[1]), "sleep", "0.2")
        self.hands("mousemove", str(onto[0]), str(onto[1]), "sleep", "0.2", "mouseup", "1")

    def look(self) -> QImage:
        """What is on the screen now."""
        self._grabs += 1
        path = self._folder / f"screen-{self._grabs % 2}.png"
        self._order(f"grab {path}")
        return QImage(str(path))

    def wait_colour(self, colour: str, *, at_least: int, what: str) -> QImage:
        """Wait until so many points of the screen have a colour; the screen as it was then."""
        return wait_for(lambda: _if_seen(self.look(), colour, at_least), what)

    def _order(self, line: str) -> None:
        assert self._robot.stdin is not None
        assert self._robot.stdout is not None
        self._robot.stdin.write(line + "\n")
        self._robot.stdin.flush()
        assert self._robot.stdout.readline().strip() == line


def wait_for(probe: Callable[[], T | None], what: str, deadline_s: float = _DEADLINE_S) -> T:
    """The first true answer of ``probe``; fails, saying what was waited for, when the time is over."""
    until_s = time.monotonic() + deadline_s
    while not (answer := probe()):
        assert time.monotonic() < until_s, f"waited in vain for {what}"
        time.sleep(_LOOK_EVERY_S)
    return answer


def count_colour(image: QImage, colour: str, tolerance: int = 6) -> int:
    """How many points of every fourth row and column have a colour, within what decoding may shift it."""
    wanted = QColor(colour)
    near = 0
    for y in range(0, image.height(), 4):
        for x in range(0, image.width(), 4):
            point = image.pixelColor(x, y)
            gaps = (point.red() - wanted.red(), point.green() - wanted.green(), point.blue() - wanted.blue())
            near += all(abs(gap) <= tolerance for gap in gaps)
    return near


def _if_seen(image: QImage, colour: str, at_least: int) -> QImage | None:
    return image if count_colour(image, colour) >= at_least else None
