import asyncio
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pixverse_desktop.adapters.desktop_notices import DesktopNotices
from pixverse_desktop.core.notices import Notice

ROOT = Path(__file__).parents[2]
_NOTICE = Notice("1 ready")


@pytest.mark.skipif(
    not shutil.which("dbus-run-session") and not os.environ.get("CI"),
    reason="dbus-run-session is missing: `make setup` installs it",
)
def test_a_notification_service_on_a_real_bus_gets_what_it_understands(tmp_path: Path) -> None:
    done = subprocess.run(
        [
            *("dbus-run-session", "--", sys.executable, "-m", "pytest"),
            *("-q", "-p", "no:cacheprovider", "tests/adapters/notices_real.py"),
        ],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    passed = re.search(r"^(\d+) passed", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed is not None
    assert int(passed[1]) >= 10
    assert not re.search(r"skipped|deselected", done.stdout)


@pytest.mark.parametrize("address", [None, "", "unix:path=/nowhere/bus", "nonsense", "tcp:host=localhost"])
async def test_without_a_bus_nothing_happens(
    address: str | None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
    if address is None:
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    else:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    caplog.set_level("INFO", "pixverse_desktop")
    notices = DesktopNotices(application_id="org.example.Ours", name="Ours")

    await notices.show(_NOTICE)
    await notices.show(_NOTICE)
    await notices.withdraw()
    await notices.show_progress(0.5)
    await notices.aclose()

    assert [record.levelname for record in caplog.records] == ["INFO"]


async def test_a_bus_that_never_answers_holds_nobody_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[asyncio.StreamWriter] = []
    monkeypatch.setattr("pixverse_desktop.adapters.desktop_notices._PATIENCE_S", 0.05)
    server = await asyncio.start_unix_server(lambda _, writer: served.append(writer), tmp_path / "bus")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path / 'bus'}")
    notices = DesktopNotices(application_id="org.example.Ours", name="Ours")

    await notices.show(_NOTICE)

    assert len(served) == 1
    served[0].close()
    server.close()
    await server.wait_closed()
    await notices.aclose()
