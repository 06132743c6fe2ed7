"""Reading what people hand us: ordinary files that end."""

import io
import os
from pathlib import Path

import pytest

from pixverse_desktop.adapters import id_files
from pixverse_desktop.adapters.id_files import read_id_file, read_stream
from pixverse_desktop.core.errors import InputUnreadable


@pytest.mark.timeout(10)
def test_a_pipe_is_refused_without_waiting_for_somebody_to_write(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ids.txt")

    with pytest.raises(InputUnreadable, match="not an ordinary file"):
        read_id_file(tmp_path / "ids.txt")


@pytest.mark.timeout(10)
def test_a_device_without_an_end_is_refused() -> None:
    with pytest.raises(InputUnreadable, match="not an ordinary file"):
        read_id_file(Path("/dev/zero"))


def test_a_stream_that_goes_on_and_on_is_read_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(id_files, "_MAX_BYTES", 5_000_000)
    endless = io.BytesIO(b"7\n" * 5_000_000)

    with pytest.raises(InputUnreadable, match="standard input is too large"):
        read_stream(endless, "standard input")

    assert endless.tell() <= 5_000_000 + 2 * 1024 * 1024


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_bytes(b"7\n" * 2_000_000)

    assert read_id_file(tmp_path / "ids.txt") == b"7\n" * 2_000_000
