"""A start that failed, told to somebody who clicked an icon and has no terminal to read."""

import os
import stat
import sys


def nobody_reads_stderr() -> bool:
    """Whether what is written to stderr goes nowhere a person looks: no device, or the session's journal."""
    if sys.stderr is None:
        return True
    try:
        mode = os.fstat(sys.stderr.fileno()).st_mode
    except (OSError, ValueError):
        return True
    return stat.S_ISSOCK(mode) or (stat.S_ISCHR(mode) and not sys.stderr.isatty())


def tell_in_a_window(sentence: str) -> None:
    """Show ``sentence`` until it was read, in a loop of its own: for use after all else has ended."""
    from PySide6.QtWidgets import QApplication, QMessageBox

    app = QApplication.instance() or QApplication(sys.argv[:1])
    box = QMessageBox(
        QMessageBox.Icon.Warning,
        app.tr("PixVerse Desktop could not start"),
        sentence,
        QMessageBox.StandardButton.Close,
    )
    box.exec()
