"""The recipes as cards."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from hands import LEFT, press_key
from lenet_desktop.ui.training.before.recipe_cards import RecipeCards, expected_time_text


@pytest.fixture
def cards(qtbot: QtBot) -> RecipeCards:
    cards = RecipeCards(("quick", "tutorial", "thorough"))
    cards.choose("quick")
    cards.resize(340, cards.sizeHint().height())
    qtbot.addWidget(cards)
    cards.show()
    return cards


def test_the_arrow_keys_choose_a_card(cards: RecipeCards) -> None:
    chosen = QSignalSpy(cards.chosen)
    cards.cards["quick"].setFocus()
    press_key(cards.cards["quick"], Qt.Key.Key_Down)
    assert cards.name == "tutorial"
    press_key(cards.cards["tutorial"], Qt.Key.Key_Down)
    assert cards.name == "thorough"
    assert [chosen.at(i)[0] for i in range(chosen.count())] == ["tutorial", "thorough"]


def test_a_click_anywhere_on_a_card_chooses_it(cards: RecipeCards, qtbot: QtBot) -> None:
    card = cards.cards["thorough"]
    qtbot.mouseClick(card, LEFT, pos=QPoint(card.width() - 5, card.height() - 5))
    assert cards.name == "thorough"


def test_a_card_is_a_radio_button_for_screen_readers(cards: RecipeCards) -> None:
    cards.show_times({"quick": 14.0, "tutorial": 150.0})
    cards.show_changed(True)
    interface = QAccessible.queryAccessibleInterface(cards.cards["quick"])
    assert interface.role() == QAccessible.Role.RadioButton
    assert interface.text(QAccessible.Text.Name) == "Quick, changed"
    assert interface.text(QAccessible.Text.Description).startswith("about 15 s. Good")
    assert interface.state().checked
    other = QAccessible.queryAccessibleInterface(cards.cards["tutorial"])
    assert other.text(QAccessible.Text.Name) == "Tutorial"
    assert not other.state().checked


def test_the_chosen_card_is_not_marked_by_colour_alone(cards: RecipeCards) -> None:
    card = cards.cards["quick"]
    chosen = card.grab().toImage()
    cards.choose("tutorial")
    other = card.grab().toImage()
    dot = QPoint(12 + 7, 8 + card._title_height() // 2) * chosen.devicePixelRatio()
    assert chosen.pixelColor(dot).lightness() < 140 < other.pixelColor(dot).lightness()


def test_only_the_chosen_card_is_changed(cards: RecipeCards, qtbot: QtBot) -> None:
    cards.show_changed(True)
    assert cards.cards["quick"].reset_button.isVisible()
    assert not cards.cards["tutorial"].reset_button.isVisible()
    with qtbot.waitSignal(cards.reset):
        qtbot.mouseClick(cards.cards["quick"].reset_button, LEFT)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.4, "a few seconds"), (7.9, "a few seconds"), (8.1, "about 10 s"), (13, "about 15 s"),
        (29, "about 30 s"), (44, "about 40 s"), (56, "about 1 min"), (100, "about 2 min"),
        (9.4 * 60, "about 9 min"), (13 * 60, "about 15 min"), (54 * 60, "about 55 min"),
        (56 * 60, "about 1 h"), (5 * 3600, "about 5 h"),
    ],
)  # fmt: skip
def test_times_are_written_as_a_person_would_say_them(
    qapp: object, seconds: float, text: str
) -> None:
    assert expected_time_text(seconds) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "5 s to 15 s"), (14, "15 s to 1 min"), (25, "25 s to 2 min"), (700, "10 min to 1 h")],
)
def test_before_the_first_training_a_wide_range_is_given(
    qapp: object, seconds: float, text: str
) -> None:
    assert expected_time_text(seconds, is_measured=False) == text
