"""The decision after a training, in the real window."""

import csv
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from drawers import Records, click, train_to_the_end, wait_for_the_end
from hands import ANSWER_MS, LEFT, draw, press_key
from lenet_desktop.models import library
from lenet_desktop.training.job import Job, Outcome
from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.ui.training.after.page import AfterPage
from lenet_desktop.ui.training.drawer import TrainingDrawer
from lenet_desktop.ui.training.run import Phase
from lenet_desktop.ui.window.main_window import MainWindow

_TRAINED: list[tuple[Job, Outcome, tuple[TrainingProgress, ...]]] = []


@pytest.fixture
def page(drawer: TrainingDrawer, qtbot: QtBot) -> AfterPage:
    """The page after a training from scratch, which is worse than the factory model.

    It is trained once; for the other tests its outcome is brought back, as after 'Undo'.
    """
    run = drawer.run
    drawer.before.options.start.setCurrentIndex(0)
    drawer.before.train_button.setFocus()
    if not _TRAINED:
        records = Records(run)
        train_to_the_end(drawer, qtbot)
        assert run.outcome is not None and run.job is not None
        _TRAINED.append((run.job, run.outcome, tuple(records.records)))
    else:
        run._job, run._discarded, shown = _TRAINED[0]
        run.progressed.emit(shown)
        run.restore()
    assert run.phase is Phase.AFTER
    return drawer.after


@pytest.fixture
def trial(window: MainWindow, page: AfterPage, qtbot: QtBot) -> AfterPage:
    """The page while the challenger is tried on a drawing, beside the answer."""
    window.setMinimumSize(1, 1)  # the test's screen may be narrow
    window.resize(1280, 760)
    draw(window, "3", qtbot)
    click(page.trial.try_button, qtbot)
    qtbot.waitUntil(lambda: window.session.challenger != "", timeout=ANSWER_MS)
    return page


def test_enter_does_not_use_a_worse_model_and_loses_nothing(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer, page: AfterPage
) -> None:
    assert "worse" in page.comparison.verdict
    assert page.decision.default_button is page.decision.save_button
    assert window.focusWidget() is page.try_button, "no key is lost in the name"
    page.name.setFocus()
    status = window.chip.text()
    suggested = page.name.text()
    press_key(page.name, Qt.Key.Key_Return)
    assert drawer.run.phase is Phase.BEFORE
    assert drawer.notice == f"Saved as '{suggested}'."
    assert [kept.card.name for kept in library.kept_models()] == [suggested]
    assert window.chip.text() == status


def test_save_and_use_reads_with_the_challenger(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer, page: AfterPage
) -> None:
    page.name.selectAll()
    QTest.keyClicks(page.name, "my first")
    click(page.decision.use_button, qtbot)
    assert drawer.notice == "Saved as 'my first'."
    qtbot.waitUntil(lambda: "my first" in window.status, timeout=ANSWER_MS)


def test_discard_saves_nothing(qtbot: QtBot, drawer: TrainingDrawer, page: AfterPage) -> None:
    click(page.decision.discard_button, qtbot)
    assert drawer.run.phase is Phase.BEFORE
    assert library.kept_models() == []


def test_a_discarded_model_can_be_brought_back(
    qtbot: QtBot, drawer: TrainingDrawer, page: AfterPage
) -> None:
    verdict, challenger = page.comparison.verdict, drawer.outcome.challenger
    click(page.decision.discard_button, qtbot)
    assert drawer.notice == "Discarded. The model in use stays."
    click(drawer.undo_button, qtbot)
    assert drawer.run.phase is Phase.AFTER
    assert drawer.outcome.challenger is challenger
    assert page.comparison.verdict == verdict
    assert not drawer.undo_button.isVisible()
    click(page.decision.save_button, qtbot)
    assert len(library.kept_models()) == 1


@pytest.mark.parametrize("button", ["discard_button", "save_button", "use_button"])
def test_a_double_click_does_not_start_another_training(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer, page: AfterPage, button: str
) -> None:
    place = getattr(page.decision, button)
    handle = window.windowHandle()
    at = place.mapTo(window, place.rect().center())
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    QTest.mouseClick(handle, LEFT, pos=at)
    qtbot.waitUntil(lambda: drawer.run.phase is Phase.BEFORE)
    QTest.mouseDClick(handle, LEFT, pos=at)
    QTest.mouseClick(handle, LEFT, pos=at)
    assert drawer.run.phase is Phase.BEFORE
    qtbot.wait(QApplication.doubleClickInterval() + 50)
    train = drawer.before.train_button
    QTest.mouseClick(handle, LEFT, pos=train.mapTo(window, train.rect().center()))
    assert drawer.run.phase is Phase.DURING
    drawer.run.cancel()
    wait_for_the_end(drawer, qtbot)


