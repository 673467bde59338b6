"""Learning classes of one's own from a few drawings of each."""

from pathlib import Path
from threading import Event

import numpy as np
import pytest
import torch

from lenet_desktop import paths
from lenet_desktop.data.labelled import DatasetError
from lenet_desktop.data.stroke_samples import samples_of_strokes
from lenet_desktop.data.synthetic.outliers import draw_outliers
from lenet_desktop.data.teaching.drawings import LabelledDrawings, read_drawings
from lenet_desktop.evaluation.metrics import evaluate
from lenet_desktop.models import model_file
from lenet_desktop.models.initialization import new_network
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.teaching import own_classes
from lenet_desktop.training.teaching.own_classes import learn_classes, with_new_last_layer
from own_drawings import SHAPES, drawn, line, stroke_file
from trainings import finish, same_weights, to_the_end

CLASSES = tuple(sorted(SHAPES))


@pytest.fixture
def drawings(tmp_path: Path) -> LabelledDrawings:
    return read_drawings(stroke_file(tmp_path / "shapes.jsonl", 4))


@pytest.fixture(scope="module")
def factory() -> Model:
    return model_file.load(paths.factory_model())


def test_four_drawings_of_each_are_enough(
    drawings: LabelledDrawings, factory: Model, tmp_path: Path
) -> None:
    records, model = to_the_end(learn_classes(drawings, CLASSES, factory, seed=1))
    assert records[-1].step == records[-1].steps
    others = [line(label, drawn(label, seed)) for seed in range(50, 60) for label in CLASSES]
    (tmp_path / "others.jsonl").write_text("\n".join(others), encoding="utf-8")
    test = samples_of_strokes(tmp_path / "others.jsonl")
    result = evaluate(model, test.samples, test.labels)
    assert result.accuracy == 1
    assert result.refused_share < 0.2
    scribbles = draw_outliers(100, seed=9, kinds=["scribble", "hatching", "dots"])
    samples = scribbles.numpy().astype(np.float32) / np.float32(255)
    assert evaluate(model, samples, ["?"] * 100).others_refused_share > 0.8
    card = model.card
    assert card.classes == CLASSES
    assert card.test_accuracy is None
    assert card.data.startswith("4 drawings each of arrow, bolt, heart ♥; ")
    assert "MNIST" in card.data, "the features were learned there"
    assert card.max_energy < 1e9
    assert card.temperature >= 0.7
    model_file.save(model, tmp_path / "model.safetensors")
    assert model_file.load(tmp_path / "model.safetensors").card == card


def test_the_same_seed_gives_the_same_model(
    drawings: LabelledDrawings, factory: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_classes, "_IMAGES_TRAINED", 500)
    monkeypatch.setattr(own_classes, "_TOGETHER", 60)
    first, again = (finish(learn_classes(drawings, CLASSES, factory, seed=1)) for _ in range(2))
    assert same_weights(first, again)
    assert first.card == again.card


def test_a_training_can_be_stopped_and_cancelled(
    drawings: LabelledDrawings, factory: Model
) -> None:
    stop = Event()
    stop.set()
    assert finish(learn_classes(drawings, CLASSES, factory, 1, stop=stop)).card.classes == CLASSES
    training = learn_classes(drawings, CLASSES, factory, seed=1)
    assert next(training).step == 0, "while the drawings are drawn"
    training.close()


def test_drawings_that_do_not_suit_the_classes_are_refused_before_anything_is_drawn(
    drawings: LabelledDrawings, factory: Model
) -> None:
    with pytest.raises(DatasetError, match="'star'"):
        next(learn_classes(drawings, (*CLASSES, "star"), factory, seed=1))


@pytest.mark.parametrize(
    ("architecture", "options"),
    [("lenet", {}), ("lenet-variant", {"batch_norm": True, "dropout": 0.1}), ("residual", {})],
)
@pytest.mark.parametrize("count", [3, 10])
def test_only_the_last_layer_is_new(architecture: str, options: dict, count: int) -> None:
    random = torch.Generator().manual_seed(0)
    network = new_network(architecture, options, 10, "pytorch", random).eval()
    start = Model(network, ModelCard("a", architecture=architecture, options=options))
    classes = tuple(f"class {number}" for number in range(count))
    model = with_new_last_layer(start, classes, random)
    assert model.card.classes == classes
    before, after = network.state_dict(), model.network.state_dict()
    changed = {
        name.rpartition(".")[0]
        for name in after
        if after[name].shape != before[name].shape or not torch.equal(after[name], before[name])
    }
    assert len(changed) == 1
    assert model.network(torch.zeros(2, 1, 28, 28)).shape == (2, count)
