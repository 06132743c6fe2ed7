"""The ``Resp`` of a video result, written from PixVerse's reference and from nothing of ours."""

from datetime import UTC, datetime

from pixverse_desktop.simulator.lives import MISSING, Life, Step, UrlKind
from pixverse_desktop.simulator.media import picture_size

_FINISHED = (1, "1")


def record(
    life: Life, step: Step, started_at_s: float, base_url: str, clip: bytes | None
) -> dict[str, object]:
    """Return every documented field, the seen ones, and one nobody has written about.

    Sizes are bytes and pixels, and 0 until finished (seen); ``outputWidth`` and ``outputHeight`` are
    camelCase in a snake_case body (documented).
    """
    is_made = clip is not None and step.status in _FINISHED
    width, height = _picture(life, clip) if is_made and clip else (0, 0)
    fields: dict[str, object] = {
        "create_time": rfc3339(started_at_s),
        "id": int(life.video_id),
        "modify_time": rfc3339(started_at_s + step.after_s),
        "negative_prompt": life.negative_prompt,
        "outputHeight": height,
        "outputWidth": width,
        "prompt": life.prompt,
        "resolution_ratio": 0,
        "seed": life.seed,
        "size": len(clip) if is_made and clip else 0,
        "status": step.status,
        "style": life.style,
        "url": _url(step, base_url, life.video_id),
        "has_audio": life.has_audio,
        "credits": life.credits,
        "customer_paths": {"ext_info": None, "duration_type": "", "cameo_id_list": []},
        "render_lane": "simulated",  # a field clients cannot know: they must let it pass
    }
    return {name: value for name, value in fields.items() if value is not MISSING}


def rfc3339(at_s: float) -> str:
    """Return seconds since 1970 as the service writes times: UTC, whole seconds, ``Z`` (documented)."""
    return datetime.fromtimestamp(at_s, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _picture(life: Life, clip: bytes) -> tuple[int, int]:
    width, height = picture_size(clip)
    return life.width or width, life.height or height


def _url(step: Step, base_url: str, video_id: str) -> str | None:
    return step.url.address(base_url, video_id) if isinstance(step.url, UrlKind) else step.url
