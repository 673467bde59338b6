"""The menu of the model chip: what is in use, and what else can be used or compared."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QLabel, QMenu, QVBoxLayout, QWidget, QWidgetAction

from lenet_desktop.printable import printable
from lenet_desktop.ui.models.accuracy import accuracy_in_words
from lenet_desktop.ui.models.model_menu import ModelMenu
from lenet_desktop.ui.session import Session

if TYPE_CHECKING:
    from lenet_desktop.models.model_card import ModelCard

_MOST_SHOWN = 60
_WIDTH = 320


class ChipMenu(QMenu):
    """Names the model in use; below, the factory model, the kept models, Compare, Open,
    Export, My models.

    The entries are those of the menu bar's 'Model'.
    """

    def __init__(self, menu: ModelMenu, session: Session, parent: QWidget) -> None:
        super().__init__(parent)
        self._menu, self._session = menu, session
        self.setAccessibleName(self.tr("Model"))
        self.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Fill the menu for the model in use and the models that are on the disk now."""
        menu, model = self._menu, self._session.model
        # Not clear(): that would make the actions of the other menu unusable in Python.
        for action in self.actions():
            self.removeAction(action)
            if action.parent() is self:
                action.deleteLater()
        if model is not None:
            self._add_head(model.card)
            self.addSeparator()
        self.addAction(menu.factory_action)
        self.addActions(menu.fill_kept_models())
        self.addSeparator()
        self.addMenu(menu.compare_menu)
        if self._session.challenger:
            self.addActions([menu.use_compared_action, menu.end_action])
        self.addSeparator()
        self.addActions([menu.open_action, menu.export_action, menu.manage_action])

    def _add_head(self, card: "ModelCard") -> None:
        head = QWidget()
        layout = QVBoxLayout(head)
        layout.setContentsMargins(12, 8, 12, 8)
        layout.setSpacing(2)
        name = QLabel(card.title)
        font = QFont(name.font())
        font.setWeight(QFont.Weight.DemiBold)
        name.setFont(font)
        labels = [name]
        # The card goes on with numbers and credits.
        data = printable(card.data.split(",")[0], _MOST_SHOWN)
        trained = self.tr("Trained on {data}").format(data=data) if data else ""
        for line in filter(None, (accuracy_in_words(card), trained)):
            label = QLabel(line)
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
            label.setWordWrap(True)
            labels.append(label)
        for label in labels:
            label.setTextFormat(Qt.TextFormat.PlainText)
            # The entry is disabled, so that it cannot be chosen, but it is meant to be read.
            palette = label.palette()
            readable = palette.color(QPalette.ColorGroup.Active, label.foregroundRole())
            palette.setColor(QPalette.ColorGroup.Disabled, label.foregroundRole(), readable)
            label.setPalette(palette)
            layout.addWidget(label)
        head.setFixedWidth(_WIDTH)
        action = QWidgetAction(self)
        action.setDefaultWidget(head)
        action.setText(self.tr("In use: {name}").format(name=card.title.replace("&", "&&")))
        action.setEnabled(False)
        self.addAction(action)
