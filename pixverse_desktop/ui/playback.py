"""The playing itself: one media player, muted first, looping, told only of files on this machine.

Frames are stepped with the same player: measured against PyAV it is as exact, and a step back costs both the
decoding from the last key frame on (``benchmarks/stepping.py``).
"""

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, QUrl, Signal
from PySide6.QtMultimedia import QMediaMetaData, QMediaPlayer, QVideoFrame, QVideoSink

from pixverse_desktop.core.settings import Settings
from pixverse_desktop.ui.clip_facts import NO_FACTS, facts_of
from pixverse_desktop.ui.media_players import BLANK_FOR_MS, LOADED, Sound, settle_overrides
from pixverse_desktop.ui.scrubbing import Scrubber
from pixverse_desktop.ui.section import NO_SECTION, Section
from pixverse_desktop.ui.stepping import FrameStrip, Stepper, frame_end_us, frame_number, inside_ms

RATES = (0.1, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 3.0, 4.0)
"""How fast a clip can play, of its own speed."""


class StandIn(Protocol):
    """Something that plays in a ``Playback``'s stead for a while."""

    @property
    def is_active(self) -> bool:
        """Whether it does so now."""
        ...

    @property
    def is_playing(self) -> bool:
        """Whether it plays, and does not rest."""
        ...

    def toggle(self) -> None:
        """Rest, or go on."""
        ...


