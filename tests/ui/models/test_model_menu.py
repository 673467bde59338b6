"""The menu of models and the dialog of the user's own."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QInputDialog, QLabel, QMessageBox

from hands import ANSWER_MS, DEMO, LOADING_MS
from lenet_desktop import paths
from lenet_desktop.models import library, model_file
from lenet_desktop.ui.models.kept_models_dialog import KeptModelsDialog
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.settings import Settings

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def mine(home):
    """A kept model that is the factory model under another name."""
    return library.keep(model_file.load(paths.factory_model()), "mine")


@pytest.fixture
def session(qtbot, mine) -> Iterator[Session]:
    """A session that reads with that model."""
    session = Session(Settings(), model=mine)
    session.start()
    qtbot.waitUntil(lambda: session.model is not None, timeout=LOADING_MS)
    yield session
    session.stop()
    session.deleteLater()


@pytest.fixture
def dialog(qtbot, session):
    dialog = KeptModelsDialog(session)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.list.setCurrentItem(dialog.list.topLevelItem(0))
    return dialog


def names_in_use(dialog) -> list[str]:
    """Return the names that are shown in bold."""
    items = [dialog.list.topLevelItem(i) for i in range(dialog.list.topLevelItemCount())]
    return [item.text(0) for item in items if item.font(0).bold()]


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


def test_use(qtbot, dialog, session, mine):
    other = library.keep(model_file.load(mine), "other")
    dialog._fill(other)
    assert names_in_use(dialog) == ["mine"]
    qtbot.mouseClick(dialog.use_button, LEFT)
    qtbot.waitUntil(lambda: session.model_path == other, timeout=ANSWER_MS)
    assert names_in_use(dialog) == ["other"]
    assert Settings().model == other, "it is remembered"


def test_rename_follows_the_model_in_use(qtbot, monkeypatch, dialog, session, mine):
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("better", True))
    qtbot.mouseClick(dialog.rename_button, LEFT)
    qtbot.waitUntil(lambda: session.model_path != mine, timeout=ANSWER_MS)
    assert session.model.card.name == "better"
    assert dialog.list.topLevelItem(0).text(0) == "better"
    assert names_in_use(dialog) == ["better"]


def test_a_name_that_is_taken_is_reported(qtbot, monkeypatch, dialog, mine):
    library.keep(model_file.load(mine), "other")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("other", True))
    qtbot.mouseClick(dialog.rename_button, LEFT)
    assert "already" in dialog.message
    assert mine.exists()


def answer_question(dialog, sure):
    """Press a button of the next question; return the list of what was asked."""
    asked = []

    def press():
        (question,) = dialog.findChildren(QMessageBox)
        asked.append((question.text(), question.textFormat()))
        name = QMessageBox.StandardButton.Yes if sure else QMessageBox.StandardButton.No
        QTest.mouseClick(question.button(name), LEFT)

    QTimer.singleShot(0, press)
    return asked


@pytest.mark.parametrize("sure", [True, False])
def test_delete_asks_and_falls_back_to_the_factory_model(qtbot, dialog, session, mine, sure):
    asked = answer_question(dialog, sure)
    qtbot.mouseClick(dialog.delete_button, LEFT)
    assert asked[0][0] == "Delete 'mine'? This cannot be undone."
    assert mine.exists() is not sure
    in_use = paths.factory_model() if sure else mine
    qtbot.waitUntil(lambda: session.model_path == in_use, timeout=ANSWER_MS)
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
    window.session.use(path)
    qtbot.waitUntil(lambda: "<img" in window.status)
    assert len(window.status) < 200
    window.model_menu.fill_kept_models()
    assert len(window.model_menu.kept_menu.actions()[0].text()) <= 60
    play_strokes(window.canvas, DEMO["0"])
    qtbot.waitUntil(lambda: window.panel.digit == "<i>0</i>")
    for label in window.panel.findChildren(QLabel):
        assert not label.text().startswith("<") or label.textFormat() is Qt.TextFormat.PlainText
    dialog = KeptModelsDialog(window.session)
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
        window.session.use(path)
        qtbot.waitUntil(lambda path=path: window.session.model_path == path)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert things() == before


def test_export(qtbot, monkeypatch, dialog, mine, tmp_path):
    target = str(tmp_path / "copy")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (target, ""))
    qtbot.mouseClick(dialog.export_button, LEFT)
    assert (tmp_path / "copy.safetensors").read_bytes() == mine.read_bytes()


def test_without_a_selected_model_all_buttons_are_disabled(dialog):
    dialog.list.setCurrentItem(None)
    for button in (dialog.use_button, dialog.rename_button, dialog.delete_button):
        assert not button.isEnabled()
