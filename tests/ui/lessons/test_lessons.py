"""Lessons in the window, followed with mouse and keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from drawers import click
from hands import ANSWER_MS, DEMO, LEFT, MOVE, activate, press_key
from lenet_desktop import paths
from lenet_desktop.lessons.library import all_lessons
from lenet_desktop.lessons.vocabulary import CHOICES, OPTION_VALUES, OPTIONS, PARTS
from lenet_desktop.training.recipe import RECIPES
from lenet_desktop.ui.help.commands import commands_of
from lenet_desktop.ui.lessons.events import WindowEvents
from lenet_desktop.ui.lessons.options import option, set_options
from lenet_desktop.ui.lessons.placing import Keep, best_place
from lenet_desktop.ui.self_test import play_strokes, send_mouse
from lenet_desktop.ui.window.main_window import MainWindow
from lesson_hands import Student, in_the_middle, small_in_the_corner

TITLES = [lesson.title for lesson in all_lessons()[0]]


@pytest.fixture
def student(window: MainWindow, qtbot: QtBot) -> Student:
    activate(window, qtbot)
    return Student(window, qtbot)


def test_there_are_six_lessons_of_the_program_in_menu_and_palette(window: MainWindow) -> None:
    assert len(TITLES) == 6
    found = [c for c in commands_of(window.menuBar()) if c.menus[-1] == "Lessons"]
    assert [command.name.split("  ")[1] for command in found] == TITLES
    assert not any(command.action.isChecked() for command in found)


@pytest.mark.parametrize("title", TITLES)
def test_a_lesson_is_followed_to_its_end(student: Student, title: str) -> None:
    window = student.window
    lesson = student.open(title)
    student.hurries = title != TITLES[0]
    student.follow(lesson)
    assert student.player.card.isHidden() and student.player.ring.isHidden()
    assert window.strip.stops_at == ""
    assert window.session.settings.is_lesson_done(lesson.name)
    window.lesson_menu.aboutToShow.emit()
    done = [a.text() for a in window.lesson_menu.actions() if a.isChecked()]
    assert len(done) == 1 and done[0].endswith(title)
    if window.training is not None:
        options = window.training.before.options
        assert not options.is_changed and not options.fixed_seed.isChecked()
        assert options.recipes.name == "quick"
    # It begins anew, and keeps its tick.
    student.open(title)
    assert student.player.number == 0
    assert window.session.settings.is_lesson_done(lesson.name)


OWN = """title = "Mine & yours"
about = "A"
[[step]]
text = "First."
part = "answer"
[[step]]
text = "Draw."
part = "paper"
wait = "drawn"
[[step]]
text = "Last."
part = "strip"
"""


@pytest.fixture
def own(home: Path) -> Path:
    """A lesson of the user's own."""
    path = paths.lessons_folder() / "mine.toml"
    path.parent.mkdir(parents=True)
    path.write_text(OWN, encoding="utf-8")
    return path


