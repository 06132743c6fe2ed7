"""Downloads killed at any moment: they go on from the last safe byte, and no short file has a final name."""

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixverse_desktop.services.fetching import UNSYNCED_BYTES
from tests.core.boxes import FTYP, MOOV, box
from tests.e2e.clip_server import ClipServer, Sending
from tests.e2e.downloading import Notes

KILLS = int(os.environ.get("PIXVERSE_SAVING_KILLS", "6"))
CLIPS = int(os.environ.get("PIXVERSE_SAVING_CLIPS", "4"))
_CLIP_BYTES = 12 * 1024 * 1024
_LONGEST_LIFE_S = 0.3
# What the two ends of the connection held, and nobody had seen yet: a busy machine fills their 6 MB.
_ON_THE_WAY_BYTES = 7 * 1024 * 1024
_ROOT = Path(__file__).parents[2]


def clip(number: int) -> bytes:
    body = random.Random(number).randbytes(_CLIP_BYTES + number * 1001)
    return FTYP + box(b"mdat", body) + MOOV


class Torment:
    """A program that downloads into a folder, started again after each kill, and what it had got by then."""

    def __init__(self, server: ClipServer, folder: Path) -> None:
        self._server = server
        self._ids = [name.removesuffix(".mp4") for name in server.clips]
        self._folder = folder
        self._notes_path = folder.with_suffix(".notes")
        self._notes = Notes(self._notes_path, self._ids)

    def run(self, life_s: float | None) -> bool:
        """Let it download, for a while or to its end; whether it came to its end by itself."""
        had = {each: (len(self._sendings(each)), self._notes.received_bytes(each)) for each in self._ids}
        is_ended = self._live(life_s)
        for each, (answers, received_bytes) in had.items():
            for sending in self._sendings(each)[answers:][:1]:
                assert sending.begins_at >= received_bytes - UNSYNCED_BYTES
        return is_ended

    def _sendings(self, video_id: str) -> list[Sending]:
        return self._server.sendings[f"{video_id}.mp4"]

    def _live(self, life_s: float | None) -> bool:
        arguments = [self._server.url, str(self._folder), str(self._notes_path), *self._ids]
        command = [sys.executable, "-m", "tests.e2e.downloading", *arguments]
        with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == "ready\n"
            try:
                assert child.wait(life_s) == 0
            except subprocess.TimeoutExpired:
                child.kill()
                return False
        return True


def assert_nothing_short(server: ClipServer, folder: Path) -> None:
    for path in folder.glob("*.mp4"):
        assert path.read_bytes() == server.clips[path.name], f"{path.name} is not what was sent"


@pytest.fixture
def server() -> Iterator[ClipServer]:
    clips = {f"90000{number}.mp4": clip(number) for number in range(CLIPS)}
    with ClipServer(clips) as running:
        yield running


def test_killed_downloads_go_on_and_end_whole(server: ClipServer, tmp_path: Path) -> None:
    chance, kills, rounds = random.Random(7), 0, 0
    while kills < KILLS:
        rounds += 1
        folder = tmp_path / str(rounds)
        folder.mkdir()
        server.sendings.clear()
        torment = Torment(server, folder)
        while kills < KILLS and not torment.run(chance.uniform(0.0, _LONGEST_LIFE_S)):
            kills += 1
            assert_nothing_short(server, folder)
        torment.run(None)

        assert_nothing_short(server, folder)
        assert {path.name for path in folder.iterdir()} ^ set(server.clips) == set()
        most = max((more for name in server.clips for more in server.sent_twice(name)), default=0)
        assert most <= UNSYNCED_BYTES + _ON_THE_WAY_BYTES
        for path in folder.iterdir():
            path.unlink()
