"""The thread that downloads a data set."""

import logging
from contextlib import closing

from PySide6.QtCore import QObject, QThread, Signal

from lenet_desktop.data.family.sets import DataSet
from lenet_desktop.errors import UserError
from lenet_desktop.ui.translated import translated

_log = logging.getLogger(__name__)


class DownloadWorker(QThread):
    """Downloads a data set into the user's cache; interrupt the thread to cancel.

    Args:
        data: one of MNIST's family; None for MNIST.
        mirrors: where to download from; None for the usual mirrors.

    Signals:
        progressed (int, int): bytes received so far, and bytes in all.
        downloaded (): it is in the cache.
        cancelled (): the thread was interrupted.
        failed (str): why the download failed, in one sentence.
    """

    progressed = Signal(int, int)
    downloaded = Signal()
    cancelled = Signal()
    failed = Signal(str)

    def __init__(
        self,
        mirrors: tuple[str, ...] | None = None,
        parent: QObject | None = None,
        *,
        data: DataSet | None = None,
    ) -> None:
        super().__init__(parent)
        self._data = data
        self._mirrors = mirrors

    def run(self) -> None:
        """Download until the end, an error or an interruption."""
        try:
            from lenet_desktop.data.download import download_mnist, download_set

            if self._data is None:
                steps = download_mnist(mirrors=self._mirrors)
            else:
                steps = download_set(self._data, mirrors=self._mirrors)
            with closing(steps) as download:
                for step in download:
                    if self.isInterruptionRequested():
                        self.cancelled.emit()
                        return
                    self.progressed.emit(step.bytes, step.total)
        except UserError as error:
            self.failed.emit(translated(error))
        except Exception as error:  # noqa: BLE001 -- this thread reports every error
            _log.exception("the download failed")
            sentence = self.tr("The download failed: {reason}. Try again.")
            self.failed.emit(sentence.format(reason=error))
        else:
            self.downloaded.emit()
