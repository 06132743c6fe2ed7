"""MP4 files built by hand, box by box."""


def box(kind: bytes, body: bytes = b"", *, length: int | None = None) -> bytes:
    """Return a box with its true length, or with one that lies."""
    return (len(body) + 8 if length is None else length).to_bytes(4, "big") + kind + body


def large_box(kind: bytes, body: bytes) -> bytes:
    """Return a box with a 64-bit length."""
    return (1).to_bytes(4, "big") + kind + (len(body) + 16).to_bytes(8, "big") + body


FTYP = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2avc1mp41")
MDAT = box(b"mdat", bytes(range(64)))
MOOV = box(b"moov", box(b"mvhd", bytes(100)))
WHOLE_CLIP = FTYP + box(b"free") + MDAT + MOOV
"""A small file in PixVerse's order, the index last."""

BIG_CLIP = FTYP + box(b"mdat", bytes(4 * 1024 * 1024)) + MOOV
"""One of some megabytes, in the same order."""
