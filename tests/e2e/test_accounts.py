"""Two accounts at two services: one window asks both, and each service sees its own key alone."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixverse_desktop.resources import resource_path
from pixverse_desktop.simulator import Life, Simulation, SimulatorServer, stories
from tests.e2e.desktop import wait_for

ROOT = Path(__file__).parents[2]
OURS, THEIRS = "391504857968062", "627410861853514292"
OUR_KEY, THEIR_KEY = "sk-of-the-default-account", "sk-of-the-studio"


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    runtime_dir = tempfile.mkdtemp(prefix="run")  # short: the path of a socket is limited
    kept = {name: text for name, text in os.environ.items() if name != "PIXVERSE_API_KEY"}
    yield {
        **kept,
        "HOME": str(tmp_path / "home"),
        "XDG_RUNTIME_DIR": runtime_dir,
        "PYTHONPATH": str(ROOT),
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "tests.fakes.file_keyring.FileKeyring",
        "TEST_KEYRING_FILE": str(tmp_path / "ring.json"),
    }
    shutil.rmtree(runtime_dir)


def simulation(video_id: str, key: str) -> Simulation:
    return Simulation(time.time, [Life(video_id=video_id, steps=stories.quick(1))], keys=[key])


def test_the_window_asks_each_service_with_its_own_key_about_its_own_ids(
    environment: dict[str, str], tmp_path: Path
) -> None:
    ours, theirs = simulation(OURS, OUR_KEY), simulation(THEIRS, THEIR_KEY)
    clips = resource_path("clips")

    def command(*words: str) -> list[str]:
        return [sys.executable, "-m", "pixverse_desktop", *words, "--data-dir", str(tmp_path / "data")]

    def run(*words: str, stdin: str = "") -> str:
        ended = subprocess.run(
            command(*words),
            env=environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        return ended.stdout

    def statuses() -> dict[tuple[str, str], str]:
        rows = json.loads(run("export"))
        return {(row["account"], row["video_id"]): row["status"] for row in rows}

    with SimulatorServer(ours, clips) as our_server, SimulatorServer(theirs, clips) as their_server:
        run("key", "set", "--service-url", our_server.url, stdin=OUR_KEY)
        run("key", "set", "--account", "studio", "--service-url", their_server.url, stdin=THEIR_KEY)
        run("add", OURS)
        run("add", THEIRS, "--account", "studio")
        window = subprocess.Popen(command(), env=environment, stderr=subprocess.DEVNULL)
        try:
            expected = {("default", OURS): "ready", ("studio", THEIRS): "ready"}
            wait_for(lambda: statuses() == expected, "both clips")
        finally:
            window.send_signal(signal.SIGTERM)
            window.wait(timeout=30)

    assert run("key", "list") == f"default\t{our_server.url}\nstudio\t{their_server.url}\n"
    assert {each.key for each in ours.requests} - {None} == {OUR_KEY}
    assert {each.key for each in theirs.requests} - {None} == {THEIR_KEY}
    assert {each.video_id for each in ours.requests} - {None} == {OURS}
    assert {each.video_id for each in theirs.requests} - {None} == {THEIRS}
    assert window.returncode == 0


def test_a_watch_follows_the_account_it_was_given_and_no_other(
    environment: dict[str, str], tmp_path: Path
) -> None:
    ours, theirs = simulation(OURS, OUR_KEY), simulation(THEIRS, THEIR_KEY)
    clips = resource_path("clips")

    def run(*words: str, stdin: str = "") -> str:
        command = [sys.executable, "-m", "pixverse_desktop", *words, "--data-dir", str(tmp_path / "data")]
        ended = subprocess.run(
            command, env=environment, input=stdin, capture_output=True, text=True, timeout=60, check=True
        )
        return ended.stderr

    with SimulatorServer(ours, clips) as our_server, SimulatorServer(theirs, clips) as their_server:
        run("key", "set", "--service-url", our_server.url, stdin=OUR_KEY)
        run("key", "set", "--account", "studio", "--service-url", their_server.url, stdin=THEIR_KEY)
        run("add", OURS)
        asked_by_setting = len(ours.requests)

        words = run("watch", THEIRS, "--account", "studio", "--no-save", "--interval", "3")

    assert "1 ready" in words
    assert len(ours.requests) == asked_by_setting
    assert {each.key for each in theirs.requests} - {None} == {THEIR_KEY}
