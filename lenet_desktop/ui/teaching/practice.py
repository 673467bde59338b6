"""Practice: the program asks for one class after the other, and each drawing becomes a sample."""

import random
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from lenet_desktop.drawing.strokes import Drawing, Ink
from lenet_desktop.ui.answer.answer_texts import are_digits
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.teaching.practice_strip import PracticeStrip
from lenet_desktop.ui.teaching.turns import balanced_turns
from lenet_desktop.ui.window.reading import Reading
from lenet_desktop.ui.workers.writing import WritingWorker

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import Deleted, OwnSample

# How long the pen is up before the drawing is taken, in milliseconds.
_PAUSE_MS = 800


@dataclass(frozen=True, eq=False)
class Turn:
    """What is asked for.

    Attributes:
        label: the class.
        replaced: the sample that the new one takes the place of; None for none.
    """

    label: str
    replaced: "OwnSample | None" = None


@dataclass(eq=False)
class _Taken:
    """A drawing that was taken.

    Attributes:
        turn: what was asked for.
        drawing: the drawing.
        is_right: whether it was read as what was asked for.
        sample: what was written; None until then.
        deleted: the sample that it took the place of, once that is deleted.
    """

    turn: Turn
    drawing: Drawing
    is_right: bool
    sample: "OwnSample | None" = None
    deleted: "Deleted | None" = None


