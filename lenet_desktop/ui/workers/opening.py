"""The thread that reads pictures and stroke files."""

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Condition

from PySide6.QtCore import QObject, QThread, Signal
from PySide6.QtGui import QImage

from lenet_desktop.drawing.drawing_file import read_drawings
from lenet_desktop.drawing.strokes import Drawing, Ink
from lenet_desktop.errors import UserError
from lenet_desktop.ui.pad.smooth import ink_and_shown
from lenet_desktop.ui.png import as_png
from lenet_desktop.ui.translated import translated

_log = logging.getLogger(__name__)


@dataclass(frozen=True, eq=False)
class Opened:
    """A drawing that was read.

    Attributes:
        drawing: the drawing.
        inks: its ink and what the paper shows, so that the window need not rasterize it.
        text: the name of the undo step.
    """

    drawing: Drawing
    inks: tuple[Ink, Ink]
    text: str


@dataclass(frozen=True, eq=False)
class _Request:
    source: Path | QImage
    text: str
    brush: float


class OpeningWorker(QThread):
    """Reads one file or image at a time; a newer request replaces one that still waits.

    Signals:
        opened (int, Opened): the result of the request with this number.
        failed (int, str): why the request with this number failed, in one sentence.
    """

    opened = Signal(int, object)
    failed = Signal(int, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changed = Condition()
        self._closing = False
        self._number = 0
        self._request: _Request | None = None

    def open(self, source: Path | QImage, text: str, brush: float) -> int:
        """Request a file or an image, instead of one that still waits; return the request's number.

        Args:
            source: a picture or stroke file, or an image.
            text: the name of the undo step.
            brush: the brush's diameter in pad units for strokes recorded without one.
        """
        with self._changed:
            self._number += 1
            self._request = _Request(source, text, brush)
            self._changed.notify()
            if not self._closing:
                self.start()  # does nothing while it runs
            return self._number

    def stop(self) -> None:
        """End the thread and wait for it; later requests are not read."""
        with self._changed:
            self._closing = True
            self.requestInterruption()
            self._changed.notify()
        self.wait()

    def run(self) -> None:
        """Read the requested files and images until the thread is stopped."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closing or self._request is not None)
                if self._closing:
                    return
                number, request, self._request = self._number, self._request, None
            assert request is not None
            try:
                drawing = _read(request)
                opened = Opened(drawing, ink_and_shown(drawing), request.text)
            except UserError as error:
                self.failed.emit(number, translated(error))
            except Exception as error:  # noqa: BLE001 -- no file, however odd, may end the thread
                _log.exception("a picture could not be opened")
                is_file = isinstance(request.source, Path)
                what = request.source if is_file else self.tr("The picture")
                sentence = self.tr("{what} cannot be opened: {reason}.")
                self.failed.emit(
                    number, sentence.format(what=what, reason=translated(error).rstrip("."))
                )
            else:
                self.opened.emit(number, opened)


def _read(request: _Request) -> Drawing:
    if isinstance(request.source, Path):
        return next(read_drawings(request.source, request.brush))
    # Pillow is loaded when the first picture is read, not when the window opens.
    from lenet_desktop.drawing.picture import read_picture

    return Drawing(picture=read_picture(as_png(request.source, compressed=False)))
