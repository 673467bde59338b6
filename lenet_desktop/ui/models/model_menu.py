"""The menu of models and devices."""

from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget

from lenet_desktop import paths
from lenet_desktop.ui.models.kept_models_dialog import KeptModelsDialog
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.workers.recognition import ModelInUse

_MODEL_FILTER = "Models (*.safetensors);;All files (*)"


class ModelMenu(QMenu):
    """Train, the factory model, the user's own models, any model file, and the device."""

    def __init__(self, train_action: QAction, session: Session, parent: QWidget) -> None:
        super().__init__("&Model", parent)
        self._session = session
        self.addAction(train_action)
        self.addSeparator()
        self.factory_action = self.addAction("&Factory model")
        self.factory_action.setCheckable(True)
        self.factory_action.triggered.connect(lambda: session.use(paths.factory_model()))
        self.kept_menu = self.addMenu("My &models")
        self.kept_menu.aboutToShow.connect(self.fill_kept_models)
        self.open_action = self.addAction("&Open model…")
        self.open_action.setShortcut("Ctrl+Shift+O")
        self.open_action.triggered.connect(self._ask_model)
        self.addSeparator()
        self.device_menu = self.addMenu("&Device")
        self.device_menu.setEnabled(False)
        self._device_group = QActionGroup(self.device_menu)
        # Enabled once the first model is loaded or has failed: then another one can be chosen.
        self.setEnabled(False)
        session.model_changed.connect(self._show_model)
        session.failed.connect(lambda: self.setEnabled(session.recognition.isRunning()))
        session.ended.connect(lambda: self.setEnabled(False))

    def _show_model(self, model: ModelInUse) -> None:
        self.setEnabled(True)
        self.factory_action.setChecked(model.path == paths.factory_model())
        self.device_menu.clear()
        self.device_menu.setEnabled(True)
        for name in ("auto", *model.devices):
            text = "&Best available" if name == "auto" else name.upper()
            action = self.device_menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(name == self._session.device)
            action.triggered.connect(lambda _checked, name=name: self._session.use_device(name))
            self._device_group.addAction(action)

    def fill_kept_models(self) -> None:
        """List the user's models that are on the disk now."""
        from lenet_desktop.models.library import kept_models

        self.kept_menu.clear()
        for kept in kept_models():
            action = self.kept_menu.addAction(kept.card.title.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(kept.path == self._session.model_path)
            action.triggered.connect(lambda _checked, path=kept.path: self._session.use(path))
        if self.kept_menu.isEmpty():
            self.kept_menu.addAction("(none yet: train one)").setEnabled(False)
        self.kept_menu.addSeparator()
        self.kept_menu.addAction("&Rename, delete, export…", self.manage)

    def manage(self) -> None:
        """Show the dialog in which models are renamed, deleted and exported."""
        dialog = KeptModelsDialog(self._session, self.parentWidget())
        dialog.exec()
        dialog.deleteLater()

    def _ask_model(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Open a model", "", _MODEL_FILTER)
        if name:
            self._session.use(Path(name))
