"""The two ways to look at the list, a table and a gallery, over one model and one selection."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSlider, QStackedWidget, QToolButton, QWidget

from pixverse_desktop.ui.gallery import GalleryView
from pixverse_desktop.ui.moving_tiles import MovingTiles
from pixverse_desktop.ui.posters import Posters
from pixverse_desktop.ui.tile_view import TILE_WIDTHS
from pixverse_desktop.ui.video_table import VideoTable
from pixverse_desktop.ui.video_table_model import VideoTableModel
from pixverse_desktop.ui.wall_switch import WallSwitch

_SLIDER_WIDTH = 84
_STEP = 10  # pixels
_ICON = QSize(18, 18)


class ListViews(QStackedWidget):
    """Shows one of the two. What is selected in one is selected in the other, and so is the cursor.

    Signals:
        switched(bool): whether the gallery is shown now.
        open_requested(object): the ``VideoRef`` that was double-clicked or entered.
        menu_requested(QPoint): where on the screen the menu of the rows is wished for.
    """

    switched = Signal(bool)
    open_requested = Signal(object)
    menu_requested = Signal(QPoint)

    def __init__(
        self,
        model: VideoTableModel,
        posters: Posters,
        moving: MovingTiles,
        usual_s: Callable[[], float | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.table = VideoTable(model)
        self.gallery = GalleryView(model, posters, moving, usual_s)
        self.gallery.setSelectionModel(self.table.selectionModel())
        for view in self.both:
            self.addWidget(view)
            viewport = view.viewport()
            view.customContextMenuRequested.connect(
                lambda place, viewport=viewport: self.menu_requested.emit(viewport.mapToGlobal(place))
            )
        self.table.open_requested.connect(self.open_requested)
        self.gallery.activated.connect(lambda index: self.open_requested.emit(model.video(index.row()).ref))
        self.setFocusProxy(self.table)

    @property
    def both(self) -> tuple[QAbstractItemView, QAbstractItemView]:
        """The table and the gallery."""
        return self.table, self.gallery

    @property
    def is_gallery(self) -> bool:
        """Whether the gallery is shown."""
        return self.currentWidget() is self.gallery

    def show_gallery(self, is_wished: bool) -> None:
        """Show the gallery, or else the table. The keyboard goes along, and the cursor stays in sight."""
        had_focus = any(view.hasFocus() for view in self.both)
        shown = self.gallery if is_wished else self.table
        self.setFocusProxy(shown)
        self.setCurrentWidget(shown)
        if had_focus:
            shown.setFocus()
        self.scroll_to_current()
        self.switched.emit(is_wished)

    def scroll_to_current(self) -> None:
        """Bring the cursor into sight."""
        for view in self.both:
            view.scrollTo(view.currentIndex())


class ViewSwitch(QWidget):
    """Two buttons for the two views; for tiles, a slider for their size and a button that lets all play."""

    def __init__(self, views: ListViews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._views = views
        self._size = QSlider(Qt.Orientation.Horizontal, self)
        self._size.setAccessibleName(self.tr("Size of the tiles"))
        self._size.setToolTip(self.tr("Size of the tiles (Ctrl and the wheel)"))
        self._size.setRange(*TILE_WIDTHS)
        self._size.setSingleStep(_STEP)
        self._size.setPageStep(4 * _STEP)
        self._size.setValue(views.gallery.tile_width)
        self._size.setFixedWidth(_SLIDER_WIDTH)
        self._size.hide()
        self._size.valueChanged.connect(views.gallery.set_tile_width)
        views.gallery.tile_width_changed.connect(self._size.setValue)
        self._wall = WallSwitch(views.gallery, self)
        views.switched.connect(self._size.setVisible)
        views.switched.connect(lambda is_gallery: self._wall.follow(is_gallery=is_gallery))
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(4)
        self._layout.addWidget(self._wall)
        self._layout.addWidget(self._size)

    def serve(self, as_table: QAction, as_gallery: QAction, play_all: QAction) -> None:
        """Let these actions switch, by the menu, by their keys and by a button each."""
        self._wall.serve(play_all)
        group = QActionGroup(self)
        self._views.switched.connect(lambda is_gallery: (as_table, as_gallery)[is_gallery].setChecked(True))
        for action, is_gallery in ((as_table, False), (as_gallery, True)):
            action.setCheckable(True)
            group.addAction(action)
            action.setChecked(is_gallery == self._views.is_gallery)
            action.triggered.connect(lambda _, is_gallery=is_gallery: self._views.show_gallery(is_gallery))
            button = QToolButton(self)
            button.setDefaultAction(action)
            button.setIconSize(_ICON)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._layout.addWidget(button)
