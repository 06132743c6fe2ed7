"""What can be done with the picture, for a right click."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from pixverse_desktop.ui.zoom_view import FIT, SCALES, ZoomView


def open_picture_menu(
    view: ZoomView,
    place: QPoint,
    *,
    toggle: Callable[[], None],
    take_snapshot: Callable[[], None],
    toggle_full_screen: Callable[[], None],
    show_more: Callable[[], None],
) -> None:
    """Open a menu at this place of the screen; the keys beside its entries are those of the player."""
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.addAction(f"{menu.tr('&Play or pause')}\tSpace", toggle)
    menu.addSeparator()
    group = QActionGroup(menu)
    for scale in SCALES:
        words = menu.tr("&Fitted") if scale == FIT else menu.tr("&%1 %").replace("%1", str(scale * 100))
        action = menu.addAction(f"{words}\tZ", partial(view.set_scale, scale))
        action.setCheckable(True)
        action.setChecked(scale == view.scale)
        group.addAction(action)
    menu.addSeparator()
    menu.addAction(f"{menu.tr('Copy and save this fra&me')}\tS", take_snapshot)
    menu.addAction(f"{menu.tr('Full &screen')}\tF", toggle_full_screen)
    menu.addSeparator()
    menu.addAction(menu.tr("More for this &video…"), show_more)
    menu.popup(place)
