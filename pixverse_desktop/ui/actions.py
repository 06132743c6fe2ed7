"""Every deed of the window as an action: name, icon, key, and its place in menu and toolbar."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QSizePolicy, QToolBar, QWidget

from pixverse_desktop.ui import theme

Keys = QKeySequence.StandardKey | str | None


class Actions(QObject):
    """The window's actions; the window connects them to its commands."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._icons: dict[QAction, str] = {}
        self.open_files = self._action(self.tr("&Add from file…"), "add", QKeySequence.StandardKey.Open)
        self.paste = self._action(self.tr("&Paste ids"), "paste", QKeySequence.StandardKey.Paste)
        self.save = self._action(self.tr("&Save"), "save", QKeySequence.StandardKey.Save)
        self.save_all = self._action(self.tr("Save all &finished"), "save-all", "Ctrl+Shift+S")
        self.automatic = self._action(self.tr("Save new clips by themsel&ves"), None, None)
        self.automatic.setCheckable(True)
        self.choose_folder = self._action(self.tr("&Choose folder for clips…"), "folder", None)
        self.quit = self._action(self.tr("&Quit"), None, "Ctrl+Q")
        self.undo = self._action(self.tr("&Undo remove"), "undo", QKeySequence.StandardKey.Undo)
        self.copy_ids = self._action(self.tr("&Copy ids"), "copy", QKeySequence.StandardKey.Copy)
        self.copy_support = self._action(self.tr("Copy details for &support"), None, "Ctrl+Shift+C")
        self.select_all = self._action(self.tr("Select &all"), None, QKeySequence.StandardKey.SelectAll)
        self.remove = self._action(self.tr("&Remove from list"), "trash", QKeySequence.StandardKey.Delete)
        self.check = self._action(self.tr("C&heck now"), "refresh", QKeySequence.StandardKey.Refresh)
        self.play = self._action(self.tr("&Play or pause"), "play", None)
        self.open_clip = self._action(self.tr("&Open clip"), "film", None)
        self.show_folder = self._action(self.tr("Show in &folder"), "folder", "Ctrl+Shift+O")
        self.cancel_save = self._action(self.tr("Cance&l saving"), "close", None)
        self.full_screen = self._action(self.tr("F&ull screen"), "fullscreen", "F11")
        self.appearances = self._appearances()
        self.key = self._action(self.tr("API &key…"), "key", "Ctrl+,")
        self.shortcuts = self._action(self.tr("&Keyboard"), None, "F1")
        self.about = self._action(self.tr("&About PixVerse Desktop"), None, None)
        self._build_menus()
        self._build_toolbar()
        self.refresh_icons()

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of now."""
        for action, name in self._icons.items():
            action.setIcon(theme.icon(name))

    def row_menu(self) -> QMenu:
        """The menu of the rows, for a right click."""
        menu = QMenu(self._window)
        menu.addActions([self.play, self.open_clip, self.show_folder])
        menu.addSeparator()
        menu.addActions([self.save, self.cancel_save, self.check])
        menu.addSeparator()
        menu.addActions([self.copy_ids, self.copy_support])
        menu.addSeparator()
        menu.addAction(self.remove)
        return menu

    def described(self) -> list[tuple[str, str]]:
        """Each action's name with its key, for the keyboard page."""
        return [
            (
                action.text().replace("&", ""),
                action.shortcut().toString(QKeySequence.SequenceFormat.NativeText),
            )
            for action in self._window.actions()
            if not action.shortcut().isEmpty()
        ]

    def _action(self, text: str, icon: str | None, keys: Keys) -> QAction:
        action = QAction(text, self)
        if icon is not None:
            self._icons[action] = icon
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self._window.addAction(action)
        return action

    def _appearances(self) -> dict[str, QAction]:
        """One action for each of ``core.settings.APPEARANCES``, of which one is chosen."""
        group = QActionGroup(self)
        actions = {
            "system": self._action(self.tr("Colours of the &system"), None, None),
            "light": self._action(self.tr("&Light"), None, None),
            "dark": self._action(self.tr("&Dark"), None, None),
        }
        for action in actions.values():
            action.setCheckable(True)
            group.addAction(action)
        return actions

    def _build_menus(self) -> None:
        bar = self._window.menuBar()
        folder = [self.automatic, self.choose_folder]
        parts: list[tuple[str, list[list[QAction]]]] = [
            (
                self.tr("&File"),
                [[self.open_files, self.paste], [self.save, self.save_all, *folder], [self.key], [self.quit]],
            ),
            (
                self.tr("&Edit"),
                [[self.undo], [self.copy_ids, self.copy_support], [self.select_all, self.remove]],
            ),
            (
                self.tr("&Video"),
                [
                    [self.check],
                    [self.play, self.full_screen],
                    [self.open_clip, self.show_folder, self.cancel_save],
                ],
            ),
            (self.tr("Vie&w"), [list(self.appearances.values())]),
            (self.tr("&Help"), [[self.shortcuts], [self.about]]),
        ]
        for title, groups in parts:
            _fill(bar.addMenu(title), groups)

    def _build_toolbar(self) -> None:
        bar = QToolBar(self.tr("Main actions"), self._window)
        bar.setObjectName("mainActions")
        bar.setMovable(False)
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.addActions([self.open_files, self.paste])
        bar.addSeparator()
        bar.addActions([self.check])
        bar.addSeparator()
        bar.addActions([self.save, self.save_all, self.show_folder])
        spacer = QWidget(bar)
        spacer.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(spacer)
        bar.addActions([self.key])
        self._window.addToolBar(bar)


def _fill(menu: QMenu, groups: list[list[QAction]]) -> None:
    for group in groups:
        if menu.actions():
            menu.addSeparator()
        menu.addActions(group)


def connect(pairs: dict[QAction, Callable[[], object]]) -> None:
    """Let each action do its deed, without Qt's "checked" argument."""
    for action, deed in pairs.items():
        action.triggered.connect(lambda _=False, deed=deed: deed())
