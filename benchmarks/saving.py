"""Saving from a real web server: one big file and 200 small ones, against aria2c and curl in the same run."""

import asyncio
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from benchmarks.figures import Figures, LoopLatency, finish
from benchmarks.nginx import need, nginx
from pixverse_desktop.adapters.clock import SystemClock
from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.adapters.http_files import HttpClipSource
from pixverse_desktop.adapters.sqlite_store import FILE_NAME, SqliteVideoStore
from pixverse_desktop.app.event_loop import EventLoop
from pixverse_desktop.core.video import VideoRef, VideoStatus
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.library import Library
from pixverse_desktop.services.saving import MAX_AT_ONCE

_BIG_BYTES = 200 * 1024**2
_SMALL_BYTES = 1024**2
_SMALL_FILES = 200
_ROUNDS = 3
_HOME_LINE_BYTES_S = 12_000_000
_SMALL_FILES_AT_HOME = 60
Deed = Callable[[Sequence[str], Path], float]
"""Fetches these addresses into an empty folder; how many seconds that took."""


def main() -> None:
    """Measure."""
    need("aria2c", "curl")
    with (
        tempfile.TemporaryDirectory() as folder,
        nginx(Path(folder, "nginx"), _write_clips) as url,
        _line(url) as slow_url,
    ):
        app = QApplication([])
        app.setQuitOnLastWindowClosed(False)
        loop = EventLoop(app)
        asyncio.set_event_loop(loop)
        with loop:
            finish(_measure(_Peers(Path(folder), loop), url, slow_url))


def _measure(peers: "_Peers", url: str, slow_url: str) -> Figures:
    figures = Figures(f"saving, {_BIG_BYTES // 1024**2} MB at once and {_SMALL_FILES} × 1 MB")
    peers.warm_up([f"{url}/0.mp4"])
    big, small = [f"{url}/big.mp4"], [f"{url}/{number}.mp4" for number in range(_SMALL_FILES)]
    slow_small = [f"{slow_url}/{number}.mp4" for number in range(_SMALL_FILES_AT_HOME)]
    peers.compare(figures, "home line, one big file", [f"{slow_url}/big.mp4"], 1, 0.97, rounds=1)
    peers.compare(figures, "home line, many small ones", slow_small, 4, 0.97, rounds=1)
    peers.compare(figures, "loopback, one big file", big, 1, 0.6)
    peers.compare(figures, "loopback, many small ones", small, 4, 0.9)
    figures.add("latency of the window's loop, p99", peers.latency_ms, 16, "ms")
    figures.add("memory a download of the big file grows by", peers.growth_mb, 8, "MB")
    return figures


class _Peers:
    """Ours and theirs, each into a folder of its own, in turns."""

    def __init__(self, home: Path, loop: EventLoop) -> None:
        self._home = home
        self._loop = loop
        self.latency_ms = 0.0
        self.growth_mb = 0.0

    def compare(
        self,
        figures: Figures,
        name: str,
        urls: Sequence[str],
        at_once: int,
        mark: float,
        *,
        rounds: int = _ROUNDS,
    ) -> None:
        """Print how fast each was, and how we are to aria2c."""
        deeds: dict[str, Deed] = {
            "aria2c": lambda urls, to: _run(_aria2c(urls, to, at_once)),
            "curl": lambda urls, to: _run(_curl(urls, to, at_once)),
            "ours": self._ours,
        }
        times = {who: [self._time(deed, urls) for _ in range(rounds)] for who, deed in deeds.items()}
        best = {who: min(each) for who, each in times.items()}
        size_mb = (_BIG_BYTES if len(urls) == 1 else _SMALL_BYTES * len(urls)) / 1e6
        print(
            "  (" + name + ": " + ", ".join(f"{who} {size_mb / s:,.0f} MB/s" for who, s in best.items()) + ")"
        )
        figures.add(f"{name}, of aria2c's speed", best["aria2c"] / best["ours"], mark, "×", at_least=True)

    def warm_up(self, urls: Sequence[str]) -> None:
        """Load what a first download loads, so that memory is that of downloads alone."""
        self._time(self._ours, urls)
        self.latency_ms = self.growth_mb = 0.0

    def _time(self, deed: Deed, urls: Sequence[str]) -> float:
        to = self._home / "to"
        to.mkdir()
        try:
            spent_s = deed(urls, to)
            clips = [path for path in to.iterdir() if path.suffix == ".mp4"]
            assert len(clips) == len(urls), f"{len(clips)} of {len(urls)} came"
        finally:
            shutil.rmtree(to)
        os.sync()  # nobody pays for what the one before has left to write
        return spent_s

    def _ours(self, urls: Sequence[str], to: Path) -> float:
        before_mb = _memory_mb()
        spent_s: float
        spent_s, latency_ms = self._loop.run_until_complete(_save_all(urls, to))
        self.latency_ms = max(self.latency_ms, latency_ms)
        if len(urls) == 1:
            self.growth_mb = max(self.growth_mb, _memory_mb() - before_mb)
        return spent_s


