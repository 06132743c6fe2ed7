"""One account's state toward the service: online, silent, or without a good key."""

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind
from pixverse_desktop.core.video import VideoRef

_BACK_OFF_S = (5.0, 10.0, 20.0, 40.0, 60.0)
_REFUSED_BACK_OFF_S = (60.0, 300.0, 900.0, 3600.0)
_FOREVER_S = float("inf")
_SAME_MOMENT_S = 0.01


class ConnectionState:
    """Decides, without any I/O, what silence and refusals mean for the account as a whole.

    One question without an answer may be that row's own trouble, or a hiccup; the account counts as
    offline when a second one in a row goes unanswered. Where there is no other row, the second one is
    asked after the first back-off, and the first silence counts as a round of it. A page that refuses
    the key is treated alike; where nothing was ever answered and no other row can be tried at once, it
    is believed at once.

    A pause is the key's and not the account's: the ``RequestBudget`` keeps it.
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
        self._doubted_by: VideoRef | None = None  # the row whose question a page refused last

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is to be asked until the key is mended."""
        is_refused = self._kind is ConnectionKind.KEY_REFUSED and self._is_certain
        return is_refused or self._kind is ConnectionKind.KEY_MISSING

    @property
    def is_online(self) -> bool:
        """Whether the last that was heard was an answer."""
        return self._kind is ConnectionKind.ONLINE

    @property
    def is_refused(self) -> bool:
        """Whether the key is not accepted, by whomever."""
        return self._kind is ConnectionKind.KEY_REFUSED

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
        self._doubted_by = None
        if not self.is_stopped:
            self._kind, self._message, self._held_until_s = ConnectionKind.ONLINE, "", 0.0

    def silence(self, *, began_s: float, now_s: float, message: str, is_alone: bool) -> None:
        """A question begun at ``began_s`` got no answer."""
        if self.is_stopped or self._answered_at_s >= began_s or self._held_since_s > began_s:
            return
        self._silences += 1
        if self._kind is not ConnectionKind.OFFLINE:
            if self._silences < 2:
                return
            self._rounds = int(is_alone)
        self._kind, self._message = ConnectionKind.OFFLINE, message
        self._hold(now_s, _BACK_OFF_S[min(self._rounds, len(_BACK_OFF_S) - 1)])
        self._rounds += 1

    def refuse(self, message: str) -> None:
        """PixVerse does not accept the key; told once, until there is another or somebody tries again."""
        if self.is_stopped:
            return
        self._kind, self._message, self._is_certain = ConnectionKind.KEY_REFUSED, message, True
        self._held_until_s = 0.0

    def doubt(self, row: VideoRef, now_s: float, message: str, *, is_alone: bool) -> None:
        """A page refused the key over ``row``: perhaps a gateway's word, so asked again, ever more slowly."""
        if self.is_stopped or self._is_rows_own(row, is_alone):
            return
        if self._kind is not ConnectionKind.KEY_REFUSED:
            self._silences = self._rounds = 0
            self._held_until_s = now_s
        self._kind, self._message, self._is_certain = ConnectionKind.KEY_REFUSED, message, False
        if self.hold_s(now_s) == 0:
            self._hold(now_s, _REFUSED_BACK_OFF_S[min(self._rounds, len(_REFUSED_BACK_OFF_S) - 1)])
            self._rounds += 1

    def _is_rows_own(self, row: VideoRef, is_alone: bool) -> bool:
        """Whether a page's refusal may be this row's own trouble, and remembers it."""
        former, self._doubted_by = self._doubted_by, row
        if self._kind is ConnectionKind.KEY_REFUSED:
            return False
        if former is None:
            return self._kind is ConnectionKind.ONLINE or not is_alone
        return former == row and not is_alone

    def lack_key(self) -> None:
        """There is no key."""
        self._kind, self._message, self._held_until_s = ConnectionKind.KEY_MISSING, "", 0.0

    def retry_now(self, now_s: float) -> None:
        """Somebody wishes to try at once."""
        self._held_until_s = now_s
        if self._kind is ConnectionKind.KEY_REFUSED:  # a gateway's 401 may have been no word on the key
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
