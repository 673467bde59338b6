"""All lessons: those of the program, and those in the user's own folder."""

from lenet_desktop import paths
from lenet_desktop.atomic_write import list_folder
from lenet_desktop.lessons.lesson import Lesson
from lenet_desktop.lessons.lesson_file import LessonError, read_lesson

_MOST = 50
"""The files in a folder that are read; a menu with more is of no use."""


def all_lessons() -> tuple[list[Lesson], list[LessonError]]:
    """Return the lessons in the order of their files' names, and why others cannot be used."""
    lessons: list[Lesson] = []
    errors: list[LessonError] = []
    for folder, is_own in ((paths.resource("lessons"), False), (paths.lessons_folder(), True)):
        for path in list_folder(folder, "*.toml")[:_MOST]:
            try:
                lessons.append(read_lesson(path, is_own=is_own))
            except LessonError as error:
                errors.append(error)
    return lessons, errors
