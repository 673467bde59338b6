"""The variants of LeNet learn, and are saved and loaded."""

from pathlib import Path

import pytest
import torch
from torch import nn

from lenet_desktop.data.starter import starter_digits
from lenet_desktop.models import model_file
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.models.variants import Dropout, LeNetVariant, ResidualLeNet
from lenet_desktop.training.loop import train
from lenet_desktop.training.recipe import Recipe


def parameters(network: nn.Module) -> int:
    return sum(weight.numel() for weight in network.parameters())


def test_the_number_of_parameters() -> None:
    assert parameters(LeNetVariant()) == 61_706
    assert parameters(LeNetVariant(batch_norm=True)) == 61_706 + 2 * (6 + 16)
    assert parameters(ResidualLeNet()) == 68_686


@pytest.mark.parametrize(
    ("architecture", "options"),
    [
        ("lenet", {}),
        ("lenet-variant", {"dropout": 0.2}),
        ("lenet-variant", {"batch_norm": True}),
        ("residual", {"dropout": 0.1}),
    ],
)
def test_they_learn_and_are_saved_in_model_files(
    architecture: str, options: dict[str, object], tmp_path: Path
) -> None:
    data = starter_digits()
    recipe = Recipe("any", architecture=architecture, options=options, batch_size=64, epochs=2)
    training = train(recipe, data)
    losses: list[float] = []
    while True:
        try:
            losses += next(training).losses
        except StopIteration as end:
            model = end.value
            break
    assert sum(losses[-10:]) < sum(losses[:10]) / 2
    model_file.save(model, tmp_path / "model.safetensors")
    again = model_file.load(tmp_path / "model.safetensors")
    assert type(again.network) is ARCHITECTURES[architecture]
    samples = data.test.images.unsqueeze(1) / 255
    with torch.inference_mode():
        assert torch.equal(model.network(samples), again.network(samples))


def test_impossible_options_in_a_file_are_refused(tmp_path: Path) -> None:
    model = Model(LeNetVariant(), ModelCard("odd", "lenet-variant", {"dropout": 2}))
    model_file.save(model, tmp_path / "odd.safetensors")
    with pytest.raises(model_file.ModelFileError, match="impossible network"):
        model_file.load(tmp_path / "odd.safetensors")


def test_dropout_drops_at_its_rate_and_keeps_the_mean() -> None:
    drop = Dropout(0.3)
    drop.generator = torch.Generator().manual_seed(1)
    ones = torch.ones(1000, 100)
    dropped = drop(ones)
    assert float((dropped == 0).float().mean()) == pytest.approx(0.3, abs=0.01)
    assert float(dropped.mean()) == pytest.approx(1, abs=0.01)
    drop.generator.manual_seed(1)
    assert torch.equal(dropped, drop(ones))
    assert torch.equal(drop.eval()(ones), ones)
