"""One account's state toward the service: online, silent, paused, or without a good key."""

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind

_BACK_OFF_S = (5.0, 10.0, 20.0, 40.0, 60.0)
_REFUSED_BACK_OFF_S = (60.0, 300.0, 900.0, 3600.0)
_FOREVER_S = float("inf")
_SAME_MOMENT_S = 0.01


class ConnectionState:
    """Decides, without any I/O, what silence and refusals mean for the account as a whole.

    One question without an answer may be that row's own trouble, or a hiccup; the account counts as
    offline when a second one in a row goes unanswered. Where there is no other row, the second one is
    asked after the first back-off, and the first silence counts as a round of it.
    """

    def __init__(self) -> None:
        self._kind = ConnectionKind.IDLE
        self._message = ""
        self._held_until_s = 0.0
        self._held_since_s = -_FOREVER_S
        self._answered_at_s = -_FOREVER_S
        self._silences = 0
        self._rounds = 0
        self._is_certain = True

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is to be asked until the key is mended."""
        is_refused = self._kind is ConnectionKind.KEY_REFUSED and self._is_certain
        return is_refused or self._kind is ConnectionKind.KEY_MISSING

    @property
    def is_probing(self) -> bool:
        """Whether one question at a time is enough, to see if anybody is there."""
        return self._kind in (ConnectionKind.OFFLINE, ConnectionKind.KEY_REFUSED)

    def hold_s(self, now_s: float) -> float:
        """Seconds to wait before the next question."""
        return max(0.0, self._held_until_s - now_s)

    def as_event(self, account: str, now_s: float) -> ConnectionChanged:
        """The state as news. A refused key is told as final, also where it will be tried again."""
        retry_in_s = 0.0 if self._kind is ConnectionKind.KEY_REFUSED else round(self.hold_s(now_s), 3)
        return ConnectionChanged(account, self._kind, self._message, retry_in_s)

    def answer_came(self, now_s: float) -> None:
        """Somebody is there."""
        self._answered_at_s = now_s
        self._silences = self._rounds = 0
        if self._kind is ConnectionKind.PAUSED and self.hold_s(now_s) > 0:
            return  # an answer to a question asked before the pause began
        if not self.is_stopped:
            self._kind, self._message, self._held_until_s = ConnectionKind.ONLINE, "", 0.0

    def silence(self, *, began_s: float, now_s: float, message: str, is_alone: bool) -> None:
        """A question begun at ``began_s`` got no answer."""
        if self.is_stopped or self._answered_at_s >= began_s or self._held_since_s > began_s:
            return
        self._silences += 1
        if self._silences < 2 and self._kind is not ConnectionKind.OFFLINE:
            self._rounds += is_alone
            return
        self._kind, self._message = ConnectionKind.OFFLINE, message
        self._hold(now_s, _BACK_OFF_S[min(self._rounds, len(_BACK_OFF_S) - 1)])
        self._rounds += 1

    def pause(self, now_s: float, pause_s: float, message: str) -> None:
        """The service asked for fewer questions."""
        if self.is_stopped:
            return
        self._kind, self._message = ConnectionKind.PAUSED, message
        self._hold(now_s, max(pause_s, self.hold_s(now_s)))

    def refuse(self, now_s: float, message: str, *, is_certain: bool) -> None:
        """The key is not accepted. What may be a gateway's word alone is asked again, ever more slowly."""
        self._kind, self._message, self._is_certain = ConnectionKind.KEY_REFUSED, message, is_certain
        if is_certain:
            self._held_until_s = 0.0
        elif self.hold_s(now_s) == 0:
            self._hold(now_s, _REFUSED_BACK_OFF_S[min(self._rounds, len(_REFUSED_BACK_OFF_S) - 1)])
            self._rounds += 1

    def lack_key(self) -> None:
        """There is no key."""
        self._kind, self._message, self._held_until_s = ConnectionKind.KEY_MISSING, "", 0.0

    def retry_now(self, now_s: float) -> None:
        """Somebody wishes to try at once; a pause the service asked for is kept all the same."""
        if self._kind is ConnectionKind.OFFLINE:
            self._held_until_s = now_s
        elif self._kind is ConnectionKind.KEY_REFUSED:  # a gateway's 401 may have been no word on the key
            self._kind, self._message = ConnectionKind.IDLE, ""

    def _hold(self, now_s: float, pause_s: float) -> None:
        self._held_since_s = now_s
        self._held_until_s = now_s + pause_s


class ConnectionNews:
    """Knows what was told of a connection last, and so what is news."""

    def __init__(self) -> None:
        self._told: ConnectionChanged | None = None
        self._told_until_s = 0.0

    def is_news(self, now: ConnectionChanged, now_s: float) -> bool:
        """Whether ``now`` is another state, other words, or a longer wait; if so it counts as told."""
        told, until_s = self._told, now_s + now.retry_in_s
        is_longer = now.retry_in_s > 0 and until_s > self._told_until_s + _SAME_MOMENT_S
        if told is not None and (told.kind, told.message) == (now.kind, now.message) and not is_longer:
            return False
        self._told, self._told_until_s = now, until_s
        return True
