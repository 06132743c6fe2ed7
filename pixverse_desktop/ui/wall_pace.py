"""How many clips play at once: as many as the machine can, found out by trying. Knows no Qt."""

_FIRST = 4.0
_MOST = 16.0  # each clip that is decoded takes some 25 MB
_LATE_MS = 22.0  # from here on it is seen that the window is late
_IN_TIME_MS = 10.0
_POOR_SHARE = 0.85  # of the frames that were due
_GOOD_SHARE = 0.93
_KEPT = 0.75
_SETTLES_S = 1.5  # what falls takes a moment to be felt
_SHORTEST_WAIT_S, _LONGEST_WAIT_S = 4.0, 64.0


class WallPace:
    """Rises fast until the machine is busy for the first time, then falls at once and rises slowly.

    What was too much is tried again, since the machine may have had other work; but each time it is too much
    still, it takes twice as long until the next try, so that a wall does not falter every few seconds.

    Attributes:
        allowed: how much may play, where a clip that is decoded counts as 1.
        is_rising_fast: whether the machine has not been busy yet.
    """

    def __init__(self) -> None:
        self.allowed = _FIRST
        self.is_rising_fast = True
        self._too_much = _MOST
        self._wait_s = _SHORTEST_WAIT_S / 2
        self._fell_at_s = self._rose_at_s = -_LONGEST_WAIT_S

    def note(self, now_s: float, *, playing: float, late_ms: float, share: float, is_short: bool) -> None:
        """Take in a moment: what played, how late the window was and which share of the frames was shown.

        ``is_short`` tells that more would play if it were allowed.
        """
        if now_s < self._fell_at_s + _SETTLES_S:
            return
        if playing and (late_ms > _LATE_MS or share < _POOR_SHARE):
            self._fall(now_s, playing)
        elif is_short and late_ms < _IN_TIME_MS and share > _GOOD_SHARE:
            self._rise(now_s)

    def _fall(self, now_s: float, playing: float) -> None:
        self._too_much = min(playing, self.allowed)
        self.allowed = max(1.0, float(int(self._too_much * _KEPT)))
        self._wait_s = min(2 * self._wait_s, _LONGEST_WAIT_S)
        self.is_rising_fast = False
        self._fell_at_s = now_s

    def _rise(self, now_s: float) -> None:
        if self.is_rising_fast:
            self.allowed = min(self.allowed + 2, _MOST)
            return
        if self.allowed >= self._too_much:  # it is not too much any more
            self._too_much, self._wait_s = _MOST, _SHORTEST_WAIT_S
        wanted = min(self.allowed + 1, _MOST)
        wait_s = self._wait_s if wanted >= self._too_much else _SHORTEST_WAIT_S
        if now_s >= max(self._fell_at_s + wait_s, self._rose_at_s + _SHORTEST_WAIT_S):
            self.allowed, self._rose_at_s = wanted, now_s
