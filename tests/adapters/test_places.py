import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixverse_desktop.adapters.places import Places, places, videos_folder
from pixverse_desktop.core.errors import StoreFailed


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def open_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def test_everything_lives_below_a_chosen_folder(tmp_path: Path) -> None:
    found = places(tmp_path / "data")

    assert found.library == tmp_path / "data" / "library.sqlite3"
    assert found.settings_file == tmp_path / "data" / "settings.json"
    for place in (found.window_file, found.logs, found.clips_cache):
        assert place.is_relative_to(tmp_path / "data")


def test_a_chosen_folder_is_meant_from_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert places(Path("data")).data == tmp_path / "data"


def test_otherwise_the_platform_s_own_places_are_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable, folder in (
        ("XDG_DATA_HOME", "d"),
        ("XDG_CONFIG_HOME", "c"),
        ("XDG_STATE_HOME", "s"),
        ("XDG_CACHE_HOME", "k"),
    ):
        monkeypatch.setenv(variable, str(tmp_path / folder))

    found = places(None)

    assert found.library == tmp_path / "d" / "pixverse-desktop" / "library.sqlite3"
    assert found.settings_file == tmp_path / "c" / "pixverse-desktop" / "settings.json"
    assert found.logs.is_relative_to(tmp_path / "s" / "pixverse-desktop")
    assert found.clips_cache.is_relative_to(tmp_path / "k" / "pixverse-desktop")


def test_saved_clips_have_a_folder_of_their_own() -> None:
    assert videos_folder().name == "PixVerse"


@pytest.mark.usefixtures("open_umask")
def test_new_folders_are_closed_to_others(tmp_path: Path) -> None:
    found = places(tmp_path / "a" / "data")

    found.prepare()

    made = [found.data, found.data / "backups", found.settings, found.logs, found.clips_cache]
    assert {path: mode(path) for path in made} == dict.fromkeys(made, 0o700)


@pytest.mark.usefixtures("open_umask")
def test_an_empty_folder_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir(0o755)

    places(tmp_path / "data").prepare()

    assert mode(tmp_path / "data") == 0o700


def test_a_folder_with_other_things_keeps_its_permissions(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o755)
    (shared / "holiday.txt").write_text("mine", encoding="utf-8")

    places(shared).prepare()

    assert mode(shared) == 0o755
    assert mode(shared / "logs") == 0o700


def test_preparing_again_changes_nothing(tmp_path: Path) -> None:
    found = places(tmp_path / "data")
    found.prepare()
    found.library.write_bytes(b"list")

    found.prepare()

    assert found.library.read_bytes() == b"list"
    assert mode(found.data) == 0o700


@pytest.mark.parametrize("below", [Path(), Path("below")])
def test_a_file_in_the_way_is_told_in_words(tmp_path: Path, below: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    found = places(tmp_path / "file" / below)

    with pytest.raises(StoreFailed, match="--data-dir"):
        found.prepare()

    assert (tmp_path / "file").read_bytes() == b"mine"


def test_places_are_values(tmp_path: Path) -> None:
    assert places(tmp_path) == Places(tmp_path, tmp_path, tmp_path / "logs", tmp_path / "cache")
