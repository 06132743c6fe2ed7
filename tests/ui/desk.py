"""A window on real services, and the hands and eyes of the person in front of it."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMenu,
    QTableView,
    QWidget,
)

from pixverse_desktop.adapters.id_files import write_text_file
from pixverse_desktop.adapters.logs import LogFile
from pixverse_desktop.adapters.pictures import LentPictures, write_picture
from pixverse_desktop.adapters.places import Places
from pixverse_desktop.adapters.poster_files import PosterFiles
from pixverse_desktop.app.composition import Run, open_engine
from pixverse_desktop.app.versions import versions
from pixverse_desktop.cli.arguments import Options
from pixverse_desktop.core.errors import KeychainUnavailable, KeyMissing
from pixverse_desktop.core.secrets import ApiKey
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui import theme
from pixverse_desktop.ui.frame_view import FrameView
from pixverse_desktop.ui.main_window import MainWindow
from pixverse_desktop.ui.window_context import WindowContext
from tests.fakes.notifier import FakeNotifier

PATIENCE_S = 20.0
_LOOK_EVERY_S = 0.01

Widget = TypeVar("Widget", bound=QWidget)


async def until(condition: Callable[[], object]) -> None:
    """Go on as soon as ``condition`` holds: ``qtbot.waitUntil`` without a nested loop."""
    loop = asyncio.get_running_loop()
    end_s = loop.time() + PATIENCE_S
    while not condition():
        assert loop.time() < end_s, f"it did not come true within {PATIENCE_S:.0f} s"
        await asyncio.sleep(_LOOK_EVERY_S)


async def turns(number: int = 5) -> None:
    """Let what is under way in the loop, and in Qt's queue, have its turn."""
    for _ in range(number):
        await asyncio.sleep(0)


def mime(text: str | None = None, files: Iterable[Path] = (), links: Iterable[str] = ()) -> QMimeData:
    """What another program would let a person drag or copy."""
    data = QMimeData()
    urls = [QUrl.fromLocalFile(str(path)) for path in files] + [QUrl(link) for link in links]
    if urls:
        data.setUrls(urls)
    if text is not None:
        data.setText(text)
    return data


