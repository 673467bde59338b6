"""The challenger's mistakes as pictures, all of them or those of one cell of the matrix."""

import html
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QIcon, QKeyEvent, QPalette, QPixmap
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.drawing.strokes import Ink
from lenet_desktop.percent import percent
from lenet_desktop.ui.pad.paint import image_of
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.training.after.verdict import breakable

if TYPE_CHECKING:
    from lenet_desktop.evaluation.compare import Mistake

_PIXEL = 2
_THUMBNAIL = 28 * _PIXEL
_CELL = QSize(64, 82)
_MOST = 200


class Mistakes(QWidget):
    """A title and the pictures.

    Signals:
        chosen (Mistake): the one that the user wants to see.
        all_wanted (): the user wants to see all again.

    Attributes:
        list: the pictures, each with what it was meant to be and what was read.
        all_button: shown while only some of the mistakes are.
    """

    chosen = Signal(object)
    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._mistakes: tuple[Mistake, ...] = ()
        self._title = QLabel()
        self._title.setTextFormat(Qt.TextFormat.PlainText)
        self._title.setWordWrap(True)
        self._hint = QLabel(self.tr("The most probable first. Choose one to see it large."))
        self._hint.setWordWrap(True)
        self._hint.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.all_button = QPushButton(self.tr("Show &all"))
        self.all_button.setAccessibleDescription(self.tr("Show the mistakes of all cells"))
        self.list = _Pictures()
        self.list.setAccessibleName(self.tr("The challenger's mistakes"))
        head = QHBoxLayout()
        head.addWidget(self._title, stretch=1)
        head.addWidget(self.all_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self._hint)
        layout.addWidget(self.list, stretch=1)
        layout.addStretch(0)  # takes the room of a hidden list
        self.all_button.clicked.connect(self.all_wanted)
        self.list.itemActivated.connect(self._choose)
        self.list.itemClicked.connect(self._choose)

    @property
    def title(self) -> str:
        """What is listed."""
        return self.list.accessibleDescription()

    def show_all(self, mistakes: "Sequence[Mistake]") -> None:
        """List all mistakes."""
        if not mistakes:
            title = self.tr("No mistakes: every test image was read correctly.")
        elif len(mistakes) > _MOST:
            title = self.tr("Mistakes: {count}, of which {shown} are shown").format(
                count=f"{len(mistakes):,}", shown=_MOST
            )
        else:
            title = self.tr("Mistakes: {count}").format(count=len(mistakes))
        self._show(title, mistakes, is_part=False)

    def show_cell(self, meant: str, read: str, count: int, mistakes: "Sequence[Mistake]") -> None:
        """List the mistakes of one cell.

        Args:
            meant, read: the class of the labels, and the class that the challenger read.
            count: the number in the cell.
            mistakes: the challenger's mistakes with these classes; none if it read correctly.
        """
        if meant == read:
            title = self.tr("{meant} read correctly: {count}").format(
                meant=meant, count=f"{count:,}"
            )
        else:
            title = self.tr("{meant} read as {read}: {count}").format(
                meant=meant, read=read, count=f"{count:,}"
            )
        self._show(title, mistakes, is_part=True)

    def _show(self, title: str, mistakes: "Sequence[Mistake]", *, is_part: bool) -> None:
        self._title.setText(breakable(title))
        self.list.setAccessibleDescription(title)
        self.all_button.setVisible(is_part)
        self._mistakes = tuple(mistakes[:_MOST])
        self._hint.setVisible(bool(self._mistakes))
        self.list.setVisible(bool(self._mistakes))
        self.list.clear()
        metrics = QFontMetrics(self.list.font())
        for mistake in self._mistakes:
            names = (mistake.meant, mistake.best_class)
            item = QListWidgetItem(" → ".join(_short(name, metrics) for name in names))
            sentence = self.tr("{meant} read as {read} with {probability}").format(
                meant=mistake.meant,
                read=mistake.best_class,
                probability=percent(mistake.probability),
            )
            item.setToolTip(f"<p>{html.escape(sentence)}</p>")
            item.setData(Qt.ItemDataRole.AccessibleTextRole, sentence)
            self.list.addItem(item)
        self._draw()

    def _draw(self) -> None:
        """Draw the pictures in the colours of the paper."""
        for row, mistake in enumerate(self._mistakes):
            self.list.item(row).setIcon(self._thumbnail(mistake.image))

    def _thumbnail(self, image: Ink) -> QIcon:
        ratio = self.devicePixelRatioF()
        side = round(_THUMBNAIL * ratio)
        picture = QPixmap.fromImage(image_of(image, colours(self)).scaled(side, side))
        picture.setDevicePixelRatio(ratio)
        icon = QIcon(picture)
        # Qt would tint the picture of the selected item.
        icon.addPixmap(picture, QIcon.Mode.Selected)
        return icon

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(self._mistakes[self.list.row(item)])

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self._draw()
        super().changeEvent(event)


class _Pictures(QListWidget):
    """A list of pictures that leaves letters to the window, where they are shortcuts."""

    def __init__(self) -> None:
        super().__init__()
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setIconSize(QSize(_THUMBNAIL, _THUMBNAIL))
        self.setGridSize(_CELL)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setMinimumHeight(2 * _CELL.height() + 8)

    def sizeHint(self) -> QSize:
        """Ask for two rows."""
        return QSize(260, 2 * _CELL.height() + 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, choose, or leave the key to the window."""
        if event.text().isprintable() and event.text() and event.key() != Qt.Key.Key_Space:
            event.ignore()
        else:
            super().keyPressEvent(event)


def _short(name: str, metrics: QFontMetrics) -> str:
    """Return the name of a class, elided to half the width of a picture."""
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, _THUMBNAIL // 2 - 6)
