"""The menu of models, the dialog of the user's own, and the view of the steps."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLabel, QMessageBox

from hands import DEMO
from lenet_desktop import paths
from lenet_desktop.drawing.strokes import place
from lenet_desktop.models import library, model_file
from lenet_desktop.ui.models.kept_models_dialog import KeptModelsDialog
from lenet_desktop.ui.self_test import play_strokes

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def mine(home):
    """A kept model that is the factory model under another name."""
    return library.keep(model_file.load(paths.factory_model()), "mine")


@pytest.fixture
def dialog(qtbot, mine):
    dialog = KeptModelsDialog(mine)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.list.setCurrentItem(dialog.list.topLevelItem(0))
    return dialog


def test_a_kept_model_is_used_from_the_menu(qtbot, mine, window):
    window.model_menu.fill_kept_models()
    entries = {a.text(): a for a in window.model_menu.kept_menu.actions()}
    entries["mine"].trigger()
    qtbot.waitUntil(lambda: "mine" in window.status)
    window.model_menu.fill_kept_models()
    entries = {a.text(): a for a in window.model_menu.kept_menu.actions()}
    assert entries["mine"].isChecked()
    assert not window.model_menu.factory_action.isChecked()


def test_an_empty_list_says_what_to_do(window):
    window.model_menu.fill_kept_models()
    first = window.model_menu.kept_menu.actions()[0]
    assert "train" in first.text()
    assert not first.isEnabled()


def test_use(qtbot, dialog, mine):
    with qtbot.waitSignal(dialog.model_chosen) as chosen:
        qtbot.mouseClick(dialog.use_button, LEFT)
    assert chosen.args == [mine]


def test_rename_follows_the_model_in_use(qtbot, monkeypatch, dialog, mine):
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("better", True))
    with qtbot.waitSignal(dialog.model_chosen) as chosen:
        qtbot.mouseClick(dialog.rename_button, LEFT)
    assert model_file.load(chosen.args[0]).card.name == "better"
    assert dialog.list.topLevelItem(0).text(0) == "better"


def test_a_name_that_is_taken_is_told(qtbot, monkeypatch, dialog, mine):
    library.keep(model_file.load(mine), "other")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("other", True))
    qtbot.mouseClick(dialog.rename_button, LEFT)
    assert "already" in dialog.message
    assert mine.exists()


def answer_question(dialog, sure):
    """Press a button of the question that comes next; give the question."""
    asked = []

    def press():
        (question,) = dialog.findChildren(QMessageBox)
        asked.append((question.text(), question.textFormat()))
        name = QMessageBox.StandardButton.Yes if sure else QMessageBox.StandardButton.No
        QTest.mouseClick(question.button(name), LEFT)

    QTimer.singleShot(0, press)
    return asked


@pytest.mark.parametrize("sure", [True, False])
def test_delete_asks_and_falls_back_to_the_factory_model(qtbot, dialog, mine, sure):
    chosen = []
    dialog.model_chosen.connect(chosen.append)
    asked = answer_question(dialog, sure)
    qtbot.mouseClick(dialog.delete_button, LEFT)
    assert asked[0][0] == "Delete 'mine'? This cannot be undone."
    assert mine.exists() is not sure
    assert chosen == ([paths.factory_model()] if sure else [])
    assert dialog.list.topLevelItemCount() == (0 if sure else 1)


def test_a_hostile_card_is_shown_as_short_plain_text(qtbot, home, window):
    card = replace(
        model_file.load(paths.factory_model()).card,
        name="<img src='https://example.org/'>\n" + "x" * 100_000,
        data="<b>bold</b>" * 50_000,
        classes=("<i>0</i>", *"123456789"),
    )
    path = paths.models_folder() / "hostile.safetensors"
    model_file.save(replace(model_file.load(paths.factory_model()), card=card), path)
    window.use_model(path)
    qtbot.waitUntil(lambda: "<img" in window.status)
    assert len(window.status) < 200
    window.model_menu.fill_kept_models()
    assert len(window.model_menu.kept_menu.actions()[0].text()) <= 60
    play_strokes(window.canvas, DEMO["0"])
    qtbot.waitUntil(lambda: window.panel.digit == "<i>0</i>")
    for label in window.panel.findChildren(QLabel):
        assert not label.text().startswith("<") or label.textFormat() is Qt.TextFormat.PlainText
    dialog = KeptModelsDialog(path)
    qtbot.addWidget(dialog)
    dialog.show()
    item = dialog.list.topLevelItem(0)
    dialog.list.setCurrentItem(item)
    assert len(item.text(0)) <= 60
    assert len(item.text(3)) <= 300
    assert "<b>" not in item.toolTip(3)
    asked = answer_question(dialog, sure=False)
    qtbot.mouseClick(dialog.delete_button, LEFT)
    ((text, text_format),) = asked
    assert len(text) < 120
    assert text_format is Qt.TextFormat.PlainText


def test_changing_the_model_leaves_nothing_behind(qtbot, window, mine):
    def things():
        return len(window.model_menu.findChildren(QObject))

    before = things()
    for path in (mine, paths.factory_model()) * 3:
        window.use_model(path)
        qtbot.waitUntil(lambda path=path: window._in_use.path == path)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert things() == before


def test_export(qtbot, monkeypatch, dialog, mine, tmp_path):
    target = str(tmp_path / "copy")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (target, ""))
    qtbot.mouseClick(dialog.export_button, LEFT)
    assert (tmp_path / "copy.safetensors").read_bytes() == mine.read_bytes()


def test_nothing_can_be_done_without_a_choice(dialog):
    dialog.list.setCurrentItem(None)
    for button in (dialog.use_button, dialog.rename_button, dialog.delete_button):
        assert not button.isEnabled()


def test_the_steps_say_what_is_refused_as_the_panel_does(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_W)
    rng = np.random.default_rng(0)
    play_strokes(window.canvas, [rng.uniform(100, 700, (25, 2)).astype(np.float32)])
    qtbot.waitUntil(lambda: "not a digit" in window.panel.caption)
    answer = window.stages.answers[-1]
    qtbot.waitUntil(lambda: "not a digit" in answer.text())
    assert not answer.isEnabled()
    assert f"({window.panel.digit}?)" in answer.text()
    assert window.panel.caption == f"not a digit, perhaps {window.panel.digit}"


def test_the_steps_are_named_in_full_at_every_size(window):
    window.resize(window.minimumSize())
    window._actions.stages.trigger()
    QApplication.processEvents()
    widths = [sample.width() for sample in window.stages._samples]
    assert max(widths) - min(widths) <= 1
    for label in window.stages._names:
        assert label.text()
        assert label.fontMetrics().horizontalAdvance(label.text()) <= label.width()


def test_the_steps_are_one_key_away_and_live(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_W)
    assert window.stages.isVisible()
    small = place(DEMO["4"], height=0.25, centre=(0.2, 0.2))
    play_strokes(window.canvas, [s.points for s in small.strokes])
    qtbot.waitUntil(lambda: "4" in window.stages.answers[-1].text())
    assert all(label.text() for label in window.stages.answers)
    # The last step is the answer itself.
    assert window.panel.digit in window.stages.answers[-1].text()
    assert window.panel.caption.split("· ")[-1] in window.stages.answers[-1].text()
    window.canvas.clear()
    qtbot.waitUntil(lambda: not any(label.text() for label in window.stages.answers))
    qtbot.keyClick(window, Qt.Key.Key_W)
    assert not window.stages.isVisible()