class Playback(QObject):
    """Plays one local clip.

    Attributes:
        stand_in: what may play in its stead; plays and rests by the same ``toggle``.

    Signals:
        frame_ready(QVideoFrame): the next picture.
        state_changed(bool): whether it is playing now.
        position_changed(int): milliseconds from the beginning.
        duration_changed(int): milliseconds in all.
        rate_changed(float): how fast it plays, of its own speed.
        section_changed(int, int): milliseconds from and to which it plays in a loop; -1 for none.
        facts_changed(ClipFacts): what is known of the file; ``NO_FACTS`` while none is loaded.
        ended(): it came to the end and stopped there.
        failed(): the clip cannot be played.
        blank(): there is no picture where the player is.
    """

    frame_ready = Signal(QVideoFrame)
    state_changed = Signal(bool)
    position_changed = Signal(int)
    duration_changed = Signal(int)
    rate_changed = Signal(float)
    section_changed = Signal(int, int)
    facts_changed = Signal(object)
    ended = Signal()
    failed = Signal()
    blank = Signal()

    def __init__(
        self, settings: Settings, parent: QObject | None = None, *, strip: FrameStrip | None = None
    ) -> None:
        super().__init__(parent)
        self.stand_in: StandIn | None = None
        self._sink = QVideoSink(self)
        self._player = QMediaPlayer(self)
        for part in (self._sink, self._player):
            settle_overrides(part)
        self._player.setVideoSink(self._sink)
        self._audio = Sound(self._player)
        self._stepper = Stepper(self, strip)
        self._scrubber = Scrubber(self)
        self._goes_on = False  # once a hand lets go of it
        self._blank = QTimer(self, singleShot=True, interval=BLANK_FOR_MS)
        self._blank.timeout.connect(self.failed)
        self._path: Path | None = None
        self._rate = 1.0
        self._section = NO_SECTION
        self._is_returning = False
        self._is_muted = settings.is_muted
        self.set_muted(settings.is_muted)
        self.set_volume(settings.volume_percent)
        self.set_looping(settings.is_looping)
        self._sink.videoFrameChanged.connect(self._on_given)
        self._scrubber.near_found.connect(self._stepper.show_meanwhile)
        self._scrubber.seek_wanted.connect(self._player.setPosition)
        self._stepper.frame_ready.connect(self._on_frame)
        self._stepper.blank.connect(self.blank)
        self._stepper.run_wanted.connect(self._run)
        self._stepper.rest_wanted.connect(self._rest)
        self._stepper.seek_wanted.connect(self._player.setPosition)
        self._player.playbackStateChanged.connect(lambda _: self.state_changed.emit(self.is_playing))
        self._player.positionChanged.connect(self._on_position)
        self._player.durationChanged.connect(lambda duration: self.duration_changed.emit(int(duration)))
        self._player.metaDataChanged.connect(self._on_meta_data)
        self._player.mediaStatusChanged.connect(self._on_media_status)
        self._player.errorOccurred.connect(lambda *_: self.failed.emit())

    @property
    def path(self) -> Path | None:
        """The clip that is loaded."""
        return self._path

    @property
    def is_playing(self) -> bool:
        """Whether it is playing now."""
        if self.stand_in is not None and self.stand_in.is_active:
            return self.stand_in.is_playing
        is_running = self._player.playbackState() is QMediaPlayer.PlaybackState.PlayingState
        return is_running and not self._stepper.is_held

    @property
    def will_play(self) -> bool:
        """Whether it is playing, or goes on once it is let go."""
        return self.is_playing or self._goes_on

    @property
    def _is_stood_in(self) -> bool:
        return self.stand_in is not None and self.stand_in.is_active

    @property
    def position_ms(self) -> int:
        """Milliseconds from the beginning."""
        if (wanted_ms := self._scrubber.wanted_ms) is not None:
            return wanted_ms
        shown = self._stepper.shown
        if shown is not None and self._stepper.is_held:
            return shown.startTime() // 1000
        return self._player.position()

    @property
    def frame_number(self) -> int:
        """Which frame of the clip is shown, from 1; 0 while there is none."""
        shown = self._stepper.shown
        return 0 if shown is None else frame_number(shown)

    @property
    def rate(self) -> float:
        """How fast it plays, of its own speed."""
        return self._rate

    @property
    def duration_ms(self) -> int:
        """Milliseconds in all; 0 while unknown."""
        return self._player.duration()

    @property
    def pictures_ms(self) -> int:
        """Milliseconds from the first picture to the end of the last; 0 while unknown."""
        tracks = self._player.videoTracks()
        return int(tracks[0].value(QMediaMetaData.Key.Duration) or 0) if tracks else 0

    @property
    def is_muted(self) -> bool:
        """Whether it is silent."""
        return self._is_muted

    @property
    def volume(self) -> float:
        """How loud it is, of the most 1."""
        return self._audio.volume()

    @property
    def is_looping(self) -> bool:
        """Whether it begins again at the end."""
        return self._player.loops() != QMediaPlayer.Loops.Once

    def load(self, path: Path) -> None:
        """Load a clip and play it."""
        self._take_in(path)
        self._player.play()

    def cue(self, path: Path) -> None:
        """Load a clip and rest at its first frame."""
        self._take_in(path)
        self._player.pause()

    def unload(self) -> None:
        """Let go of the clip."""
        self._path = None
        self._blank.stop()
        self._set_section(NO_SECTION)
        self._let_go()
        self._scrubber.reset()
        self._stepper.reset()
        self._player.stop()
        self._player.setSource(QUrl())

    def toggle(self) -> None:
        """Play or pause; at the end, play again."""
        if self.stand_in is not None and self.stand_in.is_active:
            self.stand_in.toggle()
        elif self.will_play:
            self.pause()
        else:
            self.play()

    def play(self) -> None:
        """Go on; at the end, from the beginning."""
        if self._path is not None:
            self._let_go()
            self._stepper.resume()
            self._player.play()

    def pause(self) -> None:
        """Rest; at the end, at the beginning."""
        self._player.pause()
        if self._goes_on:
            self._goes_on = False
            self.state_changed.emit(False)

    def seek(self, position_ms: int) -> None:
        """Go to a position, kept within the clip; not while something else plays in its stead."""
        if self._is_stood_in:
            return
        self._seek(position_ms)

    def lead_to(self, position_ms: int) -> None:
        """Go there meanwhile, to take over from what plays in its stead."""
        self._seek(position_ms)

    def _seek(self, position_ms: int) -> None:
        self._let_go()
        self._stepper.let_go()
        self._player.setPosition(max(0, min(position_ms, self.duration_ms)))

    # Dragging through the clip

    def prepare_scrubbing(self) -> None:
        """Keep some of the frames that come by, so that there is something to show at once."""
        self._scrubber.keep_samples()

    def begin_scrub(self) -> None:
        """A hand takes hold of the place: rest, and unheard, until it lets go."""
        if self._path is None:
            return
        self._goes_on = self.is_playing
        self._stepper.let_go()
        self._player.pause()
        self._scrubber.begin(self._stepper.shown)

    def scrub(self, position_ms: int) -> None:
        """Show what is there, as fast as the hand comes by."""
        if self._scrubber.is_active:
            self._scrubber.want(max(0, min(position_ms, self.duration_ms)))
            self.position_changed.emit(self.position_ms)

    def end_scrub(self) -> None:
        """The hand lets go: rest at the frame of that time, or play on from there."""
        if not self._goes_on:
            self._scrubber.settle()
            return
        wanted_ms, is_asked = self._scrubber.wanted_ms, self._scrubber.is_asked
        self._let_go()
        if wanted_ms is not None and not is_asked:
            self._player.setPosition(wanted_ms)
        self._player.play()

    def _let_go(self) -> None:
        """From now on what is seen is not the hand's."""
        would_go_on, self._goes_on = self._goes_on, False
        self._scrubber.stop()
        if would_go_on:
            self.state_changed.emit(self.is_playing)

    def step(self, frames: int) -> None:
        """Go some frames forward, or back, and stay there."""
        if self._path is None or self._is_stood_in:
            return
        self._let_go()
        if self.is_playing:
            self._player.pause()
        self._stepper.step(frames)

    def mark_section(self) -> None:
        """Begin a section at the frame on show, end it there and play it in a loop, give it up: in turns."""
        shown, section = self._stepper.shown, self._section
        if shown is None or self._is_stood_in:
            return
        if section.is_empty:
            self._set_section(Section(shown.startTime()))
        elif section.is_begun and shown.startTime() > section.from_us:
            self._set_section(Section(section.from_us, frame_end_us(shown)))
        else:
            self._set_section(NO_SECTION)

    def set_rate(self, rate: float) -> None:
        """Play faster or slower than the clip's own speed."""
        self._rate = rate
        self._player.setPlaybackRate(rate)
        self.rate_changed.emit(rate)

    def change_rate(self, steps: int) -> None:
        """Play at the next of ``RATES``, or the one before."""
        place = RATES.index(self._rate) + steps
        self.set_rate(RATES[max(0, min(place, len(RATES) - 1))])

    def set_muted(self, is_muted: bool) -> None:
        """Be silent or not."""
        self._is_muted = is_muted
        self._audio.setMuted(is_muted)

    def set_volume(self, percent: int) -> None:
        """Be as loud as ``percent`` of the most."""
        self._audio.setVolume(percent / 100)

    def set_looping(self, is_looping: bool) -> None:
        """Begin again at the end or not."""
        self._player.setLoops(QMediaPlayer.Loops.Infinite if is_looping else QMediaPlayer.Loops.Once)

    def _take_in(self, path: Path) -> None:
        self._path = path
        self._set_section(NO_SECTION)
        self._let_go()
        self._scrubber.reset()
        self._stepper.reset()
        self._blank.start()
        self._player.setSource(QUrl.fromLocalFile(str(path)))

    def _set_section(self, section: Section) -> None:
        self._section, self._is_returning = section, False
        self.section_changed.emit(*section.in_ms)

    def _is_outside_section(self, frame: QVideoFrame) -> bool:
        """Whether this frame is not to be played; the player then goes to the beginning of the section."""
        if not self.is_playing or self._section.contains(frame.startTime()):
            self._is_returning = False
            return False
        if not self._is_returning:
            self._is_returning = True
            self._player.setPosition(inside_ms(self._section.from_us))
        return True

    def _on_given(self, frame: QVideoFrame) -> None:
        if frame.isValid():
            self._blank.stop()
        was_active = self._scrubber.is_active
        if self._scrubber.take(frame, self.duration_ms):
            self._stepper.take(frame)
        if was_active and not self._scrubber.is_active:
            self.position_changed.emit(self.position_ms)

    def _on_meta_data(self) -> None:
        self.facts_changed.emit(NO_FACTS if self._path is None else facts_of(self._player))

    def _on_frame(self, frame: QVideoFrame) -> None:
        if self._is_outside_section(frame):
            return
        self.frame_ready.emit(frame)
        if not self.is_playing:
            self.position_changed.emit(self.position_ms)

    def _on_position(self, position_ms: int) -> None:
        if not (self._stepper.is_held or self._scrubber.is_active or self._is_stood_in):
            self.position_changed.emit(int(position_ms))

    def _run(self, rate: float) -> None:
        """Play on for the sake of a frame: as fast as that goes, and unheard."""
        self._audio.setMuted(True)
        self._player.setPlaybackRate(rate)
        self._player.play()

    def _rest(self) -> None:
        self._player.pause()
        self._player.setPlaybackRate(self._rate)
        self._audio.setMuted(self._is_muted)

    def _on_media_status(self, status: QMediaPlayer.MediaStatus) -> None:
        if status is QMediaPlayer.MediaStatus.EndOfMedia:
            if self._stepper.is_running:
                self._stepper.on_end()
            else:
                self.ended.emit()
        is_hollow = status in LOADED and not self._player.hasVideo()  # of that Qt says nothing
        if status is QMediaPlayer.MediaStatus.InvalidMedia or is_hollow:
            self.failed.emit()
