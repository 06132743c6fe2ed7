"""One question to PixVerse as it is remembered: when, what came back, and under which trace id."""

from dataclasses import dataclass

from pixverse_desktop.core.video import VideoRef


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one question about one video came to.

    Attributes:
        at_s: when it was asked, in seconds since 1970 UTC.
        code: the status code of a good answer, or the error's code; None where there was neither.
        outcome: what came back, in words fit to be shown; no key, no address.
        trace_id: the ``Ai-trace-id`` it was asked with, for PixVerse's support.
    """

    ref: VideoRef
    at_s: float
    code: int | None
    outcome: str
    trace_id: str
