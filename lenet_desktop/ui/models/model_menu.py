"""The menu of models and devices."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from lenet_desktop import paths
from lenet_desktop.ui.models.exports import Exports
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.window.file_dialogs import Purpose, ask_open_name
from lenet_desktop.ui.workers.recognition import ModelInUse

if TYPE_CHECKING:
    from lenet_desktop.ui.models.kept_models_dialog import KeptModelsDialog


class ModelMenu(QMenu):
    """Train, the factory model, the user's own models, any model file, and the device.

    Attributes:
        factory_action, open_action, manage_action: use the factory model, open a model file, show
            the dialog of the kept models.
        export_action, exports: write the model in use to a file; what writes it.
        learn_hand_action: learn from the person's own samples; connected by the window.
        new_classes_action: name, draw and learn classes of one's own; connected by the window.
        history_action: show the history of trainings; connected by the window.
        kept_menu, compare_menu: the kept models; the models that can read beside the one in use.
        use_compared_action, end_action: use the model that reads beside the one in use; end that.
        device_menu: the devices.
        dialog: the dialog of the kept models; None until it is shown first.
    """

    def __init__(self, train_action: QAction, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("&Model"))
        self._session, self._train_action = session, train_action
        self.dialog: KeptModelsDialog | None = None
        self.addAction(train_action)
        self.addSeparator()
        self.factory_action = self.addAction(self.tr("&Factory model"))
        self.factory_action.setCheckable(True)
        self.factory_action.triggered.connect(lambda: self._use(paths.factory_model()))
        self.kept_menu = self.addMenu(self.tr("My &models"))
        self.kept_menu.aboutToShow.connect(self.fill_kept_models)
        self.open_action = self.addAction(self.tr("&Open model…"))
        self.open_action.setShortcut("Ctrl+Shift+O")
        self.open_action.triggered.connect(self._ask_model)
        self.manage_action = self.addAction(self.tr("Ma&nage my models…"))
        self.manage_action.setShortcut("Ctrl+M")
        self.manage_action.triggered.connect(self.manage)
        self.exports = Exports(self)
        self.export_action = self.addAction(self.tr("E&xport…"))
        self.export_action.triggered.connect(self._export)
        self.learn_hand_action = self.addAction(self.tr("&Learn my hand"))
        self.learn_hand_action.setToolTip(
            self.tr("Learn how you write the digits, from your own samples")
        )
        self.new_classes_action = self.addAction(self.tr("Ne&w classes…"))
        self.new_classes_action.setToolTip(
            self.tr("Name classes of your own, draw a few of each, and learn them")
        )
        self.history_action = self.addAction(self.tr("&History of trainings…"))
        self.history_action.setShortcut("Ctrl+H")
        self.addSeparator()
        self.compare_menu = self.addMenu(self.tr("&Compare with"))
        self.compare_menu.aboutToShow.connect(self.fill_compare_menu)
        self.use_compared_action = self.addAction(self.tr("&Use the compared model"))
        self.use_compared_action.triggered.connect(self._use_compared)
        self.end_action = self.addAction(self.tr("&End the comparison"))
        self.end_action.triggered.connect(lambda: session.try_beside(None))
        self.addSeparator()
        self.device_menu = self.addMenu(self.tr("&Device"))
        self.device_menu.setEnabled(False)
        self._device_group = QActionGroup(self.device_menu)
        # Enabled once the first model is loaded or has failed: then another one can be chosen.
        self._enable(False)
        self._show_challenger()
        session.model_changed.connect(self._show_model)
        session.challenger_changed.connect(self._show_challenger)
        session.failed.connect(lambda: self._enable(session.recognition.isRunning()))
        session.ended.connect(lambda: self._enable(False))

    def _enable(self, enabled: bool) -> None:
        self.setEnabled(enabled)
        # The menu of the chip shows some of the actions, too.
        for action in (self.factory_action, self.open_action, self.manage_action):
            action.setEnabled(enabled)
        self.export_action.setEnabled(enabled and self._session.model is not None)

    def _show_model(self, model: ModelInUse) -> None:
        self._enable(True)
        self.factory_action.setChecked(model.path == paths.factory_model())
        self.device_menu.clear()
        self.device_menu.setEnabled(True)
        for name in ("auto", *model.devices):
            text = self.tr("&Best available") if name == "auto" else name.upper()
            action = self.device_menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(name == self._session.device)
            action.triggered.connect(lambda _checked, name=name: self._session.use_device(name))
            self._device_group.addAction(action)

    def _show_challenger(self) -> None:
        self.end_action.setEnabled(bool(self._session.challenger))
        self.use_compared_action.setEnabled(self._session.challenger_path is not None)

    def fill_kept_models(self) -> list[QAction]:
        """List the user's models that are on the disk now; return their actions."""
        from lenet_desktop.models.library import kept_models

        _empty(self.kept_menu)
        actions = []
        for kept in kept_models():
            action = self.kept_menu.addAction(_as_text(kept.card.title))
            action.setCheckable(True)
            action.setChecked(kept.path == self._session.model_path)
            action.triggered.connect(lambda _checked, path=kept.path: self._use(path))
            actions.append(action)
        if not actions:
            self.kept_menu.addAction(self.tr("(none yet: train one)")).setEnabled(False)
        return actions

    def fill_compare_menu(self) -> None:
        """List the models that can read beside the one in use."""
        from lenet_desktop.models.library import kept_models

        _empty(self.compare_menu)
        models = [(paths.factory_model(), self.tr("Factory model"))]
        models += [(kept.path, _as_text(kept.card.title)) for kept in kept_models()]
        for path, name in models:
            if path == self._session.model_path:
                continue
            action = self.compare_menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(path == self._session.challenger_path)
            action.triggered.connect(lambda checked, path=path: self._try(path, checked))
        if self.compare_menu.isEmpty():
            none = self.compare_menu.addAction(self.tr("(no other model yet: train one)"))
            none.setEnabled(False)

    def manage(self) -> None:
        """Show the dialog in which models are tried, renamed, deleted and exported."""
        from lenet_desktop.ui.models.kept_models_dialog import KeptModelsDialog

        if self.dialog is None:
            self.dialog = KeptModelsDialog(
                self._session, self.exports, self.parentWidget(), self._train_action
            )
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def _export(self) -> None:
        window, model = self.parentWidget(), self._session.model
        if window is not None and model is not None:
            self.exports.ask(window, model.path, model.card.title)

    def _use(self, path: Path) -> None:
        # Choosing the model in use again must not take its mark away.
        self.factory_action.setChecked(self._session.model_path == paths.factory_model())
        self._session.use(path)

    def _use_compared(self) -> None:
        path = self._session.challenger_path
        if path is not None:
            self._use(path)

    def _try(self, path: Path, tries: bool) -> None:
        self._session.try_beside(path if tries else None)

    def _ask_model(self) -> None:
        filters = (
            self.tr("Models ({suffix})").format(suffix="*.safetensors"),
            self.tr("All files (*)"),
        )
        path = ask_open_name(
            self.parentWidget(),
            self.tr("Open a model"),
            ";;".join(filters),
            Purpose.MODEL,
        )
        if path is not None:
            self._use(path)


def _empty(menu: QMenu) -> None:
    """Remove and delete the actions of a menu; other menus may show them too, so not at once."""
    for action in menu.actions():
        menu.removeAction(action)
        action.deleteLater()


def _as_text(name: str) -> str:
    """Return a name as the text of an action: an ampersand would make a mnemonic."""
    return name.replace("&", "&&")
