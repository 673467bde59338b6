"""The bars: one grid, the winner, the other model's thin bars, what is written."""

import itertools

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF
from PySide6.QtGui import QAccessible, QColor, QFontMetricsF, QPalette
from pytestqt.qtbot import QtBot

from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.ui.answer.bars import ProbabilityBars
from lenet_desktop.ui.style.theme import DARK, LIGHT, colours, set_theme, the_app

LONG = tuple(f"{letter} is a letter & more"[:20] for letter in "abcdefghijklmnopqrstuvwxyz")
CLASSES = {
    "3 short": ("○", "△", "□"),
    "3 long": LONG[:3],
    "26 long": LONG,
    "47": LONG + LONG[:21],
    "100": tuple(f"class {number}" for number in range(100)),
}
SEVEN = [0.004, 0.0, 0.1, 0.0, 0.0, 0.0, 0.0, 0.89, 0.006, 0.0]


@pytest.fixture
def bars(qtbot: QtBot) -> ProbabilityBars:
    """Bars of the size that they have in a window of 1280x760."""
    bars = ProbabilityBars()
    qtbot.addWidget(bars)
    bars.resize(280, 280)
    return bars


def assert_readable(bars: ProbabilityBars) -> None:
    """Check that no row overlaps another, and that each text fits its place."""
    rows, font = bars.rows()
    metrics = QFontMetricsF(font)
    places: list[QRectF] = []
    for row in rows:
        name = bars.classes[row.index]
        assert metrics.horizontalAdvance(row.name) <= row.label.width()
        assert row.name == name or row.name.endswith("…")
        assert row.name[0] == name[0], "enough is left to tell the classes apart"
        assert row.bar.width() >= 30
        assert row.label.height() >= 9
        assert bars.rect().toRectF().adjusted(-1, -1, 1, 1).contains(row.label.united(row.value))
        places += [row.label, row.bar, row.other, row.value]
    for one, other in itertools.combinations(places, 2):
        overlap = one.intersected(other)
        assert overlap.width() * overlap.height() < 0.01


@pytest.mark.parametrize("classes", CLASSES.values(), ids=CLASSES)
@pytest.mark.parametrize("height", [150, 230, 500])
@pytest.mark.parametrize("width", [280, 380])
def test_bars_are_legible_for_any_number_of_classes(
    bars: ProbabilityBars, classes: tuple[str, ...], height: int, width: int
) -> None:
    bars.resize(width, height)
    bars.show_probabilities(classes, [1 / len(classes)] * len(classes))
    assert_readable(bars)


def test_if_there_is_no_room_the_least_probable_classes_are_left_out(
    bars: ProbabilityBars,
) -> None:
    bars.resize(290, 150)
    values = [0.001] * 47
    values[40] = 0.9
    bars.show_probabilities(CLASSES["47"], values)
    shown = [row.index for row in bars.rows()[0]]
    assert shown == sorted(shown)
    assert 40 in shown
    assert len(shown) == 26
    bars.resize(290, 500)
    assert [row.index for row in bars.rows()[0]] == list(range(47))


def test_the_grid_is_the_same_for_every_number_of_classes(bars: ProbabilityBars) -> None:
    edges = set()
    for count in (2, 3, 7, 10, 13):
        bars.show_probabilities(DIGITS[:count] + tuple("abc")[: max(count - 10, 0)], None)
        for row in bars.rows()[0]:
            edges.add((row.label.left(), row.bar.left(), row.bar.right(), row.value.right()))
    assert len(edges) == 1


def test_in_a_high_window_the_rows_stay_together(bars: ProbabilityBars) -> None:
    bars.resize(280, 900)
    rows = bars.rows()[0]
    assert rows[-1].label.bottom() <= bars.best_height() <= 300


