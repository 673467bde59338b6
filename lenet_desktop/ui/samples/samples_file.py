"""The file of own samples, read and changed in a thread."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from lenet_desktop.ui.answer.answer_texts import are_digits
from lenet_desktop.ui.workers.writing import WritingWorker

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import Deleted, OwnSample, OwnSamples
    from lenet_desktop.data.teaching.exchange import Imported

T = TypeVar("T")


class SamplesFile(QObject):
    """The samples of one set of classes; one change is made after the other.

    Signals:
        read (OwnSamples): the samples as they are in the file now.
        deleted (int, list[OwnSample]): so many samples were deleted; those to select now.
        relabelled (list[OwnSample]): these samples have got their label.
        undone (), exported (Path), imported (Imported): what was done; the file that was written.
        failed (str): one sentence about what could not be done; nothing has changed.

    Attributes:
        classes: the classes.
        samples: the samples that were read last.
    """

    read = Signal(object)
    deleted = Signal(int, object)
    relabelled = Signal(object)
    undone = Signal()
    exported = Signal(object)
    imported = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = ()
        self.samples: tuple[OwnSample, ...] = ()
        self._path: Path | None = None
        self._undo: list[Callable[[], object]] = []
        self._is_undoing = False
        self._stop = Event()
        self._worker = WritingWorker(self)
        self._worker.written.connect(self._finish)
        self._worker.failed.connect(self._take_failure)
        self._failures_told = 0

    @property
    def can_undo(self) -> bool:
        """Whether there is a change that can be undone."""
        return bool(self._undo)

    def open(self, classes: tuple[str, ...]) -> None:
        """Read the samples of a set of classes; ``read`` follows."""
        from lenet_desktop.data import own_samples

        if classes != self.classes or self._path is None:
            self.classes, self.samples = classes, ()
            self._path = own_samples.file_of(classes)
            self._undo.clear()
        self.read_again()

    def read_again(self) -> None:
        """Read the file again: another program may have changed it."""
        from lenet_desktop.data import own_samples

        path, known, stop = self._path, self.samples, self._stop
        if path is not None:
            self._do(path, lambda: own_samples.read(path, known, stop), self._take)

    def delete(self, samples: "Sequence[OwnSample]", then_select: "list[OwnSample]") -> None:
        """Delete samples; this can be undone.

        Args:
            samples: the samples.
            then_select: what ``deleted`` says is to be selected afterwards.
        """
        from lenet_desktop.data import own_samples

        path = self._path
        if path is None or not samples:
            return

        def then(deleted: "Deleted") -> None:
            self._undo.append(lambda: own_samples.restore(path, deleted))
            self.deleted.emit(len(deleted.lines), then_select)
            self.read_again()

        self._do(path, lambda: own_samples.delete(path, samples), then)

    def relabel(self, samples: "Sequence[OwnSample]", label: str) -> None:
        """Give samples another label; this can be undone."""
        from lenet_desktop.data import own_samples

        path = self._path
        changed = [sample for sample in samples if sample.label != label]
        if path is None or not changed:
            return

        def work() -> "list[tuple[OwnSample, OwnSample]]":
            pairs = [(sample, own_samples.relabelled(sample, label)) for sample in changed]
            own_samples.replace(path, pairs)
            return pairs

        def then(pairs: "list[tuple[OwnSample, OwnSample]]") -> None:
            back = [(new, old) for old, new in pairs]
            self._undo.append(lambda: own_samples.replace(path, back))
            self.relabelled.emit([new for _, new in pairs])
            self.read_again()

        self._do(path, work, then)

    def undo(self) -> None:
        """Undo the last change."""
        path = self._path
        if path is None or not self._undo or self._is_undoing:
            return

        def then(_: object) -> None:
            # If it fails it can be tried again.
            self._undo.pop()
            self._is_undoing = False
            self.undone.emit()
            self.read_again()

        self._is_undoing = True
        self._do(path, self._undo[-1], then)

    def export_to(self, target: Path, samples: "Sequence[OwnSample]") -> None:
        """Write samples to a stroke file."""
        from lenet_desktop.data.teaching.exchange import export_samples

        self._do(
            target,
            lambda: export_samples(target, samples),
            lambda _: self.exported.emit(target),
        )

    def import_from(self, source: Path) -> None:
        """Add the drawings of a stroke file."""
        from lenet_desktop.data.teaching.exchange import import_samples

        path, classes, stop = self._path, self.classes, self._stop
        if path is None:
            return

        def then(imported: "Imported") -> None:
            self.imported.emit(imported)
            self.read_again()

        self._do(path, lambda: import_samples(path, source, classes, stop), then)

    def is_written(self) -> bool:
        """Wait until all is written; return False if ``failed`` will say why not.

        What is only being read is given up.
        """
        self._stop.set()
        is_written = self._worker.wait_until_written() == self._failures_told
        self._stop.clear()
        return is_written

    def stop(self) -> None:
        """End the thread once everything is written."""
        self._stop.set()
        self._worker.blockSignals(True)
        self._worker.stop()

    def _do(self, path: Path, work: Callable[[], T], then: Callable[[T], None]) -> None:
        """Do something in the thread, and afterwards something else in this one."""
        results: list[T] = []
        self._worker.write(path, lambda: results.append(work()), lambda: then(results[0]))

    def _finish(self, then: Callable[[], None]) -> None:
        then()

    def _take(self, read: "OwnSamples") -> None:
        if not are_digits(self.classes):
            # Classes of one's own are learned from all drawings: there are too few to hold out any.
            samples = [
                replace(each, is_held_out=False) if each.is_held_out else each
                for each in read.samples
            ]
            read = replace(read, samples=tuple(samples))
        self.samples = read.samples
        self.read.emit(read)

    def _take_failure(self, sentence: str) -> None:
        self._failures_told += 1
        self._is_undoing = False
        self.failed.emit(sentence)
