"""Whether a file is a whole clip, told by its own boxes.

PixVerse's files carry their index (``moov``) last, so that a file cut short cannot play at all, and
the sizes of the outermost boxes add up to the length of the file (seen in published files).
"""

from collections.abc import Callable

ReadAt = Callable[[int, int], bytes]
"""``read(offset, size)``: up to ``size`` bytes from ``offset`` of the file."""

_HEADER_BYTES = 8
_LARGE_HEADER_BYTES = 16
_MAX_BOXES = 10_000
_HEAD_BYTES = 256
_TEXT_BEGINNINGS = (b"<", b"{", b"[")
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


class NotAClip(ValueError):
    """The file is something else than a clip."""


class CutShort(ValueError):
    """The file is the beginning of a clip."""


def check_whole(read_at: ReadAt, size_bytes: int) -> None:
    """Raise unless the file can be a whole clip.

    MP4 files are checked box by box. Other binary containers are let through, since a clip that was
    paid for must not be thrown away for being of a newer kind; text (an error page) is not.

    Raises:
        NotAClip: the file is empty or text.
        CutShort: an MP4 whose boxes do not add up, or that lacks its index or its pictures.
    """
    head = read_at(0, _HEAD_BYTES)
    if size_bytes == 0 or not head:
        raise NotAClip("the file is empty")
    if head[4:8] == b"ftyp":
        _check_boxes(read_at, size_bytes)
    elif head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_TEXT_BEGINNINGS) or _is_plain_text(head):
        raise NotAClip("the file is a page of text, not a clip")
    elif len(head) < _HEADER_BYTES:
        raise CutShort("it ends within its first box")


def is_whole_mp4(read_at: ReadAt, size_bytes: int) -> bool:
    """Whether the file is an MP4 with nothing missing; of other kinds nobody can tell."""
    if read_at(0, _HEADER_BYTES)[4:8] != b"ftyp":
        return False
    try:
        check_whole(read_at, size_bytes)
    except (NotAClip, CutShort):
        return False
    return True


def index_place(head: bytes, size_bytes: int) -> int | None:
    """From which byte on the index of an MP4 is to be looked for, told by its beginning; 0 if that has it.

    ``size_bytes`` is the length of the whole file. None if ``head`` is too short to tell, or no MP4.
    """
    if head[4:8] != b"ftyp":
        return None
    offset = 0
    while offset + _LARGE_HEADER_BYTES <= len(head):
        length, kind = _box(lambda at, size: head[at : at + size], offset, size_bytes)
        if kind == b"moov":
            return 0
        offset += length
        if kind == b"mdat":
            return offset if offset < size_bytes else None
    return None


def _is_plain_text(head: bytes) -> bool:
    """Whether a beginning is text of whatever script: every clip has bytes that stand for no letter."""
    return head.startswith(_UTF_16_MARKS) or all(byte >= 32 or byte in b"\t\r\n" for byte in head)


def _check_boxes(read_at: ReadAt, size_bytes: int) -> None:
    offset, has_index, has_pictures = 0, False, False
    for _ in range(_MAX_BOXES):
        if offset == size_bytes:
            break
        length, kind = _box(read_at, offset, size_bytes)
        has_index = has_index or kind == b"moov"
        has_pictures = has_pictures or kind == b"mdat"
        offset += length
        if offset > size_bytes:
            raise CutShort(f"the box {kind!r} ends beyond the end of the file")
    if offset != size_bytes:
        raise CutShort("its boxes do not add up to its length")
    if not has_index:
        raise CutShort("its index is missing")
    if not has_pictures:
        raise CutShort("its pictures are missing")


def _box(read_at: ReadAt, offset: int, size_bytes: int) -> tuple[int, bytes]:
    header = read_at(offset, _LARGE_HEADER_BYTES)
    if len(header) < _HEADER_BYTES:
        raise CutShort("it ends within a box header")
    length, kind = int.from_bytes(header[:4], "big"), header[4:8]
    if length == 0:  # "to the end of the file"
        return size_bytes - offset, kind
    least_bytes = _HEADER_BYTES
    if length == 1:
        length, least_bytes = int.from_bytes(header[8:16], "big"), _LARGE_HEADER_BYTES
    if length < least_bytes:
        raise CutShort("a box has an impossible length")
    return length, kind
