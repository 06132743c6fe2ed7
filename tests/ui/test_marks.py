"""Tags, ratings, rejects, notes and batches: by key, by dialog, and taken back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget, QPlainTextEdit

from pixverse_desktop.core.marks import Marks, batched, with_tag
from pixverse_desktop.core.video import VideoRef
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, turns, until
from tests.ui.groups import groups
from tests.ui.lives import ONE, THREE, TWO

ALL = [ONE, TWO, THREE]


def column(desk: Desk, title: str) -> list[str]:
    return [desk.cell(video_id, title) for video_id in ALL]


def is_struck_out(desk: Desk, video_id: str) -> bool:
    font = desk.table.model().index(desk.ids.index(video_id), 0).data(Qt.ItemDataRole.FontRole)
    return font is not None and font.strikeOut()


def tags_offered(desk: Desk) -> QListWidget:
    return next(desk.visible(QListWidget))


async def tick(desk: Desk, tag: str) -> None:
    """Press Space on a tag of the dialog."""
    offered = tags_offered(desk)
    item = offered.findItems(tag, Qt.MatchFlag.MatchExactly)[0]
    QTest.mouseClick(offered.viewport(), Qt.MouseButton.LeftButton, pos=offered.visualItemRect(item).center())
    QTest.keyClick(offered, Qt.Key.Key_Space)
    await turns()


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
async def test_a_figure_rates_the_selected_rows(open_desk: OpenDesk, stars: int) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE, THREE)
        await desk.press(Qt.Key(Qt.Key.Key_0.value + stars))

        await until(lambda: column(desk, "Rating") == ["★" * stars, "", "★" * stars])
        await until(lambda: desk.reads("★" * stars))


async def test_zero_takes_the_rating_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_4)
        await until(lambda: desk.cell(ONE, "Rating") == "★★★★")
        await desk.press(Qt.Key.Key_0)

        await until(lambda: desk.cell(ONE, "Rating") == "")


async def test_x_rejects_and_takes_it_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_X)
        await until(lambda: is_struck_out(desk, ONE))
        assert desk.reads("Rejected")
        assert not is_struck_out(desk, TWO)
        await desk.press(Qt.Key.Key_X)

        await until(lambda: not is_struck_out(desk, ONE))


async def test_x_over_mixed_rows_rejects_all(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_X)
        await until(lambda: is_struck_out(desk, ONE))
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_X)

        await until(lambda: is_struck_out(desk, TWO))
        assert is_struck_out(desk, ONE)


async def test_in_the_search_field_these_keys_are_letters(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await desk.type("x5tnb0", into="Search")

        assert desk.field("Search").text() == "x5tnb0"
        assert desk.dialogs() == []
        await desk.press(Qt.Key.Key_Escape)
        assert column(desk, "Rating") == ["", "", ""]
        assert not is_struck_out(desk, ONE)


async def test_without_a_selected_row_the_keys_do_nothing(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        desk.table.setFocus()
        for key in (Qt.Key.Key_5, Qt.Key.Key_X, Qt.Key.Key_T, Qt.Key.Key_N, Qt.Key.Key_B):
            await desk.press(key)

        assert desk.dialogs() == []
        assert column(desk, "Rating") == ["", "", ""]
        assert not desk.action("Undo").isEnabled()


async def test_new_tags_are_typed_with_commas_between(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_T)
        await desk.dialog()
        await desk.type("hero, wide shot,,  ", into="New tags")
        await desk.press(Qt.Key.Key_Return)

        await until(lambda: column(desk, "Tags") == ["hero, wide shot", "hero, wide shot", ""])
        assert desk.dialogs() == []
        await until(lambda: desk.reads("hero, wide shot"))


async def test_the_dialog_tells_which_tags_all_have_and_which_some(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([VideoRef("default", each) for each in (ONE, TWO)], with_tag("both"))
        await desk.engine.library.mark([VideoRef("default", ONE)], with_tag("one"))
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_T)
        await desk.dialog()

        offered = tags_offered(desk)
        states = {item.text(): item.checkState() for item in map(offered.item, range(offered.count()))}
        assert states == {"both": Qt.CheckState.Checked, "one": Qt.CheckState.PartiallyChecked}
        await desk.press(Qt.Key.Key_Escape)


async def test_ticks_of_the_dialog_give_and_take_tags(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([VideoRef("default", each) for each in (ONE, TWO)], with_tag("both"))
        await desk.engine.library.mark([VideoRef("default", ONE)], with_tag("one"))
        await desk.engine.library.mark([VideoRef("default", ONE)], with_tag("untouched"))
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_T)
        await desk.dialog()
        await tick(desk, "both")
        await tick(desk, "one")
        await desk.click("OK")

        await until(lambda: column(desk, "Tags") == ["one, untouched", "one", ""])


async def test_a_note_of_several_lines(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_N)
        await desk.dialog()
        QTest.keyClicks(next(desk.visible(QPlainTextEdit)), "the best")
        await desk.press(Qt.Key.Key_Return)
        QTest.keyClicks(next(desk.visible(QPlainTextEdit)), "so far")
        await desk.click("OK")

        await until(lambda: desk.cell(ONE, "Note") == "the best so far")
        await until(lambda: desk.reads("the best\nso far"))


async def test_a_batch_gets_a_name(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_B)
        await desk.dialog()
        await desk.type("night run", into="Batch")
        await desk.press(Qt.Key.Key_Return)

        await until(lambda: column(desk, "Batch") == ["night run", "night run", ""])
        await until(lambda: groups(desk).get("night run") == "2")


@pytest.mark.parametrize("key", [Qt.Key.Key_T, Qt.Key.Key_N, Qt.Key.Key_B])
async def test_a_dialog_that_is_left_changes_nothing(open_desk: OpenDesk, key: Qt.Key) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await desk.press(key)
        await desk.dialog()
        await desk.press(Qt.Key.Key_Escape)

        assert desk.dialogs() == []
        assert not desk.action("Undo").isEnabled()


async def _rate(desk: Desk) -> Callable[[], bool]:
    await desk.press(Qt.Key.Key_5)
    return lambda: desk.cell(ONE, "Rating") == "★★★★★"


async def _reject(desk: Desk) -> Callable[[], bool]:
    await desk.press(Qt.Key.Key_X)
    return lambda: is_struck_out(desk, ONE)


async def _tag(desk: Desk) -> Callable[[], bool]:
    await desk.press(Qt.Key.Key_T)
    await desk.dialog()
    await desk.type("hero", into="New tags")
    await desk.press(Qt.Key.Key_Return)
    return lambda: desk.cell(ONE, "Tags") == "hero"


async def _batch(desk: Desk) -> Callable[[], bool]:
    await desk.press(Qt.Key.Key_B)
    await desk.dialog()
    await desk.type("night", into="Batch")
    await desk.press(Qt.Key.Key_Return)
    return lambda: desk.cell(ONE, "Batch") == "night"


async def _note(desk: Desk) -> Callable[[], bool]:
    await desk.press(Qt.Key.Key_N)
    await desk.dialog()
    QTest.keyClicks(next(desk.visible(QPlainTextEdit)), "good")
    await desk.click("OK")
    return lambda: desk.cell(ONE, "Note") == "good"


@pytest.mark.parametrize("deed", [_rate, _reject, _tag, _batch, _note])
async def test_every_mark_can_be_taken_back_and_given_again(
    open_desk: OpenDesk, deed: Callable[[Desk], object]
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        is_marked = await deed(desk)  # type: ignore[misc]
        await until(is_marked)

        await desk.choose("Undo")
        await until(lambda: not is_marked())
        await desk.choose("Redo")

        await until(is_marked)


async def test_two_quick_marks_are_taken_back_one_by_one(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        QTest.keyClick(desk.table, Qt.Key.Key_5)
        QTest.keyClick(desk.table, Qt.Key.Key_3)  # before the first is written
        await until(lambda: desk.cell(ONE, "Rating") == "★★★")

        await desk.control(Qt.Key.Key_Z)
        await until(lambda: desk.cell(ONE, "Rating") == "★★★★★")
        await desk.control(Qt.Key.Key_Z)

        await until(lambda: desk.cell(ONE, "Rating") == "")


async def test_a_quick_undo_waits_for_the_mark_it_takes_back(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        QTest.keyClick(desk.table, Qt.Key.Key_5)
        desk.window.commands.undo_stack.undo()  # before the mark is written
        await desk.nothing_under_way("do")
        await desk.nothing_under_way("undo")

        assert desk.cell(ONE, "Rating") == ""
        assert not desk.engine.library.marks(VideoRef("default", ONE)).rating


async def test_marks_outlive_the_window(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(TWO)
        await desk.press(Qt.Key.Key_4)
        await until(lambda: desk.cell(TWO, "Rating") == "★★★★")

    async with open_desk(key=None) as again:
        assert again.cell(TWO, "Rating") == "★★★★"


async def give_notes(desk: Desk) -> None:
    """Rows one and two get different notes and batches."""
    for video_id, text in ((ONE, "A"), (TWO, "B")):
        ref = VideoRef("default", video_id)
        await desk.engine.library.set_marks({ref: Marks(note=text, batch=text)})
    await until(lambda: column(desk, "Batch") == ["A", "B", ""])


@pytest.mark.parametrize(("key", "title"), [(Qt.Key.Key_N, "Note"), (Qt.Key.Key_B, "Batch")])
async def test_texts_that_differ_stay_unless_something_is_written(
    open_desk: OpenDesk, key: Qt.Key, title: str
) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await give_notes(desk)
        await desk.select(ONE, TWO)
        await desk.press(key)
        await desk.dialog()
        assert desk.reads("2 videos")
        await desk.click("OK")

        assert column(desk, title) == ["A", "B", ""]
        assert not desk.action("Undo").isEnabled()


async def test_what_is_written_over_texts_that_differ_is_for_all(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await give_notes(desk)
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_B)
        await desk.dialog()
        assert desk.field("Batch").text() == ""
        assert "Several values" in desk.field("Batch").placeholderText()
        await desk.type("C", into="Batch")
        await desk.press(Qt.Key.Key_Return)

        await until(lambda: column(desk, "Batch") == ["C", "C", ""])


async def test_a_text_all_share_is_there_to_be_changed(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([VideoRef("default", each) for each in ALL], batched("night"))
        await desk.select(ONE, TWO)
        await desk.press(Qt.Key.Key_B)
        await desk.dialog()

        assert desk.field("Batch").text() == "night"
        await desk.press(Qt.Key.Key_Escape)


async def test_a_tag_is_spelt_as_it_is_known(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([VideoRef("default", ONE)], with_tag("Hero"))
        await desk.select(TWO)
        await desk.press(Qt.Key.Key_T)
        await desk.dialog()
        await desk.type("hero, HERO", into="New tags")
        await desk.press(Qt.Key.Key_Return)

        await until(lambda: column(desk, "Tags") == ["Hero", "Hero", ""])


async def test_every_known_tag_is_there_to_be_ticked(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([VideoRef("default", ONE)], with_tag("hero"))
        await until(lambda: groups(desk).get("hero") == "1")
        await desk.select(TWO)
        await desk.press(Qt.Key.Key_T)
        await desk.dialog()
        await tick(desk, "hero")
        await desk.click("OK")

        await until(lambda: column(desk, "Tags") == ["hero", "hero", ""])


async def test_after_a_comma_the_next_tag_is_completed(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.engine.library.mark([VideoRef("default", ONE)], with_tag("wide shot"))
        await until(lambda: groups(desk).get("wide shot") == "1")
        await desk.select(TWO)
        await desk.press(Qt.Key.Key_T)
        await desk.dialog()
        await desk.type("new, wi", into="New tags")
        completer = desk.field("New tags").completer()
        popup = completer.popup()
        assert popup is not None

        assert completer.currentCompletion() == "new, wide shot"
        popup.hide()
        await desk.press(Qt.Key.Key_Escape)


@pytest.mark.parametrize(
    ("typed", "said"), [('the "best"', "Quotes are left out"), ("x" * 61, "ends after 60 characters")]
)
async def test_what_a_tag_cannot_hold_is_said(open_desk: OpenDesk, typed: str, said: str) -> None:
    async with open_desk(key=None, ids=ALL) as desk:
        await desk.select(ONE)
        await desk.press(Qt.Key.Key_T)
        await desk.dialog()
        await desk.type("plain", into="New tags")
        assert not desk.reads(said)
        await desk.type(typed, into="New tags")

        assert desk.reads(said)
        await desk.press(Qt.Key.Key_Escape)
