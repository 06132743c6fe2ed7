"""The file for ids the list cannot take: in the first folder that has room, and gone after."""

from pathlib import Path

import pytest

from pixverse_desktop.adapters.id_shelf import FILE_NAME, FolderShelf
from pixverse_desktop.core.identifiers import scan_ids
from pixverse_desktop.core.video import VideoRef

REFS = (VideoRef("default", "391504857968062"), VideoRef("studio", "391504857968063"))


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    found = [tmp_path / "first", tmp_path / "second"]
    for folder in found:
        folder.mkdir()
    return found


def block(folder: Path) -> None:
    """Let nothing of the file's name be written here, not even by root."""
    (folder / FILE_NAME).mkdir()


def test_an_empty_shelf_holds_nothing(folders: list[Path]) -> None:
    assert FolderShelf(folders).read() == ()


def test_another_run_reads_what_was_put(folders: list[Path]) -> None:
    assert FolderShelf(folders).put(REFS)

    assert FolderShelf(folders).read() == REFS


def test_the_next_folder_is_used_where_the_first_cannot_be(folders: list[Path]) -> None:
    block(folders[0])

    assert FolderShelf(folders).put(REFS)

    assert (folders[1] / FILE_NAME).is_file()
    assert FolderShelf(folders).read() == REFS


def test_where_no_folder_takes_them_it_says_so(folders: list[Path]) -> None:
    for folder in folders:
        block(folder)

    assert not FolderShelf(folders).put(REFS)


def test_putting_nothing_leaves_no_file(folders: list[Path]) -> None:
    shelf = FolderShelf(folders)
    shelf.put(REFS)

    assert shelf.put(())

    assert [list(folder.iterdir()) for folder in folders] == [[], []]


def test_lines_that_are_no_rows_are_passed_over(folders: list[Path]) -> None:
    text = "default\t391504857968062\nnonsense\n\t5\ndefault\tabc\n\xff\n"
    (folders[0] / FILE_NAME).write_text(text, encoding="latin-1")

    assert FolderShelf(folders).read() == REFS[:1]


def test_the_file_can_be_dropped_on_the_window_as_a_list_of_ids(folders: list[Path]) -> None:
    FolderShelf(folders).put(REFS)

    text = (folders[0] / FILE_NAME).read_text(encoding="utf-8")

    assert scan_ids(text).ids == tuple(ref.video_id for ref in REFS)
