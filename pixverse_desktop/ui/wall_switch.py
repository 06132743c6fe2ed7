"""The button that lets all tiles in sight play, and a quiet word where the machine cannot play them all."""

from PySide6.QtCore import QLocale, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from pixverse_desktop.ui.gallery import GalleryView

_ICON = QSize(18, 18)
_ROOM_FOR_WORD = 520  # pixels; where there are fewer, the search needs them


class WallSwitch(QWidget):
    """Serves a gallery, and is in sight while that is."""

    def __init__(self, gallery: GalleryView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gallery = gallery
        self._action: QAction | None = None
        self._word = QLabel(self)
        self._word.setObjectName("muted")
        self._word.setAccessibleName(self.tr("Tiles that play"))
        self._word.hide()
        self._button = QToolButton(self)
        self._button.setIconSize(_ICON)
        self._button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self._word)
        layout.addWidget(self._button)
        gallery.playing_changed.connect(self._explain)
        gallery.plays_all_changed.connect(lambda _: self._explain())
        gallery.sight_changed.connect(self._explain)
        self.hide()

    def serve(self, action: QAction) -> None:
        """Let this action switch, by the menu, by its keys and by a button."""
        self._action = action
        action.setCheckable(True)
        action.setChecked(self._gallery.plays_all)
        action.toggled.connect(self._gallery.set_plays_all)
        self._gallery.plays_all_changed.connect(action.setChecked)
        self._button.setDefaultAction(action)
        self.follow(is_gallery=self._gallery.isVisible())

    def follow(self, *, is_gallery: bool) -> None:
        """Be there while the gallery is shown: in the table nothing plays."""
        self.setVisible(is_gallery)
        if self._action is not None:
            self._action.setEnabled(is_gallery)

    def _explain(self) -> None:
        """Tell how many play, where it is asked for; and without being asked if not all can."""
        counts, figures = self._gallery.playing, QLocale()
        is_told = self._gallery.plays_all and counts.playable > 0
        words = self.tr("%1 of %2 play").replace("%1", figures.toString(counts.playing))
        words = words.replace("%2", figures.toString(counts.playable))
        self._word.setText(words)
        has_room = self._gallery.width() >= _ROOM_FOR_WORD
        self._word.setVisible(is_told and counts.is_at_limit and has_room)
        if counts.is_at_limit:
            words = self.tr("%1: the machine can do no more").replace("%1", words)
        self._word.setToolTip(words)
        if self._action is not None:
            name = self._action.iconText()
            self._action.setToolTip(f"{name}\n{words}" if is_told else name)
