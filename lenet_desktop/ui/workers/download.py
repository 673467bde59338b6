"""The thread that fetches MNIST."""

import logging

from PySide6.QtCore import QObject, QThread, Signal

_log = logging.getLogger(__name__)


class DownloadWorker(QThread):
    """Downloads MNIST into the user's cache.

    Signals:
        progressed (int, int): bytes that are here, and bytes in all.
        downloaded (): MNIST is in the cache.
        cancelled (): it ended because the user wanted it to.
        failed (str): one sentence of why it ended.
    """

    progressed = Signal(int, int)
    downloaded = Signal()
    cancelled = Signal()
    failed = Signal(str)

    def __init__(
        self, mirrors: tuple[str, ...] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._mirrors = mirrors

    def run(self) -> None:
        """Fetch archive by archive until the end or the interruption."""
        from lenet_desktop.data.catalog import MIRRORS, mnist_cache
        from lenet_desktop.data.download import download_mnist
        from lenet_desktop.data.labelled import DatasetError

        steps = download_mnist(mnist_cache(), mirrors=self._mirrors or MIRRORS)
        try:
            for step in steps:
                if self.isInterruptionRequested():
                    steps.close()
                    self.cancelled.emit()
                    return
                self.progressed.emit(step.bytes, step.total)
        except DatasetError as error:
            self.failed.emit(str(error))
        except Exception as error:  # noqa: BLE001 -- the last resort of this thread
            _log.exception("the download ended")
            self.failed.emit(f"The download has stopped: {error} Try again.")
        else:
            self.downloaded.emit()
