"""Looking after what was saved: what is wrong is listed, found again, fetched again, or forgotten."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit, QListView

from pixverse_desktop.resources import resource_path
from pixverse_desktop.simulator import Simulation
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, turns, until
from tests.ui.lives import ONE, THREE, TWO, ready

RED_CLIP = (resource_path("clips") / "01-red.mp4").read_bytes()
WHOLE = "Every saved file is there and whole."


def lines(desk: Desk) -> list[str]:
    """The list, from the top down."""
    model = next(view for view in desk.visible(QListView) if view.objectName() == "lines").model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())] if model else []


async def saved(desk: Desk, folder: Path) -> dict[str, Path]:
    """All clips of the list on disk; where each is."""
    await until(lambda: all(desk.status(each) == "Ready" for each in desk.ids))
    desk.window.commands.choose_folder(folder)
    desk.window.commands.save_all()
    await until(lambda: all(desk.status(each) == "Saved" for each in desk.ids))
    return {video.video_id: Path(video.saved_path) for video in desk.engine.library}


async def check(desk: Desk) -> None:
    await desk.choose("Check saved files…")
    await desk.dialog()
    await until(lambda: desk.reads("saved file") and desk.has_button("Close"))


async def choose_folder(desk: Desk, folder: Path) -> None:
    await until(lambda: any(isinstance(each, QFileDialog) for each in desk.dialogs()))
    chooser = next(each for each in desk.dialogs() if isinstance(each, QFileDialog))
    chooser.findChildren(QLineEdit)[0].setText(str(folder))
    await desk.click("Choose")
    (own,) = (each for each in desk.dialogs() if not isinstance(each, QFileDialog))
    own.activateWindow()  # which the offscreen platform does not do by itself


def three(simulation: Simulation) -> list[str]:
    for video_id, prompt in ((ONE, "a paper boat"), (TWO, "a red kite"), (THREE, "a fox")):
        simulation.add(ready(video_id, prompt=prompt))
    return [ONE, TWO, THREE]


async def test_files_that_are_as_they_were_are_told_in_a_sentence(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    async with open_desk(ids=three(simulation)) as desk:
        await saved(desk, tmp_path / "clips")

        await check(desk)

        assert desk.reads(WHOLE)
        assert lines(desk) == []
        assert not desk.button("Fetch again").isEnabled()
        await desk.press(Qt.Key.Key_Return)
        assert desk.dialogs() == []


async def test_where_nothing_is_saved_yet_it_says_so(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.choose("Check saved files…")
        await desk.dialog()

        await until(lambda: desk.reads("No clip is saved yet"))
        assert not desk.reads(WHOLE)
        await desk.press(Qt.Key.Key_Return)
        assert desk.dialogs() == []


async def test_moved_files_are_found_linked_and_let_go_of_again(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    async with open_desk(ids=three(simulation)) as desk:
        files = await saved(desk, tmp_path / "clips")
        (tmp_path / "moved" / "deep").mkdir(parents=True)
        files[ONE].rename(tmp_path / "moved" / files[ONE].name)
        files[TWO].rename(tmp_path / "moved" / "deep" / f"kite {TWO}.mp4")
        files[THREE].write_bytes(RED_CLIP[:-1])

        await check(desk)
        assert lines(desk) == [
            f"{ONE}   Not there   a paper boat",
            f"{TWO}   Not there   a red kite",
            f"{THREE}   Too short   a fox",
        ]
        await desk.click("Find in folder…")
        await choose_folder(desk, tmp_path / "moved")
        await until(lambda: desk.reads("2 of 3 found in"))

        def path_of(video_id: str) -> str:
            return next(each.saved_path for each in desk.engine.library if each.video_id == video_id)

        await until(lambda: path_of(ONE) == str(tmp_path / "moved" / files[ONE].name))
        assert path_of(TWO) == str(tmp_path / "moved" / "deep" / f"kite {TWO}.mp4")
        assert lines(desk) == [f"{THREE}   Too short   a fox"]
        await desk.press(Qt.Key.Key_Escape)

        await desk.choose("Undo")
        await until(lambda: path_of(ONE) == str(files[ONE]))
        assert path_of(TWO) == str(files[TWO])
        assert desk.reads("Undone: link 2 files")
        assert files[THREE].read_bytes() == RED_CLIP[:-1]


async def test_what_is_broken_is_fetched_again(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    async with open_desk(ids=three(simulation)) as desk:
        files = await saved(desk, tmp_path / "clips")
        files[ONE].unlink()
        files[TWO].write_bytes(b"x" * len(RED_CLIP))

        await check(desk)
        await desk.click("Fetch again")
        await until(lambda: desk.reads("2 of 2 are fetched again into"))
        await until(lambda: [desk.status(each) for each in (ONE, TWO)] == ["Saved", "Saved"])
        await desk.press(Qt.Key.Key_Escape)
        await check(desk)

        assert desk.reads(WHOLE)
        assert files[ONE].read_bytes() == RED_CLIP
        assert files[TWO].read_bytes() == b"x" * len(RED_CLIP)
        await desk.press(Qt.Key.Key_Escape)


async def test_a_copy_is_forgotten_and_remembered_again(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    async with open_desk(ids=three(simulation)) as desk:
        files = await saved(desk, tmp_path / "clips")
        files[ONE].unlink()
        files[TWO].unlink()
        await check(desk)
        await desk.press(Qt.Key.Key_Down)
        await desk.press(Qt.Key.Key_Up)  # so that the first line alone is selected

        await desk.click("Forget the copy")

        await until(lambda: desk.status(ONE) == "Ready")
        assert desk.status(TWO) == "Saved"
        assert desk.reads("1 copy forgotten")
        assert lines(desk) == [f"{TWO}   Not there   a red kite"]
        await desk.press(Qt.Key.Key_Escape)
        await desk.choose("Undo")
        await until(lambda: desk.status(ONE) == "Saved")
        assert list((tmp_path / "clips").iterdir()) == [files[THREE]]


async def test_a_search_that_was_stopped_leaves_the_list_as_it_was(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    async with open_desk(ids=three(simulation)) as desk:
        files = await saved(desk, tmp_path / "clips")
        files[ONE].unlink()
        (tmp_path / "many").mkdir()
        for number in range(3000):
            (tmp_path / "many" / f"{number}.txt").touch()
        await check(desk)

        await desk.click("Find in folder…")
        await choose_folder(desk, tmp_path / "many")
        await until(lambda: desk.reads("Looking through") and desk.has_button("Stop"))
        await desk.click("Stop")
        await turns()

        assert desk.reads("1 saved file is not what it was.")
        assert lines(desk) == [f"{ONE}   Not there   a paper boat"]
        await desk.press(Qt.Key.Key_Escape)
        assert desk.dialogs() == []


async def test_the_window_can_be_closed_in_the_middle_of_a_check(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    async with open_desk(ids=three(simulation)) as desk:
        await saved(desk, tmp_path / "clips")

        await desk.choose("Check saved files…")
        await desk.press(Qt.Key.Key_Escape)

        await desk.nothing_under_way("saved files")
        assert desk.dialogs() == []
