"""How many questions a key may ask: a token bucket that learns from "too many requests"."""

from dataclasses import dataclass

DEFAULT_RATE_PER_S = 5.0
_MIN_RATE_PER_S = 0.2
_GAIN_PER_S = 0.05
_FIRST_PAUSE_S = 10.0
_LONGEST_PAUSE_S = 120.0
LONGEST_ASKED_PAUSE_S = 3600.0


@dataclass
class RequestBudget:
    """The questions one key may ask a second; moved by its owner's monotonic clock, in seconds.

    A refusal halves the rate, every good answer adds a little back, up to the rate it began with and
    never above: PixVerse publishes no limit, a faster start would bring nothing (waiting clips are few),
    and finding the limit by breaking it is not polite.
    """

    rate_per_s: float = DEFAULT_RATE_PER_S
    ceiling_per_s: float = DEFAULT_RATE_PER_S
    _tokens: float = 1.0
    _counted_at_s: float | None = None
    _refusals: int = 0

    def take(self, at_s: float) -> bool:
        """Take one question if there is one left at ``at_s``."""
        self._refill(at_s)
        if self._tokens < 1.0 - 1e-9:
            return False
        self._tokens = max(0.0, self._tokens - 1.0)
        return True

    def wait_s(self, at_s: float) -> float:
        """Seconds from ``at_s`` until one question is free."""
        self._refill(at_s)
        return max(0.0, (1.0 - self._tokens) / self.rate_per_s)

    def note_answer(self) -> None:
        """Record that a question was answered."""
        self._refusals = 0
        self.rate_per_s = min(self.ceiling_per_s, self.rate_per_s + _GAIN_PER_S)

    def note_refusal(self, retry_after_s: float | None) -> float:
        """Record "too many requests"; the answer is how long the key should wait, in seconds."""
        self.rate_per_s = max(_MIN_RATE_PER_S, self.rate_per_s / 2)
        own_pause_s = min(_FIRST_PAUSE_S * 2.0 ** min(self._refusals, 10), _LONGEST_PAUSE_S)
        self._refusals += 1
        if retry_after_s is None or retry_after_s <= 0:
            return own_pause_s
        return min(retry_after_s, LONGEST_ASKED_PAUSE_S)

    def _refill(self, at_s: float) -> None:
        if self._counted_at_s is not None:
            gained = max(0.0, at_s - self._counted_at_s) * self.rate_per_s
            self._tokens = min(1.0, self._tokens + gained)
        self._counted_at_s = at_s
