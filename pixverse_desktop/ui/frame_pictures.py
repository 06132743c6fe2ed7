"""Video frames as pictures, no larger than they are needed.

Qt turns a frame into colours at full size, on the processor and with Python's lock held: 5 ms at 720p, 180 ms
at 2160p. Where it is shown much smaller, its planes are made smaller first, which costs about 1 to 5 ms.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtMultimedia import QtVideo, QVideoFrame, QVideoFrameFormat

_Format = QVideoFrameFormat.PixelFormat
_PLANAR = (
    _Format.Format_YUV420P,
    _Format.Format_YV12,
)  # brightness, and two colours of half its width and height
_GREY = QImage.Format.Format_Grayscale8
_GAIN = 4  # times fewer points, or making the planes smaller costs more than it saves
_ROUGH = 9  # times fewer points, from which on four neighbours no longer stand for all
_LINES = 3  # of a frame that make one of its picture; more change nothing that is seen


def picture(frame: QVideoFrame, room: QSize) -> QImage:
    """``frame`` as a picture: of its own size, or of the size it has when fitted into ``room`` (in pixels).

    The smaller one only where that is cheaper; whoever paints it has to fit it in any case.
    """
    size = _even(frame.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio))
    if not _can_shrink(frame) or _GAIN * _points(size) > _points(frame.size()):
        return whole_picture(frame)
    small = _shrunk(frame, size)
    return frame.toImage() if small is None else small.toImage()


def whole_picture(frame: QVideoFrame) -> QImage:
    """``frame`` as a picture of its own size; null if nobody here can read it."""
    if frame.pixelFormat() is _Format.Format_YUV420P10:  # which Qt cannot do without a graphics card
        frame = _of_eight_bits(frame) or frame
    return frame.toImage()


def _can_shrink(frame: QVideoFrame) -> bool:
    is_upright = frame.rotation() is QtVideo.Rotation.None_ and not frame.mirrored()
    return is_upright and frame.pixelFormat() in _PLANAR


def _shrunk(frame: QVideoFrame, size: QSize) -> QVideoFrame | None:
    """The frame with fewer points, or None if its bytes cannot be had."""
    form = QVideoFrameFormat(frame.surfaceFormat())  # what its colours mean
    form.setFrameSize(size)
    small = QVideoFrame(form)
    with _mapped(frame, QVideoFrame.MapMode.ReadOnly) as has_bytes:
        if not has_bytes:
            return None
        with _mapped(small, QVideoFrame.MapMode.WriteOnly) as has_room:
            if not has_room:
                return None
            for number in range(frame.planeCount()):
                into = _plane(small, number)
                _shrink(_plane(frame, number, _LINES * into.height()), into)
    return small


def _of_eight_bits(frame: QVideoFrame) -> QVideoFrame | None:
    """The same frame with 8 bits for what has 10, in words of 16; None if its bytes cannot be had."""
    form = QVideoFrameFormat(frame.size(), _Format.Format_YUV420P)
    form.setColorSpace(frame.surfaceFormat().colorSpace())
    form.setColorRange(frame.surfaceFormat().colorRange())
    plain = QVideoFrame(form)
    with (
        _mapped(frame, QVideoFrame.MapMode.ReadOnly) as has_bytes,
        _mapped(plain, QVideoFrame.MapMode.WriteOnly) as has_room,
    ):
        if not (has_bytes and has_room):
            return None
        for number in range(frame.planeCount()):
            _narrow(frame, plain, number)
    return plain


def _narrow(frame: QVideoFrame, plain: QVideoFrame, number: int) -> None:
    """Shift a whole plane by two bits as one long number: its even bytes are the upper 8 bits then."""
    words = bytes(frame.bits(number))
    shifted = (int.from_bytes(words, "little") >> 2).to_bytes(len(words), "little")[::2]
    lines = frame.height() if number == 0 else -(-frame.height() // 2)
    source = QImage(shifted, frame.bytesPerLine(number) // 2, lines, frame.bytesPerLine(number) // 2, _GREY)
    into = _plane(plain, number)
    painter = QPainter(into)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.drawImage(0, 0, source)
    painter.end()


@contextmanager
def _mapped(frame: QVideoFrame, mode: QVideoFrame.MapMode) -> Iterator[bool]:
    is_mapped = frame.map(mode)
    try:
        yield is_mapped
    finally:
        if is_mapped:
            frame.unmap()


def _plane(frame: QVideoFrame, number: int, least_lines: int = 0) -> QImage:
    """A plane as a grey picture over the frame's own bytes, good while the frame is mapped.

    With ``least_lines`` lines are passed over evenly, as long as so many are left.
    """
    halves = 2 if number else 1
    width, height = -(-frame.width() // halves), -(-frame.height() // halves)
    every = max(1, height // least_lines) if least_lines else 1
    line_bytes = frame.bytesPerLine(number) * every
    return QImage(frame.bits(number), width, height // every, line_bytes, _GREY)


def _shrink(plane: QImage, into: QImage) -> None:
    if _ROUGH * _points(into.size()) <= _points(plane.size()):
        plane = plane.scaled(
            into.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    painter = QPainter(into)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(into.rect(), plane)
    painter.end()


def _even(size: QSize) -> QSize:
    """Of an even number of points each way, and of two at least, as the colours need it."""
    return QSize(*(max(2, length + length % 2) for length in size.toTuple()))


def _points(size: QSize) -> int:
    return size.width() * size.height()
