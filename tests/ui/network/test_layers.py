"""The layers of the network between the sample and the answer, in the strip."""

import numpy as np
import pytest
import torch
from PySide6.QtGui import QAccessible, QColor
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, draw
from lenet_desktop import paths
from lenet_desktop.models import model_file
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.ui.style.theme import colours
from lenet_desktop.ui.window.main_window import MainWindow


@pytest.fixture
def opened(window: MainWindow, qtbot: QtBot) -> MainWindow:
    """A wide window with the strip open."""
    window.setMinimumSize(300, 300)
    window.resize(1400, 800)
    if not window.strip.isVisible():
        window.actions_.network.trigger()
    qtbot.waitUntil(window.strip.isVisible)
    return window


def shown(window: MainWindow) -> list[str]:
    return [tile.title for tile in window.strip.layers if tile.isVisible()]


def test_the_layers_of_lenet_are_shown_while_one_draws(opened: MainWindow, qtbot: QtBot) -> None:
    assert shown(opened) == []
    draw(opened, "7", qtbot)
    names = ["conv1 · 6×28×28", "conv2 · 16×10×10", "fc1 · 120", "fc2 · 84"]
    qtbot.waitUntil(lambda: shown(opened) == names, timeout=ANSWER_MS)
    answers = [tile.answer for tile in opened.strip.layers]
    assert answers == [f"{n} parameters" for n in ("156", "2,416", "48,120", "10,164")]
    weights = model_file.load(paths.factory_model()).network.conv1

    def is_of_the_last_drawing() -> bool:
        values = opened.strip.layers[0].values
        sample = opened.reading._champion.digits[0].sample
        with torch.inference_mode():
            expected = weights(torch.from_numpy(sample[None, None]))[0].numpy()
        return values is not None and np.allclose(values, expected, atol=1e-5)

    qtbot.waitUntil(is_of_the_last_drawing, timeout=ANSWER_MS)
    for tile in opened.strip.layers:
        assert tile.width() >= tile.sizeHint().width(), "nothing is cut off"
        spoken = QAccessible.queryAccessibleInterface(tile)
        assert "parameters" in spoken.text(QAccessible.Text.Name)


def test_activations_are_painted_and_go_with_the_drawing(opened: MainWindow, qtbot: QtBot) -> None:
    draw(opened, "7", qtbot)
    tile = None
    qtbot.waitUntil(lambda: len(shown(opened)) == 4, timeout=ANSWER_MS)
    tile = opened.strip.layers[2]

    def colours_of() -> set[str]:
        image = tile.grab().toImage()
        rows = range(image.height() // 4, image.height() * 3 // 4)
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in rows}

    qtbot.waitUntil(lambda: QColor(colours(tile).accent).name() in colours_of())
    opened.canvas.clear()
    qtbot.waitUntil(lambda: tile.values is None)
    assert QColor(colours(tile).accent).name() not in colours_of()


def test_layers_that_do_not_fit_are_hidden(opened: MainWindow, qtbot: QtBot) -> None:
    draw(opened, "7", qtbot)
    qtbot.waitUntil(lambda: len(shown(opened)) == 4, timeout=ANSWER_MS)
    counts = []
    for width in (1280, 1150, 950):
        opened.resize(width, 800)
        qtbot.waitUntil(lambda width=width: opened.width() == width)
        counts.append(len(shown(opened)))
        assert opened.strip.answer.isVisible()
        right = opened.strip.answer.geometry().right()
        assert right <= opened.strip.width()
    assert counts == sorted(counts, reverse=True)
    assert counts[0] == 4
    assert counts[-1] < 4


@pytest.mark.parametrize("architecture", ["lenet-variant", "residual"])
def test_other_networks_show_their_own_layers(
    opened: MainWindow, qtbot: QtBot, architecture: str
) -> None:
    draw(opened, "7", qtbot)
    network = ARCHITECTURES[architecture](10).eval()
    path = paths.models_folder() / "other.safetensors"
    path.parent.mkdir(parents=True)
    model_file.save(Model(network, ModelCard("other", architecture=architecture)), path)
    opened.session.use(path)
    expected = {"lenet-variant": "fc2 · 84", "residual": "conv3 · 48×7×7"}[architecture]
    qtbot.waitUntil(lambda: shown(opened)[-1:] == [expected], timeout=ANSWER_MS)
