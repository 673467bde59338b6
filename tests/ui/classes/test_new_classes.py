"""'New classes' in the window, from typing names to a model that reads a new drawing."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LEFT, activate, press_key
from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.teaching.class_sets import change, class_sets
from lenet_desktop.drawing.picture import write_picture
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import place
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.training.history import folder
from lenet_desktop.training.history.again import job_again
from lenet_desktop.training.history.record import Fate
from lenet_desktop.ui.classes.dialog import ClassesDialog
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.training.run import Phase
from lenet_desktop.ui.window.main_window import MainWindow
from own_drawings import drawn, stroke_file

CLASSES = ("heart ♥", "bolt", "arrow")


def open_dialog(window: MainWindow, qtbot: QtBot) -> ClassesDialog:
    activate(window, qtbot)
    window.model_menu.new_classes_action.trigger()
    dialog = window.own_classes.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    assert dialog.file.is_written()
    return dialog


def type_name(dialog: ClassesDialog, name: str) -> None:
    """Type a name and press Enter."""
    for character in name:
        if character.isascii():
            QTest.keyClicks(dialog.name, character)
        else:  # an input method puts it in
            dialog.name.insert(character)
    press_key(dialog.name, Qt.Key.Key_Return)


def name_classes(window: MainWindow, qtbot: QtBot, names: tuple[str, ...]) -> ClassesDialog:
    dialog = open_dialog(window, qtbot)
    for name in names:
        type_name(dialog, name)
    assert dialog.classes == names
    return dialog


def rows(dialog: ClassesDialog) -> list[tuple[str, str]]:
    items = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    return [(item.text(0), item.text(1)) for item in items if item is not None]


def place_in_middle(label: str, seed: int) -> list[np.ndarray]:
    return [stroke.points for stroke in place(drawn(label, seed)).strokes]


def samples(classes: tuple[str, ...] = CLASSES) -> list[str]:
    return [each.label for each in own_samples.read(own_samples.file_of(classes)).samples]


def test_from_names_to_a_model_that_reads_a_new_drawing(window: MainWindow, qtbot: QtBot) -> None:
    dialog = name_classes(window, qtbot, CLASSES)
    assert rows(dialog) == [(name, "0 of 4") for name in CLASSES]
    assert not dialog.learn_button.isEnabled()
    QTest.mouseClick(dialog.draw_button, LEFT)
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    strip = window.practice.strip
    for seed in range(12):
        assert strip.progress == f"{seed + 1} of 12"
        label = strip.text.removeprefix("Draw: ")
        play_strokes(window.canvas, place_in_middle(label, seed))
        press_key(window.canvas, Qt.Key.Key_Return)
        assert window.canvas.is_blank, "the model in use need not read it"
    qtbot.waitUntil(dialog.isVisible)
    assert sorted(samples()) == sorted(CLASSES * 4)
    qtbot.waitUntil(dialog.learn_button.isEnabled, timeout=ANSWER_MS)
    assert rows(dialog) == [(name, "4") for name in CLASSES]
    assert window.message.startswith("Drawings added: 12")

    QTest.mouseClick(dialog.learn_button, LEFT)
    drawer = window.training
    assert drawer is not None
    assert not dialog.isVisible()
    assert drawer.run.phase is Phase.DURING
    qtbot.waitUntil(lambda: drawer.run.phase is Phase.AFTER, timeout=120_000)
    assert "learned your classes" in drawer.after.comparison.verdict
    assert "300 new distortions" in drawer.after.comparison.verdict
    assert "in use" not in drawer.notice, "nothing is compared"
    assert drawer.after.decision.advises_use
    assert drawer.after.name.text() == "heart ♥, bolt, arrow"
    QTest.qWait(QApplication.doubleClickInterval() + 50)  # a second click is ignored
    QTest.mouseClick(drawer.after.decision.use_button, LEFT)
    qtbot.waitUntil(
        lambda: window.session.model is not None and window.session.model.card.classes == CLASSES,
        timeout=ANSWER_MS,
    )
    for label in CLASSES:
        window.canvas.clear()
        play_strokes(window.canvas, place_in_middle(label, 77))
        qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
        assert window.panel.digit == label
    record = folder.run(1).record
    assert record.fate is Fate.KEPT
    assert job_again(record, paths.factory_model(), ("cpu",)) == drawer.run.job
    window.own_samples.open()
    assert window.own_samples.dialog is not None
    assert window.own_samples.dialog.file.classes == CLASSES, "the same drawings"


def test_names_are_checked_while_they_are_typed(window: MainWindow, qtbot: QtBot) -> None:
    dialog = name_classes(window, qtbot, ("cat",))
    QTest.keyClicks(dialog.name, " cat")
    assert "already" in dialog.complaint
    assert not dialog.add_button.isEnabled()
    press_key(dialog.name, Qt.Key.Key_Return)
    assert dialog.classes == ("cat",)
    QTest.keyClicks(dialog.name, "s")
    assert not dialog.complaint
    dialog.name.clear()
    QTest.keyClicks(dialog.name, "x" * 21)
    assert "too long" in dialog.complaint
    dialog.name.clear()
    QTest.keyClicks(dialog.name, ",".join(f"class {number}" for number in range(50)))
    assert "At most 50" in dialog.complaint
    dialog.name.clear()
    type_name(dialog, "dog, cow,bird")
    assert dialog.classes == ("cat", "dog", "cow", "bird")


def test_the_sets_are_there_again_after_closing(
    open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window()
    name_classes(window, qtbot, ("a", "b"))
    dialog = window.own_classes.dialog
    assert dialog is not None
    dialog.sets.setCurrentIndex(dialog.sets.count() - 1)
    dialog.sets.activated.emit(dialog.sets.currentIndex())
    assert dialog.classes == ()
    type_name(dialog, "☂, ☀")
    window.close()
    dialog = open_dialog(open_window(), qtbot)
    qtbot.waitUntil(lambda: dialog.classes == ("☂", "☀"))
    shown = [dialog.sets.itemText(index) for index in range(dialog.sets.count())]
    assert shown == ["☂, ☀ (2)", "a, b (2)", "A new set"]


def test_a_class_is_renamed_removed_and_comes_back(window: MainWindow, qtbot: QtBot) -> None:
    change((), CLASSES)
    own_samples.extend(own_samples.file_of(CLASSES), imported(window, CLASSES))
    dialog = open_dialog(window, qtbot)
    qtbot.waitUntil(lambda: rows(dialog) == [(name, "2 of 4") for name in CLASSES])
    press_key(dialog.list, Qt.Key.Key_Down)
    press_key(dialog.list, Qt.Key.Key_F2)
    (editor,) = dialog.list.viewport().findChildren(QLineEdit)
    editor.clear()
    QTest.keyClicks(editor, "love")
    press_key(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: dialog.classes == ("love", "bolt", "arrow"))
    qtbot.waitUntil(lambda: rows(dialog)[0] == ("love", "2 of 4"))
    assert dialog.file.is_written()
    assert samples(dialog.classes) == ["love", "bolt", "arrow"] * 2
    dialog.rename("love", "bolt")
    assert "already" in dialog.message
    dialog.list.choose(["arrow"])
    QTest.mouseClick(dialog.remove_button, LEFT)
    assert dialog.classes == ("love", "bolt")
    type_name(dialog, "arrow")
    qtbot.waitUntil(lambda: rows(dialog)[-1] == ("arrow", "2 of 4"))
    assert dialog.file.is_written()
    assert class_sets() == [("love", "bolt", "arrow")]


def imported(window: MainWindow, classes: tuple[str, ...]) -> list[own_samples.OwnSample]:
    """Return two drawings of each class, as samples."""
    path = stroke_file(paths.samples_folder().parent / "some.jsonl", 2, labels=classes)
    return [own_samples.sample_of(line, "") for line in path.read_bytes().split(b"\n")]


def drop(dialog: ClassesDialog, files: list[Path], row: int) -> None:
    """Drop files onto a row."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file)) for file in files])
    item = dialog.list.topLevelItem(row)
    at = dialog.list.visualItemRect(item).center() if item else QPoint(5, 900)
    action, no_modifier = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    view = dialog.list.viewport()
    for kind in (QDragEnterEvent, QDragMoveEvent):
        QCoreApplication.sendEvent(view, kind(at, action, data, LEFT, no_modifier))
    event = QDropEvent(QPointF(at), action, data, LEFT, no_modifier)
    QCoreApplication.sendEvent(view, event)


