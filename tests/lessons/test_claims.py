"""What the lessons say of this program is true."""

from dataclasses import replace

import numpy as np
import pytest

from lenet_desktop import paths
from lenet_desktop.data.starter import starter_digits
from lenet_desktop.drawing.stroke_file import read_strokes
from lenet_desktop.drawing.strokes import PAD_SIZE, Drawing, Stroke
from lenet_desktop.inference.decision import decide
from lenet_desktop.inference.recognizer import Recognizer
from lenet_desktop.lessons.library import all_lessons
from lenet_desktop.training.loop import train
from lenet_desktop.training.recipe import RECIPES
from trainings import to_the_end

pytestmark = pytest.mark.usefixtures("home", "one_thread")


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer.from_file(paths.factory_model(), "cpu")


def settings_of(name: str) -> dict[str, object]:
    """Return the first options that a lesson sets."""
    lesson = next(each for each in all_lessons()[0] if each.name == name)
    return dict(next(step.settings for step in lesson.steps if step.settings))


def curves(
    images: int, epochs: int, learning_rate: float, seed: object
) -> tuple[list[float], list[float], list[float]]:
    """Train; return the losses, and the loss and the error of the validation digits."""
    data = starter_digits()
    if images:
        data = replace(data, train=data.train.few(images))
    recipe = replace(
        RECIPES["tutorial"], epochs=epochs, learning_rate=learning_rate, seed=int(str(seed))
    )
    records, _ = to_the_end(train(recipe, data))
    ends = [each for each in records if each.validation_accuracy is not None]
    return (
        [loss for each in records for loss in each.losses],
        [each.validation_loss for each in ends],
        [1 - each.validation_accuracy for each in ends],
    )


def test_with_100_digits_the_curves_part_after_about_20_epochs() -> None:
    settings = settings_of("5-overfitting")
    assert settings["recipe"] == "tutorial" and settings["images"] == 100
    losses, validation, errors = curves(100, 60, 0.001, settings["seed"])
    lowest = validation.index(min(validation)) + 1
    assert 15 <= lowest <= 30
    assert validation[-1] > 1.3 * min(validation)
    assert losses[-1] < 0.05
    assert 0.2 < errors[-1] < 0.32


def test_a_learning_rate_a_thousand_times_too_large_only_guesses() -> None:
    settings = settings_of("4-training")
    assert settings["recipe"] == "tutorial"
    assert RECIPES["tutorial"].learning_rate == 0.001
    losses, validation, errors = curves(0, 2, 1.0, settings["seed"])
    assert losses[0] == pytest.approx(2.3, abs=0.02)
    assert max(losses) > 1e5
    assert 2.3 < validation[-1] < 2.5
    assert errors[-1] == pytest.approx(0.9)


def test_the_factory_model_is_as_well_calibrated_as_the_lesson_says(recognizer: Recognizer) -> None:
    test = starter_digits().test
    logits = recognizer.logits(test.images.numpy().astype(np.float32) / 255)
    decision = decide(logits, recognizer.card)
    is_right = decision.predicted == test.labels.numpy()
    is_confident = decision.confidences >= 0.99
    assert (is_confident.sum(), is_right[is_confident].sum()) == (974, 972)
    assert decision.confidences[is_confident].mean() == pytest.approx(0.998, abs=0.0005)
    raw = decide(logits, replace(recognizer.card, temperature=1.0))
    assert raw.confidences.mean() == pytest.approx(0.97, abs=0.005)
    assert is_right.mean() == pytest.approx(0.997, abs=0.0005)


def test_two_pixels_do_no_harm_and_eight_do(recognizer: Recognizer) -> None:
    demo = {str(r.label): r.strokes for r in read_strokes(paths.resource("demo-strokes.jsonl"))}

    def right(across: int, down: int) -> int:
        count = 0
        for label, strokes in demo.items():
            shift = np.array((across, down), np.float32) * PAD_SIZE / 28
            drawing = Drawing(tuple(Stroke(points + shift) for points in strokes))
            first = recognizer.read_stages(drawing)[0]
            count += first.is_sure and first.best_class == label
        return count

    assert right(2, 0) == right(0, -2) == right(-2, 0) == right(0, 2) == 10
    assert right(-8, 0) <= 2 and right(0, 8) <= 2