async def _save_all(urls: Sequence[str], to: Path) -> tuple[float, float]:
    """Save through the program's own parts, as many at once as it does; seconds, and the loop's latency."""
    places = asyncio.Semaphore(MAX_AT_ONCE)
    async with _clips(urls, to) as (clips, refs):

        async def save(ref: VideoRef) -> None:
            async with places:
                await clips.bring(ref, to, f"{ref.video_id}.mp4", lambda *_: None)

        latency, began_s = LoopLatency(), time.perf_counter()
        await asyncio.gather(*map(save, refs))
        return time.perf_counter() - began_s, latency.close()


@asynccontextmanager
async def _clips(urls: Sequence[str], to: Path) -> AsyncIterator[tuple[Clips, list[VideoRef]]]:
    store = SqliteVideoStore(to / FILE_NAME)
    await store.open()
    library = Library(store, SystemClock(), Announcer(lambda error: print("defect:", error)))
    refs = [VideoRef("default", str(10**17 + number)) for number in range(len(urls))]
    await library.add([ref.video_id for ref in refs], account="default")
    for ref, url in zip(refs, urls, strict=True):
        await library.update(ref, partial(replace, status=VideoStatus.READY, url=url))
    source = HttpClipSource(base_url=urls[0])

    async def refresh(_: VideoRef) -> None:
        """Ask nobody."""

    try:
        yield (
            Clips(
                library=library,
                sources=lambda _: source,
                folders=DiskFolders(),
                clock=SystemClock(),
                cache=to / "cache",
                refresh=refresh,
            ),
            refs,
        )
    finally:
        await source.aclose()
        await store.aclose()


def _aria2c(urls: Sequence[str], to: Path, at_once: int) -> list[str]:
    listed = to / "urls"
    listed.write_text("\n".join(urls))
    quiet = ["--quiet", "--console-log-level=error", "--file-allocation=none"]
    return ["aria2c", "-x1", "-s1", f"-j{at_once}", "-d", str(to), "-i", str(listed), *quiet]


def _curl(urls: Sequence[str], to: Path, at_once: int) -> list[str]:
    listed = to / "urls"
    listed.write_text("\n".join(f"url={url}\noutput={to}/{url.rsplit('/', 1)[1]}" for url in urls))
    return [
        "curl",
        "-s",
        "--no-progress-meter",
        "--parallel",
        "--parallel-max",
        str(at_once),
        "-K",
        str(listed),
    ]


def _run(command: list[str]) -> float:
    began_s = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - began_s


def _memory_mb() -> float:
    """The most this process has had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@contextmanager
def _line(url: str) -> Iterator[str]:
    """The same server behind a fast home line."""
    port = url.rsplit(":", 1)[1]
    command = [sys.executable, "-m", "benchmarks.line", port, str(_HOME_LINE_BYTES_S)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as line:
        assert line.stdout is not None
        try:
            yield f"http://127.0.0.1:{line.stdout.readline().strip()}"
        finally:
            line.kill()


def _write_clips(folder: Path) -> None:
    folder.mkdir(parents=True)
    names = {"big": _BIG_BYTES, **{str(number): _SMALL_BYTES for number in range(_SMALL_FILES)}}
    for name, size_bytes in names.items():
        with (folder / f"{name}.mp4").open("wb") as file:
            file.write(_box(b"ftyp", b"isom\0\0\2\0isomiso2"))
            file.write((size_bytes + 8).to_bytes(4, "big") + b"mdat")
            for _ in range(size_bytes // 1024**2):
                file.write(os.urandom(1024**2))
            file.write(_box(b"moov", bytes(100)))


def _box(kind: bytes, body: bytes) -> bytes:
    return (len(body) + 8).to_bytes(4, "big") + kind + body


if __name__ == "__main__":
    main()
