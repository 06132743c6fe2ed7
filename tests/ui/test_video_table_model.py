"""The table's model: what it shows of each event, and that sorting loses nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QTableView
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from pixverse_desktop.core.events import (
    MarksChanged,
    SavePhase,
    SaveProgressed,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
)
from pixverse_desktop.core.marks import NO_MARKS, Marks
from pixverse_desktop.core.query import parse_query
from pixverse_desktop.core.video import Video, VideoStatus
from pixverse_desktop.ui.columns import Column
from pixverse_desktop.ui.video_table_model import PROGRESS_ROLE, VideoTableModel
from tests.ui.rows import NOW_S, as_read, column_of, row, titles_of

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder
READY = VideoStatus.READY

HERD = (
    row(9, prompt="bear", size_bytes=20_000, width=1280, height=720, created_at_s=NOW_S - 90_000),
    row(18446744073709551615, prompt="Ape", size_bytes=3_000_000, width=640, height=640, status=READY,
        created_at_s=NOW_S - 50, ended_at_s=NOW_S - 20),
    row(100, prompt="cat", size_bytes=900, width=1920, height=1080, status=VideoStatus.FAILED,
        created_at_s=NOW_S - 400_000, ended_at_s=NOW_S - 399_000),
)  # fmt: skip
HERD_WITH_ALL = (
    replace(HERD[0], seed=30, style="anime", credits=45, saved_path="/z/a.mp4", account="studio"),
    replace(HERD[1], seed=200, style="Clay", credits=9, added_at_s=NOW_S - 30, account="Alpha"),
    replace(HERD[2], credits=120, added_at_s=NOW_S - 500, saved_path="/a/Bear.mp4", account="home"),
)
MARKS = {
    "9": Marks(tags=("kid",), rating=3, note="b", batch="two"),
    "18446744073709551615": Marks(tags=("Ant",), rating=1, note="C", batch="Three"),
    "100": Marks(tags=("zoo",), rating=5, note="a", batch="one"),
}


@pytest.fixture
def model(qtmodeltester: ModelTester) -> Iterator[VideoTableModel]:
    """A model under the eyes of Qt's own tester for as long as the test lasts."""
    made = VideoTableModel(lambda: NOW_S, marks_of=lambda ref: MARKS.get(ref.video_id, NO_MARKS))
    qtmodeltester.check(made)  # type: ignore[no-untyped-call]  # Qt's own tester follows the model from now on
    made.reset(HERD)
    yield made
    made.reset([])  # nothing is left to be painted


def test_videos_that_come_are_shown_below_those_that_are_there(model: VideoTableModel) -> None:
    model.on_event(VideosAdded((row(200), row(201))))

    assert column_of(model, "Video id") == ["9", "18446744073709551615", "100", "200", "201"]


def test_a_video_that_changes_is_shown_as_it_is_now(model: VideoTableModel) -> None:
    after = replace(HERD[0], status=READY, prompt="bear at dusk")

    model.on_event(VideosChanged(((HERD[0], after),)))

    assert column_of(model, "Status")[0] == "Ready"
    assert column_of(model, "Prompt")[0] == "bear at dusk"


def test_a_change_is_told_for_its_own_row_alone(model: VideoTableModel, qtbot: QtBot) -> None:
    told: list[Sequence[int]] = []
    model.dataChanged.connect(lambda first, last: told.append(model.changed_among(first.row(), last.row())))

    with qtbot.waitSignal(model.dataChanged) as changed:
        model.on_event(VideosChanged(((HERD[1], replace(HERD[1], seed=7)),)))

    first, last = changed.args[:2]
    assert (first.column(), last.column()) == (0, model.columnCount() - 1)
    assert told == [[1]]


def test_videos_that_are_removed_leave_the_others_in_order(model: VideoTableModel) -> None:
    model.on_event(VideosRemoved((HERD[0], HERD[2])))

    assert column_of(model, "Video id") == ["18446744073709551615"]


def test_a_change_after_a_removal_finds_its_row(model: VideoTableModel) -> None:
    model.on_event(VideosRemoved((HERD[0],)))
    model.on_event(VideosChanged(((HERD[2], replace(HERD[2], prompt="lion")),)))

    assert column_of(model, "Prompt") == ["Ape", "lion"]


def test_news_of_a_stranger_changes_nothing(model: VideoTableModel) -> None:
    stranger = row(777)

    model.on_event(VideosChanged(((stranger, stranger),)))
    model.on_event(VideosRemoved((stranger,)))
    model.on_event(SaveProgressed(stranger.ref, SavePhase.QUEUED))

    assert column_of(model, "Video id") == ["9", "18446744073709551615", "100"]


