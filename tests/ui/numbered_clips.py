"""Clips whose frames tell which one they are: their number in black and white fields, lowest bit first."""

import subprocess
from pathlib import Path

from PySide6.QtGui import QImage

_FIELD = 32
_BITS = 9


def make_clip(path: Path, *, fps: int, frames: int, key_every: int = 250, has_sound: bool = False) -> Path:
    """Make an H.264 clip with B-frames, as encoders do, of up to 512 frames."""
    fields = ",".join(
        f"drawbox=x={_FIELD * bit}:y=0:w={_FIELD}:h={_FIELD}:t=fill:color=white:"
        f"enable='eq(mod(floor(n/{2**bit}),2),1)'"
        for bit in range(_BITS)
    )
    source = f"color=c=black:size=320x180:rate={fps}:duration={frames / fps}"
    command = ["ffmpeg", "-hide_banner", "-loglevel", "error", "-y", "-f", "lavfi", "-i", source]
    if has_sound:
        command += ["-f", "lavfi", "-i", f"sine=duration={frames / fps}", "-c:a", "aac"]
    command += ["-vf", fields, "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", str(key_every), "-bf", "3"]
    subprocess.run([*command, str(path)], check=True)
    return path


def number_of(image: QImage) -> int:
    """Which frame a picture is, from 0."""
    scale = image.width() / 320
    middles = (round((_FIELD * bit + _FIELD / 2) * scale) for bit in range(_BITS))
    height = round(_FIELD / 2 * scale)
    return sum((image.pixelColor(x, height).lightness() > 127) << bit for bit, x in enumerate(middles))
