"""The line at the foot of the window: counts, credits, and how the service is doing."""

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind
from pixverse_desktop.core.video import Balance, VideoStatus
from pixverse_desktop.services.census import Census
from pixverse_desktop.ui import theme

_COUNTED = (
    VideoStatus.WAITING,
    VideoStatus.UNKNOWN,
    VideoStatus.READY,
    VideoStatus.MODERATED,
    VideoStatus.FAILED,
    VideoStatus.DELETED,
    VideoStatus.NOT_FOUND,
    VideoStatus.STOPPED,
)


class StatusLine(QStatusBar):
    """What is going on, in one quiet line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._counts = QLabel(self)
        self._balance = QLabel(self)
        self._connection_icon = QLabel(self)
        self._connection = QLabel(self)
        self._counts.setAccessibleName(self.tr("Counts"))
        self._balance.setAccessibleName(self.tr("Credits"))
        self._state = ConnectionChanged("", ConnectionKind.IDLE)
        self._left_s = 0.0
        self._countdown = QTimer(self)
        self._countdown.setInterval(1000)
        self._countdown.timeout.connect(self._tick)
        self._lay_out()

    def show_counts(self, census: Census, *, shown: int) -> None:
        """Show how many rows there are of each kind, and how many of all fit the search."""
        figures = QLocale()
        total = figures.toString(census.total)
        words = [self.tr("1 video") if census.total == 1 else self.tr("%1 videos").replace("%1", total)]
        if shown < census.total:
            words = [self.tr("%1 of %2 shown").replace("%1", figures.toString(shown)).replace("%2", total)]
        words += [
            f"{figures.toString(census.statuses[status])} {self._word(status)}"
            for status in _COUNTED
            if census.statuses[status]
        ]
        if census.saved:
            words.append(self.tr("%1 saved").replace("%1", figures.toString(census.saved)))
        self._counts.setText("   ·   ".join(words))

    def show_balance(self, balance: Balance) -> None:
        """Show the credits, and of what they consist in the tool tip."""
        figures = QLocale()
        self._balance.setText(self.tr("%1 credits").replace("%1", figures.toString(balance.total)))
        tip = self.tr("%1 monthly, %2 in packages")
        tip = tip.replace("%1", figures.toString(balance.monthly)).replace(
            "%2", figures.toString(balance.package)
        )
        self._balance.setToolTip(tip)

    def show_connection(self, state: ConnectionChanged) -> None:
        """Show how the service is doing, counting down to the next try."""
        self._state = state
        self._left_s = state.retry_in_s
        if self._left_s > 0:
            self._countdown.start()
        else:
            self._countdown.stop()
        self._repaint()

    def _tick(self) -> None:
        self._left_s = max(0.0, self._left_s - 1)
        if self._left_s == 0:
            self._countdown.stop()
        self._repaint()

    def _repaint(self) -> None:
        words, icon, colour = self._face()
        wait = self.tr(", next try in %1 s").replace("%1", f"{self._left_s:.0f}") if self._left_s > 0 else ""
        self._connection.setText(words + wait)
        self._connection.setToolTip(self._state.message)
        self._connection_icon.setPixmap(theme.icon(icon, colour).pixmap(16, 16))

    def _face(self) -> tuple[str, str, str]:
        tones = theme.colours()
        return {
            ConnectionKind.IDLE: (self.tr("Nothing to ask"), "clock", tones.muted),
            ConnectionKind.ONLINE: (self.tr("Connected"), "check", tones.good),
            ConnectionKind.OFFLINE: (self.tr("Offline"), "offline", tones.bad),
            ConnectionKind.PAUSED: (self.tr("Paused by PixVerse"), "hourglass", tones.warning),
            ConnectionKind.KEY_REFUSED: (self.tr("Key refused"), "key", tones.bad),
            ConnectionKind.KEY_MISSING: (self.tr("No key yet"), "key", tones.warning),
        }[self._state.kind]

    def _word(self, status: VideoStatus) -> str:
        return {
            VideoStatus.WAITING: self.tr("waiting"),
            VideoStatus.UNKNOWN: self.tr("unknown"),
            VideoStatus.READY: self.tr("ready"),
            VideoStatus.MODERATED: self.tr("moderated"),
            VideoStatus.FAILED: self.tr("failed"),
            VideoStatus.DELETED: self.tr("deleted"),
            VideoStatus.NOT_FOUND: self.tr("not found"),
            VideoStatus.STOPPED: self.tr("stopped"),
        }[status]

    def _lay_out(self) -> None:
        right = QWidget(self)
        row = QHBoxLayout(right)
        row.setContentsMargins(0, 0, 6, 0)
        row.setSpacing(2)
        for widget in (self._balance, self._connection_icon, self._connection):
            row.addWidget(widget)
        self.addWidget(self._counts, 1)
        self.addPermanentWidget(right)
