"""Files over HTTP: ranges, validators, and the little a clip tells about itself."""

import re
import struct
from collections.abc import Mapping
from dataclasses import replace
from email.utils import formatdate
from zlib import crc32

from pixverse_desktop.simulator.exchange import Answer, Request

LAST_MODIFIED = formatdate(1_788_249_600, usegmt=True)
_ONE_RANGE = re.compile(r"bytes=(?:(\d{1,19})-(\d{0,19})|-(\d{1,19}))")
_TKHD_SIZES = (92, 104)  # versions 0 and 1 of the box; its last eight bytes are width and height, 16.16
_USUAL_PICTURE = (1280, 720)


def chosen_clip(clips: Mapping[str, bytes], clip: str | int) -> bytes | None:
    """Return a clip by name, or by number into the sorted names, wrapping round; None when there is none."""
    if isinstance(clip, str):
        return clips.get(clip)
    names = sorted(clips)
    return clips[names[clip % len(names)]] if names else None


def picture_size(clip: bytes) -> tuple[int, int]:
    """Return width and height in pixels from the first track that has any; 1280 by 720 for other bytes."""
    at = clip.find(b"tkhd")
    while at >= 4:
        end = at - 4 + int.from_bytes(clip[at - 4 : at])
        if end - at + 4 in _TKHD_SIZES and end <= len(clip):
            width, height = struct.unpack(">II", clip[end - 8 : end])
            if width and height:
                return width >> 16, height >> 16
        at = clip.find(b"tkhd", at + 4)
    return _USUAL_PICTURE


def file_answer(body: bytes) -> Answer:
    """Answer with the whole clip, under the headers that object storage gives (inferred)."""
    headers = (
        ("Content-Type", "video/mp4"),
        ("Accept-Ranges", "bytes"),
        ("ETag", f'"{crc32(body):08X}-{len(body):X}"'),
        ("Last-Modified", LAST_MODIFIED),
    )
    return Answer(200, headers, body)


def ranged(request: Request, whole: Answer) -> Answer:
    """Return the part that was asked for (206, 416), or ``whole`` where Range and If-Range do not apply."""
    asked = _ONE_RANGE.fullmatch(request.header("Range") or "")
    if asked is None or request.method != "GET" or not _is_rangeable(request, whole):
        return whole
    total = len(whole.body)
    start, stop = _bounds(asked, total)
    if start >= stop:
        return replace(whole, status=416, body=b"").with_header("Content-Range", f"bytes */{total}")
    part = replace(whole, status=206, body=whole.body[start:stop])
    return part.with_header("Content-Range", f"bytes {start}-{stop - 1}/{total}")


def _is_rangeable(request: Request, whole: Answer) -> bool:
    known = request.header("If-Range")
    is_same = known is None or known in (whole.header("ETag"), whole.header("Last-Modified"))
    return is_same and whole.header("Accept-Ranges") is not None


def _bounds(asked: re.Match[str], total: int) -> tuple[int, int]:
    first, last, suffix = asked.groups()
    if suffix:
        return max(0, total - int(suffix)), total
    return int(first), min(int(last) + 1, total) if last else total
