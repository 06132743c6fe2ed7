"""File names for clips: a template, filled, cleaned, and cut by bytes."""

import unicodedata
from collections.abc import Callable

from pixverse_desktop.core.video import Video

DEFAULT_TEMPLATE = "{id}_{prompt}"
CLIP_SUFFIX = ".mp4"

# File systems allow 255 bytes; a numbered name, ".mp4" and ".part" must still fit behind it.
_MAX_STEM_BYTES = 180
_ZERO_WIDTH_JOINER = "\u200d"  # holds family and flag emoji together; the other format marks mislead


def clip_name(video: Video, clean: Callable[[str], str], template: str = DEFAULT_TEMPLATE) -> str:
    """The name of ``video``'s file: at most 200 bytes, with the id always in it, ending in ``.mp4``.

    ``clean`` takes out what file systems refuse (the port ``ClipFolders.clean``). An unknown field
    of the template stays as it stands.
    """
    wanted = template if "{id}" in template else "{id}_" + template
    before_id, _, after_id = wanted.partition("{id}")
    before = clean(_plain(_fill(before_id, video)))
    after = clean(_plain(_fill(after_id, video)))
    room = _MAX_STEM_BYTES - len(video.video_id)
    before = cut_bytes(before, room)
    after = cut_bytes(after, room - len(before.encode()))
    stem = (before + video.video_id + after).strip(" ._")
    return stem + CLIP_SUFFIX


def cut_bytes(text: str, limit_bytes: int) -> str:
    """The longest beginning of ``text`` of at most ``limit_bytes`` in UTF-8, cut between characters."""
    return text.encode()[: max(0, limit_bytes)].decode(errors="ignore").rstrip()


def _fill(template: str, video: Video) -> str:
    fields = {
        "prompt": video.prompt,
        "seed": "" if video.seed is None else str(video.seed),
        "style": video.style,
        "width": str(video.width or ""),
        "height": str(video.height or ""),
        "account": video.account,
    }
    for name, value in fields.items():
        template = template.replace("{" + name + "}", value.replace("{", "(").replace("}", ")"))
    return template


def _plain(text: str) -> str:
    """One line without control and direction marks, which could make a name read as another."""
    spaced = " ".join(text.split())
    return "".join(
        mark
        for mark in spaced
        if mark == _ZERO_WIDTH_JOINER or unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
