"""A watched folder: each list once, when it is whole, and whatever happens to the folder."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from pixverse_desktop.ui.folder_watch import FolderWatch, Pace
from tests.ui.desk import turns, until

ID = "391504857968062"
FAST = Pace(settle=1, calm=20, again=30)


class Told:
    """A watch, and what it said."""

    def __init__(self, pace: Pace) -> None:
        self.watch = FolderWatch(pace=pace)
        self.names: list[str] = []
        self.troubles: list[str] = []
        self.watch.appeared.connect(lambda paths: self.names.extend(path.name for path in paths))
        self.watch.troubled.connect(self.troubles.append)


@pytest.fixture
def told(qapp: QApplication) -> Iterator[Told]:
    heard = Told(FAST)
    yield heard
    heard.watch.watch(None)
    heard.watch.deleteLater()


@pytest.fixture
def patient(qapp: QApplication) -> Iterator[Told]:
    """A watch that never takes a file for whole because it is calm."""
    heard = Told(Pace(settle=1, calm=1_000_000, again=10))
    yield heard
    heard.watch.watch(None)
    heard.watch.deleteLater()


async def test_a_file_that_breaks_off_waits_for_its_end(patient: Told, tmp_path: Path) -> None:
    half, whole = tmp_path / "half.txt", tmp_path / "whole.txt"
    half.write_text(f"{ID}\n627410861")
    whole.write_text(f"{ID}\n")

    patient.watch.watch(tmp_path)
    await until(lambda: patient.names == ["whole.txt"])
    half.write_text(f"{ID}\n627410861853514292\n")

    await until(lambda: patient.names == ["whole.txt", "half.txt"])


async def test_a_file_without_a_last_line_end_is_whole_once_it_is_calm(told: Told, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text(ID)

    told.watch.watch(tmp_path)

    await until(lambda: told.names == ["ids.txt"])


async def test_a_file_that_was_empty_at_first_is_told_once_it_is_not(told: Told, tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text(f"{ID}\n")
    (tmp_path / "ids.txt").touch()
    told.watch.watch(tmp_path)
    await until(lambda: told.names == ["other.txt"])

    (tmp_path / "ids.txt").write_text(f"{ID}\n")

    await until(lambda: told.names == ["other.txt", "ids.txt"])


async def test_what_is_no_file_or_gone_does_not_stop_the_others(told: Told, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "b.txt")
    (tmp_path / "c.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "d.txt").mkdir()
    (tmp_path / "e.txt").write_text(f"{ID}\n")

    told.watch.watch(tmp_path)

    await until(lambda: told.names == ["e.txt"])


async def test_a_file_that_could_not_be_read_is_told_again(told: Told, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text(f"{ID}\n")
    told.watch.watch(tmp_path)
    await until(lambda: told.names == ["ids.txt"])

    told.watch.forget([tmp_path / "ids.txt"])

    await until(lambda: told.names == ["ids.txt", "ids.txt"])


async def test_a_folder_that_appears_later_or_again_is_watched(told: Told, tmp_path: Path) -> None:
    folder = tmp_path / "later"
    told.watch.watch(folder)
    await until(lambda: len(told.troubles) == 1)
    folder.mkdir()
    (folder / "a.txt").write_text(f"{ID}\n")
    await until(lambda: told.names == ["a.txt"])

    (folder / "a.txt").unlink()
    folder.rmdir()
    await until(lambda: len(told.troubles) == 2)
    folder.mkdir()
    (folder / "b.txt").write_text(f"{ID}\n")

    await until(lambda: told.names == ["a.txt", "b.txt"])
    assert len(told.troubles) == 2


async def test_each_state_of_a_file_is_told_once(told: Told, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{ID}\n")
    told.watch.watch(tmp_path)
    await until(lambda: told.names == ["a.txt"])
    (tmp_path / "b.txt").write_text(f"{ID}\n")
    await until(lambda: "b.txt" in told.names)
    await turns(50)

    assert told.names == ["a.txt", "b.txt"]
