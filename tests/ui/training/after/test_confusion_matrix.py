"""The confusion matrix of any number of classes, with names of any length."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QFontMetrics, QHelpEvent, QImage
from PySide6.QtTest import QSignalSpy
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from hands import LEFT, press_key
from lenet_desktop.evaluation.metrics import evaluate
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.training.after.confusion_matrix import ConfusionMatrix
from lenet_desktop.ui.training.after.matrix_painting import matrix_font
from small_models import a_model, samples

LONG = tuple(f"{letter} is a letter & more"[:20] for letter in "abcdefghijklmnopqrstuvwxyz")


def a_matrix(qtbot: QtBot, classes: tuple[str, ...] = DIGITS, width: int = 356) -> ConfusionMatrix:
    """Return the matrix of a model that misreads only the samples of the last class."""
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(width, 300)
    indices = range(len(classes))
    model = a_model(classes, wrong=len(classes) - 1)
    matrix.show_confusion(evaluate(model, samples(*indices), [classes[i] for i in indices]))
    matrix.show()
    qtbot.waitExposed(matrix)
    return matrix


def centre(matrix: ConfusionMatrix, row: int, column: int) -> QPoint:
    return matrix.visualRect(matrix.model().index(row, column)).center()


def test_ten_digits_fit_without_scrolling(qtbot: QtBot) -> None:
    matrix = a_matrix(qtbot)
    assert not matrix.horizontalScrollBar().isVisible()
    assert not matrix.verticalScrollBar().isVisible()
    for place in (0, 9):
        cell = matrix.visualRect(matrix.model().index(place, place))
        assert matrix.viewport().rect().contains(cell)
        # Four figures, as MNIST's test digits have.
        assert cell.width() >= QFontMetrics(matrix_font(matrix)).horizontalAdvance("1135")


@pytest.mark.parametrize("classes", [LONG[:3], LONG, DIGITS], ids=["3", "26", "digits"])
@pytest.mark.parametrize("width", [260, 356, 900])
def test_names_fit_and_can_be_told_apart(
    qtbot: QtBot, classes: tuple[str, ...], width: int
) -> None:
    matrix = a_matrix(qtbot, classes, width)
    font = matrix_font(matrix)
    metrics = QFontMetrics(font)
    across, down = matrix.horizontalHeader(), matrix.verticalHeader()
    for index, name in enumerate(classes):
        for header, room in ((down, down.width()), (across, max(across.sectionSize(0), 80))):
            label = header.label(index, font)
            assert label[0] == name[0]
            assert metrics.horizontalAdvance(label) <= room
    assert down.width() <= 0.3 * width or down.width() == 24
    assert across.sectionSize(0) >= 22 and down.sectionSize(0) >= 22


def test_the_tooltip_gives_the_count_and_the_whole_names(qtbot: QtBot) -> None:
    matrix = a_matrix(qtbot, LONG[:3])
    place = centre(matrix, 2, 0)
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, matrix.viewport().mapToGlobal(place))
    QApplication.sendEvent(matrix.viewport(), event)
    assert QToolTip.text() == (
        "<p>c is a letter &amp; more read as a is a letter &amp; more: 1</p>"
    )
    QToolTip.hideText()


def test_a_click_chooses_a_cell(qtbot: QtBot) -> None:
    matrix = a_matrix(qtbot)
    chosen = QSignalSpy(matrix.cell_chosen)
    qtbot.mouseClick(matrix.viewport(), LEFT, pos=centre(matrix, 9, 0))
    assert chosen.at(0) == [9, 0]
    assert matrix.chosen == (9, 0)
    matrix.choose_none()
    assert matrix.chosen is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_keys_go_to_a_cell_and_choose_it(qtbot: QtBot, key: Qt.Key) -> None:
    matrix = a_matrix(qtbot)
    chosen = QSignalSpy(matrix.cell_chosen)
    matrix.setFocus()
    matrix.setCurrentIndex(matrix.model().index(0, 0))
    press_key(matrix, Qt.Key.Key_Down)
    press_key(matrix, Qt.Key.Key_Right)
    press_key(matrix, Qt.Key.Key_Right)
    assert chosen.count() == 0 and matrix.chosen is None
    press_key(matrix, key)
    assert chosen.at(0) == [1, 2]
    assert matrix.chosen == (1, 2)
    press_key(matrix, Qt.Key.Key_Down)
    assert matrix.chosen == (1, 2), "only a choice changes the choice"


def test_the_chosen_cell_is_framed(qtbot: QtBot) -> None:
    matrix = a_matrix(qtbot)
    cell = matrix.visualRect(matrix.model().index(9, 0))

    def greys() -> tuple[int, int]:
        """Return how light the edge and the inside of the cell are, without any colour."""
        picture = matrix.viewport().grab(cell).toImage()
        grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
        return grey.pixelColor(cell.width() // 2, 1).red(), grey.pixelColor(5, 5).red()

    before = greys()
    matrix.choose(9, 0)
    matrix.viewport().update()
    after = greys()
    assert before[0] - after[0] > 80, "a dark line around it"
    assert abs(before[1] - after[1]) < 10, "the colour of the count stays"


def test_screen_readers_see_a_table(qtbot: QtBot) -> None:
    matrix = a_matrix(qtbot)
    table = QAccessible.queryAccessibleInterface(matrix)
    assert table.role() == QAccessible.Role.Table
    assert table.text(QAccessible.Text.Name) == "Confusion matrix"
    assert table.text(QAccessible.Text.Description) == "9 read as 0: 1"
    # The names of the classes are children too.
    cell = table.child((9 + 1) * 11 + 0 + 1)
    assert cell.text(QAccessible.Text.Name) == "9 read as 0: 1"
    assert not cell.state().selected
    matrix.choose(9, 0)
    assert cell.state().selected
