"""How fast bytes come: over the last few seconds, so that it neither jumps nor lags."""

_WINDOW_S = 5.0
_LEAST_SPAN_S = 0.5


class Speed:
    """The speed of one transfer; moved by its owner's monotonic clock, in seconds."""

    __slots__ = ("_seen",)  # there may be very many, most of which never measure anything

    def __init__(self) -> None:
        self._seen: list[tuple[float, int]] = []

    def note(self, at_s: float, received_bytes: int) -> None:
        """Take down how many bytes are there at ``at_s``."""
        self._seen.append((at_s, received_bytes))
        while at_s - self._seen[0][0] > _WINDOW_S:
            del self._seen[0]

    def clear(self) -> None:
        """Begin anew."""
        self._seen.clear()

    @property
    def bytes_s(self) -> float:
        """Bytes a second, or 0 while it is too early to tell."""
        if not self._seen:
            return 0.0
        (first_s, first_bytes), (last_s, last_bytes) = self._seen[0], self._seen[-1]
        if last_s - first_s < _LEAST_SPAN_S:
            return 0.0
        return max(0.0, (last_bytes - first_bytes) / (last_s - first_s))
