"""The page 'Why?': what speaks for a class, and what against it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from lenet_desktop.drawing.strokes import Drawing, Rect
from lenet_desktop.inference.inside.methods import Method
from lenet_desktop.percent import percent
from lenet_desktop.ui.why.ink_overlay import InkOverlay, change_text
from lenet_desktop.ui.why.key import Key
from lenet_desktop.ui.workers.explaining import ExplainingWorker

if TYPE_CHECKING:
    from lenet_desktop.inference.inside.methods import Attribution
    from lenet_desktop.inference.inside.reading import InsideReading

_STROKES = "strokes"
# It takes a reading for each stroke.
_MOST_STROKES = 24
# While one draws, nothing is explained: the recognition has the processor for itself.
_REST_MS = 150


class WhyPage(QWidget):
    """Asks the worker about the last reading while the page is visible, and shows the answer.

    Args:
        worker: explains answers; it belongs to the caller.
        overlay: shows the answer over the ink.

    Attributes:
        target_box: the class; the first entry follows the answer.
        method_box: how it is explained.
    """

    def __init__(
        self, worker: ExplainingWorker, overlay: InkOverlay, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._worker, self._overlay = worker, overlay
        self._reading: InsideReading | None = None
        self._drawing = Drawing()
        self._number = -1
        self._classes: tuple[str, ...] = ()
        self._listed = -1
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_REST_MS)
        self._timer.timeout.connect(self._ask)
        self.setAccessibleName(self.tr("Why this answer?"))
        self.target_box, self.method_box = QComboBox(), QComboBox()
        self.target_box.setAccessibleName(self.tr("The class to explain"))
        self.target_box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.method_box.setAccessibleName(self.tr("How it is explained"))
        for method, text in (
            (Method.SHAPLEY, self.tr("Shapley values")),
            (Method.INTEGRATED_GRADIENTS, self.tr("Integrated gradients")),
            (Method.OCCLUSION, self.tr("Occlusion")),
            (_STROKES, self.tr("Strokes left out")),
        ):
            self.method_box.addItem(text, str(method))
        self._explanation, self._result = QLabel(), QLabel()
        for label in (self._explanation, self._result):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._key = Key()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.target_box)
        row.addWidget(self.method_box)
        row.addWidget(self._key)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self._result)
        layout.addWidget(self._explanation)
        layout.addStretch(1)
        self.target_box.currentIndexChanged.connect(self._ask)
        self.method_box.currentIndexChanged.connect(self._explain)
        self.method_box.currentIndexChanged.connect(self._ask)
        worker.attributed.connect(self._take_attribution)
        worker.strokes_weighed.connect(self._take_strokes)
        worker.failed.connect(self._take_failure)
        self._explain()

    @property
    def target(self) -> int | None:
        """The index of the class that is explained; None if there is no reading."""
        if self._reading is None:
            return None
        chosen = self.target_box.currentIndex()
        return chosen - 1 if chosen > 0 else self._best

    @property
    def _best(self) -> int:
        assert self._reading is not None
        return int(self._reading.intact.probabilities.argmax())

    @property
    def text(self) -> str:
        """The sentence about the result."""
        return self._result.text()

    @property
    def explanation(self) -> str:
        """The sentence about what the method can tell."""
        return self._explanation.text()

    def show_reading(self, reading: "InsideReading | None", drawing: Drawing | None = None) -> None:
        """Explain another reading.

        Args:
            reading: the values inside the network; None, or that of a bare sample, without ink.
            drawing: what its sample was made of: of a number, the strokes of the digit only.
        """
        if reading is not None and not reading.sample.any():
            reading = None
        self._reading, self._drawing = reading, drawing or Drawing()
        if reading is None:
            self._ask()
        else:
            self._list_classes()
            self._timer.start()

    def set_target(self, index: int | None) -> None:
        """Explain a class; None for whichever is the answer."""
        self.target_box.setCurrentIndex(0 if index is None else index + 1)

    def showEvent(self, event: QShowEvent) -> None:
        """Ask."""
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Remove what is over the ink."""
        super().hideEvent(event)
        self._leave()

    def _list_classes(self) -> None:
        assert self._reading is not None
        classes, best = self._reading.intact.classes, self._best
        if (classes, best) == (self._classes, self._listed):
            return
        self._listed = best
        chosen = self.target_box.currentIndex() if classes == self._classes else 0
        self.target_box.blockSignals(True)
        if classes != self._classes:
            self._classes = classes
            self.target_box.clear()
            self.target_box.addItems([""] * (len(classes) + 1))
        self.target_box.setItemText(0, self.tr("Why {name}?").format(name=classes[best]))
        for index, name in enumerate(classes):
            text = self.tr("Why {name}?") if index == best else self.tr("Why not {name}?")
            self.target_box.setItemText(index + 1, text.format(name=name))
        self.target_box.setCurrentIndex(max(chosen, 0))
        self.target_box.blockSignals(False)

    def _explain(self) -> None:
        method = self.method_box.currentData()
        self._explanation.setText(
            {
                Method.SHAPLEY: self.tr(
                    "What each pixel adds on average when the ink comes in random order. The most "
                    "faithful of the three here, but it says nothing about ink that is missing, "
                    "and incomplete digits are not what the network has learned."
                ),
                Method.INTEGRATED_GRADIENTS: self.tr(
                    "How strongly each pixel pulls while the ink grows from pale to full. Quick, "
                    "and it adds up; but it follows only pale copies of the drawing, and says "
                    "nothing about ink that is missing."
                ),
                Method.OCCLUSION: self.tr(
                    "What is lost when a square of 7 by 7 pixels is covered with paper. Easy to "
                    "check by erasing, but coarse, and blind to parts that replace each other."
                ),
            }.get(
                method,
                self.tr(
                    "How the probability changes when a stroke is left out and the rest is read "
                    "again. Exact, but the rest may look like something that nobody writes."
                ),
            )
        )
        if method == _STROKES:
            self._key.set_texts(self.tr("carries the class"), self.tr("stands in its way"))
        else:
            self._key.set_texts(self.tr("speaks for it"), self.tr("speaks against it"))

    def _ask(self) -> None:
        self._timer.stop()
        if not self.isVisible():
            return
        target, reading = self.target, self._reading
        if reading is None or target is None:
            self._leave()
            self._result.setText(self.tr("Draw something to see what speaks for the answer."))
            return
        if self.method_box.currentData() != _STROKES:
            method = Method(self.method_box.currentData())
            self._number = self._worker.attribute(reading.sample, self._drawing, target, method)
        elif 0 < len(self._drawing.strokes) <= _MOST_STROKES:
            self._number = self._worker.weigh_strokes(self._drawing, target)
        else:
            self._leave()
            self._result.setText(
                self.tr("This drawing has too many strokes to leave out each.")
                if self._drawing.strokes
                else self.tr("This is a picture: it has no strokes.")
            )

    def _leave(self) -> None:
        self._overlay.clear()
        if self._number >= 0:
            self._worker.cancel(self._number)
            self._number = -1

    def _take_attribution(self, number: int, found: "Attribution", ink_box: Rect | None) -> None:
        if number != self._number or self._reading is None:
            return
        self._overlay.show_attribution(found.values, self._reading.sample, ink_box)
        self._say(self._probability_text(found.target, found.probability))

    def _take_strokes(self, number: int, changes: tuple[float, ...]) -> None:
        target = self.target
        if number != self._number or self._reading is None or target is None:
            return
        self._overlay.show_strokes(self._drawing.strokes, changes)
        probability = float(self._reading.intact.probabilities[target])
        each = ", ".join(
            self.tr("stroke {number}: {change}").format(number=n, change=change_text(change))
            for n, change in enumerate(changes, 1)
        )
        if len(changes) == 1:
            each = self.tr("it is one stroke, and without it nothing is left")
        self._say(f"{self._probability_text(target, probability)} {each[:1].upper()}{each[1:]}.")

    def _probability_text(self, target: int, probability: float) -> str:
        text = self.tr("The network gives {name} a probability of {probability}.")
        return text.format(name=self._classes[target], probability=percent(probability))

    def _say(self, text: str) -> None:
        if self._reading is not None and self._reading.off:
            text += " " + self.tr("Here all maps and neurons are switched on.")
        self._result.setText(text)

    def _take_failure(self, sentence: str) -> None:
        if self._number >= 0:
            self._result.setText(sentence)
