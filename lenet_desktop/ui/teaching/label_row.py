"""The row below the answer: 'Right', and 'No, it is …' with the menu of classes."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QWidget

HEIGHT = 24  # the smallest that is easy to hit (WCAG 2.2, 2.5.8)


class LabelRow(QWidget):
    """Two quiet buttons; or what the drawing was labelled as, and a button that takes it back.

    Attributes:
        right: says that the answer is right.
        wrong: opens the menu.
        undo: takes the label back.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.right = self._button(self.tr("Right"), self.tr("The answer is right (Alt+Enter)"))
        self.wrong = self._button(
            self.tr("No, it is …"), self.tr("Say what it is (Alt and the digit)")
        )
        self.undo = self._button(self.tr("Undo"), self.tr("Remove the drawing from your samples"))
        self._label = QLabel()
        self._label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.right)
        layout.addWidget(self.wrong)
        layout.addWidget(self._label)
        layout.addWidget(self.undo)
        layout.addStretch(1)
        self.show_offer(False)

    @property
    def text(self) -> str:
        """What the drawing was labelled as, in words, or ''."""
        return "" if self._label.isHidden() else self._label.text()

    def set_menu(self, menu: QMenu) -> None:
        """Take the menu of classes that the second button opens."""

        def open_menu() -> None:
            above = QPoint(0, -menu.sizeHint().height())
            menu.popup(self.wrong.mapToGlobal(above))

        self.wrong.clicked.connect(open_menu)

    def show_offer(self, offered: bool, *, is_refused: bool = False) -> None:
        """Offer to label the drawing, or not: there is nothing to label.

        What was refused has no answer that could be right.
        """
        self._show(offered, "")
        self.right.setVisible(offered and not is_refused)

    def show_label(self, name: str) -> None:
        """Show what the drawing was labelled as."""
        self._show(False, self.tr("Noted as {name}").format(name=name))

    def _show(self, offered: bool, text: str) -> None:
        self.right.setVisible(offered)
        self.wrong.setVisible(offered)
        self._label.setText(text)
        self._label.setVisible(bool(text))
        self.undo.setVisible(bool(text))

    def _button(self, text: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setFixedHeight(HEIGHT)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button
