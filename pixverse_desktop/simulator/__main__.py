"""``python -m pixverse_desktop.simulator``: the demo's service in the foreground, to try scripts against."""

import argparse
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from threading import Event

from pixverse_desktop.simulator.demo import DEMO_KEY, demo_simulation
from pixverse_desktop.simulator.server import SimulatorServer

_SAMPLE_CLIPS = Path(__file__).parents[1] / "resources" / "clips"


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; return 0, or leave with 2 where the arguments make no sense."""
    parser = _parser()
    options = parser.parse_args(arguments)
    names = sorted(path.name for path in options.clips.glob("*.mp4"))
    if not names:
        parser.error(f"no .mp4 file in {options.clips}")
    simulation = demo_simulation(time.time, names)
    simulation.keys = frozenset(options.keys or [DEMO_KEY])
    try:
        with SimulatorServer(simulation, options.clips, options.port) as server, suppress(KeyboardInterrupt):
            _introduce(server.url, sorted(simulation.keys), simulation.video_ids)
            Event().wait()
    except OSError as error:
        parser.error(f"cannot listen on port {options.port}: {error.strerror}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pixverse_desktop.simulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, metavar="N", help="0, the default, takes a free one")
    parser.add_argument(
        "--clips", type=Path, default=_SAMPLE_CLIPS, metavar="DIR", help="folder of .mp4 files"
    )
    parser.add_argument(
        "--key", action="append", dest="keys", metavar="K", help="a key to let in (repeatable)"
    )
    return parser


def _introduce(url: str, keys: Sequence[str], video_ids: Sequence[str]) -> None:
    print(f"A pretend PixVerse listens at {url}")
    print(f"Keys let in: {', '.join(keys)}")
    print("Video ids (any other of 14 to 20 digits becomes ready too):")
    print(*(f"  {video_id}" for video_id in video_ids), sep="\n", flush=True)


if __name__ == "__main__":
    sys.exit(main())
