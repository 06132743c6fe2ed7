"""The verbs without a window: the real program as a child, against a real service on a real port."""

import csv
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import chain, pairwise
from pathlib import Path
from typing import IO, Any

import pytest

from pixverse_desktop.adapters.instance import ListOwnership
from pixverse_desktop.core.records import as_json
from pixverse_desktop.resources import resource_path
from pixverse_desktop.simulator import (
    Fault,
    Life,
    Place,
    Simulation,
    SimulatorServer,
    Story,
    faults,
    stories,
)
from tests.contracts.video_store import FULL, FULL_MARKS

ROOT = Path(__file__).parents[2]
CLIPS = resource_path("clips")
NAMES = sorted(path.name for path in CLIPS.glob("*.mp4"))
KEY = "sk-end-to-end-0123456789abcdef"
IDS = [str(391504857968062 + number) for number in range(40)]
PATIENCE_S = 60.0


class Ended:
    """What a run of the program left: its exit code and its words."""

    def __init__(self, code: int, out: bytes, err: bytes) -> None:
        self.code = code
        self.out = out.decode()
        self.err = err.decode()
        # A person sees sentences; a traceback or an interpreter's warning is a defect whatever the test.
        assert "Traceback" not in self.err, self.err
        assert "Warning" not in self.err, self.err
        assert KEY not in self.out + self.err

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each line of stdout as the JSON object it must be."""
        return [json.loads(line) for line in self.out.splitlines()]

    def last(self, video_id: str) -> dict[str, Any]:
        """The last status told of a video."""
        return [line for line in self.lines if line["video_id"] == video_id and line["event"] == "status"][-1]

    def saved(self) -> dict[str, Path]:
        """Where each saved clip is."""
        return {line["video_id"]: Path(line["path"]) for line in self.lines if line["event"] == "saved"}


class Program:
    """The program with a data folder of its own, a key, and no Qt to import."""

    def __init__(self, folder: Path, runtime_dir: Path) -> None:
        self.data = folder / "data"
        self.clips = folder / "clips"
        self.words: list[str] = []
        no_qt = folder / "no_qt"
        for name in ("PySide6", "qasync"):
            (no_qt / name).mkdir(parents=True)
            (no_qt / name / "__init__.py").write_text("raise ImportError('Qt was imported for a verb')")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "XDG_RUNTIME_DIR": str(runtime_dir),
            "PYTHONPATH": f"{no_qt}{os.pathsep}{ROOT}",
            "PYTHONWARNINGS": "error",
            "PIXVERSE_API_KEY": KEY,
        }
        self.out: int | IO[str] = subprocess.PIPE

    def start(self, verb: str, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        """Begin a run in the background."""
        command = [sys.executable, "-m", "pixverse_desktop", verb, *words, "--data-dir", str(self.data)]
        return subprocess.Popen(
            command,
            env={**self.environment, **environment},
            cwd=self.data.parent,
            stdin=subprocess.PIPE,
            stdout=self.out,
            stderr=subprocess.PIPE,
        )

    def run(self, verb: str, *words: str, stdin: str = "", **environment: str) -> Ended:
        """Run it to its end."""
        return finish(self.start(verb, *words, **environment), stdin.encode())


def finish(child: subprocess.Popen[bytes], stdin: bytes = b"") -> Ended:
    """Wait for a run to end."""
    with child:
        try:
            out, err = child.communicate(stdin, timeout=PATIENCE_S)
        finally:
            child.kill()
    return Ended(child.returncode, out or b"", err)


def read_events(child: subprocess.Popen[bytes], count: int) -> list[dict[str, Any]]:
    """The first lines of a run that goes on."""
    assert child.stdout is not None
    return [json.loads(child.stdout.readline()) for _ in range(count)]


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    runtime_dir = Path(tempfile.mkdtemp(prefix="run"))  # short: the path of a socket is limited
    yield Program(tmp_path, runtime_dir)
    shutil.rmtree(runtime_dir)


class Service:
    """A pretend PixVerse on a port, in which these lives are lived."""

    def __init__(self, simulation: Simulation, server: SimulatorServer) -> None:
        self.simulation = simulation
        self.url = server.url

    def live(self, video_id: str, story: Story, **facts: Any) -> None:  # noqa: ANN401 - whatever a life has
        self.simulation.add(Life(video_id=video_id, steps=story, **facts))

    def break_for(
        self, video_id: str, fault: Fault, times: int | None = 1, place: Place = Place.RESULT
    ) -> None:
        self.simulation.inject(fault, place=place, video_id=video_id, times=times)


@pytest.fixture
def service() -> Iterator[Service]:
    """Serve, and see at the end that the program was a good client whatever the test."""
    simulation = Simulation(time.time, keys=[KEY])
    with SimulatorServer(simulation, CLIPS) as server:
        yield Service(simulation, server)
    counts = simulation.statistics()
    assert (counts.reused_traces, counts.missing_traces, counts.keys_to_media) == (0, 0, 0)


def politeness(service: Service) -> float:
    """The shortest time between two questions about one id."""
    gaps = [9e9]
    for video_id in service.simulation.video_ids:
        times = [each.at_s for each in service.simulation.requests
                 if each.video_id == video_id and each.place is Place.RESULT]  # fmt: skip
        gaps += [later - earlier for earlier, later in pairwise(times)]
    return min(gaps)


@pytest.fixture(scope="module", autouse=True)
def long_watch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, subprocess.Popen[bytes]]]:
    """Begin the one run that takes a minute beside all the others."""
    folder = tmp_path_factory.mktemp("long")
    simulation = Simulation(time.time, keys=[KEY])
    with SimulatorServer(simulation, CLIPS) as server:
        service = Service(simulation, server)
        service.live(IDS[0], stories.not_known())
        service.live(IDS[1], stories.never())
        service.live(IDS[2], stories.quick(0))
        service.break_for(IDS[1], faults.page(502), times=None)
        program = Program(folder, folder)
        child = program.start("watch", *usual(program, service), *IDS[:3], "--timeout", "55")
        with child:
            yield service, child
            child.kill()


Watch = Callable[..., Ended]


@pytest.fixture
def watch(program: Program, service: Service) -> Watch:
    """Watch with JSON lines, saving into the usual folder."""

    def run(*words: str, **environment: str) -> Ended:
        return program.run("watch", *usual(program, service), *words, **environment)

    return run


def usual(program: Program, service: Service) -> list[str]:
    return ["--json", "--interval", "3", "--service-url", service.url, "--save-to", str(program.clips)]


# Whole runs.


def test_several_stories_at_once_end_each_in_its_own_way(
    program: Program, service: Service, watch: Watch
) -> None:
    lives = [stories.quick(1), stories.queued(1, 2), stories.moderated(1), stories.failed(1),
             stories.deleted(), stories.early_address(1), stories.quick(0.5), stories.quick(1)]  # fmt: skip
    for number, story in enumerate(lives):
        service.live(IDS[number], story, clip=NAMES[number % len(NAMES)], prompt=f"clip {number}: 夜 / sea")

    ended = watch(*IDS[: len(lives)])

    statuses = [ended.last(video_id)["status"] for video_id in IDS[: len(lives)]]
    assert statuses == ["ready", "ready", "moderated", "failed", "deleted", "ready", "ready", "ready"]
    assert ended.code == 1
    assert {video_id: path.read_bytes() for video_id, path in ended.saved().items()} == {
        IDS[number]: (CLIPS / NAMES[number % len(NAMES)]).read_bytes() for number in (0, 1, 5, 6, 7)
    }
    assert all(video_id in path.name for video_id, path in ended.saved().items())
    assert len(list(program.clips.iterdir())) == 5
    assert ended.lines[-1]["event"] == "summary"
    assert ended.lines[-1]["message"] == "5 ready (5 saved), 1 moderated, 1 failed, 1 deleted"
    assert ended.out.count('"status"') >= 16
    assert politeness(service) >= 2.99


def test_all_ready_and_saved_is_0_and_a_second_run_reports_it_without_a_download(
    service: Service, watch: Watch
) -> None:
    service.live(IDS[0], stories.quick(0))

    first = watch(IDS[0])
    media = service.simulation.statistics().media
    second = watch(IDS[0])

    assert (first.code, second.code) == (0, 0)
    assert second.saved() == first.saved()
    assert service.simulation.statistics().media == media == 1


def test_no_save_wins_over_save_to(program: Program, service: Service, watch: Watch) -> None:
    service.live(IDS[0], stories.quick(0))

    ended = watch("--no-save", IDS[0])

    assert ended.code == 0
    assert ended.saved() == {}
    assert not program.clips.exists()
    assert service.simulation.statistics().media == 0


def test_a_watch_that_saves_nothing_says_so_once_and_never_to_a_script(
    program: Program, service: Service
) -> None:
    service.live(IDS[0], stories.quick(0))
    arguments = ("watch", IDS[0], "--json", "--interval", "3", "--service-url", service.url)

    told, silenced = program.run(*arguments), program.run(*arguments, "--no-save")

    assert told.err.count("Clips are not saved: no folder was chosen yet.") == 1
    assert "--save-to" in told.err
    assert [line["event"] for line in told.lines][-1] == "summary"
    assert "Clips are not saved" not in told.out + silenced.err


def test_without_json_a_script_gets_paths_and_a_person_words(program: Program, service: Service) -> None:
    service.live(IDS[0], stories.quick(0), prompt="a fox")

    ended = program.run("watch", IDS[0], "--service-url", service.url, "--save-to", str(program.clips))

    assert ended.out == f"{program.clips / (IDS[0] + '_a fox.mp4')}\n"
    assert "1 ready (1 saved)" in ended.err


def test_the_folder_of_the_settings_is_used_and_damaged_settings_are_told(
    program: Program, service: Service
) -> None:
    service.live(IDS[0], stories.quick(0))
    program.data.mkdir()
    (program.data / "settings.json").write_text(json.dumps({"save_folder": str(program.clips)}))
    words = ["watch", IDS[0], "--json", "--service-url", service.url]

    saved = program.run(*words)
    (program.data / "settings.json").write_text("{half")
    told = program.run(*words)

    assert list(saved.saved()) == [IDS[0]]
    assert told.saved() == {}
    assert "settings.damaged.json" in told.err


# Broken answers.


def test_broken_answers_end_as_words_and_stop_nothing(service: Service, watch: Watch) -> None:
    once = [
        faults.page(500), faults.page(200), faults.truncated_json(), faults.null_resp(), faults.empty_resp(),
        faults.list_resp(), faults.wrong_types(), faults.huge_numbers(), faults.text_id(), faults.nan(),
        faults.nested(), faults.not_utf8(), faults.another_id(), faults.without_code(), faults.text_code(),
        faults.exactly(b""), faults.exactly(b"null"), faults.reset(), faults.bare(404),
        faults.page(404),
        faults.error(99999, f"the key {KEY} is tired\x1b[2J"), faults.redirect("http://127.0.0.1:9/"),
    ]  # fmt: skip
    ids = IDS[: len(once) + 1]
    for video_id, fault in zip(ids, once, strict=False):
        service.break_for(video_id, fault)
    for video_id in ids:
        service.live(video_id, stories.quick(0))

    ended = watch(*ids)

    assert {ended.last(video_id)["status"] for video_id in ids} == {"ready"}
    assert ended.code == 0
    assert len(ended.saved()) == len(ids)
    assert "\x1b" not in ended.err
    assert politeness(service) >= 2.99


def test_answers_that_stay_broken_stay_waiting_until_the_time_is_over(
    program: Program, service: Service, watch: Watch
) -> None:
    always = [faults.page(502), faults.truncated_json(), faults.null_resp(), faults.another_id(),
              faults.wrong_types(keep=["id"]), faults.huge_numbers(keep=["id"]), faults.nested()]  # fmt: skip
    for video_id, fault in zip(IDS, always, strict=False):
        service.live(video_id, stories.quick(0))
        service.break_for(video_id, fault, times=None)
    good = IDS[len(always)]
    service.live(good, stories.quick(0))

    ended = watch(*IDS[: len(always)], good, "--timeout", "4")

    assert ended.code == 4
    assert {ended.last(video_id)["status"] for video_id in IDS[: len(always)]} <= {"waiting", "unknown"}
    assert list(ended.saved()) == [good]
    assert good in program.run("list", "--status", "ready", "--format", "ids").out


def test_a_service_that_quotes_the_key_does_not_make_us_tell_it(service: Service, watch: Watch) -> None:
    service.live(IDS[0], stories.never())
    service.break_for(IDS[0], faults.error(400013, f"bad id for {KEY}", 400))

    ended = watch(IDS[0])

    assert ended.code == 1
    assert ended.last(IDS[0])["status"] == "stopped"
    assert "bad id for ●●●" in ended.last(IDS[0])["message"]


def test_clips_that_are_none_are_told_and_the_others_saved(
    program: Program, service: Service, watch: Watch
) -> None:
    service.live(IDS[0], stories.page_address(0))
    service.live(IDS[1], stories.broken_address(0))
    service.live(IDS[2], stories.quick(0))
    service.live(IDS[3], stories.quick(0))
    service.break_for(IDS[2], faults.cut(), place=Place.MEDIA)
    service.break_for(IDS[3], faults.chunked(), place=Place.MEDIA)

    ended = watch(*IDS[:4])

    errors = {line["video_id"]: line["message"] for line in ended.lines if line["event"] == "error"}
    assert ended.code == 1
    assert set(errors) == {IDS[0], IDS[1]}
    assert "HTTP 404" in errors[IDS[1]]
    assert set(ended.saved()) == {IDS[2], IDS[3]}
    assert len(list(program.clips.iterdir())) == 2


# Exit codes.


def test_a_refused_key_is_3_and_fails_no_video(program: Program, service: Service, watch: Watch) -> None:
    service.live(IDS[0], stories.quick(0))

    ended = watch(IDS[0], PIXVERSE_API_KEY="sk-nobody-knows")

    assert ended.code == 3
    assert "does not accept this key" in ended.err
    assert "sk-nobody-knows" not in ended.out + ended.err
    assert program.run("list", "--status", "waiting", "--format", "ids").out == f"{IDS[0]}\n"


@pytest.mark.parametrize(
    "fault", [faults.bare(401), faults.exactly(b"", 401), faults.page(403)], ids=["json", "empty", "page"]
)
def test_a_key_refused_without_an_error_code_is_3_too(service: Service, watch: Watch, fault: Fault) -> None:
    service.live(IDS[0], stories.quick(0))
    service.break_for(IDS[0], fault, times=None)

    ended = watch(IDS[0])

    assert ended.code == 3
    assert ended.last(IDS[0])["status"] == "waiting"


def test_a_missing_key_is_3_and_the_ids_are_kept(program: Program, watch: Watch) -> None:
    ended = watch(IDS[0], PIXVERSE_API_KEY="", PYTHON_KEYRING_BACKEND="keyring.backends.null.Keyring")

    assert ended.code == 3
    assert "keychain" in ended.err
    assert program.run("list", "--format", "ids").out == f"{IDS[0]}\n"


def test_a_folder_that_cannot_be_written_is_5(program: Program, service: Service, watch: Watch) -> None:
    service.live(IDS[0], stories.quick(0))
    program.clips.write_text("a file")

    ended = watch(IDS[0])

    assert ended.code == 5
    assert "is not a folder" in ended.err


def test_a_data_folder_that_cannot_be_used_is_5(program: Program, service: Service, watch: Watch) -> None:
    program.data.write_text("a file")

    ended = watch(IDS[0])

    assert ended.code == 5
    assert "cannot be used" in ended.err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_is_130_and_says_how_far_it_came(
    program: Program, service: Service, number: signal.Signals
) -> None:
    service.live(IDS[0], stories.never())
    child = program.start("watch", *usual(program, service), IDS[0])
    read_events(child, 2)

    child.send_signal(number)
    ended = finish(child)

    assert ended.code == 130
    assert ended.lines[-1]["message"] == "1 waiting"


def test_an_interrupted_download_is_gone_on_with_by_the_next_run(program: Program, service: Service) -> None:
    service.live(IDS[0], stories.quick(0))
    service.break_for(IDS[0], faults.slow(1000), place=Place.MEDIA)
    child = program.start("watch", *usual(program, service), IDS[0])
    record = program.clips / f"{IDS[0]}.mp4.part.json"
    wait_until(
        lambda: (
            program.run("list").code == 0
            and record.exists()
            and json.loads(record.read_text())["held_bytes"] > 0
        )
    )

    child.send_signal(signal.SIGINT)
    ended = finish(child)
    left = names_in(program.clips)
    again = program.run("watch", *usual(program, service), IDS[0])

    assert ended.code == 130
    assert left == [f"{IDS[0]}.mp4.part", record.name]
    assert again.code == 0
    assert names_in(program.clips) == [f"{IDS[0]}.mp4"]
    requests = [each for each in service.simulation.requests if each.place is Place.MEDIA]
    assert ["if-range" in each.header_names for each in requests] == [False, True]


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["watch", "abc"], "‘abc’ is neither a video id nor a file"),
        (["watch", "nowhere.csv"], "neither a video id nor a file"),
        (["watch", "--interval", "1", "7"], "every 3 seconds"),
        (["watch", "--service-url", "http://example.com", "7"], "https://"),
        (["add"], "Nothing to add"),
        (["add", "3.9E+14"], "spreadsheet"),
        (["add", "."], "is a folder"),
        (["add", "-"], "No video id was found in standard input"),
        (["remove"], "Nothing to remove"),
        (["list", "--format", "xml"], "invalid choice"),
    ],
)
def test_input_that_cannot_be_used_is_2_and_one_sentence(
    program: Program, arguments: list[str], words: str
) -> None:
    ended = program.run(*arguments)

    assert ended.code == 2
    assert words in ended.err
    assert ended.err.startswith("pixverse-desktop")
    assert ended.err.count("\n") == 1
    assert ended.out == ""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a name of a file is always text")
def test_a_folder_whose_name_is_no_text_does_not_keep_the_run_from_ending(
    program: Program, service: Service
) -> None:
    service.live(IDS[0], stories.quick(0))
    folder = os.fsdecode(os.fsencode(program.clips) + b"\xff")

    ended = program.run("watch", IDS[0], "--json", "--service-url", service.url, "--save-to", folder)

    assert ended.code in (0, 5)
    assert ended.last(IDS[0])["status"] == "ready"


# Nothing is lost.


def test_ids_survive_a_kill_and_are_reported_again(program: Program, service: Service) -> None:
    for video_id in IDS[:3]:
        service.live(video_id, stories.quick(4))
    child = program.start("watch", *usual(program, service), *IDS[:3])
    read_events(child, 3)

    child.send_signal(signal.SIGKILL)
    finish(child)
    listed = program.run("list", "--format", "ids")
    ended = program.run("watch", *usual(program, service))

    assert listed.out.split() == IDS[:3]
    assert ended.code == 0
    assert set(ended.saved()) == set(IDS[:3])


def test_adds_at_the_same_time_lose_nothing(program: Program) -> None:
    batches = [[str(10**16 + 1000 * batch + number) for number in range(50)] for batch in range(8)]
    children = [program.start("add", *batch) for batch in batches]

    endings = [finish(child) for child in children]

    assert [ended.code for ended in endings] == [0] * 8
    assert sorted(program.run("list", "--format", "ids").out.split()) == sorted(chain(*batches))


def test_what_is_added_while_a_watch_runs_is_handed_over_and_asked_about(
    program: Program, service: Service
) -> None:
    service.live(IDS[0], stories.never())
    service.live(IDS[1], stories.quick(0))
    child = program.start("watch", *usual(program, service), IDS[0])
    read_events(child, 2)

    added = program.run("add", IDS[1], IDS[0])
    second = program.run("watch", *usual(program, service), IDS[2])
    wait_until(lambda: IDS[1] in program.run("list", "--status", "ready", "--format", "ids").out)
    removed = program.run("remove", IDS[0])
    ended = finish(child)

    assert (added.code, added.out) == (0, "1 added, 1 already here\n")
    assert second.code == 2
    assert "pixverse-desktop add" in second.err
    assert (removed.code, removed.out) == (0, "1 removed\n")
    assert ended.code == 0  # nothing is left to wait for
    assert program.run("list", "--format", "ids").out.split() == [IDS[1]]


def wait_until(is_so: Callable[[], bool]) -> None:
    """Return when ``is_so``; each try takes a process, so this is no idle spinning."""
    for _ in range(40):
        if is_so():
            return
    raise AssertionError("it did not come to pass")


def test_an_add_while_the_owner_is_just_starting_is_not_turned_away(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", program.environment["XDG_RUNTIME_DIR"])
    program.data.mkdir()

    with ListOwnership(program.data) as ownership:
        child = program.start("add", IDS[0])
        with pytest.raises(subprocess.TimeoutExpired):
            child.wait(2)  # by now it has found the list taken, and nobody to answer
        ownership.listen(lambda request: {"added": len(request["ids"]), "already": 0})
        ended = finish(child)

    assert (ended.code, ended.out) == (0, "1 added\n")


def test_an_add_to_a_list_whose_owner_answers_nothing_is_2_and_says_so(program: Program) -> None:
    program.data.mkdir()

    with ListOwnership(program.data):
        ended = program.run("add", IDS[0])

    assert ended.code == 2
    assert "does not answer" in ended.err


# The list in every form.


def test_ids_go_in_by_argument_file_and_stdin_and_come_out_in_every_form(
    program: Program, tmp_path: Path
) -> None:
    (tmp_path / "ids.csv").write_text(f"name;video_id\nfox;{IDS[1]}\nhen;{IDS[2]}\n")
    (tmp_path / "ids.json").write_text(json.dumps({"jobs": [{"video_id": int(IDS[3])}]}))

    added = program.run("add", IDS[0], "ids.csv", str(tmp_path / "ids.json"), "-", stdin=IDS[4])
    again = program.run("add", *IDS[:5], "18446744073709551615")

    assert added.out == "5 added\n"
    assert again.out == "1 added, 5 already here\n"
    expected = [*IDS[:5], "18446744073709551615"]
    assert program.run("export", "--format", "ids").out.split() == expected
    assert [row["video_id"] for row in json.loads(program.run("export").out)] == expected
    rows = list(csv.DictReader(program.run("list", "--format", "csv").out.splitlines()))
    assert [(row["video_id"], row["status"]) for row in rows] == [(each, "waiting") for each in expected]
    table = program.run("list").out.splitlines()
    assert [line.split()[0] for line in table] == ["ID", *expected]


@pytest.mark.parametrize("form", ["ids", "csv", "json"])
def test_an_export_can_be_read_by_another_list(program: Program, tmp_path: Path, form: str) -> None:
    program.run("add", *IDS)
    exported = program.run("export", "--format", form).out
    program.data = tmp_path / "other"

    program.run("add", "-", stdin=exported)

    assert program.run("list", "--format", "ids").out.split() == IDS


def test_rows_are_removed_and_strangers_named(program: Program) -> None:
    program.run("add", *IDS[:3])

    ended = program.run("remove", IDS[1], "4711")

    assert (ended.code, ended.out, ended.err) == (1, "1 removed\n", "Not in the list: 4711\n")
    assert program.run("list", "--format", "ids").out.split() == [IDS[0], IDS[2]]


def test_twenty_thousand_ids_are_one_add(program: Program) -> None:
    ids = [str(10**17 + number) for number in range(20_000)]

    added = program.run("add", "-", stdin="\n".join(ids))

    assert added.out == "20000 added\n"
    assert program.run("export", "--format", "ids").out.split() == ids


def test_reading_a_list_nobody_made_makes_none(program: Program) -> None:
    ended = program.run("list", "--format", "json")

    assert (ended.code, ended.out) == (0, "[]\n")
    assert not program.data.exists()


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_a_prompt_in_any_script_can_be_printed_under_any_locale(
    program: Program, service: Service, watch: Watch, form: str
) -> None:
    service.live(IDS[0], stories.quick(0), prompt="夜 é 👩")
    watched = watch(IDS[0], PYTHONIOENCODING="ascii", LC_ALL="C")

    listed = program.run("list", "--format", form, PYTHONIOENCODING="ascii", LC_ALL="C")

    assert watched.code == listed.code == 0
    assert watched.saved()[IDS[0]].name == f"{IDS[0]}_夜 é 👩.mp4"
    assert "夜 é 👩" in listed.out


def test_a_reader_that_went_away_ends_a_listing_quietly(program: Program) -> None:
    program.run("add", "-", stdin="\n".join(str(10**17 + number) for number in range(20_000)))
    child = program.start("export")
    assert child.stdin is not None
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdin.close()

    child.stdout.readline()
    child.stdout.close()
    err = child.stderr.read()
    child.stderr.close()

    assert child.wait(PATIENCE_S) == 5
    assert err == b""


def test_an_output_on_a_full_disk_is_5_and_one_sentence(program: Program, service: Service) -> None:
    service.live(IDS[0], stories.never())
    with Path("/dev/full").open("w", encoding="utf-8") as program.out:
        ended = program.run("watch", IDS[0], "--json", "--service-url", service.url)

    assert ended.code == 5
    assert "What is printed could not be written: No space left on device." in ended.err
    assert "Traceback" not in ended.err


# The key.


def test_the_key_stands_nowhere_but_in_the_environment(
    program: Program, service: Service, tmp_path: Path
) -> None:
    service.live(IDS[0], stories.quick(0))
    service.live(IDS[1], stories.never())
    service.break_for(IDS[2], faults.error(99999, f"the key {KEY}"), times=None)
    child = program.start("watch", *usual(program, service), *IDS[:3])
    read_events(child, 5)
    command_line = Path(f"/proc/{child.pid}/cmdline").read_bytes()

    wait_until(lambda: program.run("list", "--status", "ready", "--format", "ids").out != "")
    child.send_signal(signal.SIGINT)
    finish(child)

    assert KEY.encode() not in command_line
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert program.data / "library.sqlite3" in written
    assert [path for path in written if KEY.encode() in path.read_bytes()] == []
    asked = {each.place: each.key for each in service.simulation.requests}
    assert asked == {Place.RESULT: KEY, Place.MEDIA: None}


def test_a_key_is_set_listed_tested_and_removed_in_the_keychain_for_its_own_address_alone(
    program: Program, service: Service, tmp_path: Path
) -> None:
    ring = {
        "PYTHON_KEYRING_BACKEND": "tests.fakes.file_keyring.FileKeyring",
        "TEST_KEYRING_FILE": str(tmp_path / "ring.json"),
        "PIXVERSE_API_KEY": "",
    }
    here = ["--service-url", service.url]

    stored = program.run("key", "set", *here, stdin=f"{KEY}\n", **ring)
    listed = program.run("key", "list", **ring)
    tested = program.run("key", "test", **ring)
    elsewhere = program.run("watch", IDS[0], "--service-url", "http://127.0.0.1:9", **ring)
    removed = program.run("key", "remove", **ring)
    gone = program.run("key", "test", *here, **ring)

    assert (stored.code, tested.code, removed.code) == (0, 0, 0)
    assert "1,500 credits" in stored.out
    assert listed.out == f"default\t{service.url}\n"
    assert elsewhere.code == 3
    assert "No key is stored" in elsewhere.err
    assert gone.code == 3
    assert json.loads((tmp_path / "ring.json").read_text()) == {}


def test_a_key_of_the_environment_is_tested_and_never_stored(
    program: Program, service: Service, tmp_path: Path
) -> None:
    ring = {
        "PYTHON_KEYRING_BACKEND": "tests.fakes.file_keyring.FileKeyring",
        "TEST_KEYRING_FILE": str(tmp_path / "ring.json"),
    }

    tested = program.run("key", "test", "--service-url", service.url, **ring)

    assert tested.code == 0
    assert not (tmp_path / "ring.json").exists()


def test_a_refused_key_is_not_stored(program: Program, service: Service, tmp_path: Path) -> None:
    ring = {
        "PYTHON_KEYRING_BACKEND": "tests.fakes.file_keyring.FileKeyring",
        "TEST_KEYRING_FILE": str(tmp_path / "ring.json"),
    }

    ended = program.run("key", "set", "--service-url", service.url, stdin="sk-wrong\n", **ring)

    assert ended.code == 3
    assert "sk-wrong" not in ended.out + ended.err
    assert not (tmp_path / "ring.json").exists()


@pytest.fixture
def ring(tmp_path: Path) -> dict[str, str]:
    return {
        "PYTHON_KEYRING_BACKEND": "tests.fakes.file_keyring.FileKeyring",
        "TEST_KEYRING_FILE": str(tmp_path / "ring.json"),
    }


def test_a_key_verb_that_only_looks_neither_makes_nor_migrates_a_list(
    program: Program, ring: dict[str, str]
) -> None:
    program.run("key", "list", **ring)
    assert not (program.data / "library.sqlite3").exists()
    schema = ROOT / "tests" / "adapters" / "schemas" / "version_1.sql"
    with closing(sqlite3.connect(program.data / "library.sqlite3")) as connection:
        connection.executescript(schema.read_text(encoding="utf-8"))
    before = (program.data / "library.sqlite3").read_bytes()

    program.run("key", "list", **ring)

    assert (program.data / "library.sqlite3").read_bytes() == before


def test_a_key_is_set_while_a_window_owns_the_list(
    program: Program, service: Service, ring: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", program.environment["XDG_RUNTIME_DIR"])
    program.run("add", IDS[0])

    with ListOwnership(program.data):
        stored = program.run("key", "set", "--service-url", service.url, stdin=f"{KEY}\n", **ring)
        listed = program.run("key", "list", **ring)

    assert stored.code == 0
    assert listed.out == f"default\t{service.url}\n"


# Backups.


def test_a_large_add_and_a_removal_are_backed_up(program: Program) -> None:
    many = [str(391504857968062 + number) for number in range(100)]
    backups = program.data / "backups"

    program.run("add", *many)
    after_add = [file.name.rsplit("-", 2)[-2:] for file in backups.iterdir()]
    program.run("remove", *many[:50])

    assert after_add == [["after", "import.sqlite3"]]
    assert any(file.name.endswith("at-exit.sqlite3") for file in backups.iterdir())


def test_small_adds_are_backed_up_once_a_day(program: Program) -> None:
    for video_id in IDS[:3]:
        program.run("add", video_id)

    assert len(list((program.data / "backups").iterdir())) == 1


def test_a_damaged_list_is_told_once_by_a_verb(program: Program) -> None:
    program.run("add", *IDS)
    (program.data / "library.sqlite3").write_bytes(bytes(20_000))

    first, second = program.run("add", IDS[0]), program.run("add", IDS[0])

    assert "The list was damaged: 40 videos came back" in first.err
    assert second.err == ""


# Another service than our own simulator.


class _Bare(BaseHTTPRequestHandler):
    """As little of the API as can be: HTTP/1.0, no lengths, no validators, two fields a result."""

    server: "BareServer"

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("API-KEY"), self.headers.get("Ai-trace-id")))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self._body())

    def _body(self) -> bytes:
        if self.path == "/clip":
            return (CLIPS / NAMES[1]).read_bytes()
        is_first = sum(path == self.path for path, _, _ in self.server.asked) == 1
        resp = {"status": 5} if is_first else {"status": 1, "url": f"{self.server.url}/clip"}
        return json.dumps({"ErrCode": 0, "Resp": resp}).encode()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class BareServer(HTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Bare)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.asked: list[tuple[str, str | None, str | None]] = []


@contextmanager
def bare_server() -> Iterator[BareServer]:
    with BareServer() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_watch_works_against_any_server_that_speaks_the_api(program: Program) -> None:
    with bare_server() as server:
        ended = program.run(
            "watch", IDS[0], "--json", "--interval", "3", "--service-url", server.url,
            "--save-to", str(program.clips),
        )  # fmt: skip

    assert ended.code == 0
    assert ended.saved()[IDS[0]].read_bytes() == (CLIPS / NAMES[1]).read_bytes()
    assert [path for path, _, _ in server.asked] == [f"/openapi/v2/video/result/{IDS[0]}"] * 2 + ["/clip"]
    assert [key for _, key, _ in server.asked] == [KEY, KEY, None]
    assert len({trace_id for _, _, trace_id in server.asked}) == 3


# A minute later.


def test_ids_that_nobody_knows_are_not_found_while_a_steadily_broken_one_stops_nothing(
    long_watch: tuple[Service, subprocess.Popen[bytes]],
) -> None:
    service, child = long_watch

    ended = finish(child)

    assert ended.code == 4
    assert ended.last(IDS[0])["status"] == "not_found"
    assert "another account" in ended.last(IDS[0])["message"]
    assert ended.last(IDS[1])["status"] == "waiting"
    assert ended.last(IDS[2])["status"] == "ready"
    assert politeness(service) >= 2.99


def test_an_export_is_added_with_its_accounts_and_marks(program: Program, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(as_json([(FULL, FULL_MARKS)]), encoding="utf-8")

    added = program.run("add", str(path))
    (row,) = json.loads(program.run("export", "--format", "json").out)

    assert added.out == "1 added\n"
    assert (row["account"], row["video_id"], row["rating"]) == (
        FULL.account, FULL.video_id, FULL_MARKS.rating,
    )  # fmt: skip


def test_a_refusal_in_a_script_the_terminal_lacks_is_told_all_the_same(program: Program) -> None:
    added = program.run("add", "-", stdin=f"{IDS[0]}\n夜\n", PYTHONIOENCODING="ascii")

    assert added.code == 0
    assert added.out.startswith("1 added, 1 not an id")