class Desk:
    """One window, from its opening to its end.

    Attributes:
        demos: how often the demo was asked for.
        notifier: the desktop's notifications.
    """

    def __init__(self, where: Places, service_url: str | None, defects: list[BaseException]) -> None:
        self.where = where
        self._service_url = service_url
        self._defects = defects
        self._stack = AsyncExitStack()
        self.demos = 0
        self.notifier = FakeNotifier()
        self.engine: Engine
        self.log: LogFile
        self.window: MainWindow

    async def open(self, *, key: str | None, ids: Iterable[str] = (), is_polling: bool = True) -> "Desk":
        """Open the window as the program does; ``key`` is one of the environment, for this run."""
        log = self.log = LogFile(self.where.logs)
        self._stack.callback(log.close)
        options = Options(service_url=self._service_url)
        run = Run(options, self.where, log, self._defects.append, ApiKey(key) if key else None)
        self.engine = await self._stack.enter_async_context(open_engine(run))
        await self.engine.library.add(list(ids), account=options.account)
        await self.engine.saver.take_up()
        self.window = MainWindow(self.engine, self._context())
        self.window.show()
        self.window.activateWindow()
        await until(self.window.isActiveWindow)
        if is_polling:
            await self._connect()
        return self

    async def close(self) -> None:
        """Close everything in the order of the program."""
        if hasattr(self, "window"):
            await self.engine.nursery.aclose()
            self.window.release()
            self.window.deleteLater()
            await turns()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            del self.window
        await self._stack.aclose()

    async def _connect(self) -> None:
        with suppress(KeyMissing, KeychainUnavailable):
            await self.engine.session.open()
        await self.engine.sessions.open_others()
        self.engine.start_polling()
        await turns()

    def _context(self) -> WindowContext:
        return WindowContext(
            is_demo=False,
            window_file=self.where.window_file,
            suggested_folder=self.where.data / "suggested",
            open_demo=self._open_demo,
            write_file=write_text_file,
            write_picture=write_picture,
            lend_picture=LentPictures(self.where.lent_pictures).write,
            posters=PosterFiles(self.where.posters),
            log=self.log,
            notifier=self.notifier,
            versions=versions,
        )

    def _open_demo(self) -> None:
        self.demos += 1

    async def nothing_under_way(self, name: str) -> None:
        """Wait until no task of this name is left."""
        await until(lambda: name not in {task.get_name() for task in asyncio.all_tasks()})

    # Eyes

    def visible(self, kind: type[Widget]) -> Iterator[Widget]:
        """The widgets of a kind that are in sight, those of open dialogs first."""
        tops = [top for top in QApplication.topLevelWidgets() if top.isVisible()]
        for top in sorted(tops, key=lambda top: top is self.window):
            yield from (child for child in top.findChildren(kind) if child.isVisible())

    def words(self) -> list[str]:
        """Every text in sight outside the table."""
        return [label.text() for label in self.visible(QLabel) if label.text()]

    def reads(self, part: str) -> bool:
        """Whether a text in sight has ``part`` in it."""
        return any(part in text for text in self.words())

    def labels(self) -> list[QLabel]:
        """The labels in sight."""
        return list(self.visible(QLabel))

    def menus(self) -> list[QMenu]:
        """The menus that are open."""
        tops = QApplication.topLevelWidgets()
        return [top for top in tops if isinstance(top, QMenu) and top.isVisible()]

    def button(self, name: str) -> QAbstractButton:
        """The button in sight with this text, or this name where it has only an icon."""
        found = [
            button
            for button in self.visible(QAbstractButton)
            if name in (button.text().replace("&", ""), button.accessibleName())
        ]
        assert found, f"no button “{name}” among {[b.text() for b in self.visible(QAbstractButton)]}"
        return found[0]

    def has_button(self, name: str) -> bool:
        """Whether such a button is in sight."""
        return any(
            name in (button.text().replace("&", ""), button.accessibleName())
            for button in self.visible(QAbstractButton)
        )

    def slider(self, name: str) -> QAbstractSlider:
        """The slider in sight of this name."""
        return next(slider for slider in self.visible(QAbstractSlider) if slider.accessibleName() == name)

    def action(self, name: str) -> QAction:
        """The action of the window with this text, or this name where it says more in the menu."""
        actions = self.window.actions()
        return next(one for one in actions if name in (one.text().replace("&", ""), one.iconText()))

    async def dialog(self) -> QDialog:
        """The dialog in front, once it has the keyboard."""
        await until(lambda: any(dialog.isActiveWindow() for dialog in self.dialogs()))
        return next(dialog for dialog in self.dialogs() if dialog.isActiveWindow())

    def dialogs(self) -> list[QDialog]:
        """The dialogs in sight."""
        tops = QApplication.topLevelWidgets()
        return [top for top in tops if isinstance(top, QDialog) and top.isVisible()]

    @property
    def table(self) -> QTableView:
        """The table of videos."""
        return next(table for table in self.window.findChildren(QTableView))

    @property
    def ids(self) -> list[str]:
        """The first column, from the top down."""
        model = self.table.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    @property
    def selected(self) -> list[str]:
        """The ids of the selected rows."""
        return [str(index.data()) for index in self.table.selectionModel().selectedRows()]

    def cell(self, video_id: str, title: str) -> str:
        """What a cell shows, by its row's id and its column's title; nothing where there is no such row."""
        if video_id not in self.ids:
            return ""
        model = self.table.model()
        titles = [
            model.headerData(column, Qt.Orientation.Horizontal) for column in range(model.columnCount())
        ]
        return str(model.index(self.ids.index(video_id), titles.index(title)).data())

    def status(self, video_id: str) -> str:
        """What the status column says of a row."""
        return self.cell(video_id, "Status")

    def shows_icon(self, button: str, icon: str) -> bool:
        """Whether a button shows this icon of ours."""
        shown = self.button(button).icon().pixmap(20, 20).toImage()
        return bool(shown == theme.icon(icon).pixmap(20, 20).toImage())

    def is_playing(self) -> bool:
        """Whether the button offers to pause."""
        return self.shows_icon("Play or pause", "pause")

    def view(self) -> FrameView | None:
        """The picture in sight, if there is one."""
        return next(self.visible(FrameView), None)

    def sees_colour(self, colour: str, tolerance: int = 6) -> bool:
        """Whether the middle of the grabbed picture is of this flat colour."""
        view = self.view()
        return view is not None and is_close(middle_of(view.grab().toImage()), colour, tolerance)

    # Hands

    async def click(self, name: str) -> None:
        """Press a button with the mouse."""
        await until(lambda: self.button(name).isEnabled())
        button = self.button(name)
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        await turns()

    async def select(self, *video_ids: str) -> None:
        """Click rows, holding Ctrl from the second on."""
        for number, video_id in enumerate(video_ids):
            index = self.table.model().index(self.ids.index(video_id), 0)
            self.table.scrollTo(index)
            middle = self.table.visualRect(index).center()
            held = Qt.KeyboardModifier.ControlModifier if number else Qt.KeyboardModifier.NoModifier
            QTest.mouseClick(self.table.viewport(), Qt.MouseButton.LeftButton, held, middle)
        await turns()

    async def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key, wherever the focus is."""
        await until(QApplication.activeWindow)
        active = QApplication.activeWindow()
        assert active is not None
        QTest.keyClick(QApplication.focusWidget() or active, key, held)
        await turns()

    async def control(self, key: Qt.Key) -> None:
        """Press a key with Ctrl."""
        await self.press(key, Qt.KeyboardModifier.ControlModifier)

    def field(self, name: str | None = None) -> QLineEdit:
        """The field in sight of this name, or the first that is not the search."""
        fields = list(self.visible(QLineEdit))
        if name is None:
            return next(field for field in fields if field.accessibleName() != "Search")
        return next(field for field in fields if field.accessibleName() == name)

    async def type(self, text: str, into: str | None = None) -> None:
        """Type into the field of this name, or the first that is not the search."""
        field = self.field(into)
        QTest.mouseClick(field, Qt.MouseButton.LeftButton)
        if text.isascii():
            QTest.keyClicks(field, text)
            await turns()
        else:  # no key of the tester's own board has such letters
            await self.paste(mime(text))

    async def choose(self, name: str) -> None:
        """Choose an entry of the menu."""
        await until(self.action(name).isEnabled)
        self.action(name).trigger()
        await turns()

    async def drop(self, data: QMimeData) -> QDropEvent:
        """Drag something over the window and let go of it."""
        middle = self.window.rect().center()
        moves = Qt.DropAction.CopyAction | Qt.DropAction.MoveAction
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        enter = QDragEnterEvent(middle, moves, data, left, none)
        QApplication.sendEvent(self.window, enter)
        assert enter.isAccepted(), "the window does not take it"
        drop = QDropEvent(QPointF(middle), moves, data, left, none)
        drop.setDropAction(Qt.DropAction.MoveAction)  # what a file manager may propose
        drop.ignore()
        QApplication.sendEvent(self.window, drop)
        await turns()
        return drop

    async def paste(self, data: QMimeData) -> None:
        """Copy something elsewhere, and paste it here."""
        QGuiApplication.clipboard().setMimeData(data)
        await self.control(Qt.Key.Key_V)


def clipboard_text() -> str:
    """What another program would paste."""
    return QGuiApplication.clipboard().text()


def middle_of(image: QImage) -> QColor:
    """The colour in the middle of a picture."""
    return image.pixelColor(QPoint(image.width() // 2, image.height() // 2))


def has_colour(image: QImage, colour: str) -> bool:
    """Whether a pixel of a picture has just this colour."""
    wanted = QColor(colour).rgb()
    return any(image.pixel(x, y) == wanted for x in range(image.width()) for y in range(image.height()))


def is_close(seen: QColor, colour: str, tolerance: int) -> bool:
    """Whether each channel is within ``tolerance`` of ``colour``."""
    wanted = QColor(colour)
    pairs = zip(
        (seen.red(), seen.green(), seen.blue()), (wanted.red(), wanted.green(), wanted.blue()), strict=True
    )
    return all(abs(one - other) <= tolerance for one, other in pairs)
