"""A clip that is still on its way, played until it is whole and the player itself goes on with it."""

import asyncio
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame, QVideoSink

from pixverse_desktop.core.stream_ports import Broadcast
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.growing import GrowingClip
from pixverse_desktop.services.streams import Streams
from pixverse_desktop.services.tasks import TaskNursery
from pixverse_desktop.ui.media_players import Sound, settle_overrides
from pixverse_desktop.ui.playback import Playback
from pixverse_desktop.ui.stepping import TOLERANCE_US, inside_ms, length_us

_LOOK_EVERY_MS = 100
_STARVED = 0.05  # of the clip: so close to what is not here yet it rests, or frames would be left out
_FED = 0.15
_LEAD_FRAMES = 8  # in which the player gets ready to take over
_PATIENCE_MS = 2000  # then the clip begins anew instead


class StreamedStart(QObject):
    """Plays a growing clip and hands over to a ``Playback`` without a jump.

    That loads the whole file, goes a few frames ahead, rests there, and plays once this has come as far.

    Signals:
        frame_ready(QVideoFrame): the next picture, until ``handed_over``.
        place_changed(int, int): milliseconds from the beginning, and in all.
        failed(): the clip does not play before it is whole.
        handed_over(): from now on the ``Playback`` plays.
        state_changed(): it plays or rests now.
    """

    frame_ready = Signal(QVideoFrame)
    place_changed = Signal(int, int)
    failed = Signal()
    handed_over = Signal()
    state_changed = Signal()

    def __init__(self, streams: Streams, nursery: TaskNursery, playback: Playback, parent: QObject) -> None:
        super().__init__(parent)
        self._streams = streams
        self._nursery = nursery
        self._playback = playback
        self._opening: asyncio.Task[None] | None = None
        self._run: _Run | None = None
        self._heir: Path | None = None
        self._meeting: QVideoFrame | None = None  # where the player waits
        self._sought_us = -1
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self._begin_anew)
        playback.frame_ready.connect(self._on_heir_frame)

    @property
    def is_active(self) -> bool:
        """Whether a picture of it is on show."""
        return self._run is not None and self._run.shown is not None

    @property
    def is_playing(self) -> bool:
        """Whether it plays, or will as soon as more is here."""
        return self._run is not None and not self._run.is_paused

    def watch(self, ref: VideoRef, growing: GrowingClip) -> None:
        """Play ``growing`` as soon as that is possible, if it is worth the while."""
        self.stop()
        if not self._nursery.is_closed:
            self._opening = self._nursery.start(self._open(ref, growing), name=f"stream {ref.video_id}")

    def toggle(self) -> None:
        """Rest, or go on."""
        if self._run is not None and self._heir is None:
            self._run.set_paused(not self._run.is_paused)
            self.state_changed.emit()

    def hand_over(self, path: Path) -> None:
        """The clip is whole now, at ``path``: let the player go on with it."""
        run = self._run
        if run is None or run.shown is None or run.is_over:
            self._heir = path
            self._begin_anew()
            return
        self._cancel_opening()
        self._heir, self._meeting, self._sought_us = path, None, -1
        self._patience.start()
        self._playback.cue(path)

    def stop(self) -> None:
        """Let go of the clip."""
        self._cancel_opening()
        self._patience.stop()
        self._heir = self._meeting = None
        if self._run is not None:
            run, self._run = self._run, None
            run.end()

    async def _open(self, ref: VideoRef, growing: GrowingClip) -> None:
        broadcast = await self._streams.open(ref, growing)
        if broadcast is None:
            return
        self._run = run = _Run(broadcast, growing, self._playback, self)
        run.frame_ready.connect(self._on_frame)
        run.failed.connect(self._on_failed)
        run.over.connect(self._on_over)
        run.start()

    def _cancel_opening(self) -> None:
        if self._opening is not None:
            self._opening.cancel()
            self._opening = None

    def _on_failed(self) -> None:
        if self._heir is not None:
            self._begin_anew()
        else:
            self.stop()
            self.failed.emit()

    def _on_over(self) -> None:
        if self._heir is not None:
            self._begin_anew()

    def _on_frame(self, frame: QVideoFrame) -> None:
        assert self._run is not None
        self.frame_ready.emit(frame)
        self.place_changed.emit(frame.startTime() // 1000, self._run.duration_ms)
        self._meet()

    # Handing over

    def _on_heir_frame(self, frame: QVideoFrame) -> None:
        """The player shows its first frame, and after that the one it was sent to."""
        if self._heir is None:
            return
        if self._sought_us < 0:
            self._send_ahead()
        elif abs(frame.startTime() - self._sought_us) <= 2 * length_us(frame):
            self._meeting = QVideoFrame(frame)
            self._meet()

    def _send_ahead(self) -> None:
        """Have the player go to a frame that is shown soon."""
        run = self._run
        assert run is not None
        assert run.shown is not None
        shown_us, frame_us = run.shown.startTime(), length_us(run.shown)
        last_us = max(shown_us, self._playback.duration_ms * 1000 - 2 * frame_us)
        self._sought_us = shown_us if run.is_paused else min(shown_us + _LEAD_FRAMES * frame_us, last_us)
        self._playback.lead_to(inside_ms(self._sought_us))

    def _meet(self) -> None:
        """Change over where both show the same frame."""
        run, meeting = self._run, self._meeting
        if run is None or run.shown is None or meeting is None:
            return
        if run.shown.startTime() >= meeting.startTime() - TOLERANCE_US:
            plays = not run.is_paused
            self.stop()
            self.handed_over.emit()
            self.frame_ready.emit(meeting)
            if plays:
                self._playback.play()

    def _begin_anew(self) -> None:
        heir, run = self._heir, self._run
        rests = run is not None and (run.is_paused or (run.is_over and not self._playback.is_looping))
        self.stop()
        self.handed_over.emit()
        if heir is not None and rests:
            self._playback.cue(heir)
        elif heir is not None:
            self._playback.load(heir)


class _Run(QObject):
    """One growing clip in a player of its own."""

    frame_ready = Signal(QVideoFrame)
    failed = Signal()
    over = Signal()

    def __init__(
        self, broadcast: Broadcast, growing: GrowingClip, heir: Playback, parent: StreamedStart
    ) -> None:
        super().__init__(parent)
        self._broadcast = broadcast
        self._growing = growing
        self._player = QMediaPlayer(self)
        self._sink = QVideoSink(self)
        for part in (self._player, self._sink):
            settle_overrides(part)
        self._player.setVideoSink(self._sink)
        self._audio = Sound(self._player)
        self._heir = heir
        self._look = QTimer(self, interval=_LOOK_EVERY_MS)
        self._look.timeout.connect(self._feed)
        self._is_starved = False
        self._has_ended = False
        self.is_paused = False
        self.is_over = False
        self.shown: QVideoFrame | None = None
        self._sink.videoFrameChanged.connect(self._on_frame)
        self._player.errorOccurred.connect(lambda *_: self._on_error())
        self._player.mediaStatusChanged.connect(self._on_status)

    @property
    def duration_ms(self) -> int:
        return self._player.duration()

    def start(self) -> None:
        self._look.start()
        self._feed()
        self._player.setSource(QUrl(self._broadcast.address))
        self._go_on()

    def set_paused(self, is_paused: bool) -> None:
        self.is_paused = is_paused
        self._go_on()

    def end(self) -> None:
        """Cut the broadcast first: the player waits for its reading thread."""
        self._has_ended = True
        self._broadcast.close()
        self._look.stop()
        self._player.stop()
        self.deleteLater()

    def _on_frame(self, frame: QVideoFrame) -> None:
        if frame.isValid() and not self._has_ended:  # what was on its way still comes
            self.shown = QVideoFrame(frame)
            self.frame_ready.emit(frame)

    def _on_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.EndOfMedia and not self._has_ended:
            self.is_over = True
            self.over.emit()
        elif status is QMediaPlayer.MediaStatus.InvalidMedia:
            self._on_error()

    def _on_error(self) -> None:
        if not self._has_ended:
            self.failed.emit()

    def _feed(self) -> None:
        """Rest before frames are missing, go on when there are enough; be as loud as the player."""
        self._audio.setMuted(self._heir.is_muted)
        self._audio.setVolume(self._heir.volume)
        if self._player.playbackRate() != self._heir.rate:
            self._player.setPlaybackRate(self._heir.rate)
        missing = 1 - self._growing.front_bytes / max(1, self._growing.total_bytes)
        played = self._player.position() / max(1, self.duration_ms)
        lead = 1 - missing - played
        is_starved = missing > 0 and lead < (_FED if self._is_starved else _STARVED)
        if is_starved != self._is_starved:
            self._is_starved = is_starved
            self._go_on()

    def _go_on(self) -> None:
        if self.is_paused or self._is_starved or self.is_over:
            self._player.pause()
        else:
            self._player.play()
