"""The window's side of notifications: whether it is in front, the words, the click, the number."""

import os
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QLocale, QObject
from PySide6.QtGui import QAction, QGuiApplication, QWindow

from pixverse_desktop.core.desktop_ports import Notifier
from pixverse_desktop.core.events import ConnectionKind
from pixverse_desktop.core.notices import Ending, Notice, Summary
from pixverse_desktop.services.attention import Attention
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui.list_page import ListPage

_ACTIVATION_TOKEN = "XDG_ACTIVATION_TOKEN"  # where Qt looks for the leave to come to the front on Wayland


class WindowNotices(QObject):
    """Lets ``Attention`` speak for a window; a click leads to the rows it spoke of.

    ``kinds`` are the menu's checkable entries, by the settings they stand for.
    """

    def __init__(
        self,
        engine: Engine,
        notifier: Notifier,
        page: ListPage,
        kinds: dict[str, QAction],
        bring_to_front: Callable[[], None],
    ) -> None:
        super().__init__(page)
        self._engine = engine
        self._page = page
        self._bring_to_front = bring_to_front
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        self._app = app
        self._attention = Attention(
            library=engine.library,
            announcer=engine.announcer,
            clock=engine.clock,
            nursery=engine.nursery,
            notifier=notifier,
            settings=lambda: engine.settings,
            is_in_front=_is_in_front,
            in_words=in_words,
            show_number=app.setBadgeNumber,
        )
        notifier.listen(self._on_chosen)
        for name, action in kinds.items():
            action.setChecked(bool(getattr(engine.settings, name)))
            action.toggled.connect(lambda is_on, name=name: self._choose(name, is_on))
        self._app.focusWindowChanged.connect(self._on_focus)

    def close(self) -> None:
        """Tell nothing more, and leave no number on the icon."""
        self._app.focusWindowChanged.disconnect(self._on_focus)
        self._attention.close()

    def _on_focus(self, window: QWindow | None) -> None:
        if window is not None:
            self._attention.seen()

    def _choose(self, name: str, is_on: bool) -> None:
        self._engine.preferences.change(**{name: is_on})
        self._attention.refresh()

    def _on_chosen(self, token: str) -> None:
        """Come to the front with the rows the notice told of selected."""
        refs = list(self._attention.unseen.endings)
        if token:
            os.environ[_ACTIVATION_TOKEN] = token
        self._bring_to_front()
        self._attention.seen()
        if refs:
            self._page.show_videos(refs)


def in_words(summary: Summary) -> Notice:
    """What the notice says: how many of each kind, then what is wrong with the connection."""
    counts = summary.counts()
    title = ", ".join(_counted(ending, counts[ending]) for ending in Ending if counts[ending])
    troubles = [(_trouble_words(each.kind), each.message) for each in summary.troubles]
    if not title:
        return Notice(troubles[0][0], "\n".join(message for _, message in troubles))
    body = [f"{words}. {message}".strip() for words, message in troubles]
    click = _tr("Click to see it.") if len(summary.endings) == 1 else _tr("Click to see them.")
    return Notice(title, "\n".join([*body, click]))


def _counted(ending: Ending, count: int) -> str:
    words = {
        Ending.READY: _tr("%1 ready"),
        Ending.FAILED: _tr("%1 failed"),
        Ending.MODERATED: _tr("%1 moderated"),
        Ending.DELETED: _tr("%1 deleted"),
        Ending.NEEDS_YOU: _tr("1 needs you") if count == 1 else _tr("%1 need you"),
    }[ending]
    return words.replace("%1", QLocale().toString(count))


def _trouble_words(kind: ConnectionKind) -> str:
    if kind is ConnectionKind.KEY_REFUSED:
        return _tr("PixVerse refuses the key")
    return _tr("PixVerse cannot be reached")


def _is_in_front() -> bool:
    """Whether one of our windows has the keyboard; beside another program's, it is not looked at."""
    return QGuiApplication.focusWindow() is not None


def _tr(text: str) -> str:
    return QCoreApplication.translate("notices", text)
