"""The view inside the network: opened, pointed at, held, switched off, stepped through."""

import numpy as np
import pytest
import torch
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from drawers import open_drawer, train_to_the_end
from hands import ANSWER_MS, DEMO, activate, draw, press_key
from lenet_desktop import paths
from lenet_desktop.inference.inside.layers import Layer, LayerKind
from lenet_desktop.inference.inside.unit import Unit
from lenet_desktop.inference.kind import Kind
from lenet_desktop.models import model_file
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.percent import percent
from lenet_desktop.ui.inside.detail.filters_view import FiltersView
from lenet_desktop.ui.inside.layers.painting import bar_rows
from lenet_desktop.ui.inside.view import InsideView
from lenet_desktop.ui.self_test import play_strokes
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.window.main_window import MainWindow

NAMES = ["sample", "conv1", "pool1", "conv2", "pool2", "fc1", "fc2", "fc3"]
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def opened(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A window with the view open."""
    window.setMinimumSize(300, 300)
    window.resize(1280, 760)
    activate(window, qtbot)
    press_key(window.canvas, Qt.Key.Key_I)
    qtbot.waitUntil(lambda: view_of(window).reading is not None, timeout=ANSWER_MS)
    return window


def view_of(window: MainWindow) -> InsideView:
    assert window.inside is not None
    return window.inside


def drawn(window: MainWindow, label: str, qtbot: QtBot) -> InsideView:
    """Draw a digit and wait until the view shows what the network was shown."""
    draw(window, label, qtbot)
    view = view_of(window)

    def is_shown() -> bool:
        champion = window.reading._champion
        return (
            champion is not None
            and view.reading is not None
            and np.array_equal(view.reading.sample, champion.digits[-1].sample)
        )

    qtbot.waitUntil(is_shown, timeout=ANSWER_MS)
    return view


def move_to(view: InsideView, unit: Unit) -> None:
    """Move the mouse over a unit."""
    QTest.mouseMove(view.picture, point_of(view, unit).toPoint())


def point_of(view: InsideView, unit: Unit) -> QPointF:
    arrangement = view.picture.arrangement()
    assert arrangement is not None
    return arrangement.columns[unit.layer].place_of(unit).center()


def click(view: InsideView, unit: Unit, button: Qt.MouseButton = LEFT) -> None:
    QTest.mouseClick(view.picture, button, pos=point_of(view, unit).toPoint())


def test_it_opens_with_bare_paper_and_closes_again(opened: MainWindow, qtbot: QtBot) -> None:
    view = view_of(opened)
    assert [layer.name for layer in view.reading.layers] == NAMES
    assert not view.reading.sample.any()
    assert opened.panel.isHidden()
    assert opened.actions_.inside.isChecked()
    assert view.header.answer == ""
    assert "Draw" in view.header.line
    press_key(opened.canvas, Qt.Key.Key_I)
    assert view.isHidden()
    assert opened.panel.isVisible()
    assert not opened.session.recognition.reads_inside
    assert not opened.actions_.inside.isChecked()


def test_every_value_shown_is_the_networks_own(opened: MainWindow, qtbot: QtBot) -> None:
    network = model_file.load(paths.factory_model()).network
    outputs: dict[str, np.ndarray] = {}
    for name, module in network.named_modules():
        module.register_forward_hook(
            lambda _module, _given, made, name=name: outputs.update({name: made[0].numpy()})
        )
    for label in DEMO:
        opened.canvas.clear()
        view = drawn(opened, label, qtbot)
        reading = view.reading
        with torch.inference_mode():
            network(torch.from_numpy(reading.sample[None, None]))
        for layer, values in zip(reading.layers, reading.values, strict=True):
            if layer.weight is not None:
                expected = outputs[layer.name]
                if layer.has_relu:
                    expected = expected.clip(min=0)
                np.testing.assert_allclose(values, expected, atol=1e-6)
        assert view.header.answer == opened.panel.digit == label
        assert view.header.line == opened.panel.caption


def test_pointing_explains_and_a_click_holds_while_one_draws(
    opened: MainWindow, qtbot: QtBot
) -> None:
    view = drawn(opened, "7", qtbot)
    seen: list[object] = []
    view.unit_selected.connect(seen.append)
    unit = Unit(1, (2, 12, 14))
    move_to(view, unit)
    assert view.picture.selected == unit
    assert seen == [unit]
    value = float(view.reading.values[1][2, 12, 14])
    assert view.arithmetic.figures.value == pytest.approx(value, abs=1e-3)
    assert "bias" in view.arithmetic.equation()
    click(view, unit)
    assert view.picture.is_held
    move_to(view, Unit(1, (0, 3, 3)))
    assert view.picture.selected == unit, "it is held"
    opened.canvas.clear()
    drawn(opened, "3", qtbot)
    assert view.picture.selected == unit
    now = float(view.reading.values[1][2, 12, 14])
    assert now != value
    assert view.arithmetic.figures.value == pytest.approx(now, abs=1e-3)
    click(view, unit)
    move_to(view, Unit(1, (0, 9, 9)))
    assert view.picture.selected == Unit(1, (0, 9, 9)), "another click releases it"


def test_a_click_on_a_map_shows_its_multiplications(opened: MainWindow, qtbot: QtBot) -> None:
    view = drawn(opened, "7", qtbot)
    click(view, Unit(3, (5, 4, 4)))
    assert [term.source for term in view.arithmetic.figures.terms] == [(n,) for n in range(6)]
    view.arithmetic.grab()
    place = next(place for place, number in view.arithmetic._tiles if number == 4)
    QTest.mouseClick(view.arithmetic, LEFT, pos=place.center().toPoint())
    assert view.arithmetic.shown_map == 4
    view.arithmetic.grab()
    QTest.mouseClick(view.arithmetic, LEFT, pos=place.center().toPoint())
    assert view.arithmetic.shown_map is None


def test_keys_do_the_same_and_screen_readers_are_told(opened: MainWindow, qtbot: QtBot) -> None:
    view = drawn(opened, "7", qtbot)
    view.picture.setFocus()
    press_key(view.picture, Qt.Key.Key_Right)
    assert view.picture.selected == Unit(1, (0, 14, 14))
    assert view.picture.is_held
    press_key(view.picture, Qt.Key.Key_Right)
    press_key(view.picture, Qt.Key.Key_PageDown)
    assert view.picture.selected == Unit(1, (1, 14, 15))
    press_key(view.picture, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert view.picture.selected.layer == 2
    interface = QAccessible.queryAccessibleInterface(view.picture)
    spoken = interface.text(QAccessible.Text.Value)
    assert spoken.startswith("pool1, map 2, row 8, column 8: ")
    press_key(view.picture, Qt.Key.Key_Space)
    assert view.off == {(2, 1)}
    press_key(view.picture, Qt.Key.Key_Escape)
    assert view.picture.selected is None, "Esc releases first"
    assert view.isVisible()
    press_key(view.picture, Qt.Key.Key_Escape)
    assert view.isHidden(), "then it closes the view"
    assert not opened.canvas.is_blank


def test_switching_off_changes_the_answer_at_once_and_says_by_how_much(
    opened: MainWindow, qtbot: QtBot
) -> None:
    view = drawn(opened, "7", qtbot)
    before = view.reading.prediction
    for number in range(6):
        click(view, Unit(1, (number, 20, 20)), RIGHT)
    expected = {(1, number) for number in range(6)}
    qtbot.waitUntil(lambda: view.reading.off == expected, timeout=ANSWER_MS)
    assert view.reading.intact.best_class == before.best_class == "7"
    assert view.reading.prediction.probabilities[7] < before.probabilities[7]
    assert view.header.effect.startswith("6 off: 7 from 99.")
    assert view.header.all_on.isVisible()
    assert opened.panel.digit == "7", "the pad's own answer is untouched"
    QTest.mouseClick(view.header.all_on, LEFT)
    qtbot.waitUntil(lambda: not view.reading.off, timeout=ANSWER_MS)
    assert view.header.effect == ""
    QTest.mouseClick(view.header.switching, LEFT)
    click(view, Unit(6, (3,)))
    assert view.off == {(6, 3)}
    click(view, Unit(6, (3,)))
    assert view.off == set()
    click(view, Unit(0, (0, 3, 3)))
    assert view.off == set(), "the sample cannot be switched off"


def test_what_was_switched_off_is_on_again_when_the_view_opens_again(
    opened: MainWindow, qtbot: QtBot
) -> None:
    view = drawn(opened, "7", qtbot)
    click(view, Unit(1, (0, 20, 20)), RIGHT)
    opened.actions_.inside.trigger()
    assert opened.session.recognition.switched_off == frozenset()
    opened.actions_.inside.trigger()
    qtbot.waitUntil(lambda: not view.reading.off, timeout=ANSWER_MS)


def test_stepping_through_fills_a_map_value_by_value(opened: MainWindow, qtbot: QtBot) -> None:
    view = drawn(opened, "7", qtbot)
    click(view, Unit(1, (2, 12, 14)))
    QTest.mouseClick(view.step_through, LEFT)
    bar = view.step_bar
    assert bar.isVisible()
    assert view.picture.selected == Unit(1, (2, 0, 0)), "the map that was selected"
    QTest.mouseClick(bar.step_button, LEFT)
    assert view.picture.selected == Unit(1, (2, 0, 1))
    bar.speed.setValue(bar.speed.maximum())
    QTest.mouseClick(bar.play, LEFT)
    qtbot.waitUntil(lambda: bar.sweep.filled > 60)
    QTest.mouseClick(bar.play, LEFT)
    assert not bar.is_playing
    drawn(opened, "3", qtbot)
    assert bar.sweep is not None, "it goes on with another drawing"
    QTest.mouseClick(bar.layer_button, LEFT)
    assert view.picture.selected == Unit(2, (2, 0, 0))
    empty = view.picture.grab().toImage()
    place = point_of(view, Unit(6, (40,)))
    ratio = empty.devicePixelRatio()
    colour = empty.pixelColor((place * ratio).toPoint())
    assert colour == QColor(colours(view).paper), "later layers are not there yet"
    while not bar.sweep.is_at_end:
        QTest.mouseClick(bar.layer_button, LEFT)
    QTest.mouseClick(bar.stop_button, LEFT)
    assert bar.isHidden()
    assert bar.sweep is None


def test_filters_follow_what_is_selected(opened: MainWindow, qtbot: QtBot) -> None:
    view = drawn(opened, "7", qtbot)
    view.tabs.setCurrentIndex(1)
    assert view.filters.accessible_value() == "conv1: 6 filters of 5×5"
    click(view, Unit(4, (3, 2, 2)))
    assert view.filters.accessible_value() == "conv2: 96 filters of 5×5"
    view.filters.grab()
    last = view.filters.place(15, 5)
    assert last.right() <= view.filters.width()
    assert last.bottom() <= view.filters.height()


def test_where_kernels_are_many_those_of_one_map_are_shown(qtbot: QtBot) -> None:
    filters = FiltersView()
    qtbot.addWidget(filters)
    filters.resize(600, 148)
    layer = Layer("wide", LayerKind.CONVOLUTION, (0,), (48, 7, 7), weight=np.ones((48, 48, 3, 3)))
    filters.show_layer(layer, 5)
    assert filters.only_map == 5
    places = [filters.place(5, source) for source in range(48)]
    assert all(place.width() > 12 for place in places)
    assert not any(a.intersects(b) for a in places for b in places if a is not b)
    assert max(place.bottom() for place in places) <= filters.height()
    filters.grab()
    filters.resize(1900, 600)
    assert filters.only_map is None


@pytest.mark.parametrize("architecture", ["lenet-variant", "residual"])
def test_other_networks_and_class_sets_are_shown_as_well(
    opened: MainWindow, qtbot: QtBot, architecture: str
) -> None:
    view = drawn(opened, "7", qtbot)
    click(view, Unit(1, (2, 12, 14)))
    click(view, Unit(1, (0, 20, 20)), RIGHT)
    names = tuple(f"a long class name {n}"[:20] for n in range(50))
    network = ARCHITECTURES[architecture](50).eval()
    path = paths.models_folder() / "other.safetensors"
    path.parent.mkdir(parents=True)
    card = ModelCard("other", architecture=architecture, classes=names)
    model_file.save(Model(network, card), path)
    opened.session.use(path)
    qtbot.waitUntil(lambda: view.reading.layers[-1].shape == (50,), timeout=ANSWER_MS)
    assert view.picture.selected is None
    assert view.off == set(), "other layers: nothing is switched off in them"
    opened.resize(900, 600)
    view.grab()
    view.picture.setFocus()
    for number in range(1, len(view.reading.layers)):
        press_key(view.picture, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
        assert view.picture.selected.layer == number
        visible = view.picture.visibleRegion().boundingRect()
        place = view.picture.place_of_layer(view.picture.selected.layer)
        assert place.left() >= visible.left() - 1 and place.right() <= visible.right() + 2
    for number, layer in enumerate(view.reading.layers):
        view.picture.select(Unit(number, tuple(side // 2 for side in layer.shape)), held=True)
        view.grab()
        assert view.arithmetic.accessible_value() or number == 0


def test_the_closed_view_costs_nothing(window: MainWindow, qtbot: QtBot) -> None:
    if window.strip.isVisible():
        window.actions_.network.trigger()
    read: list[object] = []
    window.session.recognition.inside_read.connect(lambda _number, reading: read.append(reading))
    play_strokes(window.canvas, DEMO["4"])
    qtbot.waitUntil(window.is_answered, timeout=ANSWER_MS)
    assert window.inside is None
    assert read == []


def test_a_digit_of_a_number_is_chosen_by_its_box(opened: MainWindow, qtbot: QtBot) -> None:
    opened.kind_menu.choose(Kind.NUMBER)
    strokes = [
        stroke * np.float32(0.5) + np.array((left, 200), np.float32)
        for label, left in (("4", 50), ("7", 550))
        for stroke in DEMO[label]
    ]
    play_strokes(opened.canvas, strokes)
    qtbot.waitUntil(lambda: opened.reading.number == "47", timeout=ANSWER_MS)
    view = view_of(opened)
    qtbot.waitUntil(lambda: view.header.answer == "47", timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: view.reading.prediction.best_class == "7", timeout=ANSWER_MS)
    assert view.header.line.startswith("Digit 2 of 2")
    opened.reading.choose_digit(0)
    qtbot.waitUntil(lambda: view.reading.prediction.best_class == "4", timeout=ANSWER_MS)
    assert view.header.line.startswith("Digit 1 of 2")


def test_it_fades_while_a_digit_from_the_data_lies_over_the_paper(
    opened: MainWindow, qtbot: QtBot
) -> None:
    view = drawn(opened, "7", qtbot)
    opened.over_paper.show_image(np.zeros((28, 28), np.uint8), ("a digit",))
    assert view.picture.graphicsEffect() is not None
    opened.over_paper.back()
    assert view.picture.graphicsEffect() is None


def test_a_click_in_the_bars_asks_why_not_that_class(opened: MainWindow, qtbot: QtBot) -> None:
    view = drawn(opened, "7", qtbot)
    why = opened.inside_network.why
    arrangement = view.picture.arrangement()
    row = next(row for index, row in bar_rows(arrangement, view.reading) if index == 4)
    QTest.mouseClick(view.picture, LEFT, pos=row.center().toPoint())
    assert why.isVisible()
    assert why.target == 4
    qtbot.waitUntil(lambda: bool(why.text), timeout=ANSWER_MS)
    assert why._overlay.isVisible(), "over the ink"
    view.tabs.setCurrentIndex(0)
    assert not why._overlay.isVisible()
    view.tabs.setCurrentIndex(2)
    qtbot.waitUntil(lambda: why._overlay.isVisible(), timeout=ANSWER_MS)
    opened.actions_.inside.trigger()
    assert not why._overlay.isVisible(), "a closed view leaves nothing on the paper"


def test_a_map_that_was_selected_dreams_on_the_paper(opened: MainWindow, qtbot: QtBot) -> None:
    view = drawn(opened, "7", qtbot)
    what_if = opened.inside_network.what_if
    click(view, Unit(3, (5, 4, 4)))
    view.show_page(what_if)
    QTest.mouseClick(what_if.dream_button, LEFT)
    qtbot.waitUntil(lambda: opened.over_paper.image is not None, timeout=ANSWER_MS)
    QTest.mouseClick(what_if.stop_button, LEFT)
    qtbot.waitUntil(lambda: not what_if.is_busy, timeout=ANSWER_MS)
    opened.over_paper.back()
    assert not opened.canvas.is_blank, "the drawing is untouched"


def test_it_shows_the_network_of_a_moment_of_a_training(opened: MainWindow, qtbot: QtBot) -> None:
    view = drawn(opened, "7", qtbot)
    champion = view.reading.layers[1].weight
    drawer = open_drawer(opened, qtbot)
    train_to_the_end(drawer, qtbot, epochs=2)
    film = drawer.during.film
    drawer.after.curves.fold.button.setChecked(True)
    qtbot.waitUntil(film.isVisible)
    click(view, Unit(1, (2, 12, 14)))
    place = film.slider.maximum() - 1
    film.slider.setValue(place)
    moment = drawer.run.film.moments[place]

    def shows_moment() -> bool:
        weight = view.reading.layers[1].weight
        return np.array_equal(weight.ravel(), moment.weights[: weight.size].numpy())

    qtbot.waitUntil(shows_moment, timeout=ANSWER_MS)
    assert view.picture.selected == Unit(1, (2, 12, 14)), "one sees how its value comes about then"
    assert view.header.line.startswith(f"Step {moment.step:,} of ")
    view.tabs.setCurrentIndex(1)
    kernels = view.filters.layer.weight.ravel()
    assert np.array_equal(kernels, moment.weights[: kernels.size].numpy()), "the filters of then"
    opened.actions_.train.trigger()
    qtbot.waitUntil(
        lambda: np.array_equal(view.reading.layers[1].weight, champion), timeout=ANSWER_MS
    )
    assert view.header.answer == "7"
    drawer.run.discard()


def test_a_moment_is_explained_by_its_own_network(opened: MainWindow, qtbot: QtBot) -> None:
    view = drawn(opened, "7", qtbot)
    why, what_if = opened.inside_network.why, opened.inside_network.what_if
    letters = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    network = ARCHITECTURES["lenet"](len(letters)).eval()
    opened.inside_network.show_moment(Model(network, ModelCard("Step 0 of 9", classes=letters)))
    qtbot.waitUntil(lambda: view.reading.layers[-1].shape == (26,), timeout=ANSWER_MS)
    view.show_page(why)
    why.set_target(20)
    share = percent(float(view.reading.intact.probabilities[20]))
    told = f"The network gives U a probability of {share}."
    qtbot.waitUntil(lambda: why.text == told, timeout=ANSWER_MS)
    view.show_page(what_if)
    what_if.set_target(22)
    QTest.mouseClick(what_if.dream_button, LEFT)
    qtbot.waitUntil(lambda: "A dream of W" in opened.over_paper.text, timeout=ANSWER_MS)
    opened.inside_network.show_moment(None)
    qtbot.waitUntil(lambda: not what_if.is_busy, timeout=ANSWER_MS)
    assert opened.over_paper.image is None, "it was another network's dream"


def test_on_bare_paper_a_class_can_dream(opened: MainWindow, qtbot: QtBot) -> None:
    what_if = opened.inside_network.what_if
    view_of(opened).show_page(what_if)
    assert not what_if.change_button.isEnabled()
    QTest.mouseClick(what_if.dream_button, LEFT)
    qtbot.waitUntil(lambda: opened.over_paper.image is not None, timeout=ANSWER_MS)
    opened.over_paper.back()


def test_the_challengers_layers_are_shown_while_the_key_is_held(
    opened: MainWindow, qtbot: QtBot
) -> None:
    opened.resize(900, 600)
    view = drawn(opened, "7", qtbot)
    champion = view.reading.layers
    assert opened.strip.isHidden(), "it would have the layers read, too"
    card = ModelCard("other", classes=tuple("0123456789"))
    opened.session.try_beside(Model(ARCHITECTURES["lenet"](10).eval(), card))
    qtbot.waitUntil(lambda: bool(opened.session.challenger), timeout=ANSWER_MS)
    QTest.keyPress(opened.canvas, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: view.reading.layers is not champion, timeout=ANSWER_MS)
    QTest.keyRelease(opened.canvas, Qt.Key.Key_X)
    qtbot.waitUntil(lambda: view.reading.layers is champion, timeout=ANSWER_MS)
