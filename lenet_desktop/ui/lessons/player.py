"""Plays a lesson: shows its steps one after the other, and goes on when the person did them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QTimer, Signal

from lenet_desktop.lessons.lesson import Lesson, Step
from lenet_desktop.ui.lessons.card import LessonCard
from lenet_desktop.ui.lessons.events import WindowEvents
from lenet_desktop.ui.lessons.parts import Parts, Way
from lenet_desktop.ui.lessons.placing import Keep, best_place
from lenet_desktop.ui.lessons.ring import Ring
from lenet_desktop.ui.lessons.states import States

if TYPE_CHECKING:
    from lenet_desktop.ui.lessons.options import Chosen
    from lenet_desktop.ui.window.main_window import MainWindow

# How often the window is looked at while a lesson is open, in milliseconds.
_LOOK_MS = 100
# A step that is done stays this long; after a stroke longer, since another may follow.
_DONE_MS, _AFTER_INK_MS = 900, 1500
# What not to cover, compared with the part that the step points at.
_WORTH = {"paper": 3.0, "answer": 6.0, "bars": 2.0, "strip": 1.0, "training": 1.5, "inside": 1.5}
_PART, _TOP_BAR = 60.0, 4.0


class LessonPlayer(QObject):
    """Plays one lesson at a time in a window.

    Signals:
        ended (): the lesson was closed, or followed to its end.

    Attributes:
        card: the card with the steps.
        ring: the ring around the part that the step points at.
        parts: the parts of the window.
    """

    ended = Signal()

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self._window = window
        self._lesson: Lesson | None = None
        self._number = 0
        self._is_done = self._brings = self._is_dragged = False
        self._area: QRect | None = None
        self._way = Way("")
        self._chosen: Chosen | None = None
        self.parts = Parts(window)
        self._states = States(window, self.parts)
        self.ring = Ring(window)
        self.card = LessonCard(window)
        self._events = WindowEvents(window)
        self._events.happened.connect(self._take)
        self._look_timer = QTimer(self)
        self._look_timer.setInterval(_LOOK_MS)
        self._look_timer.timeout.connect(self._look)
        self._go_on_timer = QTimer(self)
        self._go_on_timer.setSingleShot(True)
        self._go_on_timer.timeout.connect(self._go_on)
        self.card.closed.connect(self.close)
        self.card.back.connect(self._go_back)
        self.card.forward.connect(self._go_on)
        self.card.answered.connect(lambda: self._finish_step(stays=True))
        self.card.open_wanted.connect(self._open_part)
        self.card.options_wanted.connect(self._set_options)
        self.card.dragged.connect(self._take_drag)

    @property
    def lesson(self) -> Lesson | None:
        """The lesson that is open, or None."""
        return self._lesson

    @property
    def number(self) -> int:
        """The step that is shown, counted from 0."""
        return self._number

    @property
    def is_done(self) -> bool:
        """Whether the person has done what the step waits for."""
        return self._is_done

    def open(self, lesson: Lesson) -> None:
        """Open a lesson where it was left; one that was done begins anew."""
        self._lesson = lesson
        self._is_dragged = False
        self._window.installEventFilter(self)
        left_at = self._window.session.settings.lesson_step(lesson.name)
        self._look_timer.start()
        self._show_step(min(left_at, len(lesson.steps) - 1))
        self.card.show()
        self.card.raise_()
        self.card.next_button.setFocus()

    def close(self) -> None:
        """Close the lesson; it goes on at this step the next time."""
        if self._lesson is None:
            return
        self._lesson = None
        self._look_timer.stop()
        self._go_on_timer.stop()
        self._window.removeEventFilter(self)
        self.ring.hide()
        focus = self._window.focusWidget()
        if focus is not None and self.card.isAncestorOf(focus):
            self._window.canvas.setFocus()
        self.card.hide()
        # A lesson may have switched it off.
        self._window.strip.stop_at("")
        self.ended.emit()

    # Steps

    def _step(self) -> Step | None:
        return None if self._lesson is None else self._lesson.steps[self._number]

    def _show_step(self, number: int) -> None:
        lesson = self._lesson
        assert lesson is not None
        self._go_on_timer.stop()
        self._number = number
        step = lesson.steps[number]
        self._window.session.settings.set_lesson_step(lesson.name, number)
        self._events.meet()
        self._brings = True
        self.card.show_step(lesson.title, step, number, len(lesson.steps))
        # What is so already need not be done again; the person goes on when it is read.
        self._is_done = not step.asks_for_something or self._states.hold(step)
        self._show_state()
        if step.wait is not None and step.wait.event == "moved":
            self._window.canvas.setFocus()  # elsewhere the arrow keys may do something else
        self._follow(moves_card=True)

    def _show_state(self) -> None:
        step, lesson = self._step(), self._lesson
        if step is None or lesson is None:
            return
        self.card.show_state(
            waits=step.asks_for_something,
            is_done=self._is_done,
            is_last=self._number == len(lesson.steps) - 1,
        )

    def _go_on(self) -> None:
        lesson = self._lesson
        if lesson is None:
            return
        if self._number + 1 < len(lesson.steps):
            self._show_step(self._number + 1)
        else:
            self._window.session.settings.set_lesson_done(lesson.name)
            if self._chosen is not None and self._window.training is not None:
                # The next training is not to be one with 100 digits.
                self._chosen.restore(self._window.training.before.options)
                self._chosen = None
            self.close()

    def _go_back(self) -> None:
        if self._lesson is not None and self._number > 0:
            self._show_step(self._number - 1)

    def _finish_step(self, *, stays: bool = False, after_ms: int = _DONE_MS) -> None:
        """The person has done it: go on soon, unless there is something to read."""
        self._is_done = True
        self._show_state()
        self._move_card()
        if not stays:
            self._go_on_timer.start(after_ms)

    def _take(self, event: str, details: Mapping[str, Any]) -> None:
        step = self._step()
        if step is None or step.wait is None:
            return
        if self._is_done:
            if self._go_on_timer.isActive() and event == "drawn":
                self._go_on_timer.start(_AFTER_INK_MS)
            return
        if step.wait.accepts(event, details):
            ink = event in ("drawn", "read", "stages-differ")
            self._finish_step(after_ms=_AFTER_INK_MS if ink else _DONE_MS)

    def _set_options(self) -> None:
        step, drawer = self._step(), self._window.training
        if step is None:
            return
        from lenet_desktop.ui.training.run import Phase

        if drawer is None or not drawer.isVisible() or drawer.run.phase is not Phase.BEFORE:
            self._show_way(self.parts.way("start-training"))
            return
        from lenet_desktop.ui.lessons.options import Chosen, set_options

        self._chosen = self._chosen or Chosen.of(drawer.before.options)
        set_options(drawer.before.options, step.settings)
        self._brings = True
        if step.wait is None:
            self._finish_step()

    # Following the window

    def _look(self) -> None:
        """Follow the part that is pointed at, and see whether what is waited for is so."""
        step = self._step()
        if step is None:
            return
        self._events.meet()
        if not self._is_done and self._states.hold(step):
            self._finish_step()
        self._follow(moves_card=False)

    def _follow(self, *, moves_card: bool) -> None:
        step = self._step()
        if step is None:
            return
        if step.part and self._brings:
            self.parts.bring(step.part)
        area = self.parts.area(step.part) if step.part else None
        self._brings = self._brings and area is None
        self.ring.show_around(area)
        if area is None and step.part:
            self._show_way(self.parts.way(step.part))
        else:
            self._show_way(Way(""))
        if moves_card or area != self._area:
            self._area = area
            self._move_card()

    def _show_way(self, way: Way) -> None:
        self._way = way
        self.card.show_way(way.text, way.button)

    def _open_part(self) -> None:
        if self._way.go is not None:
            self._way.go()
            self._brings = True

    def _take_drag(self) -> None:
        self._is_dragged = True

    def _move_card(self) -> None:
        """Place the card where it covers the least, or leave it where the person put it."""
        if self._lesson is None:
            return
        content = self._window.centralWidget()
        assert content is not None
        now = self.card.pos()
        if self._is_dragged:
            inside = QRect(now, self.card.size())
            left = min(now.x(), self._window.width() - inside.width())
            top = min(now.y(), self._window.height() - inside.height())
            self.card.move(QPoint(max(left, 0), max(top, 0)))
            return
        at = now if self.card.isVisible() else None
        self.card.move(best_place(self.card.size(), content.geometry(), self._keeps(), at))

    def _keeps(self) -> list[Keep]:
        keeps = [] if self._area is None else [Keep(self._area, _PART)]
        for name, worth in _WORTH.items():
            area = self.parts.area(name)
            if area is not None:
                keeps.append(Keep(area, worth))
        bar = self._window.top_bar
        area = QRect(bar.mapTo(self._window, QPoint()), bar.size())
        return [*keeps, Keep(area, _TOP_BAR)]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() is QEvent.Type.Resize:
            # Once the parts have their new places.
            QTimer.singleShot(0, self, lambda: self._follow(moves_card=True))
        return False
