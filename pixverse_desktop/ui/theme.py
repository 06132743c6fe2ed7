"""Colours as roles, for light and dark, and icons that take their colour from them."""

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from pixverse_desktop.core.video import Video, VideoStatus
from pixverse_desktop.resources import resource_path

_CHOSEN = "pixverseAppearance"
_ICON_INK = b"#000000"  # what the icons are drawn in, to be replaced by a role's colour


@dataclass(frozen=True, slots=True)
class Colours:
    """Every colour of the program, by what it is for.

    A ``border`` is an ornament; an ``edge`` tells where something is that can be used.
    """

    window: str
    base: str
    raised: str
    text: str
    muted: str
    border: str
    edge: str
    accent: str
    on_accent: str
    selection: str
    good: str
    busy: str
    warning: str
    bad: str
    stage: str
    on_stage: str


LIGHT = Colours(
    window="#f4f4f8", base="#ffffff", raised="#ffffff", text="#1b1b26", muted="#62627a", border="#dcdce6",
    edge="#85859c", accent="#5b46d6", on_accent="#ffffff", selection="#e6e2fb", good="#157341",
    busy="#375dbf", warning="#935700", bad="#b3261e", stage="#101016", on_stage="#d7d7e4",
)  # fmt: skip
DARK = Colours(
    window="#16161c", base="#1c1c24", raised="#24242e", text="#ececf4", muted="#a0a0b6", border="#33333f",
    edge="#75758c", accent="#9d8cff", on_accent="#14141a", selection="#352f5e", good="#5fd08f",
    busy="#8fb0ff", warning="#f0b45a", bad="#ff8a80", stage="#0b0b0f", on_stage="#d7d7e4",
)  # fmt: skip


class _InForce:
    """The colours of now, kept where thousands of painted cells can look at no cost."""

    tones: Colours = LIGHT


def colours() -> Colours:
    """The colours in force: those chosen, or those that suit the system's scheme now."""
    return _InForce.tones


def choose_appearance(app: QApplication, appearance: str) -> None:
    """Be ``light`` or ``dark``, or follow the ``system``."""
    app.setProperty(_CHOSEN, appearance)
    _paint(app)


def apply_theme(app: QApplication) -> None:
    """Give the application its style, and keep it in step with the system's scheme."""
    app.setStyle("Fusion")
    _paint(app)
    app.styleHints().colorSchemeChanged.connect(lambda _: _paint(app))


def icon(name: str, colour: str | None = None) -> QIcon:
    """One of our own icons in ``colour`` (usually that of text), with a paler look while disabled."""
    return _icon(name, colour or colours().text, colours().muted)


def app_icon() -> QIcon:
    """The program's own icon."""
    return QIcon(str(resource_path("app-icon.svg")))


def status_icon_name(video: Video) -> str:
    """Which icon tells what a row is doing."""
    if video.status is VideoStatus.READY:
        return "save" if video.is_saved else "ready"
    return _STATUS_ICONS[video.status]


def status_colour(video: Video) -> str:
    """The colour of a row's status; never the only sign of it."""
    tones = colours()
    return {
        VideoStatus.READY: tones.good,
        VideoStatus.WAITING: tones.busy,
        VideoStatus.UNKNOWN: tones.warning,
        VideoStatus.STOPPED: tones.warning,
        VideoStatus.MODERATED: tones.warning,
        VideoStatus.FAILED: tones.bad,
        VideoStatus.NOT_FOUND: tones.bad,
        VideoStatus.DELETED: tones.muted,
    }[video.status]


def style_sheet(tones: Colours) -> str:
    """The style sheet in these colours."""
    text = resource_path("style.qss").read_text(encoding="utf-8")
    ticks = resource_path("ticks").as_posix() + ("/dark" if tones is DARK else "/light")
    text = text.replace("@ticks-", f"{ticks}-")
    for role in Colours.__slots__:
        text = text.replace(f"@{role};", f"{getattr(tones, role)};").replace(
            f"@{role} ", f"{getattr(tones, role)} "
        )
    return text


_STATUS_ICONS = {
    VideoStatus.WAITING: "hourglass",
    VideoStatus.UNKNOWN: "unknown",
    VideoStatus.STOPPED: "stopped",
    VideoStatus.MODERATED: "blocked",
    VideoStatus.FAILED: "failed",
    VideoStatus.NOT_FOUND: "not-found",
    VideoStatus.DELETED: "deleted",
}


@lru_cache(maxsize=256)
def _icon(name: str, colour: str, disabled: str) -> QIcon:
    drawn = QIcon()
    tones = ((QIcon.Mode.Normal, colour), (QIcon.Mode.Selected, colour), (QIcon.Mode.Disabled, disabled))
    drawing = resource_path(f"icons/{name}.svg").read_bytes()
    pixmaps = {tone: _pixmaps(drawing, tone) for tone in (colour, disabled)}
    for mode, tone in tones:
        for pixmap in pixmaps[tone]:
            drawn.addPixmap(pixmap, mode)
    return drawn


def _pixmaps(drawing: bytes, colour: str) -> list[QPixmap]:
    renderer = QSvgRenderer(QByteArray(drawing.replace(_ICON_INK, colour.encode())))
    return [_pixmap(renderer, size) for size in (16, 18, 20, 24, 32, 48, 64, 96)]


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(QSize(size, size))
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, size, size))
    painter.end()
    return pixmap


def _paint(app: QApplication) -> None:
    chosen = app.property(_CHOSEN)
    is_dark = app.styleHints().colorScheme() is Qt.ColorScheme.Dark
    if chosen in ("light", "dark"):
        is_dark = chosen == "dark"
    tones = _InForce.tones = DARK if is_dark else LIGHT
    app.setPalette(_palette(tones))
    app.setStyleSheet(style_sheet(tones))


def _palette(tones: Colours) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: tones.window,
        QPalette.ColorRole.WindowText: tones.text,
        QPalette.ColorRole.Base: tones.base,
        QPalette.ColorRole.AlternateBase: tones.raised,
        QPalette.ColorRole.Text: tones.text,
        QPalette.ColorRole.PlaceholderText: tones.muted,
        QPalette.ColorRole.Button: tones.raised,
        QPalette.ColorRole.ButtonText: tones.text,
        QPalette.ColorRole.ToolTipBase: tones.raised,
        QPalette.ColorRole.ToolTipText: tones.text,
        QPalette.ColorRole.Highlight: tones.selection,
        QPalette.ColorRole.HighlightedText: tones.text,
        QPalette.ColorRole.Link: tones.accent,
        QPalette.ColorRole.Accent: tones.accent,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tones.muted))
    return palette
