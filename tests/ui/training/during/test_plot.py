"""The plot: whole trainings, resumed ones, and its files."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lenet_desktop.training.progress import TrainingProgress
from lenet_desktop.ui.style.theme import DARK, LIGHT, set_theme
from lenet_desktop.ui.training.during.legend import LegendEntry
from lenet_desktop.ui.training.during.plot import TrainingPlot


@pytest.fixture
def plot(qtbot: QtBot) -> TrainingPlot:
    plot = TrainingPlot()
    qtbot.addWidget(plot)
    plot.show()
    return plot


def record(step: int, losses: int, accuracy: float | None = None) -> TrainingProgress:
    return TrainingProgress(
        epoch=(step - 1) // 100 + 1,
        epochs=10,
        step=step,
        steps=1000,
        losses=tuple(1 / (step - losses + i + 1) for i in range(losses)),
        smoothed_loss=0.5 if step else None,
        validation_loss=None if accuracy is None else 0.25,
        validation_accuracy=accuracy,
        learning_rate=0.01,
        digits_per_second=1.0,
        elapsed_seconds=1.0,
        remaining_seconds=1.0,
        best_validation_accuracy=accuracy,
    )


@pytest.mark.parametrize("before", [0, 300])
def test_steps_are_those_of_the_training(plot: TrainingPlot, tmp_path: Path, before: int) -> None:
    plot.add((record(before, 0),))  # while synthetic digits are drawn
    plot.add((record(before + 40, 40), record(before + 100, 60, 0.9)))
    assert plot.steps == 100
    plot.save_csv(tmp_path / "plot.csv")
    rows = list(csv.DictReader((tmp_path / "plot.csv").read_text().splitlines()))
    assert [int(row["step"]) for row in rows] == list(range(before + 1, before + 101))
    assert [float(row["training_loss"]) for row in rows] == [1 / int(r["step"]) for r in rows]
    assert rows[-1]["validation_accuracy"] == "0.9"
    assert rows[39]["smoothed_loss"] == "0.5"
    steps, losses = plot._raw.getData()
    assert steps.tolist() == list(range(before + 1, before + 101))
    assert losses[-1] == 1 / (before + 100)
    plot.clear()
    plot.add((record(10, 10),))
    assert plot._raw.getData()[0][0] == 1


def test_a_rising_loss_stays_in_view(plot: TrainingPlot) -> None:
    plot.add((record(100, 100),))
    plot.add((replace(record(200, 100), smoothed_loss=40.0),))
    assert plot._loss_plot.viewRange()[1][1] > 40


def test_a_small_loss_fills_the_axis_from_the_start(plot: TrainingPlot) -> None:
    plot.add((replace(record(100, 100), smoothed_loss=0.04),))
    top = plot._loss_plot.viewRange()[1][1]
    assert 0.08 < top < 0.3
    plot.add((replace(record(200, 100), smoothed_loss=0.02),))
    assert plot._loss_plot.viewRange()[1][1] == top, "it does not jump"


def test_the_axis_of_the_error_does_not_jump(plot: TrainingPlot) -> None:
    before = plot._error_plot.viewRange()[1]
    for step, accuracy in ((100, 0.1), (200, 0.9), (300, 0.9987), (400, 1.0)):
        plot.add((record(step, 100, accuracy),))
        assert plot._error_plot.viewRange()[1] == before
        steps, errors = plot._error.getData()
        assert steps[-1] == step
        assert before[0] < errors[-1] < before[1]
        assert 10 ** errors[-1] == pytest.approx(max(100 * (1 - accuracy), 0.1))


def test_the_legend_is_outside_of_the_curves(plot: TrainingPlot, qtbot: QtBot) -> None:
    plot.resize(380, 300)
    plot.add((record(100, 100, 0.9876),))
    qtbot.wait(20)
    entries = plot.findChildren(LegendEntry)
    assert len(entries) == 3
    for entry in entries:
        for view in (plot._loss_view, plot._error_view):
            assert not entry.geometry().intersects(view.geometry())
    assert {entry.text for entry in entries} == {
        "Training loss 0.500",
        "Validation loss 0.250",
        "Validation error 1.24 %",
    }


def test_an_empty_plot_has_no_invented_numbers(plot: TrainingPlot, qtbot: QtBot) -> None:
    axes = [
        plot._loss_plot.getAxis("left"),
        plot._error_plot.getAxis("left"),
        plot._error_plot.getAxis("bottom"),
    ]

    def numbers() -> int:
        plot.grab()
        return sum(len(axis._tickLevels[0]) if axis._tickLevels else 99 for axis in axes)

    assert numbers() == 0
    assert plot.accessible_value() == "The curves begin with the first step."
    plot.add((record(50, 50),))
    plot.grab()
    assert axes[1]._tickLevels == [[]], "no error is known before the first epoch"
    plot.add((record(100, 100, 0.9),))
    assert numbers() > 3
    plot.clear()
    assert numbers() == 0


def test_the_curves_follow_the_theme(plot: TrainingPlot, qapp: QApplication) -> None:
    for name, theme in (("dark", DARK), ("light", LIGHT)):
        set_theme(qapp, name)
        qapp.processEvents()
        assert plot._smoothed.opts["pen"].color().name() == theme.accent
        assert plot._error.opts["pen"].color().name() == theme.challenger
        assert plot._loss_view.backgroundBrush().color().name() == theme.surface


@pytest.mark.parametrize("name", ["plot.png", "plot.csv"])
def test_a_full_disk_leaves_what_was_there(plot: TrainingPlot, tmp_path: Path, name: str) -> None:
    resource = pytest.importorskip("resource", reason="needs a limit on the size of files")
    plot.add((record(1000, 1000),))
    path = tmp_path / name
    path.write_bytes(b"an older file")
    save = plot.save_picture if name.endswith("png") else plot.save_csv
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            save(path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert path.read_bytes() == b"an older file"
    assert list(tmp_path.iterdir()) == [path]
