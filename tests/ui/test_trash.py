"""Saved files on their way to the system's trash: only when told, and with a word about those that stay."""

from pathlib import Path

import pytest

from pixverse_desktop.simulator import Simulation
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, until
from tests.ui.lives import ONE, TWO, ready


@pytest.fixture
def trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The trash of this test alone, found where the freedesktop trash specification puts it."""
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "home"))
    return tmp_path / "home" / "Trash" / "files"


async def saved(desk: Desk, folder: Path) -> list[Path]:
    """Both clips on disk; where."""
    await until(lambda: [desk.status(each) for each in (ONE, TWO)] == ["Ready", "Ready"])
    desk.window.commands.choose_folder(folder)
    desk.window.commands.save_all()
    await until(lambda: [desk.status(each) for each in (ONE, TWO)] == ["Saved", "Saved"])
    return sorted(folder.iterdir())


async def test_saved_files_go_to_the_trash_and_the_rows_stay(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path, trash: Path
) -> None:
    simulation.add(ready(ONE))
    simulation.add(ready(TWO, "02-green.mp4"))
    async with open_desk(ids=[ONE, TWO]) as desk:
        files = await saved(desk, tmp_path / "clips")
        await desk.select(ONE, TWO)

        await desk.choose("Move saved file to trash")

        await until(lambda: desk.reads("2 of 2 files moved to the trash"))
        assert sorted(path.name for path in trash.iterdir()) == [path.name for path in files]
        assert [desk.status(each) for each in (ONE, TWO)] == ["Ready", "Ready"]
        assert not any(path.exists() for path in files)


async def test_a_file_that_is_not_there_any_more_is_told(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path, trash: Path
) -> None:
    simulation.add(ready(ONE))
    simulation.add(ready(TWO, "02-green.mp4"))
    async with open_desk(ids=[ONE, TWO]) as desk:
        files = await saved(desk, tmp_path / "clips")
        files[0].rename(tmp_path / "elsewhere.mp4")
        await desk.select(ONE, TWO)

        await desk.choose("Move saved file to trash")

        await until(lambda: desk.reads("1 of 2 files moved to the trash. The others"))
        assert len(list(trash.iterdir())) == 1
        assert (tmp_path / "elsewhere.mp4").is_file()
