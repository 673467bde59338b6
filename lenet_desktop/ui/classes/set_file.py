"""The sets of classes and their samples, read and changed in a thread."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lenet_desktop.ui.samples.samples_file import SamplesFile

if TYPE_CHECKING:
    from lenet_desktop.data.own_samples import OwnSample
    from lenet_desktop.data.teaching.exchange import Imported


class SetFile(SamplesFile):
    """The person's sets of classes, and the samples of one of them.

    Signals:
        sets_read (list[tuple[str, ...]]): the sets there are, the one that was changed last first.
        opened (tuple[str, ...]): this set was added from a project.
    """

    sets_read = Signal(list)
    opened = Signal(tuple)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.open(())

    def read_sets(self) -> None:
        """Look which sets there are; ``sets_read`` follows."""
        from lenet_desktop import paths
        from lenet_desktop.data.teaching.class_sets import class_sets

        classes = self.classes

        def then(sets: list[tuple[str, ...]]) -> None:
            # A set that has changed meanwhile is not among them yet; it is looked for again.
            if self.classes == classes:
                self.sets_read.emit(sets)

        self._do(paths.samples_folder(), class_sets, then)

    def change(self, classes: tuple[str, ...], names: Mapping[str, str] | None = None) -> None:
        """Give the set other classes; the samples of those that stay are kept.

        Args:
            classes: the classes.
            names: the new names of classes that are renamed.
        """
        from lenet_desktop.data import own_samples
        from lenet_desktop.data.teaching import class_sets

        before, path = self.classes, own_samples.file_of(classes)
        self._do(
            path, lambda: class_sets.change(before, classes, names), lambda _: self.read_sets()
        )
        self.open(classes)

    def add_pictures(self, pictures: Sequence[Path], label: str) -> None:
        """Add pictures as samples of a class; those that cannot be read are left out."""
        path = self._path
        if path is None:
            return
        for picture in pictures:
            self._do(path, partial(_add_picture, path, picture, label), lambda _: None)
        self.read_again()

    def import_new(self, source: Path) -> None:
        """Add a set: the labels of a stroke file, with its drawings."""

        def then(done: "tuple[tuple[str, ...], Imported]") -> None:
            self.opened.emit(done[0])
            self.imported.emit(done[1])

        self._do(source, lambda: _import_new(source), then)

    def save_project(self, target: Path) -> None:
        """Write the set, its drawings and its model to one file; ``exported`` follows."""
        from lenet_desktop.data.teaching.project import save_project

        classes = self.classes
        self._do(
            target,
            lambda: save_project(target, classes),
            lambda _: self.exported.emit(target),
        )

    def open_project(self, source: Path) -> None:
        """Add the set, the drawings and the model in a file; ``opened`` follows."""
        from lenet_desktop.data.teaching.project import open_project

        self._do(source, lambda: open_project(source), self.opened.emit)


def _add_picture(path: Path, picture: Path, label: str) -> "OwnSample":
    """Add a picture, or the strokes in a stroke file, as samples of a class.

    Raises:
        UserError: the picture cannot be read, is empty, or the samples cannot be written.
    """
    from lenet_desktop.data import own_samples
    from lenet_desktop.drawing.drawing_file import read_drawings
    from lenet_desktop.drawing.raster import rasterize
    from lenet_desktop.errors import UserError

    added = None
    for drawing in read_drawings(picture):
        ink = rasterize(drawing)
        if ink.any():
            added = own_samples.add(path, drawing, ink, label)
    if added is None:
        raise UserError("{path} shows nothing: choose a picture with ink on it.", path=picture)
    return added


def _import_new(source: Path) -> "tuple[tuple[str, ...], Imported]":
    """Add the set of the labels in a stroke file, and its drawings.

    Raises:
        UserError: the file cannot be read, or its labels cannot be the names of classes.
    """
    from lenet_desktop.data import own_samples
    from lenet_desktop.data.teaching import class_sets
    from lenet_desktop.data.teaching.exchange import import_samples, labels_of

    classes: tuple[str, ...] = ()
    for label in labels_of(source):
        classes = class_sets.with_names(classes, label)
    if not classes:
        raise own_samples.OwnSamplesError("{path} holds no labelled drawing.", path=source)
    imported = import_samples(own_samples.file_of(classes), source, classes)
    class_sets.change((), classes)
    return classes, imported