class Practice(QObject):
    """Asks for drawings, and writes each into the person's own samples.

    A drawing is taken when the pen has been up for a moment, or at Enter; the paper is empty for
    the next one then. What was on the paper before comes back at the end.

    Signals:
        running_changed (bool): it has begun, or ended.
        written (): a sample was written or removed.
        ended (str): one sentence about how the drawings were read, once all are written; if the
            model in use does not know the classes, about their number.
        failed (str): one sentence about a drawing that could not be written. The practice has
            ended, and the drawing is on the paper.

    Attributes:
        strip: what is shown above the paper.
    """

    running_changed = Signal(bool)
    written = Signal()
    ended = Signal(str)
    failed = Signal(str)

    def __init__(self, canvas: Canvas, reading: Reading, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.strip = PracticeStrip()
        self._canvas, self._reading, self._session = canvas, reading, session
        self._running = False
        self._classes: tuple[str, ...] = ()
        self._is_read = True  # the model in use knows the classes
        self._path = Path()
        self._turns: deque[Turn] = deque()
        self._taken: list[_Taken] = []
        self._before: tuple[Drawing, tuple[Ink, Ink]] | None = None
        self._waits_for_answer = False
        self._pending = 0
        self._countdown = QVariantAnimation(self)
        self._countdown.setDuration(_PAUSE_MS)
        self._countdown.setStartValue(1.0)
        self._countdown.setEndValue(0.0)
        self._countdown.valueChanged.connect(self.strip.show_countdown)
        self._countdown.finished.connect(self.take)
        self._keys = [QShortcut(QKeySequence(key), canvas) for key in ("Return", "Enter")]
        for key in self._keys:
            # Elsewhere in the window the key has another meaning.
            key.setContext(Qt.ShortcutContext.WidgetShortcut)
            key.setEnabled(False)
            key.setAutoRepeat(False)
            key.activated.connect(self.take)
        self._worker = WritingWorker(self)
        self._worker.written.connect(self._take_written)
        self._worker.failed.connect(self._take_failed)
        self._failures_told = 0
        canvas.drawing_changed.connect(lambda _: self._follow_pen())
        canvas.pen_lifted.connect(self._follow_pen)
        reading.number_changed.connect(lambda _: self._take_answered())
        session.model_changed.connect(lambda _: self._follow_model())
        session.failed.connect(lambda _: self._take_unread())
        self.strip.skipped.connect(self.skip)
        self.strip.undone.connect(self.undo)
        self.strip.ended.connect(self.end)

    @property
    def is_running(self) -> bool:
        """Whether drawings are asked for."""
        return self._running

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes that were asked for last."""
        return self._classes

    def start(self, turns: Sequence[Turn] = (), classes: tuple[str, ...] = ()) -> None:
        """Ask for drawings; do nothing while it runs.

        Args:
            turns: what is asked for; all classes if there are none.
            classes: the classes; those of the model in use if there are none. The model in use need
                not know them: then it is not told how the drawings were read.
        """
        from lenet_desktop.data import own_samples

        model = self._session.model
        if self._running or model is None or self._canvas.is_drawing:
            return
        self._classes = classes or model.card.classes
        self._is_read = model.card.classes == self._classes
        self._path = own_samples.file_of(self._classes)
        order = balanced_turns(self._classes, random.Random())
        self._turns = deque(turns or [Turn(label) for label in order])
        self._taken = []
        canvas = self._canvas
        self._before = None if canvas.is_blank else (canvas.drawing, canvas.inks())
        canvas.show_ghost(None)
        self._clear()
        self._set_running(True)
        self._ask()

    def take(self) -> None:
        """Take what is on the paper as a sample of the class that is asked for."""
        canvas = self._canvas
        if not self._running or canvas.is_blank or canvas.is_drawing:
            return
        self._stop_countdown()
        if not self._is_read:
            self._take("")
            return
        offer = self._reading.offer if self._reading.is_answered else None
        if offer is None:
            self._waits_for_answer = True  # a matter of milliseconds
        else:
            self._take("" if offer.is_refused else offer.best_class)

    def skip(self) -> None:
        """Ask for another class, and for this one at the end."""
        if self._running:
            self._turns.rotate(-1)
            self._clear()
            self._ask()

    def undo(self) -> None:
        """Remove the last sample, and ask for it again."""
        if not self._running or not self._taken:
            return
        taken = self._taken.pop()
        self._turns.appendleft(taken.turn)
        self._remove(taken)
        self._clear()
        self._ask()

    def end(self) -> None:
        """End the practice; do nothing if it does not run."""
        if not self._running:
            return
        self._set_running(False)
        self._clear()
        if self._before is not None:
            drawing, inks = self._before
            self._canvas.set_drawing(drawing, self.tr("practice"), inks)
            self._before = None
        self._sum_up()

    def is_written(self) -> bool:
        """Wait until all is written; return False if ``failed`` will say why not."""
        return self._worker.wait_until_written() == self._failures_told

    def stop(self) -> None:
        """End the thread once everything is written."""
        self._countdown.stop()
        self._worker.blockSignals(True)
        self._worker.stop()

    # The paper

    def _ask(self) -> None:
        if not self._turns:
            self.end()
            return
        done = len(self._taken)
        self.strip.show_turn(self._turns[0].label, done + 1, done + len(self._turns))

    def _take(self, answer: str) -> None:
        turn = self._turns.popleft()
        taken = _Taken(turn, self._canvas.drawing, answer == turn.label)
        self._taken.append(taken)
        self._write(taken, self._canvas.ink())
        self._clear()
        self._ask()

    def _take_unread(self) -> None:
        """Take the drawing although the network could not read it."""
        if self._waits_for_answer:
            self._take("")

    def _clear(self) -> None:
        """Empty the paper. Undo must not bring back a drawing of another class."""
        self._stop_countdown()
        self._canvas.clear()
        self._canvas.undo_stack.clear()

    def _follow_pen(self) -> None:
        """Wait for a moment after each change, and as long as the pen is down."""
        if not self._running:
            return
        self._stop_countdown()
        if not self._canvas.is_blank and not self._canvas.is_drawing:
            self.strip.show_countdown(1.0)
            self._countdown.start()

    def _stop_countdown(self) -> None:
        self._waits_for_answer = False
        self._countdown.stop()
        self.strip.show_countdown(0.0)

    def _take_answered(self) -> None:
        if self._waits_for_answer and self._reading.is_answered:
            self.take()

    def _follow_model(self) -> None:
        model = self._session.model
        if not self._running or model is None:
            return
        if self._is_read and model.card.classes != self._classes:
            self.end()

    def _set_running(self, running: bool) -> None:
        self._running = running
        for key in self._keys:
            key.setEnabled(running)
        self.strip.setVisible(running)
        self._canvas.setFocus()
        self.running_changed.emit(running)

    # The file

    def _write(self, taken: _Taken, ink: Ink) -> None:
        from lenet_desktop.data import own_samples

        path, turn = self._path, taken.turn

        def write() -> None:
            taken.sample = own_samples.add(path, taken.drawing, ink, turn.label)
            if turn.replaced is not None:
                taken.deleted = own_samples.delete(path, [turn.replaced])

        self._pending += 1
        self._worker.write(path, write, taken)

    def _remove(self, taken: _Taken) -> None:
        from lenet_desktop.data import own_samples

        path = self._path

        def remove() -> None:
            if taken.sample is not None:
                own_samples.delete(path, [taken.sample])
            if taken.deleted is not None:
                own_samples.restore(path, taken.deleted)

        self._pending += 1
        self._worker.write(path, remove, None)

    def _take_written(self) -> None:
        self._pending -= 1
        self.written.emit()
        self._sum_up()

    def _take_failed(self, sentence: str) -> None:
        """End the practice, and put the drawing that was not written back on the paper."""
        self._pending -= 1
        self._failures_told += 1
        unwritten = [each for each in self._taken if each.sample is None]
        self._taken = [each for each in self._taken if each.sample is not None]
        self.end()
        for taken in unwritten:  # each is an undo step
            self._canvas.set_drawing(taken.drawing, self.tr("practice"))
        self.failed.emit(sentence)

    def _sum_up(self) -> None:
        if self._running or self._pending or not self._taken:
            return
        samples = [each.sample for each in self._taken if each.sample is not None]
        text = self.tr(
            "{right} of {count} were read correctly, before any learning. Held out, and never "
            "trained on: {held_out}."
        )
        if not self._is_read:
            text = self.tr("Drawings added: {count}.")
        elif not are_digits(self._classes):
            text = self.tr("{right} of {count} were read correctly, before any learning.")
        sentence = text.format(
            right=sum(each.is_right for each in self._taken),
            count=len(self._taken),
            held_out=sum(sample.is_held_out for sample in samples),
        )
        self._taken = []
        self.ended.emit(sentence)
