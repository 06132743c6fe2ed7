"""Pictures beside clips."""

from pathlib import Path

import pytest

from pixverse_desktop.adapters.pictures import write_picture
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
