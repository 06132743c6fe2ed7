from pathlib import Path

import pytest

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.resources import resource_path
from pixverse_desktop.services.intake import Intake

ID = "391504857968062"


def intake_of(data: bytes) -> Intake:
    return Intake(lambda path: data)


@pytest.mark.parametrize(
    "data",
    [
        ID.encode(),
        f"\ufeff{ID}\r\n".encode(),
        ID.encode("utf-16"),
        f"name,video_id\nfox,{ID}\n".encode(),
        f'{{"Resp": {{"video_id": {ID}}}}}'.encode(),
        f"caf\xe9 {ID}".encode("latin-1"),
    ],
)
def test_an_id_is_found_in_any_common_form(data: bytes) -> None:
    assert intake_of(data).scan_file(Path("ids")).ids == (ID,)


def test_ids_come_in_order_and_what_was_refused_is_kept() -> None:
    scan = intake_of(f"9{ID}\nabc\n{ID}\n9{ID}\n".encode()).scan_file(Path("ids.txt"))

    assert scan.ids == ("9" + ID, ID)
    assert [refusal.token for refusal in scan.refused] == ["abc"]


def test_a_clip_is_refused_by_name() -> None:
    clip = resource_path("clips") / "01-red.mp4"

    with pytest.raises(InputUnreadable, match=r"clip\.mp4 is not a text"):
        intake_of(clip.read_bytes()).scan_file(Path("clip.mp4"))


@pytest.mark.parametrize("data", [b"", b"\n\n", b"nothing here", b"[]", b'{"seed": 391504857968062}'])
def test_a_file_without_an_id_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InputUnreadable, match=r"No video id was found in notes\.txt"):
        intake_of(data).scan_file(Path("notes.txt"))


def test_a_number_rounded_by_a_spreadsheet_is_named() -> None:
    with pytest.raises(InputUnreadable, match=r"3\.91505E\+14.*spreadsheet"):
        intake_of(b"video_id\n3.91505E+14\n").scan_file(Path("ids.csv"))


def test_a_reader_s_own_trouble_comes_through() -> None:
    def read(path: Path) -> bytes:
        raise InputUnreadable(f"{path} is a folder.")

    with pytest.raises(InputUnreadable, match="is a folder"):
        Intake(read).scan_file(Path("folder"))
