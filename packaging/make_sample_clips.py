"""Make the sample clips in pixverse_desktop/resources/clips/ anew.

python3 packaging/make_sample_clips.py [FOLDER] needs ffmpeg with libx264 and drawtext, and the DejaVu fonts
(Debian: ffmpeg, fonts-dejavu-core). The clips are muxed as PixVerse muxes its own: brand isom, 24 frames a
second, and the index (moov) after the pictures, so a player has to cope with a file whose index arrives last.
The colours are stored and tagged as BT.601, which Qt assumes where no graphics card converts them, so they
come out the same on every machine. The same ffmpeg makes the same bytes each time.
"""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CLIPS = Path(__file__).resolve().parent.parent / "pixverse_desktop" / "resources" / "clips"
FONT = "DejaVu Sans"
FRAMES_PER_SECOND = 24
MOST_BYTES = 150_000


@dataclass(frozen=True)
class Clip:
    """One sample clip: from 40 % to 60 % of its height nothing but the flat colour is ever seen."""

    number: int
    name: str
    colour: str
    width: int
    height: int
    seconds: float
    tone_hz: int | None = None

    @property
    def file_name(self) -> str:
        """Where it goes inside the folder."""
        return f"{self.number:02d}-{self.name}.mp4"


SAMPLES = (
    Clip(1, "red", "C8323C", 1280, 720, 3.0),
    Clip(2, "green", "2E9E5B", 1280, 720, 4.0, tone_hz=440),
    Clip(3, "blue", "2F6FDE", 768, 432, 3.5),
    Clip(4, "amber", "E0A021", 1280, 720, 2.5),
    Clip(5, "violet", "7B4FD0", 432, 768, 3.0),
    Clip(6, "teal", "159C9C", 640, 640, 2.5),
)


def picture(clip: Clip) -> str:
    """Describe the moving picture in ffmpeg's filter language, in RGB up to the last step."""
    side = min(clip.width, clip.height)
    margin = side // 14
    block = side // 12
    track = round(clip.height * 0.79)
    text = f"drawtext=font='{FONT}':fontcolor=white"
    top = f"y={clip.height * 0.20:.0f}-ascent/2"
    ground = ",".join(
        [
            "[0:v]format=gbrp",
            f"{text}:text='{clip.number:02d}':fontsize={side // 4}:x={margin}:{top}",
            f"{text}:text='{clip.name}':fontsize={side // 10}:x=w-text_w-{margin}:{top}",
            "drawbox=x=0:y=ih*0.66:w=iw:h=ih*0.34:color=black@0.30:t=fill",
            f"drawbox=x={margin}:y={track - 2}:w=iw-{2 * margin}:h=4:color=white@0.45:t=fill",
            f"{text}:text='%{{eif\\:n+1\\:d\\:3}}':fontsize={side // 16}"
            f":x=w-text_w-{margin}:y={clip.height * 0.92:.0f}-ascent/2[ground]",
        ]
    )
    mover = f"color=c=white:s={block}x{block}:r={FRAMES_PER_SECOND}:d={clip.seconds},format=gbrp[mover]"
    # The block goes once across in the length of the clip.
    across = f"{margin}+(W-w-{2 * margin})*t/{clip.seconds}"
    whole = ",".join(
        [
            f"[ground][mover]overlay=format=gbrp:x='{across}':y={track - block // 2}",
            "scale=out_color_matrix=bt601:out_range=tv:flags=accurate_rnd+full_chroma_int",
            "format=yuv420p[picture]",
        ]
    )
    return ";".join([ground, mover, whole])


def command(clip: Clip, target: Path) -> list[str]:
    """Return the whole ffmpeg call."""
    source = f"color=c=0x{clip.colour}:s={clip.width}x{clip.height}:r={FRAMES_PER_SECOND}:d={clip.seconds}"
    words = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", source]
    if clip.tone_hz:
        words += [
            "-f",
            "lavfi",
            "-i",
            f"sine=frequency={clip.tone_hz}:sample_rate=44100:duration={clip.seconds}",
        ]
    words += ["-filter_complex", picture(clip), "-map", "[picture]"]
    if clip.tone_hz:
        words += ["-map", "1:a", "-c:a", "aac", "-b:a", "96k", "-ac", "2", "-flags:a", "+bitexact"]
    words += ["-c:v", "libx264", "-preset", "slow", "-crf", "18", "-threads", "1", "-color_range", "tv"]
    for tag in ("-colorspace", "-color_primaries", "-color_trc"):
        words += [tag, "smpte170m"]
    words += ["-flags:v", "+bitexact", "-fflags", "+bitexact", "-map_metadata", "-1", "-brand", "isom"]
    return [*words, "-f", "mp4", str(target)]


def main() -> None:
    """Make them all, and stop at the first that does not come out as promised."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else CLIPS
    folder.mkdir(parents=True, exist_ok=True)
    for clip in SAMPLES:
        target = folder / clip.file_name
        subprocess.run(command(clip, target), check=True)
        data = target.read_bytes()
        if len(data) > MOST_BYTES:
            sys.exit(f"{target}: {len(data)} bytes, more than {MOST_BYTES}")
        if data.rindex(b"moov") < data.index(b"mdat") or data[8:12] != b"isom":
            sys.exit(f"{target}: not muxed as it should be (isom, moov last)")
        print(f"{target.name}: {clip.width} × {clip.height}, {clip.seconds} s, {len(data)} bytes")


if __name__ == "__main__":
    main()
