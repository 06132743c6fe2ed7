"""The demo: a pretend service on a port of this machine, and a list that nobody will miss."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pixverse_desktop.cli.arguments import Options
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.resources import resource_path
from pixverse_desktop.simulator import DEMO_KEY, DEMO_VIDEO_IDS, SimulatorServer, demo_simulation


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: the options it leads to, its key, and the ids it begins with."""

    options: Options
    key: ApiKey
    video_ids: tuple[str, ...]


@contextmanager
def open_demo(options: Options) -> Iterator[Demo]:
    """Start the pretend service; without ``--data-dir`` the list lives in a folder that goes with it."""
    clips = resource_path("clips")
    names = sorted(path.name for path in clips.glob("*.mp4"))
    with ExitStack() as stack:
        server = stack.enter_context(SimulatorServer(demo_simulation(time.time, names), clips))
        data_dir = options.data_dir
        if data_dir is None:
            data_dir = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pixverse-demo-")))
        told = replace(options, service_url=server.url, data_dir=data_dir)
        yield Demo(told, ApiKey(DEMO_KEY), DEMO_VIDEO_IDS)
