"""Opening, pasting, dropping and saving drawings."""

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from lenet_desktop.drawing.drawing_file import STROKE_SUFFIXES, write_drawing
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.window.file_dialogs import Purpose, ask_open_name, ask_save_name
from lenet_desktop.ui.workers.opening import Opened, OpeningWorker
from lenet_desktop.ui.workers.writing import WritingWorker

_MODEL_SUFFIX = ".safetensors"
_PICTURES = "*.png *.jpg *.jpeg *.bmp *.gif *.tif *.tiff *.webp *.jsonl *.json"


class Files(QObject):
    """Opens and saves the files that the user chooses, pastes or drops.

    A file is read in a thread of its own. Its content replaces the drawing on the pad as one undo
    step, even if something was drawn meanwhile. A newer request replaces one that still waits.
    A file is written in another thread, with the drawing as it was when that was requested.

    Signals:
        opening_changed (str): the name of the file that is being read, or '' if there is none.
        saved (str): the drawing was saved under this name.
        failed (str): one sentence about what failed.
    """

    opening_changed = Signal(str)
    saved = Signal(str)
    failed = Signal(str)

    def __init__(self, canvas: Canvas, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._canvas, self._session, self._window = canvas, session, parent
        self._number = 0
        self.is_opening = False
        self.worker = OpeningWorker(self)
        self.worker.opened.connect(self._take)
        self.worker.failed.connect(self._take_failure)
        self._saving = WritingWorker(self)
        self._saving.written.connect(self._take_saved)
        self._saving.failed.connect(self._take_failed_saving)
        self._failures_told = 0

    def open(self, path: Path) -> None:
        """Open a picture or a stroke file on the pad, or use a model file from now on."""
        if path.suffix.lower() == _MODEL_SUFFIX:
            self._session.use(path)
        else:
            text = self.tr("open {name}").format(name=path.name)
            self._open(path, text, path.name)

    def open_image(self, image: QImage, text: str) -> None:
        """Put an image on the pad; ``text`` is the name of the undo step."""
        self._open(image, text, self.tr("the picture"))

    def paste(self) -> None:
        """Put the clipboard's picture on the pad."""
        data = QGuiApplication.clipboard().mimeData()
        if data is None:  # an empty clipboard on some platforms
            data = QMimeData()
        files = [Path(u.toLocalFile()) for u in data.urls() if u.isLocalFile()]
        if data.hasImage():
            self.open_image(QImage(data.imageData()), self.tr("paste"))
        elif files:
            self.open(files[0])
        else:
            self.failed.emit(self.tr("The clipboard holds no picture: copy one first."))

    def save(self, path: Path) -> None:
        """Save the drawing: as strokes if the name ends in .jsonl, else as a PNG picture.

        ``saved`` or ``failed`` follows.
        """
        # Its ink, too, which the pad has: rasterizing a long drawing takes up to two seconds.
        drawing, ink = self._canvas.drawing, self._canvas.ink()
        self._saving.write(path, lambda: write_drawing(path, drawing, ink), path)

    def ask_open(self) -> None:
        """Ask for a file and open it."""
        filters = (
            self.tr("Pictures and stroke files ({suffixes})").format(suffixes=_PICTURES),
            self.tr("All files (*)"),
        )
        title = self.tr("Open a drawing")
        path = ask_open_name(self._window, title, ";;".join(filters), Purpose.DRAWING)
        if path is not None:
            self.open(path)

    def ask_save(self, class_: str = "") -> None:
        """Ask for a name and save the drawing.

        Args:
            class_: what the drawing was read as, for the suggested name; '' if that is unknown.
        """
        suffixes = {
            self.tr("Picture (*.png)"): (".png",),
            self.tr("Strokes, to be opened again (*.jsonl)"): STROKE_SUFFIXES,
        }
        start = self.tr("drawing")
        if class_ in DIGITS:
            start = self.tr("digit {digit}").format(digit=class_)
        title = self.tr("Save the drawing")
        path = ask_save_name(self._window, title, f"{start}.png", suffixes, Purpose.DRAWING)
        if path is not None:
            self.save(path)

    def are_written(self) -> bool:
        """Wait until all drawings are written; return False if ``failed`` will say why not."""
        return self._saving.wait_until_written() == self._failures_told

    def _take_failed_saving(self, sentence: str) -> None:
        self._failures_told += 1
        self.failed.emit(sentence)

    def stop(self) -> None:
        """End the reading thread; end the writing one once everything is written."""
        for worker in (self.worker, self._saving):
            worker.blockSignals(True)
            worker.stop()

    def _open(self, source: Path | QImage, text: str, name: str) -> None:
        self._number = self.worker.open(source, text, self._canvas.brush)
        self._set_opening(name)

    def _take(self, number: int, opened: Opened) -> None:
        if number == self._number:
            self._set_opening("")
            self._canvas.set_drawing(opened.drawing, opened.text, opened.inks)

    def _take_saved(self, path: Path) -> None:
        self.saved.emit(path.name)

    def _take_failure(self, number: int, sentence: str) -> None:
        if number == self._number:
            self._set_opening("")
            self.failed.emit(sentence)

    def _set_opening(self, name: str) -> None:
        self.is_opening = bool(name)
        self._canvas.set_busy(self.is_opening)
        self.opening_changed.emit(name)
