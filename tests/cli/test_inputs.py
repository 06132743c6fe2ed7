from pathlib import Path

import pytest

from pixverse_desktop.cli.inputs import gather_hauls, gather_ids, scan_link
from pixverse_desktop.core.errors import InputUnreadable
from pixverse_desktop.core.identifiers import IdScan
from pixverse_desktop.core.records import as_json
from pixverse_desktop.services.intake import Intake
from tests.contracts.video_store import FULL, FULL_MARKS

ID, OTHER = "391504857968062", "627410861853514292"


def gather(*inputs: str, stdin: bytes = b"") -> IdScan:
    return gather_ids(inputs, Intake(lambda path: path.read_bytes()), lambda: stdin)


def test_ids_come_in_the_order_given_and_once() -> None:
    scan = gather("7", ID, "7", f" {OTHER} ")

    assert scan.ids == ("7", ID, OTHER)
    assert scan.repeated == 1


def test_ids_files_and_stdin_can_be_mixed(tmp_path: Path) -> None:
    (tmp_path / "ids.csv").write_text(f"name,video_id\nfox,{OTHER}\n")

    scan = gather("7", str(tmp_path / "ids.csv"), "-", stdin=f'[{{"video_id": {ID}}}]'.encode())

    assert scan.ids == ("7", OTHER, ID)


def test_an_address_or_a_text_with_an_id_in_it_will_do() -> None:
    address = f"https://app.pixverse.ai/video/{ID}?x=1"

    assert gather(address, f"pixverse-desktop:{OTHER}").ids == (ID, OTHER)


def test_a_file_called_like_an_id_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "7").write_text(ID)

    assert gather("7").ids == ("7",)
    assert gather("./7").ids == (ID,)


@pytest.mark.parametrize(
    ("word", "words"),
    [
        ("abc", "‘abc’ is neither a video id nor a file."),
        ("nowhere.csv", "‘nowhere.csv’ is neither a video id nor a file."),
        ("007", "an id does not begin with 0"),
        ("99999999999999999999", "too long for an id"),
        ("3.9E+14", "spreadsheet"),
        ("12.5", "decimal point"),
        ("-5", "neither"),
        ("a\0b", "neither"),
        ("x" * 5000, "neither"),
        ("１２３", "neither"),
    ],
)
def test_what_is_neither_id_nor_file_is_refused_by_name(word: str, words: str) -> None:
    with pytest.raises(InputUnreadable) as refused:
        gather(ID, word)

    assert words in str(refused.value)
    assert len(str(refused.value)) < 250


def test_an_empty_stdin_is_refused() -> None:
    with pytest.raises(InputUnreadable, match="No video id was found in standard input"):
        gather("-")


@pytest.mark.parametrize(
    "word",
    [
        f"missing_{ID}.txt",
        f"lists/{ID}.csv",
        f"file:///tmp/missing_{ID}.txt",
        f"C:\\lists\\{ID}.txt",
        f"clip {ID}",
    ],
)
def test_a_file_that_is_not_there_gives_no_id_by_its_name(word: str) -> None:
    with pytest.raises(InputUnreadable, match="neither a video id nor a file"):
        gather(word)


@pytest.mark.parametrize(
    "word", [f"{ID},{OTHER}", f"{ID} {OTHER}", f"video_ids: {ID}, {OTHER}", f"id={ID}&id={OTHER}"]
)
def test_a_list_of_ids_may_be_one_word(word: str) -> None:
    assert gather(word).ids == (ID, OTHER)


def test_an_address_that_makes_no_sense_is_refused_in_words() -> None:
    with pytest.raises(InputUnreadable, match="neither"):
        gather("https://[39")
    assert gather(f"https://[{ID}").ids == (ID,)


def test_a_link_of_ours_names_its_ids_or_says_that_it_has_none() -> None:
    assert scan_link("pixverse-desktop:7").ids == ("7",)
    (refusal,) = scan_link("pixverse-desktop:").refused
    assert "no video id" in refusal.reason


def test_an_export_comes_with_its_rows(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text(as_json([(FULL, FULL_MARKS)]), encoding="utf-8")
    intake = Intake(lambda path: path.read_bytes())

    haul = gather_hauls(["7", str(tmp_path / "mine.json")], intake, lambda: b"", now_s=0.0)

    assert haul.scan.ids == ("7",)
    assert [(video.ref, marks) for video, marks in haul.rows] == [(FULL.ref, FULL_MARKS)]
