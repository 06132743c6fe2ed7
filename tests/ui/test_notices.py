"""Notifications for somebody who looks elsewhere, the click on them, and the number on the icon."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from pixverse_desktop.core.events import ConnectionChanged, ConnectionKind
from pixverse_desktop.core.notices import Ending, Summary
from pixverse_desktop.core.schedule import STALLED_WORDS
from pixverse_desktop.core.video import VideoRef, VideoStatus
from pixverse_desktop.ui.notices import in_words
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, turns, until
from tests.ui.groups import click_group, groups
from tests.ui.lives import ONE, THREE, TWO

ALL = [ONE, TWO, THREE]


def ref(video_id: str) -> VideoRef:
    return VideoRef("default", video_id)


async def end(desk: Desk, video_id: str, status: VideoStatus) -> None:
    await desk.engine.library.update(ref(video_id), lambda video: replace(video, status=status))


async def look_elsewhere(desk: Desk) -> None:
    """Let another window have the keyboard, and then none of ours."""
    other = QWidget()
    other.show()
    other.activateWindow()
    await until(other.isActiveWindow)
    other.close()
    other.deleteLater()
    await until(lambda: QGuiApplication.focusWindow() is None)
    assert not desk.window.isActiveWindow()


async def test_what_ends_meanwhile_is_told_and_a_click_leads_there(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.type("nothing fits this", into="Search")
        await look_elsewhere(desk)
        await end(desk, ONE, VideoStatus.READY)
        await end(desk, THREE, VideoStatus.FAILED)
        await until(lambda: desk.notifier.now)
        assert desk.notifier.titles == ["1 ready, 1 failed"]

        desk.notifier.click()
        await turns()

        assert desk.window.isVisible()
        assert sorted(desk.selected) == sorted([ONE, THREE])
        assert sorted(desk.ids) == sorted(ALL)
        await until(lambda: desk.notifier.now is None)


async def test_in_front_of_the_window_nothing_is_told(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await end(desk, ONE, VideoStatus.READY)
        await look_elsewhere(desk)
        await end(desk, TWO, VideoStatus.READY)
        await until(lambda: desk.notifier.now)

        assert desk.notifier.titles == ["1 ready"]


async def test_coming_back_by_oneself_withdraws_it(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await look_elsewhere(desk)
        await end(desk, ONE, VideoStatus.READY)
        await until(lambda: desk.notifier.now)

        desk.window.bring_to_front()

        await until(lambda: desk.notifier.now is None)


async def test_each_kind_is_switched_in_the_menu_and_stays_so(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        for name in ("Ready", "Failed or needs you", "Key or connection", "Number on the icon"):
            assert desk.action(name).isChecked(), name
        await desk.choose("Ready")
        await look_elsewhere(desk)
        await end(desk, ONE, VideoStatus.READY)
        await end(desk, TWO, VideoStatus.STOPPED)
        await until(lambda: desk.notifier.now)

        assert desk.notifier.titles == ["1 needs you"]
        assert not desk.engine.settings.notifies_ready

    async with open_desk(key=None) as again:
        assert not again.action("Ready").isChecked()
        assert again.action("Key or connection").isChecked()


async def test_rows_that_need_a_person_are_a_group(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[*ALL, "391504857968063"]) as desk:
        await end(desk, ONE, VideoStatus.STOPPED)
        await end(desk, TWO, VideoStatus.NOT_FOUND)
        await desk.engine.library.update(ref(THREE), lambda video: replace(video, message=STALLED_WORDS))
        await until(lambda: groups(desk).get("Needs you") == "3")

        await click_group(desk, "Needs you")

        assert sorted(desk.ids) == sorted(ALL)


def some(**counts: int) -> dict[VideoRef, Ending]:
    endings = [Ending(name) for name, count in counts.items() for _ in range(count)]
    return {ref(str(number)): ending for number, ending in enumerate(endings)}


OFFLINE = ConnectionChanged("default", ConnectionKind.OFFLINE, "No answer came.")


@pytest.mark.usefixtures("_application")
@pytest.mark.parametrize(
    ("summary", "title", "body"),
    [
        (Summary(some(ready=12, failed=2)), "12 ready, 2 failed", "Click to see them."),
        (Summary(some(deleted=1, moderated=3)), "3 moderated, 1 deleted", "Click to see them."),
        (Summary(some(needs_you=1)), "1 needs you", "Click to see it."),
        (Summary(some(needs_you=2)), "2 need you", "Click to see them."),
        (Summary({}, (OFFLINE,)), "PixVerse cannot be reached", "No answer came."),
        (
            Summary(some(ready=1), (OFFLINE,)),
            "1 ready",
            "PixVerse cannot be reached. No answer came.\nClick to see it.",
        ),
    ],
)
def test_a_notice_in_words(summary: Summary, title: str, body: str) -> None:
    notice = in_words(summary)

    assert (notice.title, notice.body) == (title, body)
