"""Saving a film as an animated picture."""

from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from lenet_desktop.percent import percent
from lenet_desktop.ui.window.file_dialogs import as_file_name, ask_save_name
from lenet_desktop.ui.workers.writing import WritingWorker

if TYPE_CHECKING:
    from lenet_desktop.training.film.film import Film
    from lenet_desktop.training.film.reader import MeasuredMoment


class FilmSaving(QObject):
    """Asks for a file and writes a film to it, in a thread.

    Signals:
        said (str): one sentence for the user.
        ended (): a film was written, or has failed.
    """

    said = Signal(str)
    ended = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._stop = Event()
        self._worker = WritingWorker(self)
        self._worker.written.connect(self._take_written)
        self._worker.failed.connect(self._take_failure)

    def save(self, film: "Film", name: str) -> bool:
        """Ask for a file, and begin to write the film; return False if the user cancels.

        Args:
            film: the film of a training that has begun.
            name: of the training, from which the name of the file is made.
        """
        suffixes: dict[str, tuple[str, ...]] = {
            self.tr("Animated GIF picture (*.gif)"): (".gif",),
            self.tr("Animated WebP picture (*.webp)"): (".webp",),
        }
        start = self.tr("{name}, film").format(name=as_file_name(name))
        path = ask_save_name(self._parent, self.tr("Save the film"), f"{start}.gif", suffixes)
        if path is None:
            return False
        self.said.emit(self.tr("Saving the film …"))
        caption = self.tr("Step {step} of {steps} · accuracy {accuracy}")
        title = self.tr("Training loss")
        write = partial(_write, path, film, caption, title, self._stop)
        self._worker.write(path, write, path)
        return True

    def shut_down(self) -> None:
        """End the thread and wait for it; a film that is not written by then is lost."""
        self._worker.blockSignals(True)
        self._stop.set()
        self._worker.stop()

    def _take_written(self, path: Path) -> None:
        self.said.emit(self.tr("Saved {name}").format(name=path.name))
        self.ended.emit()

    def _take_failure(self, sentence: str) -> None:
        self.said.emit(sentence)
        self.ended.emit()


def _write(path: Path, film: "Film", template: str, title: str, stop: Event) -> None:
    """Write a film to a file, in the thread of the worker.

    Args:
        path: the file.
        film: the film.
        template: the line above each frame.
        title: of the curve.
        stop: ends it.
    """
    import torch

    from lenet_desktop.training.film.animation import write_animation
    from lenet_desktop.training.film.reader import FilmReader

    torch.set_num_threads(1)  # a training under way has the other cores

    def caption(measured: "MeasuredMoment") -> str:
        return template.format(
            step=f"{measured.moment.step:,}",
            steps=f"{film.steps:,}",
            accuracy=percent(measured.accuracy),
        )

    write_animation(path, FilmReader(film), caption, title, stop)
