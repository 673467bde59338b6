"""The chip that names the model in use and opens its menu."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QToolButton

from lenet_desktop.percent import percent
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.workers.recognition import ModelInUse

_MOST_CHARACTERS = 24


class ModelChip(QToolButton):
    """The name of the model in use and its accuracy, such as 'LeNet-5 · 99.5 %'."""

    def __init__(self, menu: QMenu, session: Session) -> None:
        super().__init__()
        self.setText(self.tr("loading the model"))
        self.setMenu(menu)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleDescription(self.tr("Model in use"))
        session.model_changed.connect(self._show_model)

    def _show_model(self, model: ModelInUse) -> None:
        card = model.card
        name = card.title
        if len(name) > _MOST_CHARACTERS:
            name = f"{name[:_MOST_CHARACTERS]}…"
        accuracy = card.test_accuracy
        self.setText(name if accuracy is None else f"{name} · {percent(accuracy)}")
        self.setToolTip(f"{card.title}\n{model.path}")