@pytest.mark.parametrize(("name", "word"), [("", "needs a name"), (" Taken ", "already")])
def test_a_name_that_cannot_be_used_is_complained_about_beside_it(
    qtbot: QtBot, drawer: TrainingDrawer, page: AfterPage, name: str, word: str
) -> None:
    assert drawer.outcome is not None
    library.keep(drawer.outcome.challenger, "taken")
    page.name.setText(name)
    click(page.decision.use_button, qtbot)
    assert word in page.decision.complaint
    assert page.decision._complaint.isVisible()
    assert drawer.run.phase is Phase.AFTER
    field = QAccessible.queryAccessibleInterface(page.name)
    assert word in field.text(QAccessible.Text.Description)
    QTest.keyClicks(page.name, "more")
    assert page.decision.complaint == "" and not page.decision._complaint.isVisible()


def test_the_suggested_name_is_free(drawer: TrainingDrawer, page: AfterPage, qtbot: QtBot) -> None:
    first = page.name.text()
    click(page.decision.save_button, qtbot)
    train_to_the_end(drawer, qtbot)
    assert page.name.text() == f"{first} 2"


# The trial


def test_the_trial_shows_both_answers_and_swaps_them(
    qtbot: QtBot, window: MainWindow, trial: AfterPage
) -> None:
    assert trial.trial.swap_button.isVisible()
    held: list[bool] = []
    trial.swap_held.connect(held.append)
    qtbot.mousePress(trial.trial.swap_button, LEFT)
    assert held == [True] and window.reading._swapped
    qtbot.mouseRelease(trial.trial.swap_button, LEFT)
    assert held == [True, False] and not window.reading._swapped


def test_the_trial_follows_the_name(qtbot: QtBot, window: MainWindow, trial: AfterPage) -> None:
    assert window.session.challenger == trial.name.text()
    trial.name.selectAll()
    QTest.keyClicks(trial.name, "mine")
    assert window.session.challenger == "mine"
    assert window.panel.other.startswith("mine")
    qtbot.waitUntil(lambda: window.panel.other.startswith("mine: "), timeout=ANSWER_MS)
    assert "mine" in window.chip.trial.text


@pytest.mark.parametrize("place", ["swap_button", "list", "matrix"])
def test_the_key_swaps_wherever_the_focus_is(
    window: MainWindow, trial: AfterPage, place: str
) -> None:
    places: dict[str, QWidget] = {
        "swap_button": trial.trial.swap_button,
        "list": trial.comparison.mistakes.list,
        "matrix": trial.comparison.matrix,
    }
    places[place].setFocus()
    QTest.keyPress(places[place], Qt.Key.Key_X)
    assert window.reading._swapped
    QTest.keyRelease(places[place], Qt.Key.Key_X)
    assert not window.reading._swapped


@pytest.mark.parametrize("how", ["toggle", "discard", "elsewhere"])
def test_the_trial_ends(qtbot: QtBot, window: MainWindow, trial: AfterPage, how: str) -> None:
    if how == "toggle":
        click(trial.trial.try_button, qtbot)
    elif how == "discard":
        click(trial.decision.discard_button, qtbot)
    else:
        window.session.try_beside(None)
    qtbot.waitUntil(lambda: window.session.challenger == "", timeout=ANSWER_MS)
    assert not trial.trial.try_button.isChecked()
    assert trial.trial.try_button.text() == "Tr&y on the pad"
    assert trial.trial.swap_button.isHidden()


def test_another_model_on_trial_takes_the_place_of_the_challenger(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer, trial: AfterPage
) -> None:
    assert drawer.outcome is not None
    other = library.keep(drawer.outcome.challenger, "other")
    window.session.try_beside(other)
    qtbot.waitUntil(lambda: window.session.challenger == "other", timeout=ANSWER_MS)
    assert not trial.trial.try_button.isChecked()
    qtbot.wait(50)
    assert window.session.challenger == "other", "its trial goes on"


def test_a_decision_while_the_answers_are_swapped_swaps_them_back(
    qtbot: QtBot, window: MainWindow, trial: AfterPage
) -> None:
    held: list[bool] = []
    trial.swap_held.connect(held.append)
    qtbot.mousePress(trial.trial.swap_button, LEFT)
    trial.discard()
    assert held == [True, False]
    assert not window.reading._swapped


# Mistakes


