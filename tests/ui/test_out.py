"""The list goes out: into files, onto the clipboard, and back into an empty list as it was."""

import csv
import io
import json
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLineEdit

from pixverse_desktop.adapters.places import Places, places
from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.records import COLUMNS
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.simulator import Simulation, SimulatorServer
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, clipboard_text, mime, until
from tests.ui.lives import ONE, THREE, TWO, ready

ALL = [ONE, TWO, THREE]
HERO = Marks(tags=("hero", "wide shot"), rating=4, note="first\nof all", batch="night")


async def export(desk: Desk, what: str, path: Path) -> str:
    """Export by the menu, as a person does; what the file holds then."""
    await desk.choose(what)
    dialog = await desk.dialog()
    assert isinstance(dialog, QFileDialog)
    dialog.setDirectory(str(path.parent))
    dialog.findChildren(QLineEdit)[0].setText(str(path))
    await desk.click("Save")
    await until(lambda: desk.reads(f"written to {path}"))
    return path.read_text(encoding="utf-8")


async def test_the_ids_of_the_selection(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE, THREE)

        assert await export(desk, "Export selection…", tmp_path / "some.txt") == f"{ONE}\n{THREE}\n"


async def test_what_is_shown(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.type(TWO[:7], into="Search")

        assert await export(desk, "Export what is shown…", tmp_path / "shown.txt") == f"{TWO}\n"


async def test_all_as_csv_whatever_is_shown(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.set_marks({VideoRef("default", ONE): HERO})
        await desk.type(TWO[:7], into="Search")

        text = await export(desk, "Export all…", tmp_path / "all.csv")

        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["video_id"] for row in rows] == ALL
        assert (rows[0]["tags"], rows[0]["rating"], rows[0]["note"]) == (
            "hero, wide shot",
            "4",
            "first\nof all",
        )


async def test_a_json_export_makes_the_same_list_elsewhere(
    open_desk: OpenDesk, simulation: Simulation, server: SimulatorServer, defects: list[BaseException],
    tmp_path: Path,
) -> None:  # fmt: skip
    simulation.add(ready(ONE, prompt="a <paper> boat, “quoted”"))
    path = tmp_path / "list.json"
    async with open_desk(ids=[ONE, TWO]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        await desk.engine.library.set_marks({VideoRef("default", ONE): HERO})
        records = json.loads(await export(desk, "Export all…", path))
        before = list(desk.engine.library)
    assert [record["video_id"] for record in records] == [ONE, TWO]

    other = Desk(_empty(tmp_path), server.url, defects)
    await other.open(key=None)
    try:
        await other.drop(mime(files=[path]))
        await until(lambda: other.ids == [ONE, TWO])
        await until(lambda: other.cell(ONE, "Rating") == "★★★★")

        after = list(other.engine.library)
        assert [each.prompt for each in after] == [each.prompt for each in before]
        assert [(each.status, each.seed, each.url) for each in after] == [
            (each.status, each.seed, each.url) for each in before
        ]
        assert [json.loads(each.raw or "null") for each in after] == [
            json.loads(each.raw or "null") for each in before
        ]
        assert [other.engine.library.marks(each.ref) for each in after] == [HERO, NO_MARKS]
    finally:
        await other.close()


def _empty(folder: Path) -> Places:
    found = places(folder / "elsewhere")
    found.prepare()
    return found


async def test_a_file_that_cannot_be_written_is_told(open_desk: OpenDesk, tmp_path: Path) -> None:
    (tmp_path / "taken.csv").mkdir()

    async with open_desk(key=None, ids=ALL) as desk:
        desk.window.exporter.write(list(desk.engine.library), tmp_path / "taken.csv", "csv")

        await until(lambda: desk.reads("cannot be written"))


async def test_rows_are_copied_as_a_spreadsheet_takes_them(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.set_marks({VideoRef("default", ONE): HERO})
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
        await until(clipboard_text)

        lines = [line.split("\t") for line in clipboard_text().split("\n")]
        assert tuple(lines[0]) == COLUMNS
        assert [len(line) for line in lines] == [len(COLUMNS)] * 3
        first = dict(zip(COLUMNS, lines[1], strict=True))
        assert (first["video_id"], first["tags"], first["note"]) == (ONE, "hero, wide shot", "first of all")
