"""What keys do is told, and a letter that is typed into a field is only a letter."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QLineEdit, QPlainTextEdit, QWidget

from pixverse_desktop.core.marks import NO_MARKS
from pixverse_desktop.core.video import VideoRef
from tests.ui.conftest import OpenDesk
from tests.ui.desk import Desk, turns
from tests.ui.lives import ONE, TWO

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789,.[]"
_SIGNS = {"Left": "←", "Right": "→", "Esc": "Esc"}


async def told_keys(desk: Desk) -> set[str]:
    """Every key the page of keys names."""
    await desk.press(Qt.Key.Key_F1)
    dialog = await desk.dialog()
    texts = [label.text() for label in dialog.findChildren(QLabel)]
    dialog.close()
    ratings = {str(stars) for stars in range(6)} if "1 … 5, 0" in texts else set()
    if "Alt+← ↑ → ↓" in texts:
        texts += [f"Alt+{way}" for way in ("Left", "Right", "Up", "Down")]
    return {word.strip(",") or word for text in texts for word in text.split()} | ratings | set(texts)


async def test_every_key_is_told(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE, TWO]) as desk:
        told = await told_keys(desk)

        single = {key.key().toString() for key in desk.window.page.findChildren(QShortcut)}
        assert len(single) > 20
        assert {_SIGNS.get(key, key) for key in single} <= told
        native = QKeySequence.SequenceFormat.NativeText
        keys = [action.shortcut() for action in desk.window.actions() if not action.shortcut().isEmpty()]
        assert {key.toString(native) for key in keys} <= told
        assert {"Ctrl+Shift+F", "Ctrl+Shift+G", "Ctrl+2", "Drag the picture"} <= told


def type_all(field: QWidget) -> None:
    field.setFocus()
    QTest.keyClicks(field, LETTERS)
    QTest.keyClick(field, Qt.Key.Key_Space)


def nothing_happened(desk: Desk, windows: list[QDialog]) -> bool:
    marks = [desk.engine.library.marks(VideoRef("default", each)) for each in (ONE, TWO)]
    return marks == [NO_MARKS, NO_MARKS] and desk.dialogs() == windows and not desk.window.isFullScreen()


async def test_letters_are_letters_in_the_search(open_desk: OpenDesk) -> None:
    async with open_desk(key=None, ids=[ONE, TWO]) as desk:
        await desk.select(ONE, TWO)

        type_all(desk.field("Search"))
        await turns()

        assert desk.field("Search").text() == LETTERS + " "
        assert nothing_happened(desk, [])


@pytest.mark.parametrize(
    ("key", "kind"),
    [(Qt.Key.Key_T, QLineEdit), (Qt.Key.Key_N, QPlainTextEdit), (Qt.Key.Key_B, QLineEdit)],
)
async def test_letters_are_letters_in_the_windows_of_tags_notes_and_batches(
    open_desk: OpenDesk, key: Qt.Key, kind: type[QLineEdit | QPlainTextEdit]
) -> None:
    async with open_desk(key=None, ids=[ONE, TWO]) as desk:
        await desk.select(ONE, TWO)
        await desk.press(key)
        dialog = await desk.dialog()
        field = next(each for each in dialog.findChildren(kind) if each.isVisible())

        type_all(field)
        await turns()

        text = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        assert text == LETTERS + " "
        assert nothing_happened(desk, [dialog])
        dialog.reject()
