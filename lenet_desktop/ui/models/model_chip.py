"""The chip that names the model in use and opens its menu."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QSizePolicy, QToolButton

from lenet_desktop.percent import percent
from lenet_desktop.ui.models.accuracy import accuracy_in_words
from lenet_desktop.ui.models.chip_menu import ChipMenu
from lenet_desktop.ui.models.model_menu import ModelMenu
from lenet_desktop.ui.models.trial_pill import TrialPill
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.tooltip import plain_tooltip
from lenet_desktop.ui.window.bar_button import BarButton, Look
from lenet_desktop.ui.workers.recognition import ModelInUse

# In average characters.
_WIDEST, _NARROWEST, _SHORTEST_NAME = 30, 15, 9


class ModelChip(BarButton):
    """The name of the model in use and its accuracy, such as 'LeNet-5 · 99.5 %'.

    Attributes:
        trial: says which model reads beside it; to be placed beside the chip.
    """

    def __init__(self, menu: ModelMenu, session: Session) -> None:
        super().__init__(Look.CHIP)
        self._session = session
        self._name, self._accuracy = self.tr("Loading the model\u00a0…"), ""
        self.trial = TrialPill(session)
        self.setMenu(ChipMenu(menu, session, self))
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setAccessibleDescription(self.tr("Model in use"))
        self._show()
        session.model_changed.connect(self._show_model)
        session.failed.connect(self._show_failure)

    def name(self) -> str:
        """Return the whole text."""
        return f"{self._name}{self._accuracy}"

    def text(self) -> str:
        """Return the whole text; the chip itself may show a shorter one."""
        return self.name()

    def shown_text(self, width: int, metrics: QFontMetrics) -> str:
        """Return the text as it fits into a width in pixels.

        The end of the name is cut off; where little would be left of it, the accuracy is left out.
        """
        room = width - metrics.horizontalAdvance(self._accuracy)
        enough = min(
            metrics.horizontalAdvance(self._name), metrics.averageCharWidth() * _SHORTEST_NAME
        )
        elide = Qt.TextElideMode.ElideRight
        if room < enough:
            return metrics.elidedText(self._name, elide, width)
        return f"{metrics.elidedText(self._name, elide, room)}{self._accuracy}"

    def sizeHint(self) -> QSize:
        """Return the size of the whole text, up to a limit."""
        hint = super().sizeHint()
        return QSize(min(hint.width(), self._characters(_WIDEST)), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Return a size for the accuracy and the beginning of the name."""
        hint = super().sizeHint()
        return QSize(min(hint.width(), self._characters(_NARROWEST)), hint.height())

    def _characters(self, count: int) -> int:
        return self.fontMetrics().averageCharWidth() * count + 38

    def _show_model(self, model: ModelInUse) -> None:
        card = model.card
        self._name = card.title
        accuracy = card.test_accuracy
        self._accuracy = "" if accuracy is None else f" · {percent(accuracy)}"
        self._show()
        lines = (card.title, accuracy_in_words(card), str(model.path))
        in_use = self.tr("Model in use. {accuracy}").format(accuracy=accuracy_in_words(card))
        self.setAccessibleDescription(in_use.strip())
        self.setToolTip(plain_tooltip("\n".join(filter(None, lines))))

    def _show_failure(self) -> None:
        if self._session.model is None:
            self._name = self.tr("No model")
            self._show()

    def _show(self) -> None:
        # An ampersand would make a shortcut of the letter after it.
        self.setText(self.name().replace("&", "&&"))
        self.setAccessibleName(self.name())
        self.updateGeometry()
        self.update()
