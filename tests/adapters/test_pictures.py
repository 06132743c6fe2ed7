"""Pictures beside clips."""

import os
from pathlib import Path

import pytest

from pixverse_desktop.adapters.pictures import LentPictures, write_picture
from pixverse_desktop.core.errors import FolderUnusable


def test_it_is_written_whole(tmp_path: Path) -> None:
    path = write_picture(tmp_path / "new" / "folder", "7_frame3.png", b"picture")

    assert path == tmp_path / "new" / "folder" / "7_frame3.png"
    assert path.read_bytes() == b"picture"


def test_what_is_there_stays(tmp_path: Path) -> None:
    first = write_picture(tmp_path, "7_frame3.png", b"one")
    second = write_picture(tmp_path, "7_frame3.png", b"two")

    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert second.name == "7_frame3 (2).png"


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(FolderUnusable, match=r"The picture cannot be written to .*: it is not a folder"):
        write_picture(tmp_path / "file", "7.png", b"")


def test_of_lent_pictures_the_last_ones_stay(tmp_path: Path) -> None:
    lent = LentPictures(tmp_path / "frames", most=3)
    written = []
    for number in range(5):
        path = lent.write("7_frame3.png", bytes([number]))
        os.utime(path, ns=(number, number))  # clocks of disks are coarse
        written.append(path)

    assert sorted((tmp_path / "frames").iterdir()) == sorted(written[2:])
    assert [path.read_bytes() for path in written[2:]] == [b"\x02", b"\x03", b"\x04"]


def test_lending_leaves_alone_what_is_no_picture(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("mine")
    lent = LentPictures(tmp_path, most=1)

    for number in range(3):
        lent.write(f"{number}.png", b"")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["2.png", "note.txt"]
