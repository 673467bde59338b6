"""The window's actions, their shortcuts and their menus."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from lenet_desktop.ui.icons import icon
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.style.theme import THEMES, is_dark, set_theme, the_app

_Key = QKeySequence.StandardKey


class WindowActions(QObject):
    """The window's actions. Those of the pad are connected here, all others by the window."""

    def __init__(self, canvas: Canvas, parent: QWidget) -> None:
        super().__init__(parent)
        self.open = self._action(self.tr("&Open…"), _Key.Open)
        self.save = self._action(self.tr("&Save drawing…"), _Key.Save)
        self.quit = self._action(self.tr("&Quit"), "Ctrl+Q")
        self.undo = self._action(self.tr("&Undo"), "Ctrl+Z", symbol="undo")
        self.redo = self._action(self.tr("&Redo"), "Ctrl+Shift+Z", "Ctrl+Y", symbol="redo")
        self.clear = self._action(
            self.tr("&Clear"),
            "Del",
            "Ctrl+Backspace",
            tip=self.tr("Clear the pad; this can be undone"),
            symbol="clear",
        )
        self.move_left = self._action(self.tr("&Left"), "Ctrl+Left")
        self.move_right = self._action(self.tr("&Right"), "Ctrl+Right")
        self.move_up = self._action(self.tr("&Up"), "Ctrl+Up")
        self.move_down = self._action(self.tr("&Down"), "Ctrl+Down")
        self.copy = self._action(
            self.tr("C&opy number"),
            _Key.Copy,
            tip=self.tr("Copy the number that is read"),
            symbol="copy",
        )
        self.copy.setEnabled(False)
        self.paste = self._action(self.tr("P&aste picture"), _Key.Paste)
        self.pen = self._action(
            self.tr("&Pen"), "P", tip=self.tr("Draw with the left button"), symbol="pen"
        )
        self.erase = self._action(
            self.tr("&Eraser"),
            "E",
            tip=self.tr("Erase with the left button; the right button always erases"),
            symbol="eraser",
        )
        for action in (self.pen, self.erase):
            action.setCheckable(True)
        self.thicker = self._action(self.tr("&Thicker brush"), "]", "+")
        self.thinner = self._action(self.tr("Thi&nner brush"), "[", "-")
        self.train = self._action(
            self.tr("&Train"),
            "Ctrl+T",
            tip=self.tr("Train LeNet and watch it learn"),
            symbol="train",
        )
        self.train.setCheckable(True)
        self.train.setEnabled(False)
        self.network = self._action(
            self.tr("What the &network sees"),
            "W",
            tip=self.tr("Show each stage from the drawing to what the network sees"),
        )
        self.network.setCheckable(True)
        self.inside = self._action(
            self.tr("&Inside the network"),
            "I",
            tip=self.tr("Watch every layer while it works, and see where each value comes from"),
        )
        self.inside.setCheckable(True)
        self.samples = self._action(
            self.tr("My &samples…"),
            "Ctrl+Shift+M",
            tip=self.tr("See, relabel and delete the drawings that you labelled"),
        )
        self.practice = self._action(
            self.tr("Practice &drawing"),
            "Ctrl+Shift+D",
            tip=self.tr("Draw what the program asks for; each drawing becomes a sample of yours"),
        )
        self.samples.setEnabled(False)
        self.practice.setEnabled(False)
        self.switch_theme = self._action(self.tr("Switch between &light and dark"), symbol="theme")
        self.commands = self._action(self.tr("Find a &command…"), "Ctrl+Shift+P", "F1")
        self.shortcuts = self._action(self.tr("&Shortcuts"), "?")
        self.guide = self._action(self.tr("&Guide"))
        self.log = self._action(self.tr("&Log"))
        self.about = self._action(self.tr("&About LeNet Desktop"))
        self._connect(canvas)

    def fill(
        self,
        bar: QMenuBar,
        model_menu: QMenu,
        label_menu: QMenu,
        kind_menu: QMenu,
        theme_menu: QMenu,
        lesson_menu: QMenu,
    ) -> None:
        """Put all actions into the menu bar."""
        file = bar.addMenu(self.tr("&File"))
        file.addActions([self.open, self.save])
        file.addSeparator()
        file.addAction(self.quit)
        edit = bar.addMenu(self.tr("&Edit"))
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.clear, self.copy, self.paste])
        edit.addSeparator()
        edit.addActions([self.pen, self.erase, self.thicker, self.thinner])
        edit.addMenu(self.tr("&Move the drawing")).addActions(
            [self.move_left, self.move_right, self.move_up, self.move_down]
        )
        edit.addSeparator()
        edit.addMenu(label_menu)
        edit.addActions([self.samples, self.practice])
        bar.addMenu(model_menu)
        view = bar.addMenu(self.tr("&View"))
        view.addMenu(kind_menu)
        view.addActions([self.network, self.inside])
        view.addSeparator()
        view.addMenu(theme_menu)
        view.addAction(self.switch_theme)
        help_ = bar.addMenu(self.tr("&Help"))
        help_.addActions([self.commands, self.shortcuts, self.guide])
        help_.addMenu(lesson_menu)
        help_.addSeparator()
        help_.addActions([self.log, self.about])

    def _action(
        self, text: str, *shortcuts: _Key | str, tip: str = "", symbol: str = ""
    ) -> QAction:
        action = QAction(text, self)
        if symbol:
            action.setIcon(icon(symbol))
            action.setIconVisibleInMenu(False)
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
        self.pen.triggered.connect(lambda: canvas.set_erasing(False))
        self.erase.triggered.connect(canvas.set_erasing)
        for action, right, down in (
            (self.move_left, -1, 0),
            (self.move_right, 1, 0),
            (self.move_up, 0, -1),
            (self.move_down, 0, 1),
        ):
            action.triggered.connect(lambda _checked, by=(right, down): canvas.move_drawing(*by))
        self.thicker.triggered.connect(lambda: canvas.step_brush(1))
        self.thinner.triggered.connect(lambda: canvas.step_brush(-1))
        canvas.blank_changed.connect(self.clear.setDisabled)
        canvas.erasing_changed.connect(self._show_tool)
        canvas.drawing_changed.connect(lambda: self.clear.setEnabled(not canvas.is_blank))
        self.clear.setEnabled(not canvas.is_blank)
        stack.canUndoChanged.connect(self.undo.setEnabled)
        stack.canRedoChanged.connect(self.redo.setEnabled)
        self.undo.setEnabled(False)
        self.redo.setEnabled(False)
        self.clear.setDisabled(canvas.is_blank)
        self._show_tool(canvas.is_erasing)

    def _show_tool(self, erasing: bool) -> None:
        self.pen.setChecked(not erasing)
        self.erase.setChecked(erasing)


class ThemeMenu(QMenu):
    """The menu of themes; the choice is remembered in the settings."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("&Theme"))
        self._settings = settings
        self._actions: dict[str, QAction] = {}
        texts = {
            "system": self.tr("&System"),
            "light": self.tr("&Light"),
            "dark": self.tr("&Dark"),
            "contrast-light": self.tr("High contrast, l&ight"),
            "contrast-dark": self.tr("High contrast, d&ark"),
        }
        group = QActionGroup(self)
        for name in THEMES:
            action = self._actions[name] = self.addAction(texts[name])
            action.setCheckable(True)
            action.setChecked(name == settings.theme)
            action.triggered.connect(lambda _checked, name=name: self.choose(name))
            group.addAction(action)

    def choose(self, name: str) -> None:
        """Use a theme from now on."""
        set_theme(the_app(), name)
        self._settings.theme = name
        self._actions[name].setChecked(True)

    def switch(self) -> None:
        """Use the dark theme if the light one is shown, and the other way round."""
        self.choose("light" if is_dark(the_app()) else "dark")
