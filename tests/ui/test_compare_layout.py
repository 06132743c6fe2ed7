"""How compared clips share the room, and what is told of each below its picture."""

from collections.abc import Iterator
from html import escape

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from pixverse_desktop.core.marks import Marks
from pixverse_desktop.core.video import Video
from pixverse_desktop.ui.compare_grid import CompareGrid, columns_for
from pixverse_desktop.ui.compare_pane import ComparePane
from pixverse_desktop.ui.theme import choose_appearance
from tests.ui.lives import ONE, TWO

WIDE, TALL = QSize(1280, 720), QSize(720, 1280)
_WORDS_PX = 76


@pytest.fixture
def pane(qtbot: QtBot) -> Iterator[ComparePane]:
    made = ComparePane("Clip 1 of 2")
    made.resize(420, 300)
    made.show()
    yield made
    made.close()
    made.deleteLater()


def video(video_id: str = ONE, *, account: str = "default", prompt: str = "a boat", seed: int = 1) -> Video:
    return Video(video_id=video_id, added_at_s=1.76e9, account=account, prompt=prompt, seed=seed)


def _star(stars: QLabel, number: int) -> QPoint:
    return QPoint(round(stars.width() * (number - 0.5) / 5), stars.height() // 2)


def told(pane: ComparePane) -> str:
    return "\n".join(label.text() for label in pane.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize(
    ("shapes", "room", "columns"),
    [
        ([WIDE] * 2, QSize(1160, 480), 2),
        ([WIDE] * 2, QSize(600, 900), 1),
        ([TALL] * 2, QSize(1160, 700), 2),
        ([WIDE] * 3, QSize(1160, 740), 2),
        ([TALL] * 3, QSize(1160, 740), 3),
        ([WIDE] * 3, QSize(1900, 400), 3),
        ([WIDE] * 4, QSize(1160, 740), 2),
        ([WIDE] * 4, QSize(1580, 940), 2),
        ([TALL] * 4, QSize(1580, 940), 4),
        ([TALL] * 4, QSize(500, 700), 2),
    ],
)
def test_pictures_are_as_large_as_can_be(shapes: list[QSize], room: QSize, columns: int) -> None:
    assert columns_for(shapes, room, _WORDS_PX) == columns


def test_a_last_row_that_is_not_full_is_in_the_middle(qtbot: QtBot) -> None:
    panes = [ComparePane(f"Clip {number}") for number in range(3)]
    grid = CompareGrid(panes)
    grid.resize(1160, 740)
    grid.show()

    first, second, third = (one.geometry() for one in panes)
    assert first.top() == second.top() < third.top()
    assert abs(third.center().x() - grid.rect().center().x()) <= 2
    assert third.width() == first.width()
    grid.close()
    grid.deleteLater()


def test_rows_of_two_accounts_with_one_id_are_told_apart(pane: ComparePane) -> None:
    pane.describe(video(account="studio"), [video(account="home")])

    assert "studio" in told(pane)
    assert "home" not in told(pane)


def test_what_has_no_room_is_hinted_at_and_in_the_tool_tip(pane: ComparePane) -> None:
    pane.describe(video(prompt="a boat"), [video(TWO, prompt="a kite")])
    assert "…" not in told(pane)

    words = " ".join(f"word{number}" for number in range(120))
    pane.describe(video(prompt=words), [video(TWO, prompt="a kite")])

    assert told(pane).endswith("…")
    facts = next(label for label in pane.findChildren(QLabel) if "word0" in label.text())
    assert "word119" in facts.toolTip()


@pytest.mark.parametrize("word", ["<b>bold</b>", "<script>", "&amp;", "<"])
def test_a_prompt_that_looks_like_html_is_shown_as_it_stands(pane: ComparePane, word: str) -> None:
    pane.describe(video(prompt=f"kite {word}"), [video(TWO, prompt=f"boat {word}")])

    facts = next(label for label in pane.findChildren(QLabel) if "kite" in label.text())
    assert escape(word) in facts.text()
    assert escape(word) in facts.toolTip()


def test_a_prompt_from_right_to_left_is_kept_apart(pane: ComparePane) -> None:
    pane.describe(video(prompt="قارب أحمر", seed=5), [video(TWO, prompt="قارب أزرق", seed=6)])

    facts = told(pane)
    assert facts.index("seed 5") < facts.index("\u2068") < facts.index("أحمر") < facts.index("\u2069")


def test_differences_are_told_to_those_who_hear_them(pane: ComparePane) -> None:
    pane.describe(video(prompt="a red boat", seed=5), [video(TWO, prompt="a red paper kite", seed=6)])

    assert pane.accessibleDescription() == "seed 5; with “boat”; a red boat"


def test_words_keep_their_lines_when_letters_grow(pane: ComparePane, qapp: QApplication) -> None:
    words = " ".join(f"word{number}" for number in range(120))
    pane.describe(video(prompt=words), [video(TWO, prompt="a kite")])
    facts = next(label for label in pane.findChildren(QLabel) if "word0" in label.text())
    former, large = qapp.font(), qapp.font()
    large.setPointSize(20)

    try:
        qapp.setFont(large)
        choose_appearance(qapp, "dark")  # a style sheet takes letters over when it is applied
        assert facts.fontMetrics().height() > 20
        assert facts.height() == 2 * facts.fontMetrics().lineSpacing()
    finally:
        qapp.setFont(former)
        choose_appearance(qapp, "system")


def test_stars_that_are_clicked_are_given_and_taken_back(pane: ComparePane) -> None:
    given: list[int] = []
    pane.rated.connect(given.append)
    stars = next(label for label in pane.findChildren(QLabel) if "☆" in label.text())

    pane.show_marks(Marks())
    QTest.mouseClick(stars, Qt.MouseButton.LeftButton, pos=_star(stars, 4))
    pane.show_marks(Marks(rating=4))
    QTest.mouseClick(stars, Qt.MouseButton.LeftButton, pos=_star(stars, 4))

    assert given == [4, 0]
    assert stars.accessibleName() == "4 of 5 stars"
