"""Every deed of the window as an action: name, icon, key, and its place in menu and toolbar."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoStack
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from pixverse_desktop.ui import theme
from pixverse_desktop.ui.tool_bar import MainToolBar

Keys = QKeySequence.StandardKey | str | None
_Standard = QKeySequence.StandardKey


class Actions(QObject):
    """The window's actions; the window connects them to its commands.

    ``views`` are where rows are removed by key; ``view_menus`` tell how they show them.
    """

    def __init__(self, window: QMainWindow, views: Sequence[QWidget], view_menus: Sequence[QMenu]) -> None:
        super().__init__(window)
        self._window = window
        self._icons: dict[QAction, str] = {}
        self._make_file_actions()
        self._make_edit_actions()
        self._make_video_actions()
        self._make_saving_actions()
        self._make_mark_actions()
        self._make_other_actions()
        self.move_menu = QMenu(self.tr("Move to acco&unt"), window)
        self._spare_others_the_keys_of(views)
        self._build_menus(view_menus)
        self._build_toolbar()
        self.refresh_icons()

    def refresh_icons(self) -> None:
        """Draw the icons in the colours of now."""
        for action, name in self._icons.items():
            action.setIcon(theme.icon(name))

    def show_history(self, stack: QUndoStack) -> None:
        """Say what can be undone and done again."""
        self.undo.setEnabled(stack.canUndo())
        self.redo.setEnabled(stack.canRedo())
        self.undo.setText(self.tr("&Undo %1").replace("%1", stack.undoText()).rstrip())
        self.redo.setText(self.tr("Re&do %1").replace("%1", stack.redoText()).rstrip())

    def row_menu(self) -> QMenu:
        """The menu of the rows, for a right click."""
        menu = QMenu(self._window)
        _fill(
            menu,
            [
                [self.play, self.compare, self.open_clip, self.show_folder],
                [self.save, self.cancel_save, self.check, self.write_record, self.trash_file],
                [self.same_prompt, self.same_seed],
                [self.tags, self.note, self.batch, self.reject],
            ],
        )
        menu.addMenu(self._rating_menu())
        menu.addMenu(self.move_menu)
        _fill(
            menu,
            [
                [self.copy_ids, self.copy_rows, self.copy_support, self.attempts, self.export_selection],
                [self.remove],
            ],
        )
        return menu

    def described(self) -> list[tuple[str, str]]:
        """Each action's name with its key, for the keyboard page."""
        return [
            (action.iconText(), action.shortcut().toString(QKeySequence.SequenceFormat.NativeText))
            for action in self._window.actions()
            if not action.shortcut().isEmpty()
        ]

    def of_rows(self) -> list[QAction]:
        """The actions that need a selected row."""
        return [
            self.copy_ids,
            self.copy_rows,
            self.copy_support,
            self.attempts,
            self.remove,
            self.play,
            self.snapshot,
            self.open_clip,
            self.export_selection,
            self.tags,
            self.note,
            self.batch,
            self.reject,
            *self.ratings,
        ]

    def _make_file_actions(self) -> None:
        self.open_files = self._action(self.tr("&Add from file…"), "add", _Standard.Open)
        self.paste = self._action(self.tr("&Paste ids"), "paste", _Standard.Paste)
        self.watch_folder = self._action(self.tr("Watch a folder for &ids…"), None, None)
        self.watch_folder.setCheckable(True)
        self.export_selection = self._action(self.tr("&Export selection…"), None, "Ctrl+E")
        self.export_shown = self._action(self.tr("Export what is sho&wn…"), None, None)
        self.export_all = self._action(self.tr("Export a&ll…"), None, None)
        self.restore = self._action(self.tr("&Restore backup…"), None, None)
        self.key = self._action(self.tr("API &key…"), "key", "Ctrl+,")
        self.accounts = self._action(self.tr("Accoun&ts…"), None, None)
        self.quit = self._action(self.tr("&Quit"), None, "Ctrl+Q")

    def _make_edit_actions(self) -> None:
        self.undo = self._action(self.tr("&Undo"), "undo", _Standard.Undo)
        self.redo = self._action(self.tr("Re&do"), None, _Standard.Redo)
        for action in (self.undo, self.redo):
            action.setIconText(action.iconText())  # stays the name, whatever there is to undo
        self.copy_ids = self._action(self.tr("&Copy ids"), "copy", _Standard.Copy)
        self.copy_rows = self._action(self.tr("Copy ro&ws"), None, "Ctrl+Alt+C")
        self.copy_support = self._action(self.tr("Copy details for &support"), None, "Ctrl+Shift+C")
        self.select_all = self._action(self.tr("Select &all"), None, _Standard.SelectAll)
        self.remove = self._action(self.tr("&Remove from list"), "trash", _Standard.Delete)
        self.bin = self._action(self.tr("Recently re&moved…"), None, None)
        self.find = self._action(self.tr("&Find"), "search", _Standard.Find)
        self.same_prompt = self._action(self.tr("Find same &prompt"), None, "Ctrl+Shift+F")
        self.same_seed = self._action(self.tr("Find same s&eed"), None, "Ctrl+Shift+G")
        self.keep_search = self._action(self.tr("&Keep this search…"), None, "Ctrl+D")

    def _make_video_actions(self) -> None:
        self.check = self._action(self.tr("C&heck now"), "refresh", _Standard.Refresh)
        self.check_failed = self._action(self.tr("Check all failed a&gain"), None, "Shift+F5")
        self.attempts = self._action(self.tr("&Attempts…"), "clock", "Ctrl+Shift+A")
        self.play = self._action(self.tr("&Play or pause"), "play", None)
        self.full_screen = self._action(self.tr("Full &screen"), "fullscreen", "F11")
        self.snapshot = self._action(self.tr("Copy and save this fra&me"), None, None)
        self.compare = self._action(self.tr("&Compare"), "compare", None)
        self.open_clip = self._action(self.tr("&Open clip"), "film", None)
        self.show_folder = self._action(self.tr("Show in &folder"), "folder", "Ctrl+Shift+O")
        self.write_record = self._action(self.tr("Write what is &known beside the clip"), None, None)
        self.trash_file = self._action(self.tr("Mo&ve saved file to trash"), "trash", "Ctrl+Shift+Del")
        self.cancel_save = self._action(self.tr("Cance&l saving"), "close", None)

    def _make_saving_actions(self) -> None:
        self.save = self._action(self.tr("&Save"), "save", _Standard.Save)
        self.save_all = self._action(self.tr("Save all &finished"), "save-all", "Ctrl+Shift+S")
        self.automatic = self._action(self.tr("Save new clips by themsel&ves"), None, None)
        self.choose_folder = self._action(self.tr("&Choose folder for clips…"), "folder", None)
        self.saving = self._action(self.tr("Savin&g…"), None, None)
        self.check_files = self._action(self.tr("C&heck saved files…"), None, None)
        self.pause_saving = self._action(self.tr("Pa&use saving"), None, None)
        self.retry_saving = self._action(self.tr("Tr&y again what is not saved"), None, None)
        self.cancel_saving = self._action(self.tr("Ca&ncel all saving"), None, None)
        for action in (self.automatic, self.pause_saving):
            action.setCheckable(True)
        self.limits = {0: self._action(self.tr("&None"), None, None)}
        for megabytes in (1, 2, 5, 10, 20):
            words = self.tr("%1 MB/s").replace("%1", str(megabytes))
            self.limits[megabytes * 1_000_000] = self._action(words, None, None)
        self.other_limit = self._action(self.tr("&Other…"), None, None)
        group = QActionGroup(self)
        for action in (*self.limits.values(), self.other_limit):
            action.setCheckable(True)
            group.addAction(action)

    def _make_mark_actions(self) -> None:
        self.tags = self._action(self.tr("&Tags…"), None, "Ctrl+T")
        self.note = self._action(self.tr("&Note…"), None, "Ctrl+Shift+N")
        self.batch = self._action(self.tr("&Batch…"), None, None)
        self.reject = self._action(self.tr("Re&ject"), None, None)
        self.ratings = [self._action("★" * stars or self.tr("No rating"), None, None) for stars in range(6)]

    def _make_other_actions(self) -> None:
        self.as_table = self._action(self.tr("T&able"), "rows", "Ctrl+1")
        self.as_gallery = self._action(self.tr("&Gallery"), "tiles", "Ctrl+2")
        self.play_all = self._action(self.tr("&Play all in sight"), "wall", "Ctrl+3")
        self.appearances = {
            "system": self._action(self.tr("Colours of the s&ystem"), None, None),
            "light": self._action(self.tr("&Light"), None, None),
            "dark": self._action(self.tr("&Dark"), None, None),
        }
        group = QActionGroup(self)
        for action in self.appearances.values():
            action.setCheckable(True)
            group.addAction(action)
        self.notice_kinds = {
            "notifies_ready": self._action(self.tr("&Ready"), None, None),
            "notifies_failed": self._action(self.tr("&Failed or needs you"), None, None),
            "notifies_connection": self._action(self.tr("&Key or connection"), None, None),
            "shows_badge": self._action(self.tr("&Number on the icon"), None, None),
        }
        for action in self.notice_kinds.values():
            action.setCheckable(True)
        self.log = self._action(self.tr("&Log…"), None, None)
        self.report = self._action(self.tr("Copy &report"), None, None)
        self.shortcuts = self._action(self.tr("&Keyboard"), None, "F1")
        self.about = self._action(self.tr("&About PixVerse Desktop"), None, None)

    def _action(self, text: str, icon: str | None, keys: Keys) -> QAction:
        action = QAction(text, self)
        if icon is not None:
            self._icons[action] = icon
        if keys is not None:
            action.setShortcut(QKeySequence(keys))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        self._window.addAction(action)
        return action

    def _spare_others_the_keys_of(self, views: Sequence[QWidget]) -> None:
        """Delete means other things elsewhere, and must never mean rows that nobody looks at."""
        self.remove.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        for view in views:
            view.addAction(self.remove)

    def _build_menus(self, view_menus: Sequence[QMenu]) -> None:
        bar = self._window.menuBar()
        self._fill_file(bar.addMenu(self.tr("&File")))
        _fill(
            bar.addMenu(self.tr("&Edit")),
            [
                [self.undo, self.redo],
                [self.copy_ids, self.copy_rows, self.copy_support],
                [self.select_all, self.remove, self.bin],
                [self.find, self.same_prompt, self.same_seed, self.keep_search],
            ],
        )
        video = bar.addMenu(self.tr("&Video"))
        _fill(
            video,
            [
                [self.check, self.check_failed, self.attempts],
                [self.play, self.full_screen, self.snapshot, self.compare],
                [self.open_clip, self.show_folder, self.cancel_save, self.write_record, self.trash_file],
                [self.tags, self.note, self.batch, self.reject],
            ],
        )
        video.addMenu(self._rating_menu())
        video.addMenu(self.move_menu)
        self._fill_view(bar.addMenu(self.tr("Vie&w")), view_menus)
        _fill(bar.addMenu(self.tr("&Help")), [[self.shortcuts], [self.log, self.report], [self.about]])

    def _fill_file(self, menu: QMenu) -> None:
        _fill(
            menu,
            [
                [self.open_files, self.paste, self.watch_folder],
                [self.save, self.save_all, self.automatic, self.choose_folder],
                [self.pause_saving, self.retry_saving, self.cancel_saving],
                [self.saving, self.check_files],
            ],
        )
        _fill(menu.addMenu(self.tr("Limit spee&d")), [list(self.limits.values()), [self.other_limit]])
        _fill(
            menu,
            [
                [self.export_selection, self.export_shown, self.export_all, self.restore],
                [self.key, self.accounts],
                [self.quit],
            ],
        )

    def _fill_view(self, view: QMenu, menus: Sequence[QMenu]) -> None:
        _fill(view, [[self.as_table, self.as_gallery], [self.play_all]])
        view.addSeparator()
        for menu in menus:
            view.addMenu(menu)
        _fill(view, [list(self.appearances.values())])
        view.addSeparator()
        kinds = list(self.notice_kinds.values())
        _fill(view.addMenu(self.tr("&Notifications")), [kinds[:3], kinds[3:]])

    def _rating_menu(self) -> QMenu:
        menu = QMenu(self.tr("&Rating"), self._window)
        menu.addActions(self.ratings[::-1])
        return menu

    def _build_toolbar(self) -> None:
        groups = [[self.open_files, self.paste], [self.check], [self.save, self.save_all, self.show_folder]]
        self._window.addToolBar(MainToolBar(groups, self.key, self._window))


def _fill(menu: QMenu, groups: list[list[QAction]]) -> None:
    for group in groups:
        if menu.actions():
            menu.addSeparator()
        menu.addActions(group)


def connect(pairs: dict[QAction, Callable[[], object]]) -> None:
    """Let each action do its deed, without Qt's "checked" argument."""
    for action, deed in pairs.items():
        action.triggered.connect(lambda _=False, deed=deed: deed())
