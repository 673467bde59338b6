"""The menu of models in the menu bar."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMenu
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO
from lenet_desktop import paths
from lenet_desktop.models import model_file
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow

Keep = Callable[..., Path]


def entries(menu: QMenu) -> dict[str, bool]:
    """Show a menu's entries and whether each is checked."""
    menu.aboutToShow.emit()
    return {action.text(): action.isChecked() for action in menu.actions()}


def choose(menu: QMenu, text: str) -> None:
    menu.aboutToShow.emit()
    (action,) = (action for action in menu.actions() if action.text() == text)
    action.trigger()


def test_a_kept_model_is_used_from_the_menu(qtbot: QtBot, mine: Path, window: MainWindow) -> None:
    menu = window.model_menu
    assert entries(menu.kept_menu) == {"mine": False}
    choose(menu.kept_menu, "mine")
    qtbot.waitUntil(lambda: "mine" in window.status, timeout=ANSWER_MS)
    assert entries(menu.kept_menu) == {"mine": True}
    assert not menu.factory_action.isChecked()
    menu.factory_action.trigger()
    qtbot.waitUntil(lambda: "mine" not in window.status, timeout=ANSWER_MS)
    assert menu.factory_action.isChecked()
    menu.factory_action.trigger()
    assert menu.factory_action.isChecked(), "it is still in use"


def test_an_empty_list_says_what_to_do(window: MainWindow) -> None:
    for menu in (window.model_menu.kept_menu, window.model_menu.compare_menu):
        (text,) = entries(menu)
        assert "train one" in text
        assert not menu.actions()[0].isEnabled()


def test_a_model_is_compared_with_the_one_in_use(
    qtbot: QtBot, mine: Path, window: MainWindow
) -> None:
    menu, session = window.model_menu, window.session
    assert entries(menu.compare_menu) == {"mine": False}, "not the one in use"
    assert not menu.end_action.isEnabled()
    assert not menu.use_compared_action.isEnabled()
    with qtbot.waitSignal(session.challenger_changed, timeout=ANSWER_MS):
        choose(menu.compare_menu, "mine")
    assert session.challenger == "mine"
    assert entries(menu.compare_menu) == {"mine": True}
    assert menu.end_action.isEnabled()
    with qtbot.waitSignal(session.challenger_changed, timeout=ANSWER_MS):
        choose(menu.compare_menu, "mine")
    assert session.challenger == "", "choosing it again ends the comparison"
    with qtbot.waitSignal(session.challenger_changed, timeout=ANSWER_MS):
        choose(menu.compare_menu, "mine")
    with qtbot.waitSignal(session.challenger_changed, timeout=ANSWER_MS):
        menu.use_compared_action.trigger()
    qtbot.waitUntil(lambda: session.model_path == mine, timeout=ANSWER_MS)
    assert session.challenger == ""
    assert entries(menu.compare_menu) == {"Factory model": False}


def test_an_ampersand_in_a_name_is_shown(keep: Keep, window: MainWindow) -> None:
    keep("salt & pepper")
    assert entries(window.model_menu.kept_menu) == {"salt && pepper": False}


def test_a_hostile_card_is_shown_as_short_plain_text(qtbot: QtBot, window: MainWindow) -> None:
    model = model_file.load(paths.factory_model())
    card = replace(
        model.card,
        name="<img src='https://example.org/'>\n" + "x" * 100_000,
        data="<b>bold</b>" * 50_000,
        classes=("<i>0</i>", *"123456789"),
    )
    path = paths.models_folder() / "hostile.safetensors"
    model_file.save(replace(model, card=card), path)
    window.session.use(path)
    qtbot.waitUntil(lambda: "<img" in window.status)
    assert len(window.status) < 200
    (text,) = entries(window.model_menu.kept_menu)
    assert len(text) <= 60
    play_strokes(window.canvas, DEMO["0"])
    qtbot.waitUntil(lambda: window.panel.digit == "<i>0</i>")
    window.chip.menu().aboutToShow.emit()
    labels = [*window.panel.findChildren(QLabel), *window.chip.menu().findChildren(QLabel)]
    assert any("LeNet" in label.text() or "<img" in label.text() for label in labels)
    for label in labels:
        assert not label.text().startswith("<") or label.textFormat() is Qt.TextFormat.PlainText


def test_changing_the_model_leaves_nothing_behind(
    qtbot: QtBot, window: MainWindow, mine: Path
) -> None:
    menus = window.model_menu, window.chip.menu()

    def things() -> int:
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return sum(len(menu.findChildren(QObject)) for menu in menus)

    for menu in (*menus, window.model_menu.kept_menu, window.model_menu.compare_menu):
        menu.aboutToShow.emit()
    before = things()
    for path in (mine, paths.factory_model()) * 3:
        window.session.use(path)
        qtbot.waitUntil(lambda path=path: window.session.model_path == path)
        for menu in (*menus, window.model_menu.kept_menu, window.model_menu.compare_menu):
            menu.aboutToShow.emit()
    assert things() == before
