"""Draws docs/polling.svg from the real pace: `python -m benchmarks.draw_polling`."""

import math
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from pixverse_desktop.core.pace import DEFAULT_INTERVAL_S, FixedPace, Pace, learned_pace

TARGET = Path(__file__).resolve().parents[1] / "docs" / "polling.svg"
MEDIAN_S, SPREAD = 60.0, 0.5
FINISHES_AT_S = 84.0
_SHOWN_S, _WIDTH, _HEIGHT = 150.0, 820, 250
_LEFT, _RIGHT, _FLOOR, _PEAK = 128, 28, 130, 30
_LOOP_Y, _OURS_Y = 158, 192
_GREY, _BLUE, _GREEN = "#8a8f98", "#3b82f6", "#22a06b"


def main() -> None:
    """Draw it."""
    TARGET.write_text("\n".join(_picture()) + "\n", encoding="utf-8")
    print(TARGET)


def _picture() -> Iterator[str]:
    chance = random.Random(1)
    past = [math.exp(chance.gauss(math.log(MEDIAN_S), SPREAD)) for _ in range(200)]
    loop = _asked_at(FixedPace(DEFAULT_INTERVAL_S))
    ours = _asked_at(learned_pace(past))
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'font-family="system-ui, sans-serif" font-size="13" aria-label="When one clip is asked about">'
    )
    yield f'<path d="{_density()}" fill="{_BLUE}" fill-opacity="0.16" stroke="{_BLUE}" stroke-opacity="0.5"/>'
    yield _text(_LEFT + 8, 24, "when clips of this list finish", fill=_GREY)
    yield (
        f'<line x1="{_x(FINISHES_AT_S):.1f}" x2="{_x(FINISHES_AT_S):.1f}" y1="{_PEAK + 10}" '
        f'y2="{_OURS_Y + 12}" stroke="{_GREEN}" stroke-width="1.5" stroke-dasharray="4 3"/>'
    )
    yield _text(_x(FINISHES_AT_S) + 6, _PEAK + 20, "this one is finished", fill=_GREEN)
    yield from _row(_LOOP_Y, "every 5 s", loop, _GREY)
    yield from _row(_OURS_Y, "learned", ours, _BLUE)
    yield from _axis()
    yield "</svg>"


def _asked_at(pace: Pace) -> list[float]:
    ages_s = [0.0]
    while ages_s[-1] < FINISHES_AT_S:
        ages_s.append(ages_s[-1] + pace.gap_s(ages_s[-1]))
    return ages_s


def _x(age_s: float) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * age_s / _SHOWN_S


def _density() -> str:
    heights = [_height(age_s) for age_s in range(1, round(_SHOWN_S) + 1)]
    scale = (_FLOOR - _PEAK) / max(heights)
    points = [f"L{_x(age_s):.1f} {_FLOOR - scale * height:.1f}" for age_s, height in enumerate(heights, 1)]
    return f"M{_x(0):.1f} {_FLOOR}{''.join(points)}L{_x(_SHOWN_S):.1f} {_FLOOR}Z"


def _height(age_s: float) -> float:
    return math.exp(-0.5 * (math.log(age_s / MEDIAN_S) / SPREAD) ** 2) / age_s


def _row(y: int, name: str, asked_at_s: Sequence[float], colour: str) -> Iterator[str]:
    yield _text(_LEFT - 14, y + 4, f"{name}: {len(asked_at_s)}", fill=colour, anchor="end")
    yield (
        f'<line x1="{_x(0):.1f}" x2="{_x(_SHOWN_S):.1f}" y1="{y}" y2="{y}" '
        f'stroke="{_GREY}" stroke-opacity="0.3"/>'
    )
    for age_s in asked_at_s[:-1]:
        yield f'<circle cx="{_x(age_s):.1f}" cy="{y}" r="4" fill="{colour}"/>'
    yield f'<circle cx="{_x(asked_at_s[-1]):.1f}" cy="{y}" r="6" fill="{_GREEN}"/>'


def _axis() -> Iterator[str]:
    y = _OURS_Y + 22
    for age_s in range(0, round(_SHOWN_S) + 1, 30):
        yield _text(_x(age_s), y + 14, f"{age_s} s", fill=_GREY, anchor="middle")
        yield f'<line x1="{_x(age_s):.1f}" x2="{_x(age_s):.1f}" y1="{y - 6}" y2="{y}" stroke="{_GREY}"/>'


def _text(x: float, y: float, words: str, *, fill: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y}" fill="{fill}" text-anchor="{anchor}">{words}</text>'


if __name__ == "__main__":
    main()
