"""Bytes to text: no encoding lengthens an id or hides it."""

import pytest

from pixverse_desktop.core.identifiers import decode_text, scan_ids

A, B = "391504857968062", "627410861853514292"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (f"😀{A}\n{B}\n", "gb18030"),
        (f"视频{A}\n夜景 {B}\n", "gb18030"),
        (f"Füße {A}\nschön|{B}\n", "latin-1"),
        (f"Größe, naïve: {A}\n{B}", "cp1252"),
        (f"{A}\n{B}\n", "utf-32"),
        (f"{A}\n{B}\n", "utf-32-le"),
        (f"{A}\n{B}\n", "utf-32-be"),
        ("夜晚的狐狸在雪地里奔跑" * 12 + f"\n{A}\n{B}", "utf-16-le"),
        ("夜晚的狐狸在雪地里奔跑" * 12 + f"\n{A}\n{B}", "utf-16-be"),
    ],
)
def test_an_id_comes_through_every_encoding_as_it_is(text: str, encoding: str) -> None:
    assert scan_ids(decode_text(text.encode(encoding)) or "").ids == (A, B)


def test_a_broken_chinese_file_lengthens_no_id() -> None:
    data = "😀".encode("gb18030") + A.encode() + b"\n\xff\xff\n"

    assert scan_ids(decode_text(data) or "").ids == (A,)


def test_german_stays_german() -> None:
    assert decode_text("Füchse, schön".encode("latin-1")) == "Füchse, schön"


def test_a_text_with_a_stray_zero_is_not_read_as_something_else() -> None:
    assert scan_ids(decode_text(b"video \0 " + A.encode() + b" and more words\n") or "").ids == (A,)