SORTED: tuple[tuple[str, list[str]], ...] = (
    ("Video id", ["9", "100", "18446744073709551615"]),  # as numbers
    ("Status", ["100", "18446744073709551615", "9"]),  # Failed, Ready, Waiting
    ("Prompt", ["18446744073709551615", "9", "100"]),  # whatever the case
    ("Size", ["100", "9", "18446744073709551615"]),  # as sizes, not as their words
    ("Resolution", ["18446744073709551615", "9", "100"]),  # by the number of pixels
    ("Created", ["100", "9", "18446744073709551615"]),  # as moments
    ("Elapsed", ["18446744073709551615", "100", "9"]),  # 0:30, 16:40, 1 d
    ("Rating", ["18446744073709551615", "9", "100"]),
    ("Tags", ["18446744073709551615", "9", "100"]),  # whatever the case
    ("Batch", ["100", "18446744073709551615", "9"]),
    ("Seed", ["100", "9", "18446744073709551615"]),  # none, 30, 200
    ("Style", ["100", "9", "18446744073709551615"]),  # none, anime, Clay
    ("Credits", ["18446744073709551615", "9", "100"]),  # 9, 45, 120
    ("Added", ["100", "18446744073709551615", "9"]),
    ("File", ["18446744073709551615", "9", "100"]),  # by name, whatever the folder
    ("Note", ["100", "9", "18446744073709551615"]),
    ("Account", ["18446744073709551615", "100", "9"]),
)


@pytest.mark.parametrize(("title", "ids"), SORTED)
@pytest.mark.parametrize("order", [UP, DOWN])
def test_a_column_sorts_by_what_it_means(
    model: VideoTableModel, title: str, ids: list[str], order: Qt.SortOrder
) -> None:
    model.reset(HERD_WITH_ALL)

    model.sort(titles_of(model).index(title), order)

    assert column_of(model, "Video id") == (ids if order is UP else ids[::-1])


def test_every_column_is_sorted_in_a_test(model: VideoTableModel) -> None:
    assert [title for title, _ in SORTED] == titles_of(model)


@pytest.mark.parametrize("order", [UP, DOWN])
def test_rows_that_are_equal_stay_in_their_order(model: VideoTableModel, order: Qt.SortOrder) -> None:
    model.reset([row(3, prompt="same"), row(1, prompt="same"), row(2, prompt="same")])

    model.sort(Column.PROMPT, order)

    assert column_of(model, "Video id") == ["3", "1", "2"]


def test_leaving_the_sorting_shows_the_order_of_adding_again(model: VideoTableModel) -> None:
    model.sort(Column.PROMPT, DOWN)
    model.sort(-1, UP)

    assert column_of(model, "Video id") == ["9", "18446744073709551615", "100"]


def test_a_video_that_comes_into_a_sorted_list_finds_its_place_when_that_disturbs_nobody(
    model: VideoTableModel,
) -> None:
    model.sort(Column.VIDEO_ID, UP)

    model.on_event(VideosAdded((row(50),)))
    assert column_of(model, "Video id") == ["9", "100", "18446744073709551615", "50"]
    model.settle()

    assert column_of(model, "Video id") == ["9", "50", "100", "18446744073709551615"]


def test_a_row_that_changes_in_a_sorted_list_stays_until_that_disturbs_nobody(model: VideoTableModel) -> None:
    model.sort(Column.PROMPT, UP)

    model.on_event(VideosChanged(((HERD[1], replace(HERD[1], prompt="zebra")),)))
    assert column_of(model, "Prompt") == ["zebra", "bear", "cat"]
    model.settle()

    assert column_of(model, "Prompt") == ["bear", "cat", "zebra"]


def test_rows_equal_in_one_column_keep_the_order_of_the_column_sorted_before(model: VideoTableModel) -> None:
    model.reset([row(3, prompt="b"), row(1, prompt="a"), row(2, prompt="b"), row(4, prompt="a")])

    model.sort(Column.VIDEO_ID, DOWN)
    model.sort(Column.PROMPT, UP)

    assert column_of(model, "Video id") == ["4", "1", "3", "2"]


