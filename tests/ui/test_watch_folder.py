"""A watched folder, a long reading, and saved files on their way to the trash."""

from pathlib import Path

from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.intake import Intake
from pixverse_desktop.ui.dropping import Dropped, Reading, find_ids
from tests.ui.conftest import OpenDesk
from tests.ui.desk import mime, until

ONE, TWO = "627410861853514292", "391504857968062"


async def test_lists_in_a_watched_folder_are_taken_in_as_they_appear(
    open_desk: OpenDesk, tmp_path: Path
) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "first.txt").write_text(f"{ONE}\n")
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


async def test_what_was_removed_does_not_come_back_by_itself(open_desk: OpenDesk, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "first.txt").write_text(f"{ONE}\n")
    async with open_desk(ids=[ONE]) as desk:
        desk.engine.preferences.change(watch_folder=str(folder))
        await desk.engine.library.remove([VideoRef("default", ONE)])

    async with open_desk() as desk:
        await until(lambda: desk.action("Watch a folder for ids…").isChecked())
        (folder / "second.txt").write_text(f"{ONE}\n{TWO}\n")

        await until(lambda: desk.reads("1 added, 1 removed before"))
        assert desk.ids == [TWO]


async def test_trouble_in_a_watched_folder_is_told(open_desk: OpenDesk, tmp_path: Path) -> None:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "notes.txt").write_text("6.27411E+17\n")
    async with open_desk() as desk:
        desk.engine.preferences.change(watch_folder=str(folder))

    async with open_desk() as desk:
        await until(lambda: desk.reads("No video id was found in"))


async def test_a_watched_folder_that_is_not_there_is_told(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk() as desk:
        desk.engine.preferences.change(watch_folder=str(tmp_path / "gone"))

    async with open_desk() as desk:
        await until(lambda: desk.reads("cannot be looked at"))


async def test_a_cancelled_drop_adds_nothing_of_any_of_its_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{ONE}\n")
    (tmp_path / "b.csv").write_text(f"video_id\n{TWO}\n")
    reading = Reading()

    def read(path: Path) -> bytes:
        if path.name == "b.csv":
            reading.cancel()
        return path.read_bytes()

    dropped = Dropped((tmp_path / "a.txt", tmp_path / "b.csv"))
    found = await find_ids(dropped, Intake(read), reading, now_s=1.0)

    assert found.scan.ids == ()
    assert "cancelled" in found.troubles[0]
