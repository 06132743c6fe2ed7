"""Bulk changes of the list: everything selected and tagged, on disk and told."""

import asyncio
import tempfile
import time
from pathlib import Path

from benchmarks.figures import ROWS, Figures, finish, many_videos
from pixverse_desktop.adapters.clock import SystemClock
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.core.marks import with_tag
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.census import Census
from pixverse_desktop.services.library import Library


def main() -> None:
    """Measure."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> None:
    figures = Figures(f"bulk changes, {ROWS:,} rows")
    store = SqliteVideoStore(folder / "library.sqlite3")
    await store.open()
    await store.put(many_videos())
    announcer = Announcer(lambda error: print("defect:", error))
    library = Library(store, SystemClock(), announcer)
    began = time.perf_counter()
    await library.open()
    print(f"  (reading the list: {time.perf_counter() - began:.2f} s)")
    census = Census(library)
    announcer.subscribe(census.on_event)
    refs = [video.ref for video in library]

    began = time.perf_counter()
    await library.mark(refs, with_tag("hero"))
    figures.add("tag all, on disk and counted", (time.perf_counter() - began) * 1000, 500, "ms")
    assert census.tags["hero"] == ROWS
    await store.aclose()
    finish(figures)


if __name__ == "__main__":
    main()
