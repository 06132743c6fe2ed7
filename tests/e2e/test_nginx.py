"""Downloads from a real web server, by its own account of what it sent."""

import asyncio
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.clock import SystemClock
from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.adapters.http_files import HttpClipSource
from pixverse_desktop.core.video import VideoRef, VideoStatus
from pixverse_desktop.services.clips import Clips
from pixverse_desktop.services.fetching import OnProgress
from pixverse_desktop.services.library import Library
from tests.core.boxes import FTYP, MOOV, box

REF = VideoRef("default", "7")
NAME = "7.mp4"
CLIP = FTYP + box(b"mdat", os.urandom(6 * 1024 * 1024)) + MOOV
OTHER_CLIP = FTYP + box(b"mdat", os.urandom(6 * 1024 * 1024)) + MOOV
_CONFIG = """
{user}
pid {home}/nginx.pid;
error_log {home}/error.log;
worker_processes 1;
events {{ worker_connections 64; }}
http {{
    log_format sent '$status $body_bytes_sent';
    access_log {home}/sent.log sent;
    types {{ video/mp4 mp4; }}
    client_body_temp_path {home}/t1; proxy_temp_path {home}/t2; fastcgi_temp_path {home}/t3;
    uwsgi_temp_path {home}/t4; scgi_temp_path {home}/t5;
    server {{
        listen 127.0.0.1:{port};
        root {home}/www;
        location / {{ gzip on; gzip_types video/mp4; }}
        location /no-ranges/ {{ alias {home}/www/; max_ranges 0; }}
        location /no-etag/ {{ alias {home}/www/; etag off; }}
    }}
}}
"""


@dataclass
class Nginx:
    """The server, its folder of clips and its log."""

    home: Path
    port: int

    def url(self, place: str = "") -> str:
        return f"http://127.0.0.1:{self.port}/{place}{NAME}"

    def put(self, clip: bytes) -> None:
        """Let this be the clip, in a file that is an hour old."""
        (self.home / "www" / NAME).write_bytes(clip)
        os.utime(self.home / "www" / NAME, (1e9, 1e9))

    def stop(self) -> None:
        """Let it write the last of its log, and end."""
        subprocess.run([_nginx(), "-p", self.home, "-c", "nginx.conf", "-s", "quit"], check=True)
        while (self.home / "nginx.pid").exists():
            pass

    def sent(self) -> list[tuple[int, int]]:
        """Status and bytes of each answer that came to its end; stops the server."""
        self.stop()
        lines = (self.home / "sent.log").read_text().splitlines()
        return [(int(line.split()[0]), int(line.split()[1])) for line in lines]


def _nginx() -> str:
    found = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if found is None:
        words = "nginx is not installed; packaging/setup.sh test installs it"
        if os.environ.get("CI"):
            pytest.fail(words)
        pytest.skip(words)
    return found


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[Nginx]:
    program = _nginx()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path / "nginx"
    (home / "www").mkdir(parents=True)
    user = "user root;" if os.getuid() == 0 else ""
    (home / "nginx.conf").write_text(_CONFIG.format(user=user, home=home, port=port))
    subprocess.run([program, "-p", home, "-c", "nginx.conf"], check=True)  # ends once it listens
    server = Nginx(home, port)
    yield server
    if (home / "nginx.pid").exists():
        server.stop()


async def bring(library: Library, url: str, folder: Path, on_progress: OnProgress) -> Path:
    """Download in a run of its own."""
    await library.add([REF.video_id], account=REF.account)
    await library.update(REF, lambda video: replace(video, status=VideoStatus.READY, url=url))

    async def refresh(ref: VideoRef) -> None:
        """Ask nobody."""

    source = HttpClipSource(base_url=url)
    clips = Clips(
        library=library,
        sources=lambda _: source,
        folders=DiskFolders(),
        clock=SystemClock(),
        cache=folder / "cache",
        refresh=refresh,
    )
    try:
        return await clips.bring(REF, folder, NAME, on_progress)
    finally:
        await source.aclose()


async def bring_half(library: Library, url: str, folder: Path) -> int:
    """Download until more than half is there, then close; how many bytes are kept."""
    task: asyncio.Task[Path] | None = None

    def close_soon(received_bytes: int, total_bytes: int) -> None:
        assert task is not None
        if received_bytes > total_bytes / 2:
            task.cancel()

    task = asyncio.create_task(bring(library, url, folder, close_soon))
    with suppress(asyncio.CancelledError):
        await task
    return (folder / f"{NAME}.part").stat().st_size


def no_progress(received_bytes: int, total_bytes: int) -> None:
    """Take no notice."""


@pytest.mark.parametrize("place", ["", "no-etag/"])
async def test_only_the_rest_is_fetched(library: Library, nginx: Nginx, tmp_path: Path, place: str) -> None:
    nginx.put(CLIP)
    held_bytes = await bring_half(library, nginx.url(place), tmp_path / "saved")

    path = await bring(library, nginx.url(place), tmp_path / "saved", no_progress)

    assert path.read_bytes() == CLIP
    assert held_bytes > 2 * 1024 * 1024
    assert nginx.sent()[-1] == (206, len(CLIP) - held_bytes)
    assert [each.name for each in path.parent.iterdir()] == [NAME]


async def test_a_clip_that_changed_is_fetched_whole(library: Library, nginx: Nginx, tmp_path: Path) -> None:
    nginx.put(CLIP)
    await bring_half(library, nginx.url(), tmp_path / "saved")
    nginx.put(OTHER_CLIP)
    os.utime(nginx.home / "www" / NAME, (1e9 + 5, 1e9 + 5))

    path = await bring(library, nginx.url(), tmp_path / "saved", no_progress)

    assert path.read_bytes() == OTHER_CLIP
    assert nginx.sent()[-1] == (200, len(OTHER_CLIP))


async def test_a_server_that_knows_no_ranges_sends_all(
    library: Library, nginx: Nginx, tmp_path: Path
) -> None:
    nginx.put(CLIP)
    await bring_half(library, nginx.url("no-ranges/"), tmp_path / "saved")

    path = await bring(library, nginx.url("no-ranges/"), tmp_path / "saved", no_progress)

    assert path.read_bytes() == CLIP
    assert nginx.sent()[-1] == (200, len(CLIP))
