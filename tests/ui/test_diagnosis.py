"""What helps when something is wrong: attempts, the log, a report, and asking again."""

import logging
import time
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QPlainTextEdit, QTableWidget

from pixverse_desktop.core.attempts import Attempt
from pixverse_desktop.core.events import AttemptMade
from pixverse_desktop.core.records import rfc3339
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.simulator import Simulation, SimulatorServer, stories
from tests.ui.conftest import KEY, OpenDesk
from tests.ui.desk import Desk, clipboard_text, turns, until
from tests.ui.groups import groups
from tests.ui.lives import ONE, THREE, TWO, life, ready

SIGNED = "https://media.pixverse.ai/openapi%2Fa.mp4?Signature=planted"
log = logging.getLogger("pixverse_desktop.tests")


def ask(desk: Desk, at_s: float, outcome: str, code: int | None = 5, video_id: str = ONE) -> None:
    """Announce an attempt, as the poller does after each question."""
    attempt = Attempt(VideoRef("default", video_id), at_s, code, outcome, f"trace-{at_s:.0f}")
    desk.engine.announcer.announce(AttemptMade(attempt))


def attempts(desk: Desk) -> list[list[str]]:
    """The lines of the table in the open dialog, from the top down, without the times."""
    table = next(desk.visible(QTableWidget), None)
    if table is None:
        return []
    cells = [[table.item(row, column) for column in range(1, 4)] for row in range(table.rowCount())]
    return [[item.text() if item else "" for item in row] for row in cells]


async def test_the_attempts_of_a_video_are_shown_and_copied(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE, TWO]) as desk:
        for second in range(12):
            ask(desk, 1_788_249_600.0 + second, "Waiting")
        ask(desk, 1_788_249_700.0, "PixVerse is busy.", 500)
        ask(desk, 1_788_249_701.0, "Waiting", video_id=TWO)
        await desk.select(ONE)
        await desk.choose("Attempts…")
        dialog = await desk.dialog()
        await until(lambda: len(attempts(desk)) == 2)

        (busy, waiting) = attempts(desk)
        assert busy == ["500", "PixVerse is busy.", "trace-1788249700"]
        assert waiting[0::2] == ["5", "trace-1788249611"]
        assert waiting[1].startswith("Waiting ×12 since")
        await desk.click("Copy")

        lines = clipboard_text().splitlines()
        assert len(lines) == 2
        assert "12 times" in lines[0]
        assert "trace-1788249611" in lines[0]
        assert lines[1].endswith("PixVerse is busy. (500); Ai-trace-id: trace-1788249700")
        dialog.reject()
        await turns()


