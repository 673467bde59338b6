"""The result of a training: a calibrated model with the best weights, and its card."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

import torch

from lenet_desktop.data.labelled import TrainingData
from lenet_desktop.evaluation.calibration import calibrated
from lenet_desktop.models.architectures import ARCHITECTURES
from lenet_desktop.models.model_card import ModelCard
from lenet_desktop.models.model_file import Model
from lenet_desktop.training.recipe import Recipe
from lenet_desktop.training.state import TrainingState


def challenger(
    state: TrainingState,
    recipe: Recipe,
    data: TrainingData,
    test_accuracy: float | None,
    device: torch.device,
    start: Model | None,
    freeze_convolutions: bool,
    teachers: Sequence[Model],
) -> Model:
    """Return the model of the best epoch, on the CPU; see ``train`` for the arguments."""
    card = ModelCard(
        name=f"LeNet, {recipe.name}, {data.name}",
        architecture=recipe.architecture,
        options=recipe.options,
        classes=data.classes,
        data=_describe(recipe, data),
        recipe=asdict(recipe),
        seed=recipe.seed,
        trained=date.today().isoformat(),
        validation_accuracy=state.best_accuracy,
        test_accuracy=test_accuracy,
        test_data="" if test_accuracy is None else data.test_name or data.name,
        notes={
            "epoch": state.best_epoch,
            "device": device.type,
            "torch": torch.__version__,
            "start": None if start is None else start.card.name,
            "freeze_convolutions": freeze_convolutions,
            "teachers": [teacher.card.name for teacher in teachers],
        },
    )
    # A new network, because the trained one refers to the whole training and keeps it in memory.
    with torch.random.fork_rng(devices=[]):
        network = ARCHITECTURES[recipe.architecture](len(data.classes), **recipe.options)
    network.load_state_dict(state.best_weights)
    return calibrated(
        Model(network.eval(), card),
        data.validation,
        pen_digits=recipe.pen_digits > 0,
        outliers=recipe.outliers > 0,
    )


def _describe(recipe: Recipe, data: TrainingData) -> str:
    parts = [data.name, f"{len(data.train):,} {data.train.noun} to train"]
    synthetic = {"pen digits": recipe.pen_digits, "outliers": recipe.outliers}
    parts += [f"{count:,} synthetic {name}" for name, count in synthetic.items() if count]
    return f"{', '.join(parts)}. {data.credit}".strip()
