"""A watched folder, a long reading, and saved files on their way to the trash."""

from pathlib import Path

from pixverse_desktop.ui.dropping import Reading
from tests.ui.conftest import OpenDesk
from tests.ui.desk import mime, until

ONE, TWO = "627410861853514292", "391504857968062"


async def test_lists_in_a_watched_folder_are_taken_in_as_they_appear(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "first.txt").write_text(ONE)
    async with open_desk() as desk:
        desk.engine.preferences.change(watch_folder=str(folder))

    async with open_desk() as desk:
        await until(lambda: desk.ids == [ONE])
        (folder / "picture.png").write_bytes(b"\x89PNG")
        (folder / "second.csv").write_text(f"video_id\n{TWO}\n")

        await until(lambda: desk.ids == [ONE, TWO])


async def test_a_folder_is_watched_no_more_when_it_is_switched_off(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    async with open_desk() as desk:
        desk.engine.preferences.change(watch_folder=str(folder))

    async with open_desk() as desk:
        await until(lambda: desk.action("Watch a folder for ids…").isChecked())
        desk.action("Watch a folder for ids…").trigger()

        await until(lambda: desk.reads("watched no more"))
        assert desk.engine.settings.watch_folder == ""


async def test_a_reading_that_is_cancelled_adds_nothing_and_says_so(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    many = tmp_path / "many.txt"
    many.write_text("\n".join(str(391504857968062 + number) for number in range(900_000)))
    async with open_desk() as desk:
        await desk.drop(mime(files=[many]))
        await until(lambda: desk.has_button("Cancel"))

        await desk.click("Cancel")

        await until(lambda: desk.reads("cancelled"))
        assert desk.ids == []


def test_a_reading_knows_how_far_it_is() -> None:
    reading = Reading()

    reading.note(0.4)

    assert reading.share == 0.4
