import pytest
from hypothesis import given
from hypothesis import strategies as st

from pixverse_desktop.core.containers import CutShort, NotAClip, check_whole, index_place
from tests.core.boxes import FTYP, MDAT, MOOV, WHOLE_CLIP, box, large_box


def check(data: bytes) -> None:
    check_whole(lambda offset, size: data[offset : offset + size], len(data))


@pytest.mark.parametrize(
    "data",
    [
        WHOLE_CLIP,
        FTYP + MOOV + MDAT,
        FTYP + large_box(b"mdat", bytes(50)) + MOOV,
        FTYP + MOOV + box(b"mdat", bytes(50), length=0),
        FTYP + MOOV + box(b"moof", bytes(8)) + MDAT,
        WHOLE_CLIP + box(b"uuid", b"anything newer"),
    ],
    ids=["index last", "index first", "64-bit", "to the end", "fragments", "more boxes"],
)
def test_a_whole_clip_is_let_through(data: bytes) -> None:
    check(data)


@pytest.mark.parametrize(
    "clip", [WHOLE_CLIP, FTYP + MOOV + MDAT, FTYP + large_box(b"mdat", bytes(50)) + MOOV]
)
def test_a_cut_at_any_byte_is_noticed(clip: bytes) -> None:
    let_through = []
    for length in range(1, len(clip)):
        try:
            check(clip[:length])
        except CutShort:
            continue
        let_through.append(length)

    assert let_through == []


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (WHOLE_CLIP + b"\x00", "header"),
        (WHOLE_CLIP + b"12345678901234567890", "beyond"),
        (FTYP + MDAT, "index"),
        (FTYP + box(b"moof", bytes(8)) + MDAT + box(b"mfra"), "index"),
        (FTYP + box(b"mdat", bytes(50), length=0), "index"),
        (FTYP + box(b"moov", bytes(50), length=7) + MDAT, "impossible"),
        (FTYP + box(b"moov", bytes(50), length=2**31), "beyond"),
        (box(b"ftyp", b"isom", length=2), "impossible"),
        (FTYP + MOOV + large_box(b"mdat", b"")[:-8] + (8).to_bytes(8, "big"), "impossible"),
    ],
)
def test_boxes_that_do_not_add_up_are_told_apart(data: bytes, word: str) -> None:
    with pytest.raises(CutShort, match=word):
        check(data)


def test_endless_tiny_boxes_end() -> None:
    with pytest.raises(CutShort, match="add up"):
        check(FTYP + box(b"free") * 20_000 + MDAT + MOOV)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<!DOCTYPE html><html></html>",
        b"\xef\xbb\xbf<?xml version='1.0'?><Error/>",
        b"\r\n  <html>",
        b'{"ErrCode": 1}',
        b"[]",
        b"<",
        "文件不存在，请稍后再试。".encode(),
        "文件不存在，请稍后再试。".encode("gbk"),
        "<html>nothing here</html>".encode("utf-16"),
    ],
)
def test_a_page_of_text_is_no_clip(data: bytes) -> None:
    with pytest.raises(NotAClip):
        check(data)


def test_another_container_is_given_the_benefit_of_the_doubt() -> None:
    check(b"\x1a\x45\xdf\xa3" + bytes(60))  # Matroska
    check(b"RIFF\x00\x00\x00\x00AVI " + bytes(60))


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes_are_judged_without_failing(data: bytes, with_head: bool) -> None:
    try:
        check((FTYP if with_head else b"") + data)
    except (CutShort, NotAClip):
        return
    assert data or with_head


@pytest.mark.parametrize(
    ("clip", "place"),
    [
        (FTYP + MDAT + MOOV, len(FTYP + MDAT)),
        (FTYP + box(b"free") + MDAT + MOOV, len(FTYP + box(b"free") + MDAT)),
        (FTYP + MOOV + MDAT, 0),
        (FTYP + large_box(b"mdat", bytes(5000)) + MOOV, len(FTYP) + 5016),
        (FTYP + MDAT, None),
        (FTYP + box(b"mdat", bytes(5000), length=0), None),
        (b"\x1a\x45\xdf\xa3" + bytes(100), None),
        (b"", None),
    ],
)
def test_the_beginning_tells_where_the_index_is(clip: bytes, place: int | None) -> None:
    assert index_place(clip[:200], len(clip)) == place


def test_a_beginning_that_is_too_short_tells_nothing() -> None:
    assert index_place((FTYP + box(b"free", bytes(500)) + MDAT)[:100], 10_000) is None
