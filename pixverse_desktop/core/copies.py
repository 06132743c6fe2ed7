"""Copies of clips on disk: what can be wrong with one, and which file may be one that was moved."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pixverse_desktop.core.names import CLIP_SUFFIX
from pixverse_desktop.core.video import Video, VideoRef


class CopyFault(StrEnum):
    """What is wrong with a saved copy."""

    GONE = "gone"
    UNREADABLE = "unreadable"
    SHORT = "short"
    CHANGED = "changed"
    NOT_A_CLIP = "not_a_clip"


@dataclass(frozen=True, slots=True)
class Finding:
    """A row whose copy is not what it was."""

    video: Video
    fault: CopyFault


class LostCopies:
    """Rows whose copies are looked for, and which of them a file may belong to."""

    def __init__(self, videos: Iterable[Video]) -> None:
        self._by_id: dict[str, list[Video]] = defaultdict(list)
        self._by_name: dict[tuple[str, int], list[Video]] = defaultdict(list)
        for video in videos:
            self._by_id[video.video_id].append(video)
            self._by_name[Path(video.saved_path).name, video.saved_bytes].append(video)

    def owners(self, path: Path, size_bytes: int) -> Iterator[tuple[VideoRef, int]]:
        """The rows a file may be the copy of, each with how likely that is; a higher number is likelier.

        Name and size together say most, then the id in the name with the size, then the id alone.
        """
        for video in self._by_name.get((path.name, size_bytes), ()):
            yield video.ref, 3
        if path.suffix.lower() == CLIP_SUFFIX:
            for number in dict.fromkeys(re.findall(r"[0-9]+", path.stem)):
                for video in self._by_id.get(number, ()):
                    yield video.ref, 2 if size_bytes == video.saved_bytes else 1
