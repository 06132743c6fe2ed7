"""The whole program on a real screen, driven from outside as a person would, over real HTTP."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QImage

from pixverse_desktop.resources import resource_path
from pixverse_desktop.simulator import Life, Simulation, SimulatorServer, stories
from tests.e2e.desktop import Desktop, count_colour, wait_for

KEY = "e2e-key-0123456789"
READY_ID = "391504857968062"
LATER_ID = "627410861853514292"
MODERATED_ID = "402866135907249"
RED, GREEN = "#C8323C", "#2E9E5B"
MIDDLE = (500, 450)


@pytest.fixture
def clips() -> Path:
    return resource_path("clips")


@pytest.fixture
def simulation() -> Simulation:
    lives = [
        Life(video_id=READY_ID, steps=stories.quick(1), prompt="A red clip", clip="01-red.mp4"),
        Life(video_id=LATER_ID, steps=stories.quick(4), prompt="A green clip", clip="02-green.mp4"),
        Life(video_id=MODERATED_ID, steps=stories.moderated(1), prompt="A clip nobody sees"),
    ]
    return Simulation(time.time, lives, keys=[KEY])


@pytest.fixture
def service(simulation: Simulation, clips: Path) -> Iterator[SimulatorServer]:
    with SimulatorServer(simulation, clips) as server:
        yield server


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    with Desktop(tmp_path) as desktop:
        yield desktop


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pixverse_desktop", *arguments]


def listed(data: Path) -> dict[str, dict[str, Any]]:
    """The list as the command line tells it, while the window is open."""
    command = program("export", "--data-dir", str(data), "--format", "json")
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return {row["video_id"]: row for row in json.loads(answer.stdout)}


def test_ids_dropped_on_the_window_finish_play_are_saved_and_survive_a_kill(
    desktop: Desktop, simulation: Simulation, service: SimulatorServer, clips: Path, tmp_path: Path
) -> None:
    data, saved = tmp_path / "data", tmp_path / "my clips"
    saved.mkdir()
    ids = tmp_path / "ids.txt"
    ids.write_text(f"{READY_ID}\n{LATER_ID}\nabc\n{MODERATED_ID}\n{READY_ID}\n")
    command = program("--data-dir", str(data), "--service-url", service.url)
    window = desktop.start(command, extra={"PIXVERSE_API_KEY": KEY})
    number = desktop.wait_window("PixVerse Desktop")

    desktop.drag_file(ids, onto=MIDDLE)

    wait_for(lambda: set(listed(data)) == {READY_ID, LATER_ID, MODERATED_ID}, "the dropped ids")
    wait_for(lambda: listed(data)[READY_ID]["status"] == "ready", "the first clip")
    desktop.wait_colour(RED, at_least=1000, what="the red clip on the screen")
    wait_for(lambda: listed(data)[LATER_ID]["status"] == "ready", "the second clip")
    assert listed(data)[MODERATED_ID]["status"] == "moderated"

    desktop.hands("windowfocus", number, "key", "ctrl+shift+s")
    chooser = desktop.wait_window("Choose the folder for clips")
    desktop.hands("windowfocus", chooser, "sleep", "0.3", "key", "ctrl+a", "type", str(saved))
    desktop.hands("key", "Return")

    wait_for(lambda: len(list(saved.glob("*.mp4"))) == 2, "two saved clips")
    wait_for(lambda: all(listed(data)[each]["saved_path"] for each in (READY_ID, LATER_ID)), "their notes")
    assert Path(listed(data)[READY_ID]["saved_path"]).read_bytes() == (clips / "01-red.mp4").read_bytes()
    assert Path(listed(data)[LATER_ID]["saved_path"]).read_bytes() == (clips / "02-green.mp4").read_bytes()
    before = listed(data)

    os.kill(window.pid, signal.SIGKILL)
    window.wait()
    again = desktop.start(command, extra={"PIXVERSE_API_KEY": KEY})
    number = desktop.wait_window("PixVerse Desktop")

    assert listed(data) == before
    screen = desktop.look()
    assert count_colour(screen, RED) < 1000
    desktop.hands("windowfocus", number, "mousemove", "300", "214", "click", "1")
    desktop.wait_colour(GREEN, at_least=1000, what="the saved green clip on the screen after the restart")
    assert simulation.statistics().reused_traces == 0
    assert simulation.statistics().keys_to_media == 0

    desktop.hands("windowfocus", number, "key", "ctrl+q")
    assert again.wait(timeout=30) == 0


def test_a_second_start_hands_its_ids_to_the_open_window(
    desktop: Desktop, service: SimulatorServer, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    command = program("--data-dir", str(data), "--service-url", service.url)
    desktop.start([*command, READY_ID], extra={"PIXVERSE_API_KEY": KEY})
    desktop.wait_window("PixVerse Desktop")

    second = desktop.start([*command, LATER_ID], extra={"PIXVERSE_API_KEY": KEY})

    assert second.wait(timeout=60) == 0
    wait_for(lambda: set(listed(data)) == {READY_ID, LATER_ID}, "both ids in one list")


def test_a_picture_is_written_when_all_is_done(
    desktop: Desktop, service: SimulatorServer, clips: Path, tmp_path: Path
) -> None:
    picture, saved = tmp_path / "window.png", tmp_path / "clips"
    command = program(
        *("--data-dir", str(tmp_path / "data"), "--service-url", service.url, "--save-to", str(saved)),
        *("--screenshot", str(picture), "--exit-when-done", READY_ID, LATER_ID),
    )

    finished = desktop.start(command, extra={"PIXVERSE_API_KEY": KEY}).wait(timeout=90)

    assert finished == 0
    assert {path.read_bytes() for path in saved.iterdir()} == {
        (clips / name).read_bytes() for name in ("01-red.mp4", "02-green.mp4")
    }
    assert count_colour(QImage(str(picture)), GREEN) > 1000


def test_a_refused_key_ends_a_run_with_three(
    desktop: Desktop, service: SimulatorServer, tmp_path: Path
) -> None:
    command = program(
        *("--data-dir", str(tmp_path / "data"), "--service-url", service.url),
        *("--screenshot", str(tmp_path / "window.png"), "--exit-when-done", READY_ID),
    )

    finished = desktop.start(command, extra={"PIXVERSE_API_KEY": "wrong"}).wait(timeout=90)

    assert finished == 3