def test_pictures_are_dropped_onto_a_class(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = name_classes(window, qtbot, ("one", "two"))
    for digit in "12":
        write_picture(rasterize(place(DEMO[digit])), tmp_path / f"{digit}.png")
    (tmp_path / "bad.png").write_bytes(b"no picture")
    drop(dialog, [tmp_path / "1.png", tmp_path / "bad.png", tmp_path / "2.png"], 1)
    qtbot.waitUntil(lambda: rows(dialog)[1] == ("two", "2 of 4"), timeout=ANSWER_MS)
    assert rows(dialog)[0] == ("one", "0 of 4")
    assert dialog.list.selected == ("two",)
    assert "bad.png" in dialog.message
    assert samples(("one", "two")) == ["two", "two"]
    drop(dialog, [tmp_path / "1.png"], 5)
    assert dialog.file.is_written()
    assert len(samples(("one", "two"))) == 2, "below the classes is no class"


def test_a_set_that_cannot_be_written_leaves_the_old_one(window: MainWindow, qtbot: QtBot) -> None:
    change((), CLASSES)
    dialog = open_dialog(window, qtbot)
    qtbot.waitUntil(lambda: dialog.classes == CLASSES)
    in_the_way = own_samples.file_of((*CLASSES, "cat")).with_suffix(".json")
    in_the_way.mkdir()
    type_name(dialog, "cat")
    qtbot.waitUntil(lambda: "cannot be written" in dialog.message, timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: dialog.classes == CLASSES, timeout=ANSWER_MS)
    in_the_way.rmdir()
    type_name(dialog, "cat")
    assert dialog.file.is_written()
    assert class_sets() == [(*CLASSES, "cat")]


def test_selected_classes_are_drawn_and_the_practice_of_a_model_ends_with_it_alone(
    window: MainWindow, qtbot: QtBot, letters: Path
) -> None:
    dialog = name_classes(window, qtbot, ("a", "b", "c"))
    window.actions_.practice.trigger()
    assert window.practice.classes == DIGITS
    dialog.list.choose(["b"])
    QTest.mouseClick(dialog.draw_button, LEFT)
    assert window.practice.strip.text == "Draw: b"
    assert window.practice.strip.progress == "1 of 4"
    window.session.use(letters)
    qtbot.waitUntil(
        lambda: window.session.model is not None and window.session.model.card.classes != DIGITS,
        timeout=ANSWER_MS,
    )
    assert window.practice.is_running
    press_key(window.canvas, Qt.Key.Key_Escape)
    assert not window.practice.is_running
    assert dialog.isVisible()


def choose_file(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """Have the dialogs of the system return this file."""
    for name in ("getSaveFileName", "getOpenFileName"):
        monkeypatch.setattr(QFileDialog, name, lambda *_: (str(path), ""))


def test_the_labels_of_a_stroke_file_are_a_new_set(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = open_dialog(window, qtbot)
    choose_file(monkeypatch, stroke_file(tmp_path / "shapes.jsonl", 5))
    QTest.mouseClick(dialog.import_button, LEFT)
    qtbot.waitUntil(lambda: rows(dialog) == [(name, "5") for name in CLASSES], timeout=ANSWER_MS)
    assert "Imported: 15" in dialog.message
    assert dialog.learn_button.isEnabled()
    QTest.mouseClick(dialog.samples_button, LEFT)
    shown = window.own_samples.dialog
    assert shown is not None
    qtbot.waitUntil(lambda: len(shown.file.samples) == 15, timeout=ANSWER_MS)
    assert not any(sample.is_held_out for sample in shown.file.samples), "all are trained on"
    assert shown.learn_button.text() == "&Learn these classes"
    QTest.mouseClick(shown.practice_button, LEFT)
    assert window.practice.classes == CLASSES


def test_a_project_is_saved_and_opened_elsewhere(
    window: MainWindow,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    change((), CLASSES)
    own_samples.extend(own_samples.file_of(CLASSES), imported(window, CLASSES))
    dialog = open_dialog(window, qtbot)
    qtbot.waitUntil(lambda: rows(dialog) == [(name, "2 of 4") for name in CLASSES])
    choose_file(monkeypatch, tmp_path / "shapes")
    QTest.mouseClick(dialog.save_button, LEFT)
    qtbot.waitUntil(lambda: "shapes.zip" in dialog.message, timeout=ANSWER_MS)
    paths.samples_folder().rename(tmp_path / "elsewhere")
    dialog.look_again()
    qtbot.waitUntil(lambda: dialog.classes == ())
    choose_file(monkeypatch, tmp_path / "shapes.zip")
    QTest.mouseClick(dialog.open_button, LEFT)
    qtbot.waitUntil(lambda: rows(dialog) == [(name, "2 of 4") for name in CLASSES])


@pytest.mark.parametrize("count", [2, 50])
def test_long_names_do_not_widen_the_dialog(window: MainWindow, qtbot: QtBot, count: int) -> None:
    names = tuple(f"WWWWWWWWWWWWWWWWW {number:02}" for number in range(count))
    dialog = name_classes(window, qtbot, ())
    type_name(dialog, ",".join(names))
    assert dialog.classes == names
    assert dialog.minimumSizeHint().width() <= 700
