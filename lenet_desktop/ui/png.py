"""Encode Qt's images as PNG in memory."""

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage


def as_png(image: QImage, compressed: bool = True) -> bytes:
    """Return the content of a PNG file; without compression this is several times faster."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    quality = -1 if compressed else 100
    image.save(buffer, "PNG", quality)  # type: ignore[call-overload]  # the stubs leave out QIODevice
    return bytes(content.data())
