"""The dialog of the user's own models, used with the mouse and with keys."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QInputDialog, QLabel
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, LEFT, Answers, press_key
from lenet_desktop import paths
from lenet_desktop.ui.models.exports import Exports
from lenet_desktop.ui.models.kept_models_dialog import KeptModelsDialog
from lenet_desktop.ui.models.kept_models_list import Column
from lenet_desktop.ui.session import Session
from lenet_desktop.ui.settings import Settings
from lenet_desktop.ui.window.main_window import MainWindow

Keep = Callable[..., Path]


@pytest.fixture
def dialog(qtbot: QtBot, session: Session) -> KeptModelsDialog:
    return shown(qtbot, session)


def shown(qtbot: QtBot, session: Session) -> KeptModelsDialog:
    """Show the dialog with its first model selected."""
    dialog = KeptModelsDialog(session, Exports(session))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    select(dialog, 0)
    return dialog


def select(dialog: KeptModelsDialog, row: int) -> None:
    """Select a kept model by its number; the factory model is in the row before the first."""
    item = dialog.list.topLevelItem(row + 1)
    assert item is not None
    dialog.list.setCurrentItem(item)


def names(dialog: KeptModelsDialog) -> list[str]:
    """Return the names of the kept models, without their states."""
    return [text.split(" · ")[0] for text in column(dialog, Column.NAME)]


def column(dialog: KeptModelsDialog, number: Column) -> list[str]:
    """Return the texts of the kept models' rows."""
    items = map(dialog.list.topLevelItem, range(1, dialog.list.topLevelItemCount()))
    return [item.text(number) for item in items if item is not None]


def states(dialog: KeptModelsDialog) -> dict[str, str]:
    """Return the state of each model that has one."""
    texts = [text.split(" · ") for text in column(dialog, Column.NAME)]
    return {text[0]: text[1] for text in texts if len(text) > 1}


@pytest.mark.parametrize("how", ["button", "double click", "Return"])
def test_use(
    qtbot: QtBot, keep: Keep, dialog: KeptModelsDialog, session: Session, mine: Path, how: str
) -> None:
    other = keep("other")
    dialog.fill(other)
    assert states(dialog) == {"mine": "in use"}
    if how == "button":
        qtbot.mouseClick(dialog.use_button, LEFT)
    elif how == "Return":
        dialog.list.setFocus()
        press_key(dialog.list, Qt.Key.Key_Return)
    else:
        place = dialog.list.visualItemRect(dialog.list.currentItem()).center()
        qtbot.mouseClick(dialog.list.viewport(), LEFT, pos=place)
        qtbot.mouseDClick(dialog.list.viewport(), LEFT, pos=place)
    qtbot.waitUntil(lambda: session.model_path == other, timeout=ANSWER_MS)
    assert states(dialog) == {"other": "in use"}
    assert Settings().model == other, "it is remembered"
    assert not dialog.use_button.isEnabled()


def test_try_before_use(
    qtbot: QtBot, keep: Keep, dialog: KeptModelsDialog, session: Session, mine: Path
) -> None:
    assert not dialog.try_button.isEnabled(), "it is in use"
    other = keep("other")
    dialog.fill(other)
    with qtbot.waitSignal(session.challenger_changed, timeout=ANSWER_MS):
        qtbot.mouseClick(dialog.try_button, LEFT)
    assert session.challenger_path == other
    assert states(dialog) == {"mine": "in use", "other": "on trial"}
    with qtbot.waitSignal(session.challenger_changed, timeout=ANSWER_MS):
        qtbot.mouseClick(dialog.try_button, LEFT)
    assert session.challenger_path is None
    assert states(dialog) == {"mine": "in use"}


def test_using_the_model_on_trial_ends_the_trial(
    qtbot: QtBot, keep: Keep, dialog: KeptModelsDialog, session: Session
) -> None:
    dialog.fill(keep("other"))
    with qtbot.waitSignal(session.challenger_changed, timeout=ANSWER_MS):
        dialog.try_on_pad()
    dialog.use()
    qtbot.waitUntil(lambda: states(dialog) == {"other": "in use"}, timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: session.challenger == "", timeout=ANSWER_MS)


def test_accuracies_on_different_test_sets_are_in_different_columns(
    qtbot: QtBot, keep: Keep, session: Session
) -> None:
    keep("a", test_accuracy=0.98, test_data="starter digits")
    keep("b", test_accuracy=0.9, test_data="EMNIST letters")
    keep("c", test_accuracy=0.8, test_data="", data="somebody's digits")
    keep("d", test_accuracy=None)
    dialog = shown(qtbot, session)
    assert names(dialog) == ["a", "b", "c", "d", "mine"]
    assert column(dialog, Column.MNIST) == ["", "", "", "", "99.46 %"]
    assert column(dialog, Column.STARTER) == ["98.00 %", "", "", "", ""]
    assert column(dialog, Column.OTHER) == [
        "",
        "90.00 % · EMNIST letters",
        "80.00 % · unknown test set",
        "",
        "",
    ]
    tip = dialog.list.topLevelItem(1).toolTip(Column.STARTER)
    assert "98.00 % (96.93 to 98.70 %) on the 1,000 test digits of starter digits" in tip


def test_the_factory_model_comes_first_and_cannot_be_removed(
    qtbot: QtBot, dialog: KeptModelsDialog, session: Session
) -> None:
    select(dialog, -1)
    assert dialog.list.currentItem().text(Column.NAME) == "LeNet-5 (factory)"
    for button in (dialog.rename_button, dialog.delete_button):
        assert not button.isEnabled()
    dialog.list.setFocus()
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_F2):
        press_key(dialog.list, key)
    assert paths.factory_model().exists()
    qtbot.mouseClick(dialog.use_button, LEFT)
    qtbot.waitUntil(lambda: session.model_path == paths.factory_model(), timeout=ANSWER_MS)


