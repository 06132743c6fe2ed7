"""The window about saving: where clips go, when, under which names, and with what beside them."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.settings_file import SettingsFile
from pixverse_desktop.simulator import Simulation
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, mime, turns, until
from tests.ui.lives import ONE, TWO, ready


def example(desk: Desk) -> str:
    """What the window shows as the example."""
    return next(desk.visible(QPlainTextEdit)).toPlainText()


async def open_dialog(desk: Desk, *, selected: str = "") -> None:
    if selected:
        await desk.select(selected)
    await desk.choose("Saving…")
    await desk.dialog()


async def retype(desk: Desk, text: str) -> None:
    """Write another template, as with the keyboard alone."""
    await desk.press(Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    await desk.press(Qt.Key.Key_Delete)
    field = desk.field("Name")
    assert field.hasFocus()
    QTest.keyClicks(field, text)
    await turns()


async def test_clips_are_saved_where_when_and_as_the_window_says(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path, where: Places
) -> None:
    simulation.add(ready(prompt="a paper boat"))
    folder = tmp_path / "clips"
    folder.mkdir()
    async with open_desk() as desk:
        await open_dialog(desk)
        await desk.click("Choose…")
        chooser = await desk.dialog()
        assert isinstance(chooser, QFileDialog)
        chooser.findChildren(QLineEdit)[0].setText(str(folder))
        await desk.click("Choose")
        await until(lambda: desk.field("Folder").text() == str(folder))
        (own,) = (each for each in desk.dialogs() if not isinstance(each, QFileDialog))
        own.activateWindow()  # which the offscreen platform does not do by itself
        desk.field("Name").setFocus()
        await retype(desk, "{account}/{prompt}")
        await desk.click("Write what is known of a clip beside it, as a .json file")
        await desk.click("OK")
        assert desk.action("Save new clips by themselves").isChecked()

        await desk.drop(mime(ONE))
        await until(lambda: desk.status(ONE) == "Saved")

        names = [f"a paper boat {ONE}.json", f"a paper boat {ONE}.mp4"]
        await until(lambda: sorted(path.name for path in folder.glob("default/*")) == names)
        assert json.loads((folder / "default" / names[0]).read_text())[0]["video_id"] == ONE
    kept = SettingsFile(where.settings_file).load()
    assert (kept.save_folder, kept.saves_automatically) == (str(folder), True)
    assert (kept.name_template, kept.writes_sidecar) == ("{account}/{prompt}", True)


async def test_the_example_is_the_selected_video_by_the_name_that_is_typed(
    open_desk: OpenDesk, simulation: Simulation
) -> None:
    simulation.add(ready(ONE, prompt="a paper boat"))
    simulation.add(ready(TWO, prompt="a red kite"))
    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: [desk.status(each) for each in (ONE, TWO)] == ["Ready", "Ready"])
        await open_dialog(desk, selected=TWO)

        assert example(desk) == f"{TWO}_a red kite.mp4"
        await retype(desk, "{account}/{prompt} ({seed})")
        assert example(desk) == f"default/a red kite (0) {TWO}.mp4"
        await desk.press(Qt.Key.Key_Escape)


async def test_a_field_is_inserted_where_the_cursor_stands(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        await open_dialog(desk)
        await retype(desk, "x")
        button = desk.button("Insert")
        menu = button.menu()  # type: ignore[attr-defined]
        QTest.keyClick(button, Qt.Key.Key_Space)
        await until(lambda: desk.menus() == [menu])
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        await turns()

        assert desk.field("Name").text() == "x{prompt}"
        assert "A paper boat on a pond" in example(desk)
        await desk.press(Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("template", "words"),
    [("{colour}", "“{colour}” is not a field"), ("{id", "no partner"), ("../{id}", "“..” cannot be used")],
)
async def test_a_wrong_name_is_told_and_cannot_be_kept(
    open_desk: OpenDesk, where: Places, template: str, words: str
) -> None:
    async with open_desk(key=None) as desk:
        await open_dialog(desk)
        await retype(desk, template)

        assert words in example(desk)
        assert words in desk.field("Name").accessibleDescription()
        assert not desk.button("OK").isEnabled()
        await desk.press(Qt.Key.Key_Return)
        assert len(desk.dialogs()) == 1
        await desk.press(Qt.Key.Key_Escape)
        assert desk.dialogs() == []
        assert desk.engine.settings.name_template == "{id}_{prompt}"


async def test_what_was_cancelled_or_not_touched_stays(
    open_desk: OpenDesk, tmp_path: Path, where: Places
) -> None:
    async with open_desk(key=None) as desk:
        desk.engine.saver.save_everything_to(tmp_path)  # for this run alone
        before = desk.engine.settings
        await open_dialog(desk)
        await retype(desk, "{prompt}")
        await desk.press(Qt.Key.Key_Escape)
        assert desk.engine.settings == before

        await open_dialog(desk)
        await desk.press(Qt.Key.Key_Return)

        assert desk.dialogs() == []
        assert desk.engine.settings == before
        assert desk.engine.saver.automatic_folder == tmp_path


async def test_saving_by_itself_can_be_switched_off(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk(key=None) as desk:
        desk.window.commands.choose_folder(tmp_path)
        await open_dialog(desk)
        await desk.click("Save each clip as soon as it is finished")
        await desk.press(Qt.Key.Key_Return)

        assert not desk.action("Save new clips by themselves").isChecked()
        assert desk.engine.saver.automatic_folder is None
        assert (desk.engine.settings.save_folder, desk.engine.settings.saves_automatically) == (
            str(tmp_path),
            False,
        )


async def test_every_field_has_a_name_and_a_place_in_the_order_of_the_tab_key(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        await open_dialog(desk)
        dialog = await desk.dialog()
        names = []
        for _ in range(9):
            widget = dialog.focusWidget()
            text = getattr(widget, "text", str)()
            names.append((widget.accessibleName() or text).replace("&", ""))
            await desk.press(Qt.Key.Key_Tab)

        assert [name.partition(" ")[0] for name in names] == [
            "Name",
            "Insert",
            "Example",
            "Save",
            "Write",
            "OK",
            "Cancel",
            "Folder",
            "Choose…",
        ]
        await desk.press(Qt.Key.Key_Escape)


async def test_what_is_known_is_written_beside_a_clip_when_told(
    open_desk: OpenDesk, simulation: Simulation, tmp_path: Path
) -> None:
    simulation.add(ready(prompt="a paper boat"))
    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        desk.window.commands.choose_folder(tmp_path / "clips")
        desk.window.commands.save_all()
        await until(lambda: desk.status(ONE) == "Saved")
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_4)
        await until(lambda: desk.cell(ONE, "Rating"))

        await desk.choose("Write what is known beside the clip")

        path = tmp_path / "clips" / f"{ONE}_a paper boat.json"
        await until(lambda: desk.reads(f"Written: {path}"))
        assert json.loads(path.read_text())[0]["rating"] == 4

        await desk.select(ONE)
        await desk.press(Qt.Key.Key_Delete)
        await until(lambda: desk.ids == [])
        await desk.drop(mime(files=[path]))
        await until(lambda: desk.ids == [ONE])
        assert desk.status(ONE) == "Saved"
