"""A disk that is full, read-only, limited or gone: words that say so, and nothing half done."""

import resource
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.core.errors import ClipCutShort, FolderUnusable
from pixverse_desktop.core.half_clips import UNKNOWN_VERSION, ClipVersion
from pixverse_desktop.core.video import VideoRef
from tests.adapters.small_disk import SmallDisk
from tests.contracts.clip_folders import (
    NAME,
    REF,
    begin,
    names_in,
    version_of,
)
from tests.core.boxes import BIG_CLIP, FTYP, MOOV, WHOLE_CLIP, box

NO_RESERVE = DiskFolders(reserve_bytes=0)
MIDDLE_CLIP = FTYP + box(b"mdat", bytes(1024 * 1024)) + MOOV


def test_a_clip_the_disk_has_no_room_for_is_not_begun(small_disk: SmallDisk) -> None:
    part = NO_RESERVE.begin(small_disk.folder, NAME, REF)

    with pytest.raises(FolderUnusable, match=r"needs 4\.2 MB of free space"):
        part.start(version_of(BIG_CLIP), 0)
    part.keep()

    assert names_in(small_disk.folder) == []


def test_some_room_is_left_to_everybody_else(small_disk: SmallDisk) -> None:
    fitting_bytes = shutil.disk_usage(small_disk.folder).free - 50_000
    version = replace(version_of(WHOLE_CLIP), total_bytes=fitting_bytes)

    with_room = begin(NO_RESERVE, small_disk.folder, version)
    with_room.abandon()
    part = DiskFolders().begin(small_disk.folder, NAME, REF)
    with pytest.raises(FolderUnusable, match="Free some space"):
        part.start(version, 0)
    part.abandon()


def test_what_was_flushed_before_the_disk_was_full_is_gone_on_from(small_disk: SmallDisk) -> None:
    part = begin(NO_RESERVE, small_disk.folder, version_of(MIDDLE_CLIP))
    part.write(MIDDLE_CLIP[:1000])
    part.sync()
    small_disk.fill()
    with pytest.raises(FolderUnusable, match="disk is full"):
        part.write(MIDDLE_CLIP[1000:])
    part.keep()
    small_disk.free()

    again = NO_RESERVE.begin(small_disk.folder, NAME, REF)
    assert again.half is not None
    held_bytes = again.half.held_bytes
    again.start(version_of(MIDDLE_CLIP), held_bytes)
    again.write(MIDDLE_CLIP[held_bytes:])

    assert held_bytes >= 1000
    assert again.finish().read_bytes() == MIDDLE_CLIP


def test_a_clip_of_no_known_length_does_not_take_the_last_room(small_disk: SmallDisk) -> None:
    part = begin(DiskFolders(), small_disk.folder, UNKNOWN_VERSION)
    part.write(WHOLE_CLIP)
    small_disk.fill()

    with pytest.raises(FolderUnusable, match="Free some space"):
        part.sync()
    part.keep()

    assert names_in(small_disk.folder) == ["ballast"]


def test_a_full_disk_is_told_in_words_and_leaves_nothing(small_disk: SmallDisk) -> None:
    part = begin(NO_RESERVE, small_disk.folder)
    with pytest.raises(FolderUnusable, match="disk is full"):
        part.write(BIG_CLIP)
    part.abandon()

    assert names_in(small_disk.folder) == []


def test_a_disk_that_fills_up_at_the_last_byte_leaves_nothing(small_disk: SmallDisk) -> None:
    part = begin(NO_RESERVE, small_disk.folder)
    small_disk.fill()

    with pytest.raises(FolderUnusable, match="disk is full"):
        part.write(WHOLE_CLIP)
    part.abandon()

    assert names_in(small_disk.folder) == ["ballast"]


def test_a_read_only_folder_is_told_in_words(small_disk: SmallDisk) -> None:
    small_disk.make_read_only()

    with pytest.raises(FolderUnusable, match="read-only"):
        begin(NO_RESERVE, small_disk.folder)
    with pytest.raises(FolderUnusable, match="read-only"):
        begin(NO_RESERVE, small_disk.folder / "new")


def limit_files_to_a_megabyte() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * 1024, 1024 * 1024))


def test_a_limit_on_file_sizes_is_told_in_words_and_leaves_nothing(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from pixverse_desktop.adapters.disk import DiskFolders\n"
        "from tests.contracts.clip_folders import save; from tests.adapters.test_disk import BIG_CLIP\n"
        "from pixverse_desktop.core.errors import FolderUnusable\n"
        "try: save(DiskFolders(), Path(sys.argv[1]), BIG_CLIP)\n"
        "except FolderUnusable as error: print(error)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        preexec_fn=limit_files_to_a_megabyte,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "cannot be written" in done.stdout
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("below", [False, True])
def test_a_folder_that_is_a_file_is_told_in_words(tmp_path: Path, below: bool) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"mine")

    with pytest.raises(FolderUnusable, match="not a folder"):
        begin(DiskFolders(), file / "below" if below else file)

    assert file.read_bytes() == b"mine"


def test_a_name_too_long_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable, match="too long"):
        begin(DiskFolders(), tmp_path, name="x" * 300 + ".mp4")


def test_a_folder_taken_away_meanwhile_is_told_in_words(tmp_path: Path) -> None:
    folder = tmp_path / "clips"
    part = begin(DiskFolders(), folder)
    part.write(WHOLE_CLIP)
    folder.rename(tmp_path / "elsewhere")

    with pytest.raises(FolderUnusable, match="gone"):
        part.finish()
    part.abandon()

    assert not folder.exists()


def test_a_source_that_is_gone_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(FolderUnusable):
        DiskFolders().copy(tmp_path / "gone.mp4", tmp_path / "to", NAME, REF)

    assert names_in(tmp_path / "to") == []


def test_a_part_that_was_ended_is_not_finished(tmp_path: Path) -> None:
    part = DiskFolders().begin(tmp_path, "7.mp4", VideoRef("default", "7"))
    part.start(ClipVersion('"1"', 8), 0)
    part.write(b"12345678")
    part.keep()

    with pytest.raises(ClipCutShort):
        part.finish()
    assert not (tmp_path / "7.mp4").exists()
