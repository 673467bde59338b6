"""The slider through the moments of a training."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QSlider, QStyle, QStyleOptionSlider


class MomentSlider(QSlider):
    """A place for each moment; at its right end it follows the newest one.

    Signals:
        step_chosen (int | None): the user has moved it to the moment of this step, or to its end.
    """

    step_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self._steps: list[int] = []
        self._chosen: int | None = None
        self.setPageStep(5)
        self.setAccessibleName(self.tr("Moment of the training"))
        self.setToolTip(self.tr("Go back to an earlier moment; at the right end it follows"))
        self.valueChanged.connect(self._take_value)

    def show_steps(self, steps: Sequence[int]) -> None:
        """Have a place for each of these steps; the chosen one, or its neighbour, stays chosen."""
        self._steps = list(steps)
        last = max(len(steps) - 1, 0)
        value = last
        if self._chosen is not None and last:
            value = min(range(last), key=lambda i: abs(steps[i] - (self._chosen or 0)))
        self.blockSignals(True)
        self.setRange(0, last)
        self.setValue(value)
        self.blockSignals(False)

    def follow(self) -> None:
        """Go to the right end."""
        self.setValue(self.maximum())

    def _take_value(self, value: int) -> None:
        self._chosen = self._steps[value] if value < self.maximum() else None
        self.step_chosen.emit(self._chosen)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the drawer, which it scrolls."""
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Move the handle to the mouse; Qt would move it a page towards it."""
        if event.button() == Qt.MouseButton.LeftButton:
            option = QStyleOptionSlider()
            self.initStyleOption(option)
            handle = self.style().subControlRect(
                QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, self
            )
            at = round(event.position().x() - handle.width() / 2)
            room = self.width() - handle.width()
            self.setValue(QStyle.sliderValueFromPosition(0, self.maximum(), at, room))
        super().mousePressEvent(event)
