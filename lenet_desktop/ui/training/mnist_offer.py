"""Which digits there are to train on, and the offer to download MNIST where it is missing."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from lenet_desktop.data.sources import STARTER
from lenet_desktop.ui.workers.download import DownloadWorker


class MnistOffer(QWidget):
    """One line that tells what would be trained on, and the button that fetches more.

    Args:
        mirrors: where to download from; None for the usual addresses.

    Signals:
        progressed (int, int): bytes that are here, and bytes in all.
        said (str): one sentence for the user.
        started (): a download is under way.
        ended (): it is over, in whatever way.
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
        """What it tells."""
        return self._text.text()

    def folder(self, chosen: Path) -> Path | None:
        """Give a folder that holds MNIST: the chosen one where it does, else any on this computer.

        Args:
            chosen: what is to be trained on: a folder, or STARTER.
        """
        from lenet_desktop.data.catalog import find_mnist, mnist_is_in

        if chosen != STARTER and chosen not in self._damaged and mnist_is_in(chosen):
            return chosen
        return find_mnist(besides=self._damaged)

    def mark_damaged(self, folder: Path) -> None:
        """Take the MNIST in this folder for missing until it was downloaded again."""
        self._damaged.add(folder)

    def show_choice(self, chosen: Path) -> None:
        """Tell what training on this would be: a folder, or STARTER."""
        folder = self.folder(chosen)
        self.button.setVisible(folder is None)
        if chosen == STARTER and folder is not None:
            text = (
                "Trains on the 5,000 starter digits, which are part of MNIST and need no network."
            )
        elif chosen == STARTER:
            text = (
                "There is no MNIST on this computer. Train on the 5,000 starter digits right away, "
                "or download all 70,000 digits first. The comparison will be on starter digits, "
                "which the factory model has not learned from, but on which its best epoch was "
                "chosen."
            )
        elif folder == chosen:
            text = "Trains on MNIST: 55,000 digits to learn from, 5,000 to choose, 10,000 to test."
        elif chosen in self._damaged:
            text = "The MNIST in this folder is damaged: choose another one, or other digits."
        else:
            text = "There is no MNIST in this folder: choose another one, or other digits."
        self._text.setText(text)

    def download(self) -> None:
        """Fetch MNIST into the user's cache."""
        if self._thread is not None:
            return
        self._thread = DownloadWorker(self._mirrors, self)
        self._thread.progressed.connect(self._tell_progress)
        self._thread.downloaded.connect(self._take_in)
        self._thread.failed.connect(self._tell)
        self._thread.cancelled.connect(lambda: self._tell("Download cancelled."))
        self._thread.finished.connect(self._end)
        self._thread.start()
        self.started.emit()
        self.said.emit("Downloading MNIST …")

    def cancel(self) -> None:
        """End the download soon; what is here already stays."""
        if self._thread is not None:
            self._thread.requestInterruption()

    def shut_down(self) -> None:
        """End the download and wait for its thread; say nothing."""
        if self._thread is not None:
            self._thread.blockSignals(True)
            self._thread.requestInterruption()
            self._thread.wait()
            self._thread.deleteLater()
            self._thread = None

    def _take_in(self) -> None:
        from lenet_desktop.data.catalog import mnist_cache

        self._damaged.discard(mnist_cache())
        self._tell("MNIST is here.")

    # What was under way when the download was shut down still arrives.

    def _tell(self, sentence: str) -> None:
        if self._thread is not None:
            self.said.emit(sentence)

    def _tell_progress(self, received: int, total: int) -> None:
        if self._thread is not None:
            self.progressed.emit(received, total)

    def _end(self) -> None:
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None
            self.ended.emit()
