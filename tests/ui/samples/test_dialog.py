"""'My samples': seen, selected, relabelled, deleted, exported and imported with mouse and keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LEFT, draw, press_key
from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.data.own_samples import file_of
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import Drawing, place
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.samples.dialog import SamplesDialog
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NO_MODIFIER = Qt.KeyboardModifier.NoModifier
FILE = "digits.jsonl"


def drawing(label: str, number: int = 0) -> Drawing:
    return place(DEMO[label], height=0.5 + number / 100)


def add(labels: str, classes: tuple[str, ...] = DIGITS) -> None:
    """Add samples of these digits."""
    for number, label in enumerate(labels):
        each = drawing(label, number)
        own_samples.add(file_of(classes), each, rasterize(each), label)


def opened(window: MainWindow, qtbot: QtBot) -> SamplesDialog:
    """Open the dialog and wait until it shows what is in the file."""
    window.actions_.samples.trigger()
    dialog = window.own_samples.dialog
    assert dialog is not None
    qtbot.waitExposed(dialog)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    wait_for(dialog, qtbot)
    return dialog


def wait_for(dialog: SamplesDialog, qtbot: QtBot) -> None:
    """Wait until the dialog shows what is in the file now."""
    expected = sorted(in_file())
    qtbot.waitUntil(
        lambda: sorted(each.label for each in dialog.file.samples) == expected, timeout=ANSWER_MS
    )


def in_file(classes: tuple[str, ...] = DIGITS) -> str:
    return "".join(each.label for each in own_samples.read(file_of(classes)).samples)


def shown(dialog: SamplesDialog) -> str:
    """Return the labels of the listed samples."""
    model = dialog.view.samples
    return "".join(str(model.index(row).data()) for row in range(model.rowCount()))


def counts(dialog: SamplesDialog) -> dict[str, tuple[int, int]]:
    """Return how many samples each row of the table counts, and how many are held out."""
    rows = [dialog.table.topLevelItem(row) for row in range(dialog.table.topLevelItemCount())]
    return {row.text(0): (int(row.text(1)), int(row.text(2))) for row in rows if row is not None}


def click(dialog: SamplesDialog, row: int, modifiers: Qt.KeyboardModifier = NO_MODIFIER) -> None:
    place = dialog.view.visualRect(dialog.view.samples.index(row)).center()
    QTest.mouseClick(dialog.view.viewport(), LEFT, modifiers, place)


def selected(dialog: SamplesDialog) -> list[int]:
    return sorted(index.row() for index in dialog.view.selectedIndexes())


def choose_class(dialog: SamplesDialog, row: int) -> None:
    """Click on a row of the table; the first one is for all classes."""
    item = dialog.table.topLevelItem(row)
    assert item is not None
    QTest.mouseClick(
        dialog.table.viewport(), LEFT, NO_MODIFIER, dialog.table.visualItemRect(item).center()
    )


# Seeing


def test_samples_are_shown_by_class_and_counted(window: MainWindow, qtbot: QtBot) -> None:
    add("7310737")
    dialog = opened(window, qtbot)
    assert not dialog.isModal()
    assert shown(dialog) == "0133777"
    every = own_samples.read(file_of(DIGITS)).samples
    held_out = [each.label for each in every if each.is_held_out]
    assert counts(dialog)["All"] == (7, len(held_out))
    assert counts(dialog)["7"] == (3, held_out.count("7"))
    assert counts(dialog)["5"] == (0, 0)
    choose_class(dialog, 1 + 7)
    assert shown(dialog) == "777"
    choose_class(dialog, 1 + 5)
    assert shown(dialog) == ""
    choose_class(dialog, 0)
    assert shown(dialog) == "0133777"


def test_thumbnails_are_drawn_in_the_colours_of_the_paper(window: MainWindow, qtbot: QtBot) -> None:
    add("1")
    dialog = opened(window, qtbot)
    rect = dialog.view.visualRect(dialog.view.samples.index(0))

    def darkest() -> int:
        image = dialog.view.viewport().grab(rect.adjusted(8, 8, -8, -28)).toImage()
        return min(
            image.pixelColor(x, y).lightness()
            for x in range(image.width())
            for y in range(image.height())
        )

    qtbot.waitUntil(lambda: darkest() < 60, timeout=ANSWER_MS)


def test_a_sample_that_is_added_meanwhile_appears(window: MainWindow, qtbot: QtBot) -> None:
    add("12")
    dialog = opened(window, qtbot)
    draw(window, "3", qtbot)
    qtbot.mouseClick(window.panel.label_row.right, LEFT)
    qtbot.waitUntil(lambda: shown(dialog) == "123", timeout=ANSWER_MS)


def test_without_samples_it_says_how_they_come_here(window: MainWindow, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot)
    qtbot.waitUntil(dialog.no_samples.isVisible)
    assert not dialog.delete_button.isVisible()
    qtbot.mouseClick(dialog.no_samples.practice_button, LEFT)
    assert window.practice.is_running
    assert not dialog.isVisible(), "it would lie over the paper"
    label = window.practice.strip.text[-1]
    play_strokes(window.canvas, DEMO[label])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    window.practice.take()
    window.practice.end()
    qtbot.waitUntil(lambda: "Held out" in window.message, timeout=ANSWER_MS)
    show = next(b for b in window.pill.findChildren(QPushButton) if b.text())
    qtbot.mouseClick(show, LEFT)
    qtbot.waitUntil(lambda: shown(dialog) == label, timeout=ANSWER_MS)
    assert dialog.delete_button.isVisible()


def test_what_a_screen_reader_says(window: MainWindow, qtbot: QtBot) -> None:
    add("1" * 12)
    dialog = opened(window, qtbot)
    view = QAccessible.queryAccessibleInterface(dialog.view)
    assert view.text(QAccessible.Text.Name) == "My samples"
    names = {view.child(i).text(QAccessible.Text.Name) for i in range(view.childCount())}
    assert names == {"1", "1, held out: never trained on"}


def test_damaged_lines_are_told_of_and_the_rest_is_shown(window: MainWindow, qtbot: QtBot) -> None:
    add("1")
    with file_of(DIGITS).open("ab") as file:
        file.write(b"nonsense\n")
    add("2")
    dialog = opened(window, qtbot)
    assert shown(dialog) == "12"
    assert "Line 2 of" in dialog.message
    assert "left as it is" in dialog.message
    click(dialog, 0)
    press_key(dialog.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: shown(dialog) == "2", timeout=ANSWER_MS)
    assert dialog.message == "Deleted: 1.", "it is told once"


def test_other_models_have_other_samples(window: MainWindow, qtbot: QtBot, letters: Path) -> None:
    add("12")
    dialog = opened(window, qtbot)
    window.session.use(letters)
    qtbot.waitUntil(lambda: "a" in counts(dialog), timeout=ANSWER_MS)
    assert dialog.no_samples.isVisible()
    window.session.use(paths.factory_model())
    qtbot.waitUntil(lambda: shown(dialog) == "12", timeout=ANSWER_MS)


# Selecting


def test_samples_are_selected_with_the_mouse_and_with_keys(
    window: MainWindow, qtbot: QtBot
) -> None:
    add("0123456789")
    dialog = opened(window, qtbot)
    click(dialog, 1)
    click(dialog, 3, CONTROL)
    assert selected(dialog) == [1, 3]
    click(dialog, 2)
    click(dialog, 5, SHIFT)
    assert selected(dialog) == [2, 3, 4, 5]
    press_key(dialog.view, Qt.Key.Key_Right)
    assert selected(dialog) == [6]
    press_key(dialog.view, Qt.Key.Key_Right, SHIFT)
    assert selected(dialog) == [6, 7]
    press_key(dialog.view, Qt.Key.Key_A, CONTROL)
    assert selected(dialog) == list(range(10))


def test_samples_are_selected_with_a_rubber_band(window: MainWindow, qtbot: QtBot) -> None:
    add("0123456789")
    dialog = opened(window, qtbot)
    viewport = dialog.view.viewport()
    first = dialog.view.visualRect(dialog.view.samples.index(0))
    third = dialog.view.visualRect(dialog.view.samples.index(2))
    start = QPoint(third.center().x(), viewport.height() - 4)
    QTest.mousePress(viewport, LEFT, NO_MODIFIER, start)
    QTest.mouseMove(viewport, start - QPoint(20, 20))
    QTest.mouseMove(viewport, first.center())
    QTest.mouseRelease(viewport, LEFT, NO_MODIFIER, first.center())
    assert {0, 1, 2} <= set(selected(dialog))


# Changing


@pytest.mark.parametrize("how", ["key", "button"])
def test_samples_are_deleted_and_this_is_undone(window: MainWindow, qtbot: QtBot, how: str) -> None:
    add("0123456")
    before = file_of(DIGITS).read_bytes()
    dialog = opened(window, qtbot)
    assert not dialog.delete_button.isEnabled()
    click(dialog, 1)
    click(dialog, 4, CONTROL)
    if how == "key":
        press_key(dialog.view, Qt.Key.Key_Delete)
    else:
        qtbot.mouseClick(dialog.delete_button, LEFT)
    qtbot.waitUntil(lambda: shown(dialog) == "02356", timeout=ANSWER_MS)
    assert in_file() == "02356"
    assert dialog.message == "Deleted: 2."
    assert selected(dialog) == [3], "the one after them"
    if how == "key":
        press_key(dialog.view, Qt.Key.Key_Z, CONTROL)
    else:
        qtbot.mouseClick(dialog.undo_button, LEFT)
    qtbot.waitUntil(lambda: shown(dialog) == "0123456", timeout=ANSWER_MS)
    assert file_of(DIGITS).read_bytes() == before
    assert not dialog.undo_button.isVisible()
    assert not window.canvas.undo_stack.canRedo(), "the pad has not changed"


@pytest.mark.parametrize("how", ["key", "menu"])
def test_samples_get_another_class_and_stay_selected(
    window: MainWindow, qtbot: QtBot, how: str
) -> None:
    add("0123")
    before = file_of(DIGITS).read_bytes()
    dialog = opened(window, qtbot)
    click(dialog, 1)
    click(dialog, 2, SHIFT)
    if how == "key":
        press_key(dialog.view, Qt.Key.Key_7)
    else:
        dialog.relabel_menu.popup(dialog.mapToGlobal(QPoint(10, 10)))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        seven = menu.actions()[7]
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(seven).center())
        dialog.activateWindow()
        qtbot.waitUntil(lambda: QApplication.activeWindow() is dialog)
    qtbot.waitUntil(lambda: shown(dialog) == "0377", timeout=ANSWER_MS)
    assert in_file() == "0773"
    assert selected(dialog) == [2, 3]
    assert dialog.message == "Relabelled: 2."
    press_key(dialog.view, Qt.Key.Key_X)  # no class
    press_key(dialog.view, Qt.Key.Key_7)  # no change
    press_key(dialog.view, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: shown(dialog) == "0123", timeout=ANSWER_MS)
    assert file_of(DIGITS).read_bytes() == before


def test_several_changes_are_undone_one_after_the_other(window: MainWindow, qtbot: QtBot) -> None:
    add("0123")
    before = file_of(DIGITS).read_bytes()
    dialog = opened(window, qtbot)
    click(dialog, 0)
    press_key(dialog.view, Qt.Key.Key_9)
    qtbot.waitUntil(lambda: shown(dialog) == "1239", timeout=ANSWER_MS)
    click(dialog, 0)
    press_key(dialog.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: shown(dialog) == "239", timeout=ANSWER_MS)
    add("8")  # by another program
    press_key(dialog.view, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: shown(dialog) == "12389", timeout=ANSWER_MS)
    press_key(dialog.view, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: shown(dialog) == "01238", timeout=ANSWER_MS)
    assert file_of(DIGITS).read_bytes().startswith(before)


def test_samples_are_drawn_again(window: MainWindow, qtbot: QtBot) -> None:
    add("123")
    dialog = opened(window, qtbot)
    click(dialog, 1)
    old = dialog.view.selected()
    qtbot.mouseClick(dialog.redraw_button, LEFT)
    strip = window.practice.strip
    assert (strip.text, strip.progress) == ("Draw a 2", "1 of 1")
    play_strokes(window.canvas, DEMO["2"])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    window.practice.take()
    assert not window.practice.is_running
    assert window.practice.is_written()
    assert in_file() == "132"
    assert old[0].line not in file_of(DIGITS).read_bytes()
    window.actions_.samples.trigger()
    qtbot.waitUntil(lambda: shown(dialog) == "123", timeout=ANSWER_MS)


def test_what_cannot_be_written_is_told_and_can_be_tried_again(
    window: MainWindow, qtbot: QtBot
) -> None:
    add("012")
    dialog = opened(window, qtbot)
    lock = Path(f"{file_of(DIGITS)}.lock")
    lock.unlink()
    lock.mkdir()
    click(dialog, 0)
    press_key(dialog.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: "cannot be written" in dialog.message, timeout=ANSWER_MS)
    assert shown(dialog) == in_file() == "012"
    lock.rmdir()
    press_key(dialog.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: shown(dialog) == "12", timeout=ANSWER_MS)


# Exchanging


def test_selected_samples_are_exported_and_imported(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    add("01234")
    dialog = opened(window, qtbot)
    target = tmp_path / "mine.jsonl"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, **__: (str(target), ""))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_, **__: (str(target), ""))
    click(dialog, 1)
    click(dialog, 3, SHIFT)
    qtbot.mouseClick(dialog.export_button, LEFT)
    qtbot.waitUntil(lambda: dialog.message == f"Exported to {target}", timeout=ANSWER_MS)
    assert [record.label for record in read_strokes(target)] == ["1", "2", "3"]
    with target.open("ab") as file:
        file.write(b'{"label": "cow", "strokes": [[[1, 2]]]}\nnonsense\n')
    press_key(dialog.view, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: shown(dialog) == "04", timeout=ANSWER_MS)
    add("7")
    qtbot.mouseClick(dialog.import_button, LEFT)
    qtbot.waitUntil(lambda: shown(dialog) == "012347", timeout=ANSWER_MS)
    assert dialog.message == (
        "Imported: 3. Without a label of these classes: 1. Not drawings: 1 (the first is line 5)."
    )


def test_without_a_selection_all_that_is_shown_is_exported(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    add("0122")
    dialog = opened(window, qtbot)
    choose_class(dialog, 1 + 2)
    monkeypatch.setattr(
        QFileDialog, "getSaveFileName", lambda *_, **__: (str(tmp_path / "twos"), "")
    )
    qtbot.mouseClick(dialog.export_button, LEFT)
    qtbot.waitUntil(lambda: (tmp_path / "twos.jsonl").exists(), timeout=ANSWER_MS)
    assert [record.label for record in read_strokes(tmp_path / "twos.jsonl")] == ["2", "2"]


def test_a_file_that_cannot_be_imported_is_told(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    add("1")
    dialog = opened(window, qtbot)
    monkeypatch.setattr(
        QFileDialog, "getOpenFileName", lambda *_, **__: (str(tmp_path / "gone.jsonl"), "")
    )
    qtbot.mouseClick(dialog.import_button, LEFT)
    qtbot.waitUntil(lambda: "gone.jsonl cannot be read" in dialog.message, timeout=ANSWER_MS)


# Many


def test_only_what_is_seen_of_thousands_is_drawn(window: MainWindow, qtbot: QtBot) -> None:
    lines = []
    for number in range(3000):
        sample = {"label": str(number % 10), "strokes": [[[1, 2], [3, 4 + number]]]}
        lines.append(str(sample).replace("'", '"'))
    file_of(DIGITS).parent.mkdir(parents=True)
    file_of(DIGITS).write_text("\n".join([*lines, ""]))
    dialog = opened(window, qtbot)
    drawn: list[object] = []
    dialog._thumbnails.drawn.connect(drawn.extend)
    dialog.view.scrollToBottom()
    dialog.view.viewport().repaint()
    last = dialog.view.samples.sample(dialog.view.samples.index(2999))
    qtbot.waitUntil(lambda: last in drawn, timeout=ANSWER_MS)
    assert len(drawn) < 500
    assert len(dialog.view.viewport().children()) == 0, "no widget for each"


def test_closing_the_window_while_thumbnails_are_drawn_ends_all_threads(
    window: MainWindow, qtbot: QtBot
) -> None:
    add("0123456789" * 3)
    dialog = opened(window, qtbot)
    click(dialog, 0)
    press_key(dialog.view, Qt.Key.Key_Delete)
    window.close()
    assert len(in_file()) == 29
