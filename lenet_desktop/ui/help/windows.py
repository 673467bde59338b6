"""The windows of the Help menu; each is open once at most, and is imported when it opens."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QSize
from PySide6.QtWidgets import QDialog, QMainWindow


class HelpWindows(QObject):
    """Opens shortcuts, guide, log and About; one that is open already comes to the front."""

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._open: dict[str, QDialog] = {}

    @property
    def open_names(self) -> tuple[str, ...]:
        """The names of the windows that are open."""
        return tuple(self._open)

    def show_shortcuts(self) -> None:
        """Show the sheet of shortcuts."""
        from lenet_desktop.ui.help.shortcuts import shortcuts_page

        bar = self._window.menuBar()
        self._show(
            "shortcuts",
            lambda: self._page(
                self.tr("Shortcuts"), lambda widget: shortcuts_page(bar, widget), QSize(600, 560)
            ),
        )

    def show_guide(self) -> None:
        """Show the short guide."""
        from lenet_desktop.ui.help.guide import guide_page

        self._show("guide", lambda: self._page(self.tr("Guide"), guide_page, QSize(640, 560)))

    def show_about(self) -> None:
        """Show version, sources and licences."""
        from lenet_desktop.ui.help.about import about_page

        self._show(
            "about",
            lambda: self._page(self.tr("About LeNet Desktop"), about_page, QSize(520, 380)),
        )

    def show_log(self) -> None:
        """Show the log."""
        from lenet_desktop.ui.help.log import LogWindow

        self._show("log", lambda: LogWindow(self._window))

    def _page(self, title: str, page: Callable[..., str], size: QSize) -> QDialog:
        from lenet_desktop.ui.help.help_window import HelpWindow

        return HelpWindow(title, page, size, self._window)

    def _show(self, name: str, make: Callable[[], QDialog]) -> None:
        dialog = self._open.get(name)
        if dialog is None:
            dialog = self._open[name] = make()
            dialog.finished.connect(lambda: self._open.pop(name, None))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()
