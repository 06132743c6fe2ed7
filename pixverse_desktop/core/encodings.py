"""From the bytes of a file to its text, in whatever common encoding it is."""

import codecs
import re

_SAMPLE = 4096
_MARKS = (  # the longer one first: UTF-16's mark begins UTF-32's
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# A character of GB 18030 may end in a digit, which read as Latin-1 would lengthen the id behind it.
_ENDS_IN_A_DIGIT = re.compile(rb"[\x81-\xfe][0-9][\x81-\xfe][0-9]")
_DIGITS = re.compile(r"[0-9]{4}")
_HIGH = re.compile(rb"[\x81-\xfe]+")


def decode_text(data: bytes) -> str | None:
    """``data`` as text, or None for a file that is no text."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            text = data.decode(name, errors="replace")
            if name == "utf-16" or "\ufffd" not in text:
                return text
    if b"\0" in data:
        return _decode_wide(data) or _decode_with_zeros(data)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decode_old(data)


def _decode_wide(data: bytes) -> str | None:
    """UTF-16 or UTF-32 without its mark, told by where the zero bytes of plain digits fall."""
    sample = data[:_SAMPLE]
    zeros = [sample[place::4].count(0) for place in range(4)]
    first, second = zeros[0] + zeros[2], zeros[1] + zeros[3]
    most = len(sample) // 4 * 3 // 4
    if min(zeros[2:]) > most > zeros[0]:
        name = "utf-32-le"
    elif min(zeros[:2]) > most > zeros[3]:
        name = "utf-32-be"
    else:
        name = "utf-16-le" if second > first else "utf-16-be"
    text = data.decode(name, errors="replace")
    # Eight-bit text with a stray zero makes fine Chinese when read so, but no digits in a row.
    is_wide = bool(_DIGITS.search(text)) or 4 * max(first, second) > len(sample)
    return text if is_wide and _is_plain(text[: _SAMPLE // 4]) else None


def _decode_with_zeros(data: bytes) -> str | None:
    """UTF-8 with a stray zero, as a prompt may hold one; a clip or a picture is no UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return text if _is_plain(text[:_SAMPLE]) else None


def _is_plain(text: str) -> bool:
    """Whether a sample is what people read: nearly nothing in it that cannot be shown."""
    odd = sum(not (mark.isprintable() or mark.isspace()) or mark == "\ufffd" for mark in text)
    return odd <= max(1, len(text) // 50)


def _decode_old(data: bytes) -> str:
    """GB 18030 where its pairs and fours are seen, else Latin-1: neither changes a digit of an id then."""
    if _ENDS_IN_A_DIGIT.search(data):
        return data.decode("gb18030", errors="replace")
    runs = _HIGH.findall(data[:_SAMPLE])
    if 2 * sum(len(run) > 1 for run in runs) > len(runs):  # in Latin-1 they mostly stand alone
        try:
            return data.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1")
