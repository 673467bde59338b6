"""The undo command of the pad."""

from collections.abc import Callable

from PySide6.QtGui import QUndoCommand

from lenet_desktop.drawing.strokes import Rect
from lenet_desktop.ui.pad.sheet import Sheet, Step


class Edit(QUndoCommand):
    """An undo step of a sheet.

    Args:
        text: the name of the step.
        sheet: the sheet.
        step: the step.
        changed: called with the part of the ink that changed, if any did.
    """

    def __init__(
        self, text: str, sheet: Sheet, step: Step, changed: Callable[[Rect], None]
    ) -> None:
        super().__init__(text)
        self._sheet, self._step, self._changed = sheet, step, changed

    def undo(self) -> None:
        """Undo the step."""
        self._tell(self._sheet.undo(self._step))

    def redo(self) -> None:
        """Do or redo the step."""
        self._tell(self._sheet.redo(self._step))

    def _tell(self, rect: Rect | None) -> None:
        if rect is not None:
            self._changed(rect)
