"""How fast all downloads together may go: a token bucket over bytes."""

_BURST_S = 0.25


class Bandwidth:
    """Bytes that may come a second, shared by whoever asks; moved by its owner's monotonic clock, in seconds.

    What came is counted even if it was more than was free: a debt, which all wait for together.

    Attributes:
        limit_bytes_s: bytes a second, or None for as fast as they come; may change at any time.
    """

    def __init__(self, limit_bytes_s: float | None = None) -> None:
        self.limit_bytes_s = limit_bytes_s
        self._free_bytes = 0.0
        self._counted_at_s: float | None = None

    def spend(self, size_bytes: int, at_s: float) -> None:
        """Count bytes that came at ``at_s``."""
        self._refill(at_s)
        if self.limit_bytes_s is not None:
            self._free_bytes -= size_bytes

    def wait_s(self, at_s: float) -> float:
        """Seconds from ``at_s`` until more may come, if the limit stays as it is."""
        self._refill(at_s)
        if self.limit_bytes_s is None or self._free_bytes >= 0:
            return 0.0
        return -self._free_bytes / self.limit_bytes_s

    def _refill(self, at_s: float) -> None:
        passed_s = 0.0 if self._counted_at_s is None else max(0.0, at_s - self._counted_at_s)
        self._counted_at_s = at_s
        if self.limit_bytes_s is None:
            self._free_bytes = 0.0
            return
        gained_bytes = passed_s * self.limit_bytes_s
        self._free_bytes = min(self._free_bytes + gained_bytes, self.limit_bytes_s * _BURST_S)
