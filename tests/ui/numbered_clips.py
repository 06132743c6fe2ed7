"""Clips whose frames tell which one they are: their number in black and white fields, lowest bit first."""

import subprocess
from pathlib import Path

from PySide6.QtGui import QImage

_BITS = 9
_FIELDS_A_ROW = 10


def make_clip(
    path: Path,
    *,
    fps: int,
    frames: int,
    width: int = 320,
    picture: str = "color=c=black",
    key_every: int = 250,
    has_sound: bool = False,
) -> Path:
    """Make an H.264 clip of 16:9 with B-frames, as encoders do, of up to 512 frames.

    ``picture`` is one of ffmpeg's test sources, with its options.
    """
    side = width // _FIELDS_A_ROW
    fields = [
        f"drawbox=x={side * bit}:y=0:w={side}:h={side}:t=fill:color={colour}:enable='{test}'"
        for bit in range(_BITS)
        for colour, test in (("black", "1"), ("white", f"eq(mod(floor(n/{2**bit}),2),1)"))
    ]
    joint = ":" if "=" in picture else "="
    source = f"{picture}{joint}size={width}x{width * 9 // 16}:rate={fps}:duration={frames / fps}"
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", source]
    if has_sound:
        command += ["-f", "lavfi", "-i", f"sine=duration={frames / fps}", "-c:a", "aac"]
    command += ["-vf", ",".join(fields), "-c:v", "libx264", "-pix_fmt", "yuv420p"]
    command += ["-g", str(key_every), "-bf", "3"]
    subprocess.run([*command, str(path)], check=True)
    return path


def number_of(image: QImage) -> int:
    """Which frame a picture is, from 0."""
    side = image.width() / _FIELDS_A_ROW
    middles = (round(side * (bit + 0.5)) for bit in range(_BITS))
    return sum(
        (image.pixelColor(x, round(side / 2)).lightness() > 127) << bit for bit, x in enumerate(middles)
    )