def test_a_column_without_any_accuracy_is_hidden(dialog: KeptModelsDialog) -> None:
    hidden = [c for c in Column if dialog.list.isColumnHidden(c)]
    assert hidden == [Column.STARTER, Column.OTHER]


@pytest.mark.parametrize("how", ["button", "F2"])
def test_rename_follows_the_model_in_use(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    dialog: KeptModelsDialog,
    session: Session,
    mine: Path,
    how: str,
) -> None:
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("better", True))
    if how == "button":
        qtbot.mouseClick(dialog.rename_button, LEFT)
    else:
        press_key(dialog.list, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: session.model_path != mine, timeout=ANSWER_MS)
    assert session.model is not None
    assert session.model.card.name == "better"
    assert states(dialog) == {"better": "in use"}
    assert dialog.list.selected().card.name == "better"


def test_a_name_that_is_taken_is_reported(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    keep: Keep,
    dialog: KeptModelsDialog,
    mine: Path,
) -> None:
    keep("other")
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("other", True))
    qtbot.mouseClick(dialog.rename_button, LEFT)
    assert "already" in dialog.message
    assert mine.exists()


@pytest.mark.parametrize("sure", [False, True])
@pytest.mark.parametrize("how", ["button", "Delete"])
def test_delete_asks_first_and_then_uses_the_factory_model(
    qtbot: QtBot, dialog: KeptModelsDialog, session: Session, mine: Path, sure: bool, how: str
) -> None:
    answers = Answers("Yes" if sure else "No")
    if how == "button":
        qtbot.mouseClick(dialog.delete_button, LEFT)
    else:
        press_key(dialog.list, Qt.Key.Key_Delete)
    assert answers.asked == ["Delete 'mine'? This cannot be undone."]
    assert answers.defaults == ["No"]
    assert mine.exists() is not sure
    in_use = paths.factory_model() if sure else mine
    qtbot.waitUntil(lambda: session.model_path == in_use, timeout=ANSWER_MS)
    assert names(dialog) == ([] if sure else ["mine"])
    assert dialog.no_models.isVisible() is sure


def test_after_a_deletion_the_next_model_is_selected(
    qtbot: QtBot, keep: Keep, session: Session
) -> None:
    for name in ("a", "b", "c"):
        keep(name)
    dialog = shown(qtbot, session)
    select(dialog, 1)
    answers = Answers("Yes")
    dialog.delete()
    assert answers.asked
    assert dialog.list.selected().card.name == "c"
    assert names(dialog) == ["a", "c", "mine"]


def test_without_a_selected_model_nothing_happens(
    qtbot: QtBot, dialog: KeptModelsDialog, mine: Path
) -> None:
    dialog.list.clearSelection()
    for button in (
        dialog.use_button,
        dialog.try_button,
        dialog.rename_button,
        dialog.export_button,
        dialog.delete_button,
    ):
        assert not button.isEnabled()
    press_key(dialog.list, Qt.Key.Key_Delete)  # a question would be answered by nobody
    press_key(dialog.list, Qt.Key.Key_F2)
    assert mine.exists()


def test_a_model_that_was_saved_meanwhile_is_listed(
    qtbot: QtBot, keep: Keep, dialog: KeptModelsDialog
) -> None:
    keep("another")
    dialog.close()
    dialog.show()
    assert names(dialog) == ["another", "mine"]
    assert dialog.list.selected().card.name == "mine", "what was selected stays so"


def test_the_empty_state_says_what_will_be_there_and_leads_to_the_training(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.model_menu.manage_action.trigger()
    dialog = window.model_menu.dialog
    assert dialog is not None
    assert not dialog.isModal()
    assert dialog.no_models.isVisible()
    assert not dialog.delete_button.isVisible()
    texts = [label.text() for label in dialog.no_models.findChildren(QLabel)]
    assert any("train and save are listed here" in text for text in texts)
    qtbot.mouseClick(dialog.no_models.train_button, LEFT)
    assert not dialog.isVisible()
    assert window.side.is_drawer_open
    dialog.show()
    qtbot.mouseClick(dialog.no_models.train_button, LEFT)
    assert window.side.is_drawer_open, "it stays open"


def test_what_a_screen_reader_says(dialog: KeptModelsDialog) -> None:
    table = QAccessible.queryAccessibleInterface(dialog.list)
    assert table.text(QAccessible.Text.Name) == "My models"
    names = [table.child(i).text(QAccessible.Text.Name) for i in range(table.childCount())]
    assert any(name.startswith("mine, in use, 99.46 % (99.30 to 99.59 %)") for name in names)


def test_escape_closes_the_dialog(dialog: KeptModelsDialog) -> None:
    press_key(dialog.list, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_a_hostile_card_is_shown_as_short_plain_text(
    qtbot: QtBot, keep: Keep, session: Session
) -> None:
    keep(
        "hostile",
        data="<b>bold</b>" * 50_000,
        test_data="<img src='https://example.org/'>" * 1000,
        classes=("<i>0</i>", *"123456789"),
    )
    dialog = shown(qtbot, session)
    item = dialog.list.topLevelItem(1)
    assert len(item.text(Column.DATA)) <= 300
    assert len(item.text(Column.OTHER)) <= 80
    for number in (Column.DATA, Column.OTHER, Column.NAME):
        assert "<b>" not in item.toolTip(number)
        assert "<img" not in item.toolTip(number)
