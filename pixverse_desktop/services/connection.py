"""One account's state toward the service: online, silent, paused, or without a good key."""

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind

_BACK_OFF_S = (5.0, 10.0, 20.0, 40.0, 60.0)
_FOREVER_S = float("inf")


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

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is to be asked until the key is mended."""
        return self._kind in (ConnectionKind.KEY_REFUSED, ConnectionKind.KEY_MISSING)

    @property
    def is_probing(self) -> bool:
        """Whether one question at a time is enough, to see if anybody is there."""
        return self._kind is ConnectionKind.OFFLINE

    def hold_s(self, now_s: float) -> float:
        """Seconds to wait before the next question."""
        return max(0.0, self._held_until_s - now_s)

    def as_event(self, account: str, now_s: float) -> ConnectionChanged:
        """The state as news."""
        return ConnectionChanged(account, self._kind, self._message, round(self.hold_s(now_s), 3))

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

    def refuse(self, message: str) -> None:
        """The key is not accepted."""
        self._kind, self._message, self._held_until_s = ConnectionKind.KEY_REFUSED, message, 0.0

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
