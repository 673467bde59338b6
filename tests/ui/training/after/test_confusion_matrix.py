"""The confusion matrix of any number of classes, with names of any length."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF
from PySide6.QtGui import QFontMetricsF, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from lenet_desktop.evaluation.metrics import evaluate
from lenet_desktop.ui.training.after.confusion_matrix import ConfusionMatrix
from small_models import a_model, samples

LONG = tuple(f"{letter} is a letter & more"[:20] for letter in "abcdefghijklmnopqrstuvwxyz")
DIGITS = tuple("0123456789")


def a_matrix(qtbot: QtBot, classes: tuple[str, ...]) -> ConfusionMatrix:
    """Return the matrix of a model that misreads only the samples of the last class."""
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.resize(430, 460)
    indices = range(len(classes))
    model = a_model(classes, wrong=len(classes) - 1)
    matrix.show_confusion(evaluate(model, samples(*indices), [classes[i] for i in indices]))
    matrix.show()
    return matrix


@pytest.mark.parametrize("classes", [LONG[:3], LONG, DIGITS], ids=["3", "26", "digits"])
@pytest.mark.parametrize("size", [(260, 220), (430, 460), (1200, 900)])
def test_labels_fit_and_nothing_overlaps(
    qtbot: QtBot, classes: tuple[str, ...], size: tuple[int, int]
) -> None:
    matrix = a_matrix(qtbot, classes)
    matrix.resize(*size)
    metrics = QFontMetricsF(matrix.text_font())
    indices = range(-1, len(classes))
    cells = [matrix.cell(row, column) for row in indices for column in indices]
    for one, other in itertools.combinations(cells[:: max(len(cells) // 200, 1)], 2):
        overlap = one.intersected(other)
        assert overlap.width() * overlap.height() < 0.01
    for index, name in enumerate(classes):
        room = matrix.cell(index, -1).width()
        label = matrix.label(index, room)
        assert metrics.horizontalAdvance(label) <= room
        assert label[0] == name[0], "enough is left to tell the classes apart"
    assert matrix.rect().toRectF().adjusted(-1, -1, 1, 1).contains(matrix.grid())
    assert not matrix.grab().isNull()


def test_all_cells_have_the_same_size(qtbot: QtBot) -> None:
    matrix = a_matrix(qtbot, DIGITS)
    sizes = {(round(c.width(), 3), round(c.height(), 3)) for c in map(matrix.cell, [-1, 4], [3, 7])}
    assert sizes == {(round(430 / 11, 3), round(460 / 11, 3))}


def test_the_tooltip_gives_the_count_and_the_whole_names(qtbot: QtBot) -> None:
    matrix = a_matrix(qtbot, LONG)
    place = matrix.cell(25, 0).center().toPoint()
    event = QHelpEvent(QHelpEvent.Type.ToolTip, place, matrix.mapToGlobal(place))
    QApplication.sendEvent(matrix, event)
    assert QToolTip.text() == (
        "<p>z is a letter &amp; more read as a is a letter &amp; more: 1</p>"
    )
    assert matrix._at(QPointF(QPoint(1, 1))) is None
    assert "z is a letter & more read as a is a letter & more: 1" in matrix.accessibleDescription()
    assert np.isclose(matrix.cell(25, 25).right(), matrix.width())
