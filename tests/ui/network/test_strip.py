"""The network strip: the stages between the drawing and what the network sees."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, activate, press_key
from lenet_desktop.drawing.preprocess import StageKind
from lenet_desktop.drawing.strokes import PAD_SIZE, Points, place
from lenet_desktop.inference.kind import Kind
from lenet_desktop.ui.answer.pixels import sharp_square
from lenet_desktop.ui.network.strip import NetworkStrip
from lenet_desktop.ui.network.tile import Arrow, Tile
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.window.main_window import MainWindow


@pytest.fixture
def opened(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window with the strip open."""
    if not window.strip.isVisible():
        window.actions_.network.trigger()
    qtbot.waitUntil(window.strip.isVisible)
    return window


@pytest.fixture
def draw(qtbot: QtBot, opened: MainWindow) -> Callable[[Sequence[Points]], None]:
    """Draw strokes and wait until the last answer and its stages are shown."""
    numbers = [0]
    opened.session.recognition.stages_read.connect(lambda number, _: numbers.append(number))

    def draw(strokes: Sequence[Points]) -> None:
        play_strokes(opened.canvas, strokes)
        qtbot.waitUntil(lambda: numbers[-1] == opened.reading._last_number, timeout=ANSWER_MS)
        assert opened.is_answered()

    return draw


def test_every_stage_has_a_tile(qtbot: QtBot) -> None:
    strip = NetworkStrip()
    qtbot.addWidget(strip)
    assert list(strip.tiles) == [kind.value for kind in StageKind]


def test_the_stages_say_what_is_refused_as_the_column_does(
    opened: MainWindow, draw: Callable[..., None]
) -> None:
    rng = np.random.default_rng(0)
    draw([rng.uniform(100, 700, (25, 2)).astype(np.float32)])
    panel, tile = opened.panel, opened.strip.tiles["centred"]
    assert tile.answer == f"{panel.best_class}? · not a digit"
    assert not tile.is_sure
    assert opened.strip.answer.large == panel.digit == "?"
    assert panel.caption == f"Not a digit. Closest: {panel.best_class}"


@pytest.mark.parametrize("width", [900, 1920])
def test_the_tiles_are_on_the_left_side_by_side_in_order(
    opened: MainWindow, qtbot: QtBot, width: int
) -> None:
    opened.resize(width, 600)
    qtbot.waitUntil(lambda: opened.strip.width() == width)
    strip = opened.strip
    assert strip.height() == 150
    row = [
        widget
        for at in range(strip.row.count())
        if isinstance(widget := strip.row.itemAt(at).widget(), Tile | Arrow)
    ]
    assert [type(widget) is Arrow for widget in row] == [False, True] * 4 + [False]
    for left, right in pairwise(row):
        assert left.geometry().right() < right.geometry().left() <= left.geometry().right() + 2
    assert row[0].x() < 20
    assert row[-1].geometry().right() < 900
    for widget in row:
        assert strip.rect().contains(widget.geometry())
    for tile in (w for w in row if isinstance(w, Tile)):
        assert tile.title
        assert tile.fontMetrics().horizontalAdvance(tile.title) <= tile.width() + 12


def test_the_box_on_the_paper_is_where_the_ink_is(
    opened: MainWindow, draw: Callable[..., None]
) -> None:
    drawing = place(DEMO["4"], height=0.4, centre=(0.3, 0.6))
    draw([stroke.points for stroke in drawing.strokes])
    box = opened.strip.tiles["paper"].box
    ink = opened.canvas.ink()
    rows, columns = (np.flatnonzero(ink.any(axis=axis)) for axis in (1, 0))
    scale = 28 / PAD_SIZE
    expected = [columns[0], rows[0], columns[-1] + 1, rows[-1] + 1]
    assert np.abs(np.array(box) - np.array(expected) * scale).max() <= 1
    assert opened.strip.tiles["scaled"].box == (4, 4, 24, 24)
    assert opened.strip.tiles["box"].box is None


def test_a_key_opens_and_closes_it_and_it_is_updated_live(
    opened: MainWindow, qtbot: QtBot, draw: Callable[..., None]
) -> None:
    activate(opened, qtbot)
    small = place(DEMO["4"], height=0.25, centre=(0.2, 0.2))
    draw([s.points for s in small.strokes])
    strip = opened.strip
    assert all(strip.answers)
    # The last stage is the answer itself.
    assert strip.answers[-1] == f"{opened.panel.digit} · {opened.panel.caption}"
    assert strip.answer.large == opened.panel.digit == "4"
    assert np.array_equal(strip.tiles["centred"].sample, opened.panel.sample.sample)
    opened.canvas.clear()
    assert not any(strip.answers)
    assert strip.answer.reason == "Draw a digit or a number"
    press_key(opened, Qt.Key.Key_W)
    assert not strip.isVisible()
    press_key(opened, Qt.Key.Key_W)
    assert strip.isVisible()


