"""``python -m pixverse_desktop.simulator``, as a person runs it."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from pixverse_desktop.simulator import DEMO_VIDEO_IDS
from pixverse_desktop.simulator.__main__ import main


@pytest.fixture
def clips(tmp_path: Path) -> Path:
    (tmp_path / "a.mp4").write_bytes(b"clip")
    return tmp_path


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C cannot be sent to one child alone there")
def test_it_serves_until_interrupted(clips: Path) -> None:
    command = [sys.executable, "-m", "pixverse_desktop.simulator", "--clips", str(clips), "--key", "k1"]
    with subprocess.Popen([*command, "--key", "k2"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        lines = [process.stdout.readline() for _ in range(3 + len(DEMO_VIDEO_IDS))]
        url = lines[0].split()[-1]
        for key in ("k1", "k2"):
            headers = {"API-KEY": key, "Ai-trace-id": key}
            balance = httpx.get(f"{url}/openapi/v2/account/balance", headers=headers, trust_env=False)
            assert balance.json()["ErrCode"] == 0
        process.send_signal(signal.SIGINT)

    assert process.returncode == 0
    assert "k1, k2" in lines[1]
    assert [line.strip() for line in lines[3:]] == list(DEMO_VIDEO_IDS)


def test_a_folder_without_clips_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as refused:
        main(["--clips", str(tmp_path)])

    assert refused.value.code == 2
    assert "no .mp4 file" in capsys.readouterr().err