def test_a_lesson_goes_on_by_itself_and_is_left_and_taken_up_again(
    own: Path, student: Student, qtbot: QtBot
) -> None:
    window = student.window
    lesson = student.open("Mine && yours")
    player, card = student.player, student.player.card
    assert card.title == "Mine & yours"
    assert not card.back_button.isEnabled()
    assert card.next_button.text() == "Next" and card.state == ""
    press_key(card.next_button, Qt.Key.Key_Space)
    assert player.number == 1
    assert card.next_button.text() == "Skip" and card.state
    play_strokes(window.canvas, in_the_middle(window, DEMO["7"]))
    assert player.is_done and card.state == "✓ Done"
    assert player.number == 1, "there is a moment to see it"
    qtbot.waitUntil(lambda: player.number == 2, timeout=ANSWER_MS)
    click(card.back_button, qtbot)
    assert player.number == 1 and not player.is_done
    press_key(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert player.lesson is None and card.isHidden() and player.ring.isHidden()
    assert not window.canvas.is_blank, "Esc closes the lesson only"
    assert not window.session.settings.is_lesson_done(lesson.name)
    student.open("Mine && yours")
    assert player.number == 1
    click(card.next_button, qtbot)
    assert player.number == 2 and card.next_button.text() == "Finish"
    click(card.next_button, qtbot)
    assert player.lesson is None
    assert window.session.settings.is_lesson_done("own/mine")


def test_a_lesson_that_became_shorter_is_taken_up_at_its_end(own: Path, student: Student) -> None:
    student.window.session.settings.set_lesson_step("own/mine", 2)
    own.write_text(OWN.split('[[step]]\ntext = "Last')[0], encoding="utf-8")
    student.open("Mine && yours")
    assert student.player.number == 1


def test_a_file_with_a_mistake_has_an_entry_that_says_what_to_mend(
    own: Path, window: MainWindow
) -> None:
    own.write_text(OWN.replace('"paper"', '"nose"'), encoding="utf-8")
    window.lesson_menu.aboutToShow.emit()
    entry = window.lesson_menu.actions()[-1]
    assert "mine.toml" in entry.text()
    entry.trigger()
    assert "mine.toml" in window.message and "nose" in window.message


def test_the_ring_follows_what_it_points_at(own: Path, student: Student, qtbot: QtBot) -> None:
    window = student.window
    window.session.settings.set_lesson_step("own/mine", 2)
    window.setMinimumSize(300, 300)
    window.session.settings.strip = True
    window.resize(1000, 760)
    student.open("Mine && yours")
    player, card = student.player, student.player.card

    def around() -> bool:
        area = player.parts.area("strip")
        return area is not None and player.ring.geometry().contains(area.adjusted(6, 6, -6, -6))

    qtbot.waitUntil(around)
    before = player.ring.geometry()
    window.resize(940, 640)
    qtbot.waitUntil(lambda: around() and player.ring.geometry() != before)
    assert card.hidden == ""
    window.actions_.network.trigger()
    qtbot.waitUntil(lambda: player.ring.isHidden() and bool(card.hidden))
    click(card.open_button, qtbot)
    qtbot.waitUntil(lambda: player.ring.isVisible() and around())
    assert window.strip.isVisible() and card.hidden == "" and card.open_button.isHidden()


@pytest.mark.parametrize("size", [(900, 600), (1280, 760)])
def test_the_card_covers_neither_the_paper_nor_what_it_points_at(
    own: Path, student: Student, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = student.window
    window.setMinimumSize(300, 300)
    window.resize(*size)
    student.open("Mine && yours")
    player, card = student.player, student.player.card
    for _ in range(2):
        step = player.lesson.steps[player.number]
        qtbot.waitUntil(lambda: player.ring.isVisible())
        visible = card.geometry().adjusted(8, 8, -8, -8)  # without its shadow
        assert window.rect().contains(visible)
        for part in (step.part, "paper"):
            assert not visible.intersects(player.parts.area(part)), part
        click(card.next_button, qtbot)


def test_the_card_stays_where_it_is_dragged(own: Path, student: Student, qtbot: QtBot) -> None:
    student.open("Mine && yours")
    card = student.player.card
    start = card.pos()
    grip = QPoint(40, 20)
    qtbot.mousePress(card, LEFT, pos=grip)
    target = card.mapFromParent(QPoint(60, 90) + grip)
    move = QMouseEvent(
        MOVE,
        target.toPointF(),
        card.mapToGlobal(target).toPointF(),
        Qt.MouseButton.NoButton,
        LEFT,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(card, move)
    qtbot.mouseRelease(card, LEFT, pos=grip)
    assert card.pos() == QPoint(60, 90) != start
    click(card.next_button, qtbot)
    assert card.pos() == QPoint(60, 90)
    assert student.window.rect().contains(card.geometry())


def test_every_part_is_found_or_says_how_to_open_it(window: MainWindow, student: Student) -> None:
    student.open(TITLES[0])
    for name in PARTS:
        area = student.player.parts.area(name)
        if area is None:
            assert student.player.parts.way(name).text, name
        else:
            assert window.rect().contains(area), name


def test_the_arithmetic_is_brought_to_the_front(student: Student) -> None:
    window = student.window
    student.open(TITLES[1])
    parts = student.player.parts
    for part in ("inside", "inside-arithmetic"):
        assert parts.area(part) is None
    window.actions_.inside.trigger()
    window.inside.tabs.setCurrentIndex(1)
    assert parts.area("inside-arithmetic") is None
    parts.way("inside-arithmetic").go()
    assert parts.area("inside-arithmetic") is not None


def test_every_option_of_a_lesson_is_one_of_the_drawer(window: MainWindow) -> None:
    assert OPTION_VALUES["recipe"] == set(RECIPES)
    window.open_training()
    options = window.training.before.options
    values = {
        "recipe": "tutorial",
        "digits": "starter",
        "epochs": 7,
        "batch-size": 33,
        "learning-rate": 0.5,
        "images": 100,
        "start": "scratch",
        "synthetic": False,
        "seed": 3,
    }
    assert set(values) == set(OPTIONS)
    set_options(options, values)
    job = options.job(paths.factory_model(), None)
    assert job.images == 100 and not job.starts_from_champion
    recipe = job.recipe
    assert (recipe.epochs, recipe.batch_size, recipe.learning_rate) == (7, 33, 0.5)
    assert recipe.seed == 3 and recipe.name.startswith("tutorial")
    for name in CHOICES["option"]:
        assert option(options, name) == values[name]


def test_the_options_are_not_set_while_a_model_waits_for_a_decision(
    student: Student, qtbot: QtBot
) -> None:
    window = student.window
    lesson = student.open(TITLES[3])
    student.follow_until(lesson, 4)
    # The lesson begins again while the trained model is not yet decided on.
    window.session.settings.set_lesson_step(lesson.name, 1)
    student.open(TITLES[3])
    player = student.player
    qtbot.waitUntil(lambda: bool(player.card.hidden))
    assert "keep or discard" in player.card.hidden
    click(player.card.set_button, qtbot)
    assert not player.is_done
    assert window.training.outcome is not None
    window.training.after.discard()


def test_what_is_so_already_need_not_be_done_again(student: Student, qtbot: QtBot) -> None:
    """A training may have ended, and the paper may be empty, before the lesson asks for it."""
    window = student.window
    window.open_training()
    settings = window.session.settings
    overfitting, knowing = all_lessons()[0][4:6]
    for lesson, number in ((overfitting, 3), (overfitting, 6), (knowing, 3)):
        assert lesson.steps[number].wait.event in ("training-ended", "decided", "cleared")
        settings.set_lesson_step(lesson.name, number)
        student.open(lesson.title)
        assert student.player.number == number and student.player.is_done
        assert student.player.card.next_button.text() == "Next"
        qtbot.wait(1100)
        assert student.player.number == number, "it is there to be read"
    play_strokes(window.canvas, in_the_middle(window, DEMO["3"]))
    student.open(knowing.title)
    assert student.player.number == 3 and not student.player.is_done


def test_the_place_that_covers_least_is_chosen() -> None:
    room, size = QRect(0, 0, 400, 300), QSize(100, 100)
    assert best_place(size, room, [], None) == QPoint(0, 200)
    assert best_place(size, room, [], QPoint(50, 50)) == QPoint(50, 50)
    left = Keep(QRect(0, 0, 250, 300), 1.0)
    place = best_place(size, room, [left], QPoint(50, 50))
    assert not QRect(place, size).intersects(left.area)
    all_of_it, corner = Keep(room, 1.0), Keep(QRect(0, 200, 100, 100), 5.0)
    place = best_place(size, room, [all_of_it, corner], None)
    assert not QRect(place, size).intersects(corner.area)
    assert room.contains(QRect(place, size))


def test_stages_that_were_read_before_the_pen_went_up_count(
    window: MainWindow, qtbot: QtBot
) -> None:
    if not window.strip.isVisible():
        window.actions_.network.trigger()
    happened: list[str] = []
    events = WindowEvents(window)
    events.happened.connect(lambda event, _details: happened.append(event))
    read: list[int] = []
    window.session.recognition.stages_read.connect(lambda number, _stages: read.append(number))
    *others, last = small_in_the_corner(DEMO["3"])
    play_strokes(window.canvas, others)
    places = [window.canvas.from_pad(x, y).toPoint() for x, y in last.tolist()]
    send_mouse(window.canvas, QEvent.Type.MouseButtonPress, places[0])
    for place in places[1:]:
        send_mouse(window.canvas, QEvent.Type.MouseMove, place)
    qtbot.waitUntil(lambda: window.is_answered() and bool(read), timeout=ANSWER_MS)
    qtbot.wait(50)
    assert "stages-differ" not in happened, "the pen is down"
    send_mouse(window.canvas, QEvent.Type.MouseButtonRelease, places[-1])
    qtbot.waitUntil(lambda: "stages-differ" in happened, timeout=ANSWER_MS)
