"""The main window: puts the parts together and lets each follow the events it cares about."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAction,
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
)
from PySide6.QtWidgets import QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from pixverse_desktop.core.events import (
    AccountsChanged,
    BalanceChanged,
    ConnectionChanged,
    ConnectionKind,
    CreditsLow,
    Event,
    ListReplaced,
    MarksChanged,
    Trouble,
    VideosAdded,
    VideosChanged,
    VideosRemoved,
)
from pixverse_desktop.core.video import VideoRef
from pixverse_desktop.services.census import Census
from pixverse_desktop.services.engine import Engine
from pixverse_desktop.ui import theme, window_state
from pixverse_desktop.ui.accounts import AccountCommands
from pixverse_desktop.ui.actions import Actions, connect
from pixverse_desktop.ui.banner import Banner
from pixverse_desktop.ui.commands import Commands
from pixverse_desktop.ui.comparing import CompareCommands
from pixverse_desktop.ui.diagnosis import Diagnosis
from pixverse_desktop.ui.dialogs import about_dialog, keyboard_dialog
from pixverse_desktop.ui.dropping import Dropped, can_take, content_of
from pixverse_desktop.ui.exporting import Exporter
from pixverse_desktop.ui.finding import FindCommands
from pixverse_desktop.ui.intake import IntakeCommands
from pixverse_desktop.ui.keeping import KeepingCommands
from pixverse_desktop.ui.list_page import ListPage
from pixverse_desktop.ui.marking import MarkCommands
from pixverse_desktop.ui.notices import WindowNotices
from pixverse_desktop.ui.pages import DropOverlay, EmptyPage, WelcomePage
from pixverse_desktop.ui.picture_drag import PictureDrag
from pixverse_desktop.ui.saving import SavingCommands
from pixverse_desktop.ui.saving_windows import SavingWindows
from pixverse_desktop.ui.snapshots import Snapshots
from pixverse_desktop.ui.stage import Deed
from pixverse_desktop.ui.status_line import StatusLine
from pixverse_desktop.ui.toast import Toast
from pixverse_desktop.ui.trouble_banner import TroubleBanner
from pixverse_desktop.ui.window_context import WindowContext

_MOST_ASKED = 500  # selected rows that are asked what can be done with them


class MainWindow(QMainWindow):
    """The list, the player, and everything a person can do with them.

    Signals:
        close_requested(): the person wishes to end; the owner stops the services and then closes.
        frame_shown(): a frame of the selected clip is on the screen.
    """

    close_requested = Signal()
    frame_shown = Signal()

    def __init__(self, engine: Engine, context: WindowContext) -> None:
        super().__init__()
        self._engine = engine
        self._context = context
        self._may_close = False
        self.census = Census(engine.library)
        self.commands = Commands(engine, self)
        self.page = ListPage(engine, self.census, context.posters, self)
        self.accounts = AccountCommands(engine, self.commands, self)
        self.model, self.table = self.page.model, self.page.table
        self.player, self.details = self.page.player, self.page.details
        self.marks = MarkCommands(engine.library, self.census, self.commands.undo_stack, self)
        self.comparing = CompareCommands(engine, self.page, self.marks, self.commands.undo_stack, self)
        self.exporter = Exporter(engine.library, context.write_file, self.commands.start, self)
        self.keeping = KeepingCommands(engine, self.commands, self.page, self)
        self.snapshots = Snapshots(self.player, context, self.commands, self)
        self.intake = IntakeCommands(self.commands, self)
        self.news = Toast(self)
        self.notice = Banner(self)
        self.trouble = TroubleBanner(
            self.accounts.key_entry.open_dialog, lambda: self.commands.check_now([]), self
        )
        self.status_line = StatusLine(self.accounts.chooser, self)
        self.welcome = WelcomePage(self)
        self.empty = EmptyPage(self)
        menus = self.page.view_menus
        self.actions_ = Actions(self, self.page.views.both, [menus.columns, menus.order])
        self.diagnosis = Diagnosis(engine, context, self.commands, self.page, self.actions_, self)
        self.saving = SavingCommands(engine, context.notifier, self.commands, self.page, self.actions_, self)
        self.saving_windows = SavingWindows(engine, context, self.commands, self.page, self.actions_, self)
        self.status_line.show_saving(self.saving.line)
        kinds = self.actions_.notice_kinds
        self.notices = WindowNotices(engine, context.notifier, self.page, kinds, self.bring_to_front)
        self._row_menu = self.actions_.row_menu()
        self._lay_out()
        self._connect_parts()
        self._connect_actions()
        banners = (self.trouble, self.notice, self.news)
        self._coloured = (self.actions_, self.page, *banners, self.status_line, self.empty)
        self._start()

    # Telling and selecting

    def selected_refs(self) -> list[VideoRef]:
        """The selected rows from the top down."""
        return self.page.selected_refs()

    def bring_to_front(self) -> None:
        """Show the window over all others."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def add(self, dropped: Dropped) -> None:
        """Add the ids in what came from outside."""
        self.commands.add(dropped)

    def show_video(self, ref: VideoRef) -> None:
        """Select a row, so that its clip plays."""
        self.page.show_video(ref)

    def say(self, text: str, icon: str = "check", button: Deed | None = None) -> None:
        """Tell something that needs no answer."""
        self.news.show_news(text, icon=icon, tone="warning" if icon == "warning" else "accent", action=button)
        self.player.tell(text)

    def tell_of_start(self, text: str) -> None:
        """Tell something about the list that stays until the person closes it."""
        self.notice.show_news(text, icon="warning", tone="warning", is_lasting=True)

    def release(self) -> None:
        """Close for good, after the services have stopped."""
        self._may_close = True
        self._unsubscribe()
        self.notices.close()
        self.diagnosis.close()
        self.comparing.close()
        self.player.close_down()
        window_state.remember(self._context.window_file, self, self.page.views, self.page.splitters)
        self.close()

    # What happened

    def _on_event(self, event: Event) -> None:
        self.census.on_event(event)
        self.page.on_event(event)
        self.saving.on_event(event)
        match event:
            case VideosAdded() | VideosRemoved() | ListReplaced():
                self._refresh_list()
            case VideosChanged() | MarksChanged() if not self._refresh_counts.isActive():
                self._refresh_counts.start()
            case ConnectionChanged() | BalanceChanged() | AccountsChanged():
                self._refresh_list()
            case CreditsLow():
                self.accounts.warn_of_credits(event)
            case Trouble(message):
                self.say(message, "warning")

    def _refresh_list(self) -> None:
        """Show the page that fits: the list, the place to drop, or the first run."""
        if len(self._engine.library):
            page: QWidget = self.page
        elif all(state.kind is ConnectionKind.KEY_MISSING for state in self.accounts.states()):
            page = self.welcome
        else:
            page = self.empty
        self._refresh_accounts()
        if self._pages.currentWidget() is not page:
            self._pages.setCurrentWidget(page)
            page.setFocus()
        self._count()

    def _refresh_accounts(self) -> None:
        accounts, states = self.accounts, self.accounts.states()
        self.trouble.follow(states, rows=self.census.accounts)
        self.status_line.show_connections(states)
        self.status_line.show_balances(accounts.balances(), accounts.current)
        accounts.refresh()
        accounts.fill_move_menu(self.actions_.move_menu)
        accounts.show_column_once(self.census, self.table)

    def _count(self) -> None:
        self._refresh_actions()

    def _refresh_actions(self) -> None:
        """Offer what can be done. However many rows are selected, a few tell what they can."""
        shown, selected = self.model.rowCount(), self.table.selected_count()
        self.status_line.show_counts(self.census, shown=shown, selected=selected)
        actions, videos = self.actions_, self.table.selected_videos(most=_MOST_ASKED)
        self._engine.sessions.focus(video.ref for video in videos)
        for action in (*actions.of_rows(), actions.move_menu.menuAction()):
            action.setEnabled(bool(videos))
        for action in (actions.show_folder, actions.trash_file, actions.write_record):
            action.setEnabled(any(video.is_saved for video in videos))
        for action in (actions.check, actions.export_all, actions.export_shown):
            action.setEnabled(self.census.total > 0)
        actions.keep_search.setEnabled(bool(self.page.query))
        actions.show_history(self.commands.undo_stack)
        actions.watch_folder.setChecked(self.intake.is_watching)
        self.comparing.refresh(videos)
        self.finding.refresh()
        self.saving.refresh(videos, has_unsaved=self.census.unsaved > 0)

    # What a person wishes

    def _check_now(self) -> None:
        refs = self.selected_refs() or [video.ref for video in self._engine.library if video.status.is_open]
        self.commands.check_now(refs)

    def _open(self, ref: VideoRef | None = None) -> None:
        ref = ref or self.table.current_ref()
        video = self._engine.library.get(ref) if ref is not None else None
        if video is not None and not self.commands.open_clip(video):
            self.player.setFocus()
            self.player.playback.toggle()

    def _show_row_menu(self, position: QPoint) -> None:
        self._refresh_actions()
        self._row_menu.popup(position)

    # Dropping

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        own = (*self.page.views.both, self.player.view)
        if event.source() not in own and can_take(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self._drop_overlay.cover()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_overlay.hide()
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_overlay.hide()
        event.setDropAction(Qt.DropAction.CopyAction)  # never "move": the other program keeps its text
        event.accept()
        self.add(content_of(event.mimeData()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._may_close:
            event.accept()
        else:
            event.ignore()
            self.intake.before_closing(self.close_requested.emit)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_coloured"):
            for part in self._coloured:
                part.refresh_icons()

    # Putting it together

    def _lay_out(self) -> None:
        self.setWindowTitle(
            self.tr("PixVerse Desktop") + (self.tr(" (demo)") if self._context.is_demo else "")
        )
        self.setWindowIcon(theme.app_icon())
        self.setAcceptDrops(True)
        self._pages = QStackedWidget(self)
        for page in (self.page, self.empty, self.welcome):
            self._pages.addWidget(page)
        centre = QWidget(self)
        column = QVBoxLayout(centre)
        column.setContentsMargins(10, 0, 10, 8)
        column.setSpacing(8)
        for widget in (self.trouble, self.notice):
            column.addWidget(widget)
        column.addWidget(self._pages, 1)
        self.news.lie_over(self._pages, self.page.column)
        self.setCentralWidget(centre)
        self._drop_overlay = DropOverlay(self._pages)
        self.setStatusBar(self.status_line)
        self.resize(1400, 820)

    def _connect_parts(self) -> None:
        self._refresh_counts = QTimer(self, singleShot=True, interval=150)
        self._refresh_counts.timeout.connect(self._count)
        self._refresh_soon = QTimer(self, singleShot=True)
        self._refresh_soon.timeout.connect(self._refresh_actions)
        self.page.selection_changed.connect(self._refresh_soon.start)
        self.model.shown_changed.connect(self._refresh_counts.start)
        self.commands.undo_stack.indexChanged.connect(lambda _: self._refresh_soon.start())
        self.exporter.exported.connect(lambda words: self.say(words, "save"))
        self.exporter.failed.connect(lambda words: self.say(words, "warning"))
        self.page.side_bar.view_removal_requested.connect(self.keeping.remove_view)
        self.page.side_bar.tag_renaming_requested.connect(self.marks.ask_new_name)
        self.page.views.open_requested.connect(self._open)
        self.page.views.menu_requested.connect(self._show_row_menu)
        self.player.menu_requested.connect(self._show_row_menu)
        self.commands.news.connect(self.say)
        self.commands.added.connect(self._on_added)
        self.saving_windows.changed.connect(self._refresh_actions)
        self.player.frame_shown.connect(self.frame_shown)
        self.player.sound_changed.connect(self.commands.remember_sound)
        self.player.loop_changed.connect(self.commands.remember_loop)
        self.player.snapshot_requested.connect(self.snapshots.take)
        PictureDrag(self.player, self.model, self.snapshots, self)
        self.player.check_requested.connect(lambda ref: self.commands.check_now([ref]))
        self.empty.paste_requested.connect(self.intake.paste)
        self.welcome.demo_requested.connect(self._context.open_demo)
        self.accounts.key_entry.serve_own(self.welcome.form)
        self.accounts.move_requested.connect(lambda name: self.accounts.move(self.selected_refs(), name))

    def _connect_actions(self) -> None:
        actions, commands = self.actions_, self.commands
        connect(self._file_deeds())
        connect(self._edit_deeds())
        connect(
            {
                actions.check: self._check_now,
                actions.play: self.player.playback.toggle,
                actions.open_clip: self._open,
                actions.show_folder: self._show_folder,
                actions.trash_file: lambda: commands.trash_files(self.table.selected_videos()),
                actions.full_screen: self.player.toggle_full_screen,
                actions.snapshot: self.snapshots.take,
                actions.shortcuts: lambda: keyboard_dialog(actions.described(), self).open(),
                actions.about: lambda: about_dialog(self).open(),
            }
        )
        for name, action in actions.appearances.items():
            action.setChecked(name == commands.settings.appearance)
            action.triggered.connect(lambda _=False, name=name: commands.choose_appearance(name))
        self.marks.serve(actions, self.page.views)
        self.player.add_full_screen_keys(self._full_screen_keys())
        self.page.switch.serve(actions.as_table, actions.as_gallery, actions.play_all)
        self.comparing.serve(actions)
        self.finding = FindCommands(self.page, actions, self)

    def _full_screen_keys(self) -> dict[str, Callable[[], None]]:
        """Triage by keyboard: marks go to the video on show, whatever else is selected, and can be undone."""
        undo, redo = self.actions_.undo, self.actions_.redo
        marks = self.marks.single_keys(lambda: self.player.video.ref if self.player.video else None)
        return marks | {action.shortcut().toString(): action.trigger for action in (undo, redo)}

    def _file_deeds(self) -> dict[QAction, Callable[[], object]]:
        actions = self.actions_
        return {
            actions.open_files: self.intake.choose_files,
            actions.paste: self.intake.paste,
            actions.watch_folder: lambda: self.intake.toggle_watch(self._refresh_actions),
            actions.export_selection: lambda: self.exporter.ask(self.table.selected_videos()),
            actions.export_shown: lambda: self.exporter.ask(self.page.shown()),
            actions.export_all: lambda: self.exporter.ask(list(self._engine.library)),
            actions.restore: self.keeping.ask_backup,
            actions.key: self.accounts.open_key,
            actions.accounts: self.accounts.open_dialog,
            actions.quit: self.close,
        }

    def _edit_deeds(self) -> dict[QAction, Callable[[], object]]:
        actions, commands = self.actions_, self.commands
        return {
            actions.undo: commands.undo_stack.undo,
            actions.redo: commands.undo_stack.redo,
            actions.copy_ids: lambda: commands.copy_ids(self.table.selected_videos()),
            actions.copy_rows: lambda: commands.copy_rows(self.table.selected_videos()),
            actions.copy_support: lambda: commands.copy_for_support(self.table.selected_videos()),
            actions.select_all: self.table.selectAll,
            actions.remove: lambda: commands.remove(self.selected_refs()),
            actions.bin: self.keeping.ask_bin,
            actions.find: self.page.search.open,
            actions.keep_search: self.keeping.ask_view,
        }

    def _show_folder(self) -> None:
        saved = [video for video in self.table.selected_videos() if video.is_saved]
        if saved:
            self.commands.show_in_folder(saved[0])

    def _on_added(self, ref: VideoRef) -> None:
        self.page.show_video(ref)
        self.page.setFocus()

    def _start(self) -> None:
        self._unsubscribe = self._engine.announcer.subscribe(self._on_event)
        window_state.restore(self._context.window_file, self, self.page.views, self.page.splitters)
        self._refresh_list()
        self.keeping.load_views()
        if (page := self._pages.currentWidget()) is not None:
            page.setFocus()  # or the search would have it, and single keys would be words