def test_both_orders_hold_after_rows_have_settled(model: VideoTableModel) -> None:
    model.reset([row(3, prompt="b"), row(1, prompt="a"), row(2, prompt="b")])
    model.sort(Column.VIDEO_ID, DOWN)
    model.sort(Column.PROMPT, UP)

    model.on_event(VideosAdded((row(9, prompt="a"), row(5, prompt="b"))))
    model.settle()

    assert column_of(model, "Video id") == ["9", "1", "5", "3", "2"]


def test_only_rows_that_fit_are_shown(model: VideoTableModel) -> None:
    model.set_query(parse_query("a -bear"))
    assert column_of(model, "Prompt") == ["Ape", "cat"]

    model.set_query(parse_query(""))

    assert column_of(model, "Prompt") == ["bear", "Ape", "cat"]


def test_a_row_that_fits_no_more_goes_when_that_disturbs_nobody(model: VideoTableModel) -> None:
    model.set_query(parse_query("bear"))

    model.on_event(VideosChanged(((HERD[0], replace(HERD[0], prompt="wolf")),)))
    assert column_of(model, "Prompt") == ["wolf"]
    model.settle()

    assert column_of(model, "Prompt") == []


def test_what_comes_and_does_not_fit_is_there_and_not_shown(model: VideoTableModel) -> None:
    model.set_query(parse_query("bear"))

    model.on_event(VideosAdded((row(200, prompt="bear cub"), row(201, prompt="wolf"))))

    assert column_of(model, "Prompt") == ["bear", "bear cub"]
    assert model.total == 5


@pytest.mark.parametrize("gone", [2, 20, 250])
def test_many_rows_leave_at_once_from_anywhere(model: VideoTableModel, gone: int) -> None:
    herd = [row(number) for number in range(300)]
    model.reset(herd)
    model.sort(Column.VIDEO_ID, DOWN)

    model.on_event(VideosRemoved(tuple(herd[5 : 5 + gone])))

    left = [video.video_id for video in herd[:5] + herd[5 + gone :]]
    assert column_of(model, "Video id") == left[::-1]


def test_many_rows_come_at_once(model: VideoTableModel) -> None:
    model.on_event(VideosAdded(tuple(row(number) for number in range(1000, 1250))))

    assert model.rowCount() == 253
    assert column_of(model, "Video id")[-1] == "1249"


def test_new_marks_are_shown(qtbot: QtBot) -> None:
    marks: dict[str, Marks] = {}
    model = VideoTableModel(lambda: NOW_S, marks_of=lambda ref: marks.get(ref.video_id, NO_MARKS))
    model.reset(HERD)

    marks["9"] = Marks(rating=4, tags=("hero", "wide"), is_rejected=True)
    with qtbot.waitSignal(model.dataChanged):
        model.on_event(MarksChanged((HERD[0].ref,)))

    assert column_of(model, "Rating")[0] == "★★★★"
    assert column_of(model, "Tags")[0] == "hero, wide"
    struck_out = model.index(0, Column.PROMPT).data(Qt.ItemDataRole.FontRole)
    assert struck_out.strikeOut()


def test_a_burst_of_changes_is_told_once(model: VideoTableModel, qtbot: QtBot) -> None:
    told: list[Sequence[int]] = []
    model.dataChanged.connect(lambda first, last: told.append(model.changed_among(first.row(), last.row())))

    with qtbot.waitSignal(model.dataChanged):
        for number in range(50):
            model.on_event(VideosChanged(((HERD[0], replace(HERD[0], seed=number)),)))
            model.on_event(VideosChanged(((HERD[2], replace(HERD[2], seed=number)),)))

    assert told == [[0, 2]]


def test_rows_are_dragged_out_as_ids_and_files(model: VideoTableModel, tmp_path: Path) -> None:
    clip = tmp_path / "a.mp4"
    clip.write_bytes(b"clip")
    saved = replace(HERD[1], saved_path=str(clip))
    gone = replace(HERD[2], saved_path=str(tmp_path / "gone.mp4"))
    model.reset([HERD[0], saved, gone])

    data = model.mimeData([model.index(place, column) for column in (0, 1) for place in (2, 1, 0)])

    assert data.text() == "9\n18446744073709551615\n100"
    assert [url.toLocalFile() for url in data.urls()] == [str(clip)]


def test_who_holds_on_to_a_row_still_has_it_after_sorting(model: VideoTableModel) -> None:
    held = [QPersistentModelIndex(model.index(place, Column.PROMPT)) for place in range(3)]

    model.sort(Column.PROMPT, UP)

    assert [index.data() for index in held] == ["bear", "Ape", "cat"]
    assert [index.row() for index in held] == [1, 0, 2]


