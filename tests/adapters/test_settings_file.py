import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.settings_file import SettingsFile
from pixverse_desktop.core.errors import InputUnreadable, StoreFailed
from pixverse_desktop.core.settings import Settings

CHANGED = replace(
    Settings(),
    interval_s=12.5,
    save_folder="/clips/夜 “x”",
    is_muted=False,
    volume_percent=0,
    name_template="{date}/{prompt} {id}",
    writes_sidecar=True,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.json"


def test_without_a_file_the_usual_settings_are_in_force(path: Path) -> None:
    assert SettingsFile(path).load() == Settings()
    assert not path.exists()


def test_settings_come_back_as_they_were_saved(path: Path) -> None:
    SettingsFile(path).save(CHANGED)

    assert SettingsFile(path).load() == CHANGED
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


def test_people_can_read_the_file_and_nobody_else_may(path: Path) -> None:
    SettingsFile(path).save(CHANGED)

    text = path.read_text(encoding="utf-8")
    assert '"save_folder": "/clips/夜 “x”"' in text.replace('\\"', '"')
    assert len(text.splitlines()) > 5
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_entries_of_another_version_are_kept(path: Path) -> None:
    path.write_text('{"from_the_future": [1, 2], "interval_s": 7}', encoding="utf-8")
    settings = SettingsFile(path)

    settings.save(replace(settings.load(), is_looping=False))

    kept = json.loads(path.read_text(encoding="utf-8"))
    assert kept["from_the_future"] == [1, 2]
    assert (kept["interval_s"], kept["is_looping"]) == (7.0, False)


def test_a_whole_number_of_seconds_is_a_number_of_seconds(path: Path) -> None:
    path.write_text('{"interval_s": 7}', encoding="utf-8")

    assert SettingsFile(path).load() == Settings(interval_s=7.0)


def test_a_folder_whose_name_is_no_utf8_is_remembered(path: Path) -> None:
    folder = os.fsdecode(b"/clips/\xff\xfe")

    SettingsFile(path).save(Settings(save_folder=folder))

    assert SettingsFile(path).load().save_folder == folder


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"{",
        b'{"interval_s": 5',
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe{}",
        b"[" * 200_000,
        b'{"interval_s": 2.9}',
        b'{"interval_s": -5}',
        b'{"interval_s": NaN}',
        b'{"interval_s": Infinity}',
        b'{"interval_s": "5"}',
        b'{"interval_s": true}',
        b'{"interval_s": null}',
        b'{"volume_percent": 101}',
        b'{"volume_percent": -1}',
        b'{"volume_percent": 50.5}',
        b'{"is_muted": 1}',
        b'{"save_folder": 5}',
        b'{"name_template": ["{id}"]}',
        b'{"name_template": "{colour}"}',
        b'{"name_template": "../{id}"}',
        b'{"name_template": "{id"}',
        b'{"writes_sidecar": 1}',
    ],
)
def test_damaged_settings_are_set_aside_and_told(path: Path, damaged: bytes) -> None:
    path.write_bytes(damaged)
    settings = SettingsFile(path)

    with pytest.raises(InputUnreadable, match="set aside as"):
        settings.load()

    assert path.with_name("settings.damaged.json").read_bytes() == damaged
    assert settings.load() == Settings()


def test_what_is_wrong_with_a_name_is_told(path: Path) -> None:
    path.write_text('{"name_template": "{colour}"}', encoding="utf-8")

    with pytest.raises(InputUnreadable, match=r"“\{colour\}” is not a field\. The fields are"):
        SettingsFile(path).load()


def test_an_interval_beyond_every_float_is_survived(path: Path) -> None:
    path.write_text('{"interval_s": 1' + "0" * 400 + "}", encoding="utf-8")

    assert SettingsFile(path).load().interval_s >= 3


def test_damaged_settings_that_cannot_be_set_aside_are_told_all_the_same(path: Path) -> None:
    path.write_bytes(b"{")
    path.with_name("settings.damaged.json").mkdir()

    with pytest.raises(InputUnreadable):
        SettingsFile(path).load()


def test_damaged_settings_do_not_stop_a_saving(path: Path) -> None:
    path.write_bytes(b"{")

    SettingsFile(path).save(CHANGED)

    assert SettingsFile(path).load() == CHANGED


def test_settings_that_cannot_be_saved_are_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="could not be saved"):
        SettingsFile(tmp_path / "gone" / "settings.json").save(CHANGED)


def test_settings_that_cannot_be_read_are_told_in_words(path: Path) -> None:
    path.mkdir()

    with pytest.raises(StoreFailed, match="could not be read"):
        SettingsFile(path).load()


def test_a_saving_that_fails_leaves_the_old_settings(path: Path) -> None:
    SettingsFile(path).save(CHANGED)
    path.with_name("settings.json.part").mkdir()

    with pytest.raises(StoreFailed):
        SettingsFile(path).save(Settings())

    assert SettingsFile(path).load() == CHANGED
