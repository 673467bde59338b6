"""'Learn my hand' in the window, from the first drawing to the model that is kept."""

from dataclasses import replace

import numpy as np
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from hands import ANSWER_MS, DEMO, LEFT
from lenet_desktop import paths
from lenet_desktop.data import own_samples
from lenet_desktop.drawing.raster import rasterize
from lenet_desktop.drawing.strokes import place_by_hand
from lenet_desktop.models.model_card import DIGITS
from lenet_desktop.training.history import folder
from lenet_desktop.training.history.again import job_again
from lenet_desktop.training.history.record import Fate
from lenet_desktop.training.teaching.hand_job import HandJob
from lenet_desktop.ui.training.run import Phase
from lenet_desktop.ui.window.main_window import MainWindow


def add_samples(count: int) -> None:
    """Add some drawings of each digit to the person's own samples."""
    path = own_samples.file_of(DIGITS)
    for label, strokes in DEMO.items():
        for seed in range(count):
            turn = 0.05 * (seed % 5 - 2)
            turned = tuple(
                (stroke @ np.array(((1, turn), (-turn, 1)), np.float32)).astype(np.float32)
                for stroke in strokes
            )
            drawing = place_by_hand(turned, seed=seed)
            own_samples.add(path, drawing, rasterize(drawing), label)


def test_it_says_what_is_missing(window: MainWindow) -> None:
    window.model_menu.learn_hand_action.trigger()
    assert "no samples of yours yet" in window.message
    assert window.training is None


def test_one_click_learns_a_hand_and_shows_both_rows(window: MainWindow, qtbot: QtBot) -> None:
    add_samples(5)
    window.own_samples.open()
    dialog = window.own_samples.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.learn_button.isVisible() and dialog.learn_button.isEnabled())
    QTest.mouseClick(dialog.learn_button, LEFT)
    assert not dialog.isVisible()
    drawer = window.training
    assert drawer is not None
    run = drawer.run
    assert run.phase is Phase.DURING
    window.model_menu.learn_hand_action.trigger()
    assert "End this training" in window.message, "one at a time"
    qtbot.waitUntil(lambda: run.phase is Phase.AFTER, timeout=120_000)
    advice, row = drawer.after.comparison.hand
    assert advice
    assert "held-out drawings of yours" in row
    assert "test digits" in drawer.after.comparison.verdict
    assert not drawer.after.decision.advises_use, "nothing significant is gained"
    record = folder.run(1).record
    assert record.recipe_name == "own hand"
    again = job_again(record, paths.factory_model(), ("cpu",))
    assert isinstance(again, HandJob)
    assert replace(again, champion=run.job.champion) == run.job
    run.keep("My hand", use=True)
    qtbot.waitUntil(lambda: window.session.model.card.title == "My hand", timeout=ANSWER_MS)
    assert folder.run(1).record.fate is Fate.KEPT