def test_ten_thousand_rows_keep_their_selection_through_every_sorting(qtbot: QtBot) -> None:
    model = VideoTableModel(lambda: NOW_S)
    model.reset(row(10**14 + 7919 * number % 10**4, prompt=f"{number % 97}") for number in range(10_000))
    table = QTableView()
    qtbot.addWidget(table)
    table.setModel(model)
    table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QTableView.SelectionMode.MultiSelection)
    for place in (3, 5000, 9999):
        table.selectRow(place)
    chosen = {index.data() for index in table.selectionModel().selectedRows()}

    for column in Column:
        for order in (UP, DOWN):
            model.sort(column, order)

            assert {index.data() for index in table.selectionModel().selectedRows()} == chosen


def test_a_row_that_is_being_saved_tells_how_far_it_is(model: VideoTableModel) -> None:
    model.on_event(SaveProgressed(HERD[1].ref, SavePhase.RECEIVING, 250, 1000))

    assert model.index(1, Column.STATUS).data(PROGRESS_ROLE) == 0.25
    assert model.index(1, Column.STATUS).data() == "Saving 25 %"
    assert model.index(0, Column.STATUS).data(PROGRESS_ROLE) is None


@pytest.mark.parametrize(
    ("phase", "word"), [(SavePhase.QUEUED, "Save queued"), (SavePhase.RECEIVING, "Saving")]
)
def test_a_saving_of_unknown_length_says_so_in_words(
    model: VideoTableModel, phase: SavePhase, word: str
) -> None:
    model.on_event(SaveProgressed(HERD[1].ref, phase))

    assert column_of(model, "Status")[1] == word


@pytest.mark.parametrize("phase", [SavePhase.SAVED, SavePhase.CANCELLED])
def test_a_saving_that_ended_leaves_no_progress(model: VideoTableModel, phase: SavePhase) -> None:
    model.on_event(SaveProgressed(HERD[1].ref, SavePhase.RECEIVING, 250, 1000))

    model.on_event(SaveProgressed(HERD[1].ref, phase))

    assert model.index(1, Column.STATUS).data(PROGRESS_ROLE) is None
    assert column_of(model, "Status")[1] == "Ready"


def test_a_saving_that_failed_says_why_in_its_tool_tip(model: VideoTableModel) -> None:
    model.on_event(SaveProgressed(HERD[1].ref, SavePhase.FAILED, message="The disk is full."))

    index = model.index(1, Column.STATUS)
    assert index.data() == "Not saved"
    assert as_read(index.data(Qt.ItemDataRole.ToolTipRole)) == "The disk is full."


WORDS: tuple[tuple[Video, str], ...] = (
    (row(1), "Waiting"),
    (row(1, status_code=5), "Generating"),
    (row(1, status_code=9), "Queued"),
    (row(1, status_code=1, no_file_since_s=NOW_S), "No file yet"),
    (row(1, status=READY, url="https://media.test/a.mp4"), "Ready"),
    (row(1, status=READY, saved_path="/clips/1.mp4"), "Saved"),
    (row(1, status=VideoStatus.MODERATED), "Moderated"),
    (row(1, status=VideoStatus.FAILED), "Failed"),
    (row(1, status=VideoStatus.DELETED), "Deleted"),
    (row(1, status=VideoStatus.NOT_FOUND), "Not found"),
    (row(1, status=VideoStatus.STOPPED), "Needs you"),
    (row(1, status=VideoStatus.UNKNOWN, status_code=42), "Unknown (42)"),
    (row(1, status=VideoStatus.UNKNOWN), "Unknown (?)"),
)


@pytest.mark.parametrize(("video", "word"), WORDS)
def test_a_status_has_a_word_an_icon_and_a_colour(model: VideoTableModel, video: Video, word: str) -> None:
    model.reset([video])

    index = model.index(0, Column.STATUS)
    assert index.data() == word
    assert not index.data(Qt.ItemDataRole.DecorationRole).pixmap(18, 18).toImage().isNull()
    assert index.data(Qt.ItemDataRole.ForegroundRole).isValid()


def test_no_two_statuses_share_an_icon(model: VideoTableModel) -> None:
    model.reset([row(number, status=status) for number, status in enumerate(VideoStatus)])

    pictures = {
        bytes(
            model.index(place, Column.STATUS)
            .data(Qt.ItemDataRole.DecorationRole)
            .pixmap(48, 48)
            .toImage()
            .convertToFormat(QImage.Format.Format_Alpha8)
            .constBits()
        )
        for place in range(model.rowCount())
    }
    assert len(pictures) == len(VideoStatus)


