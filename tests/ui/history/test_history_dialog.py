"""The history of trainings in the window."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drawers import open_drawer, train_to_the_end
from hands import LEFT, activate, press_key
from lenet_desktop import paths
from lenet_desktop.training.history import folder
from lenet_desktop.training.history.record import Fate
from lenet_desktop.ui.history.history_dialog import HistoryDialog
from lenet_desktop.ui.training.run import Phase
from lenet_desktop.ui.window.main_window import MainWindow


def open_history(window: MainWindow, qtbot: QtBot) -> HistoryDialog:
    activate(window, qtbot)
    press_key(window.canvas, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    dialog = window.history.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.isVisible() and not dialog.is_reading)
    return dialog


def texts(dialog: HistoryDialog) -> list[list[str]]:
    rows = [dialog.list.topLevelItem(row) for row in range(dialog.list.topLevelItemCount())]
    return [[item.text(column) for column in range(6)] for item in rows]


def test_an_empty_history_says_so(window: MainWindow, qtbot: QtBot) -> None:
    dialog = open_history(window, qtbot)
    assert "No training yet" in dialog.message
    assert not dialog.again_button.isEnabled()
    dialog.close()


def test_trainings_are_listed_compared_repeated_and_removed(
    window: MainWindow, qtbot: QtBot
) -> None:
    drawer = open_drawer(window, qtbot)
    train_to_the_end(drawer, qtbot)
    drawer.run.keep("Mine", use=False)
    train_to_the_end(drawer, qtbot, epochs=2)
    drawer.run.discard()
    dialog = open_history(window, qtbot)
    rows = texts(dialog)
    assert [row[0] for row in rows] == ["2", "1"]
    assert [row[5] for row in rows] == ["discarded", "kept as Mine"]
    assert rows[0][4].endswith("%")
    assert [run.number for run in dialog.chosen] == [2], "the newest is chosen"
    assert dialog.curves.accessible_value() == "2"
    item = dialog.list.topLevelItem(1)
    place = dialog.list.visualItemRect(item).center()
    modifier = Qt.KeyboardModifier.ControlModifier
    QTest.mouseClick(dialog.list.viewport(), LEFT, modifier, QPoint(place))
    assert [run.number for run in dialog.chosen] == [2, 1]
    assert dialog.curves.accessible_value() == "2, 1"
    table = dialog.table
    settings = {
        table.item(row, 0).text(): [table.item(row, column).text() for column in (1, 2)]
        for row in range(table.rowCount())
    }
    assert settings["epochs"] == ["2", "1"]
    assert set(settings) <= {"epochs", "seed"}, "only what differs"
    assert not dialog.again_button.isEnabled(), "one at a time"
    QTest.mouseClick(dialog.list.viewport(), LEFT, pos=QPoint(place))
    QTest.mouseClick(dialog.again_button, LEFT)
    assert drawer.run.phase is Phase.DURING
    assert not dialog.isVisible()
    qtbot.waitUntil(lambda: drawer.run.phase is Phase.AFTER, timeout=60_000)
    again, first = folder.run(3).record, folder.run(1).record
    assert again.recipe == first.recipe
    assert again.test_accuracy == first.test_accuracy, "the same seed gives the same model"
    drawer.run.discard()
    dialog = open_history(window, qtbot)
    dialog.list.selectAll()
    dialog.list.setFocus()
    press_key(dialog.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not dialog.is_reading)
    assert texts(dialog) == []
    assert folder.runs() == []
    dialog.close()


def test_a_cancelled_training_is_recorded_and_a_damaged_record_is_told(
    window: MainWindow, qtbot: QtBot
) -> None:
    drawer = open_drawer(window, qtbot)
    drawer.before.train()
    qtbot.waitUntil(lambda: drawer.during.plot.steps > 3, timeout=60_000)
    drawer.run.cancel()
    qtbot.waitUntil(lambda: drawer.run.phase is Phase.BEFORE, timeout=60_000)
    assert folder.run(1).record.fate is Fate.CANCELLED
    (paths.history_folder() / "run-0002.json").write_text("{}")
    dialog = open_history(window, qtbot)
    assert [row[5] for row in texts(dialog)] == ["cancelled"]
    assert "left out: 1" in dialog.message
    dialog.close()
    for _ in range(99):
        folder.add(folder.run(1).record)
    window.history.show()
    assert dialog.is_reading, "a few at a time, so that the window answers"
    qtbot.waitUntil(lambda: not dialog.is_reading)
    assert len(texts(dialog)) == 100
    dialog.fill()
    dialog.close()
    assert not dialog.is_reading
