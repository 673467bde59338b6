"""The recipes as cards: what each is good for, and how long it takes."""

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QRadioButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.training.card import RADIUS, paint_card

_MARGIN, _GAP = 12, 8
_DOT = 14
_FEW, _SLOWER, _AT_LEAST = 8, 5, 15  # seconds, times, seconds
_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


def expected_time_text(seconds: float, *, is_measured: bool = True) -> str:
    """Return a time as a person would say it: 'about 2 min', or a range such as '30 s to 2 min'.

    Args:
        seconds: the time.
        is_measured: whether it rests on a training on this computer. If not, the computer may be
            several times slower than the one that the figures are of.
    """
    shortest = _duration(seconds)
    if not is_measured:
        text = QCoreApplication.translate("RecipeCards", "{shortest} to {longest}")
        return text.format(shortest=shortest, longest=_duration(max(_SLOWER * seconds, _AT_LEAST)))
    if seconds < _FEW:
        return QCoreApplication.translate("RecipeCards", "a few seconds")
    return QCoreApplication.translate("RecipeCards", "about {time}").format(time=shortest)


def _duration(seconds: float) -> str:
    if seconds < 55:
        number = 5 * max(round(seconds / 5), 1) if seconds < 30 else 10 * round(seconds / 10)
        return QCoreApplication.translate("RecipeCards", "{number} s").format(number=number)
    minutes = seconds / 60
    if minutes < 55:
        number = max(1, round(minutes)) if minutes < 10 else 5 * round(minutes / 5)
        return QCoreApplication.translate("RecipeCards", "{number} min").format(number=number)
    number = max(1, round(minutes / 60))
    return QCoreApplication.translate("RecipeCards", "{number} h").format(number=number)


