"""Clips to measure with, made by ffmpeg."""

import subprocess
from pathlib import Path

SECONDS = 5


def make_clip(path: Path) -> Path:
    """A clip of 720p with sound, about as large as PixVerse's and with its index last."""
    noise = f"testsrc2=size=1280x720:rate=24:duration={SECONDS},noise=alls=12:allf=t"
    sound = ["-f", "lavfi", "-i", "sine", "-shortest", "-c:a", "aac"]
    return _make(path, noise, *sound, "-b:v", "5M")


def make_plain_clip(path: Path, source: str, *, fps: int, seconds: int) -> Path:
    """A silent clip of 720p of one of ffmpeg's test pictures."""
    return _make(path, f"{source}=size=1280x720:rate={fps}", "-t", str(seconds))


def _make(path: Path, picture: str, *options: str) -> Path:
    command = ["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", picture, *options]
    subprocess.run([*command, "-pix_fmt", "yuv420p", "-preset", "veryfast", str(path)], check=True)
    return path
