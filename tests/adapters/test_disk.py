import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pixverse_desktop.adapters import part_files
from pixverse_desktop.adapters.disk import DiskFolders
from pixverse_desktop.adapters.part_claims import (
    PART_SUFFIX,
    RECORD_SUFFIX,
    numbered,
    open_new,
    write_record,
)
from pixverse_desktop.core.half_clips import ClipVersion, HalfClip
from pixverse_desktop.core.ports import ClipFolders
from tests.contracts.clip_folders import (
    NAME,
    OTHER_CLIP,
    REF,
    ClipFoldersContract,
    begin,
    names_in,
    save,
    version_of,
)
from tests.core.boxes import BIG_CLIP, WHOLE_CLIP, box


class TestDiskFolders(ClipFoldersContract):
    @pytest.fixture
    def folders(self) -> ClipFolders:
        return DiskFolders()


@pytest.mark.parametrize(("number", "name"), [(1, "a.b.mp4"), (2, "a.b (2).mp4"), (9999, "a.b (9999).mp4")])
def test_names_are_numbered_before_their_suffix(number: int, name: str) -> None:
    assert numbered("a.b.mp4", number) == name


def test_a_directory_or_a_broken_link_of_the_name_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (tmp_path / numbered(NAME, 2)).symlink_to(tmp_path / "nowhere")

    final = save(DiskFolders(), tmp_path)

    assert final == tmp_path / numbered(NAME, 3)
    assert (tmp_path / NAME).is_dir()
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_or_a_pipe_in_place_of_a_record_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / (NAME + RECORD_SUFFIX)).mkdir()
    os.mkfifo(tmp_path / (numbered(NAME, 2) + RECORD_SUFFIX))

    assert save(DiskFolders(), tmp_path) == tmp_path / NAME
    assert set(names_in(tmp_path)) == {NAME, NAME + RECORD_SUFFIX, numbered(NAME, 2) + RECORD_SUFFIX}


