"""Describes the chosen training data, and offers to download MNIST if it is missing."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from lenet_desktop.data.sources import STARTER, find_mnist, mnist_cache, mnist_is_in
from lenet_desktop.ui.workers.download import DownloadWorker


class MnistOffer(QWidget):
    """A line of text that describes the chosen data, and the button that downloads MNIST.

    Args:
        mirrors: where to download from; None for the usual mirrors.

    Signals:
        progressed (int, int): bytes received so far, and bytes in all.
        said (str): one sentence for the user.
        started (): a download has started.
        ended (): the download has succeeded, failed or been cancelled.
    """

    progressed = Signal(int, int)
    said = Signal(str)
    started = Signal()
    ended = Signal()

    def __init__(
        self, mirrors: tuple[str, ...] | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._mirrors = mirrors
        self._damaged: set[Path] = set()
        self._thread: DownloadWorker | None = None
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.button = QPushButton("Download &MNIST (11.6 MB)")
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self.download)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._text, stretch=1)
        layout.addWidget(self.button)

    @property
    def is_downloading(self) -> bool:
        """Whether MNIST is being downloaded."""
        return self._thread is not None

    @property
    def text(self) -> str:
        """The text that is shown."""
        return self._text.text()

    def folder(self, chosen: Path) -> Path | None:
        """Return ``chosen`` if it holds MNIST, else another folder that holds MNIST, else None.

        Args:
            chosen: the data to train on: a folder, or STARTER.
        """
        if chosen != STARTER and chosen not in self._damaged and mnist_is_in(chosen):
            return chosen
        return find_mnist(besides=self._damaged)

    def mark_damaged(self, folder: Path) -> None:
        """Treat the MNIST in this folder as missing until it is downloaded again."""
        self._damaged.add(folder)

    def show_choice(self, chosen: Path) -> None:
        """Describe the data to train on: a folder, or STARTER."""
        folder = self.folder(chosen)
        self.button.setVisible(folder is None)
        if chosen == STARTER and folder is not None:
            text = "Trains on the 5,000 starter digits, a part of MNIST."
        elif chosen == STARTER:
            text = (
                "There is no MNIST on this computer. Train on the 5,000 starter digits now, or "
                "download all 70,000 digits first. Without MNIST the models are compared on "
                "starter digits; they were among the factory model's validation digits."
            )
        elif folder == chosen:
            text = "Trains on MNIST: 55,000 training, 5,000 validation and 10,000 test digits."
        elif chosen in self._damaged:
            text = "The MNIST in this folder is damaged: choose another folder or other digits."
        else:
            text = "There is no MNIST in this folder: choose another folder or other digits."
        self._text.setText(text)

    def download(self) -> None:
        """Start to download MNIST into the user's cache."""
        if self._thread is not None:
            return
        self._thread = DownloadWorker(self._mirrors, self)
        self._thread.progressed.connect(self._show_progress)
        self._thread.downloaded.connect(self._use_download)
        self._thread.failed.connect(self._say)
        self._thread.cancelled.connect(self._say_cancelled)
        self._thread.finished.connect(self._end)
        self._thread.start()
        self.started.emit()
        self.said.emit("Downloading MNIST …")

    def cancel(self) -> None:
        """Cancel the download; completed archives are kept."""
        if self._thread is not None:
            self._thread.requestInterruption()

    def shut_down(self) -> None:
        """Cancel the download and wait for its thread, without a signal."""
        if self._thread is not None:
            self._thread.blockSignals(True)
            self._thread.requestInterruption()
            self._thread.wait()
            self._thread.deleteLater()
            self._thread = None

    def _use_download(self) -> None:
        self._damaged.discard(mnist_cache())
        self._say("MNIST is downloaded.")

    # Signals that were queued before the shutdown still arrive after it.

    def _say(self, sentence: str) -> None:
        if self._thread is not None:
            self.said.emit(sentence)

    def _say_cancelled(self) -> None:
        self._say("Download cancelled.")

    def _show_progress(self, received: int, total: int) -> None:
        if self._thread is not None:
            self.progressed.emit(received, total)

    def _end(self) -> None:
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None
            self.ended.emit()
