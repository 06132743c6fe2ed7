import json
from pathlib import Path

import pytest

from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan, scan_ids
from pixverse_desktop.core.records import as_json
from pixverse_desktop.resources import resource_path
from pixverse_desktop.services.intake import Haul, Intake
from tests.contracts.video_store import FULL, FULL_MARKS

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


def test_an_export_of_ours_is_known_by_what_it_says_in_a_file_and_pasted() -> None:
    text = as_json([(FULL, FULL_MARKS)])
    intake = intake_of(text.encode())

    from_file = intake.haul(text.encode(), "mine.txt", now_s=0.0)
    pasted = intake.haul_text(text, now_s=0.0)

    assert from_file == pasted
    assert [(video.ref, marks) for video, marks in pasted.rows] == [(FULL.ref, FULL_MARKS)]
    assert intake.haul_text(ID, now_s=0.0) == Haul(IdScan((ID,)))


@pytest.mark.parametrize("form", [[{"video_id": ID}], f"video_id\n{ID}\n", f"{ID}\n", f"x [1] {ID}\n{{"])
def test_any_form_can_be_given_up_on_the_way(form: object) -> None:
    text = form if isinstance(form, str) else json.dumps(form)

    def give_up(share: float) -> None:
        raise InputUnreadable("cancelled")

    with pytest.raises(InputUnreadable, match="cancelled"):
        scan_ids(text, give_up)