def test_a_saved_clip_has_the_permissions_of_any_new_file(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        final = save(DiskFolders(), tmp_path)
    finally:
        os.umask(before)

    assert final.stat().st_mode & 0o777 == 0o640


# What another run left behind, or is writing.

_WRITER = """
import sys, time
from dataclasses import replace
from pathlib import Path
from pixverse_desktop.adapters.disk import DiskFolders
from tests.adapters.test_disk import BIG_CLIP
from tests.contracts.clip_folders import begin, version_of

part = begin(DiskFolders(), Path(sys.argv[1]), version_of(BIG_CLIP))
part.write(BIG_CLIP[:1000])
part.sync()
part.write(b"written by another run" * 10_000)
print("writing", flush=True)
sys.stdin.read()
"""


def other_run(folder: Path) -> subprocess.Popen[str]:
    """Start a process that is in the middle of saving ``NAME``."""
    child = subprocess.Popen(
        [sys.executable, "-c", _WRITER, str(folder)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "writing\n"
    return child


def test_the_part_of_a_killed_run_is_used_again(tmp_path: Path) -> None:
    with other_run(tmp_path) as child:
        child.send_signal(signal.SIGKILL)
    assert names_in(tmp_path) == [NAME + PART_SUFFIX, NAME + RECORD_SUFFIX]

    final = save(DiskFolders(), tmp_path)

    assert final.read_bytes() == WHOLE_CLIP
    assert names_in(tmp_path) == [NAME]


def test_the_part_of_a_running_program_is_not_touched(tmp_path: Path) -> None:
    with other_run(tmp_path) as child:
        final = save(DiskFolders(), tmp_path)
        theirs = (tmp_path / (NAME + PART_SUFFIX)).read_bytes()
        child.kill()

    assert final.read_bytes() == WHOLE_CLIP
    assert theirs.endswith(b"written by another run")


def test_a_clip_is_safe_from_a_run_that_died_between_its_two_names(tmp_path: Path) -> None:
    final = save(DiskFolders(), tmp_path)
    os.link(final, tmp_path / (NAME + PART_SUFFIX))  # what a kill between link and unlink leaves behind

    again = save(DiskFolders(), tmp_path, OTHER_CLIP)

    assert final.read_bytes() == WHOLE_CLIP
    assert again.read_bytes() == OTHER_CLIP
    assert names_in(tmp_path) == sorted([final.name, again.name])


def test_a_name_that_is_taken_anew_is_free_at_no_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run could take it, and one of the two would have to give up."""
    final, part = save(DiskFolders(), tmp_path), tmp_path / (NAME + PART_SUFFIX)
    os.link(final, part)  # what a kill between the two names leaves behind, with its record
    size_bytes = len(WHOLE_CLIP)
    write_record(part, HalfClip(REF, ClipVersion('"old"', size_bytes), size_bytes))
    was_there: list[bool] = []

    def look(path: Path) -> int | None:
        was_there.append(part.exists())
        return open_new(path)

    monkeypatch.setattr(part_files, "open_new", look)
    again = save(DiskFolders(), tmp_path, OTHER_CLIP)

    assert was_there == [True]
    assert (final.read_bytes(), again.read_bytes()) == (WHOLE_CLIP, OTHER_CLIP)
    assert names_in(tmp_path) == sorted([final.name, again.name])


_SAVER = """
import sys
from dataclasses import replace
from pathlib import Path
from pixverse_desktop.adapters.disk import DiskFolders
from tests.contracts.clip_folders import NAME, save
from tests.core.boxes import BIG_CLIP, WHOLE_CLIP, box

for number in range(int(sys.argv[2]), int(sys.argv[3])):
    save(DiskFolders(), Path(sys.argv[1]), WHOLE_CLIP + box(b"free", str(number).encode()))
"""


def test_many_runs_saving_one_name_at_once_lose_no_clip(tmp_path: Path) -> None:
    each, runs = 25, 4
    children = [
        subprocess.Popen(
            [sys.executable, "-c", _SAVER, str(tmp_path), str(run * each), str(run * each + each)],
            cwd=Path(__file__).parents[2],
        )
        for run in range(runs)
    ]
    ends = [child.wait() for child in children]

    contents = {path.read_bytes() for path in tmp_path.iterdir()}

    assert ends == [0] * runs
    assert contents == {WHOLE_CLIP + box(b"free", str(number).encode()) for number in range(each * runs)}


# Going on.


def test_a_killed_run_loses_no_more_than_what_was_not_flushed(tmp_path: Path) -> None:
    with other_run(tmp_path) as child:
        child.kill()

    part = DiskFolders().begin(tmp_path, NAME, REF)

    assert part.half == HalfClip(REF, version_of(BIG_CLIP), 1000)
    part.abandon()
    assert names_in(tmp_path) == []


def test_the_record_is_its_owner_s_alone_and_holds_no_address(tmp_path: Path) -> None:
    part = begin(DiskFolders(), tmp_path, version_of(BIG_CLIP))
    part.write(BIG_CLIP[:1000])
    part.sync()

    record = tmp_path / (NAME + RECORD_SUFFIX)
    assert record.stat().st_mode & 0o777 == 0o600
    assert set(json.loads(record.read_text())) == {
        "layout",
        "account",
        "video_id",
        "validator",
        "total_bytes",
        "held_bytes",
    }
    part.abandon()


def test_a_part_shorter_than_its_record_says_begins_anew(tmp_path: Path) -> None:
    part = begin(DiskFolders(), tmp_path, version_of(BIG_CLIP))
    part.write(BIG_CLIP[:1000])
    part.keep()
    os.truncate(tmp_path / (NAME + PART_SUFFIX), 999)

    again = DiskFolders().begin(tmp_path, NAME, REF)

    assert again.half is None
    again.abandon()
    assert names_in(tmp_path) == []


def test_bytes_beyond_the_last_flush_are_cut_off(tmp_path: Path) -> None:
    part = begin(DiskFolders(), tmp_path, version_of(WHOLE_CLIP))
    part.write(WHOLE_CLIP[:50])
    part.keep()
    with (tmp_path / (NAME + PART_SUFFIX)).open("ab") as file:
        file.write(b"written, and never flushed" * 100)

    again = DiskFolders().begin(tmp_path, NAME, REF)
    again.start(version_of(WHOLE_CLIP), 50)
    again.write(WHOLE_CLIP[50:])

    assert again.finish().read_bytes() == WHOLE_CLIP


def test_a_run_that_died_between_the_two_names_is_ended_without_a_byte_more(tmp_path: Path) -> None:
    part = begin(DiskFolders(), tmp_path, version_of(WHOLE_CLIP))
    part.write(WHOLE_CLIP)
    part.keep()
    os.link(tmp_path / (NAME + PART_SUFFIX), tmp_path / NAME)

    again = DiskFolders().begin(tmp_path, NAME, REF)
    is_complete = again.half is not None and again.half.is_complete
    final = again.finish()

    assert is_complete
    assert final == tmp_path / NAME
    assert final.read_bytes() == WHOLE_CLIP
    assert names_in(tmp_path) == [NAME]


def test_a_run_that_died_before_it_removed_its_record_is_ended_without_a_byte_more(tmp_path: Path) -> None:
    part = begin(DiskFolders(), tmp_path, version_of(WHOLE_CLIP))
    part.write(WHOLE_CLIP)
    part.keep()
    os.rename(tmp_path / (NAME + PART_SUFFIX), tmp_path / NAME)

    again = DiskFolders().begin(tmp_path, NAME, REF)
    is_complete = again.half is not None and again.half.is_complete
    final = again.finish()

    assert is_complete
    assert final == tmp_path / NAME
    assert final.read_bytes() == WHOLE_CLIP
    assert names_in(tmp_path) == [NAME]


def test_a_finished_clip_is_never_written_to_through_its_other_name(tmp_path: Path) -> None:
    part = begin(DiskFolders(), tmp_path, version_of(WHOLE_CLIP))
    part.write(WHOLE_CLIP)
    part.keep()
    os.link(tmp_path / (NAME + PART_SUFFIX), tmp_path / NAME)

    again = DiskFolders().begin(tmp_path, NAME, REF)
    again.start(version_of(OTHER_CLIP), 0)
    again.write(OTHER_CLIP)
    final = again.finish()

    assert (tmp_path / NAME).read_bytes() == WHOLE_CLIP
    assert final.read_bytes() == OTHER_CLIP
    assert names_in(tmp_path) == sorted([NAME, final.name])


def test_a_part_that_cannot_start_where_it_ends_is_a_defect(tmp_path: Path) -> None:
    part = DiskFolders().begin(tmp_path, NAME, REF)

    with pytest.raises(ValueError, match="not where"):
        part.start(version_of(WHOLE_CLIP), 50)
    part.abandon()
