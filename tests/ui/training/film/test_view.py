"""The slider through a training: real trainings, real mouse events."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QWheelEvent
from PySide6.QtWidgets import QFileDialog, QStyle, QStyleOptionSlider
from pytestqt.qtbot import QtBot

from drawers import Records, click, wait_for_the_end
from hands import ANSWER_MS, LEFT, LOADING_MS, draw, press_key
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.film.film import Moment
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.training.film.view import FilmView
from lenet_desktop.ui.training.run import Phase
from lenet_desktop.ui.window.main_window import MainWindow


class Chosen:
    """What a film view has emitted, in order."""

    def __init__(self, view: FilmView) -> None:
        self.models: list[Model | None] = []
        self.steps: list[int | None] = []
        view.moment_chosen.connect(self.models.append)
        view.step_marked.connect(self.steps.append)


def place(view: FilmView, index: int) -> QPoint:
    """Return where the slider's handle is for a moment."""
    slider = view.slider
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    handle = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    room = slider.width() - handle.width()
    at = QStyle.sliderPositionFromValue(0, slider.maximum(), index, room)
    return QPoint(at + handle.width() // 2, slider.height() // 2)


def drag(view: FilmView, first: int, last: int, qtbot: QtBot) -> None:
    """Press the mouse at a moment, move it to another one and let go."""
    qtbot.mousePress(view.slider, LEFT, pos=place(view, first))
    for index in range(first, last, 1 if last > first else -1):
        qtbot.mouseMove(view.slider, place(view, index))
    qtbot.mouseMove(view.slider, place(view, last))
    qtbot.mouseRelease(view.slider, LEFT, pos=place(view, last))


def kernels_of(view: FilmView, moment: Moment) -> np.ndarray:
    """Return the kernels of the weights of a moment."""
    film = view._film
    assert film is not None
    weights = film.model(moment).network.get_parameter("conv1.weight")
    return weights.detach().numpy()[:, 0]


def shows(view: FilmView, moment: Moment) -> bool:
    """Return whether kernels and caption are those of a moment."""
    kernels = view.kernels.kernels
    return (
        kernels is not None
        and np.array_equal(kernels, kernels_of(view, moment))
        and view.caption.startswith(f"Step {moment.step} of ")
    )


@pytest.fixture
def from_scratch(drawer: TrainingDrawer) -> TrainingDrawer:
    """The drawer, set to train from random weights."""
    drawer.before.options.start.setCurrentIndex(0)
    return drawer


def test_the_slider_scrubs_through_a_training_under_way(
    window: MainWindow,
    from_scratch: TrainingDrawer,
    long_training: TrainingDrawer,
    records: Records,
    qtbot: QtBot,
) -> None:
    view = long_training.during.film
    chosen = Chosen(view)
    draw(window, "3", qtbot)
    qtbot.waitUntil(lambda: view.slider.maximum() >= 10, timeout=LOADING_MS)
    click(long_training.during.pause_button, qtbot)
    qtbot.wait(300)  # a step may be under way
    moments = view._moments  # the newest record comes after the pause
    assert view.slider.value() == view.slider.maximum() == len(moments) - 1
    assert view.caption.endswith("live")
    drag(view, 8, 3, qtbot)
    qtbot.waitUntil(lambda: shows(view, moments[3]), timeout=ANSWER_MS)
    assert chosen.steps[-1] == moments[3].step
    qtbot.waitUntil(lambda: bool(chosen.models), timeout=ANSWER_MS)
    model = chosen.models[-1]
    assert model is not None
    assert np.array_equal(
        model.network.get_parameter("conv1.weight").detach().numpy()[:, 0],
        kernels_of(view, moments[3]),
    )
    qtbot.waitUntil(lambda: view.accuracies.shares is not None, timeout=ANSWER_MS)
    assert view.accuracies.classes == view.answers.classes == tuple("0123456789")
    assert view.answers.shares is not None
    assert sum(view.answers.shares) == pytest.approx(1, abs=1e-5)
    before = view.answers.shares
    drag(view, 3, 9, qtbot)
    qtbot.waitUntil(lambda: shows(view, moments[9]), timeout=ANSWER_MS)
    assert view.answers.shares != before, "the drawing's bars change their mind"
    # The training goes on, and the chosen moment stays chosen.
    click(long_training.during.pause_button, qtbot)
    steps = records.steps
    qtbot.waitUntil(lambda: records.steps > steps + 20, timeout=LOADING_MS)
    assert shows(view, moments[9])
    assert view._film.moments[view.slider.value()].step == moments[9].step
    drag(view, view.slider.value(), view.slider.maximum(), qtbot)
    assert chosen.steps[-1] is None
    assert chosen.models[-1] is None
    qtbot.waitUntil(lambda: view.caption.endswith("live"), timeout=ANSWER_MS)
    at = view.caption
    qtbot.waitUntil(lambda: view.caption != at, timeout=LOADING_MS)


def test_the_film_stays_until_the_outcome_is_decided_on(
    window: MainWindow, one_epoch: TrainingDrawer, qtbot: QtBot
) -> None:
    view = one_epoch.during.film
    chosen = Chosen(view)
    draw(window, "3", qtbot)
    click(one_epoch.during.stop_button, qtbot)
    wait_for_the_end(one_epoch, qtbot)
    page = one_epoch.after
    assert not view.isVisible(), "it is folded"
    click(page.curves.fold.button, qtbot)
    qtbot.waitUntil(view.isVisible)
    qtbot.waitUntil(lambda: not view.slider.visibleRegion().isEmpty())
    moments = view._film.moments
    qtbot.waitUntil(lambda: shows(view, moments[-1]), timeout=ANSWER_MS)
    view.slider.setFocus()
    press_key(view.slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: shows(view, moments[0]), timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: len(chosen.models) == 1, timeout=ANSWER_MS)
    answer = view.answers.shares
    window.canvas.clear()
    draw(window, "8", qtbot)
    qtbot.waitUntil(lambda: view.answers.shares not in (None, answer), timeout=ANSWER_MS)
    assert len(chosen.models) == 1, "it is still the same moment"
    window.canvas.clear()
    qtbot.waitUntil(lambda: view.answers.shares is None, timeout=ANSWER_MS)
    assert "Draw on the pad" in view.texts[1]
    click(page.curves.fold.button, qtbot)
    assert chosen.models[1:] == [None], "no moment is chosen while nobody sees it"

    one_epoch.run.discard()
    assert view._film is None
    one_epoch.run.restore()
    click(page.curves.fold.button, qtbot)
    qtbot.waitUntil(lambda: shows(view, moments[-1]), timeout=ANSWER_MS)
    one_epoch.run.discard()
    assert one_epoch.during.plot.parentWidget() is view.parentWidget(), "both are given back"


def test_a_discarded_moment_is_no_longer_chosen(one_epoch: TrainingDrawer, qtbot: QtBot) -> None:
    view = one_epoch.during.film
    chosen = Chosen(view)
    drag(view, view.slider.maximum(), 1, qtbot)
    qtbot.waitUntil(lambda: len(chosen.models) == 1, timeout=ANSWER_MS)
    click(one_epoch.during.cancel_button, qtbot)
    wait_for_the_end(one_epoch, qtbot)
    assert chosen.models[-1] is None
    assert one_epoch.run.phase is Phase.BEFORE
    assert one_epoch.run.film is None


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_the_film_is_saved_with_a_frame_for_each_moment(
    long_training: TrainingDrawer,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
) -> None:
    view = long_training.during.film
    qtbot.waitUntil(lambda: view.slider.maximum() > 3, timeout=LOADING_MS)
    click(long_training.during.pause_button, qtbot)
    qtbot.wait(300)
    path = tmp_path / f"film{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    click(view.save_button, qtbot)
    assert not view.save_button.isEnabled()
    qtbot.waitUntil(view.save_button.isEnabled, timeout=LOADING_MS)
    assert long_training.notice == f"Saved {path.name}"
    with Image.open(path) as picture:
        assert picture.n_frames == len(view._film.moments)
        assert picture.info["loop"] == 0


def test_a_film_that_cannot_be_written_is_one_sentence(
    long_training: TrainingDrawer, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = long_training.during.film
    qtbot.waitUntil(lambda: view.slider.maximum() > 3, timeout=LOADING_MS)
    click(long_training.during.pause_button, qtbot)
    (tmp_path / "no folder").touch()
    path = tmp_path / "no folder" / "film.gif"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    click(view.save_button, qtbot)
    qtbot.waitUntil(view.save_button.isEnabled, timeout=LOADING_MS)
    assert long_training.notice.startswith(f"{path} cannot be written: ")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    click(view.save_button, qtbot)
    assert view.save_button.isEnabled(), "the user has cancelled"


def test_closing_does_not_wait_for_the_whole_film(
    long_training: TrainingDrawer, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    view = long_training.during.film
    qtbot.waitUntil(lambda: view.slider.maximum() > 10, timeout=LOADING_MS)
    path = tmp_path / "film.gif"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    click(view.save_button, qtbot)
    long_training.shut_down()
    assert not path.exists()
    assert list(tmp_path.glob("film*")) == []


def test_the_wheel_scrolls_the_drawer(one_epoch: TrainingDrawer) -> None:
    slider = one_epoch.during.film.slider
    chosen = Chosen(one_epoch.during.film)
    event = QWheelEvent(
        QPointF(9, 9),
        QPointF(slider.mapToGlobal(QPoint(9, 9))),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QCoreApplication.sendEvent(slider, event)
    assert not chosen.steps


def test_a_screen_reader_is_told_of_the_moment(one_epoch: TrainingDrawer, qtbot: QtBot) -> None:
    view = one_epoch.during.film
    click(one_epoch.during.pause_button, qtbot)
    drag(view, view.slider.maximum(), 2, qtbot)
    moment = view._film.moments[2]
    qtbot.waitUntil(lambda: shows(view, moment), timeout=ANSWER_MS)
    qtbot.waitUntil(lambda: view.accuracies.shares is not None, timeout=ANSWER_MS)

    def text(widget: object, kind: QAccessible.Text) -> str:
        return QAccessible.queryAccessibleInterface(widget).text(kind)

    assert text(view.slider, QAccessible.Text.Name) == "Moment of the training"
    assert f"Step {moment.step} of" in text(view.slider, QAccessible.Text.Description)
    assert text(view.kernels, QAccessible.Text.Value).startswith("6 kernels, weights up to 0.")
    value = text(view.accuracies, QAccessible.Text.Value)
    assert all(f"{digit}: " in value for digit in range(10))
