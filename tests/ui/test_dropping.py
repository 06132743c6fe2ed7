"""Ids come in by any means, and a sentence says what became of them."""

import json
import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from pixverse_desktop.adapters.id_shelf import FILE_NAME as SHELF_NAME
from pixverse_desktop.adapters.id_shelf import FolderShelf
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.records import as_json
from pixverse_desktop.core.video import Video
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, clipboard_text, mime, until

ONE, TWO, THREE = "627410861853514292", "391504857968062", "604118237745920316"


async def test_ids_in_a_text_are_added_in_their_order(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        await desk.drop(mime(f"{TWO}\n{ONE}\n"))

        await until(lambda: desk.ids == [TWO, ONE])
        await until(lambda: desk.reads("2 added"))


async def test_a_drop_is_a_copy_whatever_the_other_program_proposed(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        event = await desk.drop(mime(ONE))

        assert event.isAccepted()
        assert event.dropAction() is Qt.DropAction.CopyAction


FILES = {
    "ids.txt": f"{ONE}\n{TWO}\n",
    "export.csv": f"video_id,prompt\n{ONE},a boat\n{TWO},a fox\n",
    "answers.json": json.dumps({"videos": [{"video_id": int(ONE)}, {"video_id": int(TWO)}]}),
}


@pytest.mark.parametrize("name", FILES)
async def test_a_file_is_read_for_its_ids(open_desk: OpenDesk, tmp_path: Path, name: str) -> None:
    async with open_desk() as desk:
        (tmp_path / name).write_text(FILES[name])

        await desk.drop(mime(files=[tmp_path / name]))

        await until(lambda: desk.ids == [ONE, TWO])
        await until(lambda: desk.reads("2 added"))


async def test_several_files_are_one_drop(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk() as desk:
        (tmp_path / "a.txt").write_text(ONE)
        (tmp_path / "b.txt").write_text(f"{TWO}\n{ONE}")

        await desk.drop(mime(files=[tmp_path / "a.txt", tmp_path / "b.txt"]))

        await until(lambda: desk.ids == [ONE, TWO])
        await until(lambda: desk.reads("2 added"))


async def test_the_files_count_and_not_the_text_that_names_them(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk() as desk:
        path = tmp_path / f"{THREE}.txt"
        path.write_text(ONE)

        await desk.drop(mime(path.as_uri(), files=[path]))

        await until(lambda: desk.ids == [ONE])


async def test_a_link_is_searched_for_ids(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        await desk.drop(mime(links=[f"https://app.pixverse.ai/video/{ONE}"]))

        await until(lambda: desk.ids == [ONE])


async def test_a_file_that_is_no_text_is_named(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk() as desk:
        path = tmp_path / "clip.bin"
        path.write_bytes(b"\x00\x01\x02\xff" * 100)

        await desk.drop(mime(files=[path]))

        await until(lambda: desk.reads(f"{path} is not a text"))
        assert desk.ids == []


async def test_a_file_that_is_gone_is_named_and_the_others_count(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk() as desk:
        (tmp_path / "good.txt").write_text(ONE)
        gone = tmp_path / "gone.txt"

        await desk.drop(mime(files=[gone, tmp_path / "good.txt"]))

        await until(lambda: desk.ids == [ONE])
        await until(lambda: desk.reads("1 added"))
        assert desk.reads(f"{gone} cannot be read")


async def test_a_folder_is_refused_in_words(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk() as desk:
        await desk.drop(mime(files=[tmp_path]))

        await until(lambda: desk.reads("is a folder"))


async def test_a_text_without_ids_is_answered(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        await desk.drop(mime("good morning"))

        await until(lambda: desk.reads("No video ids were found there."))
        assert desk.ids == []


async def test_the_sentence_counts_the_new_the_known_and_the_refused(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[THREE]) as desk:
        await desk.drop(mime(f"{ONE}\n{TWO}\n{THREE}\nabc"))

        await until(lambda: desk.reads("2 added, 1 already here, 1 not an id: ‘abc’"))
        assert desk.ids == [THREE, ONE, TWO]


async def test_an_id_that_a_spreadsheet_has_rounded_is_explained(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        await desk.drop(mime("6.27411E+17"))

        await until(lambda: desk.reads("a spreadsheet has rounded it"))


async def test_html_in_a_drop_is_shown_as_it_stands(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        await desk.drop(mime(f"{ONE}\na<b>c"))

        await until(lambda: desk.ids == [ONE])
        await until(lambda: desk.reads("1 added, 1 not an id: ‘a<b>c’"))


async def test_the_first_new_row_is_selected(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[THREE]) as desk:
        await desk.drop(mime(f"{ONE}\n{TWO}"))

        await until(lambda: desk.selected == [ONE])


async def test_what_is_known_already_is_shown(open_desk: OpenDesk) -> None:
    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        await desk.drop(mime(TWO))

        await until(lambda: desk.selected == [TWO])
        await until(lambda: desk.reads("1 already here"))


async def test_ctrl_v_adds_what_was_copied(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        await desk.paste(mime(f"video_id: {ONE}"))

        await until(lambda: desk.ids == [ONE])


async def test_files_that_were_copied_are_pasted(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk() as desk:
        (tmp_path / "ids.txt").write_text(ONE)

        await desk.paste(mime(files=[tmp_path / "ids.txt"]))

        await until(lambda: desk.ids == [ONE])


async def test_the_button_of_the_empty_page_pastes(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        QGuiApplication.clipboard().setText(ONE)

        await desk.click("Paste ids")

        await until(lambda: desk.ids == [ONE])


@pytest.mark.parametrize("blank", [QMimeData(), mime("  \n")])
async def test_pasting_nothing_says_so(open_desk: OpenDesk, blank: QMimeData) -> None:
    async with open_desk() as desk:
        await desk.paste(mime(blank.text()) if blank.hasText() else QMimeData())

        await until(lambda: desk.reads("There is nothing to paste."))


async def test_ids_that_are_dropped_before_there_is_a_key_are_kept(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        await desk.drop(mime(ONE))
        await until(lambda: desk.ids == [ONE])

    async with open_desk(key=None) as again:
        assert again.ids == [ONE]


async def test_files_are_chosen_in_a_dialog_too(open_desk: OpenDesk, tmp_path: Path) -> None:
    async with open_desk() as desk:
        (tmp_path / "ids.txt").write_text(f"{ONE}\n{TWO}")

        await desk.choose("Add from file…")
        dialog = await desk.dialog()
        assert isinstance(dialog, QFileDialog)
        dialog.setDirectory(str(tmp_path))
        dialog.findChildren(QLineEdit)[0].setText("ids.txt")
        await desk.click("Open")

        await until(lambda: desk.ids == [ONE, TWO])


def _moving(data: QMimeData, middle: QPointF) -> tuple[QDragEnterEvent, QDragMoveEvent]:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    return (
        QDragEnterEvent(middle.toPoint(), copy, data, left, none),
        QDragMoveEvent(middle.toPoint(), copy, data, left, none),
    )


async def test_while_something_is_dragged_the_page_says_what_will_happen(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        before = desk.window.grab().toImage()
        data = mime(ONE)
        enter, move = _moving(data, QPointF(desk.window.rect().center()))

        QApplication.sendEvent(desk.window, enter)
        QApplication.sendEvent(desk.window, move)
        during = desk.window.grab().toImage()
        QApplication.sendEvent(desk.window, QDragLeaveEvent())

        assert enter.isAccepted()
        assert during != before
        assert desk.window.grab().toImage() == before


async def test_a_picture_is_not_taken(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        data = QMimeData()
        data.setData("image/png", b"\x89PNG")
        enter, _ = _moving(data, QPointF(desk.window.rect().center()))
        enter.ignore()

        QApplication.sendEvent(desk.window, enter)

        assert not enter.isAccepted()


async def test_ids_that_cannot_be_written_are_held_until_they_can(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        other = sqlite3.connect(desk.where.library, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")  # another program keeps the list to itself

        await desk.drop(mime(f"{ONE}\n{TWO}"))
        await until(lambda: desk.reads("held in a file"))
        assert desk.ids == []
        assert _shelved(desk) == [ONE, TWO]
        other.execute("ROLLBACK")
        other.close()

        await until(lambda: desk.ids == [ONE, TWO])
        await until(lambda: _shelved(desk) == [])


async def test_ids_held_at_the_end_are_there_at_the_next_start(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        other = sqlite3.connect(desk.where.library, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        await desk.drop(mime(ONE))
        await until(lambda: desk.reads("held in a file"))
    other.execute("ROLLBACK")
    other.close()

    async with open_desk() as desk:
        await until(lambda: desk.ids == [ONE])
        assert _shelved(desk) == []


async def test_closing_asks_first_when_ids_are_nowhere_but_in_memory(open_desk: OpenDesk) -> None:
    async with open_desk() as desk:
        asked = []
        desk.window.close_requested.connect(lambda: asked.append(True))
        for folder in desk.where.shelves:
            (folder / SHELF_NAME).mkdir(exist_ok=True)  # where a folder is, no file can be
        other = sqlite3.connect(desk.where.library, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        await desk.drop(mime(f"{ONE}\n{TWO}"))
        await until(lambda: desk.reads("held in memory"))

        desk.window.close()
        await desk.dialog()
        await desk.click("Copy the ids")
        assert clipboard_text() == f"{ONE}\n{TWO}"
        assert asked == []

        await desk.click("Keep open")
        assert asked == []
        desk.window.close()
        await desk.dialog()
        await desk.click("Close and lose them")
        assert asked == [True]
        other.execute("ROLLBACK")
        other.close()
        await until(lambda: desk.ids == [ONE, TWO])


def _shelved(desk: Desk) -> list[str]:
    return [ref.video_id for ref in FolderShelf(desk.where.shelves).read()]


async def test_numbers_that_may_be_meant_as_ids_are_shown_before_anything_is_added(
    open_desk: OpenDesk,
) -> None:
    async with open_desk() as desk:
        await desk.drop(mime(f"{ONE}\n6.27411E+17"))
        await desk.dialog()

        assert desk.ids == []
        await desk.click("Add the 1 id")

        await until(lambda: desk.ids == [ONE])


async def test_an_export_pasted_as_a_text_comes_with_its_marks(open_desk: OpenDesk) -> None:
    row = (Video(account="default", video_id=ONE, added_at_s=5.0, prompt="a fox"), Marks(rating=4))
    async with open_desk() as desk:
        await desk.drop(mime(as_json([row])))

        await until(lambda: desk.ids == [ONE])
        await until(lambda: desk.cell(ONE, "Rating") == "★★★★")
