"""A digit from the data, shown over the paper; the drawing below is not touched."""

import math

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.paint import image_of
from lenet_desktop.ui.style.theme import colours

_MARGIN = 20
# How much of the paper's width the image may take.
_WIDEST = 0.72


class OverPaper(QWidget):
    """Covers the paper with an image and a few lines about it, until the user goes back.

    A change of the drawing, such as an undo, shows the drawing again.

    Signals:
        opened (): an image covers the paper.
        drawn_on (): somebody tries to draw on the image.
        closed (): the user goes back to the drawing.
    """

    opened = Signal()
    drawn_on = Signal()
    closed = Signal()

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._image: Ink | None = None
        self._picture = _Picture(self)
        self._title, self._lines = QLabel(), QLabel()
        font = self._title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self._title.setFont(font)
        for label in (self._title, self._lines):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self.back_button = QPushButton(self.tr("&Back to my drawing"))
        self.back_button.clicked.connect(self.back)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.back_button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        layout.setSpacing(6)
        layout.addWidget(self._picture, stretch=1)
        layout.addSpacing(6)
        layout.addWidget(self._title)
        layout.addWidget(self._lines)
        layout.addSpacing(8)
        layout.addLayout(row)
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        canvas.paper_moved.connect(self._fit)
        canvas.drawing_changed.connect(lambda _: self.back())
        self.hide()

    @property
    def image(self) -> Ink | None:
        """The image that is shown, uint8 (H, W), or None."""
        return self._image

    @property
    def text(self) -> str:
        """The lines about the image."""
        return "\n".join(filter(None, (self._title.text(), self._lines.text())))

    def show_image(self, image: Ink, lines: tuple[str, ...]) -> None:
        """Show an image, uint8 (H, W), ink bright, and lines about it; the first is the title.

        The keyboard focus stays where it is: one may be going through a list of images.
        """
        self._set(image, lines)
        self._fit()
        self.show()
        self.opened.emit()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))

    def update_image(self, image: Ink, lines: tuple[str, ...]) -> None:
        """Show the next image of a film: nothing is signalled or announced again."""
        if self._image is not None:
            self._set(image, lines)

    def _set(self, image: Ink, lines: tuple[str, ...]) -> None:
        self._image = image
        self._picture.show_image(image)
        self._title.setText("".join(lines[:1]))
        self._lines.setText("\n".join(lines[1:]))
        self._lines.setVisible(len(lines) > 1)
        self.setAccessibleName(self.text)

    def back(self) -> None:
        """Show the drawing again; do nothing if it is shown."""
        if self._image is None:
            return
        self._image = None
        focus = self.window().focusWidget()
        if focus is None or self.isAncestorOf(focus):
            self._canvas.setFocus()
        self.hide()
        self.closed.emit()

    def _fit(self) -> None:
        # Not what is cut off of a held paper: the button must be in sight.
        paper = self._canvas.paper().toAlignedRect()
        self.setGeometry(paper.intersected(self._canvas.rect()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Signal that the pen came down here; it leaves no ink."""
        self.drawn_on.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper."""
        QPainter(self).fillRect(self.rect(), QColor(colours(self).paper))


class _Picture(QWidget):
    """An image, pixel by pixel, in the colours of paper and ink."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._image: Ink | None = None
        self.setAccessibleName(self.tr("The digit"))

    def minimumSizeHint(self) -> QSize:
        """Return a size at which a digit can be recognized."""
        return QSize(84, 84)

    def show_image(self, image: Ink) -> None:
        """Show an image, uint8 (H, W)."""
        self._image = image.copy()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image as large as there is room, all its pixels of the same size."""
        if self._image is None:
            return
        height, width = self._image.shape
        room = min(self.height() - 2.0, self.width() * _WIDEST)
        ratio = self.devicePixelRatioF()
        pixel = max(math.floor(room * ratio / max(height, width)), 1) / ratio
        area = QRectF(0, 0, width * pixel, height * pixel)
        left = round((self.width() - area.width()) / 2 * ratio) / ratio
        top = round((self.height() - area.height()) / 2 * ratio) / ratio
        area.moveTo(left, top)
        painter = QPainter(self)
        theme = colours(self)
        painter.drawImage(area, image_of(self._image, theme))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(area.adjusted(-0.5, -0.5, 0.5, 0.5))
