import multiprocessing.connection
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from pixverse_desktop.adapters import instance
from pixverse_desktop.adapters.instance import PROTOCOL_VERSION, ListOwnership, Request, hand_over, own_within
from pixverse_desktop.adapters.locks import lock_handle
from pixverse_desktop.core.errors import ListInUse, StoreFailed

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def runtime_dir(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give every test a runtime folder of its own, with a path short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="run"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    yield folder
    shutil.rmtree(folder)


def echo(request: Request) -> Request:
    return {"heard": request}


def sockets_in(runtime_dir: Path) -> list[Path]:
    return [path for path in runtime_dir.rglob("*") if stat.S_ISSOCK(path.stat().st_mode)]


# Who owns the list.


def test_a_list_has_one_owner_at_a_time(tmp_path: Path) -> None:
    with ListOwnership(tmp_path), pytest.raises(ListInUse):
        ListOwnership(tmp_path).__enter__()

    with ListOwnership(tmp_path):
        pass


def test_two_lists_have_two_owners(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    with ListOwnership(tmp_path / "a"), ListOwnership(tmp_path / "b"):
        pass


def test_a_folder_that_is_gone_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(StoreFailed, match="data folder"):
        ListOwnership(tmp_path / "gone").__enter__()


def test_nobody_else_may_open_the_lock(tmp_path: Path) -> None:
    with ListOwnership(tmp_path):
        (lock,) = tmp_path.iterdir()

        assert stat.S_IMODE(lock.stat().st_mode) == 0o600


_OWNER = """
import sys
from pathlib import Path
from pixverse_desktop.adapters.instance import ListOwnership

with ListOwnership(Path(sys.argv[1])) as ownership:
    ownership.listen(lambda request: {"heard": request})
    print("owning", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def other_owner(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a process that owns the list and answers."""
    command = [sys.executable, "-c", _OWNER, str(tmp_path)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "owning\n"
        yield child
        child.kill()


@pytest.mark.usefixtures("other_owner")
def test_another_program_is_an_owner_too_and_answers(tmp_path: Path) -> None:
    with pytest.raises(ListInUse):
        ListOwnership(tmp_path).__enter__()

    assert hand_over(tmp_path, {"verb": "add"})["heard"] == {"version": PROTOCOL_VERSION, "verb": "add"}


def test_an_owner_that_was_killed_stands_in_nobody_s_way(
    tmp_path: Path, other_owner: subprocess.Popen[str]
) -> None:
    other_owner.send_signal(signal.SIGKILL)
    other_owner.wait()

    with pytest.raises(ListInUse, match="does not answer"):
        hand_over(tmp_path, {"verb": "add"})
    with ListOwnership(tmp_path) as ownership:
        ownership.listen(echo)
        assert hand_over(tmp_path, {"verb": "add"})["heard"]["verb"] == "add"


def test_the_list_is_owned_as_soon_as_a_short_lived_owner_lets_go(tmp_path: Path) -> None:
    short_lived = ListOwnership(tmp_path)
    short_lived.__enter__()
    threading.Timer(0.1, short_lived.__exit__).start()

    ownership = own_within(tmp_path, 10.0)

    with pytest.raises(ListInUse):
        ListOwnership(tmp_path).__enter__()
    ownership.__exit__()


def test_an_owner_that_keeps_the_list_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    with ListOwnership(tmp_path), pytest.raises(ListInUse):
        own_within(tmp_path, 0.1)


# Handing over.


def test_a_request_is_answered(tmp_path: Path) -> None:
    with ListOwnership(tmp_path) as ownership:
        ownership.listen(echo)
        answers = [hand_over(tmp_path, {"ids": ["夜", str(number)]}) for number in range(20)]

    assert [answer["heard"]["ids"][1] for answer in answers] == [str(number) for number in range(20)]


def test_a_request_as_long_as_a_big_list_is_answered(tmp_path: Path) -> None:
    ids = [str(10**17 + number) for number in range(100_000)]
    with ListOwnership(tmp_path) as ownership:
        ownership.listen(echo)
        answer = hand_over(tmp_path, {"ids": ids})

    assert answer["heard"]["ids"] == ids


def test_requests_at_once_are_all_answered(tmp_path: Path) -> None:
    answers: list[Request] = []
    with ListOwnership(tmp_path) as ownership:
        ownership.listen(echo)
        callers = [
            threading.Thread(target=lambda: answers.append(hand_over(tmp_path, {}))) for _ in range(20)
        ]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()

    assert len(answers) == 20


def test_without_an_owner_nobody_answers(tmp_path: Path) -> None:
    with pytest.raises(ListInUse, match="does not answer"):
        hand_over(tmp_path, {})


def test_an_owner_that_does_not_listen_does_not_answer(tmp_path: Path) -> None:
    with ListOwnership(tmp_path), pytest.raises(ListInUse, match="does not answer"):
        hand_over(tmp_path, {})


def test_an_owner_that_stopped_listening_does_not_answer(tmp_path: Path) -> None:
    with ListOwnership(tmp_path) as ownership:
        ownership.listen(echo)
        ownership.stop_listening()
        ownership.stop_listening()

        with pytest.raises(ListInUse):
            hand_over(tmp_path, {})


def test_an_owner_that_is_silent_is_not_waited_for_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "_ANSWER_TIMEOUT_S", 0.1)
    released = threading.Event()

    def think(_: Request) -> Request:
        released.wait()
        return {}

    with ListOwnership(tmp_path) as ownership:
        ownership.listen(think)
        with pytest.raises(ListInUse, match="does not answer"):
            hand_over(tmp_path, {})
        released.set()


def test_another_version_is_answered_in_words(tmp_path: Path) -> None:
    handled: list[Request] = []

    def handle(request: Request) -> Request:
        handled.append(request)
        return {}

    with ListOwnership(tmp_path) as ownership:
        ownership.listen(handle)
        answer = hand_over(tmp_path, {"version": PROTOCOL_VERSION + 1})

    assert "different versions" in answer["error"]
    assert handled == []


@pytest.mark.parametrize("sent", [b"", b"{", b"[]", b"\xff\xfe", b"null", b'"x"', b"[" * 100_000])
def test_a_request_without_sense_does_not_stop_the_owner(
    tmp_path: Path, runtime_dir: Path, sent: bytes
) -> None:
    with ListOwnership(tmp_path) as ownership:
        ownership.listen(echo)
        (address,) = sockets_in(runtime_dir)
        with multiprocessing.connection.Client(str(address)) as connection:
            connection.send_bytes(sent)
        assert "heard" in hand_over(tmp_path, {})


def test_a_caller_that_hangs_up_does_not_stop_the_owner(tmp_path: Path, runtime_dir: Path) -> None:
    with ListOwnership(tmp_path) as ownership:
        ownership.listen(echo)
        (address,) = sockets_in(runtime_dir)
        multiprocessing.connection.Client(str(address)).close()

        assert "heard" in hand_over(tmp_path, {})


def test_a_caller_that_says_nothing_is_not_waited_for_for_ever(
    tmp_path: Path, runtime_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "_REQUEST_TIMEOUT_S", 0.1)
    with ListOwnership(tmp_path) as ownership:
        ownership.listen(echo)
        (address,) = sockets_in(runtime_dir)
        with multiprocessing.connection.Client(str(address)):
            assert "heard" in hand_over(tmp_path, {})


# Where the socket is.


def test_nobody_else_may_enter_the_socket(tmp_path: Path, runtime_dir: Path) -> None:
    before = os.umask(0)
    try:
        with ListOwnership(tmp_path) as ownership:
            ownership.listen(echo)
            (address,) = sockets_in(runtime_dir)
            modes = [stat.S_IMODE(path.stat().st_mode) for path in (address.parent, address)]
    finally:
        os.umask(before)

    assert modes == [0o700, 0o600]


def test_a_data_folder_with_a_long_path_has_a_socket_all_the_same(tmp_path: Path) -> None:
    long = tmp_path.joinpath(*["x" * 100] * 5)
    long.mkdir(parents=True)

    with ListOwnership(long) as ownership:
        ownership.listen(echo)

        assert "heard" in hand_over(long, {})


def test_two_names_of_one_folder_are_one_list(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "data")

    with ListOwnership(tmp_path / "data") as ownership:
        ownership.listen(echo)

        assert "heard" in hand_over(tmp_path / "link", {})


def test_a_socket_folder_open_to_others_is_refused(tmp_path: Path, runtime_dir: Path) -> None:
    (runtime_dir / f"pixverse-desktop-{os.getuid()}").mkdir()
    (runtime_dir / f"pixverse-desktop-{os.getuid()}").chmod(0o755)

    with ListOwnership(tmp_path) as ownership, pytest.raises(StoreFailed, match="open to others"):
        ownership.listen(echo)
    with pytest.raises(StoreFailed, match="open to others"):
        hand_over(tmp_path, {})


@pytest.mark.parametrize("runtime", ["gone", "file", "x" * 120])
def test_a_runtime_folder_that_cannot_be_used_is_told_in_words(
    tmp_path: Path, runtime_dir: Path, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    (runtime_dir / "file").write_bytes(b"")
    (runtime_dir / ("x" * 120)).mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime_dir / runtime))

    with ListOwnership(tmp_path) as ownership, pytest.raises(StoreFailed):
        ownership.listen(echo)
    with pytest.raises((StoreFailed, ListInUse)):
        hand_over(tmp_path, {})


@pytest.mark.usefixtures("other_owner")
def test_an_owner_whose_lock_file_was_removed_is_an_owner_still(tmp_path: Path) -> None:
    (tmp_path / "owner.lock").unlink()

    with pytest.raises(ListInUse):
        ListOwnership(tmp_path).__enter__()


def test_a_lock_that_fails_for_an_unknown_reason_is_not_taken_for_ours(tmp_path: Path) -> None:
    handle = os.open(tmp_path, os.O_RDONLY)
    os.close(handle)

    with pytest.raises(OSError, match="Bad file descriptor"):
        lock_handle(handle)
