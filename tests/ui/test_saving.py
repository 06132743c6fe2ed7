"""Saving as a person sees and steers it: how far, how fast, pausing, cancelling, and after a restart."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QToolButton

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.settings_file import SettingsFile
from pixverse_desktop.core.events import SavePhase, SaveProgressed
from pixverse_desktop.core.saves import SavingOverview
from pixverse_desktop.core.settings import Settings
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.simulator import Place, Simulation, faults, stories
from pixverse_desktop.ui import messages
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, until
from tests.ui.lives import ONE, THREE, TWO, life, ready


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "clips"
    found.mkdir()
    return found


def foot(desk: Desk) -> str:
    """What the foot of the window says of the saving; nothing where it says nothing."""
    found = [button for button in desk.visible(QToolButton) if button.accessibleName() == "Saving"]
    return found[0].text() if found else ""


def names_in(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir())


async def begin_slowly(desk: Desk, folder: Path, *video_ids: str) -> None:
    """Let rows be saved that are long on their way."""
    await until(lambda: all(desk.status(each) == "Ready" for each in video_ids))
    desk.engine.preferences.change(save_folder=str(folder))
    await desk.select(*video_ids)
    await desk.choose("Save")
    await until(lambda: any("%" in desk.status(each) for each in video_ids))


async def choose_in_dialog(desk: Desk, folder: Path) -> None:
    chooser = await desk.dialog()
    chooser.findChildren(QLineEdit)[0].setText(str(folder))
    await desk.click("Choose")
    await until(lambda: desk.dialogs() == [])


async def test_the_row_tells_share_and_speed_and_the_foot_how_far_all_is(
    open_desk: OpenDesk, simulation: Simulation, folder: Path
) -> None:
    simulation.add(ready(ONE, "long.mp4"))
    simulation.add(ready(TWO, "long.mp4"))
    simulation.inject(faults.slow(300_000), place=Place.MEDIA, times=None)

    async with open_desk(ids=[ONE, TWO]) as desk:
        assert foot(desk) == ""
        await begin_slowly(desk, folder, ONE, TWO)

        await until(lambda: " % · " in desk.status(ONE) and desk.status(ONE).endswith("B/s"))
        await until(lambda: foot(desk).startswith("Saving 1 of 2 · ") and foot(desk).endswith(" left"))


async def test_the_icon_tells_how_far_all_is_until_it_is_paused_or_done(
    open_desk: OpenDesk, simulation: Simulation, folder: Path
) -> None:
    simulation.add(ready(ONE, "long.mp4"))
    simulation.inject(faults.slow(1_000_000), place=Place.MEDIA, times=None)

    async with open_desk(ids=[ONE]) as desk:
        told = desk.notifier.progress
        await begin_slowly(desk, folder, ONE)
        await until(lambda: told and (told[-1] or 0) > 0)
        await desk.choose("Pause saving")
        await until(lambda: told[-1] is None)

        simulation.mend()
        await desk.choose("Pause saving")
        await until(lambda: told[-1] is not None)
        await until(lambda: desk.status(ONE) == "Saved")
        await until(lambda: told[-1] is None)


async def test_a_click_on_the_foot_selects_what_is_not_saved_yet(
    open_desk: OpenDesk, simulation: Simulation, folder: Path
) -> None:
    simulation.add(ready(ONE, "long.mp4"))
    simulation.add(life(TWO, stories.never()))
    simulation.inject(faults.slow(300_000), place=Place.MEDIA, times=None)

    async with open_desk(ids=[ONE, TWO]) as desk:
        await begin_slowly(desk, folder, ONE)
        await desk.select(TWO)
        await until(lambda: foot(desk))

        button = next(each for each in desk.visible(QToolButton) if each.accessibleName() == "Saving")
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

        assert desk.selected == [ONE]


async def test_saving_that_is_paused_goes_on_in_the_next_run_when_a_person_says_so(
    open_desk: OpenDesk, simulation: Simulation, folder: Path
) -> None:
    simulation.add(ready(ONE, "long.mp4"))
    simulation.inject(faults.slow(1_000_000), place=Place.MEDIA, times=None)

    async with open_desk(ids=[ONE]) as desk:
        await begin_slowly(desk, folder, ONE)
        await desk.choose("Pause saving")
        await until(lambda: desk.status(ONE) == "Save queued")
        assert foot(desk) == "Saving is paused · 1 to go"

    async with open_desk(ids=[ONE]) as desk:
        assert desk.action("Pause saving").isChecked()
        assert desk.status(ONE) == "Save queued"
        assert foot(desk) == "Saving is paused · 1 to go"
        simulation.mend()
        await desk.choose("Pause saving")
        await until(lambda: desk.status(ONE) == "Saved")
        await until(lambda: foot(desk) == "")
        assert names_in(folder) == [".mp4"]


async def test_what_is_being_saved_already_is_not_said_to_have_no_clip(
    open_desk: OpenDesk, simulation: Simulation, folder: Path
) -> None:
    simulation.add(ready(ONE, "long.mp4"))
    simulation.add(life(TWO, stories.never()))
    simulation.inject(faults.slow(300_000), place=Place.MEDIA, times=None)

    async with open_desk(ids=[ONE, TWO]) as desk:
        await begin_slowly(desk, folder, ONE)
        await desk.choose("Save")
        assert not desk.reads("to save yet")
        await desk.choose("Pause saving")
        await desk.choose("Save")
        assert desk.reads("Saving is paused, and goes on when you say so.")

        await desk.select(TWO)
        await until(lambda: not desk.action("Save").isEnabled())
        desk.window.commands.save([VideoRef("default", TWO)])
        assert desk.reads("None of these has a clip to save yet.")


async def test_all_saving_is_cancelled_at_once_and_leaves_nothing(
    open_desk: OpenDesk, simulation: Simulation, folder: Path
) -> None:
    for each in (ONE, TWO, THREE):
        simulation.add(ready(each, "long.mp4"))
    simulation.inject(faults.slow(300_000), place=Place.MEDIA, times=None)

    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        assert not desk.action("Cancel all saving").isEnabled()
        await begin_slowly(desk, folder, ONE, TWO, THREE)

        await desk.choose("Cancel all saving")

        await until(lambda: [desk.status(each) for each in (ONE, TWO, THREE)] == ["Ready"] * 3)
        await until(lambda: names_in(folder) == [])
        await until(lambda: foot(desk) == "")


async def test_what_is_not_saved_says_why_after_a_restart_and_is_saved_when_the_folder_is_mended(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(ready(ONE))
    folder = tmp_path / "file"
    folder.write_bytes(b"")

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        desk.engine.preferences.change(save_folder=str(folder))
        await desk.select(ONE)
        await desk.choose("Save")
        await until(lambda: desk.status(ONE) == "Not saved yet")
        await until(lambda: desk.reads("it is not a folder"))
        await until(lambda: foot(desk) == "1 not saved yet")
        await desk.press(Qt.Key.Key_Escape)
        await until(lambda: desk.reads("it is not a folder"))  # beside the list, when the news is gone

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Not saved yet")
        model = desk.table.model()
        tip = model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
        assert "it is not a folder" in " ".join(str(tip).split())
        folder.unlink()
        await desk.select(ONE)
        await until(lambda: desk.reads("it is not a folder"))
        await until(lambda: desk.action("Try again what is not saved").isEnabled())
        await desk.choose("Try again what is not saved")
        await until(lambda: desk.status(ONE) == "Saved")
        assert not desk.reads("it is not a folder")


async def test_a_clip_that_is_not_at_its_address_is_told_to_be_tried_again(
    open_desk: OpenDesk, simulation: Simulation, folder: Path
) -> None:
    simulation.add(ready(ONE))
    simulation.inject(faults.bare(403), place=Place.MEDIA, times=None)

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        desk.engine.preferences.change(save_folder=str(folder))
        await desk.select(ONE)
        await desk.choose("Save")

        await until(lambda: desk.reads("at its address (HTTP 403). It is tried again by itself."))
        assert not desk.has_button("Choose folder…")
        assert desk.status(ONE) == "Not saved yet"


async def test_another_folder_takes_what_the_former_could_not(
    open_desk: OpenDesk, simulation: Simulation, folder: Path, tmp_path: Path
) -> None:
    simulation.add(ready(ONE))
    (tmp_path / "file").write_bytes(b"")

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        desk.engine.preferences.change(save_folder=str(tmp_path / "file"))
        await desk.select(ONE)
        await desk.choose("Save")
        await until(lambda: desk.reads("it is not a folder. Choose another one."))

        await desk.click("Choose folder…")
        await choose_in_dialog(desk, folder)

        await until(lambda: desk.status(ONE) == "Saved")
        assert names_in(folder) == [".mp4"]
        await until(lambda: foot(desk) == "")


@pytest.mark.parametrize("is_on", [True, False])
async def test_another_folder_leaves_saving_by_itself_as_it_was(
    open_desk: OpenDesk, where: Places, folder: Path, tmp_path: Path, is_on: bool
) -> None:
    async with open_desk(key=None) as desk:
        desk.window.commands.choose_folder(tmp_path / "former")
        desk.window.commands.set_automatic_saving(is_on)

        await desk.choose("Choose folder for clips…")
        await choose_in_dialog(desk, folder)

        words = "Finished clips are saved to" if is_on else "Clips that you save go to"
        await until(lambda: desk.reads(f"{words} {folder} from now on."))
        assert desk.action("Save new clips by themselves").isChecked() == is_on
        await until(lambda: SettingsFile(where.settings_file).load().save_folder == str(folder))
        assert SettingsFile(where.settings_file).load().saves_automatically == is_on


async def test_what_a_bad_folder_cannot_take_goes_into_the_next_one_that_is_chosen(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path, folder: Path
) -> None:
    simulation.add(ready(ONE))
    (tmp_path / "file").write_bytes(b"")

    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        desk.engine.preferences.change(save_folder=str(tmp_path / "file"))
        await desk.select(ONE)
        await desk.choose("Save")
        await until(lambda: desk.status(ONE) == "Not saved yet")

        await desk.choose("Choose folder for clips…")
        dialog = await desk.dialog()
        dialog.findChildren(QLineEdit)[0].setText(str(folder))
        await desk.click("Choose")

        await until(lambda: desk.status(ONE) == "Saved")
        assert names_in(folder) == [".mp4"]


async def test_a_limit_is_in_force_at_once_and_in_the_next_run(open_desk: OpenDesk, where: Places) -> None:
    async with open_desk() as desk:
        assert desk.action("None").isChecked()
        await desk.choose("2 MB/s")
        assert desk.engine.clips.bandwidth.limit_bytes_s == 2_000_000
        await until(lambda: SettingsFile(where.settings_file).load().save_limit_bytes_s == 2_000_000)

    async with open_desk() as desk:
        assert desk.action("2 MB/s").isChecked()
        assert desk.engine.clips.bandwidth.limit_bytes_s == 2_000_000
        await desk.choose("None")
        assert desk.engine.clips.bandwidth.limit_bytes_s is None


@pytest.mark.parametrize(
    ("typed", "limit_bytes_s", "ticked"),
    [
        ("0.5", 500_000, "Other (500 kB/s)…"),
        ("5", 5_000_000, "5 MB/s"),
        ("", 0, "None"),
        ("fast", 2_000_000, "2 MB/s"),
        ("-1", 2_000_000, "2 MB/s"),
        ("inf", 2_000_000, "2 MB/s"),
        ("nan", 2_000_000, "2 MB/s"),
        ("1e300", 2_000_000, "2 MB/s"),
    ],
)
async def test_another_limit_is_typed(
    open_desk: OpenDesk, where: Places, typed: str, limit_bytes_s: int, ticked: str
) -> None:
    SettingsFile(where.settings_file).save(Settings(save_limit_bytes_s=2_000_000))

    async with open_desk() as desk:
        await desk.choose("Other…")
        await desk.dialog()
        field = desk.field("Limit in MB/s")
        assert field.text() == "2"
        field.clear()
        QTest.keyClicks(field, typed)
        await desk.click("OK")

        assert desk.engine.settings.save_limit_bytes_s == limit_bytes_s
        assert desk.action(ticked).isChecked()
        assert desk.reads("is no speed") == (typed not in ("0.5", "5", ""))


def test_a_row_says_share_and_speed() -> None:
    def word(
        phase: SavePhase, received_bytes: int = 0, total_bytes: int = 0, speed_bytes_s: float = 0
    ) -> str:
        save = SaveProgressed(
            VideoRef("default", "7"), phase, received_bytes, total_bytes, speed_bytes_s=speed_bytes_s
        )
        return messages.save_word(save)

    assert word(SavePhase.RECEIVING, 42, 100, 3_100_000) == "Saving 42 % · 3.1 MB/s"
    assert word(SavePhase.RECEIVING, 42, 100, 196_900) == "Saving 42 % · 197 kB/s"
    assert word(SavePhase.RECEIVING, 42, 100) == "Saving 42 %"
    assert word(SavePhase.RECEIVING, 42, 0, 2000) == "Saving · 2.0 kB/s"
    assert word(SavePhase.HELD) == "Not saved yet"


@pytest.mark.parametrize(
    ("saving", "words"),
    [
        (SavingOverview(), ""),
        (SavingOverview(is_paused=True), ""),
        (SavingOverview(held=3), "3 not saved yet"),
        (SavingOverview(2, 12, share=0.419), "Saving 3 of 12 · 41 %"),
        (SavingOverview(2, 12, share=0.41, left_s=130), "Saving 3 of 12 · 41 % · 2 min left"),
        (SavingOverview(2, 12, share=0.41, left_s=20), "Saving 3 of 12 · 41 % · less than a minute left"),
        (SavingOverview(0, 1, left_s=4000), "Saving 1 of 1 · 0 % · 1 h 7 min left"),
        (SavingOverview(3, 12, share=0.4, is_paused=True), "Saving is paused · 9 to go"),
    ],
)
def test_the_foot_says_how_far_all_is(saving: SavingOverview, words: str) -> None:
    assert messages.saving_words(saving) == words
