"""The icons of the window, drawn in the colours of the theme."""

from functools import cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from lenet_desktop import paths
from lenet_desktop.ui.style.theme import colours, the_app

ICONS = (
    "clear",
    "close",
    "copy",
    "down",
    "eraser",
    "error",
    "hint",
    "pen",
    "redo",
    "right",
    "success",
    "theme",
    "train",
    "undo",
)


def icon(name: str, colour: str = "text") -> QIcon:
    """Return an icon that follows the theme and stays sharp at every pixel ratio.

    Args:
        name: one of ``ICONS``, a file in ``resources/icons``.
        colour: the name of one of the theme's ``Colours``.
    """
    return QIcon(_ThemedIcon(name, colour))


def prepare() -> None:
    """Parse an SVG file, so that the first paint does not wait for torch.

    At the first one Qt asks for the dynamic linker's lock, which is taken for 0.3 s while torch's
    libraries are loaded.
    """
    _renderer("pen", "#000000")


class _ThemedIcon(QIconEngine):
    """Draws an SVG file whose lines have the colour 'currentColor'."""

    def __init__(self, name: str, colour: str) -> None:
        super().__init__()
        self._name, self._colour = name, colour

    def clone(self) -> QIconEngine:
        return _ThemedIcon(self._name, self._colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self._draw(painter, QRectF(pixmap.rect()), mode)
        painter.end()
        return pixmap

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        self._draw(painter, QRectF(rect), mode)

    def _draw(self, painter: QPainter, rect: QRectF, mode: QIcon.Mode) -> None:
        theme = colours(the_app().palette())
        colour = theme.disabled if mode is QIcon.Mode.Disabled else getattr(theme, self._colour)
        _renderer(self._name, QColor(colour).name()).render(painter, rect)


@cache
def _renderer(name: str, colour: str) -> QSvgRenderer:
    source = paths.resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))
