"""A window with a page of help."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)


class HelpWindow(QDialog):
    """Shows a page beside the window, which stays usable; Esc closes it.

    Args:
        title: the title of the window.
        page: returns the page as rich text, in the colours of the theme.
        size: the size to open at, within the screen's.
        parent: the main window.
    """

    def __init__(
        self, title: str, page: Callable[[QWidget], str], size: QSize, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._page = page
        self.setWindowTitle(title)
        self.setModal(False)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QTextBrowser()
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName(title)
        self.text.document().setDocumentMargin(14)
        self.text.setOpenExternalLinks(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(self.text)
        layout.addWidget(buttons)
        self.resize(size.boundedTo(self.screen().availableSize()))
        self.text.setHtml(page(self))
        self.text.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        """Show the page in the colours of another theme."""
        if event.type() is QEvent.Type.PaletteChange:
            self.text.setHtml(self._page(self))
        super().changeEvent(event)
