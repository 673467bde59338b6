"""The dialog in which the user's models are used, tried, renamed, deleted and exported."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop import paths
from lenet_desktop.errors import UserError
from lenet_desktop.ui.models.exports import Exports
from lenet_desktop.ui.models.kept_models_list import KeptModelsList
from lenet_desktop.ui.models.no_models import NoModels
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.translated import translated

if TYPE_CHECKING:
    from lenet_desktop.models.library import KeptModel


class KeptModelsDialog(QDialog):
    """Lists the factory model and the kept models. The pad stays usable.

    Args:
        session: the model in use, and the one on trial beside it.
        exports: writes models to files.
        parent: the main window.
        train: opens the training, for a user without models; None for no such button.
    """

    def __init__(
        self,
        session: Session,
        exports: Exports,
        parent: QWidget | None = None,
        train: QAction | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("My models"))
        self.setModal(False)
        self.resize(890, 440)
        self._session, self._exports = session, exports
        self.list = KeptModelsList(session)
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setAccessibleDescription(self.tr("Message"))
        self.use_button = QPushButton(self.tr("&Use"))
        self.try_button = QPushButton(self.tr("&Try on the pad"))
        self.rename_button = QPushButton(self.tr("&Rename…"))
        self.export_button = QPushButton(self.tr("&Export…"))
        self.delete_button = QPushButton(self.tr("&Delete…"))
        self.try_button.setToolTip(
            self.tr("Both models read each drawing; hold X on the pad to swap their answers")
        )
        self.no_models = NoModels(train)
        self.no_models.train_chosen.connect(self.close)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.no_models)
        self._pages.addWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self._pages, stretch=1)
        layout.addWidget(self._message)
        layout.addLayout(self._buttons())
        self._add_keys()
        self.list.itemDoubleClicked.connect(self.use)
        self.list.itemSelectionChanged.connect(self._enable)
        session.model_changed.connect(self._show_state)
        session.challenger_changed.connect(self._show_state)
        session.failed.connect(self._say_if_shown)
        exports.started.connect(
            lambda name: self._say_if_shown(self.tr("Exporting {name} …").format(name=name))
        )
        exports.exported.connect(
            lambda path: self._say_if_shown(self.tr("Exported to {path}").format(path=path))
        )
        exports.failed.connect(self._say_if_shown)
        self._say("")
        self.fill()

    @property
    def message(self) -> str:
        """The sentence that is shown, or ''."""
        return self._message.text()

    def use(self) -> None:
        """Use the selected model."""
        kept = self.list.selected()
        if kept is not None:
            self._say("")
            self._session.use(kept.path)

    def try_on_pad(self) -> None:
        """Have the selected model read beside the one in use, or end that."""
        kept = self.list.selected()
        if kept is not None:
            self._say("")
            is_tried = kept.path == self._session.challenger_path
            self._session.try_beside(None if is_tried else kept.path)

    def rename(self) -> None:
        """Ask for another name, and rename the selected model."""
        from lenet_desktop.models import library

        kept = self._own()
        if kept is None:
            return
        name, given = QInputDialog.getText(
            self, self.tr("Rename"), self.tr("New name of the model:"), text=kept.card.title
        )
        if given:
            self._attempt(lambda: self._moved(kept.path, library.rename(kept.path, name)))

    def export(self) -> None:
        """Ask for a path, and write the model there as a model file, a web page or ONNX."""
        kept = self.list.selected()
        if kept is not None:
            self._exports.ask(self, kept.path, kept.card.title)

    def delete(self) -> None:
        """Ask, then delete the model; if it is in use, the factory model replaces it."""
        from lenet_desktop.models import library

        kept = self._own()
        if kept is None:
            return
        question = QMessageBox(
            QMessageBox.Icon.Question,
            self.tr("Delete"),
            self.tr("Delete '{name}'? This cannot be undone.").format(name=kept.card.title),
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            self,
        )
        # The name may come from an untrusted file.
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setDefaultButton(QMessageBox.StandardButton.No)
        answer = question.exec()
        question.deleteLater()
        if answer == QMessageBox.StandardButton.Yes and self._attempt(
            lambda: library.delete(kept.path)
        ):
            self._moved(kept.path, None)

    def fill(self, selected: Path | None = None) -> None:
        """List the models that are on the disk now.

        Args:
            selected: the file of the model to select; None for the one that is selected now.
        """
        self.list.fill(selected)
        self._show_state()

    def _moved(self, old: Path, new: Path | None) -> None:
        """Follow a model to its new file, or None for a deleted one."""
        if old == self._session.challenger_path:
            self._session.try_beside(new)
        if old == self._session.model_path:
            self._session.use(new or paths.factory_model())
        self.fill(new)

    def _attempt(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except UserError as error:
            self._say(translated(error))
            return False
        self._say("")
        return True

    def _say(self, sentence: str) -> None:
        self._message.setText(sentence)
        self._message.setVisible(bool(sentence))

    def _say_if_shown(self, sentence: str) -> None:
        if self.isVisible():
            self._say(sentence)

    def _buttons(self) -> QHBoxLayout:
        buttons = QHBoxLayout()
        self._for_a_model = []
        for button, slot in (
            (self.use_button, self.use),
            (self.try_button, self.try_on_pad),
            (self.rename_button, self.rename),
            (self.export_button, self.export),
            (self.delete_button, self.delete),
        ):
            button.clicked.connect(slot)
            button.setAutoDefault(False)
            buttons.addWidget(button)
            self._for_a_model.append(button)
        close = QPushButton(self.tr("&Close"))
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        buttons.addStretch(1)
        buttons.addWidget(close)
        return buttons

    def _add_keys(self) -> None:
        """Return uses the selected model, F2 renames it, Delete deletes it."""
        keys: dict[str, Callable[[], None]] = {
            "Return": self.use,
            "Enter": self.use,
            "F2": self.rename,
            "Del": self.delete,
        }
        for key, slot in keys.items():
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(slot)
        self.rename_button.setToolTip(QKeySequence("F2").toString(_NATIVE))
        self.delete_button.setToolTip(QKeySequence("Del").toString(_NATIVE))

    def _show_state(self) -> None:
        self.list.mark()
        is_empty = self.list.topLevelItemCount() == 0
        self._pages.setCurrentWidget(self.no_models if is_empty else self.list)
        for button in self._for_a_model:
            button.setHidden(is_empty)
        self._enable()

    def _own(self) -> "KeptModel | None":
        """Return the selected model, unless it is the factory model."""
        kept = self.list.selected()
        return None if kept is None or kept.path == paths.factory_model() else kept

    def _enable(self) -> None:
        kept: KeptModel | None = self.list.selected()
        for button in (self.rename_button, self.delete_button):
            button.setEnabled(self._own() is not None)
        self.export_button.setEnabled(kept is not None)
        in_use = kept is not None and kept.path == self._session.model_path
        on_trial = kept is not None and kept.path == self._session.challenger_path
        self.use_button.setEnabled(kept is not None and not in_use)
        self.try_button.setEnabled(on_trial or (kept is not None and not in_use))
        self.try_button.setText(
            self.tr("End the &trial") if on_trial else self.tr("&Try on the pad")
        )

    def showEvent(self, event: QShowEvent) -> None:
        """List the models that are on the disk now."""
        self._say("")
        # For the keyboard something is selected from the start: the model in use, or the first.
        self.fill(None if self.list.selected() else self._session.model_path)
        (self.list if self.list.topLevelItemCount() else self.no_models).setFocus()
        super().showEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Look again: a training may have saved a model meanwhile."""
        if event.type() is QEvent.Type.ActivationChange and self.isActiveWindow():
            self.fill()
        super().changeEvent(event)


_NATIVE = QKeySequence.SequenceFormat.NativeText
