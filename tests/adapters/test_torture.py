"""A program killed at any moment: what it was told is written is written, and nothing else is there."""

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from pixverse_desktop.adapters.backups import BackupFolder
from pixverse_desktop.adapters.recovery import make_ready
from pixverse_desktop.adapters.sqlite_store import FILE_NAME, SqliteVideoStore

KILLS = int(os.environ.get("PIXVERSE_TORTURE_KILLS", "25"))
_LONGEST_LIFE_S = 0.25

# Says "begin" with what it is about to do and "done" after it was told that it is written.
_WORKER = """
import asyncio, json, random, sys
from pathlib import Path
from pixverse_desktop.adapters.clock import SystemClock
from pixverse_desktop.adapters.sqlite_store import SqliteVideoStore
from pixverse_desktop.core.marks import with_tag, without_tag
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.announcer import Announcer
from pixverse_desktop.services.library import Library

def say(word, verb, ids, tag=""):
    print(json.dumps([word, verb, ids, tag]), flush=True)

async def main(path, first, seed):
    chance = random.Random(seed)
    store = SqliteVideoStore(path)
    await store.open()
    library = Library(store, SystemClock(), Announcer(print))
    await library.open()
    number = first
    print(json.dumps(["ready", "", [], ""]), flush=True)
    while True:
        here = [video.video_id for video in library]
        verb = chance.choice(["add", "add", "tag", "untag", "remove"]) if here else "add"
        if verb == "add":
            ids = [str(number + each) for each in range(chance.randint(1, 40))]
            number += len(ids)
        else:
            ids = chance.sample(here, min(len(here), chance.randint(1, 20)))
        refs = [VideoRef("default", each) for each in ids]
        tag = chance.choice(["hero", "sea", "later"])
        say("begin", verb, ids, tag)
        if verb == "add":
            await library.add(ids, account="default")
        elif verb == "tag":
            await library.mark(refs, with_tag(tag))
        elif verb == "untag":
            await library.mark(refs, without_tag(tag))
        else:
            await library.remove(refs)
        say("done", verb, ids, tag)

asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])))
"""


@dataclass
class Expected:
    """The list as the program was told it is; the marks of a removed row are kept for its return."""

    rows: dict[str, None] = field(default_factory=dict)
    tags: dict[str, frozenset[str]] = field(default_factory=dict)

    def after(self, verb: str, ids: list[str], tag: str) -> "Expected":
        """Return what the list is after one more operation."""
        later = Expected(dict(self.rows), dict(self.tags))
        for video_id in ids:
            known = later.tags.get(video_id, frozenset())
            match verb:
                case "add":
                    later.rows[video_id] = None
                case "tag":
                    later.tags[video_id] = known | {tag}
                case "untag":
                    later.tags[video_id] = known - {tag}
                case "remove":
                    del later.rows[video_id]
        return later

    def as_read(self) -> tuple[list[str], dict[str, frozenset[str]]]:
        """Return it in the form a reopened list is compared in."""
        return list(self.rows), {video_id: tags for video_id, tags in self.tags.items() if tags}


async def reopened(path: Path) -> tuple[list[str], dict[str, frozenset[str]]]:
    store = SqliteVideoStore(path)
    try:
        await store.open()
        rows = [video.video_id for video in await store.load()]
        marks = await store.load_marks()
    finally:
        await store.aclose()
    return rows, {ref.video_id: frozenset(each.tags) for ref, each in marks.items()}


def live_and_die(path: Path, first: int, seed: int, life_s: float) -> list[list[Any]]:
    """Let a program work on the list for a moment, kill it, and return what it said."""
    with subprocess.Popen(
        [sys.executable, "-c", _WORKER, str(path), str(first), str(seed)], stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert json.loads(child.stdout.readline())[0] == "ready"
        time.sleep(life_s)
        child.send_signal(signal.SIGKILL)
        return [json.loads(line) for line in child.stdout if line.endswith("\n")]


@pytest.mark.timeout(30 + 5 * KILLS)
def test_a_list_survives_its_program_being_killed_at_any_moment(tmp_path: Path) -> None:
    path, chance = tmp_path / FILE_NAME, random.Random(20261124)
    backups = BackupFolder(path, tmp_path / "backups")
    expected, operations, cut_short = Expected(), 0, 0

    for kill in range(KILLS):
        said = live_and_die(path, 10**17 + kill * 10**6, kill, chance.uniform(0.0, _LONGEST_LIFE_S))
        for word, verb, ids, tag in said:
            if word == "done":
                expected = expected.after(verb, ids, tag)
                operations += 1
        found_in_order = make_ready(path, backups, now_s=time.time()) is None
        found = asyncio.run(reopened(path))

        assert found_in_order, f"the list was taken for damaged after kill {kill}"
        if said and said[-1][0] == "begin" and found != expected.as_read():
            expected = expected.after(*said[-1][1:])  # it was in flight, and was written whole
            cut_short += 1
        assert found == expected.as_read(), f"after kill {kill}"

    assert operations > 20 * KILLS
    assert cut_short <= KILLS
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
