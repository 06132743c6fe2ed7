import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_UNLOCK = (
    "echo -n password | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "
    'exec "$PYTHON" -m pytest -q -p no:cacheprovider tests/adapters/keychain_real.py'
)


def in_home(home: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody with an empty home and no session of their own."""
    runtime = home / "run"
    runtime.mkdir(mode=0o700, parents=True)
    kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
    places = {"XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache"}
    return subprocess.run(
        command,
        cwd=ROOT,
        env={
            **kept,
            **{name: str(home / folder) for name, folder in places.items()},
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(runtime),
            "PYTHON": sys.executable,
            "PYTHONPATH": str(ROOT),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_keychain_of_the_system_passes_the_contract(tmp_path: Path) -> None:
    for tool in ("gnome-keyring-daemon", "dbus-run-session"):
        assert shutil.which(tool), f"{tool} is missing: `make setup` installs it"

    done = in_home(tmp_path / "home", "dbus-run-session", "--", "sh", "-c", _UNLOCK)

    passed = re.search(r"^(\d+) passed", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert passed is not None
    assert int(passed[1]) > 15
    assert not re.search(r"skipped|deselected", done.stdout)


_TRY_ALL = """
from pixverse_desktop.adapters.keychain import SystemKeychain
from pixverse_desktop.core.errors import KeychainUnavailable
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.core.video import Account

account, vault = Account("default", "https://app-api.pixverse.ai"), SystemKeychain()
for call in (lambda: vault.get(account), lambda: vault.put(account, ApiKey("sk-secret")),
             lambda: vault.remove(account)):
    try:
        call()
    except KeychainUnavailable as failure:
        print(failure)
"""


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"])
def test_without_a_keychain_people_are_told_what_to_install(tmp_path: Path, backend: str) -> None:
    done = in_home(tmp_path / "home", sys.executable, "-c", _TRY_ALL, PYTHON_KEYRING_BACKEND=backend)

    assert done.stderr == ""
    assert done.stdout.count("gnome-keyring or KWallet") == 3
    assert done.stdout.count("PIXVERSE_API_KEY") == 3
    assert "sk-secret" not in done.stdout


def test_without_a_session_nothing_is_written_and_people_are_told(tmp_path: Path) -> None:
    done = in_home(tmp_path / "home", sys.executable, "-c", _TRY_ALL)

    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 3
    assert "sk-secret" not in "".join(
        path.read_text(errors="replace") for path in tmp_path.rglob("*") if path.is_file()
    )


def test_a_back_end_that_does_not_exist_is_told_in_words(tmp_path: Path) -> None:
    backend = "no_such_package.Keyring"

    done = in_home(tmp_path / "home", sys.executable, "-c", _TRY_ALL, PYTHON_KEYRING_BACKEND=backend)

    assert done.stderr == ""
    assert len(done.stdout.splitlines()) == 3


def test_a_locked_keychain_is_told_in_words(tmp_path: Path) -> None:
    script = (
        "echo -n password | gnome-keyring-daemon --unlock --components=secrets >/dev/null && "
        "dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets "
        "org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login "
        '>/dev/null && exec timeout 20 "$PYTHON" -c "$TRY_ALL"'
    )

    done = in_home(tmp_path / "home", "dbus-run-session", "--", "sh", "-c", script, TRY_ALL=_TRY_ALL)

    assert "sk-secret" not in done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 3
