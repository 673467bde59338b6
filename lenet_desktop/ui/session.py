"""The session: the only owner of the model, the device and the settings in use."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lenet_desktop import paths
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.workers.recognition import ModelInUse, RecognitionWorker

if TYPE_CHECKING:
    from lenet_desktop.models.model_file import Model


class Session(QObject):
    """The model that reads the drawings, and its device.

    Args:
        settings: the settings that store the user's choices.
        model: a model file for this session only, instead of the remembered one.
        device: a device for this session only, instead of the remembered one.

    Signals:
        model_changed (ModelInUse): the model or the device in use has changed.
        challenger_changed (str): the name of the model that reads beside the one in use, or ''.
        device_lent (): the pad no longer uses the device, so that the training can.
        noticed (str): one sentence if something was done differently than the user chose.
        failed (str): one sentence about what failed.
        ended (): the recognition thread has ended: model changes are disabled.
    """

    model_changed = Signal(object)
    challenger_changed = Signal(str)
    device_lent = Signal()
    noticed = Signal(str)
    failed = Signal(str)
    ended = Signal()

    def __init__(
        self,
        settings: Settings,
        model: Path | None = None,
        device: str | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.is_loading = True
        self._model: ModelInUse | None = None
        self._chosen: Path | None = None
        self._device = device or settings.device
        self._challenger = ""
        self._challenger_path: Path | None = None
        self._lends = False
        self._waits_for_device = False
        first = model or settings.model or paths.factory_model()
        self.recognition = RecognitionWorker(first, self._device, self)
        self.recognition.model_changed.connect(self._take_model)
        self.recognition.challenger_changed.connect(self._take_challenger)
        self.recognition.noticed.connect(self.noticed)
        self.recognition.failed.connect(self._take_failure)
        self.recognition.settled.connect(self._check_device)
        self.recognition.finished.connect(self._take_end)

    @property
    def model(self) -> ModelInUse | None:
        """The model in use; None until the first one is loaded."""
        return self._model

    @property
    def model_path(self) -> Path:
        """The file of the model in use; until one is loaded, that of the factory model."""
        return paths.factory_model() if self._model is None else self._model.path

    @property
    def challenger(self) -> str:
        """The name of the model that reads beside the one in use, or ''."""
        return self._challenger

    @property
    def challenger_path(self) -> Path | None:
        """The file of the model that reads beside the one in use; None if it has no file."""
        return self._challenger_path if self._challenger else None

    @property
    def device(self) -> str:
        """The device that the user chose; 'auto' for the best available."""
        return self._device

    def start(self) -> None:
        """Start to load the model."""
        self.recognition.start()

    def stop(self) -> None:
        """End the recognition thread and wait for it."""
        self.recognition.stop()

    def use(self, path: Path) -> None:
        """Use another model; if its file cannot be used, the present model stays in use.

        If it reads beside the one in use, that ends.
        """
        if path == self.challenger_path:
            self.try_beside(None)
        self._chosen = path
        self.recognition.use(model=path)

    def try_beside(self, challenger: "Path | Model | None") -> None:
        """Have another model read each drawing too, beside the one in use; None to end that.

        ``challenger_changed`` follows. If its file cannot be used, ``failed`` follows and nothing
        changes.
        """
        self.recognition.try_beside(challenger)

    def rename_challenger(self, name: str) -> None:
        """Call the model that reads beside the one in use by another name."""
        if self._challenger and name:
            self._challenger = name
            self.challenger_changed.emit(name)

    def use_device(self, name: str) -> None:
        """Read on another device, or on the best one for 'auto'."""
        self._device = name
        self.settings.device = name
        if self._lends:
            self.noticed.emit(self.tr("The pad will use this device when the training has ended."))
        else:
            self.recognition.use(device=name)

    def lend_device(self, name: str) -> None:
        """Read on the CPU while a training uses the device ``name``; ``device_lent`` follows.

        Only one thread at a time may use an accelerator: PyTorch aborts the process when two
        threads use Apple's (pytorch issue 197805).
        """
        self._lends = name != "cpu"
        self._waits_for_device = True
        if self._lends:
            self.recognition.use(device="cpu")
        self._check_device()

    def take_device_back(self) -> None:
        """Read on the chosen device again: the training has ended."""
        self._waits_for_device = False
        if self._lends:
            self._lends = False
            if self._device != "cpu":
                self.recognition.use(device=self._device)

    def _check_device(self) -> None:
        is_free = not self._lends or self.recognition.is_settled or not self.recognition.isRunning()
        if self._waits_for_device and is_free:
            self._waits_for_device = False
            self.device_lent.emit()

    def _take_model(self, model: ModelInUse) -> None:
        self.is_loading = False
        self._model = model
        self.model_changed.emit(model)
        self._remember(model)

    def _remember(self, model: ModelInUse) -> None:
        """Remember what the user chose.

        A model for one session is not remembered. Nor is the factory model when it only replaces a
        model that cannot be found, for example because its disk is not connected.
        """
        if model.path != self._chosen:
            return
        self.settings.model = model.path
        if not self.settings.can_be_written():
            sentence = self.tr(
                "This model is in use now, but the choice cannot be saved: {file} cannot be "
                "written."
            )
            self.noticed.emit(sentence.format(file=self.settings.fileName()))

    def _take_challenger(self, name: str, path: Path | None) -> None:
        self._challenger, self._challenger_path = name, path
        self.challenger_changed.emit(name)

    def _take_failure(self, sentence: str) -> None:
        self.is_loading = False
        self.failed.emit(sentence)

    def _take_end(self) -> None:
        self.ended.emit()
        self._check_device()
