"""The menu of lessons; those that were done have a tick."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from lenet_desktop.errors import UserError
from lenet_desktop.lessons.lesson import Lesson
from lenet_desktop.ui.translated import translated

if TYPE_CHECKING:
    from lenet_desktop.ui.lessons.player import LessonPlayer
    from lenet_desktop.ui.window.main_window import MainWindow


class LessonMenu(QMenu):
    """An entry for each lesson, and for each file that cannot be used: that one says why.

    It is filled each time it is shown: a lesson may have been added to the user's folder.

    Attributes:
        player: plays the lessons; None until one is opened.
    """

    def __init__(self, window: "MainWindow") -> None:
        super().__init__(window)
        self.setTitle(self.tr("L&essons"))
        self._window = window
        self.player: LessonPlayer | None = None
        self.aboutToShow.connect(self.fill)

    @property
    def is_open(self) -> bool:
        """Whether a lesson is open."""
        return self.player is not None and self.player.lesson is not None

    def close_lesson(self) -> None:
        """Close the lesson that is open."""
        if self.player is not None:
            self.player.close()

    def fill(self) -> None:
        """List all lessons."""
        from lenet_desktop.lessons.library import all_lessons

        self.clear()
        lessons, errors = all_lessons()
        settings = self._window.session.settings
        for number, lesson in enumerate(lessons, 1):
            title = lesson.title.replace("&", "&&")
            action = self.addAction(f"&{number}  {title}" if number < 10 else title)
            action.setToolTip(lesson.about)
            action.setCheckable(True)
            action.setChecked(settings.is_lesson_done(lesson.name))
            action.triggered.connect(lambda _checked, lesson=lesson: self.open(lesson))
        if errors:
            self.addSeparator()
        for error in errors:
            text = self.tr("{file} cannot be used …").format(file=error.file)
            action = self.addAction(text.replace("&", "&&"))
            action.triggered.connect(lambda _checked, error=error: self._complain(error))

    def open(self, lesson: Lesson) -> None:
        """Open a lesson."""
        if self.player is None:
            from lenet_desktop.ui.lessons.player import LessonPlayer

            self.player = LessonPlayer(self._window)
        self.player.open(lesson)

    def _complain(self, error: UserError) -> None:
        self._window.show_message(translated(error))
