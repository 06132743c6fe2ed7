"""File names for clips: a template, filled, cleaned, and cut by bytes."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.video import Video

DEFAULT_TEMPLATE = "{id}_{prompt}"
CLIP_SUFFIX = ".mp4"
FIELDS = ("id", "prompt", "seed", "date", "width", "height", "style", "tag", "batch", "account")

_MAX_TEMPLATE_CHARS = 300
_MAX_STEM_BYTES = 180
_MAX_VALUE_BYTES = 60  # of each free text but the prompt
_MOST_ADDED_BYTES = 25  # " (9999)", ".mp4" and ".part.json.new" come behind a stem
_JOINERS = "\u200c\u200d"  # hold emoji together and Persian letters apart; the other format marks mislead
_EDGES = " ._-" + _JOINERS
_FIELD = re.compile(r"\{([^{}]*)\}")
_GAP = r"[\s\-_.,;·–—]*"
_EMPTY = re.escape("{}")
# What goes with fields that have nothing to say, in this order, until there is no more of it.
_BETWEEN_EMPTY = re.compile(_EMPTY + r"[^{}()\[\]]*" + _EMPTY)
_BRACKETS = re.compile(rf"\({_GAP}{_EMPTY}{_GAP}\)|\[{_GAP}{_EMPTY}{_GAP}\]")
_AT_AN_EDGE = re.compile(rf"(?:^|(?<=[(\[])){_GAP}{_EMPTY}{_GAP}|{_GAP}{_EMPTY}{_GAP}(?:$|(?=[)\]]))")
_WITHIN = re.compile(rf"({_GAP}){_EMPTY}({_GAP})")


@dataclass(frozen=True, slots=True)
class NameRoom:
    """How long names may be in a folder.

    Attributes:
        name_bytes: of one file or folder.
        path_bytes: of all that is below the folder.
    """

    name_bytes: int = 255
    path_bytes: int = 4096


_ANY_ROOM = NameRoom()


def template_problem(template: str) -> str:
    """Why ``template`` cannot be used, as a sentence; empty where it can."""
    if len(template) > _MAX_TEMPLATE_CHARS:
        return f"The name is too long: {_MAX_TEMPLATE_CHARS} characters are the most."
    for name in _FIELD.findall(template):
        if name not in FIELDS:
            known = ", ".join(f"{{{field}}}" for field in FIELDS)
            return f"“{{{name}}}” is not a field. The fields are {known}."
    if set(_FIELD.sub("", template)) & set("{}"):
        return "A brace in the name has no partner."
    if template.startswith(("/", "\\", "~")) or re.match(r"[A-Za-z]:", template):
        return "The name must not begin like a path of its own: it belongs into the folder for clips."
    if any(part.strip() == ".." for part in re.split(r"[/\\]", template)):
        return "“..” cannot be used: the name must stay in the folder for clips."
    return ""


def clip_name(
    video: Video,
    clean: Callable[[str], str],
    template: str = DEFAULT_TEMPLATE,
    *,
    marks: Marks = NO_MARKS,
    room: NameRoom = _ANY_ROOM,
) -> str:
    """The name of ``video``'s file: at most 200 bytes, with the id always in it, ending in ``.mp4``.

    Folders of at most 200 bytes each stand before it, with ``/`` between, where the template has some.
    ``clean`` takes out what file systems refuse (the port ``ClipFolders.clean``). Where the room is
    scarce the prompt is cut first; then the folders go, and then everything but the id. A template with
    a problem counts as the usual one.
    """
    usable = DEFAULT_TEMPLATE if template_problem(template) else template
    *folders, last = usable.encode(errors="ignore").decode().split("/")
    if "{id}" not in last:
        last += " {id}"
    filling = _Filling(video.video_id, _values(video, marks), clean)
    most_bytes = min(_MAX_STEM_BYTES, room.name_bytes - _MOST_ADDED_BYTES)
    path_bytes = room.path_bytes - _MOST_ADDED_BYTES
    above = "".join(f"{name}/" for each in folders if (name := filling.component(each, most_bytes)))
    left_bytes = path_bytes - len(above.encode())
    if left_bytes < len(video.video_id):
        above, left_bytes = "", path_bytes
    return above + filling.component(last, min(most_bytes, left_bytes)) + CLIP_SUFFIX


def cut_bytes(text: str, limit_bytes: int) -> str:
    """The longest beginning of ``text`` of at most ``limit_bytes`` in UTF-8.

    It is cut between what people see as characters, which may be several marks each.
    """
    cut = text.encode()[: max(0, limit_bytes)].decode(errors="ignore")
    end = len(cut)
    while 0 < end < len(text) and _belongs_to_former(text, end):
        end -= 1
    return text[:end].rstrip()


@dataclass(frozen=True, slots=True)
class _Filling:
    """Fills the parts of a template with what is known of one video."""

    video_id: str
    values: Mapping[str, str]
    clean: Callable[[str], str]

    def component(self, template: str, most_bytes: int) -> str:
        """One part of a path; nothing where all its fields are empty and it has no words of its own."""
        without_prompt = self._filled(template, {**self.values, "prompt": ""})
        used_bytes, times = len(without_prompt.encode()), template.count("{prompt}")
        gap_bytes = len(_FIELD.sub("", template).encode())  # separators come back with the prompt
        room_bytes = (most_bytes - used_bytes - gap_bytes) // times if times else 0
        prompt = cut_bytes(self.values["prompt"], room_bytes)
        filled = self._filled(template, {**self.values, "prompt": prompt})
        return self._cleaned(self._cut(filled, most_bytes))

    def _filled(self, template: str, values: Mapping[str, str]) -> str:
        rest = _without_empty(_FIELD.sub(lambda field: field[0] if values[field[1]] else "{}", template))
        return _plain(_FIELD.sub(lambda field: values[field[1]], rest))

    def _cleaned(self, text: str) -> str:
        text = " ".join(self.clean(text).split()).strip(_EDGES)
        head, dot, tail = text.partition(".")  # Windows looks for its devices before the first dot
        return self.clean(head.rstrip()) + dot + tail

    def _cut(self, text: str, most_bytes: int) -> str:
        """``text`` within its limit, whatever it is made of; the id in it stays whole."""
        if len(text.encode()) <= most_bytes:
            return text
        before, found_id, after = text.partition(self.video_id)
        room_bytes = most_bytes - len(found_id)
        before = cut_bytes(before, room_bytes)
        after = cut_bytes(after, room_bytes - len(before.encode()))
        return (before + found_id + after).strip(_EDGES)


def _values(video: Video, marks: Marks) -> dict[str, str]:
    """What the fields stand for; all text on one line, and nothing in it that misleads."""
    free = {
        "style": video.style,
        "tag": next(iter(marks.tags), ""),
        "batch": marks.batch,
        "account": video.account,
    }
    return {
        "id": video.video_id,
        "prompt": _plain(video.prompt),
        "seed": "" if video.seed is None else str(video.seed),
        "date": _date(video.added_at_s if video.created_at_s is None else video.created_at_s),
        "width": str(video.width or ""),
        "height": str(video.height or ""),
        **{name: cut_bytes(_plain(text), _MAX_VALUE_BYTES) for name, text in free.items()},
    }


def _date(moment_s: float) -> str:
    """The day in local time, as people look for it."""
    try:
        return datetime.fromtimestamp(moment_s).astimezone().date().isoformat()
    except (OverflowError, OSError, ValueError):
        return ""


def _without_empty(template: str) -> str:
    """``template`` without its ``{}``, and without what stands around them to no purpose."""
    while "{}" in template:
        former = template
        template = _BETWEEN_EMPTY.sub("{}", template)
        template = _BRACKETS.sub("{}", template)
        if template == former:
            template = _AT_AN_EDGE.sub("", template)
            template = _WITHIN.sub(lambda gaps: gaps[1] or gaps[2], template)
    return template


def _plain(text: str) -> str:
    """One line without control and direction marks, which could make a name read as another."""
    spaced = " ".join(text.split())
    kept = (
        mark
        for mark in spaced
        if mark in _JOINERS or unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co", "Cn")
    )
    return "".join(kept).strip(" " + _JOINERS)


def _belongs_to_former(text: str, place: int) -> bool:
    """Whether the mark at ``place`` is seen as one with the mark before it."""
    former, mark = text[place - 1], text[place]
    if former == "\u200d" or mark in _JOINERS or unicodedata.category(mark) in ("Mn", "Mc", "Me"):
        return True
    if _is_flag_half(mark):
        return len(re.search(r"[\U0001F1E6-\U0001F1FF]*$", text[:place])[0]) % 2 == 1  # type: ignore[index]
    return (
        "\U0001f3fb" <= mark <= "\U0001f3ff" or "\u1160" <= mark <= "\u11ff"
    )  # skin; the rest of a syllable


def _is_flag_half(mark: str) -> bool:
    return "\U0001f1e6" <= mark <= "\U0001f1ff"
