"""Try the challenger on the pad, beside the model in use."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from lenet_desktop.ui.session import Session


class Trial(QWidget):
    """A button that has both models read each drawing, and one that swaps their answers.

    Args:
        session: has the challenger read beside the model in use.

    Signals:
        wanted (bool): the user wants the challenger to read too, or no longer.
        swap_held (bool): the answers are to be swapped, as long as it is True.

    Attributes:
        try_button: begins and ends the trial.
        swap_button: swaps the answers while it is pressed; shown during the trial.
    """

    wanted = Signal(bool)
    swap_held = Signal(bool)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._begun = False  # the recognition thread has the challenger
        self.try_button = QPushButton(self.tr("Tr&y on the pad"))
        self.try_button.setCheckable(True)
        self.try_button.setToolTip(self.tr("Both models read each drawing, side by side"))
        self.swap_button = QPushButton(self.tr("Hold X to swap"))
        self.swap_button.setToolTip(
            self.tr("Show the challenger's answer while this button or the key X is held")
        )
        self.swap_button.setAccessibleName(self.tr("Hold to swap the answers"))
        self.swap_button.hide()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.try_button, stretch=1)
        layout.addWidget(self.swap_button, stretch=1)
        self.try_button.toggled.connect(self._toggle)
        self.swap_button.pressed.connect(lambda: self.swap_held.emit(True))
        self.swap_button.released.connect(lambda: self.swap_held.emit(False))
        session.challenger_changed.connect(self._take_challenger)

    def end(self) -> None:
        """End the trial; do nothing if there is none."""
        self.try_button.setChecked(False)

    def _toggle(self, tries: bool) -> None:
        self._begun = False
        self._show(tries)
        self.wanted.emit(tries)

    def _show(self, tries: bool) -> None:
        # The look of a checked button is hard to tell in the dark theme.
        text = self.tr("End the tr&ial") if tries else self.tr("Tr&y on the pad")
        self.try_button.setText(text)
        if not tries and self.swap_button.isDown():
            self.swap_button.setDown(False)
            self.swap_held.emit(False)
        if not tries and self.swap_button.hasFocus():
            self.try_button.setFocus()
        self.swap_button.setVisible(tries)

    def _take_challenger(self, name: str) -> None:
        """Notice that the trial was ended elsewhere, or that another model is tried instead."""
        if not self.try_button.isChecked():
            return
        is_ours = bool(name) and self._session.challenger_path is None
        if is_ours:
            self._begun = True
        elif self._begun or name:
            self.try_button.blockSignals(True)
            self.try_button.setChecked(False)
            self.try_button.blockSignals(False)
            self._show(False)