def test_only_what_says_something_is_written(bars: ProbabilityBars) -> None:
    bars.show_probabilities(DIGITS, SEVEN)
    written = {i: bars.written(i) for i in range(10) if bars.written(i)}
    assert written == {2: "10.0 %", 7: "89.0 %", 8: "0.6 %"}
    bars.show_probabilities(CLASSES["100"], [0.01] * 100)
    assert bars.written(0) == "1.0 %"
    bars.show_probabilities(DIGITS, None)
    assert not any(bars.written(i) for i in range(10))


def colour_at(bars: ProbabilityBars, place: QPointF) -> str:
    picture = bars.grab().toImage()
    return picture.pixelColor((place * picture.devicePixelRatio()).toPoint()).name()


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("is_sure", [True, False])
def test_the_winner_is_never_fainter_than_the_others(
    bars: ProbabilityBars, theme: object, is_sure: bool
) -> None:
    set_theme(the_app(), "light" if theme is LIGHT else "dark")
    bars.show_probabilities(DIGITS, [0.3, 0.2, 0.5] + [0.0] * 7, is_sure=is_sure)
    rows = bars.rows()[0]
    inside = [row.bar.topLeft() + QPointF(20, row.bar.height() / 2) for row in rows]
    winner, loser = (QColor(colour_at(bars, inside[i])) for i in (2, 0))
    assert winner.name() == (colours(bars).accent if is_sure else colours(bars).text)
    window = QColor(colours(bars).window)

    def contrast(colour: QColor) -> int:
        return abs(colour.lightness() - window.lightness())

    assert contrast(winner) > contrast(loser)
    set_theme(the_app(), "system")


@pytest.mark.parametrize("back", ["#000000", "#ffffff"])
def test_with_high_contrast_the_winner_stands_out_too(bars: ProbabilityBars, back: str) -> None:
    palette = QPalette(QColor(back), QColor(back))
    bars.setPalette(palette)
    bars.show_probabilities(DIGITS, SEVEN, is_sure=False)
    row = bars.rows()[0][7]
    shown = QColor(colour_at(bars, row.bar.topLeft() + QPointF(20, row.bar.height() / 2)))
    assert abs(shown.lightness() - QColor(back).lightness()) > 180


def test_the_other_models_bars_are_below_and_move_nothing(bars: ProbabilityBars) -> None:
    bars.show_probabilities(DIGITS, SEVEN)
    before = bars.rows()[0]
    three = before[3].other
    place = three.topLeft() + QPointF(20, three.height() / 2)
    theme = colours(bars)
    assert colour_at(bars, place) == theme.window
    bars.show_others([0.0] * 3 + [1.0] + [0.0] * 6)
    assert colour_at(bars, place) == theme.challenger
    assert bars.rows()[0] == before
    bars.show_probabilities(DIGITS, SEVEN, is_challenger=True)
    assert colour_at(bars, place) == theme.accent
    seven = before[7].bar
    assert colour_at(bars, seven.topLeft() + QPointF(20, seven.height() / 2)) == theme.challenger


def test_the_tooltip_has_the_whole_name_and_the_percentage(bars: ProbabilityBars) -> None:
    bars.show_probabilities(LONG[:3], [0.001, 0.9, 0.099])
    row = bars.rows()[0][0]
    assert row.name.endswith("…")
    assert bars.tip_at(row.label.center()) == f"{LONG[0]}: 0.1 %"
    assert bars.tip_at(QPoint(5, 279).toPointF()) == ""


def test_screen_readers_get_role_name_and_value(bars: ProbabilityBars) -> None:
    seen = QAccessible.queryAccessibleInterface(bars)
    assert seen.role() is QAccessible.Role.Graphic
    assert seen.text(QAccessible.Text.Name) == "Probability of each class"
    assert seen.text(QAccessible.Text.Value) == ""
    bars.show_probabilities(DIGITS, SEVEN)
    assert seen.text(QAccessible.Text.Value) == "7: 89.0 %"
    description = seen.text(QAccessible.Text.Description)
    assert "2: 10.0 %" in description
    assert "9: 0.0 %" in description
