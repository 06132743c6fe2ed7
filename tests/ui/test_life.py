"""The whole way: an id is dropped, its video is made, plays, and is saved."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.settings_file import SettingsFile
from pixverse_desktop.resources import resource_path
from pixverse_desktop.simulator import Place, Simulation, faults, stories
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, mime, until
from tests.ui.lives import GREEN, ONE, RED, THREE, TWO, life, ready

CLIP = resource_path("clips") / "01-red.mp4"


async def choose_folder(desk: Desk, folder: Path) -> None:
    """Answer the dialog that asks where clips are to be saved."""
    dialog = await desk.dialog()
    assert isinstance(dialog, QFileDialog)
    dialog.findChildren(QLineEdit)[0].setText(str(folder))
    await desk.click("Choose")


async def test_an_id_that_is_dropped_becomes_a_clip_that_plays_and_is_saved(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(life(ONE, stories.quick(0.5)))
    folder = tmp_path / "clips"
    folder.mkdir()

    async with open_desk() as desk:
        await desk.drop(mime(ONE))
        await until(lambda: desk.status(ONE) in ("Waiting", "Generating"))
        await until(lambda: desk.status(ONE) == "Generating")
        assert desk.reads("Not finished yet. It plays here as soon as it is.")

        await until(lambda: desk.status(ONE) == "Ready")
        await until(lambda: desk.sees_colour(RED))
        await until(lambda: desk.action("Save").isEnabled())
        await desk.control(Qt.Key.Key_S)
        await choose_folder(desk, folder)
        await until(lambda: desk.status(ONE) == "Saved")

        saved = list(folder.iterdir())
        assert [path.read_bytes() for path in saved] == [CLIP.read_bytes()]
        assert ONE in saved[0].name
        assert desk.reads(str(saved[0]))


async def test_the_facts_of_the_video_stand_beside_the_list(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(prompt="<b>a boat</b>"))

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")

        assert desk.cell(ONE, "Prompt") == "<b>a boat</b>"
        assert desk.cell(ONE, "Resolution") == "1280 × 720"
        assert {"<b>a boat</b>", ONE, "1280 × 720", "45"} <= set(desk.words())


async def test_what_is_finished_counts_at_the_foot(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(ready(ONE))
    simulation.add(life(TWO, stories.failed(0)))
    simulation.add(life(THREE, stories.never()))

    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        await until(lambda: desk.reads("3 videos   ·   1 waiting   ·   1 ready   ·   1 failed"))


async def test_the_first_clip_that_comes_plays_by_itself(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(life(ONE, stories.never()))
    simulation.add(ready(TWO, "02-green.mp4"))

    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: desk.selected == [TWO])
        await until(lambda: desk.sees_colour(GREEN))


async def test_saving_asks_for_a_folder_once_and_blocks_nothing(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(ready())
    (tmp_path / "clips").mkdir()

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.button("Save").isEnabled())
        await desk.click("Save")
        assert isinstance(await desk.dialog(), QFileDialog)
        await desk.engine.library.add([TWO], account="default")  # the loop goes on under the dialog
        assert desk.ids == [ONE, TWO]

        await choose_folder(desk, tmp_path / "clips")
        await until(lambda: desk.status(ONE) == "Saved")
        assert desk.dialogs() == []
        assert desk.reads(f"Finished clips are saved to {tmp_path / 'clips'} from now on.")


async def test_nothing_is_saved_where_the_dialog_was_cancelled(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready())

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        await desk.choose("Save new clips by themselves")
        await desk.click("Cancel")

        assert desk.dialogs() == []
        assert not desk.action("Save new clips by themselves").isChecked()
        assert desk.status(ONE) == "Ready"


async def test_clips_that_finish_are_saved_by_themselves_until_that_is_switched_off(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(ready(ONE))
    simulation.add(ready(TWO, "02-green.mp4"))
    folder = tmp_path / "clips"
    folder.mkdir()

    async with open_desk() as desk:
        await desk.choose("Save new clips by themselves")
        await choose_folder(desk, folder)
        assert desk.action("Save new clips by themselves").isChecked()
        await desk.drop(mime(ONE))
        await until(lambda: desk.status(ONE) == "Saved")

        await desk.choose("Save new clips by themselves")
        await desk.drop(mime(TWO))
        await until(lambda: desk.status(TWO) == "Ready")
        assert len(list(folder.iterdir())) == 1


async def test_the_folder_is_remembered(
    open_desk: OpenDesk, simulation: Simulation, where: Places, tmp_path: Path
) -> None:
    (tmp_path / "clips").mkdir()

    async with open_desk() as desk:
        await desk.choose("Choose folder for clips…")
        await choose_folder(desk, tmp_path / "clips")
        settings = SettingsFile(where.settings_file)
        await until(lambda: settings.load().save_folder == str(tmp_path / "clips"))


async def test_a_clip_that_cannot_be_fetched_is_not_saved_and_says_why(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(life(ONE, stories.page_address(0)))
    folder = tmp_path / "clips"
    folder.mkdir()

    async with open_desk(ids=[ONE]) as desk:
        desk.window.commands.choose_folder(folder)
        await until(lambda: desk.status(ONE) == "Not saved")

        assert desk.reads("gave a page of text instead of a clip")
        assert list(folder.iterdir()) == []


async def test_a_saving_that_is_cancelled_leaves_nothing(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(life(ONE, stories.never()))
    simulation.add(ready(TWO, "long.mp4"))
    simulation.inject(faults.slow(1_000_000), place=Place.MEDIA, times=None)
    folder = tmp_path / "clips"
    folder.mkdir()

    async with open_desk(ids=[ONE]) as desk:
        await desk.select(ONE)
        desk.window.commands.choose_folder(folder)
        await desk.engine.library.add([TWO], account="default")
        await until(lambda: desk.status(TWO).startswith("Saving "))
        await desk.select(TWO)
        await desk.choose("Cancel saving")

        await until(lambda: desk.status(TWO) == "Ready")
        await until(lambda: list(folder.iterdir()) == [])


@pytest.mark.parametrize("shortcut", [True, False])
async def test_all_that_is_finished_is_saved_at_once(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path, shortcut: bool
) -> None:
    simulation.add(ready(ONE))
    simulation.add(ready(TWO, "02-green.mp4"))
    (tmp_path / "clips").mkdir()

    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: desk.status(ONE) == desk.status(TWO) == "Ready")
        await until(lambda: desk.button("Save all finished").isEnabled())
        if shortcut:
            both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
            await desk.press(Qt.Key.Key_S, both)
        else:
            await desk.click("Save all finished")
        await choose_folder(desk, tmp_path / "clips")

        await until(lambda: desk.status(ONE) == desk.status(TWO) == "Saved")
        await until(lambda: not desk.button("Save all finished").isEnabled())