def test_a_screen_reader_gets_a_row_as_one_sentence(model: VideoTableModel) -> None:
    model.reset(
        [
            row(
                391504857968062,
                status=VideoStatus.FAILED,
                message="The generation failed at PixVerse.",
                prompt="a fox",
                width=640,
                height=360,
                ended_at_s=NOW_S,
            )
        ]
    )

    spoken = {model.index(0, column).data(Qt.ItemDataRole.AccessibleTextRole) for column in Column}

    assert spoken == {
        "Video 391504857968062, Failed, The generation failed at PixVerse., a fox, 640 × 360, 0:01"
    }


def test_how_a_saving_stands_is_spoken(model: VideoTableModel) -> None:
    index = model.index(1, Column.VIDEO_ID)
    model.on_event(SaveProgressed(HERD[1].ref, SavePhase.RECEIVING, 250, 1000))
    assert ", Saving 25 %," in str(index.data(Qt.ItemDataRole.AccessibleTextRole))

    model.on_event(SaveProgressed(HERD[1].ref, SavePhase.HELD, message="The disk is full."))
    assert ", Not saved yet, The disk is full.," in str(index.data(Qt.ItemDataRole.AccessibleTextRole))


PROMPTS = ("<b>html</b>", "<img src='http://elsewhere.test/x.png'>", "a < b & c > d", "&lt;i&gt;")


@pytest.mark.parametrize("prompt", PROMPTS)
def test_a_foreign_prompt_is_never_taken_for_rich_text(model: VideoTableModel, prompt: str) -> None:
    model.reset([row(1, prompt=prompt)])

    index = model.index(0, Column.PROMPT)
    assert index.data() == prompt
    assert as_read(index.data(Qt.ItemDataRole.ToolTipRole)) == prompt


def test_a_foreign_message_is_never_taken_for_rich_text(model: VideoTableModel) -> None:
    model.reset([row(1, message="<u>PixVerse</u> says <no>")])

    tip = model.index(0, Column.STATUS).data(Qt.ItemDataRole.ToolTipRole)
    assert as_read(tip) == "<u>PixVerse</u> says <no>"


def test_a_long_prompt_is_wrapped_in_its_tool_tip(model: VideoTableModel) -> None:
    prompt = "slow dolly shot " * 60
    model.reset([row(1, prompt=prompt)])

    lines = as_read(model.index(0, Column.PROMPT).data(Qt.ItemDataRole.ToolTipRole)).splitlines()
    assert max(map(len, lines)) <= 80
    assert " ".join(lines) == prompt.strip()


def test_a_prompt_of_many_lines_stands_in_one(model: VideoTableModel) -> None:
    model.reset([row(1, prompt="one\n\ttwo\r\n  three")])

    assert column_of(model, "Prompt") == ["one two three"]


def test_a_message_and_a_style_of_many_lines_stand_in_one(model: VideoTableModel) -> None:
    model.reset([row(1, message="no\nsuch\n\nvideo", style="a\nb")])

    assert column_of(model, "Prompt") == ["no such video"]
    assert column_of(model, "Style") == ["a b"]


def test_what_changed_is_told_although_a_hidden_row_leaves(model: VideoTableModel, qtbot: QtBot) -> None:
    model.set_query(parse_query("-bear"))

    with qtbot.waitSignal(model.dataChanged):
        model.on_event(VideosChanged(((HERD[1], replace(HERD[1], prompt="ape")),)))
        model.on_event(VideosRemoved((HERD[0],)))


def test_figures_stand_at_the_right_under_their_titles(model: VideoTableModel) -> None:
    def is_right(role: Callable[[int], object], column: int) -> bool:
        return bool(Qt.AlignmentFlag(role(column)) & Qt.AlignmentFlag.AlignRight)  # type: ignore[arg-type]

    role = Qt.ItemDataRole.TextAlignmentRole
    for column in (Column.SIZE, Column.RESOLUTION, Column.CREATED, Column.ELAPSED):
        assert is_right(lambda at: model.index(0, at).data(role), column)
        assert is_right(lambda at: model.headerData(at, Qt.Orientation.Horizontal, role), column)


def test_running_times_run() -> None:
    now = [NOW_S]
    model = VideoTableModel(lambda: now[0])
    model.reset([row(1)])

    now[0] += 65

    assert column_of(model, "Elapsed") == ["1:06"]