def test_the_same_picture_is_not_shown_twice(opened: MainWindow, qtbot: QtBot) -> None:
    assert opened.panel.sample.isHidden()
    (close,) = opened.strip.findChildren(QToolButton)
    assert QAccessible.queryAccessibleInterface(close).text(QAccessible.Text.Name)
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not opened.strip.isVisible()
    assert not opened.actions_.network.isChecked()
    assert opened.panel.sample.isVisible()
    qtbot.mouseClick(opened.panel.sample, Qt.MouseButton.LeftButton)
    assert opened.strip.isVisible()


def test_while_the_model_loads_the_strip_says_so(open_window: Callable[..., MainWindow]) -> None:
    window = open_window(start=False)
    assert window.strip.answer.reason == window.panel.caption == "Loading the model\u00a0…"
    assert not window.strip.grab().isNull()


def test_screen_readers_get_each_tile_as_a_named_graphic(
    opened: MainWindow, draw: Callable[..., None]
) -> None:
    draw(DEMO["3"])
    names = []
    for tile in (*opened.strip.tiles.values(), opened.strip.answer):
        seen = QAccessible.queryAccessibleInterface(tile)
        assert seen.role() is QAccessible.Role.Graphic
        names.append(seen.text(QAccessible.Text.Name))
    titles = ["drawing, as read", "cut out", "scaled to 20×20", "centred", "answer"]
    for name, title in zip(names, titles, strict=True):
        assert name.startswith(f"{title}: read as 3, ")
        assert name.endswith(" %")
    opened.canvas.clear()
    seen = QAccessible.queryAccessibleInterface(opened.strip.tiles["box"])
    assert seen.text(QAccessible.Text.Name) == "cut out"


@pytest.mark.parametrize("ratio", [1, 1.25, 1.5, 2, 3])
def test_each_pixel_of_a_sample_is_a_whole_number_of_screen_pixels_wide(
    opened: MainWindow, ratio: float
) -> None:
    area = opened.panel.rect().toRectF()
    square = sharp_square(area, ratio)
    scale = square.width() * ratio / 28
    assert scale == pytest.approx(round(scale))
    assert area.adjusted(-1, -1, 1, 1).contains(square)
    assert square.left() * ratio == pytest.approx(round(square.left() * ratio))


# Switching stages off


def small_in_the_corner(label: str) -> list[Points]:
    return [((s - 400) * 0.45 + 600).astype(np.float32) for s in DEMO[label]]


def test_a_click_switches_the_stages_after_it_off_and_on_again(
    opened: MainWindow, draw: Callable[..., None], qtbot: QtBot
) -> None:
    opened.kind_menu.choose(Kind.DIGIT)
    draw(small_in_the_corner("0"))
    assert opened.panel.digit == "0"
    paper, centred = opened.strip.tiles["paper"], opened.strip.tiles["centred"]
    assert paper.answer.startswith("6")
    qtbot.mouseClick(paper, Qt.MouseButton.LeftButton)
    assert opened.strip.stops_at == "paper"
    assert opened.message
    qtbot.waitUntil(lambda: opened.panel.digit == "6", timeout=ANSWER_MS)
    shown = (opened.reading._champion.digits[0].sample * 255 + 0.5).astype(np.uint8)
    assert np.array_equal(shown, paper.sample)
    qtbot.waitUntil(lambda: opened.strip.answer.large == "6", timeout=ANSWER_MS)
    assert centred.is_off and not paper.is_off
    qtbot.mouseClick(centred, Qt.MouseButton.LeftButton)
    assert opened.strip.stops_at == "" and opened.message == ""
    qtbot.waitUntil(lambda: opened.panel.digit == "0", timeout=ANSWER_MS)
    assert not centred.is_off
    paper.setFocus()
    press_key(paper, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: opened.panel.digit == "6", timeout=ANSWER_MS)
    opened.actions_.network.trigger()
    assert not opened.strip.isVisible()
    qtbot.waitUntil(lambda: opened.panel.digit == "0", timeout=ANSWER_MS)


def test_stages_stay_off_while_one_looks_inside_and_no_longer(
    opened: MainWindow, draw: Callable[..., None], qtbot: QtBot
) -> None:
    opened.session.settings.strip = True
    opened.setMinimumSize(300, 300)
    opened.resize(900, 600)
    draw(small_in_the_corner("0"))
    qtbot.mouseClick(opened.strip.tiles["paper"], Qt.MouseButton.LeftButton)
    opened.actions_.inside.trigger()
    assert opened.strip.isHidden(), "there is no room for both"
    assert opened.strip.stops_at == "paper"
    qtbot.waitUntil(lambda: opened.inside.reading is not None, timeout=ANSWER_MS)
    opened.actions_.inside.trigger()
    assert opened.strip.isVisible()
    assert opened.strip.stops_at == "paper", "it can be seen again"
    opened.actions_.inside.trigger()
    opened.session.settings.strip = False
    opened.actions_.inside.trigger()
    assert opened.strip.isHidden()
    assert opened.strip.stops_at == ""