async def test_only_the_selected_lines_are_copied_and_a_new_attempt_joins_them(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        ask(desk, 100.0, "Waiting")
        ask(desk, 200.0, "busy", 500)
        await desk.select(ONE)
        await desk.choose("Attempts…")
        await desk.dialog()
        await until(lambda: len(attempts(desk)) == 2)
        table = next(desk.visible(QTableWidget))
        middle = table.visualRect(table.model().index(1, 1)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=middle)

        ask(desk, 300.0, "Ready", 1)
        await until(lambda: len(attempts(desk)) == 3)
        table.setFocus()
        await desk.control(Qt.Key.Key_C)

        assert clipboard_text() == "1970-01-01T00:01:40Z: Waiting (5); Ai-trace-id: trace-100"
        await desk.click("Close")


async def test_a_video_nobody_asked_about_says_so(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.select(ONE)
        await desk.choose("Attempts…")
        await desk.dialog()

        await until(lambda: desk.reads("has not been asked about yet"))

        assert not desk.button("Copy").isEnabled()
        await desk.click("Close")


async def test_attempts_are_there_after_a_restart_and_support_gets_them(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        now_s = time.time()
        ask(desk, now_s, "Waiting")

    async with open_desk(key=None) as again:
        await again.select(ONE)
        await again.choose("Copy details for support")
        await until(clipboard_text)

        attempt = f"  {rfc3339(now_s)}: Waiting (5); Ai-trace-id: trace-{now_s:.0f}"
        assert clipboard_text().endswith(f"\nattempts:\n{attempt}")
        await until(lambda: again.reads("and no key"))


# Asking again.


async def test_all_that_failed_is_asked_about_again(open_desk: OpenDesk, simulation: Simulation) -> None:
    simulation.add(life(ONE, stories.failed(0)))
    simulation.add(life(TWO, stories.moderated(0)))
    simulation.add(ready(THREE))
    async with open_desk(ids=[ONE, TWO, THREE]) as desk:
        await until(lambda: (desk.status(ONE), desk.status(TWO)) == ("Failed", "Moderated"))
        await until(lambda: desk.status(THREE) == "Ready")
        simulation.add(ready(ONE))

        await desk.choose("Check all failed again")

        assert desk.reads("2 are asked about again")
        await until(lambda: desk.status(ONE) == "Ready")
        assert desk.status(TWO) == "Moderated"


async def test_where_nothing_failed_nothing_is_asked(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE]) as desk:
        await desk.choose("Check all failed again")

        assert desk.reads("Nothing failed")
        assert groups(desk) == {"All": "1", "In progress": "1"}


# The log.


def shown_log(desk: Desk) -> str:
    """The text of the log in sight."""
    view = next(desk.visible(QPlainTextEdit), None)
    return view.toPlainText() if view is not None else ""


async def test_the_log_is_shown_followed_and_searched(
    open_desk: OpenDesk, complaints: list[logging.LogRecord]
) -> None:
    async with open_desk(key=None) as desk:
        log.info("the first line")
        log.warning("a wobble\nin two lines")
        await desk.choose("Log…")
        await desk.dialog()
        await until(lambda: "in two lines" in shown_log(desk))
        log.error("a crash")
        await until(lambda: "a crash" in shown_log(desk))

        await desk.type("FIRST", into="Search the log")
        assert "the first line" in shown_log(desk)
        assert "wobble" not in shown_log(desk)
        desk.field("Search the log").clear()
        box = next(desk.visible(QComboBox))
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert "the first line" not in shown_log(desk)
        assert "in two lines" in shown_log(desk)
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert shown_log(desk).endswith("a crash")
        assert "wobble" not in shown_log(desk)

        await desk.click("Copy")
        assert clipboard_text() == shown_log(desk)
        await desk.type("no such words", into="Search the log")
        assert desk.reads("No line of the log fits.")
        await desk.click("Close")
        complaints.clear()
        await desk.nothing_under_way("log")


async def test_an_empty_log_says_so(open_desk: OpenDesk) -> None:
    async with open_desk(key=None) as desk:
        desk.log.path.unlink(missing_ok=True)
        await desk.choose("Log…")
        await desk.dialog()

        await until(lambda: desk.reads("The log is empty"))

        await desk.click("Close")


# The report.


async def test_a_report_holds_neither_key_nor_address_wherever_they_stand(
    open_desk: OpenDesk,
    simulation: Simulation,
    server: SimulatorServer,
    complaints: list[logging.LogRecord],
) -> None:
    simulation.add(ready())
    async with open_desk(ids=[ONE]) as desk:
        await until(lambda: desk.status(ONE) == "Ready")
        desk.engine.preferences.change(
            save_folder=str(Path.home() / KEY), watch_folder=SIGNED, name_template=f"{{id}}-{KEY}"
        )
        log.warning("planted %s and %s", KEY, SIGNED)
        log.error("planted in\n%s\n%s", KEY, SIGNED)
        complaints.clear()

        await desk.choose("Copy report")
        await until(clipboard_text)

        text = clipboard_text()
        for part in ("Python: 3.", "Qt: 6.", "SQLite: 3.", "httpx: ", "  ready: 1", "  default: online"):
            assert part in text, part
        assert "save_folder: ~/●●●" in text
        assert text.count("planted") == 2
        assert KEY not in text
        assert "Signature" not in text
        assert "a.mp4" not in text
        assert str(Path.home()) not in text
        assert desk.reads("no key and no address")
