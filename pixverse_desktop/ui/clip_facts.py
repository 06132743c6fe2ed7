"""What a file tells of itself once it is loaded: how it is made, how large, how long."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale
from PySide6.QtMultimedia import QMediaFormat, QMediaMetaData, QMediaPlayer

_Key = QMediaMetaData.Key


@dataclass(frozen=True, slots=True)
class ClipFacts:
    """The facts of one clip. What is not known is empty or 0.

    Attributes:
        video_codec, audio_codec: how they are commonly called.
        has_sound: whether there is any, whatever its codec is called.
    """

    width: int = 0
    height: int = 0
    video_codec: str = ""
    frames_per_s: float = 0.0
    duration_ms: int = 0
    has_sound: bool = False
    audio_codec: str = ""

    def text(self) -> str:
        """The facts in one line, such as “1280 × 720, H.264, 24 fps, 5.0 s, AAC”; empty if there are none."""
        locale = QLocale()
        fps = locale.toString(self.frames_per_s, "g", 4)
        seconds = locale.toString(self.duration_ms / 1000, "f", 1)
        parts = (
            f"{self.width} × {self.height}" if self.width and self.height else "",
            self.video_codec,
            _tr("%1 fps").replace("%1", fps) if self.frames_per_s > 0 else "",
            _tr("%1 s").replace("%1", seconds) if self.duration_ms > 0 else "",
            (self.audio_codec or _tr("with sound")) if self.has_sound else _tr("no sound"),
        )
        return ", ".join(filter(None, parts)) if any(parts[:-1]) else ""


NO_FACTS = ClipFacts()


def facts_of(player: QMediaPlayer) -> ClipFacts:
    """What a player knows of the file it has loaded."""
    told = player.metaData()
    size, rate, length = (told.value(key) for key in (_Key.Resolution, _Key.VideoFrameRate, _Key.Duration))
    video, audio = told.value(_Key.VideoCodec), told.value(_Key.AudioCodec)
    return ClipFacts(
        width=size.width() if size is not None else 0,
        height=size.height() if size is not None else 0,
        video_codec=_video_name(video),
        frames_per_s=float(rate or 0.0),
        duration_ms=int(length or 0),
        has_sound=bool(player.audioTracks()),
        audio_codec=_audio_name(audio),
    )


def _video_name(codec: QMediaFormat.VideoCodec | None) -> str:
    if codec is None or codec is QMediaFormat.VideoCodec.Unspecified:
        return ""
    return QMediaFormat.videoCodecName(codec).replace("H26", "H.26")  # as people write it


def _audio_name(codec: QMediaFormat.AudioCodec | None) -> str:
    if codec is None or codec is QMediaFormat.AudioCodec.Unspecified:
        return ""
    return QMediaFormat.audioCodecName(codec)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ClipFacts", text)
