"""A qasync loop under every test, a pretend PixVerse on a port, and a guard against what stays behind."""

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import keyring
import pytest
import qasync
from PySide6.QtCore import QEvent, QThread, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from pixverse_desktop.adapters.places import Places, places
from pixverse_desktop.adapters.settings_file import SettingsFile
from pixverse_desktop.app.event_loop import EventLoop
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.resources import resource_path
from pixverse_desktop.services.tasks import share_the_interpreter
from pixverse_desktop.simulator import Simulation, SimulatorServer
from pixverse_desktop.ui.theme import apply_theme, choose_appearance
from tests.ui.desk import Desk
from tests.ui.keyrings import MemoryKeyring

KEY = "a-key-of-the-tests"


# Said by Qt about this machine or the offscreen platform, not about the program.
_QT_SAYS = (
    "This plugin does not support propagateSizeHints",  # offscreen windows have no manager to tell
    "This plugin does not support raise",  # nor a stack of windows to be raised in
    "This plugin does not support grabbing the keyboard",  # as an open menu does
    "PulseAudioService: pa_context_connect",  # no sound server
    "No audio device detected",  # no sound card
    "pipewire",  # QtMultimedia tries it before PulseAudio
    "Immediate exit requested",  # by a clip that is let go of while it is being opened
    "No RHI backend",  # no GPU: frames are converted by the processor
    "No HW decoder found",  # no GPU: clips are decoded by the processor
    "Demuxing failed",  # a clip on its way was cut off, because nobody watches it any more
    "AV_NOPTS_VALUE",  # likewise
    "Could not open media",  # the file is no clip
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what Qt says about the machine pass."""
    ignored = pytest.mark.qt_log_ignore(*_QT_SAYS)
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(ignored)


def pytest_asyncio_loop_factories(
    config: pytest.Config, item: pytest.Item
) -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run coroutines where the program runs them: in Qt's own loop."""
    return {"qasync": EventLoop}


@pytest.fixture(scope="session", autouse=True)
def _application(qapp: QApplication) -> None:
    qapp.setQuitOnLastWindowClosed(False)
    apply_theme(qapp)
    share_the_interpreter()


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Fail a test that leaves a running timer, a running thread or a window behind.

    Python collects its garbage on whatever thread makes some, and a QObject with timers that dies on
    another thread than its own, such as a loop of qasync, takes the process with it. So garbage is
    collected here, between the tests.
    """
    gc.collect()
    gc.disable()
    windows = set(qapp.topLevelWidgets())
    yield
    gc.enable()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert [type(left).__name__ for left in qapp.topLevelWidgets() if left not in windows] == []
    assert _alive(QTimer, lambda timer: timer.isActive()) == []
    # The threads of qasync's pool end with the loop, which is after us.
    assert _alive(QThread, lambda thread: thread.isRunning() and not _is_of(thread, qasync)) == []


def _alive(kind: type, is_busy: Callable[..., bool]) -> list[object]:
    found = [one for one in gc.get_objects() if issubclass(type(one), kind)]
    return [one for one in found if isValid(one) and is_busy(one)]


def _is_of(thing: object, module: object) -> bool:
    return type(thing).__module__ == getattr(module, "__name__", None)


@pytest.fixture(autouse=True)
def keychain() -> Iterator[MemoryKeyring]:
    """A keychain of this test alone; nobody's real one is ever touched."""
    former, ours = keyring.get_keyring(), MemoryKeyring()
    keyring.set_keyring(ours)
    yield ours
    keyring.set_keyring(former)


@pytest.fixture(autouse=True)
def empty_clipboard(qapp: QApplication) -> Iterator[None]:
    """Begin with nothing copied, and leave nothing of Python's for Qt to free after Python's end."""
    qapp.clipboard().clear()
    yield
    qapp.clipboard().clear()


@pytest.fixture
def where(tmp_path: Path) -> Places:
    found = places(tmp_path / "data")
    found.prepare()
    SettingsFile(found.settings_file).save(Settings(interval_s=3.0))
    return found


@pytest.fixture
def simulation() -> Simulation:
    return Simulation(time.time, keys=[KEY])


@pytest.fixture
def server(simulation: Simulation) -> Iterator[SimulatorServer]:
    with SimulatorServer(simulation, sample_clips()) as serving:
        yield serving


def sample_clips() -> dict[str, bytes]:
    """The sample clips; a long one, padded as the format allows; and one with nothing in it to play."""
    clips = {path.name: path.read_bytes() for path in resource_path("clips").glob("*.mp4")}
    red = clips["01-red.mp4"]
    beginning = red[: int.from_bytes(red[:4], "big")]
    clips["long.mp4"] = red + _box(b"free", 2_000_000)
    clips["hollow.mp4"] = beginning + _box(b"mdat", 2_000) + _box(b"moov", 2_000)
    return clips


def _box(kind: bytes, size_bytes: int) -> bytes:
    return size_bytes.to_bytes(4, "big") + kind + bytes(size_bytes - 8)


class OpenDesk(Protocol):
    def __call__(
        self, *, key: str | None = KEY, ids: Iterable[str] = (), is_polling: bool = True
    ) -> AbstractAsyncContextManager[Desk]: ...


@pytest.fixture
def open_desk(
    where: Places, server: SimulatorServer, defects: list[BaseException], qapp: QApplication
) -> Iterator[OpenDesk]:
    """Open a window for as long as the context lasts.

    No fixture opens it: between fixtures and test pytest-qt lets Qt's events run without asyncio's loop,
    and what lives in the window would fail for want of it.
    """

    @asynccontextmanager
    async def open_one(
        *, key: str | None = KEY, ids: Iterable[str] = (), is_polling: bool = True
    ) -> AsyncIterator[Desk]:
        desk = Desk(where, server.url, defects)
        try:
            yield await desk.open(key=key, ids=ids, is_polling=is_polling)
        finally:
            await desk.close()

    yield open_one
    choose_appearance(qapp, "system")
