"""The line at the foot of the window: counts, credits, and how the service is doing."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind
from pixverse_desktop.core.video import Balance, VideoStatus
from pixverse_desktop.services.census import Census
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.connection_faces import face, worst_first
from pixverse_desktop.ui.elided_label import ElidedLabel

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
    """What is going on, in one quiet line. ``chooser`` is put beside the credits it decides about."""

    def __init__(self, chooser: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chooser = chooser
        self.setSizeGripEnabled(False)
        self._counts = ElidedLabel(self)
        self._counts.setObjectName("counts")
        self._balance = QLabel(self)
        self._connection_icon = QLabel(self)
        self._connection = QLabel(self)
        self._counts.setAccessibleName(self.tr("Counts"))
        self._balance.setAccessibleName(self.tr("Credits"))
        self._state = ConnectionChanged("", ConnectionKind.IDLE)
        self._are_several = False
        self._tip = ""
        self._left_s = 0.0
        self._countdown = QTimer(self)
        self._countdown.setInterval(1000)
        self._countdown.timeout.connect(self._tick)
        self._lay_out()

    def show_saving(self, line: QWidget) -> None:
        """Give what tells of the saving its place, before what it is for."""
        self.insertPermanentWidget(1, line)

    def show_counts(self, census: Census, *, shown: int, selected: int) -> None:
        """Show how many rows there are of each kind, how many of all fit the search and are selected."""
        figures = QLocale()
        total = figures.toString(census.total)
        words = [self.tr("1 video") if census.total == 1 else self.tr("%1 videos").replace("%1", total)]
        if shown < census.total:
            words = [self.tr("%1 of %2 shown").replace("%1", figures.toString(shown)).replace("%2", total)]
        if selected > 1:
            words.append(self.tr("%1 selected").replace("%1", figures.toString(selected)))
        words += [
            f"{figures.toString(census.statuses[status])} {self._word(status)}"
            for status in _COUNTED
            if census.statuses[status]
        ]
        if census.saved:
            words.append(self.tr("%1 saved").replace("%1", figures.toString(census.saved)))
        self._counts.setText("   ·   ".join(words))

    def show_balances(self, balances: Mapping[str, Balance], current: str) -> None:
        """Show the credits of the current account; of what they and the others' consist, in the tool tip."""
        balance = balances.get(current)
        figure = QLocale().toString(balance.total) if balance is not None else ""
        self._balance.setText(self.tr("%1 credits").replace("%1", figure) if figure else "")
        tips = {name: self._balance_words(each) for name, each in balances.items()}
        lines = [f"{name}: {words}" for name, words in tips.items()] if len(tips) > 1 else tips.values()
        self._balance.setToolTip("\n".join(lines))

    def _balance_words(self, balance: Balance) -> str:
        figures = QLocale()
        words = self.tr("%1 monthly, %2 in packages").replace("%1", figures.toString(balance.monthly))
        return words.replace("%2", figures.toString(balance.package))

    def show_connections(self, states: Sequence[ConnectionChanged]) -> None:
        """Show the worst of the accounts' states, by name where there are several, counting down."""
        ordered = worst_first(states)
        state = ordered[0]
        self._are_several = len(ordered) > 1
        self._tip = "\n".join(f"{each.account}: {face(each.kind)[0]}" for each in ordered)
        self._state = state
        self._left_s = state.retry_in_s
        if self._left_s > 0:
            self._countdown.start()
        else:
            self._countdown.stop()
        self._repaint()

    def refresh_icons(self) -> None:
        """Draw in the colours of now."""
        self._repaint()

    def _tick(self) -> None:
        self._left_s = max(0.0, self._left_s - 1)
        if self._left_s == 0:
            self._countdown.stop()
        self._repaint()

    def _repaint(self) -> None:
        words, icon, colour = face(self._state.kind)
        if self._are_several and self._state.kind not in (ConnectionKind.IDLE, ConnectionKind.ONLINE):
            words = f"{self._state.account}: {words}"
        wait = self.tr(", next try in %1 s").replace("%1", f"{self._left_s:.0f}") if self._left_s > 0 else ""
        self._connection.setText(words + wait)
        self._connection.setToolTip(self._tip if self._are_several else self._state.message)
        self._connection_icon.setPixmap(theme.icon(icon, colour).pixmap(16, 16))

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
        for widget in (self._chooser, self._balance, self._connection_icon, self._connection):
            row.addWidget(widget)
        self._counts.setContentsMargins(10, 3, 10, 3)
        self.addWidget(self._counts, 1)
        self.addPermanentWidget(right)
