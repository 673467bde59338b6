"""The page 'What if?': the smallest change to another class, and what the network likes best."""

from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QHideEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.drawing.strokes import Drawing, Ink, Rect
from lenet_desktop.inference.inside.layers import Layer, LayerKind
from lenet_desktop.inference.inside.unit import Unit
from lenet_desktop.percent import percent
from lenet_desktop.ui.pad.overlays.over_paper import OverPaper
from lenet_desktop.ui.why.ink_overlay import InkOverlay
from lenet_desktop.ui.why.key import Key
from lenet_desktop.ui.workers.explaining import ExplainingWorker

if TYPE_CHECKING:
    from lenet_desktop.inference.inside.reading import InsideReading
    from lenet_desktop.inference.inside.synthesis import Growth


class _Doing(Enum):
    NOTHING = 0
    CHANGE = 1
    DREAM = 2


class WhatIfPage(QWidget):
    """Shows on the paper how ink is changed, or how a dream grows, until one stops it.

    Args:
        worker: computes it; it belongs to the caller.
        overlay: shows changes over the ink.
        over_paper: shows dreams instead of the drawing.

    Attributes:
        change_box, dream_box: the class to change to; the class, map or neuron that dreams.
        change_button, dream_button, stop_button: begin and stop.
    """

    def __init__(
        self,
        worker: ExplainingWorker,
        overlay: InkOverlay,
        over_paper: OverPaper,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._worker, self._overlay, self._over_paper = worker, overlay, over_paper
        self._reading: InsideReading | None = None
        self._drawing = Drawing()
        self._classes: tuple[str, ...] = ()
        self._layers: tuple[Layer, ...] = ()
        self._was_chosen = False
        self._number, self._doing, self._name = -1, _Doing.NOTHING, ""
        self._target = self._dreamer = 0
        self._is_own = False
        self._dreamed: Ink | None = None
        self.setAccessibleName(self.tr("What if?"))
        self.change_box, self.dream_box = QComboBox(), QComboBox()
        self.change_box.setAccessibleName(self.tr("The class that it would be"))
        self.dream_box.setAccessibleName(self.tr("Who dreams"))
        for box in (self.change_box, self.dream_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.change_button = QPushButton(self.tr("Find the change"))
        self.dream_button = QPushButton(self.tr("Dream"))
        self.stop_button = QPushButton(self.tr("Stop"))
        self._change_label = QLabel(self.tr("What would be a"))
        self._dream_label = QLabel(self.tr("What is liked best by"))
        self._key = Key()
        self._key.set_texts(self.tr("added"), self.tr("removed"))
        self._result, self._explanation = QLabel(), QLabel()
        for label in (self._result, self._explanation):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
        self._explanation.setText(
            self.tr(
                "Both are found by gradient steps on the pixels. They show what this network "
                "answers to: it can be sure of an input in which a person sees nothing."
            )
        )
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        for row, widgets in enumerate(
            (
                (self._change_label, self.change_box, self.change_button),
                (self._dream_label, self.dream_box, self.dream_button),
            )
        ):
            for column, widget in enumerate(widgets):
                grid.addWidget(widget, row, column)
        grid.addWidget(self._key, 0, 3)
        stop = QHBoxLayout()
        stop.addWidget(self.stop_button)
        stop.addStretch(1)
        grid.addLayout(stop, 1, 3)
        grid.setColumnStretch(3, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(grid)
        layout.addWidget(self._result)
        layout.addWidget(self._explanation)
        layout.addStretch(1)
        self.change_box.activated.connect(self._choose)
        self.change_button.clicked.connect(self._change)
        self.dream_button.clicked.connect(self._dream)
        self.stop_button.clicked.connect(self.stop)
        worker.grown.connect(self._take_growth)
        worker.ended.connect(self._take_end)
        worker.failed.connect(self._take_failure)
        over_paper.closed.connect(self._wake)
        self._update_buttons()

    @property
    def text(self) -> str:
        """The sentence about the progress or the result."""
        return self._result.text()

    @property
    def is_busy(self) -> bool:
        """Whether something grows."""
        return self._doing is not _Doing.NOTHING

    def show_reading(self, reading: "InsideReading | None", drawing: Drawing | None = None) -> None:
        """Take another reading; a change of the last one ends if the sample is another one.

        Args:
            reading: the values inside the network; None, or that of a bare sample, without ink.
            drawing: what its sample was made of: of a number, the strokes of the digit only.
        """
        if reading is not None:
            if self._layers and reading.layers is not self._layers:
                self._forget()
            self._list_classes(reading)
            if not reading.sample.any():
                reading = None
        before = self._reading
        is_same = (
            before is not None
            and reading is not None
            and np.array_equal(before.sample, reading.sample)
        )
        self._reading, self._drawing = reading, drawing or Drawing()
        if self._doing is _Doing.CHANGE and not is_same:
            self._finish()
        if not is_same and self._doing is not _Doing.DREAM:
            self._overlay.clear()
            self._result.setText("")
        self._update_buttons()

    def set_target(self, index: int) -> None:
        """Choose the class that the ink would be, and that dreams."""
        self.change_box.setCurrentIndex(index)
        self.dream_box.setCurrentIndex(index)
        self._was_chosen = True

    def set_unit(self, unit: Unit | None) -> None:
        """Offer the map or neuron of a unit to dream; None for classes only."""
        count = len(self._classes)
        if self.dream_box.currentIndex() < count:
            self._dreamer = self.dream_box.currentIndex()
        while self.dream_box.count() > count:
            self.dream_box.removeItem(count)
        self.dream_box.setCurrentIndex(self._dreamer)
        if unit is None or unit.layer >= len(self._layers) - 1:
            return
        layer = self._layers[unit.layer]
        if layer.kind is LayerKind.SAMPLE:
            return
        text = (
            self.tr("map {number} of {layer}")
            if layer.has_maps
            else self.tr("neuron {number} of {layer}")
        )
        name = text.format(number=unit.number + 1, layer=layer.name)
        self.dream_box.addItem(name, (unit.layer, unit.number))
        self.dream_box.setCurrentIndex(count)

    def stop(self) -> None:
        """Stop what grows; what has grown so far stays."""
        if self.is_busy:
            self._finish()
            self._result.setText(self.tr("Stopped. {text}").format(text=self._result.text()))

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop, and show the drawing as it is."""
        super().hideEvent(event)
        self._forget()

    def _forget(self) -> None:
        """End what grows, and show nothing of it: it is not asked for, or another network's."""
        if self.is_busy:
            self._finish()
        self._overlay.clear()
        self._result.setText("")
        if self._has_paper:
            self._over_paper.back()

    def _list_classes(self, reading: "InsideReading") -> None:
        self._layers = reading.layers
        probabilities, classes = reading.intact.probabilities, reading.intact.classes
        if classes != self._classes:
            self._classes, self._was_chosen = classes, False
            for box in (self.change_box, self.dream_box):
                box.clear()
                box.addItems(classes)
            self.dream_box.setCurrentIndex(int(probabilities.argmax()))
        best, second = np.argsort(-probabilities)[:2].tolist()
        if not self._was_chosen or self.change_box.currentIndex() == best:
            # What it would be after the answer.
            self.change_box.setCurrentIndex(second)

    @property
    def _has_paper(self) -> bool:
        """Whether a dream lies over the paper, and nothing else that was shown since."""
        return self._is_own and self._over_paper.image is self._dreamed

    def _choose(self) -> None:
        self._was_chosen = True

    def _change(self) -> None:
        reading, target = self._reading, self.change_box.currentIndex()
        if reading is None or target < 0:
            return
        self._over_paper.back()
        self._begin(_Doing.CHANGE, self._classes[target], target)
        self._number = self._worker.change(reading.sample, self._drawing, target)

    def _dream(self) -> None:
        index = self.dream_box.currentIndex()
        if index < 0:
            return
        self._overlay.clear()
        self._begin(_Doing.DREAM, self.dream_box.currentText(), index)
        layer, number = self.dream_box.currentData() or (None, index)
        self._number = self._worker.dream(number, layer)

    def _begin(self, doing: _Doing, name: str, target: int) -> None:
        self._doing, self._name, self._target = doing, name, target
        self._result.setText(self.tr("Beginning…"))
        self._update_buttons()

    def _finish(self) -> None:
        self._worker.cancel(self._number)
        self._doing, self._number = _Doing.NOTHING, -1
        had_focus = self.stop_button.hasFocus()
        self._update_buttons()
        if had_focus:
            self.change_button.setFocus()

    def _update_buttons(self) -> None:
        # The stop button is enabled before the others are disabled: focus can move there.
        self.stop_button.setEnabled(self.is_busy)
        self.change_button.setEnabled(self._reading is not None and not self.is_busy)
        self.dream_button.setEnabled(bool(self._classes) and not self.is_busy)

    def _take_growth(self, number: int, growth: "Growth", ink_box: Rect | None) -> None:
        if number != self._number:
            return
        self._show(growth, ink_box)
        if not self.is_busy:
            return
        progress = self.tr("Step {step} of {steps}.")
        text = progress.format(step=growth.step, steps=growth.steps)
        self._result.setText(f"{text} {self._state_of(growth)}".strip())

    def _take_end(self, number: int, growth: "Growth", ink_box: Rect | None) -> None:
        if number != self._number:
            return
        self._show(growth, ink_box)
        if not self.is_busy:
            return
        if self._doing is _Doing.CHANGE:
            self._result.setText(self._result_of_change(growth))
            if not growth.is_found:
                self._overlay.clear()  # what was tried would look like an answer
        else:
            text = self.tr("This is what {name} likes best. Nobody wrote it.")
            state = self._state_of(growth)
            self._result.setText(f"{text.format(name=self._name)} {state}".strip())
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.text))
        self._finish()

    def _result_of_change(self, growth: "Growth") -> str:
        if not growth.is_found:
            text = self.tr(
                "No change was found in {steps} steps that makes the network sure of {name}."
            )
            return text.format(steps=growth.steps, name=self._name)
        assert self._reading is not None
        share = growth.change / max(float(self._reading.sample.sum()), 1e-9)
        text = self.tr(
            "With a change of {share} of the ink the network takes it for {name}, with "
            "{probability}. It is the smallest change that was found."
        )
        return text.format(
            share=percent(share, 0), name=self._name, probability=percent(growth.probability or 0)
        )

    def _state_of(self, growth: "Growth") -> str:
        if growth.probability is None:
            return ""
        text = self.tr("The network gives {name} a probability of {probability}.")
        return text.format(name=self._name, probability=percent(growth.probability))

    def _show(self, growth: "Growth", ink_box: Rect | None) -> None:
        if self._doing is _Doing.CHANGE and self._reading is not None:
            self._overlay.show_change(self._reading.sample, growth.sample, ink_box)
        elif self._doing is _Doing.DREAM:
            image = (growth.sample * 255).astype(np.uint8)
            title = self.tr("A dream of {name}").format(name=self._name)
            label = self.tr("An input that the network likes. Nobody wrote it.")
            lines = (title, label, self._state_of(growth))
            if self._has_paper:
                self._over_paper.update_image(image, lines)
            elif self._is_own:
                # The user looks at something else.
                self._is_own = False
                self.stop()
            else:
                self._over_paper.show_image(image, lines)
                self._is_own = True
            self._dreamed = image

    def _wake(self) -> None:
        """End the dream: the user goes back to the drawing."""
        self._is_own = False
        if self._doing is _Doing.DREAM:
            self.stop()

    def _take_failure(self, sentence: str) -> None:
        if self.is_busy:
            self._finish()
            self._result.setText(sentence)
