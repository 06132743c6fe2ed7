"""Figures with their marks, printed as a table, and a list of a hundred thousand videos to take them on."""

import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, QTimer

from pixverse_desktop.core.video import Video, VideoStatus

ROWS = 100_000
_TICK_MS = 5
_WORDS = [
    "paper",
    "boat",
    "drift",
    "gutter",
    "dusk",
    "lamp",
    "water",
    "corgi",
    "whale",
    "kite",
    "sunflower",
    "glass",
    "city",
    "crane",
    "ink",
    "flower",
    "macro",
    "dolly",
    "shot",
    "mist",
    "vine",
    "greenhouse",
    "train",
    "night",
    "sea",
    "window",
    "astronaut",
    "stadium",
    "aurora",
    "field",
]


def many_videos(count: int = ROWS, seed: int = 1) -> list[Video]:
    """Videos as a long-time user has them: most ready and saved, prompts of some fourteen words."""
    chance = random.Random(seed)
    statuses = [VideoStatus.READY] * 8 + [VideoStatus.FAILED, VideoStatus.MODERATED, VideoStatus.WAITING]
    return [_video(number, chance, chance.choice(statuses)) for number in range(count)]


def _video(number: int, chance: random.Random, status: VideoStatus) -> Video:
    video_id = str(391504857968062 + number * 7)
    prompt = " ".join(chance.choices(_WORDS, k=14))
    return Video(
        video_id=video_id,
        added_at_s=1.76e9 + number,
        created_at_s=1.76e9 + number,
        ended_at_s=None if status is VideoStatus.WAITING else 1.76e9 + number + 60,
        second_look_done=True,
        status=status,
        status_code=1,
        url=f"https://media.example/openapi%2F{video_id}.mp4",
        prompt=prompt,
        seed=chance.randrange(2**31),
        width=1280,
        height=720,
        size_bytes=chance.randrange(10**6, 10**7),
        raw=json.dumps({"id": int(video_id), "prompt": prompt, "status": 1, "size": 8427520}),
    )


@dataclass
class Figures:
    """Collects figures; ``close`` prints what missed its mark and gives the exit code."""

    title: str
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        print(f"\n{self.title}")

    def add(self, name: str, value: float, mark: float, unit: str, *, at_least: bool = False) -> None:
        """Print a figure beside its mark."""
        is_within = value >= mark if at_least else value <= mark
        sign = "≥" if at_least else "≤"
        print(f"  {name:<52} {value:>10,.1f} {unit:<3} ({sign} {mark:g}){'' if is_within else '   MISSED'}")
        if not is_within:
            self.missed.append(name)

    def close(self) -> int:
        """The exit code: 1 if anything missed its mark."""
        return 1 if self.missed else 0


class LoopLatency(QObject):
    """How late a timer of 5 ms comes, from now until ``close``."""

    def __init__(self) -> None:
        super().__init__()
        self._late_ms: list[float] = []
        self._last_s = time.perf_counter()
        self._timer = QTimer(self, timerType=Qt.TimerType.PreciseTimer, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def close(self) -> float:
        """The 99th percentile in milliseconds."""
        self._timer.stop()
        return statistics.quantiles(self._late_ms, n=100)[98]

    def _tick(self) -> None:
        now_s = time.perf_counter()
        self._late_ms.append((now_s - self._last_s) * 1000 - _TICK_MS)
        self._last_s = now_s


def milliseconds(work: Callable[[], object], times: int = 5) -> float:
    """The median time of ``work`` in milliseconds."""
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spans.append((time.perf_counter() - began) * 1000)
    return statistics.median(spans)


def finish(figures: Figures) -> None:
    """End the process with the figures' exit code."""
    sys.exit(figures.close())
