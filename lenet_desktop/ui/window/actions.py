"""The window's actions, their shortcuts and their menus."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QMenuBar, QWidget

from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.theme import THEMES, set_theme

_Key = QKeySequence.StandardKey


class WindowActions(QObject):
    """The window's actions. Those of the pad are connected here, all others by the window."""

    def __init__(self, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self.open = self._action("&Open…", _Key.Open)
        self.save = self._action("&Save drawing…", _Key.Save)
        self.quit = self._action("&Quit", "Ctrl+Q")
        self.undo = self._action("&Undo", "Ctrl+Z")
        self.redo = self._action("&Redo", "Ctrl+Shift+Z", "Ctrl+Y")
        self.clear = self._action("&Clear", "Del", "Esc", tip="Clear the pad; this can be undone")
        self.paste = self._action("&Paste picture", _Key.Paste)
        self.erase = self._action(
            "&Eraser", "E", tip="Erase with the left button; the right button always erases"
        )
        self.erase.setCheckable(True)
        self.thicker = self._action("&Thicker brush", "]", "+")
        self.thinner = self._action("Thi&nner brush", "[", "-")
        self.train = self._action("&Train…", "Ctrl+T", tip="Train LeNet and watch it learn")
        self.train.setEnabled(False)
        self.stages = self._action(
            "What the &network sees",
            "W",
            tip="Show each stage from the drawing to what the network sees, with its answer there",
        )
        self.stages.setCheckable(True)
        self.about = self._action("&About LeNet Desktop")
        self._connect(canvas)

    def fill(self, bar: QMenuBar, model_menu: QMenu, theme_menu: QMenu) -> None:
        """Put all actions into the menu bar."""
        file = bar.addMenu("&File")
        file.addActions([self.open, self.save])
        file.addSeparator()
        file.addAction(self.quit)
        edit = bar.addMenu("&Edit")
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.clear, self.paste])
        edit.addSeparator()
        edit.addActions([self.erase, self.thicker, self.thinner])
        bar.addMenu(model_menu)
        view = bar.addMenu("&View")
        view.addAction(self.stages)
        view.addSeparator()
        view.addMenu(theme_menu)
        bar.addMenu("&Help").addAction(self.about)

    def _action(self, text: str, *shortcuts: _Key | str, tip: str = "") -> QAction:
        action = QAction(text, self)
        action.setShortcuts([QKeySequence(s) for s in shortcuts])
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        name = tip or text.replace("&", "").rstrip("…")
        action.setToolTip(f"{name} ({keys})" if keys else name)
        return action

    def _connect(self, canvas: Canvas) -> None:
        stack = canvas.undo_stack
        self.undo.triggered.connect(lambda: canvas.undo())
        self.redo.triggered.connect(lambda: canvas.redo())
        self.clear.triggered.connect(lambda: canvas.clear())
        self.erase.triggered.connect(canvas.set_erasing)
        self.thicker.triggered.connect(lambda: canvas.step_brush(1))
        self.thinner.triggered.connect(lambda: canvas.step_brush(-1))
        canvas.erasing_changed.connect(self.erase.setChecked)
        stack.canUndoChanged.connect(self.undo.setEnabled)
        stack.canRedoChanged.connect(self.redo.setEnabled)
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)


class ThemeMenu(QMenu):
    """The menu of themes; the choice is remembered in the settings."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__("&Theme", parent)
        self._settings = settings
        group = QActionGroup(self)
        for name in THEMES:
            action = self.addAction(f"&{name.capitalize()}")
            action.setCheckable(True)
            action.setChecked(name == settings.theme)
            action.triggered.connect(lambda _checked, name=name: self._choose(name))
            group.addAction(action)

    def _choose(self, name: str) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        set_theme(app, name)
        self._settings.theme = name
