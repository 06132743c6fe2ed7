"""How many questions a key may ask: a token bucket that learns from "too many requests"."""

import math
from dataclasses import dataclass, field

DEFAULT_RATE_PER_S = 5.0
_MIN_RATE_PER_S = 0.2
_GAIN_PER_S = 0.05
_FIRST_PAUSE_S = 10.0
_LONGEST_PAUSE_S = 120.0
_LATENESS_S = 0.1  # how long a turn is kept for one who comes later than was said
_NO_WAIT_S = 1e-9
LONGEST_ASKED_PAUSE_S = 3600.0
PAUSE_WORDS = "PixVerse asks for fewer questions."


@dataclass
class RequestBudget:
    """The questions one key may ask a second; moved by its owner's monotonic clock, in seconds.

    A refusal halves the rate, every good answer adds a little back, up to the rate it began with and
    never above: PixVerse publishes no limit, a faster start would bring nothing (waiting clips are few),
    and finding the limit by breaking it is not polite. A refusal also begins a pause for the whole key;
    what was asked before it began and is refused as well says nothing new, and can only lengthen it.

    Where several accounts have the same key they share it, by their names, and have their turns in the
    order in which they were told to wait; one that does not come back for its turn has lost it.
    """

    rate_per_s: float = DEFAULT_RATE_PER_S
    ceiling_per_s: float = DEFAULT_RATE_PER_S
    _tokens: float = 1.0
    _counted_at_s: float | None = None
    _refusals: int = 0
    _paused_since_s: float = -math.inf
    _paused_until_s: float = -math.inf
    _waiting_until_s: dict[str, float] = field(default_factory=dict)  # in the order of their turns

    def take(self, at_s: float, who: str = "") -> bool:
        """Take one question if there is one left at ``at_s`` and it is the turn of ``who``."""
        if (wait_s := self.wait_s(at_s, who)) > _NO_WAIT_S:
            self._waiting_until_s[who] = at_s + wait_s + _LATENESS_S
            return False
        self._waiting_until_s.pop(who, None)
        self._tokens = max(0.0, self._tokens - 1.0)
        return True

    def wait_s(self, at_s: float, who: str = "") -> float:
        """Seconds from ``at_s`` until ``who`` should ask for one question again; 0 if there is one now."""
        self._refill(at_s)
        missing = 1.0 - self._tokens
        if self._next_turn(at_s, who) != who:
            missing = max(missing, 1.0)
        return max(0.0, missing / self.rate_per_s, self.pause_s(at_s))

    def pause_s(self, at_s: float) -> float:
        """Seconds for which nobody is to ask anything, since the service asked for fewer questions."""
        return max(0.0, self._paused_until_s - at_s)

    def _next_turn(self, at_s: float, who: str) -> str:
        """Whose turn it is: of those who wait and have not stayed away the first, or else of ``who`` asks."""
        waiting = self._waiting_until_s.items()
        self._waiting_until_s = {each: until_s for each, until_s in waiting if until_s >= at_s}
        return next(iter(self._waiting_until_s), who)

    def note_answer(self) -> None:
        """Record that a question was answered."""
        self._refusals = 0
        self.rate_per_s = min(self.ceiling_per_s, self.rate_per_s + _GAIN_PER_S)

    def note_refusal(self, at_s: float, retry_after_s: float | None, *, began_s: float) -> None:
        """Record "too many requests" at ``at_s`` as the answer to a question begun at ``began_s``."""
        asked_pause_s = min(max(retry_after_s or 0.0, 0.0), LONGEST_ASKED_PAUSE_S)
        if began_s > self._paused_since_s:
            asked_pause_s = asked_pause_s or self._own_pause_s()
            self.rate_per_s = max(_MIN_RATE_PER_S, self.rate_per_s / 2)
            self._refusals += 1
            self._paused_since_s = at_s
        self._paused_until_s = max(self._paused_until_s, at_s + asked_pause_s)

    def _own_pause_s(self) -> float:
        """How long the key waits where the service names no pause: longer after each refusal in a row."""
        return min(_FIRST_PAUSE_S * 2.0 ** min(self._refusals, 10), _LONGEST_PAUSE_S)

    def _refill(self, at_s: float) -> None:
        if self._counted_at_s is not None:
            gained = max(0.0, at_s - self._counted_at_s) * self.rate_per_s
            self._tokens = min(1.0, self._tokens + gained)
        self._counted_at_s = at_s
