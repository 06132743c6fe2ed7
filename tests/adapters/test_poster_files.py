from pathlib import Path

import pytest

from pixverse_desktop.adapters.poster_files import PosterFiles
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
