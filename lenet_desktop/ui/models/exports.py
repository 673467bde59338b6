"""Exports of models: the dialog that asks for the file, and the thread that writes it."""

import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from lenet_desktop.errors import UserError
from lenet_desktop.ui.window.file_dialogs import Purpose, as_file_name, ask_save_name
from lenet_desktop.ui.workers.writing import WritingWorker

_LIMIT_SECONDS = 120


class Exports(QObject):
    """Writes models as model files, web pages and ONNX files, one after the other.

    Signals:
        started (str): a model is being written to the file of this name.
        exported (Path): it was written to this file.
        failed (str): one sentence about what failed.
    """

    started = Signal(str)
    exported = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = WritingWorker(self)
        self._worker.written.connect(self.exported)
        self._worker.failed.connect(self.failed)

    def ask(self, window: QWidget, model: Path, title: str) -> None:
        """Ask for a file and a format, and export a model file.

        Args:
            window: the window that asks.
            model: the model file.
            title: the name of the model.
        """
        suffixes = {
            self.tr("Model of LeNet Desktop (*.safetensors)"): (".safetensors",),
            self.tr("Web page with a pad (*.html)"): (".html", ".htm"),
            self.tr("ONNX, for other programs (*.onnx)"): (".onnx",),
        }
        start = f"{as_file_name(title) or 'model'}.safetensors"
        path = ask_save_name(window, self.tr("Export the model"), start, suffixes, Purpose.MODEL)
        if path is not None:
            self.export(model, path)

    def export(self, model: Path, path: Path) -> None:
        """Export a model file in the format of a path's suffix; ``exported`` or ``failed``
        follows.
        """
        self.started.emit(path.name)
        self._worker.write(path, lambda: _write(model, path), path)

    def stop(self) -> None:
        """End the thread once everything is written, and wait for it."""
        self._worker.blockSignals(True)
        self._worker.stop()


def _write(model: Path, path: Path) -> None:
    from lenet_desktop.export.formats import SUFFIXES, Format, export
    from lenet_desktop.models import library

    suffix = path.suffix.lower()
    if suffix in SUFFIXES[Format.ONNX]:
        _write_onnx(model, path)
    elif suffix in SUFFIXES[Format.WEB]:
        export(model, path)
    else:
        library.export(model, path)


def _write_onnx(model: Path, path: Path) -> None:
    """Write an ONNX file in a process of its own: PyTorch's exporter disturbs other threads.

    Raises:
        UserError: a package is missing, or the model cannot be exported.
    """
    from lenet_desktop.export.onnx import check_packages

    check_packages()
    done = subprocess.run(
        [sys.executable, "-m", "lenet_desktop", "export", model, "--to", "onnx", path],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_LIMIT_SECONDS,
        check=False,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    if done.returncode:
        said = done.stderr.strip().splitlines()
        if not said:
            raise UserError("The export has ended too early: try it again.")
        raise UserError("{sentence}", sentence=said[-1].removeprefix("lenet-desktop: error: "))