def test_a_mistake_lies_over_the_paper_and_the_drawing_stays(
    qtbot: QtBot, window: MainWindow, drawer: TrainingDrawer, page: AfterPage
) -> None:
    draw(window, "3", qtbot)
    drawn = window.canvas.ink().copy()
    pictures = page.comparison.mistakes.list
    pictures.scrollToItem(pictures.item(0))
    place = pictures.visualItemRect(pictures.item(0)).center()
    for click_ in (qtbot.mouseClick, qtbot.mouseDClick):
        click_(pictures.viewport(), LEFT, pos=place)
    assert drawer.outcome is not None
    first = drawer.outcome.comparison.mistakes[0]
    assert (window.over_paper.image == first.image).all()
    assert f"Labelled {first.meant} in the test set" in window.over_paper.text
    assert f"Challenger: {first.best_class} · " in window.over_paper.text
    assert f"LeNet-5: {first.champion_class} · " in window.over_paper.text
    assert (window.canvas.ink() == drawn).all()
    click(page.decision.discard_button, qtbot)
    assert window.over_paper.image is None, "it goes with the page"
    assert (window.canvas.ink() == drawn).all()


def test_closing_the_drawer_removes_the_mistake(
    window: MainWindow, page: AfterPage, qtbot: QtBot
) -> None:
    pictures = page.comparison.mistakes.list
    pictures.setFocus()
    pictures.setCurrentRow(0)
    press_key(pictures, Qt.Key.Key_Return)
    assert window.over_paper.isVisible()
    window.side.open_drawer(False)
    assert not window.over_paper.isVisible()
    window.side.open_drawer(True)
    assert page.isVisible()


# The curves


def test_the_curves_stay_and_can_be_saved(
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
    drawer: TrainingDrawer,
    page: AfterPage,
    tmp_path: Path,
) -> None:
    plot = drawer.during.plot
    assert not plot.isVisible()
    click(page.curves.fold.button, qtbot)
    assert plot.isVisible() and page.isAncestorOf(plot)
    qtbot.waitUntil(lambda: 200 < plot.height() < 400)
    (tmp_path / "plot.png").write_bytes(b"an older file")
    for name in ("plot.csv", "plot.png"):
        path = str(tmp_path / name)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_, path=path: (path, ""))
        button = page.curves.csv_button if name.endswith("csv") else page.curves.picture_button
        click(button, qtbot)
        assert drawer.notice == f"Saved {name}"
    rows = list(csv.DictReader((tmp_path / "plot.csv").read_text().splitlines()))
    assert len(rows) == plot.steps
    assert (tmp_path / "plot.png").read_bytes().startswith(b"\x89PNG")
    path = str(tmp_path / "plot.csv" / "no folder")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (path, ""))
    click(page.curves.csv_button, qtbot)
    assert "cannot be written" in drawer.notice
    click(page.decision.discard_button, qtbot)
    # The next training has them again.
    drawer.before.options.epochs.setValue(1000)
    click(drawer.before.train_button, qtbot)
    qtbot.waitUntil(lambda: plot.steps > 3, timeout=ANSWER_MS)
    assert plot.isVisible() and drawer.during.isAncestorOf(plot)


# Every size, and the keyboard


@pytest.mark.parametrize("size", [(900, 600), (1280, 760)])
def test_the_decision_is_always_in_sight(
    qtbot: QtBot, window: MainWindow, page: AfterPage, size: tuple[int, int]
) -> None:
    window.resize(*size)
    qtbot.wait(50)
    decision = page.decision
    for widget in (
        decision.name,
        decision.discard_button,
        decision.save_button,
        decision.use_button,
    ):
        assert widget.visibleRegion().boundingRect() == widget.rect()
    assert not page._scroll.horizontalScrollBar().isVisible()
    assert page._scroll.inside.minimumSize().width() <= page._scroll.viewport().width()


def test_tab_goes_down_the_page_and_every_stop_has_a_name(
    window: MainWindow, page: AfterPage
) -> None:
    page.trial.try_button.setFocus()
    seen: list[QWidget] = []
    for _ in range(12):
        focus = window.focusWidget()
        assert focus is not None
        if not page.isAncestorOf(focus):
            break
        name = QAccessible.queryAccessibleInterface(focus).text(QAccessible.Text.Name)
        assert name, focus
        seen.append(focus)
        press_key(focus, Qt.Key.Key_Tab)
    assert seen == [
        page.trial.try_button,
        page.comparison.matrix,
        page.comparison.mistakes.list,
        page.curves.fold.button,
        page.name,
        page.decision.discard_button,
        page.decision.save_button,
        page.decision.use_button,
    ]
