"""The id reader: a 50 MB file, and how fast its lines are read."""

import time

from benchmarks.figures import Figures, finish
from pixverse_desktop.core.identifiers import scan_ids

_LINES = 2_900_000


def main() -> None:
    """Measure."""
    figures = Figures("id reader, 50 MB with an id a line")
    text = "\n".join(str(391504857968062 + number) for number in range(_LINES))
    began = time.perf_counter()
    scan = scan_ids(text)
    seconds = time.perf_counter() - began
    assert len(scan.ids) == _LINES
    figures.add(f"{len(text) / 1e6:.0f} MB read", seconds, 15, "s")
    finish(figures)


if __name__ == "__main__":
    main()
