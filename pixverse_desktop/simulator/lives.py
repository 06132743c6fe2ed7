"""A scripted life for a pretend video: what is true about it at which age."""

from dataclasses import dataclass
from enum import Enum
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

MEDIA_PREFIX = "/media/"
ID_CEILING = 2**64  # ids are unsigned 64-bit (seen)
RUNNING = (0, 2, 3, 5, 9, 10)  # codes of a video that has no file yet: 5 documented, the others seen


class Missing(Enum):
    """Stands for a field that the answer leaves out."""

    MISSING = "missing"


MISSING = Missing.MISSING


class UrlKind(Enum):
    """What ``url`` points at; the values are paths on the media host, before percent-encoding."""

    EMPTY = ""
    CLIP = "openapi/{name}.mp4"
    PLACEHOLDER = "pixverse-preview/mp4/media/default.mp4"
    BROKEN = "openapi/output/gone/{name}.mp4"
    PAGE = "openapi/output/page/{name}.mp4"

    def path(self, video_id: str) -> str:
        """Return the decoded path below the media prefix; the same id always gets the same one."""
        return self.value.format(name=uuid5(NAMESPACE_URL, f"video:{video_id}"))

    def address(self, base_url: str, video_id: str) -> str:
        """Return the address as the service spells it: slashes inside the name are ``%2F`` (seen)."""
        path = self.path(video_id)
        return f"{base_url}{MEDIA_PREFIX}{quote(path, safe='')}" if path else ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error instead of a result: an ErrCode, its text, and the HTTP status it comes with."""

    code: int
    message: str
    http_status: int = 200


NOT_KNOWN = Refusal(500047, "The provided media is invalid", 400)  # seen for ids of another account


@dataclass(frozen=True, slots=True)
class Step:
    """What is true from ``after_s`` seconds of age on.

    ``status`` may be any JSON value, or ``MISSING``. ``url`` may also be a text (or None) sent as it stands.
    A ``refusal`` is answered in place of the whole result.
    """

    after_s: float
    status: object = MISSING
    url: UrlKind | str | None = UrlKind.EMPTY
    refusal: Refusal | None = None


Story = tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A pretend video.

    ``clip`` is a file name, or a number into the sorted names that wraps round. Without ``width`` and
    ``height`` (pixels) the clip's own are told. Age counts from ``started_at_s`` on the simulation's clock,
    or else from the first question about the id.
    """

    video_id: str
    steps: Story
    prompt: str = ""
    negative_prompt: str = ""
    clip: str | int = 0
    seed: int = 0
    style: str = ""
    width: int | None = None
    height: int | None = None
    has_audio: bool = True
    credits: int = 45
    started_at_s: float | None = None

    def __post_init__(self) -> None:
        ages = [step.after_s for step in self.steps]
        if not ages or ages[0] != 0 or ages != sorted(ages):
            raise ValueError("a life begins at 0 s and its steps are in order")
        if not is_video_id(self.video_id):
            raise ValueError(f"not a decimal id below 2**64: {self.video_id!r}")

    def step_at(self, age_s: float) -> Step:
        """Return what is true at this age; before birth, the first step."""
        return next((step for step in reversed(self.steps) if step.after_s <= age_s), self.steps[0])


def is_video_id(text: str) -> bool:
    """Tell whether ``text`` is decimal digits, at most 20, worth less than 2**64."""
    return text.isascii() and text.isdigit() and len(text) <= 20 and int(text) < ID_CEILING
