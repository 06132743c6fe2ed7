"""The details of several selected videos: what they have in common, and how they differ."""

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea

from pixverse_desktop.core.events import SavePhase, SaveProgressed
from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import Video, VideoRef, VideoStatus
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, turns, until
from tests.ui.lives import ONE, THREE, TWO
from tests.ui.rows import as_read

ALL = [ONE, TWO, THREE]
MANY = [str(10_000 + number) for number in range(700)]


def panel(desk: Desk) -> QScrollArea:
    return next(one for one in desk.visible(QScrollArea) if one.accessibleName().startswith("Details"))


def facts(desk: Desk) -> dict[str, str]:
    """The facts in sight, by their titles."""
    labels = [each for each in panel(desk).findChildren(QLabel) if each.isVisible() and each.text()]
    titles = [each for each in labels if each.objectName() == "muted"]
    beside = {each.y(): each.text() for each in labels if each.objectName() == ""}
    return {title.text(): beside[title.y()] for title in titles if title.y() in beside}


def prompts(desk: Desk) -> str:
    """The prompts as a person reads them."""
    labels = panel(desk).findChildren(QLabel)
    label = next(each for each in labels if each.textFormat() is Qt.TextFormat.RichText)
    return as_read(label.text()) if label.isVisible() else ""


async def tell(desk: Desk, video_id: str, **known: object) -> None:
    """Let PixVerse have told something of a video."""
    ref = VideoRef("default", video_id)

    def change(video: Video) -> Video:
        return replace(video, **known)  # type: ignore[arg-type]

    await desk.engine.library.update(ref, change)


async def test_what_selected_videos_have_in_common_stands_once(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        for video_id in (ONE, TWO):
            await tell(
                desk, video_id, prompt="a <b>paper</b> boat", seed=42, width=1280, height=720, credits=30
            )
        await desk.select(ONE, TWO)
        await until(lambda: desk.reads("2 videos selected"))

        assert prompts(desk) == "a <b>paper</b> boat"
        assert facts(desk)["Seed"] == "42"
        assert facts(desk)["Picture"] == "1280 × 720"
        assert facts(desk)["Status"] == "Waiting"
        assert facts(desk)["Credits"] == "60 in all, 30 each"
        assert panel(desk).accessibleName() == "Details of 2 videos"
        assert not desk.reads(ONE)


async def test_what_differs_is_counted(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await tell(desk, ONE, prompt="a boat", size_bytes=1_000_000, status=VideoStatus.FAILED)
        await tell(desk, TWO, prompt="a boat", size_bytes=3_000_000)
        marks = {VideoRef("default", ONE): Marks(tags=("all", "hero"), rating=4, is_rejected=True)}
        marks |= {VideoRef("default", each): Marks(tags=("all",)) for each in (TWO, THREE)}
        await desk.engine.library.set_marks(marks)
        await desk.control(Qt.Key.Key_A)
        await until(lambda: desk.reads("3 videos selected"))

        shown = facts(desk)
        assert shown["Status"] == "Waiting (2)\nFailed (1)"
        assert shown["Size"] == "4.0 MB in all, 1.0 MB – 3.0 MB each (known of 2)"
        assert shown["Rating"] == "none (2)\n★★★★ (1)\nRejected (1)"
        assert shown["Tags"] == "all\nhero (1)"
        assert "a boat (2)" in prompts(desk)
        assert "no prompt known (1)" in prompts(desk)


async def test_words_by_which_two_prompts_differ_are_shown(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await tell(desk, ONE, prompt="a red paper boat drifts down the gutter in <the> rain")
        await tell(desk, TWO, prompt="a red paper kite drifts down the gutter in <the> rain")
        await desk.select(ONE, TWO)
        await until(lambda: desk.reads("<b><u>boat</u></b>"))

        assert desk.reads("<b><u>kite</u></b>")
        assert "red paper kite drifts down" in prompts(desk)


async def test_they_follow_what_happens_to_the_selected(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE, TWO)
        await until(lambda: desk.reads("2 videos selected"))

        await tell(desk, ONE, seed=7)
        await tell(desk, TWO, seed=7)
        await until(lambda: facts(desk).get("Seed") == "7")
        await desk.press(Qt.Key.Key_5)

        await until(lambda: facts(desk).get("Rating") == "★★★★★")


async def test_text_that_somebody_marks_stays_marked_while_other_facts_come(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        for each in (ONE, TWO):
            await tell(desk, each, seed=4242)
        await desk.select(ONE, TWO)
        await until(lambda: facts(desk).get("Seed") == "4242")
        seed = next(label for label in panel(desk).findChildren(QLabel) if label.text() == "4242")
        QTest.mouseDClick(seed, Qt.MouseButton.LeftButton, pos=QPoint(8, seed.height() // 2))
        assert seed.selectedText() == "4242"

        await tell(desk, ONE, style="anime")
        await until(lambda: "anime" in facts(desk).get("Style", ""))

        assert seed.hasFocus()
        assert seed.selectedText() == "4242"


async def test_one_selected_row_has_details_of_its_own_again(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.control(Qt.Key.Key_A)
        await until(lambda: desk.reads("3 videos selected"))

        await desk.select(TWO)

        await until(lambda: facts(desk).get("Video id") == TWO)
        assert not desk.reads("videos selected")
        assert panel(desk).accessibleName() == "Details of the video"


async def test_why_one_clip_is_not_saved_is_not_told_of_several(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE, TWO)
        await until(lambda: desk.reads("2 videos selected"))

        told = SaveProgressed(
            VideoRef("default", TWO), SavePhase.FAILED, message="The disk is full.", is_news=False
        )
        desk.engine.announcer.announce(told)
        await turns()
        assert not any(
            "disk is full" in label.text() for label in panel(desk).findChildren(QLabel) if label.isVisible()
        )

        await desk.select(TWO)
        await until(lambda: desk.reads("The disk is full."))


async def test_very_many_are_looked_through_beside_the_window(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await desk.control(Qt.Key.Key_A)
        await until(lambda: desk.reads("700 videos selected"))

        await until(lambda: facts(desk).get("Status") == "Waiting")
        await tell(desk, MANY[0], status=VideoStatus.FAILED)
        await until(lambda: facts(desk).get("Status") == "Waiting (699)\nFailed (1)")


async def test_what_was_selected_before_is_not_told_of_what_is_selected_now(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=MANY) as desk:
        await tell(desk, MANY[0], style="anime")
        await desk.control(Qt.Key.Key_A)
        QTest.keyClick(desk.table, Qt.Key.Key_Home)
        await desk.press(Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)

        await until(lambda: facts(desk).get("Style") == "anime\nnone")
        await desk.nothing_under_way("details of many")
        await turns()

        assert desk.reads("2 videos selected")
        assert facts(desk)["Style"] == "anime\nnone"


async def test_a_search_that_hides_some_leaves_the_details_of_the_rest(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.control(Qt.Key.Key_A)
        await until(lambda: desk.reads("3 videos selected"))

        await desk.type(f"-{ONE}", into="Search")
        await until(lambda: desk.reads("2 videos selected"))
        desk.field("Search").clear()

        await until(lambda: desk.reads("3 videos selected"))