class RecipeCard(QRadioButton):
    """One recipe as a radio button.

    Args:
        title: its name, to be shown.
        sentence: what it is good for.
    """

    def __init__(self, title: str, sentence: str) -> None:
        super().__init__()
        self._title, self._sentence = title, sentence
        self._time = ""
        self._changed = False
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.reset_button = QToolButton(self)
        self.reset_button.setText(self.tr("Reset"))
        self.reset_button.setAutoRaise(True)
        self.reset_button.setCursor(Qt.CursorShape.PointingHandCursor)
        self.reset_button.setToolTip(self.tr("Set all fields as the recipe has them"))
        self.reset_button.setAccessibleName(self.tr("Reset the changed fields"))
        self.reset_button.hide()
        self._name()

    @property
    def title(self) -> str:
        """The title that is shown, such as 'Quick, changed'."""
        return (
            self.tr("{recipe}, changed").format(recipe=self._title)
            if self._changed
            else (self._title)
        )

    @property
    def time(self) -> str:
        """The expected time that is shown."""
        return self._time

    def show_time(self, text: str) -> None:
        """Show the expected time."""
        self._time = text
        self._name()

    def show_changed(self, changed: bool) -> None:
        """Show that the fields are no longer the recipe's, and offer to reset them."""
        self._changed = changed
        self.reset_button.setVisible(changed)
        self._place_reset()
        self._name()

    def _name(self) -> None:
        self.setAccessibleName(self.title)
        self.setAccessibleDescription(f"{self._time}. {self._sentence}")
        self.update()

    # Its shape

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        return font

    def _title_height(self) -> int:
        return max(QFontMetrics(self._bold()).height(), self.reset_button.sizeHint().height() - 4)

    def _left(self) -> int:
        return _MARGIN + _DOT + _GAP

    def _text_rect(self, width: int) -> QRect:
        room = QRect(self._left(), 0, width - self._left() - _MARGIN, 10_000)
        rect = self.fontMetrics().boundingRect(room, _WRAP, self._sentence)
        rect.moveTop(_GAP + self._title_height() + 2)
        return rect

    def hasHeightForWidth(self) -> bool:
        """Return True: the sentence is wrapped."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that the card needs at this width."""
        return self._text_rect(width).bottom() + 1 + _GAP + 2

    def sizeHint(self) -> QSize:
        """Return the size of a card in the drawer."""
        return QSize(320, self.heightForWidth(320))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the narrowest card."""
        return QSize(220, self.heightForWidth(220))

    def hitButton(self, pos: QPoint) -> bool:
        """Return whether a click there chooses the card: anywhere on it."""
        return self.rect().contains(pos)

    def _place_reset(self) -> None:
        size = self.reset_button.sizeHint()
        left = self._left() + QFontMetrics(self._bold()).horizontalAdvance(self.title) + 6
        top = _GAP + (self._title_height() - size.height()) // 2
        self.reset_button.setGeometry(QRect(QPoint(left, top), size))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the reset button beside the title."""
        self._place_reset()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow a change of the font."""
        if event.type() is QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the card: a dot and a thicker edge show that it is chosen."""
        theme = colours(self)
        painter = QPainter(self)
        chosen = self.isChecked()
        edge = theme.accent if chosen else theme.quiet if self.underMouse() else theme.line
        paint_card(painter, self, edge, 2.0 if chosen else 1.0)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                QRectF(self.rect()).adjusted(4, 4, -4, -4), RADIUS - 3, RADIUS - 3
            )
        title_height = self._title_height()
        dot = QRectF(_MARGIN, _GAP + (title_height - _DOT) / 2, _DOT, _DOT)
        painter.setPen(QPen(QColor(theme.accent if chosen else theme.quiet), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(dot.adjusted(1, 1, -1, -1))
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawEllipse(dot.adjusted(4, 4, -4, -4))
        enabled = self.isEnabled()
        painter.setPen(QColor(theme.text if enabled else theme.disabled))
        painter.setFont(self._bold())
        line = QRect(self._left(), _GAP, self.width() - self._left() - _MARGIN, title_height)
        centred = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, centred | Qt.AlignmentFlag.AlignLeft, self.title)
        painter.setFont(self.font())
        painter.setPen(QColor(theme.quiet if enabled else theme.disabled))
        painter.drawText(line, centred | Qt.AlignmentFlag.AlignRight, self._time)
        painter.drawText(self._text_rect(self.width()), _WRAP, self._sentence)


class RecipeCards(QWidget):
    """A card for each recipe; one of them is chosen.

    Args:
        names: the names of the recipes.

    Signals:
        chosen (str): the user chose this recipe.
        reset (): the user wants the fields as the chosen recipe has them.

    Attributes:
        cards: the cards by the names of their recipes.
    """

    chosen = Signal(str)
    reset = Signal()

    def __init__(self, names: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        texts = {
            "quick": (self.tr("Quick"), self.tr("Good after a few epochs, in the least time.")),
            "tutorial": (
                self.tr("Tutorial"),
                self.tr("The usual loop of tutorials: Adam, batches of 64, no added images."),
            ),
            "thorough": (
                self.tr("Thorough"),
                self.tr("The best LeNet: distorted images, averaged weights, many epochs."),
            ),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        self.cards: dict[str, RecipeCard] = {}
        for name in names:
            card = self.cards[name] = RecipeCard(*texts.get(name, (name, "")))
            layout.addWidget(card)
            card.toggled.connect(lambda on, name=name: self.chosen.emit(name) if on else None)
            card.reset_button.clicked.connect(self.reset)
        self.setAccessibleName(self.tr("Recipe"))

    @property
    def chosen_card(self) -> RecipeCard:
        """The card that is chosen."""
        return next(card for card in self.cards.values() if card.isChecked())

    @property
    def name(self) -> str:
        """The name of the chosen recipe."""
        return next((name for name, card in self.cards.items() if card.isChecked()), "")

    def choose(self, name: str) -> None:
        """Choose a recipe."""
        self.cards[name].setChecked(True)

    def show_times(self, seconds: dict[str, float], *, is_measured: bool = True) -> None:
        """Show the expected time of each recipe, in seconds; see ``expected_time_text``."""
        for name, time in seconds.items():
            self.cards[name].show_time(expected_time_text(time, is_measured=is_measured))

    def show_changed(self, changed: bool) -> None:
        """Show whether the fields are still as the chosen recipe has them."""
        for card in self.cards.values():
            card.show_changed(changed and card.isChecked())
