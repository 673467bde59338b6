"""A user's actions in the window: mouse, pen, keys, files, and waiting for the answer."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QMimeData, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QMouseEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from lenet_desktop import paths
from lenet_desktop.drawing.raster import blank, draw_line
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import DEFAULT_BRUSH, Ink, Points
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow

DEMO: dict[str, tuple[Points, ...]] = {
    str(r.label): r.strokes for r in read_strokes(paths.resource("demo-strokes.jsonl"))
}
LOADING_MS, ANSWER_MS = 60_000, 20_000

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
PRESS, MOVE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove
RELEASE, DOUBLE = QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick


def points(*pairs: tuple[float, float]) -> Points:
    return np.array(pairs, np.float32)


def dot(x: float, y: float, brush: float = DEFAULT_BRUSH) -> Ink:
    """Return the ink of one tap."""
    ink = blank()
    draw_line(ink, (x, y), (x, y), brush)
    return ink


def draw(window: MainWindow, label: str, qtbot: QtBot) -> None:
    """Draw a demo digit with the mouse and wait for its answer."""
    play_strokes(window.canvas, DEMO[label])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)


def activate(window: MainWindow, qtbot: QtBot) -> None:
    """Bring a window to the front, so that it gets the keys."""
    window.activateWindow()
    window.canvas.setFocus()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)


def press_key(
    widget: QWidget,
    key: Qt.Key,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    """Press a key as a person does; shortcuts see it too."""
    QTest.keyClick(widget, key, modifiers)


def a_pen(end: QPointingDevice.PointerType, number: int) -> QPointingDevice:
    """Make one end of a pen."""
    return QPointingDevice(
        "pen",
        number,
        QPointingDevice.DeviceType.Stylus,
        end,
        QPointingDevice.Capability.Position,
        1,
        1,
    )


def touch_with_pen(canvas: Canvas, at: QPointF, pen: QPointingDevice) -> None:
    """Tap with a pen: the mouse events that Qt makes of it."""
    for kind in (PRESS, RELEASE):
        released = kind is RELEASE
        event = QMouseEvent(
            kind,
            at,
            QPointF(canvas.mapToGlobal(at.toPoint())),
            LEFT,
            Qt.MouseButton.NoButton if released else LEFT,
            Qt.KeyboardModifier.NoModifier,
            pen,
        )
        QCoreApplication.sendEvent(canvas, event)


def drop(canvas: Canvas, data: QMimeData) -> None:
    """Drop something onto the pad, if it accepts that."""
    action, no_modifier = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(99, 99), action, data, LEFT, no_modifier)
    enter.ignore()
    QCoreApplication.sendEvent(canvas, enter)
    if enter.isAccepted():
        event = QDropEvent(QPointF(99, 99), action, data, LEFT, no_modifier)
        QCoreApplication.sendEvent(canvas, event)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as the WCAG define it, 1 to 21."""

    def luminance(name: str) -> float:
        parts = np.array(QColor(name).getRgbF()[:3])
        linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
        return float(linear @ (0.2126, 0.7152, 0.0722))

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def wait_for_file(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until what was opened, pasted or dropped is on the pad or refused."""
    qtbot.waitUntil(lambda: not window.files.is_opening, timeout=ANSWER_MS)


def open_file(window: MainWindow, path: Path, qtbot: QtBot) -> None:
    """Open a picture or a stroke file and wait for it."""
    window.open_file(path)
    wait_for_file(window, qtbot)


class Answers:
    """Clicks the buttons of the message boxes that come up, one name for each box.

    Args:
        names: the texts of the buttons, without shortcuts.
        when: each box is answered once this holds.

    Attributes:
        asked: the text of each box that was answered.
        offered: the texts of the buttons of each.
        defaults: the text of the default button of each, or ''.
    """

    def __init__(self, *names: str, when: Callable[[], bool] = lambda: True) -> None:
        self._names, self._when = list(names), when
        self.asked: list[str] = []
        self.offered: list[list[str]] = []
        self.defaults: list[str] = []
        self._timer = QTimer()
        self._timer.timeout.connect(self._answer)
        self._timer.start(5)

    def _answer(self) -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox) or not box.isVisible() or not self._when():
            return
        buttons = {button.text().replace("&", ""): button for button in box.buttons()}
        name = self._names.pop(0)
        self.asked.append(box.text())
        self.offered.append(sorted(buttons))
        default = box.defaultButton()
        self.defaults.append("" if default is None else default.text().replace("&", ""))
        if not self._names:
            self._timer.stop()
        QTest.mouseClick(buttons[name], LEFT)
