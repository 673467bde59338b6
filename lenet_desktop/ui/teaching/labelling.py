"""What the person says the drawing is becomes one of their own samples."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from lenet_desktop.drawing.strokes import Drawing
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.teaching.label_menu import LabelMenu
from lenet_desktop.ui.teaching.label_row import LabelRow
from lenet_desktop.ui.workers.writing import WritingWorker

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSample

_TAKEN_BACK = ""


@dataclass(frozen=True, eq=False)
class Offer:
    """What can be labelled.

    Attributes:
        whole: the drawing.
        digit: the index of the chosen digit; 0 for a single one.
        part: the strokes of that digit, or the whole drawing.
        best_class: what it was read as, whatever the verdict.
        classes: what it may be.
        is_refused: whether it was read as none of them.
    """

    whole: Drawing
    digit: int
    part: Drawing
    best_class: str
    classes: tuple[str, ...]
    is_refused: bool = False

    def is_same(self, other: "Offer | None") -> bool:
        """Return whether it is the same digit of the same drawing."""
        return other is not None and self.whole is other.whole and self.digit == other.digit


class Labelling(QObject):
    """Writes labelled drawings into the user's folder, and takes the last one back.

    Signals:
        labelled (str): a drawing was written as a sample of this class.
        taken_back (): the last sample was removed.
        failed (str): one sentence about what could not be written.

    Attributes:
        menu: says what the drawing is.
    """

    labelled = Signal(str)
    taken_back = Signal()
    failed = Signal(str)

    def __init__(self, canvas: Canvas, row: LabelRow, parent: QWidget) -> None:
        super().__init__(parent)
        self.menu = LabelMenu(parent)
        self._canvas, self._row = canvas, row
        self._offer: Offer | None = None
        self._is_paused = False
        self._labelled: Offer | None = None
        self._path: Path | None = None
        self._last: list[OwnSample] = []  # once it is written
        self._worker = WritingWorker(self)
        self._worker.written.connect(self._take_written)
        self._worker.failed.connect(self._take_failed)
        self._failures_told = 0
        row.set_menu(self.menu)
        row.right.clicked.connect(self.menu.right.trigger)
        row.undo.clicked.connect(self.take_back)
        self.menu.labelled.connect(self._label)

    def offer(self, offer: Offer | None) -> None:
        """Offer to label what was read; None if there is no answer, or while the pen is down."""
        self._offer = offer = None if self._is_paused else offer
        if offer is not None:
            self.menu.set_classes(offer.classes)
            if offer.is_same(self._labelled):
                return
        is_refused = offer is not None and offer.is_refused
        self.menu.show_answer("" if offer is None else offer.best_class, is_refused=is_refused)
        self._row.show_offer(offer is not None, is_refused=is_refused)

    def pause(self, paused: bool) -> None:
        """Offer nothing while the program itself says what is to be drawn."""
        self._is_paused = paused
        self.offer(self._offer)

    def take_back(self) -> None:
        """Remove the last sample, and offer to label the drawing again."""
        from lenet_desktop.data import own_samples

        path, self._path, last = self._path, None, self._last
        if path is not None:
            # The worker has written the sample before it does this.
            self._worker.write(path, lambda: own_samples.delete(path, last), _TAKEN_BACK)
        self._labelled = None
        self.offer(self._offer)

    def is_written(self) -> bool:
        """Wait until all is written; return False if ``failed`` will say why not."""
        return self._worker.wait_until_written() == self._failures_told

    def stop(self) -> None:
        """End the thread once everything is written."""
        self._worker.blockSignals(True)
        self._worker.stop()

    def _label(self, label: str) -> None:
        from lenet_desktop.data import own_samples

        offer = self._offer
        if offer is None or offer.is_same(self._labelled):
            return
        self._labelled = offer
        self.menu.show_answer("")
        self._row.show_label(label)
        path = self._path = own_samples.file_of(offer.classes)
        ink = self._canvas.ink()
        last = self._last = []

        def add() -> None:
            last.append(own_samples.add(path, offer.part, ink, label))

        self._worker.write(path, add, label)

    def _take_written(self, label: str) -> None:
        if label == _TAKEN_BACK:
            self.taken_back.emit()
        else:
            self.labelled.emit(label)

    def _take_failed(self, sentence: str) -> None:
        self._failures_told += 1
        self._labelled = None
        self.offer(self._offer)
        self.failed.emit(sentence)
