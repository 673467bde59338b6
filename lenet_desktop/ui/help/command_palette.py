"""The command palette: every action of the menus, found by typing a part of its name."""

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QGraphicsDropShadowEffect,
    QHeaderView,
    QLineEdit,
    QMainWindow,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lenet_desktop.ui.help.commands import Command, commands_of, matching
from lenet_desktop.ui.style.theme import colours

_WIDTH, _HEIGHT, _TOP, _MARGIN = 600, 460, 44, 12
_ROW_PADDING = 13
_COMMAND = Qt.ItemDataRole.UserRole
_SPOKEN = Qt.ItemDataRole.AccessibleTextRole
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)
_RUNS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MIDDLE = Qt.AlignmentFlag.AlignVCenter


class CommandPalette(QWidget):
    """A panel over the top of the window; Enter runs the selected command, Esc closes it.

    It is a part of the window and not a window of its own, so that it is always on the right
    screen. It closes when something else gets the focus.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._commands: list[Command] = []
        self._found: list[Command] = []
        self._focus_before: QWidget | None = None
        self.setAccessibleName(self.tr("Commands"))
        self.input = QLineEdit()
        self.input.setFrame(False)
        self.input.setPlaceholderText(self.tr("Type a command"))
        self.input.setAccessibleName(self.tr("Find a command"))
        self.input.setAccessibleDescription(
            self.tr("Type a part of its name; arrow keys choose, Enter runs it, Esc closes")
        )
        self.input.textChanged.connect(lambda: self._list())
        self.input.installEventFilter(self)
        font = self.input.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        self.input.setFont(font)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setColumnCount(3)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.itemClicked.connect(lambda: self.run())
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[_MARGIN] * 4)
        layout.addWidget(self.input)
        layout.addWidget(self.list)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(28)
        shadow.setOffset(0, 6)
        shadow.setColor(QColor(0, 0, 0, 110))
        self.setGraphicsEffect(shadow)
        self.hide()

    def open(self) -> None:
        """Show all commands; close the palette if it is open."""
        if self.isVisible():
            self.close()
            return
        self._focus_before = QApplication.focusWidget()
        self._commands = commands_of(self._window.menuBar())
        self.input.clear()
        self._list()
        self.show()
        self.raise_()
        self.input.setFocus()
        self._window.installEventFilter(self)

    def run(self) -> None:
        """Run the selected command, unless it cannot be run now."""
        item = self.list.currentItem()
        if item is None or item.isDisabled():
            return
        command: Command = item.data(0, _COMMAND)
        self.close()
        command.action.trigger()

    def close(self) -> bool:
        """Close the palette; what had the focus before gets it again."""
        self._window.removeEventFilter(self)
        had_focus = self.input.hasFocus()
        self.hide()
        if had_focus and self._focus_before is not None:
            self._focus_before.setFocus()
        self._focus_before = None
        return True

    def _list(self) -> None:
        quiet = QColor(colours(self).quiet)
        self.list.clear()
        found = matching(self._commands, self.input.text())
        self._found = sorted(found, key=lambda command: not command.is_enabled)
        for command in self._found:
            keys = command.keys[0] if command.keys else ""
            mark = "✓ " if command.action.isChecked() else ""
            item = QTreeWidgetItem([f"{mark}{command.name}", " › ".join(command.menus), keys])
            item.setData(0, _COMMAND, command)
            state = "" if command.is_enabled else self.tr("not possible now")
            checked = self.tr("chosen") if mark else ""
            spoken = (command.name, *command.menus, keys, checked, state)
            item.setData(0, _SPOKEN, ", ".join(filter(None, spoken)))
            item.setDisabled(not command.is_enabled)
            item.setSizeHint(0, QSize(0, self.fontMetrics().height() + _ROW_PADDING))
            for column in (1, 2):
                item.setTextAlignment(column, Qt.AlignmentFlag.AlignRight | _MIDDLE)
                if command.is_enabled:
                    item.setForeground(column, quiet)
            self.list.addTopLevelItem(item)
        if not self._found:
            item = QTreeWidgetItem([self.tr("No command has this name"), "", ""])
            item.setSizeHint(0, QSize(0, self.fontMetrics().height() + _ROW_PADDING))
            item.setDisabled(True)
            self.list.addTopLevelItem(item)
        self._select(0)
        self._place()

    def _select(self, row: int) -> None:
        # Those that cannot be run are at the end.
        count = sum(command.is_enabled for command in self._found)
        item = self.list.topLevelItem(min(max(row, 0), count - 1))
        if item is None:
            return
        self.list.setCurrentItem(item)
        if self.isVisible():
            # The focus stays in the field, so that screen readers do not see the selection move.
            QAccessible.updateAccessibility(
                QAccessibleAnnouncementEvent(self.input, str(item.data(0, _SPOKEN)))
            )

    def _move(self, key: Qt.Key) -> None:
        item = self.list.currentItem()
        row = self.list.indexOfTopLevelItem(item) if item is not None else -1
        page = max(self.list.viewport().height() // max(self.list.sizeHintForRow(0), 1) - 1, 1)
        steps = dict(zip(_MOVES, (-1, 1, -page, page), strict=True))
        self._select(row + steps[key])

    def _place(self) -> None:
        window = self._window
        width = min(_WIDTH, window.width() - 2 * _MARGIN)
        rows = self.list.topLevelItemCount() * max(self.list.sizeHintForRow(0), 0)
        wanted = rows + self.input.sizeHint().height() + 3 * _MARGIN
        height = min(wanted, _HEIGHT, window.height() - _TOP - _MARGIN)
        self.setGeometry(QRect((window.width() - width) // 2, _TOP, width, height))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size; take the keys of the field that choose, run and close."""
        kind = event.type()
        if watched is not self.input:
            if kind is QEvent.Type.Resize:
                self._place()
            return False
        if kind is QEvent.Type.FocusOut and self.isVisible():
            self.close()
        if not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        wanted = key in (*_MOVES, *_RUNS, Qt.Key.Key_Escape)
        if kind is QEvent.Type.ShortcutOverride and wanted:
            event.accept()  # or else Esc would clear the pad
            return True
        if kind is not QEvent.Type.KeyPress or not wanted:
            return False
        if key in _MOVES:
            self._move(key)
        elif key in _RUNS:
            self.run()
        else:
            self.close()
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the panel."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = colours(self)
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.setBrush(QColor(theme.surface))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), 10, 10)
