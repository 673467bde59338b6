"""What the pad is besides a place to draw: it has a name and a size, and accepts drops."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QFocusEvent, QImage
from PySide6.QtWidgets import QSizePolicy, QWidget

_BY_KEYBOARD = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class PadWidget(QWidget):
    """A widget with the pad's name; it accepts drops and knows when to mark the focus.

    Signals:
        files_dropped (list[str]): the user dropped these files onto the pad.
        image_dropped (QImage): the user dropped a picture that is not a file.
    """

    files_dropped = Signal(list)
    image_dropped = Signal(QImage)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._focus_is_shown = False
        self.setAccessibleName(self.tr("Drawing pad"))
        self.setAccessibleDescription(
            self.tr(
                "Draw one digit with the left mouse button, a pen or a finger; "
                "the right button erases. Pictures can be dropped or pasted here."
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAcceptDrops(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(240, 240)

    def sizeHint(self) -> QSize:
        """Return the size at which the window opens."""
        return QSize(560, 560)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Mark the focus if it came by the keyboard."""
        if event.reason() in _BY_KEYBOARD:
            self.mark_focus(True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Remove the mark, unless the focus comes back with the window."""
        if event.reason() not in (
            Qt.FocusReason.ActiveWindowFocusReason,
            Qt.FocusReason.PopupFocusReason,
        ):
            self.mark_focus(False)
        super().focusOutEvent(event)

    def mark_focus(self, shown: bool) -> None:
        """Show the mark of the focus, or remove it."""
        if shown is not self._focus_is_shown:
            self._focus_is_shown = shown
            self.update()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept files and pictures."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Signal which files or which picture were dropped."""
        data = event.mimeData()
        files = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
        if files:
            self.files_dropped.emit(files)
        elif data.hasImage():
            self.image_dropped.emit(QImage(data.imageData()))
        event.acceptProposedAction()
