"""Clips of every kind, and what is none: each is played, or there are words for why not."""

import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pixverse_desktop.adapters.places import Places
from pixverse_desktop.ui import playback
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, until
from tests.ui.lives import ONE
from tests.ui.saved import keep_saved

_PICTURE = "color=c=0x2E9E5B:size={size}:rate=24:duration={seconds}"
GREEN = "#2E9E5B"
TOLERANCE = 20  # a palette has not every colour
CANNOT = "This clip cannot be played here."

Make = Callable[[Path], Path]


def _made(
    *options: str, size: str = "320x180", seconds: float = 1, name: str = "clip.mp4", sound: bool = False
) -> Make:
    def make(folder: Path) -> Path:
        command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "lavfi"]
        command += ["-i", _PICTURE.format(size=size, seconds=seconds)]
        if sound:
            command += ["-f", "lavfi", "-i", f"sine=duration={seconds}"]
        subprocess.run([*command, *options, str(folder / name)], check=True)
        return folder / name

    return make


def _bytes(data: bytes) -> Make:
    def make(folder: Path) -> Path:
        (folder / "clip.mp4").write_bytes(data)
        return folder / "clip.mp4"

    return make


def _cut(make: Make, keep: Callable[[bytes], bytes]) -> Make:
    def cut(folder: Path) -> Path:
        path = make(folder)
        path.write_bytes(keep(path.read_bytes()))
        return path

    return cut


def _sound_alone(folder: Path) -> Path:
    path = folder / "clip.mp4"
    source = ["-f", "lavfi", "-i", "sine=duration=1"]
    subprocess.run(["ffmpeg", "-loglevel", "error", *source, "-c:a", "aac", str(path)], check=True)
    return path


_X264 = ("-pix_fmt", "yuv420p")
PLAYED: dict[str, Make] = {
    "hevc": _made(
        "-c:v", "libx265", "-pix_fmt", "yuv420p", "-tag:v", "hvc1", "-x265-params", "log-level=none"
    ),
    "hevc of 10 bits": _made("-c:v", "libx265", "-pix_fmt", "yuv420p10le", "-x265-params", "log-level=none"),
    "vp9 in webm": _made("-c:v", "libvpx-vp9", "-deadline", "realtime", name="clip.webm"),
    "4:4:4": _made("-pix_fmt", "yuv444p"),
    "portrait": _made(*_X264, size="180x320"),
    "turned by a quarter": _made(*_X264, "-metadata:s:v", "rotate=90"),
    "odd size": _made("-pix_fmt", "yuv444p", size="321x181"),
    "tiny": _made(*_X264, size="16x16"),
    "very wide": _made(*_X264, size="1600x64"),
    "one frame": _made(*_X264, "-frames:v", "1"),
    "ten minutes": _made(*_X264, "-r", "2", "-preset", "ultrafast", size="64x36", seconds=600),
    "changing frame rate": _made(*_X264, "-vf", "setpts=N*N/240/TB", "-fps_mode", "vfr"),
    "with sound": _made(*_X264, "-c:a", "aac", sound=True),
    "index first": _made(*_X264, "-movflags", "+faststart"),
    "in fragments": _made(*_X264, "-movflags", "+frag_keyframe+empty_moov"),
    "quicktime": _made(*_X264, name="clip.mov"),
    "gif": _made(name="clip.gif"),
}
UNPLAYABLE: dict[str, Make] = {
    "sound alone": _sound_alone,
    "noise": _bytes(bytes(range(256)) * 400),
    "text": _bytes(b"This is no clip." * 100),
    "a page": _bytes(b"<html><body>403</body></html>"),
    "cut short": _cut(_made(*_X264), lambda data: data[: len(data) // 2]),
    "its pictures destroyed": _cut(
        _made(*_X264),
        lambda data: data[:40] + bytes(data.index(b"moov") - 44) + data[data.index(b"moov") - 4 :],
    ),
    "its index destroyed": _cut(_made(*_X264), lambda data: data[: data.index(b"moov") + 4] + bytes(600)),
}


@pytest.mark.parametrize("kind", PLAYED)
async def test_it_is_played(open_desk: OpenDesk, where: Places, tmp_path: Path, kind: str) -> None:
    await keep_saved(where, {ONE: PLAYED[kind](tmp_path)})
    async with open_desk(is_polling=False) as desk:
        await until(lambda: desk.ids == [ONE])
        await desk.select(ONE)
        await until(lambda: desk.sees_colour(GREEN, tolerance=TOLERANCE))
        await until(lambda: desk.button("Play or pause").isEnabled())


@pytest.mark.parametrize("kind", UNPLAYABLE)
async def test_there_are_words_for_it(open_desk: OpenDesk, where: Places, tmp_path: Path, kind: str) -> None:
    await keep_saved(where, {ONE: UNPLAYABLE[kind](tmp_path)})
    async with open_desk(is_polling=False) as desk:
        await until(lambda: desk.ids == [ONE])
        await desk.select(ONE)
        await until(lambda: desk.reads(CANNOT))
        assert desk.has_button("Retry")


async def test_a_codec_that_cannot_be_decoded_here_has_words(
    open_desk: OpenDesk, where: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """AV1 needs a graphics card. Without one Qt shows nothing, tells nothing, and never ends."""
    monkeypatch.setattr(playback, "BLANK_FOR_MS", 1000)
    make = _made("-c:v", "libaom-av1", "-cpu-used", "8", "-pix_fmt", "yuv420p", seconds=0.3)
    await keep_saved(where, {ONE: make(tmp_path)})
    async with open_desk(is_polling=False) as desk:
        await until(lambda: desk.ids == [ONE])
        await desk.select(ONE)
        await until(lambda: desk.reads(CANNOT) or desk.sees_colour(GREEN, tolerance=TOLERANCE))


async def test_an_empty_file_is_no_copy(open_desk: OpenDesk, where: Places, tmp_path: Path) -> None:
    """It is to be fetched anew instead, and where that cannot be there are words."""
    await keep_saved(where, {ONE: _bytes(b"")(tmp_path)}, url="")
    async with open_desk(is_polling=False) as desk:
        await until(lambda: desk.ids == [ONE])
        await desk.select(ONE)
        await until(lambda: desk.reads("There is no clip to fetch."))


async def test_each_can_follow_each(open_desk: OpenDesk, where: Places, tmp_path: Path) -> None:
    """What did not play leaves the player fit for the next one."""
    await keep_saved(where, {ONE: UNPLAYABLE["cut short"](tmp_path)})
    async with open_desk(is_polling=False) as desk:
        await until(lambda: desk.ids == [ONE])
        await desk.select(ONE)
        await until(lambda: desk.reads(CANNOT))
        PLAYED["portrait"](tmp_path)
        await _refresh_size(desk, tmp_path / "clip.mp4")
        await desk.click("Retry")
        await until(lambda: desk.sees_colour(GREEN, tolerance=TOLERANCE))


async def _refresh_size(desk: Desk, path: Path) -> None:
    ref = desk.window.page.model.video(0).ref
    size_bytes = path.stat().st_size
    await desk.engine.library.update(ref, lambda video: replace(video, saved_bytes=size_bytes))
