"""The live figures of a training."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from lenet_desktop.percent import percent

if TYPE_CHECKING:
    from lenet_desktop.training.progress import TrainingProgress

_NOTHING = "—"


class TrainingFigures(QWidget):
    """Names and figures in two columns."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(10)
        layout.setVerticalSpacing(2)
        names = (
            self.tr("Epoch"),
            self.tr("Images a second"),
            self.tr("Best validation accuracy"),
            self.tr("Learning rate"),
            self.tr("Elapsed"),
        )
        self._figures: dict[str, QLabel] = {}
        for row, name in enumerate(names):
            title, figure = QLabel(name), QLabel(_NOTHING)
            title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            figure.setAccessibleDescription(name)
            figure.setAlignment(Qt.AlignmentFlag.AlignRight)
            layout.addWidget(title, row, 0)
            layout.addWidget(figure, row, 1)
            self._figures[name] = figure

    @property
    def texts(self) -> dict[str, str]:
        """The figures that are shown, by name."""
        return {name: figure.text() for name, figure in self._figures.items()}

    def clear(self) -> None:
        """Show no figures."""
        for figure in self._figures.values():
            figure.setText(_NOTHING)

    def show_progress(self, now: "TrainingProgress") -> None:
        """Show the latest figures of a training."""
        best = now.best_validation_accuracy
        minutes, seconds = divmod(round(now.elapsed_seconds), 60)
        texts = (
            self.tr("{epoch} of {epochs}").format(epoch=now.epoch, epochs=now.epochs),
            f"{now.digits_per_second:,.0f}" if now.step else _NOTHING,
            _NOTHING if best is None else percent(best, decimals=2),
            f"{now.learning_rate:.5f}" if now.step else _NOTHING,
            f"{minutes}:{seconds:02d}",
        )
        for figure, text in zip(self._figures.values(), texts, strict=True):
            figure.setText(text)
