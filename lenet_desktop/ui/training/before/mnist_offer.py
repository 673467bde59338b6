"""The offer to download a data set that is missing, and its download."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout

from lenet_desktop.data.family.sets import FAMILY, DataSet
from lenet_desktop.data.sources import STARTER, find_mnist, mnist_cache, mnist_is_in
from lenet_desktop.ui.training.card import Card
from lenet_desktop.ui.training.primary_button import PrimaryButton
from lenet_desktop.ui.workers.download import DownloadWorker


class MnistOffer(Card):
    """Says that data is missing, with the button that downloads it and the progress of that.

    It is visible only where the chosen data set, or MNIST, is missing.

    Args:
        mirrors: where to download from; None for the usual mirrors.

    Attributes:
        known: a folder in which the user has MNIST; None if none was chosen.

    Signals:
        said (str): one sentence for the user; '' if the last one is no longer true.
        started (): a download has started.
        ended (): the download has succeeded, failed or been cancelled.
    """

    said = Signal(str)
    started = Signal()
    ended = Signal()

    def __init__(self, mirrors: tuple[str, ...] | None = None) -> None:
        super().__init__()
        self._mirrors = mirrors
        self.known: Path | None = None
        self._damaged: set[Path] = set()
        self._thread: DownloadWorker | None = None
        self._is_cancelled = False
        self._wanted: DataSet | None = None  # one of MNIST's family; None for MNIST
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self.button = PrimaryButton(self.tr("Download M&NIST (11.6 MB)"), filled=False)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Download"))
        self.bar.setTextVisible(False)
        self.cancel_button = QPushButton(self.tr("&Cancel"))
        self.cancel_button.setAccessibleName(self.tr("Cancel the download"))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.bar, stretch=1)
        row.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 10, 12, 12)
        layout.setSpacing(8)
        layout.addWidget(self._text)
        layout.addWidget(self.button)
        layout.addLayout(row)
        self.button.clicked.connect(self.download)
        self.cancel_button.clicked.connect(self.cancel)

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
        for folder in (chosen, self.known):
            if folder is not None and folder != STARTER and self.is_usable(folder):
                return folder
        return self.found()

    def found(self) -> Path | None:
        """Return the usual folder that holds MNIST, or None."""
        return find_mnist(besides=self._damaged)

    def is_usable(self, folder: Path) -> bool:
        """Return whether a folder holds MNIST that is not known to be damaged."""
        return folder not in self._damaged and mnist_is_in(folder)

    def is_damaged(self, folder: Path) -> bool:
        """Return whether the MNIST in this folder turned out to be damaged."""
        return folder in self._damaged

    def mark_damaged(self, folder: Path) -> None:
        """Treat the MNIST in this folder as missing until it is downloaded again."""
        self._damaged.add(folder)

    def look_again(self, chosen: Path = STARTER, *, is_needed: bool = True) -> None:
        """Show the offer if the chosen data is missing, or MNIST where another is chosen.

        Args:
            chosen: the data to train on.
            is_needed: whether MNIST would be used.
        """
        downloads = self.is_downloading
        wanted = self._wanted if downloads else FAMILY.get(chosen)
        if wanted is None:
            is_missing = is_needed and self.folder(chosen) is None
        else:
            is_missing = not wanted.is_in(mnist_cache())
        self._wanted = wanted
        self.setVisible(downloads or is_missing)
        self.button.setVisible(not downloads)
        self.bar.setVisible(downloads)
        self.cancel_button.setVisible(downloads)
        if downloads:
            return
        if wanted is not None:
            text = self.tr("{name} is not on this computer. Licence: {licence}.").format(
                name=wanted.name, licence=wanted.licence
            )
            button = self.tr("Dow&nload {name} ({megabytes} MB)").format(
                name=wanted.name, megabytes=wanted.megabytes
            )
        else:
            if mnist_cache() in self._damaged:
                text = self.tr("The MNIST on this computer is damaged: download it again.")
            else:
                text = self.tr(
                    "MNIST, the 70,000 digits that LeNet is known for, is not on this computer."
                )
            button = self.tr("Download M&NIST (11.6 MB)")
        self.button.setText(button)
        self._text.setText(text)

    def download(self) -> None:
        """Start to download what is missing into the user's cache."""
        if self._thread is not None:
            return
        self._is_cancelled = False
        self._thread = DownloadWorker(self._mirrors, self, data=self._wanted)
        self._thread.progressed.connect(self._show_progress)
        self._thread.downloaded.connect(self._use_download)
        self._thread.failed.connect(self._say)
        self._thread.cancelled.connect(self._say_cancelled)
        self._thread.finished.connect(self._end)
        self._thread.start()
        self.bar.setRange(0, 0)
        self.cancel_button.setEnabled(True)
        self._text.setText(self.tr("Downloading {name} …").format(name=self._name))
        self.look_again()
        self.cancel_button.setFocus()
        self.started.emit()
        self.said.emit("")

    def cancel(self) -> None:
        """Cancel the download; completed archives are kept."""
        if self._thread is not None:
            self._is_cancelled = True
            self.cancel_button.setEnabled(False)
            self._text.setText(self.tr("Cancelling the download …"))
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
        if self._wanted is None:
            self._damaged.discard(mnist_cache())
        self._say(self.tr("{name} is downloaded.").format(name=self._name))

    @property
    def _name(self) -> str:
        return "MNIST" if self._wanted is None else self._wanted.name

    # Signals that were queued before the shutdown still arrive after it.

    def _say(self, sentence: str) -> None:
        if self._thread is not None:
            self.said.emit(sentence)

    def _say_cancelled(self) -> None:
        self._say(self.tr("Download cancelled."))

    def _show_progress(self, received: int, total: int) -> None:
        if self._thread is None or self._is_cancelled:
            return
        self.bar.setRange(0, total)
        self.bar.setValue(received)
        text = self.tr("Downloading {name}: {received} of {total} MB").format(
            name=self._name, received=f"{received / 1e6:.1f}", total=f"{total / 1e6:.1f}"
        )
        self._text.setText(text)

    def _end(self) -> None:
        if self._thread is not None:
            self._thread.deleteLater()
            self._thread = None
            self.look_again()
            self.ended.emit()
