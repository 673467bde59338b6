"""The live figures of a training."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

if TYPE_CHECKING:
    from lenet_desktop.training.progress import TrainingProgress

_NAMES = (
    "epoch",
    "images per second",
    "elapsed",
    "remaining",
    "learning rate",
    "best validation accuracy",
)
_NOTHING = "—"


class TrainingFigures(QWidget):
    """A row of names, each with a figure below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        self._figures: list[QLabel] = []
        for column, name in enumerate(_NAMES):
            title, figure = QLabel(name), QLabel(_NOTHING)
            font = title.font()
            font.setPointSizeF(font.pointSizeF() * 0.9)
            title.setFont(font)
            figure.setAccessibleDescription(name)
            layout.addWidget(title, 0, column)
            layout.addWidget(figure, 1, column)
            self._figures.append(figure)

    @property
    def texts(self) -> dict[str, str]:
        """The figures that are shown, by name."""
        return dict(zip(_NAMES, (figure.text() for figure in self._figures), strict=True))

    def clear(self) -> None:
        """Show no figures."""
        for figure in self._figures:
            figure.setText(_NOTHING)

    def show_progress(self, now: "TrainingProgress") -> None:
        """Show the latest figures of a training."""
        best = now.best_validation_accuracy
        texts = (
            f"{now.epoch} of {now.epochs}",
            f"{now.digits_per_second:,.0f}",
            _clock(now.elapsed_seconds),
            _clock(now.remaining_seconds) if now.step else _NOTHING,
            f"{now.learning_rate:.5f}",
            _NOTHING if best is None else f"{best:.2%}",
        )
        for figure, text in zip(self._figures, texts, strict=True):
            figure.setText(text)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
