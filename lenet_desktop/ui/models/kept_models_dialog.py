"""The dialog in which the user's models are used, renamed, deleted and exported."""

import html
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QMessageBox,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop import paths
from lenet_desktop.errors import UserError
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.window.save_dialog import ask_save_name

if TYPE_CHECKING:
    from lenet_desktop.models.library import KeptModel

_MOST_SHOWN = 300


class KeptModelsDialog(QDialog):
    """Lists the kept models; the factory model is not among them."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("My models")
        self.resize(640, 360)
        self._session = session
        self.list = QTreeWidget()
        self.list.setAccessibleName("My models")
        self.list.setRootIsDecorated(False)
        self.list.setHeaderLabels(["Name", "Test accuracy", "Trained", "Trained on"])
        self._message = QLabel()
        self._message.setWordWrap(True)
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self.use_button = QPushButton("&Use")
        self.rename_button = QPushButton("&Rename…")
        self.export_button = QPushButton("&Export…")
        self.delete_button = QPushButton("&Delete…")
        close = QPushButton("&Close")
        buttons = QHBoxLayout()
        for button, slot in (
            (self.use_button, self.use),
            (self.rename_button, self.rename),
            (self.export_button, self.export),
            (self.delete_button, self.delete),
        ):
            button.clicked.connect(slot)
            button.setAutoDefault(False)
            buttons.addWidget(button)
        buttons.addStretch(1)
        buttons.addWidget(close)
        close.clicked.connect(self.accept)
        self.list.itemActivated.connect(self.use)
        self.list.currentItemChanged.connect(self._enable)
        layout = QVBoxLayout(self)
        layout.addWidget(self.list)
        layout.addWidget(self._message)
        layout.addLayout(buttons)
        session.model_changed.connect(self._mark_in_use)
        self._fill()

    @property
    def message(self) -> str:
        """The sentence that is shown, or ''."""
        return self._message.text()

    def use(self) -> None:
        """Use the selected model."""
        kept = self._chosen()
        if kept is not None:
            self._session.use(kept.path)

    def rename(self) -> None:
        """Ask for another name, and rename the selected model."""
        from lenet_desktop.models import library

        kept = self._chosen()
        if kept is None:
            return
        name, given = QInputDialog.getText(
            self, "Rename", "New name of the model:", text=kept.card.title
        )
        if given:
            self._try(lambda: self._moved(kept.path, library.rename(kept.path, name)))

    def export(self) -> None:
        """Ask for a path, and copy the model file there."""
        from lenet_desktop.models import library

        kept = self._chosen()
        if kept is None:
            return
        path = ask_save_name(
            self, "Export the model", kept.path.name, {"Models (*.safetensors)": (".safetensors",)}
        )
        if path is not None and self._try(lambda: library.export(kept.path, path)):
            self._message.setText(f"Exported to {path}")

    def delete(self) -> None:
        """Ask, then delete the model; if it is in use, the factory model replaces it."""
        from lenet_desktop.models import library

        kept = self._chosen()
        if kept is None:
            return
        question = QMessageBox(
            QMessageBox.Icon.Question,
            "Delete",
            f"Delete '{kept.card.title}'? This cannot be undone.",
            QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No,
            self,
        )
        # The name may come from an untrusted file.
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setDefaultButton(QMessageBox.StandardButton.No)
        answer = question.exec()
        question.deleteLater()
        if answer == QMessageBox.StandardButton.Yes and self._try(
            lambda: library.delete(kept.path)
        ):
            self._moved(kept.path, paths.factory_model())

    def _moved(self, old: Path, new: Path) -> None:
        if old == self._session.model_path:
            self._session.use(new)
        self._fill(new)

    def _try(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except UserError as error:
            self._message.setText(str(error))
            return False
        self._message.setText("")
        return True

    def _chosen(self) -> "KeptModel | None":
        item = self.list.currentItem()
        return None if item is None else item.data(0, Qt.ItemDataRole.UserRole)

    def _fill(self, chosen: Path | None = None) -> None:
        from lenet_desktop.models.library import kept_models

        self.list.clear()
        for kept in kept_models():
            card = kept.card
            accuracy = "—" if card.test_accuracy is None else f"{card.test_accuracy:.2%}"
            data = card.data[:_MOST_SHOWN]
            item = QTreeWidgetItem([card.title, accuracy, card.trained[:10], data])
            item.setToolTip(3, f"<p>{html.escape(data)}</p>")
            item.setData(0, Qt.ItemDataRole.UserRole, kept)
            self.list.addTopLevelItem(item)
            if kept.path == chosen:
                self.list.setCurrentItem(item)
        self._mark_in_use()
        self._enable()

    def _mark_in_use(self) -> None:
        for item in self.list.findItems("", Qt.MatchFlag.MatchContains):
            kept: KeptModel = item.data(0, Qt.ItemDataRole.UserRole)
            is_in_use = kept.path == self._session.model_path
            font = item.font(0)
            font.setBold(is_in_use)
            item.setFont(0, font)
            item.setToolTip(0, "in use" if is_in_use else "")
        for column in range(3):
            self.list.resizeColumnToContents(column)

    def _enable(self) -> None:
        for button in (
            self.use_button,
            self.rename_button,
            self.export_button,
            self.delete_button,
        ):
            button.setEnabled(self.list.currentItem() is not None)
