"""Opens 'My samples', and lets one practise."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.teaching.labelling import Labelling
from lenet_desktop.ui.teaching.practice import Practice, Turn
from lenet_desktop.ui.window.reading import Reading

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSample
    from lenet_desktop.ui.samples.dialog import SamplesDialog


class OwnSamples(QObject):
    """The person's own samples in the window: all that adds to them, and the dialog of them.

    Signals:
        failed (str): one sentence about what could not be written.
        learning_chosen (tuple[str, ...]): a model is to learn from the samples of these classes.

    Attributes:
        practice: asks for drawings.
        dialog: 'My samples'; None until it is first opened.
    """

    failed = Signal(str)
    learning_chosen = Signal(tuple)

    def __init__(
        self,
        canvas: Canvas,
        reading: Reading,
        labelling: Labelling,
        session: Session,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._window = session, parent
        self.practice = Practice(canvas, reading, session, parent)
        self.dialog: SamplesDialog | None = None
        self._others: tuple[str, ...] = ()  # shown in place of the classes of the model in use
        self.practice.running_changed.connect(labelling.pause)
        self.practice.failed.connect(self.failed)
        for changed in (self.practice.written, labelling.labelled, labelling.taken_back):
            changed.connect(self._read_again)
        session.model_changed.connect(self._read_again)

    def open(self) -> None:
        """Show the samples of the classes of the model in use."""
        self.show_classes(())

    def show_practised(self) -> None:
        """Show the samples of the classes that were asked for last."""
        self.show_classes(self.practice.classes)

    def show_classes(self, classes: tuple[str, ...]) -> None:
        """Show the samples of these classes; of those of the model in use if there are none."""
        from lenet_desktop.ui.samples.dialog import SamplesDialog

        if self._session.model is None:
            return
        if self.dialog is None:
            self.dialog = SamplesDialog(self._window)
            self.dialog.practice_chosen.connect(self._practise_shown)
            self.dialog.redraw_chosen.connect(self._draw_again)
            self.dialog.learning_chosen.connect(self._learn)
            self.dialog.file.failed.connect(self._tell_of_failure)
        self._others = classes
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self._read_again()

    def begin_practice(self) -> None:
        """Ask for drawings of all classes of the model in use."""
        self._show_paper()
        self.practice.start()

    def _practise_shown(self) -> None:
        self._show_paper()
        self.practice.start(classes=self._others)

    def is_written(self) -> bool:
        """Wait until all is written; return False if ``failed`` will say why not."""
        is_written = self.practice.is_written()
        return (self.dialog is None or self.dialog.file.is_written()) and is_written

    def stop(self) -> None:
        """End all threads once everything is written."""
        self.practice.stop()
        if self.dialog is not None:
            self.dialog.shut_down()

    def _learn(self) -> None:
        self._show_paper()
        if self.dialog is not None:
            self.learning_chosen.emit(self.dialog.file.classes)

    def _draw_again(self, samples: "list[OwnSample]") -> None:
        if samples:
            self._show_paper()
            turns = [Turn(sample.label, sample) for sample in samples]
            self.practice.start(turns, self._others)

    def _show_paper(self) -> None:
        """Close the dialog, which would lie over the paper."""
        if self.dialog is not None:
            self.dialog.close()
        self._window.activateWindow()

    def _read_again(self) -> None:
        model = self._session.model
        if self.dialog is not None and self.dialog.isVisible() and model is not None:
            self.dialog.show_classes(self._others or model.card.classes)

    def _tell_of_failure(self, sentence: str) -> None:
        """Tell in the window what the dialog cannot: it is closed."""
        if self.dialog is None or not self.dialog.isVisible():
            self.failed.emit(sentence)
