"""A start that failed is told in a window when stderr leads nowhere, and only then."""

import subprocess
import sys

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from pixverse_desktop.app.start_failure import tell_in_a_window

_ASK = "from pixverse_desktop.app.start_failure import nobody_reads_stderr as f; print(f())"


@pytest.mark.parametrize(("stderr", "answer"), [(subprocess.DEVNULL, "True"), (subprocess.PIPE, "False")])
def test_a_person_without_a_terminal_is_known_by_where_stderr_leads(stderr: int, answer: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _ASK], stdout=subprocess.PIPE, stderr=stderr, text=True, check=True
    )

    assert done.stdout.strip() == answer


def test_the_sentence_is_shown_until_it_was_read(qapp: QApplication) -> None:
    seen: list[str] = []

    def read() -> None:
        box = next(top for top in qapp.topLevelWidgets() if isinstance(top, QMessageBox))
        seen.append(box.text())
        box.close()

    QTimer.singleShot(0, read)
    tell_in_a_window("The list was written by a newer version.")

    assert seen == ["The list was written by a newer version."]
