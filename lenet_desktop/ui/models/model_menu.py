"""The menu of models and devices."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from lenet_desktop import paths
from lenet_desktop.ui.models.kept_models_dialog import KeptModelsDialog
from lenet_desktop.ui.workers.recognition import ModelInUse

MODEL_FILTER = "Models (*.safetensors);;All files (*)"


class ModelMenu(QMenu):
    """Train, the factory model, the user's own models, any model file, and the device.

    Signals:
        model_chosen (Path): this model file is to read from now on.
        device_chosen (str): the network is to run there; 'auto' for the best there is.
    """

    model_chosen = Signal(object)
    device_chosen = Signal(str)

    def __init__(self, train_action: QAction, parent: QWidget) -> None:
        super().__init__("&Model", parent)
        self._in_use: ModelInUse | None = None
        self._device = "auto"
        self.addAction(train_action)
        self.addSeparator()
        self.factory_action = self.addAction("&Factory model")
        self.factory_action.setCheckable(True)
        self.factory_action.triggered.connect(lambda: self.model_chosen.emit(paths.factory_model()))
        self.kept_menu = self.addMenu("My &models")
        self.open_action = self.addAction("&Open model…")
        self.open_action.setShortcut("Ctrl+Shift+O")
        self.open_action.triggered.connect(self._ask_model)
        self.addSeparator()
        self.device_menu = self.addMenu("&Device")
        self.device_menu.setEnabled(False)
        self._device_group = QActionGroup(self.device_menu)
        self.kept_menu.aboutToShow.connect(self.fill_kept_models)
        self.setEnabled(False)

    def show_in_use(self, model: ModelInUse, device: str) -> None:
        """Mark what is in use; ``device`` is what was asked for, 'auto' among others."""
        self._in_use, self._device = model, device
        self.setEnabled(True)
        self.factory_action.setChecked(model.path == paths.factory_model())
        self.device_menu.clear()
        self.device_menu.setEnabled(True)
        for name in ("auto", *model.devices):
            text = "&Best there is" if name == "auto" else name.upper()
            action = self.device_menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(name == device)
            action.triggered.connect(lambda _checked, name=name: self.device_chosen.emit(name))
            self._device_group.addAction(action)

    def fill_kept_models(self) -> None:
        """Bring the list of the user's models up to date."""
        from lenet_desktop.models.library import kept_models

        self.kept_menu.clear()
        for kept in kept_models():
            action = self.kept_menu.addAction(kept.card.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(self._in_use is not None and kept.path == self._in_use.path)
            action.triggered.connect(lambda _checked, path=kept.path: self.model_chosen.emit(path))
        if self.kept_menu.isEmpty():
            self.kept_menu.addAction("(none yet: train one)").setEnabled(False)
        self.kept_menu.addSeparator()
        self.kept_menu.addAction("&Rename, delete, export…", self.manage)

    def manage(self) -> None:
        """Show the dialog in which models are renamed, deleted and exported."""
        in_use = self._in_use.path if self._in_use is not None else paths.factory_model()
        dialog = KeptModelsDialog(in_use, self.parentWidget())
        dialog.model_chosen.connect(self.model_chosen)
        dialog.exec()
        dialog.deleteLater()

    def _ask_model(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Open a model", "", MODEL_FILTER)
        if name:
            self.model_chosen.emit(Path(name))
