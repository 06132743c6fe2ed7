"""From the start of the program to a window that answers: with 100,000 rows against an empty list."""

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.figures import ROWS, Figures, finish, many_videos
from pixverse_desktop.adapters.backups import BackupFolder
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.core.retention import BackupReason
from pixverse_desktop.simulator import DEMO_KEY, Simulation, SimulatorServer

_RUNS = 3


def main() -> None:
    """Measure."""
    figures = Figures(f"start, {ROWS:,} rows against none")
    with tempfile.TemporaryDirectory() as folder:
        empty, full = Path(folder, "empty"), Path(folder, "full")
        full.mkdir()
        asyncio.run(_fill(full))
        with SimulatorServer(Simulation(time.time, keys=[DEMO_KEY]), {"clip.mp4": b""}) as server:
            empty_s = min(_start_s(empty, server.url) for _ in range(_RUNS))
            full_s = min(_start_s(full, server.url) for _ in range(_RUNS))
    print(f"  (empty {empty_s:.2f} s, full {full_s:.2f} s)")
    figures.add("later interactive than with an empty list", full_s - empty_s, 2, "s")
    finish(figures)


async def _fill(data: Path) -> None:
    store = SqliteVideoStore(data / "library.sqlite3")
    await store.open()
    # Nothing is open: what is measured is the list, not the asking.
    await store.put(video for video in many_videos() if not video.status.is_open)
    await store.aclose()
    # Today's backup is there, as on every start but the first of a day.
    BackupFolder(data / "library.sqlite3", data / "backups").make(BackupReason.DAILY, now_s=time.time())


def _start_s(data: Path, url: str) -> float:
    """Seconds until the window is shown and has handled an event: it quits at once when all is done."""
    command = [sys.executable, "-m", "pixverse_desktop", "--data-dir", str(data), "--service-url", url]
    began = time.perf_counter()
    environment = {**os.environ, "PIXVERSE_API_KEY": DEMO_KEY}
    subprocess.run(
        [*command, "--exit-when-done"], env=environment, check=False, stderr=subprocess.DEVNULL, timeout=120
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
