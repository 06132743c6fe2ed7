import resource
import subprocess
import sys
from pathlib import Path

import pytest

from pixverse_desktop.adapters.poster_files import PosterFiles
from pixverse_desktop.core.video import VideoRef
from tests.contracts.poster_cache import LIMIT_BYTES, REF, PosterCacheContract


class TestPosterFiles(PosterCacheContract):
    @pytest.fixture
    def posters(self, tmp_path: Path) -> PosterFiles:
        return PosterFiles(tmp_path / "posters", limit_bytes=LIMIT_BYTES)


def test_pictures_outlive_the_run(tmp_path: Path) -> None:
    PosterFiles(tmp_path).put(REF, 7, b"red")

    assert PosterFiles(tmp_path).get(REF, 7) == b"red"


def test_what_an_earlier_run_left_counts(tmp_path: Path) -> None:
    for number in range(4):
        PosterFiles(tmp_path).put(REF, number, bytes(250))

    PosterFiles(tmp_path, limit_bytes=LIMIT_BYTES).put(REF, 4, bytes(250))

    assert sum(path.stat().st_size for path in tmp_path.iterdir()) <= LIMIT_BYTES


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_pictures(tmp_path: Path) -> None:
    (tmp_path / "posters").write_text("a file in the way")
    posters = PosterFiles(tmp_path / "posters")

    posters.put(REF, 7, b"red")

    assert posters.get(REF, 7) is None


def test_what_others_left_in_the_folder_stays_and_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(bytes(5000))
    (tmp_path / f"{'0' * 40}.jpg").mkdir()  # not even a file
    posters = PosterFiles(tmp_path, limit_bytes=LIMIT_BYTES)

    for number in range(12):
        posters.put(REF, number, bytes(250))

    assert (tmp_path / "holiday.jpg").stat().st_size == 5000
    ours = [path for path in tmp_path.glob("*.jpg") if path.is_file() and path.name != "holiday.jpg"]
    assert 0 < sum(path.stat().st_size for path in ours) <= LIMIT_BYTES


def test_a_disk_that_is_full_keeps_nothing_and_loses_nothing(tmp_path: Path) -> None:
    posters = PosterFiles(tmp_path)
    posters.put(REF, 7, b"red")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        posters.put(REF, 7, bytes(1000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert posters.get(REF, 7) == b"red"
    assert len(list(tmp_path.iterdir())) == 1


def test_several_processes_share_the_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from pixverse_desktop.adapters.poster_files import PosterFiles\n"
        "from pixverse_desktop.core.video import VideoRef\n"
        "posters = PosterFiles(Path(sys.argv[1]), limit_bytes=200_000)\n"
        "for number in range(400):\n"
        "    posters.put(VideoRef('default', '1'), number % 40, bytes([number % 40]) * 9000)\n"
    )
    runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(3)]
    assert [run.wait() for run in runs] == [0, 0, 0]

    posters = PosterFiles(tmp_path)
    kept = [posters.get(VideoRef("default", "1"), number) for number in range(40)]
    assert all(data in (None, bytes([number]) * 9000) for number, data in enumerate(kept))
    assert any(kept)
    assert list(tmp_path.glob("*.new")) == []
