"""What stands beside the paper: the answer or the network, and the drawer with the training."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QTabBar, QVBoxLayout, QWidget

ANSWER_WIDTH, DRAWER_WIDTH, LEAST_INSIDE = 280, 380, 600


class Side(QWidget):
    """The answer, and beside it the drawer; in a narrow window each has a tab.

    The view inside the network takes the answer's place, and as much room as there is.

    Signals:
        drawer_shown (bool): the drawer was opened or closed.
    """

    drawer_shown = Signal(bool)

    def __init__(self, answer: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer = answer
        self._drawer: QWidget | None = None
        self._inside: QWidget | None = None
        self._narrow = False
        self._open = False
        self._tabs = QTabBar()
        self._tabs.addTab(self.tr("Answer"))
        self._tabs.addTab(self.tr("Training"))
        self._tabs.setExpanding(True)
        self._tabs.setDrawBase(False)
        self._tabs.hide()
        self._tabs.currentChanged.connect(lambda _: self._arrange())
        self._row = QHBoxLayout()
        self._row.setSpacing(12)
        self._row.addWidget(answer)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._tabs)
        layout.addLayout(self._row, stretch=1)
        self._arrange()

    @property
    def is_drawer_open(self) -> bool:
        """Whether the drawer is open; in a narrow window its tab may be behind the answer's."""
        return self._open

    @property
    def is_inside_shown(self) -> bool:
        """Whether the view inside the network takes the answer's place."""
        return self._inside is not None

    def set_drawer(self, drawer: QWidget) -> None:
        """Put the drawer beside the answer, closed."""
        self._drawer = drawer
        self._row.addWidget(drawer)
        self._arrange()

    def open_drawer(self, is_open: bool) -> None:
        """Open the drawer, or close it."""
        changed = is_open != self._open
        self._open = is_open
        self._tabs.setCurrentIndex(1 if is_open else 0)
        self._arrange()
        if changed:
            self.drawer_shown.emit(is_open)

    def show_inside(self, view: QWidget | None) -> None:
        """Show the view inside the network in the answer's place; the answer again for None."""
        if self._inside is not None:
            self._inside.hide()
            self._row.removeWidget(self._inside)
        self._inside = view
        if view is not None:
            self._row.insertWidget(0, view, stretch=1)
        self._tabs.setTabText(0, self.tr("Answer") if view is None else self.tr("Network"))
        self._tabs.setCurrentIndex(0)
        self._arrange()

    def show_answer(self) -> None:
        """Bring the answer to the front where the drawer covers it."""
        if self._narrow:
            self._tabs.setCurrentIndex(0)

    def set_narrow(self, narrow: bool) -> None:
        """Show the answer and the drawer as tabs, or side by side."""
        if narrow != self._narrow:
            self._narrow = narrow
            self._arrange()

    def _arrange(self) -> None:
        tabbed = self._narrow and self._open
        self._tabs.setVisible(tabbed)
        drawer_in_front = tabbed and self._tabs.currentIndex() == 1
        self._answer.setVisible(not drawer_in_front and self._inside is None)
        self._answer.setFixedWidth(DRAWER_WIDTH if tabbed else ANSWER_WIDTH)
        if self._inside is not None:
            self._inside.setVisible(not drawer_in_front)
        if self._drawer is not None:
            self._drawer.setFixedWidth(DRAWER_WIDTH)
            self._drawer.setVisible(drawer_in_front if tabbed else self._open)
        takes_room = self._inside is not None and not drawer_in_front
        policy = QSizePolicy.Policy.Expanding if takes_room else QSizePolicy.Policy.Fixed
        self.setSizePolicy(policy, QSizePolicy.Policy.Preferred)
