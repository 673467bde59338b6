"""Esc closes what lies on top; where nothing is open, it clears the pad."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from lenet_desktop.ui.lessons.menu import LessonMenu
from lenet_desktop.ui.pad.canvas import Canvas
from lenet_desktop.ui.pad.overlays.message_pill import MessagePill
from lenet_desktop.ui.pad.overlays.over_paper import OverPaper
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.teaching.practice import Practice
from lenet_desktop.ui.window.parts.inside_network import InsideNetwork
from lenet_desktop.ui.window.side import Side


class Escape(QObject):
    """Closes one thing for each press of Esc.

    The command palette, menus and dialogs take the key themselves.
    """

    def __init__(
        self,
        window: QWidget,
        canvas: Canvas,
        pill: MessagePill,
        over_paper: OverPaper,
        side: Side,
        session: Session,
        inside: InsideNetwork,
        practice: Practice,
        lessons: LessonMenu,
    ) -> None:
        super().__init__(window)
        self._canvas, self._pill, self._over_paper = canvas, pill, over_paper
        self._side, self._session, self._inside = side, session, inside
        self._practice = practice
        self._lessons = lessons
        shortcut = QShortcut(QKeySequence(Qt.Key.Key_Escape), window)
        shortcut.setAutoRepeat(False)  # or else a key held too long would also clear the pad
        shortcut.activated.connect(self._close_one)

    def _close_one(self) -> None:
        if self._pill.sentence:
            self._pill.hide()
        elif self._over_paper.image is not None:
            self._over_paper.back()
        elif self._practice.is_running:
            self._practice.end()
        elif self._lessons.is_open:
            self._lessons.close_lesson()
        elif self._session.challenger:
            self._session.try_beside(None)
        elif self._side.is_drawer_open:
            self._side.open_drawer(False)
        elif not self._inside.release():
            self._canvas.clear()
